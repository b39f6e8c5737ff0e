// The tree log against a tree of maps that folds its ops anew each time.
#include "history/tree_log.hpp"

#include <algorithm>
#include <map>

#include "history/parts.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

/// Section 5 of the law, as plain as it can be.
struct PlainTree {
  struct Node {
    bool exists = false, deleted = false;
    double created_at = 0, deleted_at = 0;
    std::string parent;
  };
  std::map<std::string, Node> nodes;
  std::string root;

  bool is_below(std::string key, const std::string& top) {
    for (; !key.empty(); key = nodes[key].parent)
      if (key == top) return true;
    return false;
  }
  void hang(const std::string& key, const std::string& parent) {
    nodes[key].parent.clear();
    if (!parent.empty() && !is_below(parent, key)) nodes[key].parent = parent;
  }
  void act(const json& op, double ts) {
    const std::string ot = op["ot"];
    const json& value = op["value"];
    if (ot == "node.move") return move(value["nodeKey"], value["newParent"]);
    if (ot == "node.remove") {
      Node& node = nodes[value.get<std::string>()];
      if (node.exists) node.deleted = true, node.deleted_at = ts;
      return;
    }
    const std::string key = value["key"];
    const std::string parent = op["key"] == "." ? root : op["key"].get<std::string>();
    Node& node = nodes[key];
    if (node.exists && (ot == "node.insert" || !node.deleted)) return;
    const bool is_new = !node.exists;
    if (is_new) node.created_at = ts;
    node.exists = true;
    node.deleted = false;
    node.deleted_at = 0;
    if (is_new && root.empty()) root = key;
    hang(key, parent);
    if (is_new && value.contains("children")) list(key, value["children"]);
  }
  void list(const std::string& key, const json& children) {
    for (const std::string child : children) {
      if (!child.empty() && nodes[child].parent.empty() && !is_below(key, child))
        nodes[child].parent = key;
    }
  }
  void move(const std::string& key, const std::string& parent) {
    Node& node = nodes[key];
    if (!node.exists || node.deleted || !nodes[parent].exists) return;
    if (node.parent != parent && !is_below(parent, key)) node.parent = parent;
  }
  std::vector<std::string> children(const std::string& key) {
    std::vector<std::string> out;
    for (const auto& [child, node] : nodes)
      if (node.exists && !node.deleted && node.parent == key) out.push_back(child);
    std::sort(out.begin(), out.end(), [this](const std::string& a, const std::string& b) {
      const double x = nodes[a].created_at, y = nodes[b].created_at;
      return x != y ? x < y : a < b;
    });
    return out;
  }
};

constexpr const char* kKeys[] = {"a", "b", "c", "d", "e", "f", "g"};

class Grove {
 public:
  explicit Grove(std::uint32_t seed) : random_(seed) {}

  void step() {
    const std::uint32_t what = random_.below(100);
    if (what < 55 || entered_.empty()) {
      enter();
    } else if (what < 70) {
      const std::size_t at = some();
      parts_.tree.remove(entered_[at].place);
      parts_.messages.remove(entered_[at].place.message);
      entered_.erase(entered_.begin() + static_cast<std::ptrdiff_t>(at));
    } else if (what < 90) {
      MessageRecord& record = parts_.messages[entered_[some()].place.message];
      record.undone = !record.undone;
      for (const Entered& entered : entered_) {
        if (&parts_.messages[entered.place.message] == &record) parts_.tree.replay(entered.place);
      }
    } else if (what < 95) {
      fold();
    }
    parts_.tree.rewind();
    compare(base_);
    parts_.tree.forward();
    PlainTree tree = base_;
    sort();
    for (const Entered& entered : entered_) act(tree, entered);
    compare(tree);
    check_changes(tree);
  }

 private:
  struct Entered {
    Place place;
    json op;
  };

  std::size_t some() { return random_.below(static_cast<std::uint32_t>(entered_.size())); }

  json some_op() {
    const std::string key = random_.pick(kKeys);
    const std::uint32_t what = random_.below(10);
    json op = {{"key", random_.percent(15) ? "." : random_.percent(15) ? "" : random_.pick(kKeys)}};
    op["path"] = "children";
    op["value"] = key;
    op["ot"] = "node.remove";
    if (what < 2) return op;
    if (what < 5) {
      op["ot"] = "node.move";
      op["value"] = {{"nodeKey", key}, {"newParent", random_.pick(kKeys)}};
      return op;
    }
    op["ot"] = what < 8 ? "node.insert" : what < 9 ? "node.upsert" : "node.inset";
    op["value"] = {{"key", key}};
    if (random_.percent(30))
      op["value"]["children"] = json::array({random_.pick(kKeys), "", random_.pick(kKeys)});
    return op;
  }

