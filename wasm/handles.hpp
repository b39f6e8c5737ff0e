// Handles as checked indexes: 16 bits of place, 16 bits of generation. A handle whose object is
// gone is told apart from a living one, so a stale handle is an error and never a crash.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace vuer_rtc::wasm {

inline constexpr std::uint32_t kMaxHandles = 0xffff;
inline constexpr std::uint32_t kLastGeneration = 0xffff;

template <class T>
class Handles {
 public:
  /// The handle of the object, 0 when all places are taken.
  std::uint32_t add(std::unique_ptr<T> object) {
    const std::uint32_t place = take_place();
    if (place == kMaxHandles) return 0;
    Slot& slot = slots_[place];
    slot.object = std::move(object);
    return (slot.generation << 16) | place;
  }

  /// The living object of the handle or nullptr.
  T* find(std::uint32_t handle) const {
    const std::uint32_t place = handle & 0xffff;
    if (place >= slots_.size() || slots_[place].generation != handle >> 16) return nullptr;
    return slots_[place].object.get();
  }

  /// Frees the object; false when the handle is stale.
  bool remove(std::uint32_t handle) {
    if (find(handle) == nullptr) return false;
    const std::uint32_t place = handle & 0xffff;
    Slot& slot = slots_[place];
    slot.object.reset();
    if (slot.generation <
        kLastGeneration) {  // a place that ran out of generations is never used again
      ++slot.generation;
      free_.push_back(place);
    }
    return true;
  }

 private:
  struct Slot {
    std::unique_ptr<T> object;
    std::uint32_t generation = 1;
  };

  std::uint32_t take_place() {
    if (!free_.empty()) {
      const std::uint32_t place = free_.back();
      free_.pop_back();
      return place;
    }
    if (slots_.size() >= kMaxHandles) return kMaxHandles;
    slots_.emplace_back();
    return static_cast<std::uint32_t>(slots_.size() - 1);
  }

  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace vuer_rtc::wasm
