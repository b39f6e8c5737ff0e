// fuzz_seeds FOLDER FILE...: the messages and snapshots of law vectors as MessagePack files,
// FOLDER/message/<n> and FOLDER/snapshot/<n>: first inputs for the fuzzers.
#include <cstdio>
#include <fstream>
#include <string>

#include "json_messages.hpp"

namespace {

using Json = nlohmann::json;

constexpr std::size_t kSmall = 1024;  // larger inputs slow the fuzzer down

void write(const std::string& folder, int& number, const Json& value) {
  vuer_rtc::Bytes bytes = vuer_rtc::msgpack_of(value);
  if (bytes.size() > kSmall) return;
  std::ofstream file(folder + "/" + std::to_string(number++), std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  std::string folder = argv[1];
  int messages = 0, snapshots = 0;
  for (int i = 2; i < argc; i++) {
    std::ifstream lines(argv[i]);
    for (std::string line; std::getline(lines, line);) {
      Json scenario = vuer_rtc::parse_json(line);
      write(folder + "/message", messages,
            scenario["messages"].empty() ? Json() : scenario["messages"][0]);
      if (scenario.contains("snapshot"))
        write(folder + "/snapshot", snapshots, scenario["snapshot"]);
    }
  }
  std::printf("%d messages, %d snapshots\n", messages, snapshots);
  return 0;
}
