// The workloads by family; the same ones as in js/, and late messages.
#pragma once

#include <string>

#include "measure.hpp"

namespace bench {

struct Place {
  std::string folder;  ///< of the workload files
  Limits limits;
};

Rows scene_each(const Place& place);
Rows scene_buffer(const Place& place);
/// The same, a hundred sets a message.
Rows scene_hundreds(const Place& place);
Rows scene_writers(const Place& place);
Rows moves(const Place& place);
Rows undo(const Place& place);
Rows late(const Place& place);

Rows text_batched(const Place& place);
Rows text_each(const Place& place);
Rows text_receive(const Place& place);
Rows text_blob(const Place& place);
Rows text_load(const Place& place);

/// Leaves the stored scene in the folder, for large_memory.
Rows large_load(const Place& place);
Rows large_memory(const Place& place);
Rows digest(const Place& place);

}  // namespace bench
