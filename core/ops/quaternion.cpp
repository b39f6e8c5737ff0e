// quaternion.multiply: formula M of the law, not normalised.
#include "ops/handlers.hpp"

namespace vuer_rtc {

template <>
Value apply_op<OpKind::QuaternionMultiply>(const Operation& op, const Value& current) {
  constexpr double kIdentity[4] = {0, 0, 0, 1};
  double a[4], b[4];
  numbers_or(current, 4, kIdentity, a);
  numbers_or(op.value, 4, kIdentity, b);
  const double ax = a[0], ay = a[1], az = a[2], aw = a[3];
  const double bx = b[0], by = b[1], bz = b[2], bw = b[3];
  const double product[4] = {
      aw * bx + ax * bw + ay * bz - az * by, aw * by - ax * bz + ay * bw + az * bx,
      aw * bz + ax * by - ay * bx + az * bw, aw * bw - ax * bx - ay * by - az * bz};
  return finite_numbers(product, 4);
}

}  // namespace vuer_rtc
