#include "tools/load_process.hpp"

#include <dirent.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace vuer_rtc::server {
namespace {

constexpr int kUserTime = 14;  // fields of /proc/PID/stat, counted from 1
constexpr int kSystemTime = 15;

double cpu_of(const std::string& folder) {
  std::ifstream file(folder + "stat");
  std::string line;
  std::getline(file, line);
  const std::size_t name_end = line.rfind(')');  // the name may hold anything
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(line.substr(name_end + 1));
  std::string field;
  double ticks = 0;
  for (int number = 3; number <= kSystemTime && fields >> field; ++number) {
    if (number >= kUserTime) ticks += std::stod(field);
  }
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double memory_of(const std::string& folder) {
  std::ifstream file(folder + "smaps_rollup");
  std::string word;
  double kib = 0;
  while (file >> word) {
    if (word == "Rss:" && file >> kib) return kib;
  }
  return 0;
}

int files_of(const std::string& folder) {
  DIR* const open = opendir((folder + "fd").c_str());
  if (open == nullptr) return 0;
  int count = -2;  // without . and ..
  while (readdir(open) != nullptr) ++count;
  closedir(open);
  return count;
}

}  // namespace

ProcessReading read_process(std::int64_t pid) {
  if (pid == 0) return {};
  const std::string folder = "/proc/" + std::to_string(pid) + "/";
  return {memory_of(folder), cpu_of(folder), files_of(folder)};
}

}  // namespace vuer_rtc::server
