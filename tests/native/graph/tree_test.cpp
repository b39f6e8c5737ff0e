// The tree: children lists hold alive nodes in the order of createdAt and key, and a cycle never
// forms.
#include <catch2/catch.hpp>
#include <random>

#include "graph/graph.hpp"

using namespace vuer_rtc;

namespace {

struct Tree {
  Messages messages;
  Graph graph{messages};

  NodeId make(const char* key, double created_at) {
    const NodeId id = graph.node_id(key);
    const Bytes no_clock{0x80};
    graph.load_node(id, created_at, no_clock);
    return id;
  }
  std::vector<std::string> children(NodeId id) {
    std::vector<std::string> keys;
    for (const NodeId child : graph.node(id).children) keys.emplace_back(graph.key(child));
    return keys;
  }
};

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("tree_lists_children_by_creation_then_by_code_units") {
  Tree tree;
  const NodeId root = tree.make("root", 0);
  // U+1F600 sorts before U+FF5E by code units, behind it by code points.
  for (const char* key : {"\xef\xbd\x9e", "b", "\xf0\x9f\x98\x80", "a"}) {
    tree.graph.set_parent(tree.make(key, 5), root);
  }
  tree.graph.set_parent(tree.make("early", 1), root);
  CHECK(tree.children(root) == Keys{"early", "a", "b", "\xf0\x9f\x98\x80", "\xef\xbd\x9e"});
  tree.graph.check();
}

TEST_CASE("tree_leaves_deleted_nodes_out_of_the_list_and_takes_them_back") {
  Tree tree;
  const NodeId root = tree.make("root", 0), a = tree.make("a", 1), b = tree.make("b", 2);
  tree.graph.set_parent(a, root);
  tree.graph.set_parent(b, root);
  tree.graph.set_deleted(a, true, 9);
  CHECK(tree.children(root) == Keys{"b"});
  CHECK(tree.graph.node(a).parent == root);
  tree.graph.set_deleted(a, false, 0);
  CHECK(tree.children(root) == Keys{"a", "b"});
  tree.graph.check();
}

TEST_CASE("tree_gives_no_parent_where_it_would_close_a_cycle") {
  Tree tree;
  const NodeId a = tree.make("a", 1), b = tree.make("b", 2), c = tree.make("c", 3);
  tree.graph.set_parent(b, a);
  tree.graph.set_parent(c, b);
  tree.graph.set_parent(a, c);
  CHECK(tree.graph.node(a).parent == kNone);
  tree.graph.set_parent(a, a);
  CHECK(tree.graph.node(a).parent == kNone);
  CHECK(tree.graph.is_below(c, a));
  CHECK_FALSE(tree.graph.is_below(a, c));
}

TEST_CASE("tree_keeps_children_of_a_node_that_does_not_exist_until_it_does") {
  Tree tree;
  const NodeId parent = tree.graph.node_id("later"), a = tree.make("a", 1);
  tree.graph.set_parent(a, parent);
  CHECK_FALSE(tree.graph.node(parent).exists);
  CHECK(tree.children(parent) == Keys{"a"});
  tree.make("later", 2);
  CHECK(tree.children(parent) == Keys{"a"});
  tree.graph.check();
}

TEST_CASE("tree_stays_sound_under_random_moves_and_removals") {
  for (std::uint32_t seed = 1; seed <= 50; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random(seed);
    Tree tree;
    std::vector<NodeId> nodes;
    for (int i = 0; i < 20; ++i) {
      nodes.push_back(tree.make(("n" + std::to_string(i)).c_str(), random() % 5));
    }
    for (int step = 0; step < 200; ++step) {
      const NodeId id = nodes[random() % nodes.size()];
      if (random() % 4 == 0) {
        tree.graph.set_deleted(id, !tree.graph.node(id).deleted, step);
      } else {
        tree.graph.set_parent(id, nodes[random() % nodes.size()]);
      }
      tree.graph.check();
      for (const NodeId node : nodes) {
        const NodeId parent = tree.graph.node(node).parent;
        CHECK((parent == kNone || !tree.graph.is_below(parent, node)));
      }
    }
  }
}
