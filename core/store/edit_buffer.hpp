// The pending ops (law, section 10). Combines two where nothing is lost; otherwise keeps both, in
// order.
#pragma once

#include <vector>

#include "model/operation.hpp"

namespace vuer_rtc {

class EditBuffer {
 public:
  /// Puts one op in normal form on top. Returns how the buffer changed.
  enum class Change { Appended, Rewritten };
  Change put(const Operation& op);

  std::uint32_t count() const { return static_cast<std::uint32_t>(briefs_.size()); }
  bool is_empty() const { return briefs_.empty(); }
  /// The ops, one after the other.
  const Bytes& bytes() const { return bytes_; }
  bool has_meta() const { return has_meta_; }
  void clear();

 private:
  /// What a look back over the buffer asks of an op, without decoding it.
  struct Brief {
    std::uint32_t hash;  // of key and path
    std::uint32_t from;  // where its bytes start
    bool is_barrier;     // structural, or writes several properties: nothing moves across it
    bool key_is_root;
  };
  static Brief brief_of(const Operation& op);
  Operation decode(std::size_t index) const;
  void rewrite(std::size_t index, ByteSpan op);
  Bytes bytes_;
  std::vector<Brief> briefs_;
  bool has_meta_ = false;
};

}  // namespace vuer_rtc
