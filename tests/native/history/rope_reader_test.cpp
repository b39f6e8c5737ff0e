// Reading ropes: what is written is read again, the tree and raw forms of the original load, and
// what is malformed is refused.
#include <catch2/catch.hpp>

#include "history/rope_text.hpp"
#include "json_messages.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;

namespace {

Sequence sequence_of(const Rope& rope, const Names& clients) {
  Sequence sequence(clients);
  for (const Rope::Item& item : rope.items) {
    sequence.insert(Insert{item.first, item.anchor, item.seq, item.ts, item.content, item.undone});
  }
  for (const IdRange& range : rope.removed) sequence.cover(range);
  return sequence;
}

std::string text_of(const Sequence& sequence) {
  std::string text;
  sequence.append_text(text);
  return text;
}

Rope read(const Bytes& bytes, Names& clients) {
  Rope rope;
  REQUIRE(read_rope(bytes, clients, rope));
  return rope;
}

}  // namespace

TEST_CASE("rope_plain_form_is_read_as_it_was_written") {
  RopeText text;
  const std::vector<IdRange> removed{IdRange{text.a, 3, 1}};
  const Rope rope = read(text.plain(RopeState{true, true, &removed}), text.clients);
  CHECK(rope.shown);
  CHECK(rope.knows_shown);
  CHECK(text_of(sequence_of(rope, text.clients)) == "heXYlo");
  CHECK(rope.items.size() == 2);
}

TEST_CASE("rope_plain_form_keeps_a_pair_whole_that_others_typed_into") {
  Names clients;
  const NameId a = clients.intern("a"), b = clients.intern("b");
  Sequence sequence(clients);
  sequence.insert(Insert{{a, 0}, {}, 1, 10, u"\xd83d\xde00"});
  sequence.insert(Insert{{b, 0}, {a, 0}, 2, 11, u"x"});
  Bytes bytes;
  const std::vector<IdRange> removed;
  write_plain_rope(sequence, RopeState{true, true, &removed}, clients, bytes);
  const Rope rope = read(bytes, clients);
  Sequence again = sequence_of(rope, clients);
  again.cover(IdRange{b, 0, 1});
  CHECK(text_of(again) == "\xf0\x9f\x98\x80");
}

TEST_CASE("rope_tree_form_shows_the_same_text") {
  RopeText text;
  const Rope rope = read(text.tree(), text.clients);
  CHECK_FALSE(rope.knows_shown);
  CHECK(text_of(sequence_of(rope, text.clients)) == "heXYlo");
}

TEST_CASE("rope_raw_form_and_older_names_load") {
  Names clients;
  const auto raw = parse_json(
      R"({"_textRope":true,"raw":["a",3,1,[["a:0","ab",null,1,5],["b:0","!","a:1",2,6]]]})");
  CHECK(text_of(sequence_of(read(msgpack_of(raw), clients), clients)) == "ab!");
  const auto older = parse_json(
      R"({"_tree":{"root":{"type":"leaf","items":[)"
      R"({"id":"a:0","content":"abc","is_deleted":false,"parent_id":"null","seq":1,"ts":5},)"
      R"({"id":"b:0","content":"-","is_deleted":true,"parentId":"a:0","seq":2,"ts":6}]}}})");
  CHECK(text_of(sequence_of(read(msgpack_of(older), clients), clients)) == "abc");
}

TEST_CASE("rope_refuses_what_is_malformed") {
  const std::string insert = R"({"inserts":[["a:0",2,null,1,5,"ab"]]})";
  Names clients;
  Rope good;
  REQUIRE(read_rope(msgpack_of(parse_json(insert)), clients, good));
  REQUIRE(good.items.size() == 1);
  for (const char* bad :
       {"[]",
        R"({"inserts":[["a:0",2,null,1,5,"abc"]]})",
        R"({"inserts":[["a",1,null,1,5,"a"]]})",
        R"({"inserts":[["a:0",0,null,1,5,""]]})",
        R"({"inserts":[["a:0",0,null,1,5,null]]})",
        R"({"inserts":[["a:0",1,"b",1,5,"a"]]})",
        R"({"inserts":[["a:0",1,null,-1,5,"a"]]})",
        R"({"inserts":[["a:0",1,null,1,"x","a"]]})",
        R"({"inserts":[["a:0",1,null,1,5]]})",
        R"({"inserts":[["a:0",1,null,1,5,"a",6]]})",
        R"({"inserts":[["a:0",67108865,null,1,5,null]]})",
        R"({"inserts":[["a:9007199254740991",2,null,1,5,"ab"]]})",
        R"({"waiting":[["a:0",1]]})",
        R"({"rm":[["a:0"]]})",
        R"({"rm":[["a:0",1,1]]})",
        R"({"rm":[["a",1]]})",
        R"({"shown":1})",
        R"({"begun":"yes"})",
        R"({"_tree":{"root":{"items":[{"content":"a"}]}}})",
        R"({"_tree":{"root":{"items":[{"id":"a:0","isDeleted":1,"content":"a"}]}}})",
        R"({"_tree":5})",
        R"({"_textRope":true,"raw":["a",0,0,[["a:0","x"]]]})"}) {
    INFO(bad);
    Rope rope;
    CHECK_FALSE(read_rope(msgpack_of(parse_json(bad)), clients, rope));
  }
}

TEST_CASE("rope_reads_trees_down_to_a_depth_and_no_deeper") {
  const auto nested = [](int levels) {
    nlohmann::json node = {{"items", {{{"id", "a:0"}, {"content", "x"}}}}};
    for (int i = 0; i < levels; ++i) node = {{"children", nlohmann::json::array({node})}};
    return msgpack_of({{"_tree", {{"root", node}}}});
  };
  Names clients;
  Rope shallow, deep;
  REQUIRE(read_rope(nested(62), clients, shallow));
  CHECK(shallow.items.size() == 1);
  CHECK_FALSE(read_rope(nested(63), clients, deep));
}

TEST_CASE("rope_leaves_empty_items_and_ranges_out_and_marks_deleted_ones") {
  Names clients;
  const Rope rope =
      read(msgpack_of(parse_json(
               R"({"rm":[["a:7",0],["a:3",2]],"_tree":{"root":{"items":[{"id":"a:0","content":""},)"
               R"({"id":"b:0","content":"xy","isDeleted":true}]}}})")),
           clients);
  REQUIRE(rope.items.size() == 1);
  REQUIRE(rope.removed.size() == 2);
  CHECK(rope.removed[0].agent == clients.find("b"));
  CHECK(rope.removed[0].length == 2);
  CHECK(rope.removed[1].n == 3);
}
