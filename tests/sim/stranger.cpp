#include "sim/stranger.hpp"

#include <utility>

#include "replicas/edits.hpp"
#include "replicas/fields.hpp"

namespace vuer_rtc::sim {
namespace {

constexpr std::uint32_t kMostPause = 400;  // milliseconds between two frames
constexpr std::size_t kMostSeen = 50;

}  // namespace

Stranger::Stranger(const Ground& ground, const std::string& name, int link, std::uint32_t seed)
    : ground_(ground), name_(name), link_(link), random_(seed) {}

void Stranger::start() {
  connect();
  act_later();
}

void Stranger::connect() {
  connection_ = ground_.network.open(
      link_, [this](ConnectionNumber number, const Parcel& parcel) { hear(number, parcel); });
  Parcel hello;
  hello.kind = Parcel::Kind::Hello;
  hello.join.client = name_;
  hello.join.compact = random_.percent(50);
  hello.join.legacy = random_.percent(20);
  hello.join.encoding = server::Encoding::MessagePack;
  if (random_.percent(30))
    hello.join.resume = server::Resume{random_.below(100), "nobody:1", "epoch-1"};
  ground_.network.to_server(connection_, std::move(hello));
}

void Stranger::hear(ConnectionNumber connection, const Parcel& parcel) {
  if (connection != connection_) return;
  if (parcel.kind == Parcel::Kind::Close) {
    connection_ = 0;
    return;
  }
  const testing::Fields fields = testing::fields_of(parcel.bytes);
  const auto message = fields.find("msg");
  if (message == fields.end() || seen_.size() == kMostSeen) return;
  seen_.push_back(testing::text_of(testing::fields_of(message->second), "id"));
}

void Stranger::act_later() {
  ground_.timeline.after(1 + random_.below(kMostPause), [this] {
    if (finished_) return;
    if (connection_ == 0 || random_.percent(3)) connect();
    act();
    act_later();
  });
}

void Stranger::act() {
  switch (random_.below(8)) {
    case 0:
      return send(offer());
    case 1:
      return send(sync());
    case 2:
      return send(broken(message()));
    case 3: {
      Bytes noise(random_.below(200));
      for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>(random_.below(256));
      return send(std::move(noise));
    }
    case 4: {
      Bytes frame = testing::map_frame("auth", 1);
      MsgWriter out(frame);
      out.string("token");
      out.string("none");
      return send(std::move(frame));
    }
    default:
      return send(message());
  }
}

/// A message that is right but for its id, number or place.
Bytes Stranger::message() {
  constexpr double kPlaces[] = {0, 1, 5, 1 << 20, 9007199254740991.0, 9007199254740992.0, -1};
  const double lt = random_.percent(50) ? random_.below(500) : random_.pick(kPlaces);
  number_ += random_.percent(80) ? 1 : random_.below(5);
  const bool stolen = !seen_.empty() && random_.percent(20);
  std::string id = name_ + ":" + std::to_string(random_.below(1000));
  if (stolen) id = seen_[random_.below(static_cast<std::uint32_t>(seen_.size()))];
  Bytes frame = testing::map_frame("crdt", 1);
  MsgWriter out(frame);
  out.string("msg");
  out.map(6);
  out.string("id");
  out.string(id);
  out.string("client");
  out.string(random_.percent(90) ? name_ : "north");
  out.string("clock");
  out.map(1);
  out.string(name_);
  out.number(number_);
  out.string("lt");
  out.number(lt);
  out.string("ts");
  out.number(random_.percent(90) ? random_.number() : 1e300);
  out.string("ops");
  const std::uint32_t ops = random_.below(4);
  out.array(ops);
  for (std::uint32_t i = 0; i < ops; i++) out.raw(testing::random_op(random_, false));
  return frame;
}

Bytes Stranger::broken(Bytes frame) {
  if (random_.percent(50)) {
    frame.resize(random_.below(static_cast<std::uint32_t>(frame.size())));
    return frame;
  }
  for (std::uint32_t i = random_.below(6); i > 0; i--) {
    const std::uint32_t at = random_.below(static_cast<std::uint32_t>(frame.size()));
    frame[at] = static_cast<std::uint8_t>(random_.below(256));
  }
  return frame;
}

Bytes Stranger::offer() {
  Bytes frame = testing::map_frame("offer", 1);
  MsgWriter out(frame);
  out.string("ids");
  out.array(3);
  for (int i = 0; i < 3; i++) out.string("north:" + std::to_string(random_.below(900)));
  return frame;
}

Bytes Stranger::sync() {
  Bytes frame = testing::map_frame("sync", 2);
  MsgWriter out(frame);
  out.string("count");
  out.number(random_.below(1'000'000));
  out.string("salt");
  out.string("x");
  return frame;
}

void Stranger::send(Bytes frame) {
  if (connection_ == 0) return;
  Parcel parcel;
  parcel.bytes = std::move(frame);
  ground_.network.to_server(connection_, std::move(parcel));
}

}  // namespace vuer_rtc::sim
