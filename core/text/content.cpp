// Blocks grow with what the agent has written, up to a bound; a long insert gets a block of its own
// size.
#include "text/content.hpp"

#include <algorithm>

namespace vuer_rtc {
namespace {

constexpr std::size_t kSmallestBlock = 15;
constexpr std::size_t kLargestBlock = 2048;

}  // namespace

const char16_t* Content::end() const {
  return blocks_.empty() ? nullptr : blocks_.back().units.get() + used_;
}

std::size_t Content::next_capacity(std::size_t units) const {
  return std::max(units, std::clamp(total_ / 2, kSmallestBlock, kLargestBlock));
}

char16_t* Content::grow(std::size_t units) {
  if (room() < units) {
    const std::size_t capacity = next_capacity(units);
    // One unit more, so that no block can end where another begins.
    blocks_.push_back({std::make_unique<char16_t[]>(capacity + 1), nullptr, capacity});
    used_ = 0;
    total_ += capacity;
  }
  char16_t* at = blocks_.back().units.get() + used_;
  used_ += units;
  return at;
}

const char16_t* Content::append(std::u16string_view units) {
  char16_t* at = grow(units.size());
  std::copy(units.begin(), units.end(), at);
  return at;
}

Stamp* Content::stamps_at(const char16_t* unit) {
  Block& block = blocks_.back();
  if (!block.stamps) block.stamps = std::make_unique<Stamp[]>(block.capacity);
  return block.stamps.get() + (unit - block.units.get());
}

std::size_t Content::growth(std::size_t units, std::size_t blocks) {
  const std::size_t units_there = std::max(units, kLargestBlock) + 1;
  return units_there * sizeof(char16_t) + kLargestBlock * sizeof(Stamp) +
         2 * (blocks + 1) * sizeof(Block);
}

}  // namespace vuer_rtc
