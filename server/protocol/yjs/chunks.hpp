// A large first answer in pieces (endpoint specification, section 9): each piece can be applied at
// once by whoever applied those before it. It stands on a copy of the structs, not of their
// content.
#pragma once

#include <set>

#include "protocol/yjs/store.hpp"

namespace vuer_rtc::yjs {

class Chunks {
 public:
  Chunks(const Store& store, const StateVector& from);

  bool done() const { return done_; }
  /// About `size` bytes of structs. The last piece has the deletes, and done() is true after it.
  Bytes next(std::size_t size);

 private:
  struct Cursor {
    Line rest;  // what the reader has not
    std::size_t at = 0;
    bool has_head() const { return at < rest.structs.size(); }
    const Struct& head() const { return rest.structs[at]; }
  };
  /// False: everything is out.
  bool find_top();
  std::optional<ClientId> blocker_of(ClientId client, const Struct& head) const;

  ByClient<Cursor> cursors_;
  ByClient<Cursor>::iterator base_;
  ByClient<std::vector<Range>> deletes_;
  std::vector<ClientId> stack_;  // each stands on something of the one above it
  std::set<ClientId> on_stack_;
  bool done_ = false;
};

}  // namespace vuer_rtc::yjs
