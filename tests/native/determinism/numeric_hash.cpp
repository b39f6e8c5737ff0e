// Hashes what every numeric operation gives for a million pseudo-random inputs: the native program
// and the one in WebAssembly must print the same line. Ops are built as bytes, as they travel, and
// go through the usual dispatch.
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "base/sha256.hpp"
#include "ops/apply.hpp"
#include "vuer_rtc/limits.hpp"

namespace vuer_rtc {
namespace {

constexpr int kRounds = 50'000;  // times 21 operations
constexpr const char* kOrders[] = {"XYZ", "YXZ", "ZXY", "ZYX", "YZX", "XZY"};

class Random {
 public:
  std::uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_ * 0x2545f4914f6cdd1dull;
  }
  // Finite doubles of four kinds: small ones as in scenes, any bits (huge and denormal), angles,
  // whole numbers.
  double number() {
    const std::uint64_t bits = next();
    const double unit = static_cast<double>(next() >> 11) * 0x1p-53 * 2 - 1;
    switch (bits % 4) {
      case 0:
        return unit * 10;
      case 1:
        return any_bits(next());
      case 2:
        return unit * 3e6;
      default:
        return static_cast<double>(static_cast<std::int64_t>(next() % 2001) - 1000);
    }
  }

 private:
  static double any_bits(std::uint64_t bits) {
    if ((bits >> 52 & 0x7ff) == 0x7ff) bits ^= 1ull << 62;  // neither infinite nor NaN
    if (bits % 16 == 0) bits &= 0x800fffffffffffffull;      // denormal
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
  std::uint64_t state_ = 0x9e3779b97f4a7c15ull;
};

struct Trial {
  const char* ot;
  int numbers;        // in the value and in the current one: 1 is a plain number
  const char* order;  // of Euler axes, or null
};

constexpr Trial kTrials[] = {{"number.set", 1, nullptr},
                             {"number.add", 1, nullptr},
                             {"number.multiply", 1, nullptr},
                             {"number.min", 1, nullptr},
                             {"number.max", 1, nullptr},
                             {"vector3.set", 3, nullptr},
                             {"vector3.add", 3, nullptr},
                             {"vector3.multiply", 3, nullptr},
                             {"euler.set", 3, nullptr},
                             {"euler.add", 3, nullptr},
                             {"quaternion.set", 4, nullptr},
                             {"quaternion.multiply", 4, nullptr},
                             {"vector3.applyQuaternion", 4, nullptr}};

class Hasher {
 public:
  void apply(const Trial& trial, bool intrinsic) {
    Bytes bytes;
    MsgWriter writer(bytes);
    writer.map(trial.order ? 6 : 4);
    text(writer, "ot", trial.ot);
    text(writer, "key", "n");
    text(writer, "path", "p");
    writer.string("value");
    if (trial.numbers > 1) writer.array(static_cast<std::uint32_t>(trial.numbers));
    for (int i = 0; i < trial.numbers; ++i) writer.float64(random_.number());
    if (trial.order) {
      text(writer, "order", trial.order);
      writer.string("intrinsic");
      writer.boolean(intrinsic);
    }
    double current[4];
    for (double& number : current) number = random_.number();
    run(bytes,
        trial.numbers == 1 ? Value::number(current[0]) : Value::numbers(current, trial.numbers));
  }

  void blend() {
    char from[8], to[8];
    std::snprintf(from, sizeof from, "#%06x", static_cast<unsigned>(random_.next() >> 40));
    std::snprintf(to, sizeof to, "#%06X", static_cast<unsigned>(random_.next() >> 40));
    Bytes bytes;
    MsgWriter writer(bytes);
    writer.map(5);
    text(writer, "ot", "color.blend");
    text(writer, "key", "n");
    text(writer, "path", "p");
    text(writer, "value", to);
    writer.string("alpha");
    writer.float64(static_cast<double>(random_.next() >> 11) * 0x1p-53);
    run(bytes, Value::string(from));
  }

  void print() {
    for (const std::uint8_t byte : hash_.finish()) std::printf("%02x", byte);
    std::printf(" %u results, %u without effect\n", results_, without_effect_);
  }

 private:
  static void text(MsgWriter& writer, const char* name, const char* value) {
    writer.string(name);
    writer.string(value);
  }

  void run(const Bytes& bytes, const Value& current) {
    MsgReader reader(bytes);
    Operation op;
    if (!decode_operation(reader, op)) return;
    const Value after = apply_property_op(op, current);
    Bytes out;
    after.write_canonical(out);
    hash_.add(out);
    ++results_;
    without_effect_ += after.is_missing() ? 1 : 0;
  }

  Random random_;
  Sha256 hash_;
  unsigned results_ = 0, without_effect_ = 0;
};

}  // namespace
}  // namespace vuer_rtc

int main() {
  using namespace vuer_rtc;
  Hasher hasher;
  for (int round = 0; round < kRounds; ++round) {
    for (const Trial& trial : kTrials) hasher.apply(trial, true);
    for (const char* order : kOrders) hasher.apply({"vector3.applyEuler", 3, order}, true);
    hasher.apply({"vector3.applyEuler", 3, kOrders[round % 6]}, false);
    hasher.blend();
  }
  hasher.print();
  return 0;
}
