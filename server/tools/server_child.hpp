// A server of this very program as a child process, with a database in a new folder. Both end with
// the object.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "vuer_rtc/error.hpp"

namespace vuer_rtc::server {

class ServerChild {
 public:
  /// BadOperation: the folder cannot be made, or the server did not start.
  static Result<std::unique_ptr<ServerChild>> start(const std::string& parent,
                                                    std::vector<std::string> flags);
  ~ServerChild();
  ServerChild(const ServerChild&) = delete;
  ServerChild& operator=(const ServerChild&) = delete;

  std::uint16_t port() const { return port_; }
  pid_t pid() const { return pid_; }

 private:
  ServerChild() = default;
  Status spawn(const std::vector<std::string>& flags);
  Status read_port();

  std::string folder_;
  pid_t pid_ = 0;  // 0: not started
  int output_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace vuer_rtc::server
