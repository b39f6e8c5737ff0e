// Connections between people and the server. What goes over one may be lost, doubled, late and
// overtaken, as the weather has it; a person's link can be stopped.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>

#include "replicas/random.hpp"
#include "room/frame.hpp"
#include "sim/timeline.hpp"

namespace vuer_rtc::sim {

using testing::Random;
using ConnectionNumber = std::uint64_t;

struct Weather {
  std::uint32_t lost = 0, doubled = 0;  ///< percent
  std::size_t window = 0;               ///< how many later ones may overtake
  std::int64_t most_delay = 5;          ///< milliseconds
};

/// What travels: a request to connect, frames, a goodbye of either side.
struct Parcel {
  enum class Kind : std::uint8_t { Hello, Frame, Close } kind = Kind::Frame;
  Bytes bytes;        ///< of a frame
  bool text = false;  ///< a frame in JSON
  server::Join join;  ///< of a hello
  int code = 0;       ///< of a server's close
};

class Network {
 public:
  using Arrive = std::function<void(ConnectionNumber, const Parcel&)>;
  Network(Timeline& timeline, std::uint32_t seed) : timeline_(timeline), seed_(seed) {}

  void set_weather(const Weather& weather) { weather_ = weather; }
  void set_server(Arrive arrive) { server_ = std::move(arrive); }
  ConnectionNumber open(int person, Arrive to_person);
  void to_server(ConnectionNumber connection, Parcel parcel);
  void to_person(ConnectionNumber connection, Parcel parcel);
  /// Nothing gets through to or from this person until go().
  void stop(int person) { stopped_.insert(person); }
  void go(int person) { stopped_.erase(person); }

 private:
  /// One direction of a connection.
  struct Way {
    explicit Way(std::uint32_t seed) : random(seed) {}
    Random random;
    std::deque<std::int64_t> arrivals;  // of the last `window`, which may be overtaken
    std::int64_t floor = 0;             // nothing arrives before that
  };
  struct Connection {
    int person;
    Arrive arrive;
    std::shared_ptr<Way> up, down;
  };
  void carry(ConnectionNumber number, bool up, Parcel parcel);
  std::int64_t arrival(Way& way) const;
  void deliver(ConnectionNumber number, bool up, const Parcel& parcel);

  Timeline& timeline_;
  std::uint32_t seed_;
  Weather weather_;
  Arrive server_;
  std::map<ConnectionNumber, Connection> connections_;
  ConnectionNumber last_ = 0;
  std::set<int> stopped_;
};

}  // namespace vuer_rtc::sim
