// Who is there and what they show (endpoint specification, section 10). States travel as the JSON
// texts they came as.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "protocol/yjs/lib0.hpp"

namespace vuer_rtc::yjs {

struct Presence {
  std::uint64_t client = 0;
  std::uint64_t clock = 0;
  std::string state;  ///< "null": gone
};

/// The whole of `bytes`; nothing when it cannot be read.
std::optional<std::vector<Presence>> read_awareness(ByteSpan bytes);
Bytes write_awareness(std::span<const Presence> entries);

class Awareness {
 public:
  using Owner = std::uint64_t;

  /// What changed, each client once, with its value after all entries. Entries for a client that
  /// another owner has are dropped.
  std::vector<Presence> apply(std::span<const Presence> entries, Owner owner, std::int64_t now);
  std::vector<Presence> live() const;
  /// The owner is gone: its clients are, too.
  std::vector<Presence> leave(Owner owner);
  /// Whoever has not renewed its state for 30 s is gone.
  std::vector<Presence> expire(std::int64_t now);
  std::uint64_t dropped() const { return dropped_; }

 private:
  struct Known {
    std::uint64_t clock = 0;
    std::optional<std::string> state;
    std::int64_t seen = 0;
    Owner owner = 0;
  };
  bool accept(const Presence& entry, Owner owner, std::int64_t now);
  static Presence presence(std::uint64_t client, const Known& known);
  std::map<std::uint64_t, Known> known_;
  std::map<Owner, std::set<std::uint64_t>> owned_;  // the live ones
  std::uint64_t dropped_ = 0;
};

}  // namespace vuer_rtc::yjs
