// The workloads as ops and messages of this project.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "data.hpp"
#include "vuer_rtc/message.hpp"
#include "vuer_rtc/store.hpp"

namespace bench {

using vuer_rtc::Bytes;

inline constexpr double kTime = 1.7e12;
inline constexpr char kTextPath[] = "text";

std::string node_key(std::uint32_t node);
std::string property_path(std::uint32_t number);

/// One encoded op for each entry of a workload.
std::vector<Bytes> set_ops(const Sets& data);
std::vector<Bytes> edit_ops(const Text& data);
std::vector<Bytes> move_ops(const Moves& data);

/// Adds the value of a property; its path is written already.
using Values = std::function<void(vuer_rtc::MsgWriter&, std::uint32_t node, std::uint32_t number)>;

/// Messages of a root and nodes below it, with `properties` properties p0, p1, ... each.
Bytes scene(std::uint32_t nodes, std::uint32_t properties, const Values& value);
/// Nodes without properties.
Bytes bare_scene(std::uint32_t nodes);
/// The large scene.
Bytes large_scene(const Large& data);

/// Edits and commits; adds the message to `out` when that is given. Returns its size.
std::size_t commit(vuer_rtc::Store& store, const Bytes* begin, const Bytes* end, Bytes* out);
/// A message of a writer who needs no store, with one op, at a place of the order.
Bytes message_at(const std::string& client, std::uint64_t number, std::uint64_t lt,
                 const Bytes& op);

}  // namespace bench
