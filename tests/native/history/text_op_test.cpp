// Text ops read, resolved and written: what is written is read back as the same op.
#include "history/text_op.hpp"

#include <catch2/catch.hpp>

#include "json_messages.hpp"

using namespace vuer_rtc;
using nlohmann::json;

namespace {

/// Keeps the bytes an op was decoded from.
struct Decoded {
  explicit Decoded(const json& op) : bytes(msgpack_of(op)) {
    MsgReader reader{ByteSpan(bytes)};
    REQUIRE(decode_operation(reader, operation));
  }
  Bytes bytes;
  Operation operation;
};

bool parses(const json& op, Names& clients, TextOp& out) {
  const Decoded decoded(op);
  return parse_text_op(decoded.operation, clients, out);
}

}  // namespace

TEST_CASE("text_op_written_is_read_back_as_it_was") {
  Names clients;
  const std::vector<json> ops = {
      json::parse(R"({"ot":"text.insert","key":"k","path":"p","id":"a:4","value":["b:1","hi"],
                      "seq":3,"ts":9})"),
      json::parse(R"({"ot":"text.insert","key":"k","path":"p","id":"a:b:4","value":[null,"é😀"],
                      "seq":1,"ts":0})"),
      json::parse(R"({"ot":"text.delete","key":"k","path":"p","rm":[["a:0",2],["b:7",1]]})"),
      json::parse(R"({"ot":"text.replace","key":"k","path":"p","rm":[["a:0",2]],"id":"a:9",
                      "value":["a:3","x"],"seq":5,"ts":2.5})"),
  };
  for (const json& op : ops) {
    INFO(op.dump());
    const Decoded decoded(op);
    TextOp parsed;
    REQUIRE(parse_text_op(decoded.operation, clients, parsed));
    CHECK(!parsed.is_position);
    Bytes written;
    const auto kind = decoded.operation.kind;
    write_text_op(TextOpPlace{kind, std::string_view("k"), "p"}, parsed, clients, written);
    CHECK(json_of(written) == op);
  }
}

TEST_CASE("text_op_refuses_broken_ids_and_fields") {
  Names clients;
  TextOp parsed;
  json op = json::parse(R"({"ot":"text.insert","key":"k","path":"p","id":"a:4",
                            "value":[null,"hi"],"seq":3,"ts":9})");
  REQUIRE(parses(op, clients, parsed));
  for (const char* id : {"", "a", ":1", "a:", "a:01", "a:-1", "a:1.5", "a:9007199254740992"}) {
    INFO(id);
    json broken = op;
    broken["id"] = id;
    CHECK(!parses(broken, clients, parsed));
  }
  for (const json& seq : {json(-1), json(1.5), json("1"), json(nullptr)}) {
    INFO(seq.dump());
    json broken = op;
    broken["seq"] = seq;
    CHECK(!parses(broken, clients, parsed));
  }
  json broken = op;
  broken["ts"] = "late";
  CHECK(!parses(broken, clients, parsed));
  broken = op;
  broken["value"] = json::array({5, "hi"});
  CHECK(!parses(broken, clients, parsed));
}

TEST_CASE("text_op_resolves_positions_against_what_is_visible") {
  Names clients;
  const NameId a = clients.intern("a");
  Sequence sequence(clients);
  std::vector<UnitId> placed;
  sequence.insert(Insert{UnitId{a, 0}, UnitId{}, 1, 5, u"ab\xd83d\xde00z", false}, &placed);
  const auto resolved = [&](const json& op, UnitId typed = UnitId{}) {
    TextOp parsed;
    REQUIRE(parses(op, clients, parsed));
    REQUIRE(parsed.is_position);
    resolve_position(sequence, a, 7, typed, parsed);
    Bytes written;
    const Decoded decoded(op);
    write_text_op(TextOpPlace{decoded.operation.kind, std::string_view("k"), "p"}, parsed, clients,
                  written);
    return json_of(written);
  };
  const auto insert = [](int position) {
    return json{
        {"ot", "text.insert"}, {"key", "k"}, {"path", "p"}, {"position", position}, {"value", "x"}};
  };
  const auto cut = [](int position, int length) {
    return json{{"ot", "text.delete"},
                {"key", "k"},
                {"path", "p"},
                {"position", position},
                {"length", length}};
  };
  CHECK(resolved(insert(-3))["value"] == json({nullptr, "x"}));
  CHECK(resolved(insert(1))["value"] == json({"a:0", "x"}));
  CHECK(resolved(insert(3))["value"] == json({"a:1", "x"}));  // inside the pair: before it
  CHECK(resolved(insert(99))["value"] == json({"a:4", "x"}));
  CHECK(resolved(insert(99))["id"] == "a:5");
  CHECK(resolved(insert(99))["seq"] == 2);
  CHECK(resolved(insert(99))["ts"] == 7);
  CHECK(resolved(cut(3, 1))["rm"] == json::array({json::array({"a:2", 2})}));
  CHECK(resolved(cut(0, 99))["rm"] == json::array({json::array({"a:0", 5})}));
  CHECK(resolved(cut(1, 0))["rm"] == json::array());
  sequence.cover(IdRange{a, 1, 1});
  CHECK(resolved(insert(1))["value"] == json({"a:0", "x"}));
  CHECK(resolved(insert(1), UnitId{a, 1})["value"] == json({"a:1", "x"}));
}
