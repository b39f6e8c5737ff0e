// vector3.* and euler.add: three doubles in, three doubles out. The order of every sum is the
// law's: no reassociation, no fused multiply-add.
#include "base/trig.hpp"
#include "ops/handlers.hpp"
#include "ops/options.hpp"

namespace vuer_rtc {

namespace {

constexpr double kZeros[3] = {0, 0, 0};
constexpr double kOnes[3] = {1, 1, 1};

Value sum_of_three(const Operation& op, const Value& current) {
  double a[3], b[3];
  numbers_or(current, 3, kZeros, a);
  numbers_or(op.value, 3, kZeros, b);
  const double sums[3] = {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
  return finite_numbers(sums, 3);
}

double signed_sum(int sign, double first, double second) {
  return sign > 0 ? first + second : first - second;
}

// Formula E: the quaternion of three angles around the axes named by the order whose signs these
// are.
void euler_quaternion(const double* angles, const int* signs, double* q) {
  const double c1 = rtc_cos(angles[0] / 2), s1 = rtc_sin(angles[0] / 2);
  const double c2 = rtc_cos(angles[1] / 2), s2 = rtc_sin(angles[1] / 2);
  const double c3 = rtc_cos(angles[2] / 2), s3 = rtc_sin(angles[2] / 2);
  q[0] = signed_sum(signs[0], s1 * c2 * c3, c1 * s2 * s3);
  q[1] = signed_sum(signs[1], c1 * s2 * c3, s1 * c2 * s3);
  q[2] = signed_sum(signs[2], c1 * c2 * s3, s1 * s2 * c3);
  q[3] = signed_sum(signs[3], c1 * c2 * c3, s1 * s2 * s3);
}

}  // namespace

void numbers_or(const Value& value, int count, const double* fallback, double* out) {
  if (value.leading_numbers(count, out)) return;
  for (int i = 0; i < count; ++i) out[i] = fallback[i];
}

Value rotated(const double* v, const double* q) {
  const double vx = v[0], vy = v[1], vz = v[2];
  const double qx = q[0], qy = q[1], qz = q[2], qw = q[3];
  const double ix = qw * vx + qy * vz - qz * vy;
  const double iy = qw * vy + qz * vx - qx * vz;
  const double iz = qw * vz + qx * vy - qy * vx;
  const double iw = -qx * vx - qy * vy - qz * vz;
  const double turned[3] = {ix * qw + iw * -qx + iy * -qz - iz * -qy,
                            iy * qw + iw * -qy + iz * -qx - ix * -qz,
                            iz * qw + iw * -qz + ix * -qy - iy * -qx};
  return finite_numbers(turned, 3);
}

template <>
Value apply_op<OpKind::Vector3Add>(const Operation& op, const Value& current) {
  return sum_of_three(op, current);
}

template <>
Value apply_op<OpKind::EulerAdd>(const Operation& op, const Value& current) {
  return sum_of_three(op, current);
}

template <>
Value apply_op<OpKind::Vector3Multiply>(const Operation& op, const Value& current) {
  double a[3], b[3];
  numbers_or(current, 3, kOnes, a);
  numbers_or(op.value, 3, kOnes, b);
  const double products[3] = {a[0] * b[0], a[1] * b[1], a[2] * b[2]};
  return finite_numbers(products, 3);
}

template <>
Value apply_op<OpKind::Vector3ApplyQuaternion>(const Operation& op, const Value& current) {
  double v[3], q[4];
  numbers_or(current, 3, kZeros, v);
  if (!op.value.leading_numbers(4, q)) return Value();
  return rotated(v, q);
}

template <>
Value apply_op<OpKind::Vector3ApplyEuler>(const Operation& op, const Value& current) {
  double v[3], angles[3], q[4];
  numbers_or(current, 3, kZeros, v);
  numbers_or(op.value, 3, kZeros, angles);
  const std::string_view named = string_option(op, "order", "XYZ");
  char order[3] = {named[0], named[1], named[2]};
  if (!boolean_option(op, "intrinsic", true)) {
    order[0] = named[2];
    order[2] = named[0];
  }
  euler_quaternion(angles, euler_signs({order, 3}), q);
  return rotated(v, q);
}

}  // namespace vuer_rtc
