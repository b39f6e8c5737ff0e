// Every entrance under a cap on the heap that is lifted step by step: it succeeds, or it answers
// out_of_memory and nothing has changed. The first cap leaves nothing, the last exactly what the
// entrance asks for, and steps of equal size lie in between. Taking more than was asked for is a
// failure: without exceptions it could end the process.
//
// heap_caps [--seed N] [--steps N] [--only ENTRANCE]
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "memory/heap_cap.hpp"
#include "memory/subject.hpp"
#include "replicas/edits.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;

namespace {

constexpr std::size_t kSmallThings = 2048;  // texts of errors, ids, a decoder's lists
constexpr double kNow = 1'700'000'100'000;

enum class Outcome : std::uint8_t { Done, NoMemory, Wrong };

Outcome of(const Status& status) {
  if (status.ok()) return Outcome::Done;
  return status.error().code == ErrorCode::OutOfMemory ? Outcome::NoMemory : Outcome::Wrong;
}
template <class T>
Outcome of(const Result<T>& result) {
  return result.ok() ? Outcome::Done : of(Status(result.error()));
}
/// Readers whose answer is never empty say so by an empty one.
Outcome of(const Bytes& bytes) { return bytes.empty() ? Outcome::NoMemory : Outcome::Done; }
Outcome of(const Hash& hash) { return hash == Hash{} ? Outcome::NoMemory : Outcome::Done; }

struct Entrance {
  std::string name;
  std::function<Outcome(Subject&)> call;
};

Message decoded(const Bytes& bytes) { return std::move(*decode_message(bytes, Limits{})); }

Message with_positions() {
  Bytes bytes;
  MsgWriter out(bytes);
  out.map(5);
  out.string("id"), out.string("web:9000");
  out.string("client"), out.string("web");
  out.string("lt"), out.number(9000);
  out.string("ts"), out.number(1);
  out.string("ops"), out.array(1), out.map(5);
  out.string("ot"), out.string("text.insert");
  out.string("key"), out.string("scene");
  out.string("path"), out.string("body");
  out.string("position"), out.number(3);
  out.string("value"), out.string("typed on the web");
  return decoded(bytes);
}

void add_document_entrances(std::vector<Entrance>& all, const Scene& scene) {
  for (std::size_t i = 0; i < scene.more.size(); i++) {
    all.push_back({"document.receive " + std::to_string(i),
                   [i](Subject& s) { return of(s.document.receive(ByteSpan(s.scene->more[i]))); }});
    all.push_back({"bare.apply " + std::to_string(i),
                   [i](Subject& s) { return of(s.bare.apply(s.scene->more[i])); }});
  }
  all.push_back({"document.receive message", [message = decoded(scene.more[2])](Subject& s) {
                   return of(s.document.receive(message));
                 }});
  all.push_back({"document.load", [](Subject& s) { return of(s.document.load(s.snapshot)); }});
  all.push_back(
      {"document.load published", [](Subject& s) { return of(s.document.load(s.published)); }});
  all.push_back({"document.snapshot", [](Subject& s) { return of(s.document.snapshot()); }});
  all.push_back({"document.snapshot published",
                 [](Subject& s) { return of(s.document.snapshot(SnapshotForm::Published)); }});
  all.push_back(
      {"document.raise_line", [](Subject& s) { return of(s.document.raise_line(s.scene->line)); }});
  all.push_back({"document.move",
                 [](Subject& s) { return of(s.document.move("north:2", s.document.lt() + 5)); }});
  all.push_back({"document.admissible", [message = with_positions()](Subject& s) {
                   return of(s.document.admissible(message));
                 }});
  all.push_back({"document.resolve_positions", [](Subject& s) {
                   Message message = with_positions();
                   return of(s.document.resolve_positions(message));
                 }});
  all.push_back({"document.digest", [](Subject& s) { return of(s.document.digest()); }});
  all.push_back({"document.graph", [](Subject& s) { return of(s.document.graph()); }});
  all.push_back({"document.texts", [](Subject& s) { return of(s.document.texts()); }});
  all.push_back({"document.journal", [](Subject& s) { return of(s.document.journal()); }});
  all.push_back(
      {"document.property", [](Subject& s) { return of(s.document.property("scene", "title")); }});
  all.push_back({"bare.load", [](Subject& s) { return of(s.bare.load(s.graph)); }});
  all.push_back({"bare.graph", [](Subject& s) { return of(s.bare.graph()); }});
}

void add_edits(std::vector<Entrance>& all, std::uint32_t seed) {
  Random random(seed);
  for (int i = 0; i < 12; i++) {
    all.push_back({"store.edit " + std::to_string(i), [op = random_op(random, true)](Subject& s) {
                     return of(s.store.edit(op, kNow));
                   }});
  }
}

void add_store_entrances(std::vector<Entrance>& all, const Scene& scene) {
  for (std::size_t i = 0; i < scene.more.size(); i++) {
    all.push_back({"store.receive " + std::to_string(i),
                   [i](Subject& s) { return of(s.store.receive(ByteSpan(s.scene->more[i]))); }});
  }
  all.push_back({"store.commit", [](Subject& s) { return of(s.store.commit(kNow)); }});
  all.push_back({"store.cancel", [](Subject& s) { return of(s.store.cancel()); }});
  all.push_back({"store.undo", [](Subject& s) { return of(s.store.undo(kNow)); }});
  all.push_back({"store.redo", [](Subject& s) { return of(s.store.redo(kNow)); }});
  all.push_back({"store.ack", [](Subject& s) {
                   return of(s.store.ack(s.scene->first_unacked, s.scene->first_unacked_lt,
                                         s.scene->server_seq + 1, s.scene->line));
                 }});
  all.push_back({"store.ack moved", [](Subject& s) {
                   return of(s.store.ack(s.scene->first_unacked, s.scene->first_unacked_lt + 50,
                                         s.scene->server_seq + 1, s.scene->line));
                 }});
  all.push_back(
      {"store.reject", [](Subject& s) { return of(s.store.reject(s.scene->first_unacked)); }});
  all.push_back({"store.recommit",
                 [](Subject& s) { return of(s.store.recommit(s.scene->first_unacked, 0)); }});
  all.push_back({"store.compact", [](Subject& s) { return of(s.store.compact()); }});
  all.push_back({"store.load", [](Subject& s) {
                   return of(
                       s.store.load(s.snapshot, s.journal, s.scene->server_seq, s.scene->line));
                 }});
  all.push_back({"store.pending", [](Subject& s) { return of(s.store.pending()); }});
  all.push_back({"store.unacked", [](Subject& s) { return of(s.store.unacked()); }});
  all.push_back({"store.digest", [](Subject& s) { return of(s.store.digest()); }});
  all.push_back({"store.all_changes", [](Subject& s) { return of(s.store.all_changes()); }});
  all.push_back({"store.take_changes", [](Subject& s) { return of(s.store.take_changes()); }});
  all.push_back({"store.export", [](Subject& s) { return of(s.store.export_bytes()); }});
  all.push_back(
      {"store.import", [](Subject& s) { return of(Store::import_bytes(s.scene->exported)); }});
}

/// The core lends small demands out of what it proved before: that loan is used up, so that the
/// next demand meets the cap.
void use_up_the_loan() {
  static const Bytes many = [] {
    Bytes bytes;
    MsgWriter out(bytes);
    out.map(4);
    out.string("id"), out.string("m:1");
    out.string("client"), out.string("m");
    out.string("lt"), out.number(1);
    out.string("ops"), out.array(1000);
    for (int i = 0; i < 1000; i++) out.map(1), out.string("ot"), out.string("none");
    return bytes;
  }();
  Document document;
  (void)document.receive(ByteSpan(many)).ok();  // the decoder's own buffers
  Document fresh;
  heap().cap = 0;
  if (fresh.receive(ByteSpan(many)).ok()) std::abort();
  heap().cap = kNoCap;
}

struct Counts {
  int steps = 0, refusals = 0, failed = 0;
};

/// One entrance from no memory at all to enough.
class Trial {
 public:
  Trial(const Scene& scene, const Entrance& entrance, std::size_t steps)
      : entrance_(entrance), steps_(steps), subject_(std::make_unique<Subject>(scene)) {
    before_ = subject_->fingerprint();
  }

