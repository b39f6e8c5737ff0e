// The network layer on a real socket, with a policy whose times are short: pings, silence, closes
// that are not answered.
#include "net/server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

using namespace vuer_rtc::net;

namespace {

using Clock = std::chrono::steady_clock;

/// Lets everybody in and tells nobody anything. "close" is answered with a close.
class Mute final : public Application {
 public:
  explicit Mute(const ConnectionPolicy& policy) : policy_(policy) {}
  Upgrade judge(const Request& request) override {
    judged_on = std::this_thread::get_id();
    return {0, &policy_, {}, request.target == "/second" ? std::size_t{1} : std::size_t{0}};
  }
  std::unique_ptr<Talk> connect(const Request&, Peer& peer) override {
    connected_on = std::this_thread::get_id();
    return std::make_unique<Ear>(*this, peer);
  }
  void answer(const Request&, std::function<void(Response)> done) override { done({}); }
  std::atomic<int> heard = 0, refused = 0, gone = 0;
  std::atomic<std::thread::id> judged_on, connected_on;

 private:
  struct Ear final : Talk {
    Ear(Mute& mute, Peer& peer) : mute(mute), peer(peer) {}
    bool on_message(std::string_view bytes, bool) override {
      ++mute.heard;
      if (bytes == "close") peer.close(4000, "as asked");
      return true;
    }
    void on_refused(std::string_view, bool, std::int64_t) override { ++mute.refused; }
    void on_drained() override {}
    void on_gone() override { ++mute.gone; }
    Mute& mute;
    Peer& peer;
  };
  ConnectionPolicy policy_;
};

/// A server on its own thread, and one client that has shaken hands.
struct Wire {
  explicit Wire(const ConnectionPolicy& policy, const std::string& target = "/")
      : app(policy), server(AddressPolicy{}, 2) {
    std::string fault;
    REQUIRE(server.listen("127.0.0.1", 0, app, fault));
    thread = std::thread([this] { server.run(); });
    socket = ::socket(AF_INET, SOCK_STREAM, 0);
    const timeval patience{5, 0};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(server.port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
    send("GET " + target +
         " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
    std::string head;
    while (head.find("\r\n\r\n") == std::string::npos) {
      const std::string more = read();
      REQUIRE_FALSE(more.empty());
      head += more;
    }
    REQUIRE(head.find(" 101 ") != std::string::npos);
  }
  ~Wire() {
    ::close(socket);
    server.post([this] {
      server.stop_listening();
      server.stop(2000);
    });
    thread.join();
  }
  void send(const std::string& bytes) { ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  /// One short frame under a mask of zeros.
  void send_frame(int opcode, const std::string& payload) {
    send(std::string{static_cast<char>(0x80 | opcode), static_cast<char>(0x80 | payload.size()), 0,
                     0, 0, 0} +
         payload);
  }
  std::string read() {
    char buffer[4096];
    const ssize_t count = ::recv(socket, buffer, sizeof buffer, 0);
    return std::string(buffer, static_cast<std::size_t>(count < 0 ? 0 : count));
  }
  /// Everything until the server ends the connection, and how many milliseconds that took.
  std::string read_to_end(int& took) {
    const auto began = Clock::now();
    std::string all;
    for (std::string more; !(more = read()).empty();) all += more;
    took = static_cast<int>((Clock::now() - began) / std::chrono::milliseconds(1));
    return all;
  }
  Mute app;
  Server server;
  std::thread thread;
  int socket = -1;
};

ConnectionPolicy hasty() {
  ConnectionPolicy policy;
  policy.ping_interval = milliseconds(200);
  policy.silence_time = milliseconds(700);
  policy.close_time = milliseconds(400);
  return policy;
}

/// The bytes behind the first ping, which says the time.
std::string after_ping(const std::string& bytes) {
  REQUIRE(bytes.size() >= 2);
  CHECK(bytes[0] == static_cast<char>(0x89));
  return bytes.substr(2 + static_cast<std::size_t>(bytes[1]));
}

}  // namespace

TEST_CASE("server_pings_and_ends_a_connection_that_is_silent") {
  Wire wire(hasty());
  int took = 0;
  const std::string all = wire.read_to_end(took);
  after_ping(after_ping(all));
  CHECK(took >= 600);
  CHECK(took < 4000);
}

TEST_CASE("server_keeps_a_connection_that_only_pings_or_pongs") {
  for (const int opcode : {9, 10}) {
    Wire wire(hasty());
    for (int i = 0; i < 15; ++i) {
      wire.send_frame(opcode, "");
      std::this_thread::sleep_for(milliseconds(100));
    }
    wire.send_frame(1, "close");
    int took = 0;
    CHECK(wire.read_to_end(took).find("as asked") != std::string::npos);
    CHECK(wire.app.heard == 1);
  }
}

TEST_CASE("server_waits_only_so_long_for_the_answer_to_a_close") {
  ConnectionPolicy policy = hasty();
  policy.silence_time = milliseconds(60'000);
  Wire wire(policy);
  wire.send_frame(1, "close");
  int took = 0;
  CHECK(wire.read_to_end(took).find("as asked") != std::string::npos);
  CHECK(took < 4000);
}

TEST_CASE("server_ends_a_flood_of_frames_even_when_the_peer_reads_nothing") {
  Wire wire(hasty());
  std::string flood = {0x01, static_cast<char>(0x80), 0, 0, 0, 0};
  for (int i = 0; i < 10'000; ++i) flood += std::string{0, static_cast<char>(0x80), 0, 0, 0, 0};
  const auto began = Clock::now();
  while (wire.app.gone == 0 && Clock::now() - began < std::chrono::seconds(4)) {
    wire.send(flood);
    std::this_thread::sleep_for(milliseconds(20));
  }
  CHECK(wire.app.gone == 1);
  CHECK(wire.app.heard == 0);
}

TEST_CASE("server_hands_messages_over_the_rate_to_their_refusal") {
  ConnectionPolicy policy = hasty();
  policy.messages = {1, 3};
  policy.codes.rate_limited = 4008;
  Wire wire(policy);
  for (int i = 0; i < 20; ++i) wire.send_frame(1, "x");
  int took = 0;
  CHECK(wire.read_to_end(took).find("retryAfter=") != std::string::npos);
  CHECK(wire.app.heard == 3);
  CHECK(wire.app.refused == 3);
}

TEST_CASE("server_takes_a_connection_to_the_loop_its_upgrade_names") {
  for (const std::string target : {"/", "/second"}) {
    Wire wire({}, target);
    wire.send_frame(1, "close");
    CHECK_FALSE(wire.read().empty());
    CHECK(wire.app.heard == 1);
    CHECK((wire.app.judged_on.load() == wire.app.connected_on.load()) == (target == "/"));
  }
}
