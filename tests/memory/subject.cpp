// Makes scenes out of random edits.
#include "memory/subject.hpp"

#include <cstdlib>

#include "replicas/edits.hpp"

namespace vuer_rtc::testing {
namespace {

constexpr double kNow = 1'700'000'000'000;
constexpr int kRounds = 60;
constexpr int kManyOps = 60;

template <class T>
const T& sure(const Result<T>& result) {
  if (!result) std::abort();
  return *result;
}
void sure(const Status& status) {
  if (!status) std::abort();
}

template <class Visit>
void for_each_value(ByteSpan bytes, const Visit& visit) {
  MsgReader reader(bytes);
  for (ByteSpan one; !reader.at_end() && reader.read_raw(one);) visit(one);
}

/// What a server does: stamps messages with the order it took them in, and tells everybody.
class Desk {
 public:
  void accept(ByteSpan messages, Store& from, Store& to) {
    for_each_value(messages, [&](ByteSpan one) {
      Message message = sure(decode_message(one, Limits{}));
      message.server_seq = ++server_seq_;
      message.stable = line_;
      Bytes stamped;
      encode_message(message, stamped);
      sure(from.ack(message.id, message.lt, server_seq_, line_));
      sure(to.receive(ByteSpan(stamped)));
      journal_.insert(journal_.end(), stamped.begin(), stamped.end());
      if (server_seq_ % 40 == 0) line_ = static_cast<std::int64_t>(message.lt) / 2;
    });
  }
  const Bytes& journal() const { return journal_; }
  std::uint64_t server_seq() const { return server_seq_; }
  std::int64_t line() const { return line_; }

 private:
  Bytes journal_;
  std::uint64_t server_seq_ = 0;
  std::int64_t line_ = kNoLine;
};

Bytes title_op() {
  Bytes bytes;
  MsgWriter out(bytes);
  out.map(4);
  out.string("ot"), out.string("string.set");
  out.string("key"), out.string("scene");
  out.string("path"), out.string("title");
  out.string("value"), out.string("a scene that two people made");
  return bytes;
}

void edit(Store& store, Random& random, int count) {
  for (int i = 0; i < count; i++) sure(store.edit(random_op(random, true), kNow + i));
}

}  // namespace

Scene make_scene(std::uint32_t seed) {
  Random random(seed);
  Scene scene;
  Store north("north"), south("south"), other("other");
  Desk desk;
  sure(north.edit(root_op(), kNow));
  sure(north.edit(title_op(), kNow));
  desk.accept(sure(north.commit(kNow)), north, south);
  Bytes late = [&] {
    sure(other.receive_all(desk.journal()));
    edit(other, random, 3);
    const ByteSpan sent = sure(other.commit(kNow));
    return Bytes(sent.begin(), sent.end());
  }();
  for (int round = 0; round < kRounds; round++) {
    Store& author = round % 2 == 0 ? north : south;
    Store& reader = round % 2 == 0 ? south : north;
    edit(author, random, 1 + static_cast<int>(random.below(6)));
    desk.accept(sure(author.commit(kNow + round)), author, reader);
    if (random.percent(20)) desk.accept(sure(author.undo(kNow + round)), author, reader);
  }
  scene.journal = desk.journal();
  scene.server_seq = desk.server_seq();
  scene.line = desk.line();
  for (int ops : {1, 3, kManyOps}) {
    edit(south, random, ops);
    const ByteSpan sent = sure(south.commit(kNow));
    scene.more.emplace_back(sent.begin(), sent.end());
  }
  for_each_value(sure(south.undo(kNow)),
                 [&](ByteSpan one) { scene.more.emplace_back(one.begin(), one.end()); });
  scene.more.push_back(std::move(late));
  for (int i = 0; i < 4; i++) {
    edit(north, random, 4);
    const Message message = sure(decode_message(sure(north.commit(kNow)), Limits{}));
    if (i == 0) scene.first_unacked = message.id, scene.first_unacked_lt = message.lt;
  }
  sure(north.undo(kNow));
  edit(north, random, 4);
  scene.exported = sure(north.export_bytes());
  return scene;
}

Subject::Subject(const Scene& from)
    : scene(&from), store(std::move(*Store::import_bytes(from.exported))) {
  sure(document.receive_all(from.journal));
  journal = document.journal();
  Document folded;
  sure(folded.receive_all(from.journal));
  sure(folded.raise_line(from.line));
  snapshot = sure(folded.snapshot());
  published = sure(folded.snapshot(SnapshotForm::Published));
  graph = document.graph();
  sure(bare.load(graph));
  bare.take_changes();
}

Bytes Subject::fingerprint() {
  Bytes all;
  const auto add = [&](const auto& bytes) { all.insert(all.end(), bytes.begin(), bytes.end()); };
  add(document.digest());
  add(document.journal());
  add(document.graph());
  add(sure(document.snapshot()));
  add(store.digest());
  add(sure(store.export_bytes()));
  add(store.pending());
  add(store.unacked());
  add(bare.graph());
  return all;
}

}  // namespace vuer_rtc::testing
