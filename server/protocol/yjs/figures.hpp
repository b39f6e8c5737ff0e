// What happened in a room, for the figures.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "protocol/yjs/message.hpp"

namespace vuer_rtc::yjs {

enum class MessageKind : std::uint8_t {
#define KIND(symbol, label) symbol,
#include "protocol/yjs/figures.def"
};
enum class UpdateResult : std::uint8_t {
#define RESULT(symbol, label) symbol,
#include "protocol/yjs/figures.def"
};

MessageKind kind_of(const Message& message);

/// A number for each value of an enum, whose last value is `last`.
template <class Enum, Enum last>
class Tally {
 public:
  void add(Enum one) { ++counts_[static_cast<std::size_t>(one)]; }
  std::uint64_t of(Enum one) const { return counts_[static_cast<std::size_t>(one)]; }
  auto begin() const { return counts_.begin(); }
  auto end() const { return counts_.end(); }

 private:
  std::array<std::uint64_t, static_cast<std::size_t>(last) + 1> counts_{};
};

struct RoomFigures {
  Tally<MessageKind, MessageKind::Unknown> messages;
  Tally<UpdateResult, UpdateResult::Full> updates;
  Tally<Fault, Fault::Custom> refused;
  std::uint64_t dropped_presence = 0;
  std::uint64_t answers = 0, answer_bytes = 0;  ///< messages that answer step 1
  std::uint64_t compactions = 0, saved_bytes = 0;
};

}  // namespace vuer_rtc::yjs
