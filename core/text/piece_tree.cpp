// The B-tree of pieces. Counts are changed by differences (modulo 2^64, so that a difference may be
// negative).
#include "text/piece_tree.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace vuer_rtc {
namespace {

void adopt(TreeNode* node, std::uint32_t slot) {
  if (node->is_leaf) {
    node->pieces[slot]->leaf = node;
  } else {
    node->children[slot]->parent = node;
    node->children[slot]->slot = slot;
  }
}

void move_entry(TreeNode* to, std::uint32_t at, const TreeNode* from, std::uint32_t slot) {
  to->units[at] = from->units[slot];
  to->depth[at] = from->depth[slot];
  to->visible[at] = from->visible[slot];
  to->children[at] = from->children[slot];
}

void open_slot(TreeNode* node, std::uint32_t slot) {
  for (std::uint32_t i = node->count; i > slot; --i) move_entry(node, i, node, i - 1);
  ++node->count;
  if (!node->is_leaf) {
    for (std::uint32_t i = slot + 1; i < node->count; ++i) node->children[i]->slot = i;
  }
}

void set_piece(TreeNode* leaf, std::uint32_t slot, Piece* piece) {
  leaf->pieces[slot] = piece;
  leaf->units[slot] = piece->length;
  leaf->depth[slot] = piece->depth;
  leaf->visible[slot] = piece->visible();
  piece->leaf = leaf;
}

std::uint64_t sum(const std::uint64_t* counts, std::uint32_t count) {
  std::uint64_t total = 0;
  for (std::uint32_t i = 0; i < count; ++i) total += counts[i];
  return total;
}

std::uint64_t least_depth(const TreeNode* node) {
  return *std::min_element(node->depth, node->depth + node->count);
}

void delete_below(TreeNode* node) {
  if (!node->is_leaf) {
    for (std::uint32_t i = 0; i < node->count; ++i) delete_below(node->children[i]);
  }
  delete node;
}

/// Entries [from, count) of `left` become the first ones of `right`, in front of those it has.
void move_up(TreeNode* left, std::uint32_t from, TreeNode* right) {
  const std::uint32_t moved = left->count - from;
  for (std::uint32_t i = right->count; i-- > 0;) move_entry(right, i + moved, right, i);
  for (std::uint32_t i = 0; i < moved; ++i) move_entry(right, i, left, from + i);
  right->count += moved;
  left->count = from;
  for (std::uint32_t i = 0; i < right->count; ++i) adopt(right, i);
}

}  // namespace

Cursor Cursor::next() const {
  if (slot + 1 < leaf->count) return {leaf, slot + 1};
  return {leaf->next, 0};
}

Cursor Cursor::previous() const {
  if (slot > 0) return {leaf, slot - 1};
  if (!leaf->previous) return {};
  return {leaf->previous, leaf->previous->count - 1};
}

PieceTree::~PieceTree() {
  if (root_) delete_below(root_);
}

Cursor PieceTree::first() const {
  if (!root_) return {};
  TreeNode* node = root_;
  while (!node->is_leaf) node = node->children[0];
  return {node, 0};
}

Cursor PieceTree::last() const {
  if (!root_) return {};
  TreeNode* node = root_;
  while (!node->is_leaf) node = node->children[node->count - 1];
  return {node, node->count - 1};
}

Cursor PieceTree::cursor_of(const Piece* piece) {
  TreeNode* leaf = piece->leaf;
  std::uint32_t slot = 0;
  while (leaf->pieces[slot] != piece) ++slot;
  return {leaf, slot};
}

void PieceTree::add_above(TreeNode* node, std::uint64_t units, std::uint64_t visible) {
  units_ += units;
  visible_ += visible;
  if (visible != 0 && node != near_) near_ = nullptr;
  for (; node->parent; node = node->parent) {
    node->parent->units[node->slot] += units;
    node->parent->visible[node->slot] += visible;
  }
}

/// An entry of this depth came into the node.
void PieceTree::lower_above(TreeNode* node, std::uint64_t depth) {
  for (; node->parent && node->parent->depth[node->slot] > depth; node = node->parent) {
    node->parent->depth[node->slot] = depth;
  }
}

/// An entry left the node.
void PieceTree::renew_above(TreeNode* node) {
  for (; node->parent; node = node->parent) {
    const std::uint64_t depth = least_depth(node);
    if (node->parent->depth[node->slot] == depth) return;
    node->parent->depth[node->slot] = depth;
  }
}

void PieceTree::insert_after(Cursor behind, Piece* piece) {
  if (!root_) root_ = new TreeNode;
  Cursor at = behind ? Cursor{behind.leaf, behind.slot + 1} : first();
  at = make_room(at.leaf, at.slot);
  open_slot(at.leaf, at.slot);
  set_piece(at.leaf, at.slot, piece);
  lower_above(at.leaf, piece->depth);
  add_above(at.leaf, piece->length, piece->visible());
}

