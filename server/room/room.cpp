// The room's spine: loading, the inbox, batches and their commits. What each frame does is in
// room_frames.cpp, what time does in room_upkeep.cpp.
#include "room/room.hpp"

#include <algorithm>

#include "room/answer.hpp"

namespace vuer_rtc::server {

Room::Room(std::string epoch, const RoomOptions& options)
    : options_(options), document_(options.limits), epoch_(std::move(epoch)) {}

Result<std::unique_ptr<Room>> Room::load(LogContent stored, std::string epoch,
                                         const RoomOptions& options) {
  if (!stored.epoch.empty()) epoch = stored.epoch;
  std::unique_ptr<Room> room(new Room(std::move(epoch), options));
  if (Status status = room->restore(std::move(stored)); !status) return status.error();
  return room;
}

Status Room::restore(LogContent stored) {
  const Result<FoldedState> folded = folded_of(stored.state);
  if (!folded) return folded.error();
  if (!stored.snapshot.empty()) {
    if (Status status = document_.load(stored.snapshot); !status) return status;
    for (const auto& [client, number] : document_.clock()) folded_clock_[client] = number;
  }
  if (document_.stable() != folded->stable)
    return make_error(ErrorCode::BadSnapshot, "snapshot: another line");
  for (Bytes& bytes : stored.entries) {
    Result<Message> message = decode_message(bytes, options_.limits);
    if (!message) return message.error();
    Result<Received> received = document_.receive(*message);
    if (!received) return received.error();
    if (*received != Received::Applied)
      return make_error(ErrorCode::BadMessage, "journal: a message twice");
    journal_.append(*message, std::make_shared<const Bytes>(std::move(bytes)));
  }
  if (Status status = door_.load(stored.authors, document_.lt()); !status) return status;
  cleared_ = std::move(stored.cleared);
  server_seq_ = committed_seq_ = stored.last_seq;
  folded_seq_ = folded->folded_seq;
  committed_stable_ = folded->stable;
  return {};
}

void Room::join(ConnectionId connection, Join join) { push(JoinItem{connection, std::move(join)}); }

void Room::receive(ConnectionId connection, Encoding encoding, Frame frame, Now now) {
  Member* member = members_.find(connection);
  const bool at_once =
      std::holds_alternative<HeartbeatFrame>(frame) || std::holds_alternative<PresenceFrame>(frame);
  if (member != nullptr && at_once && !failed_) {
    FrameItem item{connection, encoding, std::move(frame), now};
    handle(item, now);
    return;
  }
  push(FrameItem{connection, encoding, std::move(frame), now});
}

/// At once, as answers to heartbeats are, so that one connection's stay in their order.
void Room::refuse(ConnectionId connection, Encoding encoding, Refusal refusal) {
  RefuseItem item{connection, encoding, std::move(refusal)};
  if (members_.find(connection) != nullptr && !failed_) return handle(item, {});
  push(std::move(item));
}

void Room::leave(ConnectionId connection) {
  presence_.drop(connection);
  push(LeaveItem{connection});
}

void Room::clear(std::string epoch) { push(ClearItem{std::move(epoch)}); }
void Room::compact() { push(CompactItem{}); }
void Room::ask(std::function<void(Room*)> question) { push(Question{std::move(question)}); }

/// What an item adds to waiting_bytes().
std::size_t Room::bytes_of(const Item& item) {
  if (const auto* write = std::get_if<WriteItem>(&item)) return write->message.size();
  const auto* frame = std::get_if<FrameItem>(&item);
  const auto* crdt = frame == nullptr ? nullptr : std::get_if<CrdtFrame>(&frame->frame);
  return crdt == nullptr ? 0 : crdt->message.size();
}

void Room::push(Item item) {
  if (!failed_) {
    inbox_bytes_ += bytes_of(item);
    inbox_.push_back(std::move(item));
  } else if (const auto* join = std::get_if<JoinItem>(&item)) {
    now_.push_back(Close{join->connection, CloseCode::kTryLater,
                         "retryAfter=" + std::to_string(kRetryAfterMs)});
  } else if (const auto* question = std::get_if<Question>(&item)) {
    question->ask(nullptr);
  } else if (const auto* write = std::get_if<WriteItem>(&item)) {
    write->done(make_error(ErrorCode::Storage));
  }
}

bool Room::needs_committed(const Item& item) {
  if (const auto* frame = std::get_if<FrameItem>(&item))
    return !std::holds_alternative<CrdtFrame>(frame->frame);
  return !std::holds_alternative<RefuseItem>(item) && !std::holds_alternative<LeaveItem>(item) &&
         !std::holds_alternative<WriteItem>(item);
}

std::vector<Action> Room::take_actions(Now now) {
  if (presence_.has_changes()) send_presence(now);
  process(now);
  return std::exchange(now_, {});
}

/// The ids an item speaks of that only the log knows.
std::vector<std::string> Room::unknown_ids(const Item& item) const {
  std::vector<std::string> unknown;
  const auto consider = [&](std::string_view id) {
    if (door_.must_recall(id)) unknown.emplace_back(id);
  };
  if (const auto* write = std::get_if<WriteItem>(&item)) {
    consider(readable_id(write->message));
  } else if (const auto* join = std::get_if<JoinItem>(&item)) {
    if (join->join.resume) consider(join->join.resume->at);
  } else if (const auto* frame = std::get_if<FrameItem>(&item)) {
    const auto* crdt = std::get_if<CrdtFrame>(&frame->frame);
    if (crdt != nullptr) consider(readable_id(crdt->message));
    const auto* offer = std::get_if<OfferFrame>(&frame->frame);
    if (offer != nullptr) std::for_each(offer->ids.begin(), offer->ids.end(), consider);
  }
  return unknown;
}

/// For everything that waits, so that one look into the log serves all of it.
void Room::recall() {
  door_.begin_recall();
  for (const Item& item : inbox_) {
    for (std::string& id : unknown_ids(item)) recalling_.push_back(std::move(id));
  }
  now_.push_back(Recall{recalling_});
}

void Room::on_recalled(const Result<std::vector<LogRow>>& rows) {
  const std::vector<std::string> asked = std::exchange(recalling_, {});
  if (!rows || !door_.recall(asked, *rows)) on_commit_failed();
}

/// Works through the inbox until a commit is under way. Messages gather in one batch; whatever must
/// see committed data closes the batch first, and so does what has to be looked up.
void Room::process(Now now) {
  bool is_unknown = false;
  while (may_go_on() && !inbox_.empty()) {
    is_unknown = !unknown_ids(inbox_.front()).empty();
    if (is_unknown) break;
    const bool full =
        batch_bytes_ >= options_.batch_bytes || batch_.entries.size() >= options_.batch_messages;
    if (!batch_.entries.empty() && (full || needs_committed(inbox_.front()))) break;
    Item item = std::move(inbox_.front());
    inbox_.pop_front();
    inbox_bytes_ -= bytes_of(item);
    to_after_ = true;
    std::visit([&](auto& one) { handle(one, now); }, item);
    to_after_ = false;
  }
  if (in_flight_) return;
  if (!batch_.entries.empty()) return close_batch(now);
  let_go();
  if (is_unknown) recall();
}

/// What waited for the disk leaves.
void Room::let_go() {
  std::move(after_.begin(), after_.end(), std::back_inserter(now_));
  after_.clear();
  for (auto& [done, entry] : std::exchange(written_, {})) done(std::move(entry));
}

void Room::close_batch(Now now) {
  batch_.epoch = epoch_;
  batch_.last_seq = server_seq_;
  batch_.end_time = now.wall;
  batch_bytes_ = 0;
  if (options_.relaxed) let_go();
  commit(std::exchange(batch_, {}));
}

void Room::commit(LogWrite write) {
  in_flight_ = true;
  now_.push_back(Commit{std::move(write)});
}

void Room::on_committed(Now now) {
  in_flight_ = false;
  committed_seq_ = server_seq_;
  const bool line_rose = committed_stable_ != document_.stable();
  committed_stable_ = document_.stable();
  let_go();
  if (line_rose) send_line(now);
}

void Room::on_commit_failed() {
  failed_ = true;
  in_flight_ = false;
  after_.clear();
  const std::string reason = "retryAfter=" + std::to_string(kRetryAfterMs);
  for (const auto& [connection, member] : members_.all()) {
    now_.push_back(Close{connection, CloseCode::kTryLater, reason});
  }
  members_ = {};
  for (auto& [done, entry] : std::exchange(written_, {})) done(make_error(ErrorCode::Storage));
  for (Item& item : std::exchange(inbox_, {})) push(std::move(item));
  inbox_bytes_ = 0;
}

void Room::handle(JoinItem& item, Now now) {
  if (const auto other = members_.connection_of(item.join.client)) {
    presence_.drop(*other);
    members_.remove(*other);
    emit(Close{*other, CloseCode::kReplaced, "the same sessionId connected again"});
  }
  if (options_.max_members != 0 && members_.size() >= options_.max_members) {
    emit(Close{item.connection, CloseCode::kRoomFull, "room full"});
    return;
  }
  Member member;
  member.connection = item.connection;
  member.client = item.join.client;
  member.compact = item.join.compact;
  member.legacy = item.join.legacy;
  member.encoding = item.join.encoding;
  member.right = item.join.right;
  Member& added = members_.add(std::move(member));
  const std::uint64_t since = item.join.resume ? item.join.resume->since : 0;
  send_state(added, answer_to(item.join.resume), since, now);
}

void Room::handle(FrameItem& item, Now) {
  Member* member = members_.find(item.connection);
  if (member == nullptr) return;
  member->encoding = item.encoding;
  const std::size_t kind = item.frame.index();
  fault_.reset();
  std::visit([&](auto& frame) { on(*member, frame, item.now); }, item.frame);
  if (options_.on_result) options_.on_result(kind, fault_);
}

void Room::handle(RefuseItem& item, Now) {
  Member* member = members_.find(item.connection);
  if (member == nullptr) return;
  member->encoding = item.encoding;
  const Refusal& refusal = item.refusal;
  if (options_.on_result) options_.on_result(kFrameNames.size(), refusal.error.code);
  send(*member, error_frame({refusal.id, refusal.error.code, refusal.error.text, std::nullopt,
                             refusal.retry_after}));
}

void Room::handle(LeaveItem& item, Now) { members_.remove(item.connection); }
void Room::handle(Question& item, Now) { item.ask(this); }

void Room::send(const Member& member, SharedFrame frame, Delivery delivery) {
  emit(Send{std::move(frame), {{member.connection, member.encoding}}, delivery});
}

}  // namespace vuer_rtc::server
