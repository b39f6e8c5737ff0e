// One person: a Store, the connection's side of the wire protocol, and random work. Who owns it
// moves the frames and decides when to connect and when to send again.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "replicas/fields.hpp"
#include "replicas/random.hpp"
#include "replicas/wire.hpp"
#include "room/frame.hpp"
#include "vuer_rtc/store.hpp"

namespace vuer_rtc::testing {

struct Done {
  std::uint64_t edits = 0, undos = 0, redos = 0, cancels = 0, compactions = 0, moved = 0,
                resent = 0, recommitted = 0;
};

class Replica {
 public:
  Replica(const std::string& name, Random& random, bool trig, Outlet& to_server);

  /// Edits, commits, undoes, redoes, cancels or compacts; messages go to the server. Nothing while
  /// too much is unacknowledged.
  void work(double now);
  /// Commits what is pending; at the end of the run.
  void finish(double now);
  /// Everything unacknowledged once more.
  void resend();
  /// A server with an older disk may wait for a message that nobody has any more: what is here
  /// takes its number. Only when all that was sent has been answered.
  void close_gap();
  /// A frame of the server. Throws std::runtime_error on what a server may not say.
  void hear(ByteSpan frame);
  /// What it says when it connects.
  server::Join join() const;

  Store& store() { return store_; }
  bool full() const;
  /// The server missed an earlier message of ours, since the last call.
  bool take_gap() { return std::exchange(gap_, false); }
  /// The server has more than is here without a gap.
  bool behind() const { return told_ > upto_; }
  std::uint64_t upto() const { return upto_; }
  /// The server differs: the next state is to be whole, and what it lacks is offered.
  void doubt() {
    at_.clear();
    doubts_ = true;
  }
  /// Messages the server may have lost, since it came back with less; ids to offer, once.
  std::vector<std::string> take_offer();
  /// Ids refused for good after the server came back with less: they build on what nobody holds.
  const std::vector<std::string>& given_up() const { return given_up_; }
  const Done& done() const { return done_; }
  const std::string& name() const { return name_; }

 private:
  void edit(double now);
  void send(const Result<ByteSpan>& messages);
  void hear_state(const Fields& fields);
  void hear_broadcast(ByteSpan message);
  void hear_ack(const Fields& fields);
  void hear_error(const Fields& fields);
  void hear_heartbeat(const Fields& fields);
  void hear_want(const Fields& fields);
  void note(std::uint64_t server_seq, const std::string& id);
  void remember_accepted();
  void drop_offered(const std::string& id);
  const Bytes* find_offered(const std::string& id) const;
  void take_back_offered(const std::string& id, std::uint64_t lt, std::uint64_t server_seq,
                         std::int64_t stable);

  std::string name_;
  Random* random_;
  bool trig_;
  Outlet* to_server_;
  Store store_;
  Done done_;
  bool gap_ = false;
  std::uint64_t expected_ = 0;  // the number the server waits for, as of the last gap
  std::string epoch_, at_;      // of the message at upto_, when its id is known
  std::uint64_t upto_ = 0;      // every message up to this serverSeq is here
  std::uint64_t told_ = 0;      // the highest serverSeq heard of
  std::map<std::uint64_t, std::string> above_;  // serverSeq and id of those behind a gap
  // Accepted once, perhaps lost by the server; in the order of the document, ids and messages.
  std::vector<std::pair<std::string, Bytes>> offered_;
  std::vector<std::string> given_up_;
  bool restored_ = false;  // the server came back with less at some time
  bool doubts_ = false;    // ... perhaps without saying so
  bool offer_due_ = false;
  bool awaits_want_ = false;  // own messages may build on offered ones: they wait
};

}  // namespace vuer_rtc::testing
