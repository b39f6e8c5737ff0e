#include "protocol/yjs/room.hpp"

#include <algorithm>
#include <cstdlib>

#include "protocol/yjs/close_code.hpp"
#include "protocol/yjs/compaction.hpp"
#include "protocol/yjs/json.hpp"

namespace vuer_rtc::yjs {
namespace {

constexpr std::int64_t kKeepalive =
    20'000;  // milliseconds in which a client wants to hear something
constexpr std::int64_t kAskAgain = 10'000;
constexpr std::size_t kMostAwarenessBytes = 50'000;
constexpr std::size_t kMostLogRows = 500, kMostLogBytes = 1u << 20;
constexpr std::size_t kRowCost =
    256;  // what a row costs at loading, compared with bytes of snapshot
constexpr std::size_t kLeastLogShare = 8;  // of the snapshot, before another is worth it
constexpr std::size_t kStructCost = sizeof(Struct) + 16;
constexpr std::size_t kHeadBytes = 12;  // of an average struct, on the wire

std::shared_ptr<const Bytes> shared(Bytes bytes) {
  return std::make_shared<const Bytes>(std::move(bytes));
}

/// The update inside of a frame that was made for it.
Slice payload_of(const std::shared_ptr<const Bytes>& frame, std::size_t size) {
  return {frame, static_cast<std::uint32_t>(frame->size() - size),
          static_cast<std::uint32_t>(size)};
}

bool is_larger_than(const Store& store, const StateVector& from, std::size_t limit) {
  std::size_t size = 0;
  for (const auto& [client, line] : store.lines()) {
    for (auto one = line.find_behind(from.at(client)); one != line.structs.end(); ++one) {
      size += one->content.size + kHeadBytes;
      if (size > limit) return true;
    }
  }
  return false;
}

std::size_t cost_of(const Update& update) {
  std::size_t cost = update.bytes.size;
  for (const auto& block : update.structs) cost += (1 + block.entries.size()) * kStructCost;
  for (const auto& block : update.deletes)
    cost += kStructCost + block.entries.size() * sizeof(Range);
  return cost;
}

}  // namespace

Fault Room::load(Bytes snapshot, std::vector<Bytes> entries, std::vector<Bytes>& damaged) {
  snapshot_bytes_ = snapshot.size();
  log_rows_ = entries.size();
  if (!snapshot.empty())
    if (const Fault fault = add_stored(whole(std::move(snapshot))); fault != Fault::None)
      return fault;
  for (Bytes& entry : entries) {
    log_bytes_ += entry.size();
    const Slice bytes = whole(std::move(entry));
    if (add_stored(bytes) == Fault::None) continue;
    const ByteSpan view = bytes.view();
    damaged.emplace_back(view.begin(), view.end());
  }
  return Fault::None;
}

Fault Room::add_stored(const Slice& bytes) {
  Update update;
  const Fault fault = read_update(bytes, update);
  if (fault != Fault::None) return fault;
  content_bytes_ += cost_of(update);
  store_.add(update);
  return Fault::None;
}

void Room::join(ConnectionId connection, Joining joining, std::int64_t now) {
  now_ = now;
  Member& member = members_[connection];
  member.joining = joining;
  member.heard_at = member.sent_at = now;
  send(connection, sync_message(Sync::Step1, store_.vector().write()), net::Weight::JoinData);
  const std::vector<Presence> live = awareness_.live();
  if (!live.empty()) send(connection, awareness_message(live, false), net::Weight::JoinData);
}

/// The message with a fault has no effect, those before it have.
void Room::receive(ConnectionId connection, std::string_view frame, std::int64_t now) {
  const auto found = members_.find(connection);
  if (found == members_.end() || found->second.is_closed) return;
  Member& member = found->second;
  member.heard_at = now_ = now;
  Reader reader(frame);
  if (frame.empty()) reader.fail(Fault::Message);
  while (reader.left() != 0) {
    const Message message = read_message(reader, member.joining.face);
    if (!reader.ok()) break;
    figures_.messages.add(kind_of(message));
    reader.fail(handle(connection, member, message));
  }
  if (!reader.ok()) refuse(connection, reader.fault(), fault_name(reader.fault()));
  consider_compaction();
}

void Room::refuse_text(ConnectionId connection) {
  refuse(connection, Fault::Message, "text frame");
}

void Room::refuse(ConnectionId connection, Fault fault, std::string_view why) {
  figures_.refused.add(fault);
  close(connection, kMalformed, "malformed: " + std::string(why));
}

Fault Room::handle(ConnectionId id, Member& member, const Message& message) {
  switch (message.type) {
    case Type::Sync:
      if (message.sync == Sync::Step1) return answer_vector(id, member, message.payload);
      return take_update(id, member, message.payload);
    case Type::Awareness:
      take_presence(id, member, message);
      return Fault::None;
    case Type::QueryAwareness:
      send(id, awareness_message(awareness_.live(), member.is_bare));
      return Fault::None;
    case Type::Custom:
      if (member.joining.face == Face::Zeal) relay(id, message.payload);
      return Fault::None;
    case Type::Auth:
      if (member.joining.face == Face::Zeal)
        emit(Identify{id, std::string(as_text(message.payload))});
      return Fault::None;
    case Type::DurableMark:
      if (member.joining.face == Face::Yjs) send(id, mark_message(message.payload));
      return Fault::None;
  }
  return Fault::None;  // a type nobody here knows
}

/// A client counts as synced once it got step 2, so that comes last or alone.
Fault Room::answer_vector(ConnectionId id, Member& member, ByteSpan payload) {
  Reader reader(payload);
  const StateVector from = read_vector(reader);
  if (!reader.ok()) return reader.fault();
  member.chunks.reset();
  if (is_larger_than(store_, from, options_.chunk_bytes)) {
    member.chunks = std::make_unique<Chunks>(store_, from);
    send_chunk(id, member);
    send_chunk(id, member);
    return Fault::None;
  }
  Sync kind = Sync::Step2;
  for (const Bytes& part : store_.wire(from)) {
    send_answer(id, kind, part);
    kind = Sync::Update;
  }
  return Fault::None;
}

void Room::send_chunk(ConnectionId id, Member& member) {
  if (!member.chunks) return;
  const Bytes chunk = member.chunks->next(options_.chunk_bytes);
  const Sync kind = member.chunks->done() ? Sync::Step2 : Sync::Update;
  if (member.chunks->done()) member.chunks.reset();
  send_answer(id, kind, chunk);
}

void Room::send_answer(ConnectionId id, Sync kind, ByteSpan update) {
  ++figures_.answers;
  figures_.answer_bytes += update.size();
  send(id, sync_message(kind, update), net::Weight::JoinData);
}

void Room::drained(ConnectionId connection, std::int64_t now) {
  now_ = now;
  const auto found = members_.find(connection);
  if (found == members_.end()) return;
  send_chunk(connection, found->second);
  send_chunk(connection, found->second);
}

bool Room::has_room_for(const Update& update) const {
  return content_bytes_ + cost_of(update) <= options_.content_bytes;
}

/// What is new goes to the disk and to the others: as it came if all of it was.
Fault Room::take_update(ConnectionId id, Member& member, ByteSpan payload) {
  if (!member.joining.may_write) {
    figures_.updates.add(UpdateResult::ReadOnly);
    if (!std::exchange(member.was_denied, true)) send(id, denied_message("read-only"));
    return Fault::None;
  }
  const auto frame = shared(sync_message(Sync::Update, payload));
  Update update;
  const Fault fault = read_update(payload_of(frame, payload.size()), update);
  if (fault != Fault::None) return fault;
  if (!has_room_for(update)) {
    figures_.updates.add(UpdateResult::Full);
    return close(id, kStorage, "storage"), Fault::None;
  }
  const Delta delta = store_.add(update);
  figures_.updates.add(delta.empty() ? UpdateResult::Known : UpdateResult::Accepted);
  if (delta.empty()) return Fault::None;
  content_bytes_ += cost_of(update);
  if (delta.is_all_new && update.is_clean) {
    forward(id, member, update.bytes, frame);
  } else {
    for (const Bytes& part : delta.news.wire()) {
      const auto own = shared(sync_message(Sync::Update, part));
      forward(id, member, payload_of(own, part.size()), own);
    }
  }
  if (delta.has_hole) ask_for_missing(id, member);
  return Fault::None;
}

void Room::forward(ConnectionId from, const Member& member, Slice update,
                   std::shared_ptr<const Bytes> frame) {
  accepted_++;
  waiting_bytes_ += update.size;
  entries_.push_back(std::move(update));
  std::vector<ConnectionId> to;
  for (const auto& [id, other] : members_)
    if (id != from || member.joining.echo) to.push_back(id);
  if (!options_.forward_early) return send(std::move(to), std::move(frame), net::Weight::Ordered);
  for (const ConnectionId id : to) members_.at(id).sent_at = now_;
  early_.push_back(Send{std::move(to), std::move(frame), net::Weight::Ordered});
}

/// Something it sent stands behind clocks that never came.
void Room::ask_for_missing(ConnectionId id, Member& member) {
  if (member.asked_at && now_ - *member.asked_at < kAskAgain) return;
  member.asked_at = now_;
  send(id, sync_message(Sync::Step1, store_.vector().write()));
}

void Room::take_presence(ConnectionId id, Member& member, const Message& message) {
  member.is_bare = message.is_bare;
  if (message.payload.size() > kMostAwarenessBytes) {
    ++figures_.dropped_presence;
    return;
  }
  const std::uint64_t dropped = awareness_.dropped();
  send_presence(awareness_.apply(message.presence, id, now_));
  figures_.dropped_presence += awareness_.dropped() - dropped;
}

/// Everybody gets the form it uses itself; the sender lives on the echo of its own renewals.
void Room::send_presence(std::span<const Presence> entries) {
  if (entries.empty()) return;
  for (const bool is_bare : {false, true}) {
    std::vector<ConnectionId> to;
    for (const auto& [id, member] : members_)
      if (member.is_bare == is_bare) to.push_back(id);
    send(std::move(to), shared(awareness_message(entries, is_bare)), net::Weight::Presence);
  }
}

void Room::relay(ConnectionId from, ByteSpan json) {
  if (const auto texts = json_texts(as_text(json)); texts) {
    const auto type = texts->find("type");
    if (type != texts->end() && type->second == "heartbeat") return;
  }
  Writer writer;
  writer.var_uint(static_cast<std::uint64_t>(Type::Custom));
  writer.var_bytes(json);
  std::vector<ConnectionId> to;
  for (const auto& [id, member] : members_)
    if (id != from && member.joining.face == Face::Zeal) to.push_back(id);
  send(std::move(to), shared(writer.take()), net::Weight::Ordered);
}

void Room::set_right(ConnectionId connection, bool may_write) {
  const auto found = members_.find(connection);
  if (found != members_.end()) found->second.joining.may_write = may_write;
}

void Room::leave(ConnectionId connection, std::int64_t now) {
  now_ = now;
  if (members_.erase(connection) == 0) return;
  send_presence(awareness_.leave(connection));
}

void Room::tick(std::int64_t now) {
  now_ = now;
  send_presence(awareness_.expire(now));
  for (auto& [id, member] : members_) {
    if (now - member.heard_at >= options_.client_timeout) {
      close(id, kIdle, "idle");
    } else if (now - member.sent_at >= kKeepalive) {
      send(id, awareness_message({}, member.is_bare));
    }
  }
}

/// Its cost grows with the room, so a large room waits for a larger log.
void Room::consider_compaction() {
  const bool is_long =
      log_rows_ + entries_.size() > kMostLogRows || log_bytes_ + waiting_bytes_ > kMostLogBytes;
  const std::size_t weight = (log_rows_ + entries_.size()) * kRowCost + log_bytes_ + waiting_bytes_;
  if (is_long && weight * kLeastLogShare > snapshot_bytes_) compact();
}

/// What the structs stood in before can go: from here on they are views into the snapshot.
Slice Room::take_snapshot() {
  Slice bytes = whole(options_.keep_history ? store_.encode() : compacted(store_));
  Update update;
  if (read_update(bytes, update) != Fault::None) std::abort();  // our own bytes
  store_ = {};
  store_.add(update);
  content_bytes_ = cost_of(update);
  ++figures_.compactions;
  figures_.saved_bytes +=
      std::max(log_bytes_ + snapshot_bytes_, std::size_t{bytes.size}) - bytes.size;
  snapshot_bytes_ = bytes.size;
  log_rows_ = log_bytes_ = 0;
  wants_snapshot_ = false;
  return bytes;
}

void Room::on_committed() {
  in_flight_ = false;
  committed_ = writing_;
}

void Room::on_commit_failed() {
  failed_ = true;
  outbox_.clear();
  accepted_ = committed_;
  for (const auto& [id, member] : members_) emit(Close{id, kStorage, "storage"});
}

std::vector<Action> Room::take_actions() {
  std::vector<Action> actions = std::exchange(early_, {});
  if (!in_flight_ && !failed_ && !settled()) {
    Write write;
    in_flight_ = true;
    writing_ = accepted_;
    log_rows_ += entries_.size();
    log_bytes_ += std::exchange(waiting_bytes_, 0);
    write.entries = std::exchange(entries_, {});
    if (wants_snapshot_) write.snapshot = take_snapshot();
    actions.push_back(std::move(write));
  }
  for (; !outbox_.empty() && outbox_.front().behind <= committed_; outbox_.pop_front())
    actions.push_back(std::move(outbox_.front().action));
  return actions;
}

void Room::send(ConnectionId to, Bytes frame, net::Weight weight) {
  send(std::vector{to}, shared(std::move(frame)), weight);
}

void Room::send(std::vector<ConnectionId> to, std::shared_ptr<const Bytes> frame,
                net::Weight weight) {
  for (const ConnectionId id : to) members_.at(id).sent_at = now_;
  if (!to.empty()) emit(Send{std::move(to), std::move(frame), weight});
}

void Room::close(ConnectionId connection, int code, std::string reason) {
  const auto found = members_.find(connection);
  if (found == members_.end() || std::exchange(found->second.is_closed, true)) return;
  emit(Close{connection, code, std::move(reason)});
}

}  // namespace vuer_rtc::yjs
