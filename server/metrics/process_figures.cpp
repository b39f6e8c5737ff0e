#include "metrics/process_figures.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace vuer_rtc::server {
namespace {

double now() {
  using namespace std::chrono;
  return duration<double>(system_clock::now().time_since_epoch()).count();
}

const double kStarted = now();

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double resident_bytes() {
  double all = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double open_files() {
  std::error_code error;
  const std::filesystem::directory_iterator all("/proc/self/fd", error);
  return error ? 0 : static_cast<double>(std::distance(begin(all), end(all)) - 1);
}

}  // namespace

ProcessFigures read_process_figures() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return {resident_bytes(), seconds(usage.ru_utime) + seconds(usage.ru_stime), open_files(),
          kStarted};
}

}  // namespace vuer_rtc::server
