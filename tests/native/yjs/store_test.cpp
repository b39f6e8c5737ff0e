// The document cases of tests/vectors/yjs-updates.json: what a store says after each update.
#include "protocol/yjs/store.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "protocol/yjs/chunks.hpp"
#include "protocol/yjs/compaction.hpp"
#include "yjs/vectors.hpp"

using namespace vuer_rtc::yjs;
using nlohmann::json;
using Updates = std::vector<std::string>;

namespace {

template <class Check>
void for_each_case(Check check) {
  for (const json& one : vectors()["cases"]) {
    INFO(one["name"].get<std::string>());
    check(one, one["updates"].get<Updates>());
  }
}

StateVector vector_of(const std::string& hex) {
  const vuer_rtc::Bytes bytes = from_hex(hex);
  Reader reader{vuer_rtc::ByteSpan(bytes)};
  StateVector vector = read_vector(reader);
  REQUIRE(reader.ok());
  return vector;
}

Updates hex_of(const std::vector<vuer_rtc::Bytes>& parts) {
  Updates out;
  for (const vuer_rtc::Bytes& part : parts) out.push_back(to_hex(part));
  return out;
}

std::string normal_of(const json& one) { return one.value("normal", one["merged"]); }

/// What a client would wait for: structs whose neighbours or parents it has not.
bool leaves_something_pending(const Store& store) {
  const auto has = [&](const Id& id) {
    const auto line = store.lines().find(id.client);
    return line != store.lines().end() && id.clock < line->second.run_end();
  };
  for (const auto& [client, line] : store.lines()) {
    if (line.run != line.structs.size()) return true;
    for (const Struct& one : line.structs) {
      if (one.kind == Kind::Gc) continue;
      const Head head = head_of(one, client);
      for (const auto& id : {head.origin, head.right_origin, head.parent})
        if (id && !has(*id)) return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("store_gives_the_state_vector_and_normal_form_of_every_case") {
  for_each_case([](const json& one, const Updates& updates) {
    const Store store = store_of(updates);
    CHECK(to_hex(store.vector().write()) == one["stateVector"]);
    CHECK(to_hex(store.encode()) == normal_of(one));
  });
}

TEST_CASE("store_answers_every_vector_with_the_difference") {
  for_each_case([](const json& one, const Updates& updates) {
    const Store store = store_of(updates);
    for (const json& diff : one["diffs"]) {
      INFO(diff["why"].get<std::string>());
      CHECK(to_hex(store.encode(vector_of(diff["from"]))) == diff["diff"]);
    }
  });
}

TEST_CASE("store_forwards_what_was_new") {
  for_each_case([](const json& one, const Updates& updates) {
    Store store;
    for (std::size_t i = 0; i < updates.size(); i++) {
      const Update update = read(slice_of(updates[i]));
      const Delta delta = store.add(update);
      json forward = json::array();
      if (!delta.empty() && delta.is_all_new && update.is_clean) {
        forward = "same";
      } else if (!delta.empty()) {
        forward = hex_of(delta.news.wire());
      }
      INFO("update " << i);
      CHECK(forward == one["forward"][i]);
    }
  });
}

TEST_CASE("store_sends_no_skips_to_clients") {
  for_each_case([](const json& one, const Updates& updates) {
    const Updates parts = hex_of(store_of(updates).wire());
    CHECK(parts == one.value("wire", Updates{normal_of(one)}));
  });
}

TEST_CASE("compaction_gives_the_bytes_of_every_case") {
  for_each_case([](const json& one, const Updates& updates) {
    const Store store = store_of(updates);
    const std::string expected =
        one["compacted"].is_null() ? normal_of(one) : one["compacted"].get<std::string>();
    const vuer_rtc::Bytes bytes = compacted(store);
    CHECK(to_hex(bytes) == expected);
    const Store again = store_of({to_hex(bytes)});
    CHECK(coverage(again) == coverage(store));
    CHECK(compacted(again) == bytes);
  });
}

TEST_CASE("store_is_the_same_for_every_order_of_arrival") {
  for_each_case([](const json&, Updates updates) {
    const std::string expected = coverage(store_of(updates));
    for (std::size_t i = 0; i < updates.size(); i++) {
      std::rotate(updates.begin(), updates.begin() + 1, updates.end());
      CHECK(coverage(store_of(updates)) == expected);
    }
    std::reverse(updates.begin(), updates.end());
    CHECK(coverage(store_of(updates)) == expected);
  });
}

TEST_CASE("store_learns_nothing_from_what_it_has") {
  for_each_case([](const json& one, const Updates& updates) {
    Store store = store_of(updates);
    const std::string before = to_hex(store.encode());
    Updates known = updates;
    known.push_back(one["merged"]);
    known.push_back(normal_of(one));
    if (!one["compacted"].is_null()) known.push_back(one["compacted"]);
    for (const std::string& update : known) CHECK(add(store, update).empty());
    CHECK(to_hex(store.encode()) == before);
  });
}

TEST_CASE("store_of_its_own_encoding_is_the_same_store") {
  for_each_case([](const json&, const Updates& updates) {
    const std::string bytes = to_hex(store_of(updates).encode());
    CHECK(to_hex(store_of({bytes}).encode()) == bytes);
  });
}

TEST_CASE("forwards_together_hold_what_the_store_holds") {
  for_each_case([](const json&, const Updates& updates) {
    Store store, peer;
    for (const std::string& update : updates)
      for (const vuer_rtc::Bytes& part : add(store, update).news.wire()) add(peer, to_hex(part));
    CHECK(to_hex(peer.encode()) == to_hex(store.encode()));
  });
}

TEST_CASE("chunks_leave_nothing_pending") {
  std::size_t count = 0;
  for_each_case([&](const json&, const Updates& updates) {
    for (const bool compact : {false, true}) {
      Store store = store_of(updates);
      if (compact) store = store_of({to_hex(compacted(store))});
      const bool pending = leaves_something_pending(store);
      for (const std::size_t size : {1, 12, 100}) {
        Store reader;
        Chunks chunks(store, {});
        while (!chunks.done()) {
          add(reader, to_hex(chunks.next(size)));
          count++;
          if (!pending) CHECK_FALSE(leaves_something_pending(reader));
        }
        CHECK(coverage(reader) == coverage(store));
      }
    }
  });
  CHECK(count > 2000);
}

TEST_CASE("chunks_from_a_vector_hold_the_rest_only") {
  for_each_case([](const json& one, const Updates& updates) {
    const Store store = store_of(updates);
    for (const json& diff : one["diffs"]) {
      Store expected, reader;
      for (const vuer_rtc::Bytes& part : store.wire(vector_of(diff["from"])))
        add(expected, to_hex(part));
      for (Chunks chunks(store, vector_of(diff["from"])); !chunks.done();)
        add(reader, to_hex(chunks.next(8)));
      CHECK(coverage(reader) == coverage(expected));
    }
  });
}
