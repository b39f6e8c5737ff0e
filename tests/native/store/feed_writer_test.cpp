// The change feed against a slow mirror that knows nothing but the records.
#include <catch2/catch.hpp>
#include <cstring>
#include <vector>

#include "mirror.hpp"
#include "stores.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

struct Record {
  FeedKind kind;
  Bytes bytes;  ///< behind the head
  std::uint32_t u32(std::size_t at) const { return take<std::uint32_t>(at); }
  double f64(std::size_t at) const { return take<double>(at); }

 private:
  template <class T>
  T take(std::size_t at) const {
    T out;
    REQUIRE(at + sizeof(T) <= bytes.size());
    std::memcpy(&out, bytes.data() + at, sizeof(T));
    return out;
  }
};

std::vector<Record> records(const Bytes& feed) {
  std::vector<Record> out;
  for (std::size_t at = 0; at < feed.size();) {
    std::uint32_t head[2];
    REQUIRE(at + 8 <= feed.size());
    std::memcpy(head, feed.data() + at, 8);
    REQUIRE((head[1] >= 8 && head[1] % 8 == 0 && at + head[1] <= feed.size()));
    const auto begin = feed.begin() + static_cast<std::ptrdiff_t>(at);
    out.push_back({static_cast<FeedKind>(head[0]), Bytes(begin + 8, begin + head[1])});
    at += head[1];
  }
  return out;
}

std::vector<FeedKind> kinds_of(const std::vector<Record>& records) {
  std::vector<FeedKind> kinds;
  for (const Record& record : records) kinds.push_back(record.kind);
  return kinds;
}

/// The one record of a kind.
Record only(const std::vector<Record>& records, FeedKind kind) {
  std::vector<Record> found;
  for (const Record& record : records)
    if (record.kind == kind) found.push_back(record);
  REQUIRE(found.size() == 1);
  return found[0];
}

/// Sixty seeds, and one that found something once.
std::vector<std::uint32_t> seeds(std::uint32_t first, std::uint32_t found) {
  std::vector<std::uint32_t> out{found};
  for (std::uint32_t seed = first; seed < first + 60; ++seed) out.push_back(seed);
  return out;
}

/// One watched store, two others that write too, and a server between them.
class World {
 public:
  explicit World(std::uint32_t seed) : random_(seed), watched_("w"), north_("n"), south_("s:1") {
    edit(north_, scene_op(), now_);
    send(north_);
  }

  /// One random thing happens; afterwards the mirror must equal the document.
  void step() {
    now_ += random_.below(3);
    const std::uint32_t what = random_.below(100);
    if (what < 35) {
      edit(watched_, random_op(random_), now_);
    } else if (what < 43) {
      REQUIRE(watched_.commit(now_).ok());
    } else if (what < 45) {
      REQUIRE(watched_.cancel().ok());
    } else if (what < 60) {
      others_write();
    } else if (what < 75) {
      hear();
    } else if (what < 80) {
      REQUIRE(watched_.undo(now_).ok());
    } else if (what < 83) {
      REQUIRE(watched_.redo(now_).ok());
    } else if (what < 90) {
      send(watched_);
    } else if (what < 92) {
      server_.raise_line(static_cast<std::int64_t>(server_.top()) - random_.below(6));
    } else if (what < 94) {
      REQUIRE(watched_.compact().ok());
    } else if (what < 95) {
      reload();
    } else if (what < 96) {
      refuse();
    } else {
      hear_late_place();
    }
  }

  void compare() {
    watched_.check();
    mirror_.apply(watched_.take_changes());
    const json expected = json_of(watched_.document().graph());
    if (mirror_.graph() == expected) return;
    FAIL("the mirror would need " << json::diff(mirror_.graph(), expected).dump(1));
  }

  void compare_fresh_mirror() {
    Mirror fresh;
    fresh.apply(watched_.all_changes());
    CHECK(fresh.graph() == json_of(watched_.document().graph()));
    CHECK(fresh.resets == 1);
    mirror_ = fresh;
  }

  const Mirror& mirror() const { return mirror_; }

 private:
  void send(Store& store) {
    REQUIRE(store.commit(now_).ok());
    for (const Bytes& message : split_messages(store.unacked())) {
      if (&store == &watched_ && random_.percent(15)) return;
      const auto answer = server_.accept(message);
      REQUIRE(answer.error.empty());
      REQUIRE(store.ack(answer.id, answer.lt, answer.server_seq, answer.stable).ok());
    }
  }

  void others_write() {
    Store& store = random_.percent(50) ? north_ : south_;
    for (const Bytes& message : server_.history()) {
      if (random_.percent(70)) REQUIRE(store.receive(ByteSpan(message)).ok());
    }
    for (std::uint32_t i = random_.below(4); i > 0; --i) edit(store, random_op(random_), now_);
    if (random_.percent(20)) REQUIRE(store.undo(now_).ok());
    if (random_.percent(10)) REQUIRE(store.redo(now_).ok());
    send(store);
  }

