#include "metrics/metrics.hpp"

#include <charconv>
#include <span>

#include "metrics/process_figures.hpp"
#include "net/traffic.hpp"

namespace vuer_rtc::server {
namespace {

class Text {
 public:
  void head(std::string_view name, std::string_view help, std::string_view type) {
    add({"# HELP ", name, " ", help, "\n# TYPE ", name, " ", type, "\n"});
  }
  void sample(std::string_view name, std::string_view labels, double value) {
    char number[32];
    const auto end = std::to_chars(number, number + sizeof number, value).ptr;
    add({name, labels, " ", {number, static_cast<std::size_t>(end - number)}, "\n"});
  }
  std::string done() { return std::move(out_); }

 private:
  void add(std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) out_.append(part);
  }
  std::string out_;
};

std::string label(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + std::string(value) + "\"";
}

void write(Text& text, std::string_view name, const Figure& figure) {
  text.sample(name, {}, figure.value());
}

void write(Text& text, std::string_view name, const Histogram& histogram) {
  for (std::size_t i = 0; i <= kBuckets.size(); ++i) {
    char end[32] = "+Inf";
    std::size_t size = 4;
    if (i < kBuckets.size())
      size = static_cast<std::size_t>(std::to_chars(end, end + sizeof end, kBuckets[i]).ptr - end);
    text.sample(std::string(name) + "_bucket", "{" + label("le", {end, size}) + "}",
                static_cast<double>(histogram.at_most(i)));
  }
  text.sample(std::string(name) + "_sum", {}, histogram.sum());
  text.sample(std::string(name) + "_count", {},
              static_cast<double>(histogram.at_most(kBuckets.size())));
}

/// `before` are the labels that stand before this one. Pairs that never happened are left out.
void write(Text& text, std::string_view name, std::span<const Figure> figures,
           std::string_view label_name, std::span<const std::string_view> values,
           const std::string& before = {}) {
  for (std::size_t i = 0; i < figures.size(); ++i) {
    if (!before.empty() && figures[i].value() == 0) continue;
    text.sample(name, "{" + before + label(label_name, values[i]) + "}", figures[i].value());
  }
}

/// The network counts by itself; its close codes are told by the codes we know.
void read_network() {
  const net::Traffic& now = net::traffic;
  metrics.connections.set(static_cast<double>(now.connections));
  metrics.received_bytes.set(static_cast<double>(now.received_bytes));
  metrics.sent_bytes.set(static_cast<double>(now.sent_bytes));
  metrics.sent_frames.set(static_cast<double>(now.sent_frames));
  metrics.queued_bytes.set(static_cast<double>(now.queued_bytes));
  metrics.queued_frames.set(static_cast<double>(now.queued_frames));
  metrics.dropped.set(static_cast<double>(now.dropped));
  double known = 0, all = 0;
  for (const auto& one : now.closed) all += static_cast<double>(one);
  for (std::size_t i = 0; i + 1 < std::size(kCloseCodes); ++i) {
    const auto count = static_cast<double>(now.closed[static_cast<std::size_t>(kCloseCodes[i])]);
    metrics.closed[i].set(count);
    known += count;
  }
  metrics.closed.back().set(all - known);
}

void read_process() {
  const ProcessFigures now = read_process_figures();
  metrics.memory.set(now.resident_bytes);
  metrics.cpu.set(now.cpu_seconds);
  metrics.files.set(now.open_files);
  metrics.started.set(now.started);
}

}  // namespace

std::string prometheus_text() {
  read_network();
  read_process();
  Text text;
#define COUNTER(member, name, help) \
  text.head(name, help, "counter"); \
  write(text, name, metrics.member);
#define GAUGE(member, name, help) \
  text.head(name, help, "gauge"); \
  write(text, name, metrics.member);
#define HISTOGRAM(member, name, help) \
  text.head(name, help, "histogram"); \
  write(text, name, metrics.member);
#define COUNTERS(member, name, label, values, help) \
  text.head(name, help, "counter");                 \
  write(text, name, metrics.member, label, values);
#define GRID(member, name, first, firsts, second, seconds, help) \
  text.head(name, help, "counter");                              \
  for (std::size_t i = 0; i < std::size(firsts); ++i)            \
    write(text, name, metrics.member[i], second, seconds, label(first, firsts[i]) + ",");
#include "metrics/metrics.def"
  return text.done();
}

}  // namespace vuer_rtc::server
