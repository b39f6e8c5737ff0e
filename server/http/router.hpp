// The REST API (wire protocol, section 4) and the static files: finds the row of routes.def that a
// request means, checks what its sender may, and lets the row's handler answer. Reads speak of what
// is on disk.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "auth/grant.hpp"
#include "config.hpp"
#include "http/static_files.hpp"
#include "http/target.hpp"
#include "net/application.hpp"
#include "protocol/rooms.hpp"

namespace vuer_rtc::server {

/// What the bearer of a request's token may do.
using Identify = std::function<Result<Grant>(const net::Request&)>;

class Router {
 public:
  using Done = std::function<void(net::Response)>;
  using Describe = std::function<net::Response(Room&)>;

  Router(Rooms rooms, const Config& config, Identify identify);
  void answer(const net::Request& request, Done done);
  /// A further protocol's word on why there should be no traffic now; empty: nothing is wrong.
  void ask_before_ready(std::function<std::string_view()> fault) { others_ = std::move(fault); }

 private:
  /// Who may ask: anybody; who knows --metrics-token; who has a token of any kind; one for all
  /// rooms; one with this right in the room of the path.
  enum class Access { Open, Metrics, Token, AllRooms, Read, Write, Admin };

  /// A request that may be answered.
  struct Call {
    Target target;
    std::string room;  ///< of the path
    std::string body;
    Grant grant;
    Done done;
  };
  using Handler = void (Router::*)(Call);
  struct Route {
    std::string_view method;
    std::vector<std::string> path;
    Access access;
    Handler handler;
  };

  static std::vector<Route> routes();
  void answer_file(const net::Request& request, const Target& target, const Done& done) const;
  /// Nothing: the call may go on, its grant and room are filled in.
  std::optional<net::Response> refuse(const Route& route, const net::Request& request,
                                      Call& call) const;
  static std::optional<net::Response> refuse_room(const Route& route, Call& call);
  bool is_foreign(const net::Request& request) const;
  std::optional<net::Response> refuse_metrics(const net::Request& request) const;
  void find_answer(const net::Request& request, Done done);

#define ROUTE(method, path, access, handler, query, what) void handler(Call call);
#include "http/routes.def"

  /// Answers with what `describe` says of a room, when it is there.
  static std::function<void(Result<Room*>)> answer_with(Describe describe, Done done);
  void with_room(Call call, Describe describe);
  double uptime() const;
  void find_storage_fault(std::function<void(std::string_view)> done) const;

  Rooms rooms_;
  Config config_;
  StaticFiles files_;
  Identify identify_;
  std::function<std::string_view()> others_ = [] { return std::string_view(); };
  std::vector<Route> routes_ = routes();
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace vuer_rtc::server
