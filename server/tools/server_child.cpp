#include "tools/server_child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace vuer_rtc::server {
namespace {

Error refuse(const std::string& what) { return make_error(ErrorCode::BadOperation, what); }

}  // namespace

Result<std::unique_ptr<ServerChild>> ServerChild::start(const std::string& parent,
                                                        std::vector<std::string> flags) {
  std::unique_ptr<ServerChild> child(new ServerChild);
  std::string folder = parent + "/vuer-rtc-bench-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return refuse(parent + ": no folder can be made there");
  child->folder_ = folder;
  flags.insert(flags.begin(), {"vuer-rtc-server", "--port", "0", "--log-level", "error",
                               "--database", "sqlite:" + folder + "/bench.db"});
  Status status = child->spawn(flags);
  if (status) status = child->read_port();
  if (!status) return status.error();
  return child;
}

/// Without the environment of this process: its settings are not those of the measurement.
Status ServerChild::spawn(const std::vector<std::string>& flags) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return refuse("no pipe can be made");
  output_ = ends[0];
  std::vector<char*> words;
  for (const std::string& flag : flags) words.push_back(const_cast<char*>(flag.c_str()));
  words.push_back(nullptr);
  char* no_environment[] = {nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const int code =
      posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr, words.data(), no_environment);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (code == 0) return {};
  pid_ = 0;
  return refuse("the server cannot be started");
}

/// It says where it listens in its first line.
Status ServerChild::read_port() {
  std::string line;
  for (char c = 0; line.find('\n') == std::string::npos && ::read(output_, &c, 1) == 1;)
    line.push_back(c);
  const std::size_t colon = line.rfind(':');
  if (colon == std::string::npos) return refuse("the server did not start");
  const char* end = line.data() + line.size() - 1;
  const auto [stop, error] = std::from_chars(line.data() + colon + 1, end, port_);
  return error == std::errc{} && stop == end ? Status()
                                             : Status(refuse("the server did not start"));
}

ServerChild::~ServerChild() {
  if (pid_ != 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (output_ >= 0) ::close(output_);
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

}  // namespace vuer_rtc::server
