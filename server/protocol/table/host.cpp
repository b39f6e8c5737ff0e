#include "protocol/table/host.hpp"

#include <algorithm>

#include "protocol/table/close_code.hpp"

namespace vuer_rtc::table {

bool is_channel_name(std::string_view name) {
  const auto is_fine = [](char c) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return is_letter || (c >= '0' && c <= '9') ||
           std::string_view("_-.:@").find(c) != std::string_view::npos;
  };
  return !name.empty() && name.size() <= 128 && std::all_of(name.begin(), name.end(), is_fine);
}

Host::Host(Disk& disk, const HostOptions& options, HostServices services)
    : disk_(disk),
      options_(options),
      services_(std::move(services)),
      channels_({options.open_channels, services_.steady_clock, services_.post,
                 [this](const Shared& hosted) { load(hosted); },
                 [this](const Shared& hosted) { turn(hosted); },
                 [this](const Hosted& hosted, std::string_view why) {
                   services_.log("table_channel_closed", hosted.name, why);
                   disk_.forget(hosted.name);
                 }}) {
  if (services_.bus == nullptr) return;
  services_.bus->listen(
      [this](bool is_request, const std::string& text) { hear(is_request, text); });
}

Host::~Host() = default;

// --- Connections

bool Host::has_place_in(const std::string& channel) const {
  const auto at = channels_.by_name().find(channel);
  return at == channels_.by_name().end() || options_.max_members == 0 ||
         at->second->connections.size() < options_.max_members;
}

ConnectionId Host::connect(const std::string& channel, Pass pass, net::Peer& peer) {
  const ConnectionId id = ++last_connection_;
  Connection& connection = connections_[id];
  connection.peer = &peer;
  connection.pass = pass;
  connection.is_text = !pass.is_binary;
  if (shutting_down_) return peer.close(kShutdown, "shutdown"), id;
  const Shared hosted = has_place_in(channel) ? channels_.open(channel) : nullptr;
  if (!hosted) return peer.close(kTryLater, "too many"), id;
  connection.channel = hosted;
  hosted->connections.insert(id);
  services_.log("table_connected", channel, "");
  channels_.when_ready(hosted, [this, id, may_write = pass.may_write](Channel* there) {
    const auto at = connections_.find(id);
    if (at == connections_.end()) return;
    if (there == nullptr) return at->second.peer->close(kTryLater, "loading");
    there->join(id, may_write, services_.steady_clock());
  });
  return id;
}

bool Host::say(ConnectionId id, bool text, std::function<void(Channel&)> what) {
  const auto at = connections_.find(id);
  if (at == connections_.end() || shutting_down_ || !at->second.channel) return false;
  at->second.is_text = text;
  const Shared hosted = at->second.channel;
  channels_.when_ready(hosted, [what = std::move(what)](Channel* channel) {
    if (channel != nullptr) what(*channel);
  });
  const bool pause = !hosted->room || hosted->room->waiting_bytes() > options_.waiting_bytes;
  if (pause) hosted->paused.push_back(id);
  return !pause;
}

bool Host::frame(ConnectionId id, std::string_view bytes, bool text) {
  return say(id, text, [this, id, frame = std::string(bytes)](Channel& channel) {
    channel.receive(id, frame, services_.steady_clock());
  });
}

void Host::refuse(ConnectionId id, std::string_view bytes, bool text) {
  say(id, text, [this, id, frame = std::string(bytes)](Channel& channel) {
    channel.refuse(id, frame, Fault::RateLimited, services_.steady_clock());
  });
}

void Host::ask(ConnectionId id, const std::function<void(Channel&)>& what) {
  const auto at = connections_.find(id);
  if (at == connections_.end() || !at->second.channel || !at->second.channel->room) return;
  what(*at->second.channel->room);
  channels_.schedule(at->second.channel);
}

void Host::drained(ConnectionId id) {
  ask(id, [id](Channel& channel) { channel.drained(id); });
}

void Host::pinged(ConnectionId id, bool all_sent) {
  ask(id, [id, all_sent](Channel& channel) { channel.pinged(id, all_sent); });
}

void Host::ponged(ConnectionId id) {
  ask(id, [id](Channel& channel) { channel.ponged(id); });
}

void Host::gone(ConnectionId id) {
  const auto at = connections_.find(id);
  if (at == connections_.end()) return;
  const Shared hosted = at->second.channel;
  connections_.erase(at);
  if (!hosted) return;
  hosted->connections.erase(id);
  hosted->since = services_.steady_clock();
  services_.log("table_disconnected", hosted->name, "");
  channels_.when_ready(hosted, [this, id](Channel* channel) {
    if (channel != nullptr) channel->leave(id, services_.steady_clock());
  });
}

