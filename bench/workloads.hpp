// The workloads, each a function of its sizes and a seed: the same bytes natively, in WebAssembly
// and on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vuer_rtc/message.hpp"
#include "vuer_rtc/value.hpp"

namespace bench {

/// splitmix64.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  std::uint32_t below(std::uint32_t limit) {
    return static_cast<std::uint32_t>((next() >> 32) * limit >> 32);
  }
  double real() { return static_cast<double>(next() >> 11) * 0x1p-53 * 20 - 10; }

 private:
  std::uint64_t state_;
};

struct VectorOp {
  std::uint32_t node = 0;
  bool is_set = false;
  double value[3] = {};
};

struct Edit {
  std::uint32_t position = 0;
  std::uint32_t removed = 0;  ///< UTF-16 units, as is position
  std::string inserted;
};

struct Trace {
  std::vector<Edit> edits;
  std::string end;  ///< the text in the end
};

std::string node_key(std::uint32_t node);
std::vector<VectorOp> vector_ops(std::uint32_t nodes, std::uint32_t count, std::uint64_t seed);
/// vector3.set or vector3.add of `position`.
vuer_rtc::Bytes vector_op(const VectorOp& op);
vuer_rtc::Bytes text_op(const Edit& edit);

/// Messages of one client, one after the other: lt and own number count up.
class Author {
 public:
  explicit Author(std::string_view client, std::uint64_t lt = 0) : client_(client), lt_(lt) {}
  std::uint64_t lt() const { return lt_; }
  /// Appends a message with these ops, already encoded; `at`: its lt, else the next one.
  void say(const std::vector<vuer_rtc::Bytes>& ops, vuer_rtc::Bytes& out, std::uint64_t at = 0);

 private:
  std::string client_;
  std::uint64_t lt_, number_ = 0;
};

/// A root and `nodes` children with `properties` numbers each.
void make_scene(Author& author, std::uint32_t nodes, std::uint32_t properties,
                vuer_rtc::Bytes& out);

/// Writing as people do: runs of typing, runs of deleting, now and then a jump or a pasted line.
Trace make_trace(std::uint32_t edits, std::uint64_t seed);
/// Reads what bench/trace.py wrote; false when the file is not that.
bool read_trace(const char* file, Trace& out);

}  // namespace bench
