#include "service.hpp"

#include <charconv>

#include "auth/origin.hpp"
#include "http/target.hpp"

namespace vuer_rtc::server {
namespace {

constexpr std::string_view kServerAuthor = "$server";  // messages the server itself writes

class Talk final : public net::Talk {
 public:
  Talk(RoomHost& host, ConnectionId connection) : host_(host), connection_(connection) {}
  bool on_message(std::string_view bytes, bool text) override {
    return host_.frame(connection_, bytes, text);
  }
  void on_drained() override { host_.drained(connection_); }
  void on_gone() override { host_.gone(connection_); }

 private:
  RoomHost& host_;
  ConnectionId connection_;
};

std::optional<Resume> resume_of(const Target& target) {
  const std::string* since = target.item("since");
  if (since == nullptr) return std::nullopt;
  Resume resume;
  const auto [end, error] =
      std::from_chars(since->data(), since->data() + since->size(), resume.since);
  if (error != std::errc{} || end != since->data() + since->size()) return std::nullopt;
  if (const std::string* at = target.item("at")) resume.at = *at;
  if (const std::string* epoch = target.item("epoch")) resume.epoch = *epoch;
  return resume;
}

bool has(const Target& target, const std::string& name, std::string_view value) {
  const std::string* item = target.item(name);
  return item != nullptr && *item == value;
}

}  // namespace

Service::Service(RoomHost& host, const Config& config, std::int64_t started)
    : host_(host), config_(config), router_(host, config, started) {}

bool Service::allows_origin(const net::Request& request) {
  return is_origin_allowed(request.origin, request.host, config_.allow_origin);
}

std::unique_ptr<net::Talk> Service::connect(const net::Request& request, net::Peer& peer) {
  const std::optional<Target> target = parse_target(request.target);
  const bool room_path = target && target->segments.size() == 2 && target->segments[0] == "ws";
  if (!room_path || !is_room_name(target->segments[1])) {
    peer.close(CloseCode::kWrongPath, "the path is /ws/{room}");
    return nullptr;
  }
  const std::string* session = target->item("sessionId");
  const bool usable = session != nullptr && !session->empty() && session->size() <= kMaxClientBytes;
  if (!usable || *session == kServerAuthor) {
    peer.close(CloseCode::kNoSession, "sessionId is missing or unusable");
    return nullptr;
  }
  Join join;
  join.client = *session;
  join.compact = has(*target, "snapshot", "compact");
  join.legacy = has(*target, "legacy", "1");
  const std::string* format = target->item("format");
  join.encoding = (format != nullptr ? *format : config_.default_format) == "msgpack"
                      ? Encoding::MessagePack
                      : Encoding::Json;
  join.resume = resume_of(*target);
  const ConnectionId connection = host_.connect(target->segments[1], std::move(join), peer);
  return std::make_unique<Talk>(host_, connection);
}

void Service::answer(const net::Request& request, std::function<void(net::Response)> done) {
  router_.answer(request, std::move(done));
}

}  // namespace vuer_rtc::server
