// The handlers of the property operations (law, section 6): the value of one slot in, the new value
// out.
#pragma once

#include "model/operation.hpp"

namespace vuer_rtc {

/// True when the op is well formed for its kind; an invalid one is ignored everywhere.
bool is_valid_property_op(const Operation& op);

/// The value after the op. `current` is Missing when the property is absent. Missing means: no
/// effect (an invalid op, a result that is not finite or too deep, array.move out of range). Sets
/// return their value.
Value apply_property_op(const Operation& op, const Value& current);

/// One value with the effect of `first` and then `second` (same kind), Missing where the pair
/// cannot be combined. Kinds: number.add multiply min max, vector3.add multiply, euler.add,
/// quaternion.multiply, boolean.or and, object.merge (law, section 10).
Value combine_values(const Operation& first, const Operation& second);

/// object onto object merges shallowly (node.upsert, object.merge); Missing when the result is too
/// deep.
Value merge_objects(const Value& current, const Value& given);

}  // namespace vuer_rtc
