// Messages in and out of the document.
#include "history/history.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "base/memory.hpp"
#include "base/sort.hpp"

namespace vuer_rtc {

History::History(const Limits& limits) : limits_(limits) {}

bool History::is_same(MessageIndex known, const MessageView& view) const {
  Bytes bytes;
  messages_.encode(known, bytes);
  MsgReader reader{ByteSpan(bytes)};
  MessageDecoder decoder;
  MessageView mine;
  RTC_ASSERT(decoder.decode(reader, limits_, Strictness::Fold, mine));
  return mine.client == view.client && content_hash(mine) == content_hash(view);
}

/// Room for many messages is proven at once, else for this one alone. Twice what they take, so that
/// what others allocate in the meantime does not eat into it.
bool History::reserve(std::size_t bytes, std::size_t ops) {
  constexpr std::size_t kBytesAhead = 1 << 16, kOpsAhead = 1 << 8;
  const std::size_t logs = tree_.growth() + slots_.growth() + texts_.growth(bytes);
  if (bytes > ahead_.bytes || ops > ahead_.ops) {
    const Ahead many{bytes + kBytesAhead, ops + kOpsAhead};
    ahead_ = {};
    if (!can_allocate(logs + 2 * growth(many))) return can_allocate(logs + growth({bytes, ops}));
    ahead_ = many;
  } else if (!can_allocate(logs)) {
    return false;
  }
  ahead_.bytes -= bytes;
  ahead_.ops -= ops;
  return true;
}

/// Per op: a node, a few slots, log entries and change lists; per byte: names, values, text units.
std::size_t History::growth(Ahead ahead) const {
  constexpr std::size_t kPerOp = 4096, kPerByte = 64;
  const std::size_t names = ahead.bytes / 2 + ahead.ops;
  return messages_.growth(ahead.bytes) + graph_.growth(ahead.ops, names, ahead.bytes) +
         ahead.ops * kPerOp + ahead.bytes * kPerByte;
}

bool History::reserve_replay() {
  // Per message: its place among those that go; per node and slot: the lists of what changed.
  constexpr std::size_t kFixed = 1 << 14, kPerMessage = 24, kPerNode = 64, kPerSlot = 16;
  return can_allocate(kFixed + kPerMessage * messages_.capacity() + kPerNode * graph_.node_count() +
                      kPerSlot * graph_.slot_count() + texts_.rebuilding_bytes());
}

MessageIndex History::add(const MessageView& view) {
  const MessageIndex index = messages_.add(view);
  see_lt(view.lt);
  for (const auto& [client, number] : view.clock)
    see_clock(messages_.clients().intern(client), number);
  return admit(index);
}

MessageIndex History::add_on_top(const MessageView& view) {
  const MessageIndex index = messages_.add(view);
  on_top_ = std::max(on_top_, lt_) + 1;
  messages_.reorder(index, on_top_);
  see_lt(view.lt);
  return admit(index);
}

MessageIndex History::admit(MessageIndex index) {
  MessageRecord& record = messages_[index];
  record.undone = !record.has_meta && verdicts_.is_undone(record.id());
  enter(index);
  settle();
  return index;
}

void History::remove(MessageIndex index) {
  leave(index);
  settle();
  messages_.remove(index);
  touches_stale_ = true;
  retouch();
}

void History::move(const std::vector<Move>& moves) {
  for (auto move = moves.rbegin(); move != moves.rend(); ++move) leave(move->message);
  for (const Move& move : moves) {
    MessageRecord& record = messages_[move.message];
    record.lt = move.lt;
    messages_.reorder(move.message, move.lt);
    see_lt(move.lt);
  }
  ++revived_;  // perhaps: all are out while their verdicts are found anew
  for (const Move& move : moves) {
    MessageRecord& record = messages_[move.message];
    record.undone = !record.has_meta && verdicts_.is_undone(record.id());
    enter(move.message);
    if (graph_.changes().feed) {
      events_.push_back({MessageEvent::Kind::Moved, false, static_cast<double>(move.lt),
                         std::string(record.id())});
    }
  }
  touches_stale_ = true;  // a lower lt, and texts that take their ops in only now
  settle();
}

void History::stamp(MessageIndex index, std::uint64_t server_seq, std::int64_t stable) {
  messages_[index].server_seq = server_seq;
  messages_[index].stable = stable;
  if (!messages_[index].has_meta && !messages_[index].pending) return;
  for_each_op(index, [this](Place, const Operation& op) {
    std::string_view target;
    MsgReader reader(operation_field(op, "targetMsgId"));
    if (op.family == OpFamily::Meta && reader.read_string(target)) update_verdict(target);
  });
  settle();
}

MessageIndex History::reference_of(Place place, const Operation& op) {
  std::string_view target;
  MsgReader reader(operation_field(op, "targetMsgId"));
  if (op.family == OpFamily::Meta && reader.read_string(target)) return messages_.find(target);
  TextOp parsed;
  if (op.family != OpFamily::Text || !parse_text_op(op, messages_.clients(), parsed))
    return kNoMessage;
  const NodeId node = home_of(place, op, Step::Renew);
  const SlotId slot =
      node == kNone ? kNone : graph_.find_slot(node, graph_.paths().intern(op.path));
  if (slot == kNone || graph_.slot(slot).text == kNone) return kNoMessage;
  return texts_.author_of(graph_.slot(slot).text, parsed.anchor);
}

// ---- steps

void History::enter(MessageIndex index) {
  for_each_op(index, [this](Place place, const Operation& op) { visit(place, op, Step::Enter); });
}

/// Last op first, so that each stands at the end of its logs when the message does.
void History::leave(MessageIndex index) {
  std::vector<Place> places;
  for_each_op(index, [&](Place place, const Operation&) { places.push_back(place); });
  Operation op;
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    decode_at(messages_, *place, op);
    visit(*place, op, Step::Leave);
  }
}

