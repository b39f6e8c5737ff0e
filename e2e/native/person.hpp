// One author without a socket: a Store, random work by seed, and the client's half of the protocol.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "replicas/fields.hpp"
#include "replicas/random.hpp"
#include "vuer_rtc/store.hpp"

namespace vuer_rtc::e2e {

class Person {
 public:
  using Send = std::function<void(Bytes)>;

  /// `send` takes whole frames; it is called only between a `state` and the end of a connection.
  Person(const std::string& name, std::uint32_t seed, Send send);

  /// Path and query to connect with: from where this replica is, when it knows.
  std::string target(const std::string& room) const;
  void hear(ByteSpan frame);
  void disconnected() { synced_ = false; }

  /// One to three random edits and a commit, or an undo, redo or cancel. Gives how many ops that
  /// were.
  std::uint32_t work(double now);
  /// Commits what is pending.
  void finish(double now);

  /// One line of JSON.
  std::string status();
  /// The ids the server acknowledged, as one line of JSON.
  std::string acked() const;

 private:
  using Fields = testing::Fields;
  void send(const Result<ByteSpan>& messages);
  void resend();
  void hear_state(const Fields& frame);
  void hear_ack(const Fields& frame);
  void hear_broadcast(const Fields& frame);
  void hear_error(const Fields& frame);
  void reached(std::uint64_t server_seq, const std::string& id);

  std::string name_;
  testing::Random random_;
  Send send_;
  Store store_;
  bool synced_ = false;
  std::string epoch_, at_;
  std::uint64_t server_seq_ = 0;
  std::uint32_t resumed_ = 0, undos_ = 0, redos_ = 0, cancels_ = 0;
  std::vector<std::string> acked_;
};

}  // namespace vuer_rtc::e2e
