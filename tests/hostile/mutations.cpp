// Picks recorded inputs out of the law vectors and mutates them.
#include "hostile/mutations.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>

#include "json_messages.hpp"

namespace vuer_rtc::testing {
namespace {

using Json = nlohmann::json;

constexpr const char* kFiles[] = {"values", "tree",       "text",   "mixed",
                                  "undo",   "compaction", "hostile"};
constexpr std::size_t kBefore =
    6;  // messages a document holds before the recorded one: enough to have nodes
constexpr int kEnough = 2;  // of one kind of op, before other kinds had their turn

std::vector<Json> scenarios(const std::string& name) {
  std::istringstream lines(read_test_file("vectors/law-" + name + ".jsonl"));
  std::vector<Json> out;
  for (std::string line; std::getline(lines, line);) out.push_back(parse_json(line));
  return out;
}

/// The messages of every vector by round: the first eligible of each scenario, then the second, and
/// so on.
std::vector<RecordedMessage> candidates(std::vector<std::vector<std::string>>& kinds) {
  std::vector<RecordedMessage> out;
  for (const char* file : kFiles) {
    for (const Json& scenario : scenarios(file)) {
      const Json& messages = scenario["messages"];
      if (scenario.contains("snapshot") || messages.size() <= kBefore) continue;
      RecordedMessage recorded;
      for (std::size_t i = 0; i < kBefore; i++) recorded.before.push_back(msgpack_of(messages[i]));
      for (std::size_t i = kBefore; i < messages.size(); i++) {
        recorded.message = msgpack_of(messages[i]);
        out.push_back(recorded);
        kinds.emplace_back();
        for (const Json& op : messages[i]["ops"])
          kinds.back().push_back(op["ot"].get<std::string>());
      }
    }
  }
  return out;
}

}  // namespace

std::vector<RecordedMessage> recorded_messages(std::size_t count) {
  std::vector<std::vector<std::string>> kinds;
  std::vector<RecordedMessage> all = candidates(kinds), out;
  std::map<std::string, int> seen;
  for (int enough : {1, kEnough}) {
    for (std::size_t i = 0; i < all.size() && out.size() < count; i++) {
      bool rare = std::any_of(kinds[i].begin(), kinds[i].end(),
                              [&](const std::string& kind) { return seen[kind] < enough; });
      if (!rare) continue;
      for (const std::string& kind : kinds[i]) seen[kind]++;
      kinds[i].clear();
      out.push_back(all[i]);
    }
  }
  for (std::size_t i = 0; i < all.size() && out.size() < count; i += all.size() / count)
    out.push_back(all[i]);
  return out;
}

std::vector<Bytes> recorded_snapshots(std::size_t limit) {
  std::vector<Bytes> out;
  for (const char* file : {"golden", "compaction"}) {
    for (const Json& scenario : scenarios(file)) {
      if (!scenario.contains("snapshot")) continue;
      Bytes bytes = msgpack_of(scenario["snapshot"]);
      if (bytes.size() <= limit) out.push_back(bytes);
    }
  }
  std::sort(out.begin(), out.end(), [](const Bytes& a, const Bytes& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  return out;
}

void for_each_truncation(const Bytes& bytes, const std::function<void(ByteSpan)>& visit) {
  // A copy of exactly this size: the sanitizer sees a read behind the end.
  for (std::size_t size = 0; size < bytes.size(); size++) {
    Bytes part(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    visit(part);
  }
}

void for_each_change(const Bytes& bytes, const std::function<void(ByteSpan)>& visit) {
  bool all_values = bytes.size() <= kAllValuesUpTo || std::getenv("RTC_ALL_BYTES") != nullptr;
  Bytes changed = bytes;
  for (std::size_t at = 0; at < bytes.size(); at++) {
    std::uint8_t kept = bytes[at];
    if (all_values) {
      for (int step = 1; step < 256; step++) {
        changed[at] = static_cast<std::uint8_t>(kept + step);
        visit(changed);
      }
    } else {
      for (int bit : {0, 4, 7}) {
        changed[at] = static_cast<std::uint8_t>(kept ^ (1 << bit));
        visit(changed);
      }
      for (int value : {0xc1, 0xdc, 0xdb}) {
        changed[at] = static_cast<std::uint8_t>(value);
        if (changed[at] != kept) visit(changed);
      }
    }
    changed[at] = kept;
  }
}

}  // namespace vuer_rtc::testing
