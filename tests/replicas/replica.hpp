// One person: a Store, the connection's side of the wire protocol, and random work.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "replicas/wire.hpp"
#include "room/frame.hpp"
#include "vuer_rtc/store.hpp"

namespace vuer_rtc::testing {

struct Done {
  std::uint64_t edits = 0, undos = 0, redos = 0, cancels = 0, compactions = 0, moved = 0,
                resent = 0;
};

class Replica {
 public:
  Replica(const std::string& name, Random& random, bool trig);

  /// Edits, commits, undoes, redoes, cancels or compacts; messages go on the wire to the server.
  void work(double now);
  /// Commits what is pending; at the end of the run.
  void finish(double now);
  void resend();
  /// A frame of the server: state, broadcast, ack, error; others are ignored.
  void hear(ByteSpan frame);
  /// What it says when it connects.
  server::Join join();

  Store& store() { return store_; }
  Wire& to_server() { return to_server_; }
  Wire& from_server() { return from_server_; }
  const Done& done() const { return done_; }

 private:
  using Fields = std::map<std::string, ByteSpan, std::less<>>;
  void edit(double now);
  void send(const Result<ByteSpan>& messages);
  void hear_state(const Fields& fields);
  void hear_broadcast(ByteSpan message);
  void hear_ack(const Fields& fields);
  void hear_error(const Fields& fields);
  void note(std::uint64_t server_seq, const std::string& id);

  std::string name_;
  Random* random_;
  bool trig_;
  Store store_;
  Wire to_server_, from_server_;
  Done done_;
  std::string epoch_, at_;
  std::uint64_t upto_ = 0;                      // every message up to this serverSeq is here
  std::map<std::uint64_t, std::string> above_;  // serverSeq and id of those behind a gap
};

}  // namespace vuer_rtc::testing
