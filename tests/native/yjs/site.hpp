// A host with peers that write down what they get, a disk in memory and a clock that is moved by
// hand.
#pragma once

#include <deque>

#include "protocol/yjs/host.hpp"

namespace vuer_rtc::yjs {

inline constexpr const char* kMark = "660105";
/// One letter that `client` writes behind its letter before.
std::string letter(ClientId client, Clock clock);
std::string vector_at(ClientId client, Clock clock);

struct Heard {
  std::string bytes;
  bool text = false;
};

class FakePeer final : public net::Peer {
 public:
  void send(net::Outgoing message) override {
    if (code == 0) heard.push_back({std::string(message.bytes), message.text});
  }
  void close(int with, std::string_view why) override {
    if (code == 0) code = with, reason = why;
  }
  std::size_t waiting() const override { return heard.size(); }
  void resume_reading() override { reading = true; }
  /// The next frame, in hex unless it is text; empty: there is none.
  std::string next();

  std::deque<Heard> heard;
  int code = 0;
  std::string reason;
  bool reading = true;
};

/// What was written is kept per room; `fails` makes writes and loads fail.
class FakeDisk final : public Disk {
 public:
  explicit FakeDisk(std::function<void(std::function<void()>)> post) : post_(std::move(post)) {}
  void load(const std::string& room, std::function<void(std::optional<Stored>)> done) override;
  void write(const std::string& room, Write write, std::function<void(bool)> done) override;

  void set_aside(const std::string& room, std::vector<Bytes> entries,
                 std::function<void(bool)> done) override;
  void probe(std::function<void(bool)> done) override;
  void forget(const std::string& room) override { forgotten.insert(room); }

  std::map<std::string, Stored> rooms;
  std::map<std::string, std::vector<Bytes>> aside;
  std::set<std::string> forgotten;
  std::size_t snapshots = 0;
  bool fails = false, holds = false;  // holds: answers wait for release()
  void release();

 private:
  void answer(std::function<void()> what);
  std::function<void(std::function<void()>)> post_;
  std::deque<std::function<void()>> held_;
};

class Site {
 public:
  explicit Site(const HostOptions& options = {});

  ConnectionId open(const std::string& room, FakePeer& peer, bool echo = false,
                    bool may_write = true);
  ConnectionId open_zeal(FakePeer& peer);
  void say(ConnectionId id, const std::string& hex);
  void say_text(ConnectionId id, const std::string& text);
  void drop(ConnectionId id);
  void advance(std::int64_t milliseconds);
  /// Until nothing waits any more.
  void run();
  /// A crash: all that is left is what is on disk.
  void restart();

  FakeDisk disk;
  std::unique_ptr<Host> host;
  std::int64_t now = 0;
  std::vector<RoomFigures> figures;
  std::vector<std::string> events;  // of the log: what happened and the detail

 private:
  static Pass pass(bool may_write);
  HostServices services();
  HostOptions options_;
  std::deque<std::function<void()>> posted_;
};

}  // namespace vuer_rtc::yjs
