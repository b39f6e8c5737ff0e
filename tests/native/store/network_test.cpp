// Stores and a server over a bad network: loss, copies, reordering, offline times, compaction, late
// joiners. At the end all hold the same document, and it is the plain fold of all accepted
// messages.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "json_messages.hpp"
#include "random_ops.hpp"
#include "small_server.hpp"
#include "vuer_rtc/store.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;

namespace {

struct Counts {
  std::uint64_t accepted = 0, moved = 0, compactions = 0, loads = 0;
};

class Network {
 public:
  explicit Network(std::uint32_t seed) : random_(seed) {
    for (const char* name : {"c0", "c1", "c2", "c:1"}) join(name);
  }

  void run(int steps) {
    for (int step = 0; step < steps; ++step) {
      now_ = 1000 + step;
      act(pick(), step);
      for (std::uint32_t i = random_.below(4); i > 0 && !wires_.empty(); --i) deliver();
    }
    for (auto& peer : peers_) REQUIRE(peer->store.commit(now_).ok());
    for (int round = 0; round < 2; ++round) {
      for (auto& peer : peers_) sync(*peer);
    }
  }

  void compare() {
    const std::string expected = hex(server_.plain_fold());
    CHECK(hex(server_.document().digest()) == expected);
    server_.document().check();
    for (auto& peer : peers_) {
      INFO("store " << peer->store.client());
      CHECK(peer->store.unacked_count() == 0);
      CHECK(hex(peer->store.digest()) == expected);
      CHECK(json_of(peer->store.document().texts()) == json_of(server_.document().texts()));
      peer->store.check();
    }
    check_author_order();
    counts.accepted += server_.count();
  }

  Counts counts;

 private:
  enum class Kind { Up, Down, Ack };
  struct Peer {
    explicit Peer(const std::string& name) : store(name) {}
    Store store;
    std::set<std::uint64_t> arrived;  // serverSeqs that are here
    std::uint64_t upto = 0;           // all up to this one are
    bool offline = false;
  };
  struct Wire {
    Kind kind;
    Peer* peer;
    Bytes message;
    SmallServer::Answer answer;
  };

  Peer& pick() { return *peers_[random_.below(static_cast<std::uint32_t>(peers_.size()))]; }

  Peer& join(const std::string& name) {
    peers_.push_back(std::make_unique<Peer>(name));
    return *peers_.back();
  }

  void act(Peer& peer, int step) {
    const std::uint32_t what = random_.below(100);
    if (what < 45) {
      write(peer);
    } else if (what < 55) {
      send(peer, peer.store.undo(now_));
    } else if (what < 60) {
      send(peer, peer.store.redo(now_));
    } else if (what < 65) {
      peer.offline = !peer.offline;
    } else if (what < 70) {
      const auto top = static_cast<std::int64_t>(server_.top());
      server_.raise_line(random_.percent(50) ? top : top - 5);
    } else if (what < 75) {
      ++counts.compactions;
      const Hash before = peer.store.digest();
      REQUIRE(peer.store.compact().ok());
      CHECK((peer.store.unacked_count() > 0 || before == peer.store.digest()));
      peer.store.check();
    } else if (what < 78) {
      if (!peer.offline) sync(peer);
    } else if (what < 80 && peers_.size() < 6) {
      load(join("j" + std::to_string(step)));
    } else if (what < 82) {
      reopen(peer);
    }
  }

  void write(Peer& peer) {
    for (std::uint32_t i = 1 + random_.below(3); i > 0; --i) {
      const auto op = server_.count() + peer.store.lt() == 0 ? scene_op() : random_op(random_);
      REQUIRE(peer.store.edit(msgpack_of(op), now_).ok());
    }
    if (random_.percent(30)) return;
    const auto pending = json_of(peer.store.document().texts());
    auto message = peer.store.commit(now_);
    CHECK(json_of(peer.store.document().texts()) == pending);
    send(peer, message);
  }

  void send(Peer& peer, const Result<ByteSpan>& messages) {
    REQUIRE(messages.ok());
    constexpr int kCopies[] = {0, 1, 1, 1, 2};
    for (const Bytes& message : split_messages(*messages)) {
      for (int i = random_.pick(kCopies); i > 0; --i)
        wires_.push_back({Kind::Up, &peer, message, {}});
    }
  }

  void deliver() {
    const auto at = random_.below(static_cast<std::uint32_t>(wires_.size()));
    const Wire wire = std::move(wires_[at]);
    wires_.erase(wires_.begin() + at);
    if (wire.peer->offline) return;
    if (wire.kind == Kind::Down) return receive(*wire.peer, wire.message);
    if (wire.kind == Kind::Ack) return ack(*wire.peer, wire.answer);
    const auto answer = server_.accept(wire.message);
    if (!answer.error.empty()) return;  // a gap: sync sends again from the first one missing
    relay(answer, *wire.peer, 90);
    if (random_.percent(90)) wires_.push_back({Kind::Ack, wire.peer, {}, answer});
  }

