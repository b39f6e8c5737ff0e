#include "http/router.hpp"

#include <algorithm>

#include "auth/bearer.hpp"
#include "auth/origin.hpp"
#include "http/answers.hpp"
#include "http/request_token.hpp"
#include "metrics/metrics.hpp"

namespace vuer_rtc::server {
namespace {

bool fits(const std::vector<std::string>& path, const std::vector<std::string>& segments) {
  return std::equal(path.begin(), path.end(), segments.begin(), segments.end(),
                    [](const std::string& wanted, const std::string& segment) {
                      return wanted.starts_with(':') || wanted == segment;
                    });
}

bool is_method(std::string_view wanted, std::string_view method) {
  return wanted == (method == "HEAD" ? "GET" : method);
}

net::Response not_allowed(const std::string& allowed) {
  net::Response refused = fault(405, "method_not_allowed", "allowed here: " + allowed);
  refused.headers.emplace_back("Allow", allowed);
  return refused;
}

net::Response unauthorized(const Error& why) {
  net::Response refused = fault(401, "unauthorized", why.text);
  refused.headers.emplace_back("WWW-Authenticate", "Bearer");
  return refused;
}

}  // namespace

Router::Router(Rooms rooms, const Config& config, Identify identify)
    : rooms_(std::move(rooms)),
      config_(config),
      files_(config.static_dir),
      identify_(std::move(identify)) {}

std::vector<Router::Route> Router::routes() {
  return {
#define ROUTE(method, path, access, handler, query, what) \
  {method, parse_target(path)->segments, Access::access, &Router::handler},
#include "http/routes.def"
  };
}

void Router::answer(const net::Request& request, Done done) {
  find_answer(request, [done = std::move(done)](net::Response response) {
    metrics.http[static_cast<std::size_t>(std::clamp(response.status / 100, 1, 5) - 1)].add();
    done(std::move(response));
  });
}

void Router::find_answer(const net::Request& request, Done done) {
  std::optional<Target> target = parse_target(request.target);
  if (!target) return done(fault(400, "bad_request", "the path cannot be read"));
  std::string allowed;
  for (const Route& route : routes_) {
    if (!fits(route.path, target->segments)) continue;
    if (is_method(route.method, request.method)) {
      Call call{std::move(*target), {}, request.body, {}, std::move(done)};
      if (std::optional<net::Response> refused = refuse(route, request, call))
        return call.done(std::move(*refused));
      return (this->*route.handler)(std::move(call));
    }
    allowed += std::string(allowed.empty() ? "" : ", ") + std::string(route.method);
    if (route.method == "GET") allowed += ", HEAD";
  }
  if (!allowed.empty()) return done(not_allowed(allowed));
  answer_file(request, *target, done);
}

void Router::answer_file(const net::Request& request, const Target& target,
                         const Done& done) const {
  const std::string first = target.segments.empty() ? std::string() : target.segments[0];
  if (first == "ws") return done(fault(426, "upgrade_required", "this path speaks WebSocket"));
  if (!is_method("GET", request.method)) return done(not_allowed("GET, HEAD"));
  std::optional<net::Response> file = first == "api" ? std::nullopt : files_.find(target.segments);
  done(file ? std::move(*file) : fault(404, "not_found", "there is nothing here"));
}

/// A page of others must not write through its visitor's browser.
bool Router::is_foreign(const net::Request& request) const {
  return request.has_origin &&
         !is_origin_allowed(request.origin, request.host, config_.allow_origin);
}

std::optional<net::Response> Router::refuse(const Route& route, const net::Request& request,
                                            Call& call) const {
  if (route.method != "GET" && is_foreign(request))
    return fault(403, "forbidden", "this origin is not allowed");
  if (route.access == Access::Open) return std::nullopt;
  if (route.access == Access::Metrics) return refuse_metrics(request);
  Result<Grant> grant = identify_(request);
  if (!grant) return unauthorized(grant.error());
  call.grant = std::move(*grant);
  if (route.access == Access::Token) return std::nullopt;
  if (route.access != Access::AllRooms) return refuse_room(route, call);
  if (call.grant.covers_all_rooms()) return std::nullopt;
  return fault(403, "forbidden", "what concerns all rooms needs a right to all rooms");
}

/// Open to all without --metrics-token.
std::optional<net::Response> Router::refuse_metrics(const net::Request& request) const {
  const std::string token = request_token(request);
  const bool admin = !config_.admin_token.empty() && is_same_secret(token, config_.admin_token);
  if (admin || config_.metrics_token.empty() || is_same_secret(token, config_.metrics_token))
    return std::nullopt;
  return unauthorized(make_error(ErrorCode::Forbidden, "token: is not the one of --metrics-token"));
}

std::optional<net::Response> Router::refuse_room(const Route& route, Call& call) {
  const auto at = std::find(route.path.begin(), route.path.end(), ":room");
  call.room = call.target.segments[static_cast<std::size_t>(at - route.path.begin())];
  if (!is_room_name(call.room)) return fault(400, "bad_request", "a room has 1 to 128 characters");
  const std::optional<Right> right = call.grant.right_in(call.room);
  if (!right) return fault(403, "forbidden", "the token gives no right to this room");
  if (route.access == Access::Write && !may_write(*right))
    return fault(403, "read_only", "the token may only read this room");
  if (route.access == Access::Admin && *right != Right::Admin)
    return fault(403, "forbidden", "this needs the right admin");
  return std::nullopt;
}

}  // namespace vuer_rtc::server