void History::toggle(MessageIndex index) {
  const bool outer = std::exchange(tree_toggled_, false);
  for_each_op(index, [this](Place place, const Operation& op) { visit(place, op, Step::Toggle); });
  tree_toggled_ = outer;
}

void History::settle() {
  // What was taken out may have stood before all that is left: the slot is replayed whole.
  texts_.settle([this](TextId id) { slots_.replay(texts_.slot_of(id), Place{}); });
  if (texts_.take_conflict()) touches_stale_ = true;
  retouch();
}

void History::raise_entry(std::vector<std::uint64_t>& clock, NameId client, std::uint64_t number) {
  if (client >= clock.size()) clock.resize(client + 1, kNoNumber);
  if (clock[client] == kNoNumber || clock[client] < number) clock[client] = number;
}

void History::see_clock(NameId client, std::uint64_t number) {
  raise_entry(clock_, client, number);
}

std::uint64_t History::clock_of(NameId client) const {
  return client < clock_.size() && clock_[client] != kNoNumber ? clock_[client] : 0;
}

std::vector<MessageIndex> History::in_order() const {
  std::vector<MessageIndex> order;
  for (MessageIndex index = 0; index < messages_.capacity(); ++index) {
    if (messages_[index].live && !messages_[index].pending) order.push_back(index);
  }
  sort_range(order.begin(), order.end(), [this](MessageIndex a, MessageIndex b) {
    return messages_.compare_messages(a, b) < 0;
  });
  return order;
}

bool History::write_messages(const std::vector<MessageIndex>& messages, Bytes& out) {
  std::size_t bytes = 16;
  for (const MessageIndex index : messages) bytes += messages_.encoded_bytes(index);
  if (!make_room(out, bytes)) return false;
  for (const MessageIndex index : messages) messages_.encode(index, out);
  return true;
}

bool History::write_journal(Bytes& out) {
  if (!can_allocate(64 + 16 * std::size_t{messages_.capacity()}) || !make_room(out, 16))
    return false;
  const std::vector<MessageIndex> order = in_order();
  MsgWriter(out).array(static_cast<std::uint32_t>(order.size()));
  return write_messages(order, out);
}

void History::watch() {
  graph_.changes().feed = true;
  texts_.watch();
}

void History::check() const {
  graph_.check();
  slots_.check();
  tree_.check();
  texts_.check();
  for (MessageIndex index = 0; index < messages_.capacity(); ++index) {
    const MessageRecord& record = messages_[index];
    if (!record.live || record.pending) continue;
    RTC_ASSERT(messages_.find(record.id()) == index);
    RTC_ASSERT(record.undone == (!record.has_meta && verdicts_.is_undone(record.id())));
  }
}

// ---- the digest: of the committed document

void History::exclude_pending(bool excluded) {
  if (!has_pending()) return;
  messages_[pending_].undone = excluded;
  toggle(pending_);
  settle();
}

Hash History::digest() {
  Hash hash{};
  if (has_pending() && !reserve_replay()) return hash;
  exclude_pending(true);
  if (!digest_.digest(graph_, slots_, texts_, pending_, hash)) hash = Hash{};
  exclude_pending(false);
  return hash;
}

}  // namespace vuer_rtc
