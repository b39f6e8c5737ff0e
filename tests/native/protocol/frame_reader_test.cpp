#include "protocol/frame_reader.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace vuer_rtc;
using namespace vuer_rtc::server;
using nlohmann::json;

namespace {

template <class Kind>
Kind read(std::string_view text) {
  auto frame = read_json_frame(text);
  INFO(text);
  REQUIRE(frame.ok());
  REQUIRE(std::holds_alternative<Kind>(*frame));
  return std::get<Kind>(*frame);
}

}  // namespace

TEST_CASE("frame_reader_reads_the_same_from_json_and_messagepack") {
  const json frame = {{"mtype", "crdt"}, {"msg", {{"id", "a:1"}}}};
  const Bytes packed = json::to_msgpack(frame);
  const auto binary = read_frame(packed);
  REQUIRE(binary.ok());
  CHECK(std::get<CrdtFrame>(*binary).message == read<CrdtFrame>(frame.dump()).message);
}

TEST_CASE("frame_reader_reads_a_bare_message") {
  const auto crdt = read<CrdtFrame>(R"({"id":"a:1","ops":[]})");
  CHECK(json::from_msgpack(crdt.message)["id"] == "a:1");
}

TEST_CASE("frame_reader_reads_every_frame") {
  CHECK(read<HeartbeatFrame>(R"({"mtype":"heartbeat","client":"a","lt":4,"serverSeq":2})").lt == 4);
  CHECK_FALSE(
      read<HeartbeatFrame>(R"({"mtype":"heartbeat","sessionId":"a","lt":null})").lt.has_value());
  CHECK(json::from_msgpack(
            read<SyncCheckFrame>(R"({"mtype":"sync-check","requestId":"r"})").request_id) == "r");
  const auto sync = read<SyncFrame>(
      R"({"mtype":"sync","vectorClock":{"b":2,"a":1},"filter":"/w==","count":1,"salt":"s"})");
  CHECK(sync.clock == Clock{{"a", 1}, {"b", 2}});
  CHECK(sync.filter == Bytes{0xff});
  CHECK(sync.count == 1);
  CHECK(sync.salt == "s");
  CHECK(read<SyncFrame>(R"({"mtype":"sync"})").filter.empty());
  CHECK(read<PresenceFrame>(R"({"mtype":"presence","state":null})").state.empty());
  CHECK(json::from_msgpack(read<PresenceFrame>(R"({"mtype":"presence","state":[1]})").state) ==
        json{1});
  CHECK(read<OfferFrame>(R"({"mtype":"offer","ids":["a","b"]})").ids.size() == 2);
  CHECK(read<AuthFrame>(R"({"mtype":"auth","token":"a.b.c","right":"admin"})").token == "a.b.c");
  CHECK(read<AuthFrame>(R"({"mtype":"auth","token":""})").right == Right::Read);
}

TEST_CASE("frame_reader_reads_a_filter_of_bytes") {
  const Bytes packed = json::to_msgpack({{"mtype", "sync"}, {"filter", json::binary({1, 2})}});
  const auto frame = read_frame(packed);
  REQUIRE(frame.ok());
  CHECK(std::get<SyncFrame>(*frame).filter == Bytes{1, 2});
}

TEST_CASE("frame_reader_names_the_field_that_is_wrong") {
  const std::pair<const char*, const char*> cases[] = {
      {R"([])", "map"},
      {R"("x")", "map"},
      {R"({})", "mtype"},
      {R"({"mtype":5})", "mtype"},
      {R"({"mtype":"crdt"})", "msg"},
      {R"({"mtype":"crdt","msg":[]})", "msg"},
      {R"({"mtype":"crdt","msg":{},"mtype":"crdt"})", "mtype"},
      {R"({"mtype":"heartbeat","lt":-1})", "lt"},
      {R"({"mtype":"heartbeat","lt":1.5})", "lt"},
      {R"({"mtype":"heartbeat","serverSeq":"x"})", "serverSeq"},
      {R"({"mtype":"sync","vectorClock":[]})", "vectorClock"},
      {R"({"mtype":"sync","vectorClock":{"a":-1}})", "vectorClock"},
      {R"({"mtype":"sync","filter":"*"})", "filter"},
      {R"({"mtype":"sync","filter":7})", "filter"},
      {R"({"mtype":"sync","count":-4})", "count"},
      {R"({"mtype":"sync-check"})", "requestId"},
      {R"({"mtype":"sync-check","requestId":{}})", "requestId"},
      {R"({"mtype":"auth"})", "token"},
      {R"({"mtype":"auth","token":7})", "token"},
      {R"({"mtype":"offer"})", "ids"},
      {R"({"mtype":"offer","ids":[1]})", "ids"},
      {R"({"mtype":"offer","ids":[""]})", "ids"}};
  for (const auto& [text, field] : cases) {
    const auto frame = read_json_frame(text);
    INFO(text);
    REQUIRE_FALSE(frame.ok());
    CHECK(frame.error().code == ErrorCode::BadFrame);
    CHECK(frame.error().text.find(field) != std::string::npos);
  }
}

TEST_CASE("frame_reader_says_unknown_mtype") {
  for (const char* mtype : {"state", "broadcast", "ack", "init", "message", "constructor", ""}) {
    const auto frame = read_json_frame(json{{"mtype", mtype}}.dump());
    REQUIRE_FALSE(frame.ok());
    CHECK(frame.error().code == ErrorCode::UnknownMtype);
  }
}

TEST_CASE("frame_reader_survives_truncation_and_change_of_bytes") {
  const Bytes whole = json::to_msgpack({{"mtype", "sync"},
                                        {"vectorClock", {{"a", 1}}},
                                        {"filter", json::binary({1, 2})},
                                        {"salt", "s"}});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CHECK_FALSE(read_frame(ByteSpan(whole).first(length)).ok());
  }
  int read = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      Bytes changed = whole;
      changed[at] = static_cast<std::uint8_t>(byte);
      read += read_frame(changed).ok();
    }
  }
  CHECK(read > 0);
}
