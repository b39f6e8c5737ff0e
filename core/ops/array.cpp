// array.*: elements are slices of canonical bytes, and equal bytes are deep equality. Union sorts
// the given elements once and looks the present ones up in them: n log m, and no hash that an
// author could make collide.
#include <algorithm>
#include <cstring>

#include "base/sort.hpp"
#include "ops/handlers.hpp"
#include "vuer_rtc/limits.hpp"

namespace vuer_rtc {

namespace {

// The elements of an array value, in canonical bytes that live as long as this object and the
// value. Anything but an array has none.
class Elements {
 public:
  explicit Elements(const Value& array) {
    if (!array.is_array()) return;
    const bool is_inline = array.kind() == Value::Kind::Numbers;
    if (is_inline) array.write_canonical(bytes_);
    array_ = is_inline ? ByteSpan(bytes_) : array.canonical();
    MsgReader reader(array_);
    reader.read_array(count_);
    body_ = array_.subspan(static_cast<std::size_t>(reader.position() - array_.data()));
  }
  Elements(const Elements&) = delete;
  Elements& operator=(const Elements&) = delete;
  std::uint32_t count() const { return count_; }
  ByteSpan body() const { return body_; }  // all elements, without the array's head
  ByteSpan array() const { return array_; }

 private:
  Bytes bytes_;
  ByteSpan array_;
  ByteSpan body_;
  std::uint32_t count_ = 0;
};

bool comes_before(ByteSpan a, ByteSpan b) {
  const int order = std::memcmp(a.data(), b.data(), std::min(a.size(), b.size()));
  return order != 0 ? order < 0 : a.size() < b.size();
}

bool same_bytes(ByteSpan a, ByteSpan b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size()) == 0;
}

// An array of `count` elements whose bytes are `front` and then `back`.
Value array_of(std::uint32_t count, ByteSpan front, ByteSpan back = {}) {
  Bytes out;
  out.reserve(front.size() + back.size() + 5);
  MsgWriter writer(out);
  writer.array(count);
  writer.raw(front);
  writer.raw(back);
  return Value::from_canonical(out);
}

struct Candidate {
  ByteSpan bytes;
  std::uint32_t position = 0;
  bool wanted = true;
};

// The given elements by bytes, each distinct one wanted at its first position.
std::vector<Candidate> sorted_candidates(ByteSpan array, std::uint32_t count) {
  std::vector<Candidate> found;
  found.reserve(count);
  for (Members members(array); members.next();) {
    found.push_back({members.bytes(), static_cast<std::uint32_t>(found.size()), true});
  }
  sort_range(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
    if (comes_before(a.bytes, b.bytes)) return true;
    return !comes_before(b.bytes, a.bytes) && a.position < b.position;
  });
  for (std::size_t i = 1; i < found.size(); ++i) {
    found[i].wanted = !same_bytes(found[i].bytes, found[i - 1].bytes);
  }
  return found;
}

void drop_present(ByteSpan array, std::vector<Candidate>& candidates) {
  for (Members members(array); members.next();) {
    const auto at = std::lower_bound(candidates.begin(), candidates.end(), members.bytes(),
                                     [](const Candidate& candidate, ByteSpan bytes) {
                                       return comes_before(candidate.bytes, bytes);
                                     });
    if (at != candidates.end() && same_bytes(at->bytes, members.bytes())) at->wanted = false;
  }
}

}  // namespace

template <>
Value apply_op<OpKind::ArrayPush>(const Operation& op, const Value& current) {
  const Elements present(current);
  Bytes element;
  op.value.write_canonical(element);
  return array_of(present.count() + 1, present.body(), element);
}

template <>
Value apply_op<OpKind::ArrayUnion>(const Operation& op, const Value& current) {
  const Elements present(current);
  const Value list = op.value.is_array() ? op.value : apply_op<OpKind::ArrayPush>(op, Value());
  const Elements given(list);
  std::vector<Candidate> candidates = sorted_candidates(given.array(), given.count());
  if (present.count() != 0) drop_present(present.array(), candidates);
  std::vector<std::uint8_t> wanted(given.count(), false);
  for (const Candidate& candidate : candidates) wanted[candidate.position] = candidate.wanted;
  Bytes added;
  std::uint32_t count = present.count();
  std::size_t position = 0;
  for (Members members(given.array()); members.next(); ++position) {
    if (!wanted[position]) continue;
    added.insert(added.end(), members.bytes().begin(), members.bytes().end());
    ++count;
  }
  return array_of(count, present.body(), added);
}

template <>
Value apply_op<OpKind::ArrayRemove>(const Operation& op, const Value& current) {
  const Elements present(current);
  if (present.count() == 0) return array_of(0, {});
  Bytes unwanted, kept;
  op.value.write_canonical(unwanted);
  std::uint32_t count = 0;
  for (Members members(present.array()); members.next();) {
    if (same_bytes(members.bytes(), unwanted)) continue;
    kept.insert(kept.end(), members.bytes().begin(), members.bytes().end());
    ++count;
  }
  return array_of(count, kept);
}

template <>
Value apply_op<OpKind::ArrayMove>(const Operation& op, const Value& current) {
  constexpr std::int64_t kLowest = -static_cast<std::int64_t>(kMaxInteger);
  std::int64_t from = 0, to = 0;
  const Elements present(current);
  if (!integer_field(op, "from", kLowest, from) || !integer_field(op, "to", kLowest, to))
    return Value();
  if (from < 0 || from >= present.count()) return Value();
  to = std::max<std::int64_t>(0, std::min<std::int64_t>(to, present.count() - 1));
  std::vector<ByteSpan> elements;
  elements.reserve(present.count());
  for (Members members(present.array()); members.next();) elements.push_back(members.bytes());
  const ByteSpan moved = elements[static_cast<std::size_t>(from)];
  elements.erase(elements.begin() + from);
  elements.insert(elements.begin() + to, moved);
  Bytes out;
  out.reserve(present.body().size());
  for (const ByteSpan element : elements) out.insert(out.end(), element.begin(), element.end());
  return array_of(present.count(), out);
}

}  // namespace vuer_rtc
