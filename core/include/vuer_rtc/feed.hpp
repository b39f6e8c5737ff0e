// The change feed: what a mirror of the document must do, as records in one byte buffer.
//
// Little endian; every record starts at a multiple of 8: u32 kind, u32 size in bytes (header and
// padding included), then the fields below in this order, then zero padding. Keys, paths and
// clients are numbers that a definition record introduced once before. Strings are UTF-8. "none" is
// 0xffffffff.
#pragma once

#include <cstdint>

namespace vuer_rtc {

inline constexpr std::uint32_t kFeedNone = 0xffffffff;

enum class FeedKind : std::uint32_t {
  DefineKey = 1,     ///< u32 node, u32 bytes, utf8
  DefinePath = 2,    ///< u32 path, u32 bytes, utf8
  DefineClient = 3,  ///< u32 client, u32 bytes, utf8
  /// u32 node, u32 path, u32 lww client or none, u32 shape, f64 lww lt, f64 numbers.
  /// shape: 0 property gone, 1 null, 2 false, 3 true, 4 number, 5 + n an array of n numbers (n =
  /// 0..4)
  Inline = 4,
  /// u32 node, u32 path, u32 lww client or none, u32 bytes, f64 lww lt, MessagePack value
  Value = 5,
  /// u32 node, u32 path, u32 lww client or none, u32 at, u32 removed, u32 inserted, f64 lww lt, u16
  /// units. The property is a text; removed = none: the units are the whole text
  Text = 6,
  /// u32 node, u32 flags (1 exists, 2 deleted), f64 createdAt, f64 updatedAt, f64 lamportTime, f64
  /// deletedAt, u32 clock entries, u32 zero, then per entry: u32 client, u32 zero, f64 number.
  /// flags 0: the node is gone
  Node = 7,
  Touch = 8,     ///< u32 node, u32 zero, f64 updatedAt, f64 lamportTime
  Children = 9,  ///< u32 node, u32 count, u32 nodes: all alive children in order
  Root = 10,     ///< u32 node or none, u32 zero
  Undone = 11,   ///< u32 undone (0, 1), u32 bytes, f64 ts of the meta message, utf8 message id
  Moved = 12,    ///< f64 lt, u32 bytes, u32 zero, utf8 message id: an own message got another place
  Folded = 13,   ///< f64 line: messages with lt <= line left the journal
  Reset = 14,    ///< u32 zero, u32 zero: drop everything; the whole document follows
};

}  // namespace vuer_rtc
