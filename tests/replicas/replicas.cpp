// replicas --seed N --documents D --ops M --folder F --keep-every K: authors edit documents over a
// bad network with a Room as server.
//
// At the end every author's digest must be the server's, and that of a document which gets the
// accepted history in another order and without snapshots. Every Kth history, and each that
// failed, goes to F as a law vector with the native result, for the model and the other runtimes.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "json_messages.hpp"
#include "replicas/edits.hpp"
#include "replicas/replica.hpp"
#include "room/instant.hpp"

namespace {

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using Json = nlohmann::json;

constexpr server::ConnectionId kWitness =
    1;  // a connection without loss: its broadcasts are the history
constexpr double kStart = 1'700'000'000'000;
constexpr int kMaxRoundsAtEnd = 2000;

struct Options {
  std::uint32_t seed = 1;
  int documents = 100;
  std::uint64_t ops = 2100;
  std::string folder = "build/replicas";
  int keep_every = 1;  // documents that are written down
};

server::Join witness_join() {
  server::Join join;
  join.client = "witness";
  join.compact = true;
  join.encoding = server::Encoding::MessagePack;
  return join;
}

std::string hex(const Hash& hash) {
  std::string out;
  char two[3];
  for (std::uint8_t byte : hash) {
    std::snprintf(two, sizeof two, "%02x", byte);
    out += two;
  }
  return out;
}

/// A document's server, its authors and what was accepted.
class World {
 public:
  World(std::uint32_t seed, bool trig) : random_(seed), server_(room_options()) {
    server_.join(kWitness, witness_join());
    std::uint32_t count = 3 + random_.below(6);
    static constexpr const char* kNames[] = {"north", "south", "c:1", "é", "😀", "日本", "z", "_"};
    for (std::uint32_t i = 0; i < count; i++) {
      up_.push_back(std::make_unique<Wire>(random_));
      down_.push_back(std::make_unique<Wire>(random_));
      replicas_.push_back(std::make_unique<testing::Replica>(kNames[i], random_, trig, *up_[i]));
      connections_.push_back(0);
    }
    Store& first = replicas_[0]->store();
    if (!first.edit(root_op(), kStart)) std::exit(1);
    for (std::size_t i = 0; i < replicas_.size(); i++) connect(i);
  }

  void run(std::uint64_t ops) {
    for (double now = kStart; op_count_ < ops; now += random_.below(20)) {
      std::size_t who = random_.below(static_cast<std::uint32_t>(replicas_.size()));
      replicas_[who]->work(now);
      if (replicas_[who]->full() && up_[who]->empty() && random_.percent(20)) resend(who);
      move_frames(who);
      if (random_.below(1000) == 0) connect(who);
      if (random_.below(200) == 0) resend(who);
      if (random_.below(500) == 0) server_.compact();
      if (random_.below(3000) == 0) restart();
    }
  }

  /// A good network at last: everything is sent, accepted and read.
  void settle() {
    for (std::size_t i = 0; i < replicas_.size(); i++) {
      up_[i]->mend();
      down_[i]->mend();
      replicas_[i]->finish(kStart);
    }
    for (int round = 0; round < kMaxRoundsAtEnd; round++) {
      bool waiting = false;
      for (std::size_t i = 0; i < replicas_.size(); i++) {
        if (replicas_[i]->store().unacked_count() > 0) resend(i);
        drain(i);
        waiting = waiting || replicas_[i]->store().unacked_count() > 0;
      }
      if (!waiting) break;
    }
    for (std::size_t i = 0; i < replicas_.size(); i++) {
      connect(i);
      drain(i);
    }
  }

  /// What is wrong at the end, or nothing.
  std::string verdict() {
    std::string digest = hex(*server_.room().digest());
    for (auto& replica : replicas_) {
      replica->store().check();
      if (replica->store().unacked_count() > 0) return "unacknowledged messages are left";
      if (hex(replica->store().digest()) != digest)
        return "an author's digest differs from the server's";
    }
    Document reader;
    std::vector<Bytes> order = history_;
    for (std::size_t i = order.size(); i > 1; i--) {
      std::swap(order[i - 1], order[random_.below(static_cast<std::uint32_t>(i))]);
    }
    for (const Bytes& message : order) {
      if (!reader.receive(ByteSpan(message))) return "the history is refused by a reader";
    }
    reader.check();
    return hex(reader.digest()) == digest ? ""
                                          : "the history in another order gives another digest";
  }

  Json vector(const std::string& name) {
    Json messages = Json::array();
    for (const Bytes& message : history_) messages.push_back(json_of(message));
    Document& document = server_.room().document();
    Json expect = {{"digest", hex(document.digest())},
                   {"graph", json_of(document.graph())},
                   {"texts", json_of(document.texts())}};
    return {{"name", name}, {"messages", messages}, {"orders", Json::array()}, {"expect", expect}};
  }

  Done done() const {
    Done sum;
    for (auto& replica : replicas_) {
      const Done& one = replica->done();
      sum.edits += one.edits, sum.undos += one.undos, sum.redos += one.redos;
      sum.cancels += one.cancels, sum.compactions += one.compactions;
      sum.moved += one.moved, sum.resent += one.resent;
    }
    return sum;
  }
  std::uint64_t op_count() const { return op_count_; }
  std::size_t message_count() const { return history_.size(); }

