// A hostile client: says what no honest one says. Broken frames, messages with absurd places,
// others' ids, skipped and repeated numbers, offers and filters of nonsense.
#pragma once

#include <string>
#include <vector>

#include "replicas/random.hpp"
#include "sim/ground.hpp"

namespace vuer_rtc::sim {

class Stranger {
 public:
  Stranger(const Ground& ground, const std::string& name, int link, std::uint32_t seed);
  void start();
  void finish() { finished_ = true; }

 private:
  void connect();
  void hear(ConnectionNumber connection, const Parcel& parcel);
  void act_later();
  void act();
  Bytes message();
  Bytes broken(Bytes frame);
  Bytes offer();
  Bytes sync();
  void send(Bytes frame);

  Ground ground_;
  std::string name_;
  int link_;
  testing::Random random_;
  ConnectionNumber connection_ = 0;
  std::uint32_t number_ = 0;
  std::vector<std::string> seen_;  // ids of others
  bool finished_ = false;
};

}  // namespace vuer_rtc::sim
