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

  const std::vector<Bytes>& ops() const { return ops_; }
  bool is_empty() const { return ops_.empty(); }
  std::size_t bytes() const { return bytes_; }
  bool has_meta() const { return has_meta_; }
  void clear();

 private:
  /// What a look back over the buffer asks of an op, without decoding it.
  struct Brief {
    std::uint32_t hash;  // of key and path
    bool is_barrier;     // structural, or writes several properties: nothing moves across it
    bool key_is_root;
  };
  static Brief brief_of(const Operation& op);
  bool combine_at(std::size_t index, const Operation& old, const Operation& op);
  std::vector<Bytes> ops_;
  std::vector<Brief> briefs_;
  std::size_t bytes_ = 0;
  bool has_meta_ = false;
};

}  // namespace vuer_rtc
