#include "sim/person.hpp"

#include <stdexcept>
#include <utility>

#include "replicas/edits.hpp"
#include "room/answer.hpp"

namespace vuer_rtc::sim {
namespace {

// Milliseconds.
constexpr std::int64_t kTick = 250;
constexpr std::int64_t kBackoff = 500;      // until it connects again
constexpr std::int64_t kStateTime = 6'000;  // until it gives up waiting for the state
constexpr std::int64_t kSilence = 30'000;   // until it gives a connection up
constexpr std::int64_t kBehind = 2'000;     // until it asks for what it misses
constexpr std::int64_t kHeartbeat = 5'000;
constexpr std::int64_t kAckTime = 10'000;  // until it sends again
constexpr std::int64_t kGapPause = 1'000;  // between two resends the server asked for

}  // namespace

Person::Person(const Ground& ground, const Manner& manner)
    : ground_(ground),
      manner_(manner),
      random_(manner.seed),
      replica_(manner.name, random_, false, *this) {}

void Person::start() {
  if (manner_.first) {
    const Status status = replica_.store().edit(testing::root_op(), wall());
    if (!status) throw std::runtime_error(status.error().text);
  }
  connect();
  work_later();
  tick();
}

double Person::wall() const { return static_cast<double>(manner_.wall + ground_.timeline.now()); }

void Person::finish() {
  finished_ = true;
  replica_.finish(wall());
}

bool Person::settled() {
  return synced_ && replica_.store().unacked_count() == 0 && !replica_.behind() &&
         (!manner_.doubting || agreed_at_ == replica_.upto());
}

void Person::work_later() {
  const auto pause = random_.below(static_cast<std::uint32_t>(manner_.most_pause)) + 1;
  ground_.timeline.after(pause, [this] {
    if (finished_) return;
    replica_.work(wall());
    if (random_.percent(2)) {
      Bytes frame = testing::map_frame("presence", 1);
      MsgWriter out(frame);
      out.string("state");
      out.number(random_.number());
      send_frame(std::move(frame));
    }
    work_later();
  });
}

void Person::connect() {
  disconnect();
  tried_at_ = heard_at_ = ground_.timeline.now();
  connection_ = ground_.network.open(
      manner_.link,
      [this](ConnectionNumber number, const Parcel& parcel) { hear(number, parcel); });
  Parcel hello;
  hello.kind = Parcel::Kind::Hello;
  hello.join = replica_.join();
  ground_.network.to_server(connection_, std::move(hello));
}

void Person::disconnect() {
  if (connection_ == 0) return;
  Parcel goodbye;
  goodbye.kind = Parcel::Kind::Close;
  ground_.network.to_server(std::exchange(connection_, 0), std::move(goodbye));
  synced_ = false;
  behind_since_ = -1;
}

/// Frames before the state are those of a network that reorders; a WebSocket has none.
void Person::hear(ConnectionNumber connection, const Parcel& parcel) {
  if (connection != connection_) return;
  heard_at_ = ground_.timeline.now();
  if (parcel.kind == Parcel::Kind::Close) {
    ground_.trace.event(manner_.name, "is closed", static_cast<std::uint64_t>(parcel.code));
    connection_ = 0;
    synced_ = false;
    behind_since_ = -1;
    return;
  }
  ground_.trace.event(manner_.name, "hears", parcel.bytes);
  answer(parcel.bytes);
}

void Person::answer(ByteSpan frame) {
  const testing::Fields fields = testing::fields_of(frame);
  const std::string mtype = testing::text_of(fields, "mtype");
  if (mtype == "state") {
    if (synced_) return;  // the network made two of it
    synced_ = true;
    resent_at_ = ground_.timeline.now();
  } else if (!synced_) {
    return;
  }
  if (mtype == "sync-status") return compare(frame);
  replica_.hear(frame);
  const std::vector<std::string> offer = replica_.take_offer();
  if (offer.empty()) return;
  Bytes bytes = testing::map_frame("offer", 1);
  MsgWriter out(bytes);
  out.string("ids");
  out.array(static_cast<std::uint32_t>(offer.size()));
  for (const std::string& id : offer) {
    out.string(id);
    ground_.ledger.offered(id);
  }
  send_frame(std::move(bytes));
}

void Person::send(Bytes message) { send_frame(testing::crdt_frame(message)); }

void Person::send_frame(Bytes frame) {
  if (!synced_) return;
  Parcel parcel;
  parcel.bytes = std::move(frame);
  ground_.network.to_server(connection_, std::move(parcel));
}

void Person::tick() {
  ground_.timeline.after(kTick, [this] {
    keep_connection();
    if (synced_) {
      const std::int64_t now = ground_.timeline.now();
      if (now - beat_at_ >= kHeartbeat) heartbeat();
      const bool gap = now - resent_at_ >= kGapPause && replica_.take_gap();
      const bool silent = now - resent_at_ >= kAckTime && replica_.store().unacked_count() > 0;
      if (gap || silent) {
        resent_at_ = now;
        if (gap) replica_.close_gap();
        replica_.resend();
      }
    }
    tick();
  });
}

void Person::keep_connection() {
  const std::int64_t now = ground_.timeline.now();
  if (connection_ == 0) {
    if (now - tried_at_ >= kBackoff) connect();
    return;
  }
  if (!synced_) {
    if (now - tried_at_ >= kStateTime) connect();
    return;
  }
  if (!replica_.behind()) {
    behind_since_ = -1;
  } else if (behind_since_ < 0) {
    behind_since_ = now;
  }
  const bool behind = behind_since_ >= 0 && now - behind_since_ >= kBehind;
  if (behind || now - heard_at_ >= kSilence) connect();
}

void Person::heartbeat() {
  beat_at_ = ground_.timeline.now();
  Bytes frame = testing::map_frame("heartbeat", 3);
  MsgWriter out(frame);
  out.string("client");
  out.string(manner_.name);
  out.string("lt");
  out.number(static_cast<double>(replica_.store().lt()));
  out.string("serverSeq");
  out.number(static_cast<double>(replica_.upto()));
  send_frame(std::move(frame));
  ask_for_digest();
}

void Person::ask_for_digest() {
  Bytes frame = testing::map_frame("sync-check", 1);
  MsgWriter out(frame);
  out.string("requestId");
  out.number(static_cast<double>(++requests_));
  send_frame(std::move(frame));
}

/// Says something only when both sides speak of the same messages. An older disk may reach a
/// known message at a known serverSeq again by another way: then the digest alone shows it.
void Person::compare(ByteSpan frame) {
  const testing::Fields fields = testing::fields_of(frame);
  const testing::Fields status = testing::fields_of(fields.at("status"));
  const auto server_seq = static_cast<std::uint64_t>(testing::number_of(status, "serverSeq"));
  const bool same =
      server_seq == replica_.upto() && replica_.store().unacked_count() == 0 && !replica_.behind();
  if (!same) return;
  checks_++;
  if (testing::text_of(status, "checksum") == server::hex(replica_.store().digest())) {
    agreed_at_ = server_seq;
  } else if (manner_.doubting) {
    replica_.doubt();
    connect();
  } else {
    ground_.ledger.blame(manner_.name + " differs from the server at serverSeq " +
                         std::to_string(server_seq));
  }
}

}  // namespace vuer_rtc::sim
