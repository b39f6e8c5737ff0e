// The law's order of units, done slowly: the tree is built and sorted anew at every question.
// Agents are strings.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/utf.hpp"
#include "text/sequence.hpp"

namespace text_reference {

using vuer_rtc::IdRange;
using vuer_rtc::Insert;
using vuer_rtc::NameId;
using vuer_rtc::Names;
using vuer_rtc::UnitId;

using Key = std::pair<NameId, std::uint64_t>;
inline Key key_of(UnitId unit) { return {unit.agent, unit.n}; }

struct Write {
  UnitId first;
  UnitId anchor;
  std::uint64_t seq;
  double ts;
  std::u16string content;
  bool undone = false;
  Insert insert() const { return {first, anchor, seq, ts, content, undone}; }
  IdRange units() const { return {first.agent, first.n, content.size()}; }
};

struct Unit {
  UnitId id;
  UnitId parent;
  const Write* write;
  std::size_t index;
  bool visible;
};

class Reference {
 public:
  explicit Reference(const Names& names) : names_(&names) {}

  std::vector<Write> writes;
  std::vector<IdRange> deletes;

  /// Pre-order of the tree of what hangs on the root.
  std::vector<Unit> in_order() const {
    std::map<Key, std::vector<Unit>> below;
    for (const Write& write : writes) {
      UnitId parent = write.anchor;
      for (std::size_t i = 0; i < write.content.size(); ++i) {
        const UnitId id{write.first.agent, write.first.n + i};
        below[key_of(parent)].push_back({id, parent, &write, i, is_visible(write, id)});
        parent = id;
      }
    }
    for (auto& [parent, units] : below) {
      std::sort(units.begin(), units.end(),
                [this](const Unit& a, const Unit& b) { return goes_first(b, a); });
    }
    std::vector<Unit> order, stack = below[key_of(UnitId{})];
    while (!stack.empty()) {
      const Unit unit = stack.back();
      stack.pop_back();
      order.push_back(unit);
      const auto& children = below[key_of(unit.id)];
      stack.insert(stack.end(), children.begin(), children.end());
    }
    return order;
  }

 private:
  bool is_visible(const Write& write, UnitId id) const {
    return !write.undone && std::none_of(deletes.begin(), deletes.end(), [id](const IdRange& r) {
      return r.agent == id.agent && id.n >= r.n && id.n - r.n < r.length;
    });
  }

  std::u16string rank(NameId agent) const {
    std::u16string units;
    vuer_rtc::append_utf16(names_->view(agent), units);
    return units + u':';
  }

  bool goes_first(const Unit& a, const Unit& b) const {
    if (a.write->seq != b.write->seq) return a.write->seq > b.write->seq;
    if (a.write->ts != b.write->ts) return a.write->ts < b.write->ts;
    if (a.id.agent != b.id.agent) return rank(a.id.agent) < rank(b.id.agent);
    return a.id.n < b.id.n;
  }

  const Names* names_;
};

}  // namespace text_reference
