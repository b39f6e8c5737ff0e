#include "protocol/yjs/host.hpp"

#include <algorithm>

#include "protocol/yjs/close_code.hpp"
#include "protocol/yjs/json.hpp"

namespace vuer_rtc::yjs {
namespace {

constexpr std::int64_t kRetryLoadAfter = 1000;  // milliseconds a failed load is believed

}  // namespace

std::string describe(std::string_view frame) {
  const int type = frame.empty() ? -1 : static_cast<unsigned char>(frame.front());
  return "type " + std::to_string(type) + ", " + std::to_string(frame.size()) + " bytes";
}

Host::Host(Disk& disk, const HostOptions& options, HostServices services)
    : disk_(disk), options_(options), services_(std::move(services)) {}

Host::~Host() = default;

/// A room that is there, being loaded, or failed a moment ago; null when there are too many.
Host::Shared Host::open(const std::string& name) {
  const std::int64_t now = services_.steady_clock();
  if (const auto at = rooms_.find(name); at != rooms_.end()) {
    const bool retry = at->second->is_unavailable && now - at->second->since >= kRetryLoadAfter;
    if (!retry) return at->second;
    unload(at->second, "to be loaded again");
  } else if (!make_place()) {
    return nullptr;
  }
  const Shared hosted = std::make_shared<Hosted>();
  hosted->name = name;
  hosted->since = now;
  rooms_[name] = hosted;
  disk_.load(name,
             [this, hosted](std::optional<Stored> stored) { loaded(hosted, std::move(stored)); });
  return hosted;
}

/// When the limit is reached, the room that has been empty for longest goes.
bool Host::make_place() {
  if (options_.max_rooms == 0 || rooms_.size() < options_.max_rooms) return true;
  Shared oldest;
  for (const auto& [name, hosted] : rooms_) {
    const bool is_idle = hosted->connections.empty() &&
                         (hosted->is_unavailable || (hosted->room && hosted->room->settled()));
    if (is_idle && (!oldest || hosted->since < oldest->since)) oldest = hosted;
  }
  if (oldest) unload(oldest, "to make place");
  return oldest != nullptr;
}

void Host::unload(const Shared& hosted, std::string_view why) {
  services_.log("yjs_room_unloaded", hosted->name, why);
  disk_.forget(hosted->name);
  rooms_.erase(hosted->name);
}

void Host::loaded(const Shared& hosted, std::optional<Stored> stored) {
  auto room = std::make_unique<Room>(options_.room);
  const bool is_read =
      stored && room->load(std::move(stored->snapshot), std::move(stored->entries)) == Fault::None;
  hosted->since = services_.steady_clock();
  services_.log(is_read ? "yjs_room_loaded" : "yjs_room_unavailable", hosted->name, "");
  if (is_read) hosted->room = std::move(room);
  hosted->is_unavailable = !is_read;
  for (auto& what : std::exchange(hosted->waiting, {})) what();
  schedule(hosted);
}

void Host::when_ready(const Shared& hosted, std::function<void()> what) {
  if (hosted->room || hosted->is_unavailable) {
    what();
    schedule(hosted);
  } else {
    hosted->waiting.push_back(std::move(what));
  }
}

void Host::schedule(const Shared& hosted) {
  if (std::exchange(hosted->is_scheduled, true)) return;
  services_.post([this, hosted] {
    hosted->is_scheduled = false;
    turn(hosted);
  });
}

void Host::turn(const Shared& hosted) {
  if (hosted->room) {
    for (Action& action : hosted->room->take_actions())
      std::visit([&](auto& one) { perform(hosted, one); }, action);
    if (hosted->room->failed()) {
      hosted->room.reset();
      hosted->is_unavailable = true;
      hosted->since = services_.steady_clock();
    }
  }
  resume_readers(*hosted);
  finish_shutdown();
}

void Host::perform(const Shared& hosted, Send& send) {
  const auto text = as_text(*send.frame);
  if (services_.logs_messages) {
    const std::string route = " to " + std::to_string(send.to.size()) + " connections";
    services_.log("yjs_sent", hosted->name, describe(text) + route);
  }
  for (const ConnectionId to : send.to) {
    const auto at = connections_.find(to);
    if (at != connections_.end()) at->second.peer->send({send.frame, text, false, send.weight});
  }
}

void Host::perform(const Shared& hosted, Close& close) {
  services_.log("yjs_closed", hosted->name, close.reason);
  const auto at = connections_.find(close.connection);
  if (at != connections_.end()) at->second.peer->close(close.code, close.reason);
}

/// A newer token replaces the one it came with.
void Host::perform(const Shared& hosted, Identify& identify) {
  const auto texts = json_texts(identify.json);
  const auto token = texts->find("token");
  const auto at = connections_.find(identify.connection);
  if (token == texts->end() || at == connections_.end()) return;
  const std::optional<Pass> pass = services_.check_token(token->second);
  const auto may_write = pass ? pass->may_write_in(hosted->name) : std::nullopt;
  if (!may_write) return refuse(at->second, "Not allowed", "forbidden", kForbidden);
  at->second.pass = *pass;
  hosted->room->set_right(identify.connection, *may_write);
}

void Host::perform(const Shared& hosted, Write& write) {
  if (write.snapshot) services_.log("yjs_room_compacted", hosted->name, "");
  disk_.write(hosted->name, std::move(write), [this, hosted](bool ok) { written(hosted, ok); });
}

void Host::written(const Shared& hosted, bool ok) {
  storage_fails_ = !ok;
  if (!hosted->room) return;
  ok ? hosted->room->on_committed() : hosted->room->on_commit_failed();
  if (!ok) services_.log("yjs_write_failed", hosted->name, "");
  turn(hosted);
}

void Host::resume_readers(Hosted& hosted) {
  if (hosted.room && hosted.room->waiting_bytes() > options_.waiting_bytes) return;
  for (const ConnectionId id : std::exchange(hosted.paused, {})) {
    const auto at = connections_.find(id);
    if (at != connections_.end()) at->second.peer->resume_reading();
  }
}

void Host::tick() {
  check_connections();
  std::vector<Shared> all;
  for (const auto& [name, hosted] : rooms_) all.push_back(hosted);
  for (const Shared& hosted : all) {
    if (!hosted->room) continue;
    hosted->room->tick(services_.steady_clock());
    turn(hosted);
    unload_when_idle(hosted);
  }
}

/// Its log becomes a snapshot first; a room in which nothing was ever written is just forgotten.
void Host::unload_when_idle(const Shared& hosted) {
  if (!hosted->room || !hosted->connections.empty() || !hosted->room->settled()) return;
  const bool is_stored = !hosted->room->store().empty();
  if (is_stored && services_.steady_clock() - hosted->since < options_.room_timeout) return;
  hosted->room->compact();
  if (!hosted->room->settled()) return turn(hosted);
  unload(hosted, "idle");
}

void Host::shut_down(std::function<void()> done) {
  shutting_down_ = true;
  shut_down_done_ = std::move(done);
  for (const auto& [name, hosted] : rooms_) schedule(hosted);
  services_.post([this] { finish_shutdown(); });
}

void Host::finish_shutdown() {
  if (!shut_down_done_) return;
  for (const auto& [name, hosted] : rooms_)
    if (hosted->is_scheduled || (hosted->room && !hosted->room->settled())) return;
  for (auto& [id, connection] : connections_) connection.peer->close(kShutdown, "shutdown");
  std::exchange(shut_down_done_, nullptr)();
}

}  // namespace vuer_rtc::yjs