  void enter() {
    const json op = some_op();
    const double ts = random_.below(4);
    TreeEntry entry;
    entry.place = parts_.put("x", line_ + 1 + random_.below(30), op, ts);
    REQUIRE(parts_.tree.parse(parts_.op_at(entry.place), entry));
    entered_.push_back({entry.place, op});
    parts_.tree.add(std::move(entry));
  }

  std::uint64_t lt(const Entered& entered) const {
    return parts_.messages[entered.place.message].lt;
  }

  void sort() {
    std::sort(entered_.begin(), entered_.end(), [this](const Entered& a, const Entered& b) {
      if (lt(a) != lt(b)) return lt(a) < lt(b);
      return parts_.messages[a.place.message].id() < parts_.messages[b.place.message].id();
    });
  }

  void act(PlainTree& tree, const Entered& entered) const {
    const MessageRecord& record = parts_.messages[entered.place.message];
    if (!record.undone) tree.act(entered.op, record.ts);
  }

  void fold() {
    sort();
    line_ = lt(entered_[some()]);
    std::vector<std::uint8_t> is_folded(parts_.messages.capacity(), 0);
    std::size_t count = 0;
    for (; count < entered_.size() && lt(entered_[count]) <= line_; ++count) {
      is_folded[entered_[count].place.message] = 1;
      act(base_, entered_[count]);
    }
    parts_.tree.fold(is_folded);
    for (std::size_t i = 0; i < count; ++i) parts_.messages.remove(entered_[i].place.message);
    entered_.erase(entered_.begin(), entered_.begin() + static_cast<std::ptrdiff_t>(count));
  }

  void compare(PlainTree& tree) {
    parts_.graph.check();
    parts_.tree.check();
    const Graph& graph = parts_.graph;
    REQUIRE((graph.root() == kNone ? "" : std::string(graph.key(graph.root()))) == tree.root);
    for (const char* key : kKeys) {
      INFO("node " << key);
      const NodeId id = graph.find_node(key);
      const PlainTree::Node& plain = tree.nodes[key];
      if (id == kNoName) {
        REQUIRE_FALSE(plain.exists);
        continue;
      }
      const Node& node = graph.node(id);
      REQUIRE(node.exists == plain.exists);
      REQUIRE(node.deleted == plain.deleted);
      REQUIRE((node.parent == kNone ? "" : std::string(graph.key(node.parent))) == plain.parent);
      if (plain.exists) REQUIRE(graph.created_at(node) == plain.created_at);
      if (plain.deleted) REQUIRE(node.deleted_at == plain.deleted_at);
      std::vector<std::string> children;
      for (const NodeId child : node.children) children.emplace_back(graph.key(child));
      REQUIRE(children == tree.children(key));
    }
  }

  /// A node whose life ended up otherwise than before the step must have been told.
  void check_changes(const PlainTree& tree) {
    const auto told = parts_.tree.take_changes();
    for (const auto& [key, node] : tree.nodes) {
      const bool alive = node.exists && !node.deleted;
      if (alive == alive_[key]) continue;
      alive_[key] = alive;
      const NodeId id = parts_.graph.find_node(key);
      const auto is_it = [id](const TreeLog::Change& change) { return change.node == id; };
      REQUIRE(std::count_if(told.begin(), told.end(), is_it) == 1);
    }
  }

  Parts parts_;
  Random random_;
  std::vector<Entered> entered_;
  PlainTree base_;
  std::map<std::string, bool> alive_;
  std::uint64_t line_ = 0;
};

bool is_valid(const json& op) {
  const Bytes bytes = msgpack_of(op);
  MsgReader reader{ByteSpan(bytes)};
  Operation decoded;
  REQUIRE(decode_operation(reader, decoded));
  return TreeLog::is_valid(decoded);
}

Place enter(Parts& parts, std::uint64_t lt, const char* ot, const char* key, json value) {
  TreeEntry entry;
  const json op = {{"ot", ot}, {"key", key}, {"path", "children"}, {"value", std::move(value)}};
  entry.place = parts.put("x", lt, op);
  REQUIRE(parts.tree.parse(parts.op_at(entry.place), entry));
  parts.tree.add(entry);
  parts.check();
  return entry.place;
}

