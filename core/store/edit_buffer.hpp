// The pending ops (law, section 10). Combines two where nothing is lost; otherwise keeps both, in
// order.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "history/text_op.hpp"

namespace vuer_rtc {

class EditBuffer {
 public:
  /// Puts one op in normal form on top. Returns how the buffer changed; Overwritten: ops whose
  /// effect this one covers left it.
  enum class Change { Appended, Overwritten, Rewritten };
  Change put(const Operation& op);
  /// The same for a text op whose position became ids, on this slot; `op` then has its bytes. True
  /// when it went into the op before it: what is typed straight on, or deleted beside it, is one
  /// run.
  bool put_text(Operation& op, SlotId slot, TextOp& text, const Names& clients);
  /// The last text op goes on no more.
  void close_text() { open_.slot = kNone; }

  std::uint32_t count() const { return static_cast<std::uint32_t>(briefs_.size()); }
  bool is_empty() const { return briefs_.empty(); }
  /// The ops, one after the other.
  const Bytes& bytes() const { return bytes_; }
  ByteSpan last() const { return ByteSpan(bytes_).subspan(briefs_.back().from); }
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
  bool extend(const Operation& op, SlotId slot, TextOp& text, const Names& clients);

  /// The last op, where it is a text op that may go on.
  struct OpenText {
    SlotId slot = kNone;
    UnitId last;  // of its insert
    std::uint64_t seq = 0;
    double ts = 0;
    IdRange removed{};    // of one that deletes this and nothing else
    std::size_t at = 0;   // where its content stands, or its ranges when it only deletes
    std::string content;  // as it stands there
  };
  OpenText open_;
  Bytes bytes_;
  std::vector<Brief> briefs_;
  bool has_meta_ = false;
};

}  // namespace vuer_rtc