  void relay(const SmallServer::Answer& answer, const Peer& author, std::uint32_t chance) {
    if (answer.fresh.empty()) return;
    for (auto& other : peers_) {
      if (other.get() != &author && random_.percent(chance))
        wires_.push_back({Kind::Down, other.get(), answer.fresh, answer});
    }
  }

  void receive(Peer& peer, const Bytes& message) {
    const auto received = peer.store.receive(ByteSpan(message));
    REQUIRE(received.ok());
    if (*received != Received::Folded)
      arrive(peer, json_of(message)["serverSeq"].get<std::uint64_t>());
  }

  void ack(Peer& peer, const SmallServer::Answer& answer) {
    REQUIRE(peer.store.ack(answer.id, answer.lt, answer.server_seq, answer.stable).ok());
    arrive(peer, answer.server_seq);
  }

  static void arrive(Peer& peer, std::uint64_t server_seq) {
    peer.arrived.insert(server_seq);
    while (peer.arrived.count(peer.upto + 1)) ++peer.upto;
  }

  /// Reconnects: sends again what is not acknowledged, fetches what is missing.
  void sync(Peer& peer) {
    for (const Bytes& message : split_messages(peer.store.unacked())) {
      // An ack may have moved what comes later: ask the store for its present copy.
      const auto id = json_of(message)["id"].get<std::string>();
      for (const Bytes& present : split_messages(peer.store.unacked())) {
        if (json_of(present)["id"] != id) continue;
        const auto answer = server_.accept(present);
        REQUIRE(answer.error.empty());
        counts.moved += !answer.fresh.empty() && answer.lt != json_of(present)["lt"];
        relay(answer, peer, 100);
        ack(peer, answer);
      }
    }
    bool is_complete = true;
    for (std::uint64_t q = peer.upto + 1; q <= server_.count(); ++q)
      is_complete =
          is_complete && static_cast<std::int64_t>(server_.places()[q - 1]) > server_.line();
    if (!is_complete) return load(peer);
    for (std::uint64_t q = peer.upto + 1; q <= server_.count(); ++q)
      receive(peer, server_.history()[q - 1]);
  }

  void load(Peer& peer) {
    ++counts.loads;
    const auto state = server_.state();
    REQUIRE(peer.store.load(state.snapshot, state.journal, state.server_seq, state.stable).ok());
    peer.upto = std::max(peer.upto, state.server_seq);
  }

  /// The page is closed and opened again.
  void reopen(Peer& peer) {
    auto bytes = peer.store.export_bytes();
    REQUIRE(bytes.ok());
    auto again = Store::import_bytes(*bytes);
    if (!again.ok()) FAIL("import: " << again.error().text);
    CHECK(hex(again->digest()) == hex(peer.store.digest()));
    CHECK(again->unacked() == peer.store.unacked());
    CHECK(again->pending() == peer.store.pending());
    CHECK(again->lt() == peer.store.lt());
    CHECK(without_times(*again) == without_times(peer.store));
    peer.store = std::move(*again);
    peer.store.check();
  }

  /// A snapshot does not carry who named a node before it existed.
  static nlohmann::json without_times(Store& store) {
    auto graph = json_of(store.document().graph());
    for (auto& node : graph["nodes"]) {
      node["_crdt"].erase("updatedAt");
      node["_crdt"].erase("lamportTime");
    }
    return graph;
  }

  /// What one author wrote keeps its order, wherever the server put it.
  void check_author_order() {
    std::map<std::string, std::map<std::uint64_t, std::uint64_t>> lts;
    for (const Bytes& bytes : server_.history()) {
      const auto message = json_of(bytes);
      const auto client = message["client"].get<std::string>();
      lts[client][message["clock"][client]] = message["lt"];
    }
    for (const auto& [client, by_number] : lts) {
      std::int64_t last = kNoLine;
      for (const auto& [number, lt] : by_number) {
        CHECK(static_cast<std::int64_t>(lt) > last);
        last = static_cast<std::int64_t>(lt);
      }
    }
  }

  Random random_;
  SmallServer server_;
  std::vector<std::unique_ptr<Peer>> peers_;
  std::vector<Wire> wires_;
  double now_ = 1000;
};

}  // namespace

TEST_CASE("network_all_replicas_end_with_the_plain_fold_of_what_was_accepted") {
  Counts all;
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    Network network(seed);
    network.run(120);
    network.compare();
    all.accepted += network.counts.accepted;
    all.moved += network.counts.moved;
    all.compactions += network.counts.compactions;
    all.loads += network.counts.loads;
  }
  CHECK(all.accepted > 6000);
  CHECK(all.moved > 300);
  CHECK(all.compactions > 300);
  CHECK(all.loads > 300);
}