std::string parent_of(const Parts& parts, const char* key) {
  const NodeId parent = parts.graph.node(parts.graph.find_node(key)).parent;
  return parent == kNone ? "" : std::string(parts.graph.key(parent));
}

json move_of(const char* key, const char* parent) {
  return {{"nodeKey", key}, {"newParent", parent}};
}

}  // namespace

TEST_CASE("tree_log_equals_a_plain_tree_after_every_step") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    Grove grove(seed);
    for (int step = 0; step < 120; ++step) {
      INFO("step " << step);
      grove.step();
    }
  }
}

TEST_CASE("tree_log_lets_a_move_act_once_what_made_it_a_cycle_is_undone") {
  Parts parts;
  enter(parts, 1, "node.insert", "", {{"key", "r"}});
  enter(parts, 2, "node.insert", "r", {{"key", "a"}});
  enter(parts, 3, "node.insert", "r", {{"key", "b"}});
  const Place first = enter(parts, 4, "node.move", "r", move_of("a", "b"));
  enter(parts, 5, "node.move", "r", move_of("b", "a"));
  CHECK(parent_of(parts, "a") == "b");
  CHECK(parent_of(parts, "b") == "r");
  parts.messages[first.message].undone = true;
  parts.tree.replay(first);
  parts.check();
  CHECK(parent_of(parts, "a") == "r");
  CHECK(parent_of(parts, "b") == "a");
}

TEST_CASE("tree_log_tells_the_first_place_where_the_life_of_a_node_differs") {
  Parts parts;
  enter(parts, 1, "node.insert", "", {{"key", "r"}});
  enter(parts, 5, "node.remove", "", "r");
  enter(parts, 9, "node.upsert", "", {{"key", "r"}});
  parts.tree.take_changes();
  const Place early = enter(parts, 3, "node.remove", "", "r");
  const auto changes = parts.tree.take_changes();
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].place == early);
  CHECK(parts.tree.take_changes().empty());
  const Node& node = parts.graph.node(parts.graph.find_node("r"));
  const auto alive_at = [&](std::uint64_t lt) {
    const Place place = parts.put("x", lt, op_on("number.set", "p", 1));
    return parts.graph.was_alive(node, place);
  };
  CHECK_FALSE(alive_at(0));
  CHECK(alive_at(2));
  CHECK_FALSE(alive_at(4));
  CHECK_FALSE(alive_at(6));
  CHECK(alive_at(10));
}

TEST_CASE("tree_log_suspended_has_the_tree_of_that_place") {
  Parts parts;
  enter(parts, 1, "node.insert", "", {{"key", "r"}});
  const Place insert = enter(parts, 2, "node.insert", "r", {{"key", "a"}});
  enter(parts, 3, "node.remove", "r", "a");
  const std::size_t from = parts.tree.suspend(insert);
  CHECK_FALSE(parts.graph.node(parts.graph.find_node("a")).exists);
  CHECK(parts.graph.node(parts.graph.find_node("r")).exists);
  parts.tree.resume(from);
  CHECK(parts.graph.node(parts.graph.find_node("a")).deleted);
  parts.check();
}

TEST_CASE("tree_log_refuses_values_that_name_no_node") {
  const auto op = [](const char* ot, json value) {
    return json{{"ot", ot}, {"key", "r"}, {"path", "children"}, {"value", std::move(value)}};
  };
  CHECK(is_valid(op("node.insert", {{"key", "a"}})));
  CHECK(is_valid(op("node.remove", "a")));
  CHECK(is_valid(op("node.move", move_of("a", "b"))));
  for (const char* ot : {"node.insert", "node.upsert", "node.inset"}) {
    INFO(ot);
    for (const json& value : {json("a"), json{{"key", ""}}, json{{"key", 5}}, json::object(),
                              json::array({"a"}), json(nullptr)}) {
      INFO(value.dump());
      CHECK_FALSE(is_valid(op(ot, value)));
    }
  }
  CHECK_FALSE(is_valid(op("node.remove", {{"key", "a"}})));
  CHECK_FALSE(is_valid(op("node.remove", 5)));
  CHECK_FALSE(is_valid(op("node.move", "a")));
  CHECK_FALSE(is_valid(op("node.move", {{"nodeKey", "a"}})));
  CHECK_FALSE(is_valid(op("node.move", {{"nodeKey", 1}, {"newParent", "b"}})));
}
