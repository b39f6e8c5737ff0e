// The REST API (wire protocol, section 4, first form) and the static files. Reads speak of what is
// on disk.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "auth/grant.hpp"
#include "config.hpp"
#include "http/static_files.hpp"
#include "http/target.hpp"
#include "net/application.hpp"
#include "protocol/room_host.hpp"

namespace vuer_rtc::server {

/// What the bearer of a request's token may do.
using Identify = std::function<Result<Grant>(const net::Request&)>;

class Router {
 public:
  using Done = std::function<void(net::Response)>;

  Router(RoomHost& host, const Config& config, Identify identify);
  void answer(const net::Request& request, Done done);

 private:
  void answer_api(const Target& target, const Grant& grant, Done done);
  void answer_room(const Target& target, const Grant& grant, Done done);
  net::Response health() const;
  net::Response ready() const;
  net::Response limits() const;
  void stats(Done done);
  void rooms(const Grant& grant, Done done);
  double uptime() const;

  RoomHost& host_;
  Config config_;
  StaticFiles files_;
  Identify identify_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}  // namespace vuer_rtc::server
