// Timing as in js/measure.mjs: some rounds, each cut off at a limit, and the median of them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace bench {

/// A figure: the median of its runs, and the least part of the work that a run got done.
struct Figure {
  std::vector<double> runs;
  double part = 1;
};

/// Figures of one process by row; written as one line of JSON.
using Rows = std::vector<std::pair<std::string, Figure>>;
void print(const Rows& rows);

struct Limits {
  int rounds = 5;
  double seconds = 1;
};

double seconds();

/// One round: what to do for each step, and what to do in the end with the number of steps done.
struct Round {
  std::function<void(std::size_t)> step;
  std::function<void(std::size_t)> after = [](std::size_t) {};
};

/// Millions of steps a second; `prepare` is not counted.
Figure rate(const Limits& limits, std::size_t count, const std::function<Round()>& prepare);
/// Milliseconds of one step; `prepare` is not counted.
Figure time(const Limits& limits, const std::function<Round()>& prepare);
/// A figure that is counted, not timed.
Figure counted(double value);

/// Stops the process with a word when a result is wrong.
void check(bool is, const char* what);
/// Keeps a result alive.
void keep(std::uint64_t value);

}  // namespace bench
