// The digest (law, section 11), renewed only where something changed: node digests, then their
// buckets.
#pragma once

#include <array>
#include <vector>

#include "graph/graph.hpp"
#include "vuer_rtc/message.hpp"

namespace vuer_rtc {

class SlotLogs;
class Texts;

class DigestCache {
 public:
  /// `left_out`: a pending message whose units do not count.
  Hash digest(Graph& graph, const SlotLogs& slots, const Texts& texts, MessageIndex left_out);

 private:
  struct Entry {
    Hash hash;
    bool is_listed = false;
  };
  struct Bucket {
    std::vector<NodeId> nodes;  // by key, as UTF-8 bytes
    Hash hash;
    bool is_stale = false;
  };
  void renew(const Graph& graph, NodeId id);
  std::size_t bucket_of(std::string_view key);

  std::vector<Entry> entries_;
  std::array<Bucket, 256> buckets_;
  Bytes scratch_;
};

/// Appends what section 11 hashes of one node.
struct NodeWriter {
  const Graph& graph;
  const SlotLogs& slots;
  const Texts& texts;
  MessageIndex left_out;
  Bytes& out;
  void write(NodeId id);

 private:
  std::vector<SlotId> sorted_slots(NodeId id) const;
  void write_children(const Node& node);
  void write_lww(const std::vector<SlotId>& slots);
  void write_props(const std::vector<SlotId>& slots);
  void write_texts(const std::vector<SlotId>& slots);
  void write_runs(std::uint32_t text);
};

}  // namespace vuer_rtc
