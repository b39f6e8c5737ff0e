// A person over the simulated network: a replica that connects, works, sends again, says what it
// has, and compares digests. The timeouts are those of the npm package, shortened where a run would
// only wait.
#pragma once

#include <cstdint>
#include <string>

#include "replicas/replica.hpp"
#include "sim/ground.hpp"

namespace vuer_rtc::sim {

class Person final : public testing::Outlet {
 public:
  struct Manner {
    std::string name;
    int link = 0;  ///< of the network: what is stopped together
    std::uint32_t seed = 0;
    std::int64_t wall = 0;          ///< this person's clock at the start, milliseconds
    std::int64_t most_pause = 800;  ///< between two turns of work
    bool first = false;             ///< makes the first node
    bool doubting = false;          ///< the server may come back with an older disk
  };
  Person(const Ground& ground, const Manner& manner);

  void start();
  /// No more work; what is pending is committed.
  void finish();
  /// Everything is acknowledged and here, as far as it knows.
  bool settled();
  testing::Replica& replica() { return replica_; }
  std::uint64_t checks() const { return checks_; }

  void send(Bytes message) override;

 private:
  void connect();
  void disconnect();
  void hear(ConnectionNumber connection, const Parcel& parcel);
  void answer(ByteSpan frame);
  void work_later();
  void tick();
  void keep_connection();
  void heartbeat();
  void ask_for_digest();
  void compare(ByteSpan frame);
  void send_frame(Bytes frame);
  double wall() const;

  Ground ground_;
  Manner manner_;
  testing::Random random_;
  testing::Replica replica_;
  ConnectionNumber connection_ = 0;  // 0: none
  bool synced_ = false, finished_ = false;
  std::int64_t tried_at_ = 0, heard_at_ = 0, behind_since_ = -1, beat_at_ = 0, resent_at_ = 0;
  std::uint64_t requests_ = 0, checks_ = 0, agreed_at_ = 0;
};

}  // namespace vuer_rtc::sim
