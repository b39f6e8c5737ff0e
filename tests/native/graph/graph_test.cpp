// Nodes and slots are made at the first mention and found again; touches are maxima.
#include "graph/graph.hpp"

#include <catch2/catch.hpp>

using namespace vuer_rtc;

TEST_CASE("graph_makes_a_node_and_a_slot_once") {
  Messages messages;
  Graph graph(messages);
  const NodeId a = graph.node_id("a");
  CHECK(graph.node_id("a") == a);
  CHECK(graph.find_node("b") == kNone);
  const NameId x = graph.paths().intern("x"), y = graph.paths().intern("y");
  CHECK(graph.find_slot(a, x) == kNone);
  const SlotId slot = graph.slot_id(a, x);
  CHECK(graph.slot_id(a, x) == slot);
  CHECK(graph.find_slot(a, x) == slot);
  CHECK(graph.slot_id(a, y) != slot);
  CHECK(graph.slot_count() == 2);
  graph.check();
}

TEST_CASE("graph_finds_ten_thousand_slots_again") {
  Messages messages;
  Graph graph(messages);
  std::vector<SlotId> slots;
  for (int node = 0; node < 100; ++node) {
    for (int path = 0; path < 100; ++path) {
      slots.push_back(graph.slot_id(graph.node_id("n" + std::to_string(node)),
                                    graph.paths().intern("p" + std::to_string(path))));
    }
  }
  for (int node = 0; node < 100; ++node) {
    for (int path = 0; path < 100; ++path) {
      const NodeId id = graph.find_node("n" + std::to_string(node));
      const NameId name = graph.paths().find("p" + std::to_string(path));
      CHECK(graph.find_slot(id, name) == slots[static_cast<std::size_t>(node * 100 + path)]);
    }
  }
  graph.check();
}

TEST_CASE("graph_keeps_the_greatest_touch_and_forgets_down_to_the_folded_one") {
  Messages messages;
  Graph graph(messages);
  const NodeId a = graph.node_id("a");
  graph.touch(a, 10, 3);
  graph.touch(a, 5, 7);
  CHECK(graph.node(a).updated_at == 10);
  CHECK(graph.node(a).lamport_time == 7);
  graph.touch_base(a, 4, 2);
  graph.forget_touches();
  CHECK(graph.node(a).updated_at == 4);
  CHECK(graph.node(a).lamport_time == 2);
}

TEST_CASE("graph_lists_a_changed_node_once_until_it_was_taken") {
  Messages messages;
  Graph graph(messages);
  const NodeId a = graph.node_id("a");
  const Bytes no_clock{0x80};
  graph.load_node(a, 1, no_clock);
  graph.set_deleted(a, true, 5);
  graph.set_deleted(a, false, 0);
  CHECK(graph.changes().digest_nodes == std::vector<NodeId>{a});
  CHECK(graph.changes().feed_nodes.empty());
}
