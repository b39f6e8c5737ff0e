// Who may open a connection, and what one that may not is told.
#include "service.hpp"

#include <catch2/catch.hpp>

#include "http/request_token.hpp"
#include "policies.hpp"
#include "storage/memory_store.hpp"
#include "storage/store_thread.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::server;

namespace {

class SilentPeer final : public net::Peer {
 public:
  void send(net::Outgoing) override { ++sent; }
  void close(int with, std::string_view) override { code = with; }
  std::size_t waiting() const override { return 0; }
  void resume_reading() override {}
  int code = 0, sent = 0;
};

constexpr std::int64_t kEnd = 1'000'000;  // wall clock

/// A service that knows two tokens: they may write in demo, as alice.
struct Doorway {
  explicit Doorway(net::AuthMoment auth = net::AuthMoment::AfterUpgrade)
      : store(std::make_unique<MemoryStore>(), [](std::function<void()>) {}),
        host(store.queue(), {}, services()),
        service(host, Config{}, policy(auth),
                [this](const net::Request& request) { return check(request_token(request)); }) {}
  HostServices services() {
    return {[this] { return now; }, [] { return "epoch"; }, [] {},
            [this](std::string_view token, std::int64_t) { return check(token); },
            [](std::function<void()>) {}};
  }
  static net::ConnectionPolicy policy(net::AuthMoment auth) {
    net::ConnectionPolicy made = room_policy(Config{});
    made.auth = auth;
    return made;
  }
  /// Tokens are "good" and "later", which ends ten seconds after it.
  static Result<Grant> check(std::string_view token) {
    if (token != "good" && token != "later") return make_error(ErrorCode::Forbidden, "token: bad");
    Grant grant;
    grant.allow("demo", Right::Write);
    grant.bind_client("alice");
    grant.set_end(token == "good" ? kEnd : kEnd + 10'000);
    return grant;
  }
  /// Lets the time go on to so many milliseconds behind the end of "good".
  void tick_at(std::int64_t behind_end) {
    now = {5'000'000 + behind_end, kEnd + behind_end};
    host.tick();
  }
  /// The close code a request gets; 0: it is let in.
  int code_of(const std::string& target) {
    net::Request request;
    request.target = target;
    SilentPeer peer;
    const auto talk = service.connect(request, peer);
    CHECK((talk == nullptr) == (peer.code != 0));
    CHECK(peer.sent == 0);
    if (talk) talk->on_gone();
    return peer.code;
  }
  Now now{0, kEnd - 60'000};
  StoreThread store;
  RoomHost host;
  Service service;
};

}  // namespace

TEST_CASE("service_lets_in_who_has_a_token_for_the_room_and_the_name") {
  Doorway door;
  CHECK(door.code_of("/ws/demo?sessionId=alice&token=good") == 0);
  CHECK(door.code_of("/ws/demo?sessionId=alice&token=bad") == 4003);
  CHECK(door.code_of("/ws/demo?sessionId=alice") == 4003);
  CHECK(door.code_of("/ws/demo?sessionId=bob&token=good") == 4003);
  CHECK(door.code_of("/ws/other?sessionId=alice&token=good") == 4003);
  CHECK(door.code_of("/ws/demo?token=good") == 4001);
  CHECK(door.code_of("/ws/demo?sessionId=%24server&token=good") == 4001);
  CHECK(door.code_of("/wss/demo?sessionId=alice&token=good") == 4000);
}

TEST_CASE("service_ends_a_connection_with_its_token_and_keeps_it_with_a_newer_one") {
  Doorway door;
  net::Request request;
  request.target = "/ws/demo?sessionId=alice&token=good";
  SilentPeer ended, kept;
  const auto first = door.service.connect(request, ended);
  const auto second = door.service.connect(request, kept);
  REQUIRE((first && second));
  second->on_message(R"({"mtype":"auth","token":"later"})", true);
  door.tick_at(-1);
  CHECK(ended.code == 0);
  door.tick_at(1000);
  CHECK(ended.code == 4003);
  CHECK(kept.code == 0);
  door.tick_at(9'999);
  CHECK(kept.code == 0);
  door.tick_at(11'000);
  CHECK(kept.code == 4003);
  first->on_gone();
  second->on_gone();
}

TEST_CASE("service_ends_a_connection_whose_newer_token_does_not_fit") {
  for (const char* frame :
       {R"({"mtype":"auth","token":"bad"})", R"({"mtype":"auth","token":""})"}) {
    Doorway door;
    net::Request request;
    request.target = "/ws/demo?sessionId=alice&token=good";
    SilentPeer peer;
    const auto talk = door.service.connect(request, peer);
    REQUIRE(talk);
    talk->on_message(frame, true);
    CHECK(peer.code == 4003);
    talk->on_gone();
  }
}

TEST_CASE("service_judges_a_request_by_its_origin") {
  Doorway door;
  net::Request request;
  CHECK(door.service.judge(request).refused_with == 0);
  request.has_origin = true;
  CHECK(door.service.judge(request).refused_with == 403);
  request.origin = "http://localhost";
  CHECK(door.service.judge(request).refused_with == 0);
  request.origin = "https://evil.example";
  CHECK(door.service.judge(request).refused_with == 403);
}

TEST_CASE("service_asks_for_the_token_at_the_moment_its_policy_says") {
  net::Request request;
  CHECK(Doorway().service.judge(request).refused_with == 0);
  Doorway early(net::AuthMoment::BeforeUpgrade);
  CHECK(early.service.judge(request).refused_with == 401);
  request.authorization = "Bearer good";
  CHECK(early.service.judge(request).refused_with == 0);
}

TEST_CASE("service_answers_its_subprotocol_and_never_a_token") {
  Doorway door;
  net::Request request;
  CHECK(door.service.judge(request).subprotocol.empty());
  request.protocols = "other";
  CHECK(door.service.judge(request).subprotocol.empty());
  request.protocols = "bearer.good";
  CHECK(door.service.judge(request).subprotocol == "vuer-rtc");
}

TEST_CASE("service_policy_of_yjs_connections_is_the_configurations") {
  Config config;
  CHECK(yjs_policy(config).messages.per_second == 1000);
  CHECK(yjs_policy(config).messages.burst == 4000);
  config.yjs_max_messages_per_second = 0;
  config.yjs_max_message_burst = 8;
  CHECK(zeal_policy(config).messages.per_second == 0);
  CHECK(zeal_policy(config).messages.burst == 8);
  CHECK(address_policy(config).faults.burst == 20);
  config.max_handshakes_per_second = 0;
  CHECK(address_policy(config).faults.burst == 0);
}

TEST_CASE("service_policy_of_rooms_is_the_configurations") {
  Config config;
  config.max_messages_per_second = 7;
  config.max_message_burst = 8;
  config.max_bytes_per_second = 9;
  const net::ConnectionPolicy policy = room_policy(config);
  CHECK(policy.messages.per_second == 7);
  CHECK(policy.messages.burst == 8);
  CHECK(policy.bytes.per_second == 9);
  CHECK(policy.bytes.burst == config.max_message_size);  // or no message would ever fit
  CHECK(policy.codes.rate_limited == 4008);
  CHECK(policy.codes.slow_reader == 4009);
  CHECK(policy.codes.unauthorized == 4003);
  CHECK(policy.codes.too_many_frames == 1009);
  CHECK(policy.ping_interval == std::chrono::seconds(20));
  CHECK(policy.silence_time == std::chrono::seconds(45));
  CHECK(address_policy(config).handshakes.per_second == 50);
}
