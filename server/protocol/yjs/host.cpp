#include "protocol/yjs/host.hpp"

#include <algorithm>

#include "protocol/yjs/close_code.hpp"
#include "protocol/yjs/json.hpp"

namespace vuer_rtc::yjs {
namespace {

constexpr std::int64_t kProbeInterval = 1000;

}  // namespace

std::string describe(std::string_view frame) {
  const int type = frame.empty() ? -1 : static_cast<unsigned char>(frame.front());
  return "type " + std::to_string(type) + ", " + std::to_string(frame.size()) + " bytes";
}

Host::Host(Disk& disk, const HostOptions& options, HostServices services)
    : disk_(disk),
      options_(options),
      services_(std::move(services)),
      rooms_({options.max_rooms, services_.steady_clock, services_.post,
              [this](const Shared& hosted) { load(hosted); },
              [this](const Shared& hosted) { turn(hosted); },
              [this](const Hosted& hosted, std::string_view why) {
                services_.log("yjs_room_unloaded", hosted.name, why);
                disk_.forget(hosted.name);
              }}) {}

Host::~Host() = default;

void Host::load(const Shared& hosted) {
  disk_.load(hosted->name, [this, hosted](std::optional<Stored> stored) {
    std::unique_ptr<Room> room = read(hosted, std::move(stored));
    services_.log(room ? "yjs_room_loaded" : "yjs_room_unavailable", hosted->name, "");
    rooms_.loaded(hosted, std::move(room));
  });
}

std::unique_ptr<Room> Host::read(const Shared& hosted, std::optional<Stored> stored) {
  if (!stored) return nullptr;
  auto room = std::make_unique<Room>(options_.room);
  std::vector<Bytes> damaged;
  const Fault fault = room->load(std::move(stored->snapshot), std::move(stored->entries), damaged);
  if (fault != Fault::None) return nullptr;
  if (!damaged.empty()) set_aside(hosted, std::move(damaged));
  return room;
}

/// Once they are kept elsewhere, a snapshot takes the place of the log that holds them.
void Host::set_aside(const Shared& hosted, std::vector<Bytes> damaged) {
  damaged_ += damaged.size();
  services_.log("yjs_entries_set_aside", hosted->name, std::to_string(damaged.size()));
  disk_.set_aside(hosted->name, std::move(damaged), [this, hosted](bool ok) {
    const auto at = rooms_.by_name().find(hosted->name);
    const bool is_present = at != rooms_.by_name().end() && at->second == hosted;
    if (!ok || !is_present || !hosted->room) return;
    hosted->room->compact();
    turn(hosted);
  });
}

void Host::turn(const Shared& hosted) {
  if (hosted->room) {
    for (Action& action : hosted->room->take_actions())
      std::visit([&](auto& one) { perform(hosted, one); }, action);
    services_.count(hosted->room->take_figures());
    if (hosted->room->failed()) {
      hosted->room.reset();
      hosted->is_unavailable = true;
      hosted->since = services_.steady_clock();
    }
  }
  server::resume_readers(*hosted, connections_, options_.waiting_bytes);
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

std::string_view Host::storage_fault() const {
  if (storage_fails_) return "the last commit of a Yjs room failed";
  if (damaged_ != 0) return "entries of a Yjs room could not be read and were set aside";
  return {};
}

/// Rooms that are sent away may not write again for long.
void Host::probe_storage() {
  const std::int64_t now = services_.steady_clock();
  if (!storage_fails_ || now < probe_due_) return;
  probe_due_ = now + kProbeInterval;
  disk_.probe([this](bool ok) { storage_fails_ = !ok; });
}

void Host::tick() {
  check_connections();
  probe_storage();
  for (const Shared& hosted : rooms_.all()) {
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
  rooms_.unload(hosted, "idle");
}

HostFigures Host::figures() const {
  HostFigures all{rooms_.size(), connections_.size()};
  for (const auto& [name, hosted] : rooms_.by_name()) {
    if (!hosted->room) continue;
    all.structs += hosted->room->store().struct_count();
    all.holes += hosted->room->store().hole_count();
    all.content_bytes += hosted->room->content_bytes();
  }
  all.damaged = damaged_;
  return all;
}

void Host::shut_down(std::function<void()> done) {
  shutting_down_ = true;
  shut_down_done_ = std::move(done);
  for (const Shared& hosted : rooms_.all()) rooms_.schedule(hosted);
  services_.post([this] { finish_shutdown(); });
}

void Host::finish_shutdown() {
  if (!shut_down_done_ || !rooms_.settled()) return;
  for (auto& [id, connection] : connections_) connection.peer->close(kShutdown, "shutdown");
  std::exchange(shut_down_done_, nullptr)();
}

}  // namespace vuer_rtc::yjs