 private:
  static server::RoomOptions room_options() {
    server::RoomOptions options;
    options.compact_min_operations = 1;
    options.journal_keep = 50;
    options.max_members = 0;
    return options;
  }

  /// What is still on the way would only be refused behind the gap, each with an error that asks
  /// for more: it is dropped, so that the wire never holds more than one round of what is
  /// unacknowledged.
  void resend(std::size_t who) {
    up_[who]->cut();
    replicas_[who]->resend();
  }

  void hear(std::size_t who, ByteSpan frame) {
    replicas_[who]->hear(frame);
    if (replicas_[who]->take_gap() && random_.percent(20)) resend(who);
  }

  /// Messages on the way to the server and back, for one author: as many as chance has it.
  void move_frames(std::size_t who) {
    Wire& up = *up_[who];
    for (std::uint32_t n = random_.below(4); n > 0 && !up.empty(); n--) {
      server_.crdt(connections_[who], up.take());
      deliver();
    }
    Wire& down = *down_[who];
    for (std::uint32_t n = random_.below(20); n > 0 && !down.empty(); n--) hear(who, down.take());
  }

  void drain(std::size_t who) {
    Wire& up = *up_[who];
    Wire& down = *down_[who];
    while (!up.empty() || !down.empty()) {
      while (!up.empty()) {
        server_.crdt(connections_[who], up.take());
        deliver();
      }
      while (!down.empty()) hear(who, down.take());
    }
  }

  /// A new connection: what was under way to the author is gone, its state comes at once and whole.
  void connect(std::size_t who) {
    if (connections_[who] != 0) server_.leave(connections_[who]);
    connections_[who] = ++last_connection_;
    deliver();
    down_[who]->cut();
    server_.join(connections_[who], replicas_[who]->join());
    for (const server::Delivered& one : server_.take()) {
      if (one.frame && one.to == connections_[who])
        hear(who, one.frame->bytes);
      else
        route(one);
    }
  }

  void restart() {
    server_.restart();
    server_.join(kWitness, witness_join());
    server_.take();
    for (std::size_t i = 0; i < replicas_.size(); i++) {
      connections_[i] = 0;
      connect(i);
    }
  }

  void deliver() {
    for (const server::Delivered& one : server_.take()) route(one);
  }

  void route(const server::Delivered& one) {
    if (!one.frame) return;
    if (one.to == kWitness) return witness(one.frame->bytes);
    for (std::size_t i = 0; i < connections_.size(); i++) {
      if (connections_[i] == one.to) down_[i]->send(one.frame->bytes);
    }
  }

  void witness(ByteSpan frame) {
    Json read = json_of(frame);
    if (read["mtype"] != "broadcast") return;
    history_.push_back(msgpack_of(read["msg"]));
    op_count_ += read["msg"]["ops"].size();
  }

  Random random_;
  server::InstantRoom server_;
  std::vector<std::unique_ptr<Wire>> up_, down_;  // to the server and from it
  std::vector<std::unique_ptr<testing::Replica>> replicas_;
  std::vector<server::ConnectionId> connections_;
  server::ConnectionId last_connection_ = kWitness;
  std::vector<Bytes> history_;
  std::uint64_t op_count_ = 0;
};

/// One document from the first edit to the verdict; false when it failed.
bool run_document(const Options& options, int index) {
  bool trig = index % 10 == 9;
  std::string name = "replicas-" + std::to_string(options.seed) + "-" + std::to_string(index) +
                     (trig ? "-trig" : "");
  World world(options.seed * 1000 + static_cast<std::uint32_t>(index), trig);
  world.run(options.ops);
  world.settle();
  std::string reason = world.verdict();
  Done done = world.done();
  std::printf(
      "%s: %zu messages, %llu ops, %llu undos, %llu redos, %llu cancels, %llu compactions, %llu "
      "moved, "
      "%llu resent: %s\n",
      name.c_str(), world.message_count(), static_cast<unsigned long long>(world.op_count()),
      static_cast<unsigned long long>(done.undos), static_cast<unsigned long long>(done.redos),
      static_cast<unsigned long long>(done.cancels),
      static_cast<unsigned long long>(done.compactions),
      static_cast<unsigned long long>(done.moved), static_cast<unsigned long long>(done.resent),
      reason.empty() ? "equal" : reason.c_str());
  std::fflush(stdout);
  if (index % options.keep_every == 0 || !reason.empty())
    std::ofstream(options.folder + "/" + name + ".jsonl") << world.vector(name) << "\n";
  return reason.empty();
}

Options read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    std::string name = argv[i];
    if (name == "--seed") options.seed = static_cast<std::uint32_t>(std::atoi(argv[i + 1]));
    if (name == "--documents") options.documents = std::atoi(argv[i + 1]);
    if (name == "--ops") options.ops = static_cast<std::uint64_t>(std::atoll(argv[i + 1]));
    if (name == "--folder") options.folder = argv[i + 1];
    if (name == "--keep-every") options.keep_every = std::max(1, std::atoi(argv[i + 1]));
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  Options options = read_options(argc, argv);
  int failed = 0;
  for (int i = 0; i < options.documents; i++) failed += run_document(options, i) ? 0 : 1;
  return failed == 0 ? 0 : 1;
}
