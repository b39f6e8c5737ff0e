// object.merge: two lists of members that are both sorted by the bytes of their keys, read side by
// side.
#include "ops/apply.hpp"
#include "ops/handlers.hpp"
#include "vuer_rtc/limits.hpp"

namespace vuer_rtc {

namespace {

// Steps through the members of two objects in the order of their keys; `given` wins where both have
// a key.
template <class Visit>
void visit_merged(ByteSpan current, ByteSpan given, Visit visit) {
  Members left(current), right(given);
  bool has_left = left.next(), has_right = right.next();
  while (has_left || has_right) {
    const int order = !has_left ? 1 : !has_right ? -1 : left.key().compare(right.key());
    if (order < 0) {
      visit(left);
    } else {
      visit(right);
    }
    const bool step_left = order <= 0, step_right = order >= 0;
    if (step_left) has_left = left.next();
    if (step_right) has_right = right.next();
  }
}

}  // namespace

Value merge_objects(const Value& current, const Value& given) {
  std::uint32_t count = 0;
  visit_merged(current.canonical(), given.canonical(), [&](const Members&) { ++count; });
  Bytes out;
  out.reserve(current.canonical().size() + given.canonical().size());
  MsgWriter writer(out);
  writer.map(count);
  visit_merged(current.canonical(), given.canonical(), [&](const Members& member) {
    writer.string(member.key());
    writer.raw(member.bytes());
  });
  Value merged = Value::from_canonical(out);
  return merged.depth() <= kMaxDepth ? merged : Value();
}

template <>
Value apply_op<OpKind::ObjectMerge>(const Operation& op, const Value& current) {
  return current.is_object() ? merge_objects(current, op.value) : op.value;
}

}  // namespace vuer_rtc
