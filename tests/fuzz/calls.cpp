// Choices as a program of calls to a store that talks to a room and to strangers: every entrance,
// with honest arguments and with any bytes. An error changes nothing, the store stays sound, and
// what it exports comes back as the same store.
#include <string>
#include <string_view>

#include "fuzz/law.hpp"
#include "vuer_rtc/store.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::fuzz;

namespace {

constexpr int kMaxCalls = 60;
constexpr const char* kOps[] = {
#define OPERATION(symbol, name, ...) name,
#include "ops/registry.def"
#undef OPERATION
};
constexpr const char* kKeys[] = {"", "scene", "n", "m"};
constexpr const char* kPaths[] = {"children", "x", "body", "."};

/// What a caller can see of a store.
struct Seen {
  Hash digest;
  Bytes pending, unacked;
  std::uint64_t lt;
  std::int64_t stable;
  bool undo, redo;
  friend bool operator==(const Seen& a, const Seen& b) {
    return a.digest == b.digest && a.pending == b.pending && a.unacked == b.unacked &&
           a.lt == b.lt && a.stable == b.stable && a.undo == b.undo && a.redo == b.redo;
  }
};

Seen seen(Store& store) {
  return {store.digest(),   store.pending(), store.unacked(), store.lt(), store.document().stable(),
          store.can_undo(), store.can_redo()};
}

void write_value(MsgWriter& out, Choices& choices) {
  switch (choices.below(5)) {
    case 0:
      return out.number(choices.byte());
    case 1:
      return out.string("#a0b0c0");
    case 2:
      out.map(1), out.string("key");
      return out.string(kKeys[choices.below(4)]);
    case 3:
      out.array(3);
      for (int i = 0; i < 3; i++) out.number(choices.byte());
      return;
    default:
      out.map(2), out.string("nodeKey"), out.string(kKeys[choices.below(4)]);
      out.string("newParent");
      return out.string(kKeys[choices.below(4)]);
  }
}

Bytes honest_op(Choices& choices) {
  Bytes bytes;
  MsgWriter out(bytes);
  out.map(6);
  out.string("ot"), out.string(kOps[choices.below(std::size(kOps))]);
  out.string("key"), out.string(kKeys[choices.below(4)]);
  out.string("path"), out.string(kPaths[choices.below(4)]);
  out.string("position"), out.number(static_cast<double>(choices.below(8)));
  out.string("length"), out.number(static_cast<double>(choices.below(4)));
  out.string("value");
  write_value(out, choices);
  return bytes;
}

/// A store, somebody else who edits, and the order in which a server took their messages.
class Play {
 public:
  explicit Play(Choices& choices) : choices_(choices), store_("north"), other_("south") {}

  void call() {
    const Seen before = seen(store_);
    const bool ok = make_call();
    store_.check();
    if (!ok) must(seen(store_) == before, "an error changes nothing");
  }

  void finish() {
    Result<Bytes> exported = store_.export_bytes();
    must(exported.ok(), "a store can be exported");
    Result<Store> again = Store::import_bytes(*exported);
    must(again.ok(), again ? "" : again.error().text.c_str());
    again->check();
    must(again->digest() == store_.digest(), "with the same document");
    must(again->pending() == store_.pending(), "the same edits");
    must(again->unacked() == store_.unacked(), "and the same messages to send");
    must(store_.document().snapshot().ok(), "a document has a snapshot");
    store_.all_changes();
  }

 private:
  bool make_call() {
    const double now = ++calls_;
    switch (choices_.below(18)) {
      case 0:
      case 1:
      case 2:
        return store_.edit(honest_op(choices_), now).ok();
      case 3:
        return store_.edit(choices_.slice(), now).ok();
      case 4:
      case 5:
        return keep(store_.commit(now));
      case 6:
        return store_.cancel().ok();
      case 7:
        return keep(store_.undo(now));
      case 8:
        return keep(store_.redo(now));
      case 9:
        return store_.receive(ByteSpan(choices_.slice())).ok();
      case 10:
        return hear_other(now);
      case 11:
        return accept();
      case 12:
        return ack_any();
      case 13:
        return store_.reject(some_id()).ok();
      case 14:
        return recommit_any();
      case 15:
        return learn();
      case 16:
        return load();
      default:
        store_.take_changes();
        return true;
    }
  }

  std::int64_t line() { return static_cast<std::int64_t>(choices_.below(12)) - 1; }
  std::string some_id() { return "north:" + std::to_string(choices_.below(12)); }

  // Choices one after the other: compilers differ in the order of arguments.
  bool ack_any() {
    const std::string id = some_id();
    const std::uint64_t lt = choices_.byte(), server_seq = choices_.byte();
    return store_.ack(id, lt, server_seq, line()).ok();
  }
  bool recommit_any() {
    const std::string id = some_id();
    return keep(store_.recommit(id, choices_.below(4)));
  }
  bool learn() {
    const std::uint64_t server_seq = choices_.byte();
    store_.learn(server_seq, line());
    return store_.compact().ok();
  }

  bool keep(const Result<ByteSpan>& sent) {
    if (sent) sent_.insert(sent_.end(), sent->begin(), sent->end());
    return sent.ok();
  }

  bool hear_other(double now) {
    (void)other_.edit(honest_op(choices_), now).ok();
    const Result<ByteSpan> sent = other_.commit(now);
    return !sent || sent->empty() || store_.receive_all(*sent).ok();
  }

  /// The server takes the oldest message that is not acknowledged.
  bool accept() {
    MsgReader reader{ByteSpan(sent_)};
    ByteSpan one;
    if (sent_.empty() || !reader.read_raw(one)) return true;
    const Result<Message> message = decode_message(one, Limits{});
    must(message.ok(), "a store sends messages");
    (void)other_.receive(one).ok();
    const std::string id = message->id;
    const std::uint64_t lt = message->lt;
    sent_.erase(sent_.begin(), sent_.begin() + static_cast<std::ptrdiff_t>(one.size()));
    const std::uint64_t place = lt + choices_.below(3);
    return store_.ack(id, place, ++server_seq_, line()).ok();
  }

  bool load() {
    if (choices_.one_in(2)) {
      const Bytes snapshot = choices_.slice(), journal = choices_.slice();
      return store_.load(snapshot, journal, 1, line()).ok();
    }
    const Result<Bytes> snapshot = other_.document().snapshot();
    must(snapshot.ok(), "a document has a snapshot");
    return store_.load(*snapshot, other_.document().journal(), server_seq_, line()).ok();
  }

  Choices& choices_;
  Store store_, other_;
  Bytes sent_;
  std::uint64_t server_seq_ = 0;
  int calls_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  Play play(choices);
  for (int i = 0; i < kMaxCalls && !choices.empty(); i++) play.call();
  play.finish();
  return 0;
}