void PieceTree::insert_tail(Cursor head, Piece* tail) {
  Piece* piece = head.piece();
  const Cursor at = make_room(head.leaf, head.slot + 1);
  const bool moved = at.leaf != piece->leaf;
  open_slot(at.leaf, at.slot);
  set_piece(at.leaf, at.slot, tail);
  lower_above(at.leaf, tail->depth);
  if (moved) add_above(at.leaf, tail->length, tail->visible());
  const Cursor rest = cursor_of(piece);
  rest.leaf->units[rest.slot] = piece->length;
  rest.leaf->visible[rest.slot] = piece->visible();
  if (moved) add_above(rest.leaf, -std::uint64_t{tail->length}, -tail->visible());
}

void PieceTree::absorb_next(Cursor head) {
  const Cursor next = head.next();
  if (next.leaf == head.leaf) {
    head.leaf->units[head.slot] += next.leaf->units[next.slot];
    head.leaf->visible[head.slot] += next.leaf->visible[next.slot];
  } else {
    refresh(head);
    add_above(next.leaf, -next.leaf->units[next.slot], -next.leaf->visible[next.slot]);
  }
  remove_entry(next.leaf, next.slot);
  if (next.leaf->count > 0) renew_above(next.leaf);
  drop_if_sparse(next.leaf);
}

void PieceTree::refresh(Cursor at) {
  const Piece* piece = at.piece();
  const std::uint64_t units = piece->length - at.leaf->units[at.slot];
  const std::uint64_t visible = piece->visible() - at.leaf->visible[at.slot];
  at.leaf->units[at.slot] = piece->length;
  at.leaf->visible[at.slot] = piece->visible();
  add_above(at.leaf, units, visible);
}

/// The place for a new entry in front of the slot, in a leaf that has room.
Cursor PieceTree::make_room(TreeNode* leaf, std::uint32_t slot) {
  if (leaf->count < kTreeSlots) return {leaf, slot};
  // Documents are mostly written forwards: a leaf that overflows at its end stays nearly full.
  split(leaf, slot == kTreeSlots ? kTreeSlots - 4 : kTreeSlots / 2);
  if (slot <= leaf->count) return {leaf, slot};
  return {leaf->next, slot - leaf->count};
}

void PieceTree::split(TreeNode* node, std::uint32_t keep) {
  if (!node->parent) grow_root();
  if (node->parent->count == kTreeSlots) split(node->parent, kTreeSlots / 2);
  auto* right = new TreeNode;
  right->is_leaf = node->is_leaf;
  move_up(node, keep, right);
  TreeNode* parent = node->parent;
  const std::uint32_t at = node->slot + 1;
  open_slot(parent, at);
  parent->children[at] = right;
  adopt(parent, at);
  parent->units[at] = sum(right->units, right->count);
  parent->visible[at] = sum(right->visible, right->count);
  parent->units[at - 1] -= parent->units[at];
  parent->visible[at - 1] -= parent->visible[at];
  parent->depth[at] = least_depth(right);
  parent->depth[at - 1] = least_depth(node);
  if (!node->is_leaf) return;
  right->next = node->next;
  right->previous = node;
  if (right->next) right->next->previous = right;
  node->next = right;
}

void PieceTree::grow_root() {
  auto* root = new TreeNode;
  root->is_leaf = false;
  root->count = 1;
  root->children[0] = root_;
  root->units[0] = units_;
  root->visible[0] = visible_;
  root->depth[0] = least_depth(root_);
  adopt(root, 0);
  root_ = root;
  ++height_;
}

/// Closes the gap; the counts above are the caller's.
void PieceTree::remove_entry(TreeNode* node, std::uint32_t slot) {
  --node->count;
  for (std::uint32_t i = slot; i < node->count; ++i) {
    move_entry(node, i, node, i + 1);
    if (!node->is_leaf) node->children[i]->slot = i;
  }
}

/// A leaf that is empty, or that fits well into its right neighbour, goes.
void PieceTree::drop_if_sparse(TreeNode* leaf) {
  if (leaf->count > kTreeSlots / 4) return;
  TreeNode* parent = leaf->parent;
  if (leaf->count > 0) {
    if (!parent || leaf->slot + 1 == parent->count) return;
    TreeNode* right = parent->children[leaf->slot + 1];
    if (leaf->count + right->count > kTreeSlots * 3 / 4) return;
    parent->units[right->slot] += parent->units[leaf->slot];
    parent->visible[right->slot] += parent->visible[leaf->slot];
    parent->depth[right->slot] = std::min(parent->depth[right->slot], parent->depth[leaf->slot]);
    move_up(leaf, 0, right);
  }
  near_ = nullptr;
  if (leaf->previous) leaf->previous->next = leaf->next;
  if (leaf->next) leaf->next->previous = leaf->previous;
  drop_node(leaf);
  shrink_root();
}

