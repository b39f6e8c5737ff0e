// The REST API (wire protocol, section 4, first form) and the static files. Reads speak of what is
// on disk.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "config.hpp"
#include "http/static_files.hpp"
#include "http/target.hpp"
#include "net/application.hpp"
#include "protocol/room_host.hpp"

namespace vuer_rtc::server {

class Router {
 public:
  using Done = std::function<void(net::Response)>;

  Router(RoomHost& host, const Config& config, std::int64_t started);
  void answer(const net::Request& request, Done done);

 private:
  void answer_api(const Target& target, Done done);
  void answer_room(const Target& target, Done done);
  net::Response health() const;
  net::Response ready() const;
  net::Response limits() const;
  void stats(Done done);
  void rooms(Done done);
  double uptime() const;

  RoomHost& host_;
  Config config_;
  StaticFiles files_;
  std::int64_t started_;
};

}  // namespace vuer_rtc::server
