// A native client that a test drives through stdin, a command a line:
// write N (random ops), cut (the connection), status, acked (both answer with a line), quit.
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include "connection.hpp"
#include "person.hpp"

namespace vuer_rtc::e2e {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::chrono::milliseconds kPace{20};

class Client {
 public:
  Client(std::uint16_t port, std::string room, const std::string& name, std::uint32_t seed)
      : room_(std::move(room)),
        person_(name, seed, [this](Bytes frame) { connection_.send(std::move(frame)); }),
        connection_(
            io_, port,
            {[this] { return person_.target(room_); },
             [this](ByteSpan frame) { person_.hear(frame); }, [this] { person_.disconnected(); }}),
        timer_(io_),
        input_(io_, ::dup(STDIN_FILENO)) {}

  void run() {
    connection_.open();
    listen();
    io_.run();
  }

 private:
  static double now() {
    using namespace std::chrono;
    return static_cast<double>(
        duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
  }

  /// The end of the input is the end of the test.
  void listen() {
    asio::async_read_until(input_, typed_, '\n', [this](const error_code& error, std::size_t) {
      if (error) return io_.stop();
      std::istream stream(&typed_);
      std::string line;
      std::getline(stream, line);
      obey(line);
      listen();
    });
  }

  void obey(const std::string& line) {
    if (line.rfind("write ", 0) == 0) {
      left_ = std::atol(line.c_str() + 6);
      write();
    } else if (line == "cut") {
      connection_.cut();
    } else if (line == "status") {
      answer(person_.status() + ",\"left\":" + std::to_string(left_ > 0 ? left_ : 0) + "}");
    } else if (line == "acked") {
      answer(person_.acked());
    } else if (line == "quit") {
      io_.stop();
    } else {
      std::fprintf(stderr, "unknown command: %s\n", line.c_str());
      std::exit(2);
    }
  }

  static void answer(const std::string& line) {
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
  }

  void write() {
    if (left_ <= 0) return person_.finish(now());
    left_ -= person_.work(now());
    timer_.expires_after(kPace);
    timer_.async_wait([this](const error_code& error) {
      if (!error) write();
    });
  }

  asio::io_context io_;
  std::string room_;
  Person person_;
  Connection connection_;
  asio::steady_timer timer_;
  asio::posix::stream_descriptor input_;
  asio::streambuf typed_;
  long left_ = 0;
};

}  // namespace
}  // namespace vuer_rtc::e2e

int main(int count, char** arguments) {
  if (count != 5) {
    std::fprintf(stderr, "e2e_client PORT ROOM NAME SEED\n");
    return 2;
  }
  vuer_rtc::e2e::Client client(static_cast<std::uint16_t>(std::atoi(arguments[1])), arguments[2],
                               arguments[3], static_cast<std::uint32_t>(std::atol(arguments[4])));
  client.run();
  return 0;
}
