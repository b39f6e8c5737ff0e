// Writing ropes: inserts whole, deletions apart, and the original's tree with everything in it.
#include <catch2/catch.hpp>

#include "history/rope_text.hpp"
#include "json_messages.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

TEST_CASE("rope_plain_form_has_inserts_whole_and_deletions_apart") {
  RopeText text;
  text.sequence.insert(Insert{{text.b, 9}, {text.b, 7}, 3, 12, u"later"});
  text.sequence.insert(Insert{{text.a, 5}, {}, 4, 13, u"gone", true});
  const std::vector<IdRange> removed{IdRange{text.a, 3, 1}, IdRange{text.b, 50, 7}};
  CHECK(json_of(text.plain(RopeState{true, false, &removed})) ==
        json{{"shown", true},
             {"begun", false},
             {"inserts", json::array({json::array({"a:0", 5, nullptr, 1, 10, "hello"}),
                                      json::array({"a:5", 4, nullptr, 4, 13, nullptr}),
                                      json::array({"b:0", 2, "a:1", 2, 11, "XY"})})},
             {"waiting", json::array({json::array({"b:9", 5, "b:7", 3, 12, "later"})})},
             {"rm", json::array({json::array({"a:3", 1}), json::array({"b:50", 7})})}});
}

TEST_CASE("rope_plain_form_joins_only_what_is_one_insert") {
  RopeText text;
  text.sequence.insert(Insert{{text.a, 5}, {text.a, 4}, 1, 10, u"!"});  // goes on
  text.sequence.insert(Insert{{text.a, 6}, {text.a, 5}, 2, 10, u"?"});  // another seq
  text.sequence.insert(Insert{{text.a, 7}, {text.a, 6}, 2, 99, u"."});  // another ts
  text.sequence.insert(Insert{{text.a, 8}, {text.a, 6}, 2, 99, u"-"});  // another anchor
  const std::vector<IdRange> none;
  const json inserts = json_of(text.plain(RopeState{false, true, &none}))["inserts"];
  REQUIRE(inserts.size() == 5);
  CHECK(inserts[0][5] == "hello!");
  CHECK(inserts[1][5] == "?");
  CHECK(inserts[2][2] == "a:6");
  CHECK(inserts[3][2] == "a:6");
}

TEST_CASE("rope_in_columns_tells_early_deletions_once_however_often_they_came") {
  RopeText text;
  text.sequence.cover(IdRange{text.a, 50, 2});
  text.sequence.cover(IdRange{text.a, 50, 4});
  text.sequence.cover(IdRange{text.a, 60, 1});
  CHECK(json_of(text.columns())["rm"] ==
        json::array({json::array({"a:50", 4}), json::array({"a:60", 1})}));
}

TEST_CASE("rope_tree_form_lists_items_in_document_order_with_deleted_ones") {
  const json tree = json_of(RopeText().tree());
  const json items = tree["_tree"]["root"]["items"];
  std::string content;
  for (const json& item : items) content += item["content"].get<std::string>();
  CHECK(content == "heXYllo");
  REQUIRE(items.size() == 5);
  CHECK(items[1] == json{{"id", "b:0"},
                         {"content", "XY"},
                         {"isDeleted", false},
                         {"anchor", "a:1"},
                         {"seq", 2},
                         {"ts", 11}});
  CHECK(items[0]["anchor"].is_null());
  CHECK(items[3]["isDeleted"] == true);
  CHECK(tree["_tree"]["root"]["ntype"] == "leaf");
  CHECK(tree["maxSeq"] == 2);
}
