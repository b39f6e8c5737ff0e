// The document order: a B-tree with pieces in its leaves, and the units and visible units below
// every entry. One node type for leaves and inner nodes, so that there is one way to insert, split
// and remove. Nodes know their parent and their slot in it: a piece finds its position by walking
// up.
#pragma once

#include <cstdint>
#include <utility>

#include "text/piece.hpp"

namespace vuer_rtc {

inline constexpr std::uint32_t kTreeSlots = 16;

struct TreeNode {
  TreeNode* parent = nullptr;
  std::uint32_t slot = 0;   ///< in the parent
  std::uint32_t count = 0;  ///< entries in use
  bool is_leaf = true;
  TreeNode* previous = nullptr;  ///< leaves only
  TreeNode* next = nullptr;
  std::uint64_t visible[kTreeSlots];
  std::uint64_t units[kTreeSlots];
  std::uint64_t depth[kTreeSlots];  ///< the least one of a piece below the entry
  union {
    TreeNode* children[kTreeSlots];
    Piece* pieces[kTreeSlots];
  };
};

/// An entry of a leaf; leaf null: none.
struct Cursor {
  TreeNode* leaf = nullptr;
  std::uint32_t slot = 0;
  explicit operator bool() const { return leaf != nullptr; }
  Piece* piece() const { return leaf->pieces[slot]; }
  /// The following, preceding piece; none at the ends.
  Cursor next() const;
  Cursor previous() const;
};

class PieceTree {
 public:
  PieceTree() = default;
  ~PieceTree();
  PieceTree(const PieceTree&) = delete;
  PieceTree& operator=(const PieceTree&) = delete;

  std::uint64_t unit_count() const { return units_; }
  std::uint64_t visible_count() const { return visible_; }
  Cursor first() const;
  Cursor last() const;
  static Cursor cursor_of(const Piece* piece);

  /// Puts a piece right behind another one; behind nothing: at the start.
  void insert_after(Cursor behind, Piece* piece);
  /// `tail` was just cut off the piece at the cursor: its entry goes right behind.
  void insert_tail(Cursor head, Piece* tail);
  /// Takes the next entry, whose units the piece at the cursor took in, out.
  void absorb_next(Cursor head);
  /// The length or the visibility of the piece changed.
  void refresh(Cursor at);

  /// The piece with this visible unit, and the offset in it. position < visible_count().
  std::pair<Cursor, std::uint32_t> find_visible(std::uint64_t position) const;
  std::uint64_t visible_before(Cursor at) const;
  /// The first piece behind this one whose depth is not above the given one. A subtree ends there.
  static Cursor next_up_to(Cursor at, std::uint64_t depth);
  /// Does `a` stand before `b` in the document?
  static bool precedes(Cursor a, Cursor b);

  /// Bytes that inserting so many pieces may allocate.
  std::size_t growth(std::size_t pieces) const;
  void check() const;

 private:
  Cursor make_room(TreeNode* leaf, std::uint32_t slot);
  void split(TreeNode* node, std::uint32_t keep);
  void grow_root();
  void remove_entry(TreeNode* node, std::uint32_t slot);
  void drop_if_sparse(TreeNode* leaf);
  void drop_node(TreeNode* node);
  void shrink_root();
  void lower_above(TreeNode* node, std::uint64_t depth);
  void renew_above(TreeNode* node);
  void add_above(TreeNode* node, std::uint64_t units, std::uint64_t visible);

  TreeNode* root_ = nullptr;
  std::uint64_t units_ = 0;
  std::uint64_t visible_ = 0;
  std::uint32_t height_ = 0;

  // The leaf that find_visible() met last and the visible units before it: typing stays near.
  // Forgotten when anything before it may have changed.
  mutable TreeNode* near_ = nullptr;
  mutable std::uint64_t near_start_ = 0;
};

}  // namespace vuer_rtc
