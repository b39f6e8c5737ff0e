// Rows of the REST API that speak of what is stored.
#include "http/answers.hpp"
#include "http/json_object.hpp"
#include "http/router.hpp"
#include "room/record.hpp"

namespace vuer_rtc::server {
namespace {

constexpr std::uint64_t kPage = 100, kMaxPage = 1000;

Result<std::uint64_t> page_size(const Target& target) {
  const auto limit = target.whole("limit", kPage, kMaxPage);
  if (limit && *limit == 0) return make_error(ErrorCode::BadFrame, "limit: is zero");
  return limit;
}

JsonObject document_json(const DocumentInfo& info) {
  JsonObject one;
  one.text("id", info.name)
      .text("name", info.name)
      .number("version", info.version)
      .number("createdAt", info.created_at)
      .number("updatedAt", info.updated_at);
  return one;
}

/// A page of `limit` has a next one when it is full.
std::string next_of(std::size_t found, std::uint64_t limit, const std::string& last) {
  return found < limit ? "null" : last;
}

std::string json_text(std::string_view text) {
  std::string out;
  append_json_string(text, out);
  return out;
}

Result<std::string> batch_json(const StoredBatch& batch) {
  JsonList operations;
  for (const Bytes& entry : batch.entries) {
    Result<std::string> message = msgpack_to_json(entry);
    if (!message) return message.error();
    operations.add(*message);
  }
  JsonObject one;
  one.number("id", batch.first_seq)
      .number("startTime", batch.start_time)
      .number("endTime", batch.end_time)
      .raw("operations", operations.done());
  return one.done();
}

}  // namespace

void Router::documents(Call call) {
  const auto limit = page_size(call.target);
  if (!limit) return call.done(fault(limit.error()));
  const std::string* after = call.target.item("after");
  const LogId from = room_log(after == nullptr ? std::string() : *after);
  const auto list = [from, limit = *limit](LogStore& store) {
    return store.documents(from, static_cast<std::size_t>(limit));
  };
  rooms_.store().ask<Result<std::vector<DocumentInfo>>>(
      list,
      [limit = *limit, grant = std::move(call.grant), done = std::move(call.done)](auto found) {
        if (!found) return done(fault(found.error()));
        JsonList page;
        for (const DocumentInfo& one : *found)
          if (grant.may_read(one.name)) page.add(document_json(one).done());
        const std::string last = found->empty() ? "null" : json_text(found->back().name);
        JsonObject answer;
        answer.raw("documents", page.done()).raw("next", next_of(found->size(), limit, last));
        done(json_answer(answer.done()));
      });
}

/// What is stored about the room, then what it holds now.
void Router::document(Call call) {
  const std::string room = call.room;
  const auto find = [room](LogStore& store) { return store.document(room_log(room)); };
  rooms_.store().ask<Result<DocumentInfo>>(
      find, [this, room, done = std::move(call.done)](auto found) {
        if (!found) return done(fault(found.error()));
        if (found->version == 0) return done(fault(404, "not_found", "there is no such document"));
        rooms_.with_room(
            room, answer_with(
                      [info = *found](Room& loaded) {
                        const Result<Bytes> graph = loaded.graph();
                        if (!graph) return fault(graph.error());
                        const Result<std::string> text = msgpack_to_json(*graph);
                        if (!text) return fault(text.error());
                        return json_answer(document_json(info).raw("currentState", *text).done());
                      },
                      done));
      });
}

void Router::journal(Call call) {
  const auto limit = page_size(call.target);
  if (!limit) return call.done(fault(limit.error()));
  const auto after = call.target.whole("after", 0);
  if (!after) return call.done(fault(after.error()));
  const auto list = [log = room_log(call.room), after = *after, limit = *limit](LogStore& store) {
    return store.batches(log, after, static_cast<std::size_t>(limit));
  };
  rooms_.store().ask<Result<std::vector<StoredBatch>>>(
      list, [limit = *limit, done = std::move(call.done)](auto found) {
        if (!found) return done(fault(found.error()));
        JsonList page;
        for (const StoredBatch& one : *found) {
          const Result<std::string> batch = batch_json(one);
          if (!batch) return done(fault(batch.error()));
          page.add(*batch);
        }
        const std::string last = found->empty() ? "null" : std::to_string(found->back().first_seq);
        JsonObject answer;
        answer.raw("batches", page.done()).raw("next", next_of(found->size(), limit, last));
        done(json_answer(answer.done()));
      });
}

}  // namespace vuer_rtc::server
