// A small text of two writers with a unit deleted, and its ropes.
#pragma once

#include "history/rope.hpp"

namespace vuer_rtc::testing {

struct RopeText {
  Names clients;
  NameId a = clients.intern("a"), b = clients.intern("b");
  Sequence sequence{clients};

  RopeText() {
    sequence.insert(Insert{{a, 0}, {}, 1, 10, u"hello"});
    sequence.insert(Insert{{b, 0}, {a, 1}, 2, 11, u"XY"});
    sequence.cover(IdRange{a, 3, 1});
  }
  Bytes plain(const RopeState& state) const {
    Bytes out;
    write_plain_rope(sequence, state, clients, out);
    return out;
  }
  Bytes columns() const {
    Bytes out;
    std::size_t dropped = 0;
    write_column_rope(sequence, RopeState{}, false, dropped, clients, out);
    return out;
  }
  Bytes tree() const {
    Bytes out;
    write_tree_rope(sequence, clients, out);
    return out;
  }
};

}  // namespace vuer_rtc::testing