void Host::close_expired() {
  const std::int64_t wall = services_.wall_clock();
  for (auto& [id, connection] : connections_)
    if (wall >= connection.pass.ends) connection.peer->close(kUnauthorized, "token: expired");
}

// --- Channels

void Host::load(const Shared& hosted) {
  disk_.load(hosted->name, [this, hosted](std::optional<Stored> stored) {
    services_.log(stored ? "table_channel_opened" : "table_channel_unavailable", hosted->name, "");
    std::unique_ptr<Channel> channel;
    if (stored) {
      channel = std::make_unique<Channel>(hosted->name, options_.channel, std::move(*stored));
      channel->catch_up();
    }
    channels_.loaded(hosted, std::move(channel));
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

void Host::perform(const Shared&, Send& send) {
  for (const ConnectionId to : send.to) {
    const auto at = connections_.find(to);
    if (at != connections_.end())
      at->second.peer->send({send.frame, *send.frame, at->second.is_text, send.weight});
  }
}

void Host::perform(const Shared& hosted, Close& close) {
  services_.log("table_closed", hosted->name, close.reason);
  const auto at = connections_.find(close.connection);
  if (at != connections_.end()) at->second.peer->close(close.code, close.reason);
}

void Host::perform(const Shared&, Publish& publish) {
  if (services_.bus != nullptr)
    services_.bus->publish(publish.is_request ? kRequests : kUpdates, std::move(publish.text));
}

void Host::perform(const Shared& hosted, Write& write) {
  disk_.write(hosted->name, std::move(write), [this, hosted](bool ok) { written(hosted, ok); });
}

void Host::written(const Shared& hosted, bool ok) {
  storage_fails_ = !ok;
  if (!hosted->room) return;
  ok ? hosted->room->on_committed() : hosted->room->on_commit_failed();
  if (!ok) services_.log("table_write_failed", hosted->name, "");
  turn(hosted);
}

// --- Other instances

/// A channel that is not open asks for what it missed once it is.
void Host::hear(bool is_request, const std::string& text) {
  const auto tell = [&](const std::string& name, const auto& what) {
    const auto at = channels_.by_name().find(name);
    if (at == channels_.by_name().end()) return;
    channels_.when_ready(at->second, [what](Channel* channel) {
      if (channel != nullptr) what(*channel);
    });
  };
  if (is_request) {
    if (const std::optional<Request> request = read_request(text))
      tell(request->channel, [request](Channel& channel) { channel.take_request(*request); });
  } else if (const std::optional<Envelope> envelope = read_envelope(text)) {
    tell(envelope->channel, [envelope](Channel& channel) { channel.take_envelope(*envelope); });
  }
}

void Host::catch_up() {
  for (const Shared& hosted : channels_.all()) {
    channels_.when_ready(hosted, [](Channel* channel) {
      if (channel != nullptr) channel->catch_up();
    });
  }
}

// --- Time

void Host::tick() {
  close_expired();
  for (const Shared& hosted : channels_.all()) {
    if (!hosted->room) continue;
    hosted->room->tick(services_.steady_clock());
    turn(hosted);
    const bool is_idle = hosted->connections.empty() && hosted->room && hosted->room->settled();
    if (is_idle && services_.steady_clock() - hosted->since >= options_.idle_time)
      channels_.unload(hosted, "idle");
  }
}

void Host::shut_down(std::function<void()> done) {
  shutting_down_ = true;
  shut_down_done_ = std::move(done);
  for (const Shared& hosted : channels_.all()) channels_.schedule(hosted);
  services_.post([this] { finish_shutdown(); });
}

void Host::finish_shutdown() {
  if (!shut_down_done_ || !channels_.settled()) return;
  for (auto& [id, connection] : connections_) connection.peer->close(kShutdown, "shutdown");
  std::exchange(shut_down_done_, nullptr)();
}

std::vector<ChannelInfo> Host::list() const {
  std::vector<ChannelInfo> infos;
  for (const auto& [name, hosted] : channels_.by_name()) {
    if (!hosted->room) continue;
    const Channel& channel = *hosted->room;
    const auto [most, mean] = channel.lag();
    infos.push_back({name, channel.member_count(), channel.version(), most, mean,
                     channel.store().rows().size(), channel.store().content_bytes()});
  }
  return infos;
}

}  // namespace vuer_rtc::table
