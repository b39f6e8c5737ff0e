// The digest against section 11 of the law written down again over the graph as JSON, after every
// message: what is cached must have been renewed.
#include "history/digest.hpp"

#include <map>

#include "base/sha256.hpp"
#include "history/parts.hpp"
#include "random_history.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;
using nlohmann::json;

namespace {

/// Keys sorted by bytes (nlohmann's maps are), every number float64.
void write_canonical(const json& value, Bytes& out) {
  MsgWriter writer(out);
  if (value.is_null()) return writer.nil();
  if (value.is_boolean()) return writer.boolean(value.get<bool>());
  if (value.is_number()) return writer.float64(value.get<double>());
  if (value.is_string()) return writer.string(value.get<std::string>());
  const auto size = static_cast<std::uint32_t>(value.size());
  value.is_array() ? writer.array(size) : writer.map(size);
  for (const auto& [key, member] : value.items()) {
    if (value.is_object()) writer.string(key);
    write_canonical(member, out);
  }
}

Bytes canonical(const json& value) {
  Bytes out;
  write_canonical(value, out);
  return out;
}

void append(Bytes& out, const Hash& hash) { out.insert(out.end(), hash.begin(), hash.end()); }

Hash node_digest(const json& node, const json& parents, const json& texts) {
  const std::string key = node["key"];
  const json& crdt = node["_crdt"];
  json lww = json::object(), props = node;
  for (const auto& [path, entry] : crdt["lww"].items())
    lww[path] = json::array({entry["lt"], entry["client"]});
  for (const char* reserved : {"key", "children", "_crdt"}) props.erase(reserved);
  const json parts = {{"key", key},
                      {"parent", parents.value(key, json())},
                      {"children", node["children"]},
                      {"deletedAt", crdt.value("deletedAt", json())},
                      {"createdAt", crdt["createdAt"]},
                      {"lww", lww},
                      {"props", props},
                      {"texts", texts.value(key, json::object())}};
  return sha256(canonical(parts));
}

/// `texts`: {key: {path: [run, ...]}}
Hash law_digest(const json& graph, const json& parents, const json& texts) {
  std::map<std::uint8_t, Bytes> buckets;
  for (const auto& [key, node] : graph["nodes"].items()) {
    const Bytes name = canonical(key);
    Bytes& bucket = buckets[sha256(name)[0]];
    bucket.insert(bucket.end(), name.begin(), name.end());
    append(bucket, node_digest(node, parents, texts));
  }
  Bytes all = canonical(json::array({graph["rootKey"]}));
  for (const auto& [number, bucket] : buckets) {
    all.push_back(number);
    append(all, sha256(bucket));
  }
  return sha256(all);
}

/// The parents as they stand now: those of a copy that was folded.
json parents_of(const std::vector<json>& messages) {
  Written copy;
  for (const json& message : messages) copy.take(message);
  copy.history.fold_all();
  return copy.snapshot()["parents"];
}

json text_message(std::uint64_t number, const json& op) {
  return message_of("a", number, number, 100, json::array({op}));
}

}  // namespace

TEST_CASE("digest_of_nothing_is_that_of_an_empty_root_key") {
  Written written;
  CHECK(written.history.digest() == sha256(canonical(json::array({""}))));
}

TEST_CASE("digest_is_the_one_of_the_law_after_every_message") {
  for (std::uint32_t seed = 1; seed <= 30; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    std::vector<json> messages = random_history(random, 30, false), taken;
    for (json& message : messages) {
      for (json& op : message["ops"])
        if (op["ot"].get<std::string>().rfind("text.", 0) == 0) op = random_node_op(random);
    }
    shuffle(random, messages);
    Written written;
    for (const json& message : messages) {
      written.take(message);
      taken.push_back(message);
      REQUIRE(written.history.digest() ==
              law_digest(written.graph(), parents_of(taken), json::object()));
    }
    // Taken out again, a node that is gone must leave its bucket.
    while (!taken.empty()) {
      written.history.remove(written.history.find(taken.back()["id"].get<std::string>()));
      taken.pop_back();
      REQUIRE(written.history.digest() ==
              law_digest(written.graph(), parents_of(taken), json::object()));
    }
  }
}

TEST_CASE("digest_holds_the_runs_of_texts_shown_or_not") {
  Written written;
  written.take(node_message());
  const auto expect = [&](const json& runs) {
    const json texts = runs.empty() ? json::object() : json{{"n", {{"t", runs}}}};
    CHECK(written.history.digest() == law_digest(written.graph(), json::object(), texts));
  };
  expect(json::array());
  written.take(text_message(2, insert_on("a:0", nullptr, "abc")));
  expect(json::array({json::array({"a:0", 3, nullptr, 1, 3, "abc"})}));
  written.take(text_message(3, {{"ot", "text.delete"},
                                {"key", "n"},
                                {"path", "t"},
                                {"rm", json::array({json::array({"a:1", 1})})}}));
  const json cut = json::array({json::array({"a:0", 1, nullptr, 1, 3, "a"}),
                                json::array({"a:1", 1, "a:0", 1, 3, nullptr}),
                                json::array({"a:2", 1, "a:1", 1, 3, "c"})});
  expect(cut);
  written.take(text_message(4, op_on("number.set", "t", 5)));
  expect(cut);  // hidden by another value, and still there
  written.take(text_message(5, insert_on("a:9", "z:0", "waits")));
  expect(cut);
  json elsewhere = insert_on("a:0", nullptr, "x");
  elsewhere["key"] = "m";
  written.take(text_message(6, elsewhere));
  expect(cut);  // of a key without a node
}

TEST_CASE("digest_leaves_the_units_of_pending_edits_out") {
  Written written;
  written.take(node_message());
  written.take(text_message(2, insert_on("a:0", nullptr, "abc")));
  History& history = written.history;
  const Hash before = history.digest();
  history.open_pending(history.messages().clients().find("a"), 3, 100);
  add_pending(history, insert_on("a:3", "a:0", "xyz"));
  CHECK(history.digest() == before);
  CHECK(written.node("n")["t"] == "abcxyz");
}