/// Takes an empty node out of its parent, which goes too when it has nothing else.
void PieceTree::drop_node(TreeNode* node) {
  while (node->count == 0) {
    TreeNode* parent = node->parent;
    if (parent) {
      remove_entry(parent, node->slot);
    } else {
      root_ = nullptr;
      height_ = 0;
    }
    delete node;
    if (!parent) return;
    node = parent;
  }
  renew_above(node);
}

void PieceTree::shrink_root() {
  while (root_ && !root_->is_leaf && root_->count == 1) {
    TreeNode* child = root_->children[0];
    child->parent = nullptr;
    child->slot = 0;
    delete root_;
    root_ = child;
    --height_;
  }
}

std::pair<Cursor, std::uint32_t> PieceTree::find_visible(std::uint64_t position) const {
  RTC_ASSERT(position < visible_);
  if (near_ && position >= near_start_) {
    std::uint64_t left = position - near_start_;
    for (std::uint32_t slot = 0; slot < near_->count; ++slot) {
      if (left < near_->visible[slot]) return {{near_, slot}, static_cast<std::uint32_t>(left)};
      left -= near_->visible[slot];
    }
  }
  TreeNode* node = root_;
  std::uint64_t left = position;
  for (;;) {
    if (node->is_leaf) {
      near_ = node;
      near_start_ = position - left;
    }
    std::uint32_t slot = 0;
    while (left >= node->visible[slot]) left -= node->visible[slot++];
    if (node->is_leaf) return {{node, slot}, static_cast<std::uint32_t>(left)};
    node = node->children[slot];
  }
}

std::uint64_t PieceTree::visible_before(Cursor at) const {
  std::uint64_t total = sum(at.leaf->visible, at.slot);
  for (const TreeNode* node = at.leaf; node->parent; node = node->parent) {
    total += sum(node->parent->visible, node->slot);
  }
  return total;
}

Cursor PieceTree::next_up_to(Cursor at, std::uint64_t depth) {
  TreeNode* node = at.leaf;
  std::uint32_t slot = at.slot + 1;
  for (;;) {
    while (slot < node->count && node->depth[slot] > depth) ++slot;
    if (slot < node->count && node->is_leaf) return {node, slot};
    if (slot < node->count) {
      node = node->children[slot];
      slot = 0;
    } else if (node->parent) {
      slot = node->slot + 1;
      node = node->parent;
    } else {
      return {};
    }
  }
}

bool PieceTree::precedes(Cursor a, Cursor b) {
  while (a.leaf != b.leaf) {
    a = {a.leaf->parent, a.leaf->slot};
    b = {b.leaf->parent, b.leaf->slot};
  }
  return a.slot < b.slot;
}

std::size_t PieceTree::growth(std::size_t pieces) const {
  return (2 * pieces + height_ + 2) * sizeof(TreeNode);
}

namespace {

/// Asserts what one node promises; returns its height.
std::uint32_t check_node(const TreeNode* node) {
  RTC_ASSERT(node->count > 0 && node->count <= kTreeSlots);
  std::uint32_t height = 0;
  for (std::uint32_t i = 0; i < node->count; ++i) {
    if (node->is_leaf) {
      const Piece* piece = node->pieces[i];
      RTC_ASSERT(piece->leaf == node && piece->length > 0);
      RTC_ASSERT(node->depth[i] == piece->depth);
      RTC_ASSERT(node->units[i] == piece->length && node->visible[i] == piece->visible());
      continue;
    }
    const TreeNode* child = node->children[i];
    RTC_ASSERT(child->parent == node && child->slot == i);
    const std::uint32_t below = check_node(child);
    RTC_ASSERT(i == 0 || below + 1 == height);
    height = below + 1;
    RTC_ASSERT(node->units[i] == sum(child->units, child->count));
    RTC_ASSERT(node->depth[i] == least_depth(child));
    RTC_ASSERT(node->visible[i] == sum(child->visible, child->count));
  }
  return height;
}

}  // namespace

void PieceTree::check() const {
  if (!root_) {
    RTC_ASSERT(units_ == 0 && visible_ == 0);
    return;
  }
  RTC_ASSERT(!root_->parent && check_node(root_) == height_);
  RTC_ASSERT(units_ == sum(root_->units, root_->count));
  RTC_ASSERT(visible_ == sum(root_->visible, root_->count));
  const TreeNode* last = nullptr;
  for (TreeNode* leaf = first().leaf; leaf; leaf = leaf->next) {
    RTC_ASSERT(leaf != near_ || near_start_ == visible_before({leaf, 0}));
    RTC_ASSERT(leaf->is_leaf && leaf->previous == last);
    last = leaf;
  }
}

}  // namespace vuer_rtc
