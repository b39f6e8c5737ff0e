// A folder that goes with the test, and writes made from few words.
#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>

#include "room/room_probe.hpp"

namespace vuer_rtc::server {

class StoreFolder {
 public:
  StoreFolder() {
    static std::atomic<int> count{0};
    path_ = std::filesystem::temp_directory_path() /
            ("vuer-rtc-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
    std::filesystem::create_directories(path_);
  }
  ~StoreFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  StoreFolder(const StoreFolder&) = delete;
  StoreFolder& operator=(const StoreFolder&) = delete;
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline LogAppend batch_of(const std::string& epoch, std::uint64_t first, std::uint64_t last) {
  LogAppend batch;
  batch.epoch = epoch;
  batch.first_seq = first;
  batch.last_seq = last;
  batch.start_time = 1;
  batch.end_time = 2;
  for (std::uint64_t seq = first; seq <= last; ++seq) {
    const json message = words("alice", seq, seq);
    batch.entries.push_back(pack(message));
    AcceptedMessage accepted{message["id"], seq, seq, kNoLine, {}};
    accepted.content[0] = static_cast<std::uint8_t>(seq);
    batch.ids.push_back(row_of(accepted));
  }
  batch.authors = {row_of(AuthorRecord{"alice", last, last})};
  return batch;
}

/// A snapshot up to the line that leaves `rest` messages.
inline LogSnapshot snapshot_of(const std::string& epoch, std::uint64_t last, std::uint64_t rest) {
  LogSnapshot write;
  write.epoch = epoch;
  write.snapshot = pack({{"stable", last - rest}});
  write.state = state_bytes({static_cast<std::int64_t>(last - rest), last - rest});
  write.last_seq = last;
  write.first_rest_seq = rest == 0 ? 0 : last - rest + 1;
  for (std::uint64_t seq = last - rest + 1; seq <= last; ++seq)
    write.rest.push_back(pack(words("alice", seq, seq)));
  return write;
}

}  // namespace vuer_rtc::server
