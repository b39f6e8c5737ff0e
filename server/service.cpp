#include "service.hpp"

#include "auth/bearer.hpp"
#include "auth/origin.hpp"
#include "http/answers.hpp"
#include "http/target.hpp"
#include "log.hpp"

namespace vuer_rtc::server {
namespace {

class Talk final : public net::Talk {
 public:
  Talk(RoomHost& host, ConnectionId connection) : host_(host), connection_(connection) {}
  bool on_message(std::string_view bytes, bool text) override {
    return host_.frame(connection_, bytes, text);
  }
  void on_refused(std::string_view bytes, bool text, std::int64_t retry_after) override {
    host_.refuse(connection_, bytes, text, retry_after);
  }
  void on_drained() override { host_.drained(connection_); }
  void on_gone() override { host_.gone(connection_); }

 private:
  RoomHost& host_;
  ConnectionId connection_;
};

std::optional<Resume> resume_of(const Target& target) {
  const auto since = target.whole("since", 0);
  if (!since || *since == 0) return std::nullopt;
  Resume resume;
  resume.since = *since;
  if (const std::string* at = target.item("at")) resume.at = *at;
  if (const std::string* epoch = target.item("epoch")) resume.epoch = *epoch;
  return resume;
}

constexpr std::string_view kProtocol = "vuer-rtc";

bool has(const Target& target, const std::string& name, std::string_view value) {
  const std::string* item = target.item(name);
  return item != nullptr && *item == value;
}

/// /ws/{room}
bool is_room_path(const Target& target) {
  return target.segments.size() == 2 && target.segments[0] == "ws" &&
         is_room_name(target.segments[1]);
}

}  // namespace

Service::Service(Rooms rooms, const Config& config, const net::ConnectionPolicy& policy,
                 Identify identify)
    : rooms_(std::move(rooms)),
      config_(config),
      policy_(policy),
      identify_(identify),
      router_(rooms_, config, std::move(identify)) {}

net::Upgrade Service::judge(const net::Request& request) {
  net::Upgrade verdict;
  verdict.policy = &policy_;
  if (request.has_origin && !is_origin_allowed(request.origin, request.host, config_.allow_origin))
    verdict.refused_with = 403;
  else if (policy_.auth == net::AuthMoment::BeforeUpgrade && !identify_(request))
    verdict.refused_with = 401;
  if (yjs_) yjs_->judge(request, verdict);
  if (tables_) tables_->judge(request, verdict);
  if (offers_protocol(request.protocols, kProtocol)) verdict.subprotocol = kProtocol;
  const std::optional<Target> target = parse_target(request.target);
  if (target && is_room_path(*target)) verdict.loop = rooms_.loop_of(target->segments[1]);
  return verdict;
}

std::unique_ptr<net::Talk> Service::connect(const net::Request& request, net::Peer& peer) {
  const std::optional<Target> target = parse_target(request.target);
  if (target && yjs_ && yjs_->takes(*target)) return yjs_->connect(request, *target, peer);
  if (target && tables_ && tables_->takes(*target)) return tables_->connect(request, *target, peer);
  if (!target || !is_room_path(*target)) {
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
  const std::string& room = target->segments[1];
  const Result<Grant> grant = identify_(request);
  const Result<Right> right = grant ? grant->enter(room, join.client) : grant.error();
  if (!right) {
    log(LogLevel::Info, "token_refused", {{"room", room}, {"error", right.error().text}});
    peer.close(policy_.codes.unauthorized, right.error().text);
    return nullptr;
  }
  join.right = *right;
  RoomHost& host = rooms_.host_of(room);
  const ConnectionId connection = host.connect(room, std::move(join), grant->ends(), peer);
  return std::make_unique<Talk>(host, connection);
}

void Service::answer(const net::Request& request, std::function<void(net::Response)> done) {
  if (yjs_ && request.method == "GET" && request.target == "/stats")
    return done(json_answer(yjs_->stats()));
  router_.answer(request, std::move(done));
}

}  // namespace vuer_rtc::server
