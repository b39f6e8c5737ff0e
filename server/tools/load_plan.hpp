// What a run of the load client is to do.
#pragma once

#include <cstdint>
#include <string>

namespace vuer_rtc::server {

struct LoadPlan {
  std::string host;
  std::uint16_t port = 80;
  std::string dialect = "msgpack";  ///< see make_dialect
  std::string token;
  std::string content = "sets";  ///< "sets" of one property of each sender, or new "nodes"
  std::string path = "/health";  ///< what the dialect http asks for
  std::int64_t connections = 10;
  std::int64_t rooms = 1;     ///< connections take turns in choosing theirs
  std::int64_t senders = 1;   ///< in each room; the others only receive
  std::int64_t size = 300;    ///< bytes of a frame
  std::int64_t rate = 0;      ///< messages per second of each sender; 0: as the window allows
  std::int64_t window = 64;   ///< messages of a room that not everybody has answered or received
  std::int64_t messages = 0;  ///< ends the run when so many were sent; 0: it lasts for its time
  std::int64_t seconds = 10;
  std::int64_t warm_up = 1;       ///< seconds that are not measured
  std::int64_t connect_rate = 0;  ///< new connections per second; 0: as they succeed
  std::int64_t churn = 0;         ///< receivers per second that go and come again
  std::int64_t pid = 0;           ///< of the server; 0: its process is not looked at
};

}  // namespace vuer_rtc::server
