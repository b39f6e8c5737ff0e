// fuzz_seeds FOLDER FILE...: first inputs for the fuzzers out of law vectors, as
// FOLDER/<target>/<n>: messages and snapshots in MessagePack, rooms' records, frames in both
// encodings, and paths.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "json_messages.hpp"
#include "vuer_rtc/document.hpp"

namespace {

using Json = nlohmann::json;

constexpr std::size_t kSmall = 1024;  // larger inputs slow the fuzzer down
constexpr std::size_t kRows = 4;      // messages in one record or conversation

constexpr const char* kTargets[] = {
    "/",
    "/health",
    "/ready",
    "/api/limits",
    "/api/stats",
    "/api/rooms",
    "/api/rooms/my-room/digest",
    "/api/rooms/%F0%9F%98%80/state?form=compact",
    "/api/rooms/a%2Fb/state?form=published&x=1",
    "/ws?room=r&client=a#part",
};

/// A file of one target: bytes behind each other.
class Input {
 public:
  void byte(unsigned value) { bytes_.push_back(static_cast<char>(value)); }
  /// As law.hpp's Choices read it: two bytes of length first.
  void slice(const std::string& bytes) {
    byte(bytes.size() >> 8), byte(bytes.size() & 0xff);
    bytes_ += bytes;
  }
  void raw(const std::string& bytes) { bytes_ += bytes; }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

class Seeds {
 public:
  explicit Seeds(std::string folder) : folder_(std::move(folder)) {}

  void write(const std::string& target, const std::string& bytes) {
    if (bytes.empty() || bytes.size() > kSmall) return;
    const std::string folder = folder_ + "/" + target;
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/" + std::to_string(count_++), std::ios::binary) << bytes;
  }
  int count() const { return count_; }

 private:
  std::string folder_;
  int count_ = 0;
};

std::string packed(const Json& value) {
  const vuer_rtc::Bytes bytes = vuer_rtc::msgpack_of(value);
  return std::string(bytes.begin(), bytes.end());
}

/// As it stands, and with its texts in columns.
void write_snapshots(const std::string& plain, Seeds& seeds) {
  seeds.write("snapshot", plain);
  vuer_rtc::Document document;
  const auto* data = reinterpret_cast<const std::uint8_t*>(plain.data());
  if (!document.load({data, plain.size()})) return;
  const auto columns = document.snapshot();
  if (columns) seeds.write("snapshot", std::string(columns->begin(), columns->end()));
}

std::string record_of(const Json& scenario) {
  Input input;
  for (const unsigned choice : {0u, 0u, 0u, 0u, 0u}) input.byte(choice);
  input.slice(scenario.contains("snapshot") ? packed(scenario["snapshot"]) : std::string());
  std::size_t number = 0;
  for (Json message : scenario["messages"]) {
    if (number == kRows) break;
    message["serverSeq"] = ++number;
    input.slice(packed(message));
  }
  return input.bytes();
}

/// Messages as frames of one connection, in turn as JSON and as MessagePack.
std::string frames_of(const Json& scenario) {
  Input input;
  std::size_t number = 0;
  for (const Json& message : scenario["messages"]) {
    if (number == kRows) break;
    const Json frame = {{"mtype", "crdt"}, {"msg", message}};
    const bool json = number++ % 2 == 0;
    input.byte(json ? 1 : 0);
    input.slice(json ? frame.dump() : packed(frame));
  }
  return input.bytes();
}

std::string unhex(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoul(text.substr(i, 2), nullptr, 16)));
  return bytes;
}

/// The updates of one document, or everything one connection says about who is there.
void write_yjs(Seeds& seeds) {
  std::ifstream file(RTC_TESTS_DIR "/vectors/yjs-updates.json");
  const Json vectors = Json::parse(file);
  for (const Json& one : vectors["cases"]) {
    Input input;
    input.byte(0);
    for (const Json& update : one["updates"]) input.slice(unhex(update));
    seeds.write("yjs", input.bytes());
  }
  Input input;
  input.byte(3);
  for (const Json& one : vectors["messages"]) {
    input.byte(1), input.byte(1);
    input.slice(unhex(one["bytes"]));
  }
  seeds.write("yjs", input.bytes());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  Seeds seeds(argv[1]);
  for (const char* target : kTargets) seeds.write("target", target);
  write_yjs(seeds);
  for (int i = 2; i < argc; i++) {
    std::ifstream lines(argv[i]);
    for (std::string line; std::getline(lines, line);) {
      const Json scenario = vuer_rtc::parse_json(line);
      if (!scenario["messages"].empty()) seeds.write("message", packed(scenario["messages"][0]));
      if (scenario.contains("snapshot")) write_snapshots(packed(scenario["snapshot"]), seeds);
      seeds.write("record", record_of(scenario));
      seeds.write("frame", frames_of(scenario));
    }
  }
  std::printf("%d inputs\n", seeds.count());
  return 0;
}
