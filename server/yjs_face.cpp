#include "yjs_face.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "http/json_object.hpp"
#include "log.hpp"
#include "metrics/metrics.hpp"
#include "policies.hpp"
#include "protocol/yjs/close_code.hpp"

namespace vuer_rtc::server {
namespace {

constexpr std::string_view kPrefix = "yjs";
constexpr std::array<std::string_view, 9> kReserved = {
    "ws", kPrefix, "table", "api", "admin", "health", "ready", "stats", "metrics"};

/// What stands behind the prefix; it may hold slashes.
std::string room_of(const Target& target) {
  std::string room;
  const std::size_t first = target.segments[0] == kPrefix ? 1 : 0;
  for (std::size_t i = first; i < target.segments.size(); i++)
    room += (i == first ? "" : "/") + target.segments[i];
  return room;
}

class Talk final : public net::Talk {
 public:
  Talk(yjs::Host& host, yjs::ConnectionId connection) : host_(host), connection_(connection) {}
  bool on_message(std::string_view bytes, bool text) override {
    const auto began = std::chrono::steady_clock::now();
    const bool reads_on = host_.frame(connection_, bytes, text);
    metrics.yjs_handling.observe(nanoseconds_since(began));
    return reads_on;
  }
  /// An update that was dropped would be missing for ever: who goes on like this is closed.
  void on_refused(std::string_view bytes, bool text, std::int64_t) override {
    on_message(bytes, text);
  }
  void on_drained() override { host_.drained(connection_); }
  void on_gone() override { host_.gone(connection_); }

 private:
  yjs::Host& host_;
  yjs::ConnectionId connection_;
};

}  // namespace

yjs::Pass pass_of(const Grant& grant) {
  const auto may_write_in = [grant](const std::string& room) -> std::optional<bool> {
    const std::optional<Right> right = grant.right_in(room);
    if (!right) return std::nullopt;
    return *right != Right::Read;
  };
  return {may_write_in, grant.ends()};
}

yjs::HostOptions yjs_options(const Config& config) {
  const auto size = [](std::int64_t flag) { return static_cast<std::size_t>(flag); };
  yjs::HostOptions options;
  options.room.chunk_bytes = size(config.yjs_chunk_size);
  options.room.client_timeout = config.client_timeout_minutes * 60'000;
  options.room.keep_history = config.yjs_keep_history;
  options.room.forward_early = config.yjs_forward_early;
  options.room.content_bytes = size(config.yjs_max_room_size);
  options.max_rooms = size(config.max_rooms);
  options.max_members = size(config.max_clients_per_room);
  options.room_timeout = config.room_timeout_minutes * 60'000;
  options.echo = config.yjs_echo;
  return options;
}

void count_yjs_figures(const yjs::RoomFigures& room) {
  const auto add = [](Figure& figure, std::uint64_t count) {
    if (count != 0) figure.add(static_cast<double>(count));
  };
  const auto add_all = [&add](auto& figures, const auto& tally) {
    std::size_t at = 0;
    for (const std::uint64_t count : tally) add(figures[at++], count);
  };
  add_all(metrics.yjs_messages, room.messages);
  add_all(metrics.yjs_updates, room.updates);
  add_all(metrics.yjs_refused, std::span(std::next(room.refused.begin()), room.refused.end()));
  add(metrics.yjs_dropped, room.dropped_presence);
  add(metrics.yjs_answers, room.answers);
  add(metrics.yjs_answer_bytes, room.answer_bytes);
  add(metrics.yjs_compactions, room.compactions);
  add(metrics.yjs_saved_bytes, room.saved_bytes);
}

void show_yjs_figures(const yjs::Host& host) {
  const yjs::HostFigures now = host.figures();
  metrics.yjs_rooms.set(static_cast<double>(now.rooms));
  metrics.yjs_connections.set(static_cast<double>(now.connections));
  metrics.yjs_structs.set(static_cast<double>(now.structs));
  metrics.yjs_holes.set(static_cast<double>(now.holes));
  metrics.yjs_content_bytes.set(static_cast<double>(now.content_bytes));
  metrics.yjs_damaged.set(static_cast<double>(now.damaged));
}

YjsFace::YjsFace(yjs::Host& host, const Config& config, Identify identify)
    : host_(host),
      bare_paths_(config.yjs_bare_paths),
      max_rooms_(config.max_rooms),
      max_members_(config.max_clients_per_room),
      policy_(yjs_policy(config)),
      zeal_policy_(zeal_policy(config)),
      identify_(std::move(identify)) {}

bool YjsFace::is_zeal(const Target& target) {
  return target.segments == std::vector<std::string>{"ws"} && target.item("sessionId") == nullptr;
}

bool YjsFace::is_room(const Target& target) const {
  if (target.segments.empty() || target.segments[0].empty()) return false;
  const std::string& first = target.segments[0];
  if (first == kPrefix) return true;
  return bare_paths_ && std::find(kReserved.begin(), kReserved.end(), first) == kReserved.end();
}

void YjsFace::judge(const net::Request& request, net::Upgrade& verdict) const {
  const std::optional<Target> target = parse_target(request.target);
  if (!target) {
    if (request.target.starts_with("/yjs/")) verdict.refused_with = 400;
    return;
  }
  if (!takes(*target)) return;
  verdict.policy = is_zeal(*target) ? &zeal_policy_ : &policy_;
  if (is_room(*target) && !yjs::is_room_name(room_of(*target))) verdict.refused_with = 400;
}

std::string YjsFace::stats() const {
  JsonObject answer;
  answer.number("rooms", host_.room_count()).number("total_clients", host_.connection_count());
  answer.number("max_rooms", max_rooms_).number("max_clients_per_room", max_members_);
  return answer.done();
}

std::unique_ptr<net::Talk> YjsFace::connect(const net::Request& request, const Target& target,
                                            net::Peer& peer) {
  const Result<Grant> grant = identify_(request);
  if (!grant) {
    log(LogLevel::Info, "token_refused", {{"error", grant.error().text}});
    peer.close(yjs::kUnauthorized, "unauthorized");
    return nullptr;
  }
  const std::string* echo = target.item("echo");
  const bool wants_echo = echo != nullptr && *echo == "1";
  const yjs::ConnectionId connection =
      is_zeal(target) ? host_.connect_zeal(pass_of(*grant), peer)
                      : host_.connect(room_of(target), pass_of(*grant), wants_echo, peer);
  return std::make_unique<Talk>(host_, connection);
}

}  // namespace vuer_rtc::server
