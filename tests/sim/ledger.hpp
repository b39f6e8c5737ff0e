// What the room must still know after every crash: each message that was written, each serverSeq
// that anybody was told of. Looks at everything a store gives back.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "room/record.hpp"

namespace vuer_rtc::sim {

class Ledger {
 public:
  /// The room wants this written; whether it was shows at the next load.
  void written(const server::LogWrite& write);
  /// The store gave this back after a start.
  void loaded(const server::LogContent& content);
  /// A frame left the server: its ack, broadcast or state speaks of what must never be lost.
  void told(ByteSpan frame);
  /// The disk is an older one at the next load: what came later is gone, and that is known.
  void expect_older() { older_ = true; }

  /// Somebody holds this message and offers it after that.
  void offered(const std::string& id) { offered_.insert(id); }
  /// It builds on what nobody holds any more.
  void forgive(const std::string& id) { offered_.erase(id); }
  /// Everything offered has come back.
  void check_offers();

  /// The first thing that is wrong; empty when nothing is.
  const std::string& fault() const { return fault_; }
  void blame(const std::string& what) {
    if (fault_.empty()) fault_ = what;
  }
  /// Every accepted message as stamped, by serverSeq.
  std::vector<Bytes> history() const;
  std::size_t snapshots() const { return snapshots_; }

 private:
  struct Entry {
    std::string id;
    Bytes bytes;
  };
  void forget_after(std::uint64_t last_seq);
  void told_of(std::uint64_t server_seq, const std::string& id);
  void check_accepted(const server::LogContent& content);
  void check_journal(const server::LogContent& content);

  std::map<std::uint64_t, Entry> entries_;     // by serverSeq; the last may not be on disk
  std::map<std::uint64_t, std::string> told_;  // serverSeq and id, as somebody was told
  std::uint64_t highest_told_ = 0;
  std::set<std::string> offered_;
  std::size_t snapshots_ = 0;
  bool older_ = false;
  std::string fault_;
};

}  // namespace vuer_rtc::sim
