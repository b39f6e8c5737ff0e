#include "tools/load_report.hpp"

#include <cstdarg>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace vuer_rtc::server {
namespace {

using nlohmann::json;

constexpr double kPercentiles[] = {0.5, 0.99, 0.999};

__attribute__((format(printf, 2, 3))) void print(std::string& out, const char* form, ...) {
  char line[256];
  va_list values;
  va_start(values, form);
  std::vsnprintf(line, sizeof line, form, values);
  va_end(values);
  out += line;
}

double per_second(std::uint64_t count, double seconds) {
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

void print_count(std::string& out, const char* name, std::uint64_t count, const LoadFigures& all) {
  print(out, "%-14s%llu, %.0f /s", name, static_cast<unsigned long long>(count),
        per_second(count, all.seconds));
  if (all.server_cpu_seconds > 0)
    print(out, ", %.0f per second of the server's processor time",
          per_second(count, all.server_cpu_seconds));
  out += "\n";
}

void print_times(std::string& out, const char* name, const LoadTimes& times) {
  if (times.count() == 0) return;
  print(out, "%-14sp50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, longest %.2f ms\n", name,
        times.percentile(0.5), times.percentile(0.99), times.percentile(0.999), times.most());
}

double kib_each(const LoadFigures& figures) {
  const double grown = figures.idle.memory_kib - figures.before.memory_kib;
  return figures.connected == 0 ? 0 : grown / static_cast<double>(figures.connected);
}

void print_server(std::string& out, const LoadFigures& figures) {
  print(out, "%-14s%.0f %% of a core, %d open files\n", "server",
        100 * figures.server_cpu_seconds / figures.seconds, figures.after.files);
  print(out,
        "%-14s%.1f MB before, %.1f MB with all connections (%.2f kB each), %.1f MB at the end\n",
        "its memory", figures.before.memory_kib / 1024, figures.idle.memory_kib / 1024,
        kib_each(figures), figures.after.memory_kib / 1024);
}

void print_errors(std::string& out, const LoadFigures& figures) {
  if (figures.faults != 0)
    print(out, "%-14s%llu messages\n", "refused", static_cast<unsigned long long>(figures.faults));
  if (figures.lost != 0)
    print(out, "%-14s%llu answers and deliveries\n", "missing",
          static_cast<unsigned long long>(figures.lost));
  for (const auto& [code, count] : figures.closed)
    print(out, "%-14s%llu with code %d\n", "closed", static_cast<unsigned long long>(count), code);
  if (figures.faults == 0 && figures.lost == 0 && figures.closed.empty())
    print(out, "%-14snone\n", "errors");
}

json times_of(const LoadTimes& times) {
  json out = {{"count", times.count()}, {"longest", times.most()}};
  for (const double part : kPercentiles) {
    char name[16];
    std::snprintf(name, sizeof name, "p%g", part * 100);
    out[name] = times.percentile(part);
  }
  return out;
}

}  // namespace

std::string load_text(const LoadPlan& plan, const LoadFigures& figures) {
  std::string out;
  print(out, "%-14s%lld in %lld rooms, opened in %.2f s", "connections",
        static_cast<long long>(figures.connected), static_cast<long long>(plan.rooms),
        figures.connect_seconds);
  if (figures.churned != 0)
    print(out, ", %llu came again", static_cast<unsigned long long>(figures.churned));
  out += "\n";
  print_count(out, "sent", figures.sent, figures);
  if (figures.acks.count() != 0) print_count(out, "acknowledged", figures.acknowledged, figures);
  if (figures.deliveries.count() != 0) print_count(out, "delivered", figures.delivered, figures);
  print_times(out, "ack", figures.acks);
  print_times(out, "delivery", figures.deliveries);
  if (plan.pid != 0) print_server(out, figures);
  print_errors(out, figures);
  print(out, "%-14s%.0f %% of a core, %.2f ms behind its schedule (p99): %s\n", "load client",
        100 * figures.own_cpu, figures.late.percentile(0.99),
        is_bottleneck(figures) ? "IT WAS THE BOTTLENECK, not the server" : "not the bottleneck");
  return out;
}

std::string load_json(const LoadPlan& plan, const LoadFigures& figures) {
  json samples = json::array();
  for (const LoadSample& sample : figures.samples)
    samples.push_back(json::array({sample.at, sample.server.memory_kib, sample.server.files}));
  json closed = json::object();
  for (const auto& [code, count] : figures.closed) closed[std::to_string(code)] = count;
  const json out = {{"connections", figures.connected},
                    {"rooms", plan.rooms},
                    {"connectSeconds", figures.connect_seconds},
                    {"seconds", figures.seconds},
                    {"sent", figures.sent},
                    {"acknowledged", figures.acknowledged},
                    {"delivered", figures.delivered},
                    {"ackTimes", times_of(figures.acks)},
                    {"deliveryTimes", times_of(figures.deliveries)},
                    {"faults", figures.faults},
                    {"lost", figures.lost},
                    {"churned", figures.churned},
                    {"closed", closed},
                    {"ownCpu", figures.own_cpu},
                    {"late99", figures.late.percentile(0.99)},
                    {"isBottleneck", is_bottleneck(figures)},
                    {"serverCpuSeconds", figures.server_cpu_seconds},
                    {"memoryKib",
                     {{"before", figures.before.memory_kib},
                      {"idle", figures.idle.memory_kib},
                      {"each", kib_each(figures)},
                      {"after", figures.after.memory_kib}}},
                    {"files", {{"before", figures.before.files}, {"after", figures.after.files}}},
                    {"samples", samples}};
  return out.dump() + "\n";
}

}  // namespace vuer_rtc::server
