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
  /// `left_out`: a pending message whose units do not count. False when there is no memory; what
  /// was renewed until then stays so.
  bool digest(Graph& graph, const SlotLogs& slots, const Texts& texts, MessageIndex left_out,
              Hash& out);

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
  bool renew_bucket(const Graph& graph, Bucket& bucket);
  bool make_entries(Graph& graph);
  std::size_t bucket_of(std::string_view key);

  std::vector<Entry> entries_;
  std::array<Bucket, 256> buckets_;
  Bytes scratch_;
};

/// What writing one node in any form allocates at most, the bytes themselves included.
std::size_t node_bytes(const Graph& graph, const SlotLogs& slots, const Texts& texts, NodeId id);

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
