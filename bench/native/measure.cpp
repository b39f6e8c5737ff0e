// Rounds, medians and the line of JSON.
#include "measure.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace bench {
namespace {

struct Done {
  std::size_t steps;
  double seconds;
};

Done loop(const Round& round, std::size_t count, double limit) {
  const double start = seconds();
  Done out{0, 0};
  for (std::size_t chunk = 1; out.steps < count && out.seconds < limit;) {
    const std::size_t end = std::min(out.steps + chunk, count);
    for (; out.steps < end; ++out.steps) round.step(out.steps);
    out.seconds = seconds() - start;
    chunk = std::min<std::size_t>(2 * chunk, 1024);
  }
  return out;
}

Figure repeat(const Limits& limits, const std::function<double(Figure&)>& run) {
  Figure figure;
  const double start = seconds();
  do {
    figure.runs.push_back(run(figure));
  } while (static_cast<int>(figure.runs.size()) < limits.rounds &&
           seconds() - start < 3 * limits.seconds);
  return figure;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace

double seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

Figure rate(const Limits& limits, std::size_t count, const std::function<Round()>& prepare) {
  return repeat(limits, [&](Figure& figure) {
    const Round round = prepare();
    const Done done = loop(round, count, limits.seconds);
    figure.part = std::min(figure.part, static_cast<double>(done.steps) / count);
    round.after(done.steps);
    return static_cast<double>(done.steps) / done.seconds / 1e6;
  });
}

Figure time(const Limits& limits, const std::function<Round()>& prepare) {
  return repeat(limits, [&](Figure&) {
    const Round round = prepare();
    const Done done = loop(round, 1, limits.seconds);
    round.after(1);
    return done.seconds * 1000;
  });
}

Figure counted(double value) { return {{value}, 1}; }

void print(const Rows& rows) {
  const char* between = "{";
  for (const auto& [name, figure] : rows) {
    std::printf("%s\"%s\": {\"value\": %.9g, \"runs\": [", between, name.c_str(),
                median(figure.runs));
    for (std::size_t i = 0; i < figure.runs.size(); ++i) {
      std::printf("%s%.9g", i == 0 ? "" : ", ", figure.runs[i]);
    }
    std::printf("], \"part\": %.9g}", figure.part);
    between = ", ";
  }
  std::printf("%s}\n", rows.empty() ? "{" : "");
}

void check(bool is, const char* what) {
  if (is) return;
  std::fprintf(stderr, "wrong result: %s\n", what);
  std::exit(1);
}

void keep(std::uint64_t value) {
  static volatile std::uint64_t sink;
  sink = sink ^ value;
}

}  // namespace bench
