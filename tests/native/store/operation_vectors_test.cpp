// The graph cases of the vectors (node, text and meta ops, and sets that meet): whole messages
// through a Document, in the given order and backwards, since arrival must not matter.
#include <algorithm>
#include <catch2/catch.hpp>

#include "json_messages.hpp"
#include "op_vectors.hpp"
#include "small_server.hpp"
#include "vuer_rtc/document.hpp"

namespace vuer_rtc {

namespace {

using nlohmann::json;

void check_document(Document& document, const json& test) {
  const json& expect = test["expect"];
  const double tolerance = test.value("near", 0.0);
  const json graph = json_of(document.graph());
  document.check();
  CHECK(graph["rootKey"] == expect["rootKey"]);
  CHECK(json_of(document.texts()) == expect["texts"]);
  if (tolerance == 0) {
    CHECK(graph["nodes"] == expect["nodes"]);
    CHECK(testing::hex(document.digest()) == expect["digest"].get<std::string>());
  } else {
    CHECK(near(graph["nodes"], expect["nodes"], tolerance));
  }
}

void check_graph_case(const json& test, bool backwards) {
  std::vector<json> messages = test["messages"].get<std::vector<json>>();
  if (backwards) std::reverse(messages.begin(), messages.end());
  Document document;
  for (const json& message : messages) {
    const auto received = document.receive(msgpack_of(message));
    CHECK((received.ok() && *received == Received::Applied));
  }
  check_document(document, test);
}

}  // namespace

TEST_CASE("documents_give_the_graphs_of_the_vectors_in_any_arrival_order") {
  for (const std::string& name : registered_operations()) {
    for (const json& test : cases_of(name)) {
      if (!test.contains("messages")) continue;
      for (const bool backwards : {false, true}) {
        INFO(name << ": " << test["name"] << (backwards ? " backwards" : ""));
        check_graph_case(test, backwards);
      }
    }
  }
}

}  // namespace vuer_rtc
