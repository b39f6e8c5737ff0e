// A run of the load client: connects, warms up, measures, waits for what is under way. One thread,
// one loop over epoll.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tools/load_plan.hpp"
#include "tools/load_process.hpp"
#include "tools/load_times.hpp"
#include "vuer_rtc/error.hpp"

namespace vuer_rtc::server {

struct LoadSample {
  double at = 0;  ///< seconds since the measured time began
  ProcessReading server;
};

struct LoadFigures {
  std::int64_t connected = 0;
  double connect_seconds = 0;
  double seconds = 0;  ///< measured
  std::uint64_t sent = 0, delivered = 0, acknowledged = 0, bytes_heard = 0;
  std::uint64_t faults = 0;  ///< messages that the server refused
  std::uint64_t lost = 0;    ///< answers and deliveries that had not come at the end
  std::uint64_t churned = 0;
  std::map<int, std::uint64_t> closed;  ///< connections the server ended, by code
  LoadTimes acks, deliveries, late;     ///< late: messages behind their schedule
  double own_cpu = 0;                   ///< of the measured time, 1: a whole core
  ProcessReading before, idle, after;   ///< the server: alone, with all connections, at the end
  double server_cpu_seconds = 0;        ///< in the measured time
  std::vector<LoadSample> samples;      ///< one a second, at most 4,000
};

/// `progress` is called about once a second with a line of text. BadOperation: the host has no
/// address, or nothing could be connected.
Result<LoadFigures> run_load(const LoadPlan& plan,
                             const std::function<void(const std::string&)>& progress);

/// The client itself held things up: its figures say nothing about the server.
bool is_bottleneck(const LoadFigures& figures);

}  // namespace vuer_rtc::server
