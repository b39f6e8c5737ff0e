// The quick way of ops in normal form against the rewriter: what it takes, the rewriter leaves as
// it is and the door lets pass; what the rewriter wrote, it takes.
#include "model/normal_scan.hpp"

#include <catch2/catch.hpp>

#include "json_messages.hpp"
#include "random_ops.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

struct Rewritten {
  bool passes = false;
  Bytes ops;
  OpsFacts facts;
};

Rewritten rewrite(const Bytes& ops, const Limits& limits) {
  Rewritten out;
  MsgReader reader{ByteSpan(ops)};
  const Status status = append_normal_ops(reader, limits, Strictness::Door, out.ops, out.facts);
  out.passes = status.ok() && reader.at_end();
  return out;
}

/// Scans an array; what it says must agree with the rewriter. True when it takes the array.
bool scan(const Bytes& ops, const Limits& limits = {}) {
  const std::uint8_t* at = ops.data();
  OpsFacts facts;
  const bool taken = scan_normal_ops(at, ops.data() + ops.size(), limits, facts);
  if (!taken) {
    CHECK(at == ops.data());
    CHECK(facts.op_count == 0);
    return false;
  }
  const Bytes scanned(ops.data(), at);
  const Rewritten rewritten = rewrite(scanned, limits);
  REQUIRE(rewritten.passes);
  // The rewriter puts "ot" first; the order of fields is no part of the normal form.
  REQUIRE(rewritten.ops.size() == scanned.size());
  REQUIRE(json_of(rewritten.ops) == json_of(scanned));
  REQUIRE(rewritten.facts.op_count == facts.op_count);
  REQUIRE(rewritten.facts.has_meta == facts.has_meta);
  REQUIRE(rewritten.facts.has_position == facts.has_position);
  return at == ops.data() + ops.size();
}

json some_ops(Random& random) {
  json ops = json::array();
  for (std::uint32_t i = random.below(4); i > 0; --i) {
    ops.push_back(random.percent(30) ? hostile_op(random, "x") : random_op(random));
    if (random.percent(10)) ops.push_back(meta_op("meta.undo", "x:1"));
  }
  return ops;
}

}  // namespace

TEST_CASE("normal_scan_takes_what_the_rewriter_wrote", "[model]") {
  int taken = 0;
  for (std::uint32_t seed = 1; seed <= 3000; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    const Rewritten rewritten = rewrite(msgpack_of(some_ops(random)), Limits{});
    if (!rewritten.passes) continue;
    taken += scan(rewritten.ops);
  }
  CHECK(taken > 2000);
}

TEST_CASE("normal_scan_takes_nothing_that_the_rewriter_would_change", "[model]") {
  for (std::uint32_t seed = 1; seed <= 3000; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    Bytes ops = msgpack_of(some_ops(random));
    scan(ops);
    for (int i = 0; i < 8; ++i) {
      Bytes changed = ops;
      changed[random.below(static_cast<std::uint32_t>(ops.size()))] =
          static_cast<std::uint8_t>(random.below(256));
      scan(changed);
    }
    ops.resize(random.below(static_cast<std::uint32_t>(ops.size())));
    CHECK_FALSE(scan(ops));
  }
}

TEST_CASE("normal_scan_holds_the_limits_of_the_door", "[model]") {
  Limits limits;
  limits.ops = 2;
  limits.array_length = 3;
  limits.key_bytes = 5;
  const auto set = [](json value) {
    return json{{"ot", "array.push"}, {"key", "n"}, {"path", "p"}, {"value", std::move(value)}};
  };
  const auto takes = [&](const json& ops) { return scan(msgpack_of(ops), limits); };
  CHECK(takes(json::array({set(1), set(2)})));
  CHECK_FALSE(takes(json::array({set(1), set(2), set(3)})));
  CHECK(takes(json::array({set(json::array({1, 2, 3}))})));
  CHECK_FALSE(takes(json::array({set(json::array({1, 2, 3, 4}))})));
  CHECK(takes(json::array({set({{"12345", 1}})})));
  CHECK_FALSE(takes(json::array({set({{"123456", 1}})})));
}

TEST_CASE("normal_op_is_told_from_one_that_must_be_looked_at", "[model]") {
  const auto is_normal = [](const json& op) { return is_normal_op(msgpack_of(op), Limits{}); };
  const json op = {{"ot", "number.set"}, {"key", "n"}, {"path", "p"}, {"value", 1}};
  CHECK(is_normal(op));
  json other = op;
  other["value"] = -0.0;
  CHECK_FALSE(is_normal(other));
  other["value"] = 3.0;  // a whole number written as a float64
  CHECK_FALSE(is_normal(other));
  other = op;
  other.erase("ot");
  CHECK_FALSE(is_normal(other));
  other["otype"] = "number.set";
  CHECK_FALSE(is_normal(other));
  CHECK_FALSE(is_normal(json::array()));
  Bytes trailing = msgpack_of(op);
  trailing.push_back(0xc0);
  CHECK_FALSE(is_normal_op(trailing, Limits{}));
}
