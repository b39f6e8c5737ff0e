// Rows of the REST API that speak of the whole server.
#include "http/admin_files.hpp"
#include "http/answers.hpp"
#include "http/json_object.hpp"
#include "http/router.hpp"
#include "log.hpp"
#include "metrics/metrics.hpp"
#include "vuer_rtc/version.hpp"

namespace vuer_rtc::server {

double Router::uptime() const {
  using namespace std::chrono;
  return static_cast<double>(duration_cast<seconds>(steady_clock::now() - started_).count());
}

void Router::health(Call call) {
  find_storage_fault([this, done = std::move(call.done)](std::string_view fault) {
    const bool is_stored = config_.database != "memory:";
    JsonObject checks;
    checks.text("server", "healthy");
    checks.text("storage", !fault.empty() ? "unhealthy" : is_stored ? "healthy" : "disabled");
    checks.text("redis", "disabled");
    JsonObject answer;
    answer.text("status", "ok").text("version", kVersion).number("uptimeSeconds", uptime());
    std::string now;
    append_time(now);
    answer.text("service", "vuer-rtc-server").text("timestamp", now);
    done(json_answer(answer.raw("checks", checks.done()).done()));
  });
}

void Router::find_storage_fault(std::function<void(std::string_view)> done) const {
  rooms_.figures([this, done = std::move(done)](const HostFigures& now) {
    done(now.storage_fails ? "the last commit failed" : others_());
  });
}

void Router::ready(Call call) {
  if (rooms_.is_shutting_down())
    return call.done(fault(503, "shutting_down", "the server is shutting down"));
  find_storage_fault([done = std::move(call.done)](std::string_view why) {
    if (!why.empty()) return done(fault(503, "storage", std::string(why)));
    done(json_answer(JsonObject().text("status", "ready").done()));
  });
}

void Router::prometheus(Call call) {
  rooms_.figures([done = std::move(call.done)](const HostFigures& now) {
    metrics.rooms.set(static_cast<double>(now.rooms));
    metrics.members.set(static_cast<double>(now.members));
    metrics.journal_messages.set(static_cast<double>(now.journal_messages));
    metrics.journal_bytes.set(static_cast<double>(now.journal_bytes));
    metrics.inbox_bytes.set(static_cast<double>(now.inbox_bytes));
    net::Response response;
    response.type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = prometheus_text();
    response.headers.emplace_back("Cache-Control", "no-store");
    done(std::move(response));
  });
}

void Router::admin(Call call) { call.done(*find_admin_file("index.html")); }

void Router::admin_file(Call call) {
  std::optional<net::Response> file = find_admin_file(call.target.segments[1]);
  call.done(file ? std::move(*file) : fault(404, "not_found", "there is nothing here"));
}

void Router::limits(Call call) {
  JsonObject all;
  for (const auto& [name, value] : limits_of(config_)) all.number(name, value);
  JsonObject answer;
  answer.raw("limits", all.done()).text("durability", config_.durability);
  answer.raw("formats", R"(["json","msgpack"])").text("version", kVersion);
  call.done(json_answer(answer.done()));
}

void Router::stats(Call call) {
  const auto count = [](LogStore& store) { return store.count(); };
  rooms_.store().ask<Result<StoreCounts>>(count, [this, done = std::move(call.done)](auto counts) {
    if (!counts) return done(fault(counts.error()));
    rooms_.figures([counts = *counts, uptime = uptime(), done](const HostFigures& now) {
      JsonObject answer;
      answer.number("documents", counts.documents)
          .number("rooms", now.rooms)
          .number("connections", now.connections)
          .number("operations", counts.operations)
          .number("journalBatches", counts.journal_batches)
          .number("sessions", now.connections)
          .number("uptimeSeconds", uptime);
      done(json_answer(answer.done()));
    });
  });
}

void Router::sizes(Call call) {
  const auto measure = [](LogStore& store) { return store.sizes(); };
  rooms_.store().ask<Result<StoreSizes>>(measure, [done = std::move(call.done)](auto sizes) {
    if (!sizes) return done(fault(sizes.error()));
    JsonObject answer;
    answer.number("Document", sizes->documents)
        .number("Operation", sizes->operations)
        .number("JournalBatch", sizes->journal_batches)
        .number("Session", 0)
        .number("total", sizes->documents + sizes->operations + sizes->journal_batches);
    done(json_answer(answer.done()));
  });
}

}  // namespace vuer_rtc::server
