// Raising the line, moving messages, loading snapshots: the document stays the plain fold.
#include <algorithm>
#include <catch2/catch.hpp>

#include "random_history.hpp"
#include "stores.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

Document reloaded(Document& document, SnapshotForm form = SnapshotForm::Compact) {
  const auto snapshot = document.snapshot(form);
  REQUIRE(snapshot.ok());
  Document again;
  const Status status = again.load(*snapshot);
  if (!status.ok()) FAIL("load: " << status.error().text);
  again.check();
  return again;
}

/// Messages up to the line arrive, the line rises, the rest arrives.
void check_line(const std::vector<json>& messages, std::int64_t line, const std::string& expected) {
  Document document;
  for (const json& message : messages)
    if (message["lt"] <= line || message["lt"].get<int>() % 2) take(document, message);
  // A meta op that arrives later than the fold of its target would have had no effect there: the
  // fold of this test knows all of them first.
  for (const json& message : messages)
    if (message["ops"][0]["ot"].get<std::string>().rfind("meta.", 0) == 0) take(document, message);
  REQUIRE(document.raise_line(line).ok());
  CHECK(document.stable() == std::min(line, static_cast<std::int64_t>(document.lt())));
  document.check();
  Document again = reloaded(document);
  for (const json& message : messages) {
    if (message["lt"] <= line) {
      CHECK(take(document, message) == Received::Folded);
      continue;
    }
    take(document, message);
    take(again, message);
  }
  document.check();
  again.check();
  CHECK(hex(document.digest()) == expected);
  CHECK(hex(again.digest()) == expected);
  CHECK(again.journal_index() == document.journal_index());
}

}  // namespace

TEST_CASE("line_raised_anywhere_leaves_the_plain_fold") {
  for (std::uint32_t seed = 1; seed <= 24; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    auto messages = random_history(random, 25, seed % 2 == 0);
    const auto plain = fold_of(messages);
    const std::string expected = hex(plain->digest());
    shuffle(random, messages);
    CHECK(hex(fold_of(messages)->digest()) == expected);
    for (std::int64_t line = 0; line <= static_cast<std::int64_t>(plain->lt()); ++line) {
      INFO("line " << line);
      check_line(messages, line, expected);
    }
  }
}

TEST_CASE("line_of_a_reloaded_document_gives_the_same_graph_and_digest_after_every_message") {
  for (std::uint32_t seed = 100; seed < 110; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    auto messages = random_history(random, 30, true);
    shuffle(random, messages);
    Document document;
    std::vector<json> taken;
    for (const json& message : messages) {
      take(document, message);
      taken.push_back(message);
      CHECK(hex(document.digest()) == hex(fold_of(taken)->digest()));
    }
    REQUIRE(document.raise_line(static_cast<std::int64_t>(document.lt())).ok());
    Document compact = reloaded(document);
    CHECK(hex(compact.digest()) == hex(document.digest()));
    CHECK(json_of(compact.texts()) == json_of(document.texts()));
    CHECK(compact.clock() == document.clock());
    CHECK(json_of(*compact.snapshot()) == json_of(*document.snapshot()));
    Document published = reloaded(document, SnapshotForm::Published);
    CHECK(json_of(published.graph()) == json_of(document.graph()));
    CHECK(json_of(published.texts()) == json_of(document.texts()));
  }
}

TEST_CASE("line_refuses_every_truncated_snapshot_and_stays_as_it_was") {
  Random random(7);
  auto source = fold_of(random_history(random, 12, false));
  REQUIRE(source->raise_line(static_cast<std::int64_t>(source->lt())).ok());
  Document document;
  take(document, message_of("k", 1, 1, 5, json::array({scene_op()})));
  const Hash before = document.digest();
  for (const SnapshotForm form : {SnapshotForm::Compact, SnapshotForm::Published}) {
    const auto snapshot = source->snapshot(form);
    REQUIRE(snapshot.ok());
    for (std::size_t size = 0; size < snapshot->size(); ++size) {
      const Status status = document.load(ByteSpan(snapshot->data(), size));
      REQUIRE(!status.ok());
      CHECK(status.error().code == ErrorCode::BadSnapshot);
    }
    CHECK(document.digest() == before);
    document.check();
  }
}

TEST_CASE("line_refuses_snapshots_whose_parents_form_a_ring") {
  Document document;
  take(document, message_of("k", 1, 1, 5,
                            json::array({scene_op(),
                                         {{"ot", "node.insert"},
                                          {"key", "scene"},
                                          {"path", "children"},
                                          {"value", {{"key", "a"}}}}})));
  REQUIRE(document.raise_line(1).ok());
  json snapshot = json_of(*document.snapshot());
  for (const json& parents :
       {json{{"scene", "a"}, {"a", "scene"}}, json{{"a", "a"}}, json{{"a", 5}}, json::array()}) {
    INFO(parents.dump());
    snapshot["parents"] = parents;
    Document other;
    const Status status = other.load(msgpack_of(snapshot));
    REQUIRE(!status.ok());
    CHECK(status.error().code == ErrorCode::BadSnapshot);
    CHECK(other.node_count() == 0);
  }
}

TEST_CASE("move_gives_the_fold_of_the_messages_at_their_new_places") {
  for (std::uint32_t seed = 200; seed < 240; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    auto messages = random_history(random, 20, seed % 2 == 0);
    auto document = fold_of(messages);
    for (int i = 0; i < 8; ++i) {
      json& message = messages[random.below(static_cast<std::uint32_t>(messages.size()))];
      const std::uint64_t lt = random.below(30);
      message["lt"] = lt;
      REQUIRE(document->move(message["id"].get<std::string>(), lt).ok());
      document->check();
      auto plain = fold_of(messages);
      CHECK(hex(document->digest()) == hex(plain->digest()));
      CHECK(json_of(document->graph()) == json_of(plain->graph()));
    }
  }
}

TEST_CASE("move_refuses_unknown_ids_and_places_below_the_line") {
  Document document;
  take(document, message_of("k", 1, 1, 5, json::array({scene_op()})));
  take(document, message_of("k", 2, 9, 5, json::array()));
  REQUIRE(document.raise_line(4).ok());
  for (const auto& [id, lt] : {std::pair<const char*, std::uint64_t>{"k:1", 9},
                               {"nobody:1", 9},
                               {"k:2", 4},
                               {"k:2", kMaxInteger + 1}}) {
    INFO(id << " to " << lt);
    const Status status = document.move(id, lt);
    REQUIRE(!status.ok());
    CHECK(status.error().code == ErrorCode::BadMessage);
  }
  REQUIRE(document.move("k:2", 5).ok());
  CHECK(document.lt() == 9);
}
