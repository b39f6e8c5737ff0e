// The connection: messages and acknowledgements coming in, the line, states and reloads (law,
// section 8).
#include <algorithm>

#include "base/assert.hpp"
#include "base/memory.hpp"
#include "store/author.hpp"

namespace vuer_rtc {

namespace {
constexpr std::uint32_t kHistoryBound = 100'000;  // messages kept where no server raises a line
}  // namespace

Result<Received> Author::receive(ByteSpan message) {
  MsgReader reader(message);
  if (Status status = replica().decode(reader); !status) return status.error();
  if (!reader.at_end()) return make_error(ErrorCode::BadMessage, "message: bytes follow it");
  return take();
}

Result<std::uint32_t> Author::receive_all(ByteSpan messages) {
  MsgReader reader(messages);
  std::uint32_t count = 0;
  while (!reader.at_end()) {
    if (Status status = replica().decode(reader); !status) return status.error();
    const auto received = take();
    if (!received) return received.error();
    ++count;
  }
  return count;
}

/// Room for what the arrival of one message leaves behind here.
bool Author::can_arrive() const {
  return can_allocate(growth_of(own_, 1) + growth_of(arrived_, 1) + growth_of(lines_, 1));
}

Result<Received> Author::take() {
  const MessageView& view = replica().view;
  if (!can_arrive()) return make_error(ErrorCode::OutOfMemory);
  const std::uint64_t server_seq = view.server_seq;
  const std::int64_t stable = view.stable;
  const MessageIndex known = history().find(view.id);
  if (known != kNoMessage && server_seq != 0 && is_unacked(known) &&
      history().is_same(known, view)) {
    if (Status status = settle_ack(known, view.lt, server_seq, stable); !status)
      return status.error();
    return Received::Duplicate;
  }
  const bool is_own = view.client == client_;
  if (known == kNoMessage && server_seq == 0 && is_below_bound(view)) return take_on_top();
  const auto received = replica().take();
  if (!received) return received;
  if (*received == Received::Applied && is_own) insert_own(history().find(view.id));
  if (*received != Received::Folded) note_arrival(server_seq, stable);
  refresh_pending();
  raise_bound();
  return received;
}

bool Author::is_unacked(MessageIndex index) const {
  return history().messages()[index].client == self_ &&
         std::find(unacked_.begin(), unacked_.end(), index) != unacked_.end();
}

/// An own message that comes back from elsewhere takes its place among the own ones.
void Author::insert_own(MessageIndex index) {
  revived_ = kUnknown;
  const auto at = std::partition_point(
      own_.begin(), own_.end(), [&](MessageIndex i) { return number_of(i) < number_of(index); });
  own_.insert(at, index);
}

void Author::refresh_pending() { history().set_pending_lt(history().lt() + 1); }

// ---- without a server: a bound on the history

bool Author::is_below_bound(const MessageView& view) const {
  return upto_ == 0 && line_ == kNoLine && static_cast<std::int64_t>(view.lt) <= history().stable();
}

/// Below what was kept: on top, by the lww comparison. A copy of a folded message is known by its
/// author's number.
Result<Received> Author::take_on_top() {
  const MessageView& view = replica().view;
  const auto number = own_number(view);
  const NameId author = history().messages().clients().intern(view.client);
  if (number && *number <= history().folded_number(author)) return Received::Folded;
  if (!history().reserve(view.ops.size() + 512, view.op_count))
    return make_error(ErrorCode::OutOfMemory);
  history().add_on_top(view);
  return Received::OnTop;
}

void Author::raise_bound() {
  if (upto_ != 0 || line_ != kNoLine || history().messages().count() <= kHistoryBound) return;
  const auto lt_of = [this](MessageIndex index) { return history().messages()[index].lt; };
  // Where one without an ack stands at the line already, ordering all would find nothing to fold.
  if (!unacked_.empty() &&
      static_cast<std::int64_t>(lt_of(unacked_.front())) <= history().stable() + 1)
    return;
  if (!history().reserve_replay()) return;  // a later message tries again
  const auto order = history().in_order();
  std::uint64_t lt = lt_of(order[order.size() / 10]);
  for (const MessageIndex index : unacked_) lt = std::min(lt, lt_of(index) - 1);
  fold_to(static_cast<std::int64_t>(lt));
}

// ---- acknowledgements

Status Author::ack(std::string_view id, std::uint64_t lt, std::uint64_t server_seq,
                   std::int64_t stable) {
  const MessageIndex index = history().find(id);
  if (index == kNoMessage || !is_unacked(index)) return {};
  const std::uint64_t place = server_seq == 0 ? history().messages()[index].lt : lt;
  if (place > kMaxInteger) return make_error(ErrorCode::BadMessage, "lt: over 2^53-1");
  return settle_ack(index, place, server_seq, stable);
}

/// An ack that moves nothing needs no memory to speak of.
bool Author::can_settle(MessageIndex index, std::uint64_t lt) const {
  const MessageRecord& record = history().messages()[index];
  const std::int64_t floor = std::max(line_, static_cast<std::int64_t>(lt));
  return record.lt == lt && !record.has_meta &&
         static_cast<std::int64_t>(lt) > history().stable() &&
         std::none_of(unacked_.begin(), unacked_.end(), [&](MessageIndex later) {
           return later != index &&
                  static_cast<std::int64_t>(history().messages()[later].lt) <= floor;
         });
}

Status Author::settle_ack(MessageIndex index, std::uint64_t lt, std::uint64_t server_seq,
                          std::int64_t stable) {
  if (!can_arrive() || (!can_settle(index, lt) && !history().reserve_replay()))
    return make_error(ErrorCode::OutOfMemory);
  unacked_.erase(std::find(unacked_.begin(), unacked_.end(), index));
  const bool is_folded = static_cast<std::int64_t>(lt) <= history().stable();
  if (server_seq != 0) history().stamp(index, server_seq, stable);
  std::vector<History::Move> moves;
  if (!is_folded && history().messages()[index].lt != lt) moves.push_back({index, lt});
  history().see_lt(lt);
  collect_lifts(static_cast<std::int64_t>(lt), moves);
  if (!moves.empty()) history().move(moves);
  if (is_folded) {
    forget(index);
    history().remove(index);
  }
  note_arrival(server_seq, stable);
  refresh_pending();
  return {};
}

/// Own unacknowledged messages cannot stay at or below the line or an acknowledged own one: the
/// first that must move up takes all later ones with it, in order.
void Author::collect_lifts(std::int64_t floor, std::vector<History::Move>& moves) {
  const std::int64_t limit = std::max(line_, floor);
  bool moving = false;
  std::uint64_t lt = history().lt();
  for (const MessageIndex index : unacked_) {
    moving = moving || static_cast<std::int64_t>(history().messages()[index].lt) <= limit;
    if (!moving) return;
    moves.push_back({index, ++lt});
  }
}

void Author::lift_unacked() {
  std::vector<History::Move> moves;
  collect_lifts(kNoLine, moves);
  if (!moves.empty()) history().move(moves);
}

void Author::forget(MessageIndex index) {
  revived_ = kUnknown;
  own_.erase(std::remove(own_.begin(), own_.end(), index), own_.end());
  unacked_.erase(std::remove(unacked_.begin(), unacked_.end(), index), unacked_.end());
}

// ---- the line

void Author::note_arrival(std::uint64_t server_seq, std::int64_t stable) {
  if (server_seq == 0) return;
  if (server_seq > upto_) {
    arrived_.insert(std::lower_bound(arrived_.begin(), arrived_.end(), server_seq), server_seq);
  }
  auto next = arrived_.begin();
  for (; next != arrived_.end() && *next <= upto_ + 1; ++next) upto_ = std::max(upto_, *next);
  arrived_.erase(arrived_.begin(), next);
  learn(server_seq, stable);
}

/// A line may be used once every message up to the serverSeq it came with is here.
void Author::learn(std::uint64_t server_seq, std::int64_t stable) {
  // The server raises its line seldom: one that came earlier says the same.
  const bool is_known = std::any_of(lines_.begin(), lines_.end(), [&](const Line& line) {
    return line.server_seq <= server_seq && line.stable >= stable;
  });
  if (stable > line_ && !is_known) lines_.push_back({server_seq, stable});
  const auto is_usable = [this](const Line& line) {
    if (line.server_seq <= upto_) line_ = std::max(line_, line.stable);
    return line.server_seq <= upto_;
  };
  lines_.erase(std::remove_if(lines_.begin(), lines_.end(), is_usable), lines_.end());
}

Status Author::compact() {
  if (line_ <= history().stable()) return {};
  if (!history().reserve_replay()) return make_error(ErrorCode::OutOfMemory);
  // What comes next stands above the line, also above one that no message here has reached.
  history().see_lt(static_cast<std::uint64_t>(line_));
  lift_unacked();
  refresh_pending();
  // The server will accept own undos under this line or a higher one: what is folded now is out of
  // their reach.
  for (const MessageIndex index : unacked_) {
    if (history().messages()[index].has_meta) history().stamp(index, 0, line_);
  }
  history().stamp_pending(line_);
  fold_to(line_);
  return {};
}

void Author::fold_to(std::int64_t line) {
  const auto is_folded = [&](MessageIndex index) {
    return static_cast<std::int64_t>(history().messages()[index].lt) <= line;
  };
  own_.erase(std::remove_if(own_.begin(), own_.end(), is_folded), own_.end());
  undoable_.clear();
  revived_ = kUnknown;
  history().raise_line(line);
}

// ---- messages the server refused for good

/// Does a later message need units or messages of those that go?
bool Author::builds_on(MessageIndex later, const std::vector<MessageIndex>& gone) {
  bool needs = false;
  history().for_each_reference(later, [&](MessageIndex used) {
    needs = needs || std::find(gone.begin(), gone.end(), used) != gone.end();
  });
  return needs;
}

Result<Bytes> Author::reject(std::string_view id) {
  Bytes out;
  const MessageIndex first = history().find(id);
  if (first == kNoMessage || !is_unacked(first)) return out;
  std::vector<MessageIndex> gone{first};
  const auto from = std::find(unacked_.begin(), unacked_.end(), first);
  for (auto later = std::next(from); later != unacked_.end(); ++later) {
    if (builds_on(*later, gone)) gone.push_back(*later);
  }
  std::vector<std::uint64_t> numbers;
  for (const MessageIndex index : gone) numbers.push_back(number_of(index));
  if (!history().write_messages(gone, out) || !history().reserve_replay())
    return make_error(ErrorCode::OutOfMemory);
  for (auto index = gone.rbegin(); index != gone.rend(); ++index) {
    forget(*index);
    history().remove(*index);
  }
  renumber_unacked(numbers);
  return out;
}

/// The server never counted the refused ones: those still to be sent follow its last number without
/// a gap. What was acknowledged out of turn keeps its number.
void Author::renumber_unacked(const std::vector<std::uint64_t>& gone) {
  for (const MessageIndex index : unacked_) {
    const std::uint64_t number = number_of(index);
    std::uint64_t below = 0;
    for (const std::uint64_t other : gone) below += other < number;
    history().renumber(index, number - below);
  }
  std::uint64_t last = history().clock_of(self_) - gone.size();
  for (const MessageIndex index : own_) last = std::max(last, number_of(index));
  history().set_clock(self_, last);
  history().renumber_pending();
}

}  // namespace vuer_rtc
