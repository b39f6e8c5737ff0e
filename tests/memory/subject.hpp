// What the heap caps are tried on: a store and a document full of everything, and inputs for each
// entrance.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "replicas/random.hpp"
#include "vuer_rtc/store.hpp"

namespace vuer_rtc::testing {

/// A scene two people made, as the bytes that make it again.
struct Scene {
  Bytes journal;            ///< accepted messages of both, stamped, one after the other
  std::vector<Bytes> more;  ///< messages nobody has yet: in order, late, with many ops
  Bytes exported;           ///< a store with unacknowledged messages and pending edits
  std::string first_unacked;
  std::uint64_t first_unacked_lt = 0;
  std::uint64_t server_seq = 0;
  std::int64_t line = 0;  ///< somewhere in the middle of the journal
};

Scene make_scene(std::uint32_t seed);

/// The store, the document and the bare graph an entrance is tried on.
struct Subject {
  explicit Subject(const Scene& scene);
  const Scene* scene;
  Store store;
  Document document;
  BareGraph bare;
  Bytes snapshot, published, graph, journal;

  /// Everything that can be asked of the three.
  Bytes fingerprint();
};

}  // namespace vuer_rtc::testing
