// Rows of the REST API that speak of one room, or of those that are loaded.
#include <algorithm>

#include "http/answers.hpp"
#include "http/json_object.hpp"
#include "http/router.hpp"
#include "protocol/json_reader.hpp"
#include "room/answer.hpp"

namespace vuer_rtc::server {
namespace {

/// The messages of a journal, as JSON.
Result<std::string> messages_of(std::span<const JournalEntry> entries) {
  JsonList list;
  for (const JournalEntry& entry : entries) {
    Result<std::string> message = msgpack_to_json(*entry.bytes);
    if (!message) return message.error();
    list.add(*message);
  }
  return list.done();
}

/// `at`: the highest serverSeq that counts.
net::Response state_of(Room& room, SnapshotForm form, std::uint64_t at) {
  Result<Bytes> snapshot = room.snapshot(form);
  if (!snapshot) return fault(snapshot.error());
  Result<std::string> text = msgpack_to_json(*snapshot);
  if (!text) return fault(Error{ErrorCode::Internal, text.error().text});
  const Journal& all = room.journal();
  Result<std::string> journal = messages_of(std::span(all.entries()).first(all.index_after(at)));
  if (!journal) return fault(Error{ErrorCode::Internal, journal.error().text});
  JsonObject state;
  state.raw("snapshot", *text)
      .raw("journal", *journal)
      .number("serverSeq", at)
      .text("epoch", room.epoch())
      .number("stable", room.stable());
  return json_answer(state.done());
}

std::string member_json(const Member& member, const std::map<std::string, std::string>& presence) {
  const auto state = presence.find(member.client);
  JsonObject one;
  one.text("client", member.client)
      .text("rights", right_name(member.right))
      .text("format", member.encoding == Encoding::Json ? "json" : "msgpack")
      .number("serverSeq", member.reported_seq)
      .raw("presence", state == presence.end() ? "null" : state->second);
  return one.done();
}

net::Response members_of(const Room& room) {
  std::map<std::string, std::string> presence;
  for (const Presence::Change& one : room.presence().current()) {
    if (Result<std::string> state = msgpack_to_json(one.state)) presence[one.client] = *state;
  }
  JsonList list;
  for (const auto& [connection, member] : room.members().all())
    list.add(member_json(member, presence));
  return json_answer(JsonObject().raw("members", list.done()).done());
}

net::Response page_of(const Room& room, std::uint64_t before, std::uint64_t limit) {
  JsonList list;
  for (const JournalEntry& entry : room.journal().page(before, static_cast<std::size_t>(limit))) {
    JsonObject one;
    one.number("serverSeq", entry.server_seq)
        .text("msgId", entry.id)
        .text("client", entry.client)
        .number("ts", entry.ts)
        .number("ops", entry.ops);
    list.add(one.done());
  }
  return json_answer(JsonObject().raw("entries", list.done()).done());
}

std::string room_json(const RoomInfo& info) {
  JsonObject one;
  one.text("id", info.name)
      .number("members", info.members)
      .number("serverSeq", info.server_seq)
      .number("stable", info.stable)
      .number("journalLength", info.journal_length);
  info.digest ? one.text("digest", hex(*info.digest)) : one.raw("digest", "null");
  return one.done();
}

}  // namespace

std::function<void(Result<Room*>)> Router::answer_with(Describe describe, Done done) {
  return [describe = std::move(describe), done = std::move(done)](Result<Room*> room) {
    if (!room) return done(fault(room.error()));
    done(*room == nullptr ? fault(404, "not_found", "there is no such room") : describe(**room));
  };
}

void Router::with_room(Call call, Describe describe) {
  rooms_.with_room(call.room, answer_with(std::move(describe), std::move(call.done)));
}

void Router::rooms(Call call) {
  rooms_.list(
      [grant = std::move(call.grant), done = std::move(call.done)](std::vector<RoomInfo> infos) {
        std::erase_if(infos, [&](const RoomInfo& one) { return !grant.may_read(one.name); });
        std::sort(infos.begin(), infos.end(),
                  [](const RoomInfo& a, const RoomInfo& b) { return a.name < b.name; });
        JsonList list;
        for (const RoomInfo& info : infos) list.add(room_json(info));
        done(json_answer(JsonObject().raw("rooms", list.done()).done()));
      });
}

void Router::state(Call call) {
  const std::string* form = call.target.item("form");
  if (form != nullptr && *form != "published" && *form != "compact")
    return call.done(fault(400, "bad_request", "form: published or compact"));
  const auto wanted =
      form != nullptr && *form == "compact" ? SnapshotForm::Plain : SnapshotForm::Published;
  const auto at = call.target.whole("at", kMaxInteger);
  if (!at) return call.done(fault(at.error()));
  const bool as_of = call.target.item("at") != nullptr;
  with_room(std::move(call), [wanted, at = *at, as_of](Room& room) {
    if (!as_of) return state_of(room, wanted, room.committed_seq());
    if (at > room.committed_seq())
      return fault(404, "not_found", "at: this serverSeq was not given yet");
    if (at < room.folded_seq())
      return fault(410, "gone", "at: the journal does not reach back so far");
    return state_of(room, wanted, at);
  });
}

void Router::digest(Call call) {
  with_room(std::move(call), [](Room& room) {
    const Result<Hash> digest = room.digest();
    if (!digest) return fault(digest.error());
    JsonObject answer;
    answer.text("digest", hex(*digest)).number("serverSeq", room.committed_seq());
    return json_answer(answer.done());
  });
}

void Router::members(Call call) { with_room(std::move(call), members_of); }

void Router::history(Call call) {
  const auto before = call.target.whole("before", kMaxInteger, kMaxInteger);
  if (!before) return call.done(fault(before.error()));
  const auto limit = call.target.whole("limit", kMaxHistory, kMaxHistory);
  if (!limit) return call.done(fault(limit.error()));
  with_room(std::move(call), [before = *before, limit = *limit](Room& room) {
    return page_of(room, before, limit);
  });
}

void Router::write(Call call) {
  if (call.body.size() > static_cast<std::size_t>(config_.max_message_size))
    return call.done(fault(make_error(ErrorCode::TooBig)));
  Result<Bytes> message = json_to_msgpack(call.body);
  if (!message) return call.done(fault(message.error()));
  rooms_.write(call.room, std::move(*message),
               [done = std::move(call.done)](Result<AcceptedMessage> accepted) {
                 if (!accepted) return done(fault(accepted.error()));
                 JsonObject ack;
                 ack.text("msgId", accepted->id)
                     .number("serverSeq", accepted->server_seq)
                     .number("lt", accepted->lt)
                     .number("stable", accepted->stable);
                 done(json_answer(ack.done(), 202));
               });
}

void Router::clear(Call call) {
  rooms_.clear(call.room, answer_with(
                              [](Room& room) {
                                return json_answer(JsonObject().text("epoch", room.epoch()).done());
                              },
                              std::move(call.done)));
}

}  // namespace vuer_rtc::server
