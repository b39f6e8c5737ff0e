// What each frame does: messages through the door, questions answered from the committed document.
#include <algorithm>

#include "room/answer.hpp"
#include "room/bloom.hpp"
#include "room/room.hpp"

namespace vuer_rtc::server {
namespace {

/// Steps over a map of any values; false when one of them is nested deeper than `depth`.
bool skip_fields(MsgReader& reader, int depth) {
  std::uint32_t fields = 0;
  if (reader.peek() != MsgType::Map) return reader.skip(depth);
  if (!reader.read_map(fields)) return false;
  for (std::uint32_t i = 0; i < 2 * fields; ++i) {
    if (!reader.skip(depth)) return false;
  }
  return true;
}

/// No value of an op is nested deeper than `depth`. The core refuses what lies over kMaxDepth.
bool is_within_depth(const Message& message, int depth) {
  if (depth >= kMaxDepth) return true;
  MsgReader reader(message.ops);
  std::uint32_t ops = 0;
  if (!reader.read_array(ops)) return false;
  for (std::uint32_t i = 0; i < ops; ++i) {
    if (!skip_fields(reader, depth)) return false;
  }
  return true;
}

/// Stores call their messages "<client>:<lt>". Such a name in another's message would take it away
/// from who will need it.
bool takes_foreign_name(const Message& message) {
  const auto numbered = numbered_id(message.id);
  return numbered && numbered->client != message.client;
}

/// JSON has no bytes, so no columns.
SnapshotForm form_for(const Member& member) {
  if (!member.compact) return SnapshotForm::Published;
  return member.encoding == Encoding::Json ? SnapshotForm::Plain : SnapshotForm::Compact;
}

}  // namespace

void Room::on(Member& member, CrdtFrame& frame, Now now) {
  if (!may_write(member.right))
    return send_error(member, readable_id(frame.message), make_error(ErrorCode::ReadOnly));
  if (writes_refused_)
    return send_error(member, readable_id(frame.message), make_error(ErrorCode::Storage));
  Result<Message> message = read(frame.message);
  if (!message) return send_error(member, readable_id(frame.message), message.error());
  const std::string id = message->id, author = message->client;
  if (Status status = accept(member, std::move(*message), now); !status)
    send_error(member, id, status.error(), author);
}

Result<Message> Room::read(ByteSpan bytes) const {
  Result<Message> message = decode_message(bytes, options_.limits, Strictness::Door);
  if (message && !is_within_depth(*message, options_.max_depth)) {
    return make_error(ErrorCode::TooDeep, "ops: nested more than " +
                                              std::to_string(options_.max_depth) + " levels deep");
  }
  if (message && takes_foreign_name(*message))
    return make_error(ErrorCode::Forbidden, "id: is in the name of another client");
  return message;
}

/// In whose name a connection may speak: its own; with the right to relay anybody's but the
/// server's; and any for what the room asked for.
Status Room::may_say(const Member& member, const Message& message) {
  if (message.client == member.client || member.wanted.contains(message.id)) return {};
  if (member.right != Right::Relay)
    return make_error(ErrorCode::Forbidden, "client: is not this connection's sessionId");
  if (message.client == kServerAuthor)
    return make_error(ErrorCode::Forbidden, "client: belongs to the server");
  return {};
}

/// Wire protocol, section 3, steps 1 to 3: nothing has changed when an error returns. A repeat is
/// acknowledged to whoever sends it: it may come from a connection that was asked for it before.
Status Room::accept(Member& member, Message message, Now now) {
  const bool wanted = member.wanted.contains(message.id);
  const Hash content = content_hash(message);
  Result<Door::Ruling> ruling = door_.examine(message, content, member.compact && !wanted);
  if (ruling && ruling->repeat != nullptr) {
    send_ack(member, *ruling->repeat, {}, now);
    return {};
  }
  if (Status status = may_say(member, message); !status) return status;
  if (!ruling) return ruling.error();
  Result<Acceptance> accepted = take_in(std::move(message), content, now);
  if (!accepted) return accepted.error();
  member.wanted.erase(accepted->entry.id);
  publish(&member, *accepted, now);
  const ByteSpan changed = accepted->changed ? ByteSpan(*accepted->bytes) : ByteSpan{};
  send_ack(member, accepted->entry, changed, now);
  return {};
}

void Room::send_ack(const Member& member, const AcceptedMessage& entry, ByteSpan changed,
                    Now arrived) {
  emit(Send{ack_frame(entry, changed),
            {{member.connection, member.encoding}},
            Delivery::Answer,
            arrived.nanos});
}

/// A message that is new: checked, placed, stamped, applied and put into the batch.
Result<Room::Acceptance> Room::take_in(Message message, const Hash& content, Now now) {
  if (Status status = document_.admissible(message); !status) return status.error();
  Result<bool> changed = document_.resolve_positions(message);
  if (!changed) return changed.error();
  const bool moved = door_.place(message, document_.stable());
  message.server_seq = server_seq_ + 1;
  message.stable = document_.stable();
  Result<Received> received = document_.receive(message);
  if (!received) return received.error();
  if (*received != Received::Applied)
    return make_error(ErrorCode::Internal, "the document holds this id already");

  server_seq_ = message.server_seq;
  auto bytes = std::make_shared<Bytes>();
  encode_message(message, *bytes);
  journal_.append(message, bytes);
  const AcceptedMessage& entry = door_.admit(message, content);
  add_to_batch(message, *bytes, entry, now);
  return Acceptance{entry, std::move(bytes), moved, *changed};
}

void Room::add_to_batch(const Message& message, const Bytes& bytes, const AcceptedMessage& entry,
                        Now now) {
  if (batch_.entries.empty()) {
    batch_.first_seq = message.server_seq;
    batch_.start_time = now.wall;
  }
  batch_bytes_ += bytes.size();
  batch_.entries.push_back(bytes);
  batch_.ids.push_back(row_of(entry));
  LogRow author = row_of(door_.author(message.client));
  const auto same = std::find_if(batch_.authors.begin(), batch_.authors.end(),
                                 [&](const LogRow& one) { return one.key == author.key; });
  if (same == batch_.authors.end()) {
    batch_.authors.push_back(std::move(author));
  } else {
    *same = std::move(author);
  }
}

/// To all but its author (null: the server itself). The author's own copy goes before the ack of a
/// moved message, so that clients that only read broadcasts stay equal.
void Room::publish(const Member* author, const Acceptance& accepted, Now now) {
  Send modern, legacy;
  for (auto& [connection, member] : members_.all()) {
    if (&member == author && !accepted.moved) continue;
    (member.legacy ? legacy : modern).to.push_back({connection, member.encoding});
    member.last_news = now.steady;
  }
  const auto emit_as = [&](std::string_view mtype, Send send) {
    if (send.to.empty()) return;
    send.frame = message_frame(mtype, *accepted.bytes);
    emit(std::move(send));
  };
  emit_as(author == nullptr ? "crdt" : "broadcast", std::move(modern));
  emit_as("message", std::move(legacy));
}

void Room::send_error(const Member& member, std::string_view id, const Error& error,
                      const std::string& author) {
  fault_ = error.code;
  ErrorAnswer answer{id, error.code, error.text, std::nullopt};
  if (error.code == ErrorCode::Gap || error.code == ErrorCode::IdReused)
    answer.expected = door_.expected(author);
  send(member, error_frame(answer));
}

void Room::on(Member& member, HeartbeatFrame& frame, Now now) {
  presence_.heartbeat(member.client, now.steady);
  if (frame.lt) member.reported_lt = frame.lt;
  if (frame.server_seq) member.reported_seq = *frame.server_seq;
  send(member, heartbeat_frame(committed_seq_, committed_stable_, now.wall));
}

void Room::on(Member& member, SyncFrame& frame, Now now) {
  if (lacks_folded(frame.clock)) {
    send_state(member, {false, "join"}, 0, now);
  } else {
    for (const JournalEntry& entry : journal_.entries()) {
      const auto known = std::lower_bound(
          frame.clock.begin(), frame.clock.end(), entry.client,
          [](const auto& one, const std::string& client) { return one.first < client; });
      const bool covered = known != frame.clock.end() && known->first == entry.client &&
                           entry.number != 0 && entry.number <= known->second;
      const bool has_it =
          covered && (frame.filter.empty() || bloom_may_hold(frame.filter, frame.salt, entry.id));
      if (!has_it)
        send(member, message_frame(member.legacy ? "message" : "broadcast", *entry.bytes),
             Delivery::JoinData);
    }
  }
  send(member, sync_done_frame(committed_seq_), Delivery::JoinData);
}

Result<Hash> Room::digest() {
  const Hash hash = document_.digest();
  if (hash == Hash{}) return make_error(ErrorCode::OutOfMemory);
  return hash;
}

Result<Bytes> Room::graph() {
  Bytes graph = document_.graph();
  if (graph.empty()) return make_error(ErrorCode::OutOfMemory);
  return graph;
}

void Room::on(Member& member, SyncCheckFrame& frame, Now) {
  const Result<Hash> checksum = digest();
  if (!checksum) return send_error(member, {}, checksum.error());
  StatusAnswer answer;
  answer.request_id = frame.request_id;
  answer.clock = document_.clock();
  answer.checksum = *checksum;
  answer.lt = document_.lt();
  answer.server_seq = committed_seq_;
  send(member, status_frame(answer));
}

void Room::on(Member& member, PresenceFrame& frame, Now now) {
  if (!may_write(member.right)) return send_error(member, {}, make_error(ErrorCode::ReadOnly));
  if (frame.state.size() > kMaxPresenceBytes) {
    return send_error(member, {}, make_error(ErrorCode::TooBig, "state: over 16 KiB"));
  }
  presence_.set(member.client, member.connection, std::move(frame.state), now.steady);
}

void Room::on(Member& member, AuthFrame& frame, Now) { member.right = frame.right; }

void Room::on(Member& member, HistoryFrame& frame, Now) {
  const auto page = journal_.page(frame.before, static_cast<std::size_t>(frame.limit));
  send(member, history_frame(frame.request_id, page));
}

/// Nothing is wanted from who may only read.
void Room::on(Member& member, OfferFrame& frame, Now) {
  member.wanted.clear();
  std::vector<std::string> missing;
  for (std::string& id : frame.ids) {
    if (may_write(member.right) && door_.find(id) == nullptr && member.wanted.insert(id).second)
      missing.push_back(std::move(id));
  }
  send(member, want_frame(missing));
}

Room::Answer Room::answer_to(const std::optional<Resume>& resume) const {
  if (!resume || resume->since == 0) return {false, "join"};
  if (resume->epoch != epoch_) {
    const bool cleared =
        std::find(cleared_.begin(), cleared_.end(), resume->epoch) != cleared_.end();
    return {false, cleared ? "reset" : "restored"};
  }
  const AcceptedMessage* at = door_.find(resume->at);
  if (at == nullptr || at->server_seq != resume->since) return {false, "restored"};
  return {folded_seq_ <= resume->since, "join"};
}

void Room::send_state(Member& member, Answer answer, std::uint64_t since, Now now) {
  StateAnswer state;
  state.legacy = member.legacy;
  if (!answer.resumed || member.legacy) {
    state.snapshot = cached_snapshot(form_for(member));
    since = 0;
    if (state.snapshot.empty()) {
      emit(Close{member.connection, CloseCode::kTryLater,
                 "retryAfter=" + std::to_string(kRetryAfterMs)});
      return;
    }
  }
  state.journal = std::span(journal_.entries()).subspan(journal_.index_after(since));
  state.server_seq = committed_seq_;
  state.epoch = epoch_;
  state.stable = document_.stable();
  state.reason = answer.reason;
  state.right = member.right;
  member.last_news = now.steady;
  send(member, state_frame(state), Delivery::JoinData);
  for (const Presence::Change& one : presence_.current()) {
    send(member, presence_frame(one.client, one.state), Delivery::Presence);
  }
}

/// True when the snapshot holds messages that this clock does not know.
bool Room::lacks_folded(const Clock& clock) const {
  return std::any_of(folded_clock_.begin(), folded_clock_.end(), [&](const auto& folded) {
    const auto known = std::find_if(clock.begin(), clock.end(),
                                    [&](const auto& one) { return one.first == folded.first; });
    return known == clock.end() || known->second < folded.second;
  });
}

/// Empty when there is no memory to build it. It depends on the line only, so joins share it.
ByteSpan Room::cached_snapshot(SnapshotForm form) {
  Bytes& cache = snapshots_[form];
  if (cache.empty()) {
    Result<Bytes> built = document_.snapshot(form);
    if (built) cache = std::move(*built);
  }
  return cache;
}

}  // namespace vuer_rtc::server
