#include "tools/bench_command.hpp"

#include <cstdio>

#include "tools/load_run.hpp"
#include "tools/server_child.hpp"

namespace vuer_rtc::server {
namespace {

constexpr Manual kManual = {
    "vuer-rtc-server bench", "measures a server on this machine and disk",
    "vuer-rtc-server bench [--folder FOLDER] [--seconds N] [--threads N]",
    "Starts this program as a server with a new database in the folder, lets the load client write "
    "into it in several ways, one after the other, and prints the rates and latencies. Everything "
    "that is acknowledged is on that disk. Database and server are gone afterwards. On a machine "
    "that does something else the figures are that much worse; `load` measures any server in more "
    "ways.",
    ""};

struct BenchFlags {
#define FLAG_ROWS "tools/bench_flags.def"
#include "tools/as_members.def"
};

std::vector<Flag> flags_of(BenchFlags& to) {
  constexpr std::string_view kSection = "Bench";
  return {
#define FLAG_ROWS "tools/bench_flags.def"
#include "tools/as_flags.def"
  };
}

struct Measurement {
  const char* name;
  std::int64_t connections, rooms, senders, rate;
};

constexpr Measurement kMeasurements[] = {
    {"100 rooms, each with one who writes", 100, 100, 1, 0},
    {"one room, one writes, fifty listen", 51, 1, 1, 0},
    {"100 rooms, one writes 100/s, ten listen", 1100, 100, 1, 100},
    {"one room, 200 write 10/s each", 200, 1, 200, 10},
    {"two people, 60/s", 2, 1, 1, 60},
};

/// Limits that no measurement comes to.
std::vector<std::string> server_flags(const BenchFlags& flags) {
  std::vector<std::string> out = {"--threads", std::to_string(flags.threads)};
  for (const char* limit : {"handshakes-per-second", "connections-per-address", "clients-per-room",
                            "messages-per-second", "bytes-per-second", "rooms"}) {
    out.push_back(std::string("--max-") + limit);
    out.emplace_back("0");
  }
  return out;
}

std::string line_of(const Measurement& one, const LoadFigures& figures) {
  const auto rate = [&](std::uint64_t count) {
    return static_cast<double>(count) / figures.seconds;
  };
  char line[200];
  std::snprintf(line, sizeof line, "%-42s %9.0f %9.2f %9.2f %11.0f %9.2f   %s\n", one.name,
                rate(figures.acknowledged), figures.acks.percentile(0.5),
                figures.acks.percentile(0.99), rate(figures.delivered),
                figures.deliveries.percentile(0.99),
                is_bottleneck(figures) ? "the client was the bottleneck" : "");
  return line;
}

Result<LoadFigures> measure(const Measurement& one, const BenchFlags& flags,
                            const std::function<void(const std::string&)>& progress) {
  auto server = ServerChild::start(flags.folder, server_flags(flags));
  if (!server) return server.error();
  LoadPlan plan;
  plan.host = "127.0.0.1";
  plan.port = (*server)->port();
  plan.pid = (*server)->pid();
  plan.connections = one.connections;
  plan.rooms = one.rooms;
  plan.senders = one.senders;
  plan.rate = one.rate;
  plan.seconds = flags.seconds;
  return run_load(plan, progress);
}

}  // namespace

Result<std::string> run_bench_command(std::span<const std::string_view> arguments,
                                      const Environment& environment,
                                      const std::function<void(const std::string&)>& progress) {
  BenchFlags flags;
  if (Status status = read_flags(flags_of(flags), arguments, environment); !status)
    return status.error();
  if (flags.help) {
    BenchFlags defaults;
    return manual_page(kManual, flags_of(defaults));
  }
  char head[200];
  std::snprintf(head, sizeof head, "%-42s %9s %9s %9s %11s %9s\n", "", "acked/s", "p50 ms",
                "p99 ms", "delivered/s", "p99 ms");
  std::string out = head;
  for (const Measurement& one : kMeasurements) {
    const Result<LoadFigures> figures = measure(one, flags, progress);
    if (!figures) return figures.error();
    out += line_of(one, *figures);
  }
  return out;
}

}  // namespace vuer_rtc::server
