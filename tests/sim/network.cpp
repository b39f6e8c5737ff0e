#include "sim/network.hpp"

#include <algorithm>
#include <utility>

namespace vuer_rtc::sim {

ConnectionNumber Network::open(int person, Arrive to_person) {
  const ConnectionNumber number = ++last_;
  const auto seed = seed_ * 2654435761u + static_cast<std::uint32_t>(number) * 2;
  connections_.emplace(number, Connection{person, std::move(to_person), std::make_shared<Way>(seed),
                                          std::make_shared<Way>(seed + 1)});
  return number;
}

void Network::to_server(ConnectionNumber connection, Parcel parcel) {
  carry(connection, true, std::move(parcel));
}

void Network::to_person(ConnectionNumber connection, Parcel parcel) {
  carry(connection, false, std::move(parcel));
}

/// Each direction of each connection has its own luck: what one does moves no dice of another.
void Network::carry(ConnectionNumber number, bool up, Parcel parcel) {
  const Connection& connection = connections_.at(number);
  Way& way = up ? *connection.up : *connection.down;
  if (way.random.percent(weather_.lost)) return;
  const int copies = way.random.percent(weather_.doubled) ? 2 : 1;
  for (int i = 0; i < copies; i++) {
    timeline_.after(arrival(way) - timeline_.now(),
                    [this, number, up, parcel] { deliver(number, up, parcel); });
  }
}

/// Of what came before, only the last `window` may still be on the way.
std::int64_t Network::arrival(Way& way) const {
  const auto spread = static_cast<std::uint32_t>(weather_.most_delay + 1);
  std::int64_t at = timeline_.now() + way.random.below(spread);
  way.arrivals.push_back(std::max(at, way.floor));
  at = way.arrivals.back();
  while (way.arrivals.size() > weather_.window) {
    way.floor = std::max(way.floor, way.arrivals.front());
    way.arrivals.pop_front();
  }
  return at;
}

void Network::deliver(ConnectionNumber number, bool up, const Parcel& parcel) {
  const Connection& connection = connections_.at(number);
  if (stopped_.contains(connection.person)) return;
  (up ? server_ : connection.arrive)(number, parcel);
}

}  // namespace vuer_rtc::sim
