// Writes the change feed (feed.hpp) from the change lists of the graph.
#pragma once

#include <vector>

#include "history/history.hpp"
#include "vuer_rtc/feed.hpp"

namespace vuer_rtc {

class FeedWriter {
 public:
  /// Appends what changed since the last call; clears the lists.
  void write(History& history, Bytes& out);
  /// Bytes that the next write may append, at most.
  std::size_t bound(History& history) const;
  /// The mirror starts from nothing: the next write says so and tells everything.
  void restart();

 private:
  void define(const Names& names, std::uint32_t& known, FeedKind kind);
  void write_node(History& history, NodeId id);
  void write_children(const Graph& graph, NodeId id);
  void write_slots_of(History& history, NodeId id);
  void write_slot(History& history, SlotId id);
  void write_value(const Slot& slot, const SlotLogs::Entry& lww);
  void write_text(History& history, SlotId id, const SlotLogs::Entry& lww);
  void write_event(const MessageEvent& event);
  void list_everything(History& history);

  void open(FeedKind kind);
  void close();
  void u32(std::uint32_t value);
  void f64(double value);
  void bytes(const void* data, std::size_t size);

  Bytes* out_ = nullptr;
  std::size_t record_ = 0;
  std::uint32_t keys_ = 0, paths_ = 0, clients_ = 0;
  std::vector<std::uint8_t> known_nodes_;  // the mirror has the node
  std::vector<std::uint8_t> known_texts_;  // by slot: the mirror has its text
  Bytes scratch_;
  bool restarts_ = false;
};

}  // namespace vuer_rtc