  /// Messages arrive in any order, some of them again.
  void hear() {
    for (std::uint32_t i = random_.below(6); i > 0 && server_.count() > 0; --i) {
      const auto at = random_.below(static_cast<std::uint32_t>(server_.count()));
      REQUIRE(watched_.receive(ByteSpan(server_.history()[at])).ok());
    }
  }

  /// A message of nobody's store lands far up: what is pending or unsent now lies below it.
  void hear_late_place() {
    const std::uint64_t lt = watched_.lt() + random_.below(5);
    ++strangers_;
    const json message = message_of("x", strangers_, lt, now_, json::array({random_op(random_)}));
    const auto answer = server_.accept(msgpack_of(message));
    REQUIRE(answer.error.empty());
    REQUIRE(watched_.receive(ByteSpan(answer.fresh)).ok());
  }

  void reload() {
    const auto state = server_.state();
    REQUIRE(watched_.load(state.snapshot, state.journal, state.server_seq, state.stable).ok());
  }

  void refuse() {
    REQUIRE(watched_.commit(now_).ok());
    const auto mine = split_messages(watched_.unacked());
    if (mine.empty()) return;
    const auto at = random_.below(static_cast<std::uint32_t>(mine.size()));
    REQUIRE(watched_.reject(json_of(mine[at])["id"].get<std::string>()).ok());
  }

  Random random_;
  SmallServer server_;
  Store watched_, north_, south_;
  Mirror mirror_;
  double now_ = 1000;
  std::uint64_t strangers_ = 0;
};

}  // namespace

TEST_CASE("feed_mirror_equals_the_document_after_every_step_of_a_long_history") {
  for (const std::uint32_t seed : seeds(1, 228)) {
    INFO("seed " << seed);
    World world(seed);
    for (int step = 0; step < 150; ++step) {
      INFO("step " << step);
      world.step();
      world.compare();
    }
    world.compare_fresh_mirror();
  }
}

TEST_CASE("feed_mirror_equals_the_document_when_it_looks_seldom") {
  for (const std::uint32_t seed : seeds(1001, 1662)) {
    INFO("seed " << seed);
    World world(seed);
    for (int step = 0; step < 150; ++step) {
      INFO("step " << step);
      world.step();
      if (step % 17 == 0) world.compare();
      if (step % 50 == 49) world.compare_fresh_mirror();
    }
    world.compare();
  }
}

TEST_CASE("feed_writes_each_kind_of_record_as_it_is_described") {
  Store store("a");
  const auto commit = [&](const json& op) {
    REQUIRE(store.edit(msgpack_of(op), 50).ok());
    REQUIRE(store.commit(50).ok());
    return records(store.take_changes());
  };
  const auto set = [](json value) {
    return json{{"ot", "string.set"}, {"key", "scene"}, {"path", "p"}, {"value", std::move(value)}};
  };
  using Kinds = std::vector<FeedKind>;
  CHECK(kinds_of(commit(scene_op())) == Kinds{FeedKind::DefineKey, FeedKind::DefinePath,
                                              FeedKind::DefinePath, FeedKind::DefineClient,
                                              FeedKind::Node, FeedKind::Value, FeedKind::Value,
                                              FeedKind::Children, FeedKind::Root});
  for (const auto& [value, shape] : {std::pair<json, std::uint32_t>{nullptr, 1},
                                     {false, 2},
                                     {true, 3},
                                     {4.5, 4},
                                     {json::array(), 5},
                                     {json::array({1, 2}), 7},
                                     {json::array({1, 2, 3, 4}), 9}}) {
    INFO(value.dump());
    const Record record = only(commit(set(value)), FeedKind::Inline);
    CHECK(record.u32(12) == shape);
    CHECK(record.bytes.size() == (shape < 4 ? 24 : shape == 4 ? 32 : 24 + 8 * (shape - 5)));
    if (shape == 4) CHECK(record.f64(24) == 4.5);
    if (shape == 9) CHECK(record.f64(48) == 4);
    CHECK(record.f64(16) == static_cast<double>(store.lt()));
  }
  for (const json& value : {json("text"), json{{"a", 1}}, json::array({1, 2, 3, 4, 5})}) {
    INFO(value.dump());
    const Record record = only(commit(set(value)), FeedKind::Value);
    const std::uint32_t size = record.u32(12);
    REQUIRE(24 + size <= record.bytes.size());
    CHECK(json_of(ByteSpan(record.bytes.data() + 24, size)) == value);
  }
  CHECK(only(commit({{"ot", "text.insert"},
                     {"key", "scene"},
                     {"path", "p"},
                     {"position", 0},
                     {"value", "hi"}}),
             FeedKind::Text)
            .u32(16) == kFeedNone);
  const Record splice = only(
      commit(
          {{"ot", "text.delete"}, {"key", "scene"}, {"path", "p"}, {"position", 1}, {"length", 1}}),
      FeedKind::Text);
  CHECK(splice.u32(12) == 1);
  CHECK(splice.u32(16) == 1);
  CHECK(splice.u32(20) == 0);
}