  void run(Counts& counts) {
    std::size_t room = 0, wanted = 0;
    while (true) {
      ++counts.steps;
      if (step(room) == Outcome::Done) break;
      ++counts.refusals;
      if (!problem_.empty()) break;
      // What it asked for last is needed; steps towards it, then exactly that.
      if (heap().refused > wanted) wanted = heap().refused, stride_ = wanted / steps_ + 1;
      room = room >= wanted ? room + stride_ : std::min(room + stride_, wanted);
    }
    if (problem_.empty()) return;
    ++counts.failed;
    std::printf("%s: %s with room for %zu bytes\n", entrance_.name.c_str(), problem_.c_str(), room);
  }

 private:
  Outcome step(std::size_t room) {
    use_up_the_loan();
    Heap& now = heap();
    now.over = now.refused = 0;
    now.allowed = now.live;
    now.cap = now.live + room;
    const Outcome outcome = entrance_.call(*subject_);
    now.cap = now.allowed = kNoCap;
    if (outcome == Outcome::NoMemory && now.refused == 0) problem_ = "refused with memory left";
    if (outcome == Outcome::Wrong) problem_ = "another error than out_of_memory";
    if (now.over > kSmallThings)
      problem_ = std::to_string(now.over) + " bytes more than were asked for";
    if (outcome == Outcome::NoMemory && problem_.empty() && subject_->fingerprint() != before_)
      problem_ = "changed by a refused call";
    if (outcome == Outcome::Done && problem_.empty()) {
      subject_->document.check();
      subject_->store.check();
    }
    return outcome;
  }

  const Entrance& entrance_;
  std::size_t steps_, stride_ = 1;
  std::unique_ptr<Subject> subject_;
  Bytes before_;
  std::string problem_;
};

}  // namespace

int main(int argc, char** argv) {
  std::uint32_t seed = 1;
  std::size_t steps = 20;
  std::string_view only;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--seed") seed = static_cast<std::uint32_t>(std::atoi(argv[i + 1]));
    if (name == "--steps") steps = static_cast<std::size_t>(std::atoi(argv[i + 1]));
    if (name == "--only") only = argv[i + 1];
  }
  std::printf("seed %u\n", seed);
  std::vector<Entrance> entrances;
  Counts counts;
  {
    const Scene scene = make_scene(seed);
    add_document_entrances(entrances, scene);
    add_edits(entrances, seed);
    add_store_entrances(entrances, scene);
    for (const Entrance& entrance : entrances) {
      if (!only.empty() && entrance.name != only) continue;
      const int before = counts.steps;
      Trial(scene, entrance, steps).run(counts);
      if (!only.empty()) std::printf("%d steps\n", counts.steps - before);
    }
  }
  std::printf("%zu entrances, %d steps, %d refusals\n", entrances.size(), counts.steps,
              counts.refusals);
  std::printf("%d passed, %d failed\n", static_cast<int>(entrances.size()) - counts.failed,
              counts.failed);
  return counts.failed == 0 ? 0 : 1;
}
