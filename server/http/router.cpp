#include "http/router.hpp"

#include <algorithm>
#include <chrono>

#include "protocol/json_writer.hpp"
#include "room/answer.hpp"
#include "vuer_rtc/version.hpp"

namespace vuer_rtc::server {
namespace {

/// A JSON object, field by field.
class JsonObject {
 public:
  JsonObject& text(std::string_view name, std::string_view value) {
    append_json_string(value, field(name));
    return *this;
  }
  template <class Number>
  JsonObject& number(std::string_view name, Number value) {
    append_json_number(static_cast<double>(value), field(name));
    return *this;
  }
  JsonObject& raw(std::string_view name, std::string_view json) {
    field(name).append(json);
    return *this;
  }
  std::string done() { return std::move(out_) + (empty_ ? "{}" : "}"); }

 private:
  std::string& field(std::string_view name) {
    out_.push_back(empty_ ? '{' : ',');
    empty_ = false;
    append_json_string(name, out_);
    out_.push_back(':');
    return out_;
  }
  std::string out_;
  bool empty_ = true;
};

net::Response json(std::string body, int status = 200) {
  net::Response response;
  response.status = status;
  response.body = std::move(body);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

net::Response fault(int status, std::string_view code, std::string_view message) {
  return json(JsonObject()
                  .raw("error", JsonObject().text("code", code).text("message", message).done())
                  .done(),
              status);
}

net::Response digest_of(Room& room) {
  return json(JsonObject()
                  .text("digest", hex(room.digest()))
                  .number("serverSeq", room.committed_seq())
                  .done());
}

net::Response state_of(Room& room, SnapshotForm form) {
  Result<Bytes> snapshot = room.snapshot(form);
  if (!snapshot) return fault(503, error_name(snapshot.error().code), snapshot.error().text);
  Result<std::string> text = msgpack_to_json(*snapshot);
  if (!text) return fault(500, "internal", text.error().text);
  std::string journal = "[";
  for (const JournalEntry& entry : room.journal().entries()) {
    Result<std::string> message = msgpack_to_json(*entry.bytes);
    if (!message) return fault(500, "internal", message.error().text);
    if (journal.size() > 1) journal.push_back(',');
    journal += *message;
  }
  JsonObject state;
  state.raw("snapshot", *text)
      .raw("journal", journal + "]")
      .number("serverSeq", room.committed_seq());
  return json(state.text("epoch", room.epoch()).number("stable", room.stable()).done());
}

}  // namespace

Router::Router(RoomHost& host, const Config& config, Identify identify)
    : host_(host), config_(config), files_(config.static_dir), identify_(std::move(identify)) {}

void Router::answer(const net::Request& request, Done done) {
  if (request.method != "GET" && request.method != "HEAD") {
    net::Response refused = fault(405, "method_not_allowed", "only GET and HEAD are answered");
    refused.headers.emplace_back("Allow", "GET, HEAD");
    return done(std::move(refused));
  }
  const std::optional<Target> target = parse_target(request.target);
  if (!target) return done(fault(400, "bad_request", "the path cannot be read"));
  const std::string first = target->segments.empty() ? std::string() : target->segments[0];
  if (first == "health" && target->segments.size() == 1) return done(health());
  if (first == "ready" && target->segments.size() == 1) return done(ready());
  if (first == "api") {
    const Result<Grant> grant = identify_(request);
    if (grant) return answer_api(*target, *grant, std::move(done));
    net::Response refused = fault(401, "unauthorized", grant.error().text);
    refused.headers.emplace_back("WWW-Authenticate", "Bearer");
    return done(std::move(refused));
  }
  if (first == "ws") return done(fault(426, "upgrade_required", "this path speaks WebSocket"));
  std::optional<net::Response> file = files_.find(target->segments);
  done(file ? std::move(*file) : fault(404, "not_found", "there is nothing here"));
}

void Router::answer_api(const Target& target, const Grant& grant, Done done) {
  const std::string name = target.segments.size() > 1 ? target.segments[1] : std::string();
  if (target.segments.size() == 2 && name == "limits") return done(limits());
  if (target.segments.size() == 2 && name == "stats") {
    if (grant.covers_all_rooms()) return stats(std::move(done));
    return done(fault(403, "forbidden", "figures of all rooms need a right to all rooms"));
  }
  if (target.segments.size() == 2 && name == "rooms") return rooms(grant, std::move(done));
  if (target.segments.size() == 4 && name == "rooms")
    return answer_room(target, grant, std::move(done));
  done(fault(404, "not_found", "there is nothing here"));
}

void Router::answer_room(const Target& target, const Grant& grant, Done done) {
  const bool digest = target.segments[3] == "digest";
  if (!digest && target.segments[3] != "state")
    return done(fault(404, "not_found", "there is nothing here"));
  if (!is_room_name(target.segments[2]))
    return done(fault(400, "bad_request", "a room has 1 to 128 characters"));
  if (!grant.may_read(target.segments[2]))
    return done(fault(403, "forbidden", "the token gives no right to this room"));
  const std::string* form = target.item("form");
  if (form != nullptr && *form != "published" && *form != "compact") {
    return done(fault(400, "bad_request", "form: published or compact"));
  }
  const bool compact = form != nullptr && *form == "compact";
  host_.with_room(target.segments[2], [=, done = std::move(done)](Room* room) {
    if (room == nullptr)
      return done(fault(404, "not_found", "there is no such room, or it is unavailable"));
    done(digest ? digest_of(*room)
                : state_of(*room, compact ? SnapshotForm::Compact : SnapshotForm::Published));
  });
}

double Router::uptime() const {
  using namespace std::chrono;
  return static_cast<double>(duration_cast<seconds>(steady_clock::now() - started_).count());
}

net::Response Router::health() const {
  return json(JsonObject()
                  .text("status", "ok")
                  .text("version", kVersion)
                  .number("uptimeSeconds", uptime())
                  .done());
}

net::Response Router::ready() const {
  if (host_.is_shutting_down()) return fault(503, "shutting_down", "the server is shutting down");
  if (host_.storage_fails()) return fault(503, "storage", "the last commit failed");
  return json(JsonObject().text("status", "ready").done());
}

net::Response Router::limits() const {
  JsonObject all;
  for (const auto& [name, value] : limits_of(config_)) all.number(name, value);
  JsonObject answer;
  answer.raw("limits", all.done()).text("durability", "durable");
  return json(answer.raw("formats", R"(["json","msgpack"])").text("version", kVersion).done());
}

void Router::stats(Done done) {
  host_.store().count([this, done = std::move(done)](Result<StoreCounts> counts) {
    if (!counts) return done(fault(503, "storage", counts.error().text));
    JsonObject answer;
    answer.number("documents", counts->documents).number("rooms", host_.room_count());
    answer.number("connections", host_.connection_count()).number("operations", counts->operations);
    answer.number("journalBatches", counts->journal_batches)
        .number("sessions", host_.connection_count());
    done(json(answer.number("uptimeSeconds", uptime()).done()));
  });
}

/// Only the rooms that the token gives a right to.
void Router::rooms(const Grant& grant, Done done) {
  host_.list([grant, done = std::move(done)](std::vector<RoomInfo> infos) {
    std::erase_if(infos, [&](const RoomInfo& one) { return !grant.may_read(one.name); });
    std::sort(infos.begin(), infos.end(),
              [](const RoomInfo& a, const RoomInfo& b) { return a.name < b.name; });
    std::string list = "[";
    for (const RoomInfo& info : infos) {
      if (list.size() > 1) list.push_back(',');
      JsonObject one;
      one.text("id", info.name)
          .number("members", info.members)
          .number("serverSeq", info.server_seq);
      one.number("stable", info.stable).number("journalLength", info.journal_length);
      list += one.text("digest", hex(info.digest)).done();
    }
    done(json(JsonObject().raw("rooms", list + "]").done()));
  });
}

}  // namespace vuer_rtc::server
