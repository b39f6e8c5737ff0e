#include "sim/server_process.hpp"

#include <utility>

#include "sim/session.hpp"

namespace vuer_rtc::sim {
namespace {

constexpr std::int64_t kFastTick = 33, kSlowTick = 250;  // milliseconds, as the program has them
constexpr std::int64_t kRestartTime = 1000;

}  // namespace

/// What ends with the process.
struct ServerProcess::Life {
  std::unique_ptr<server::StoreQueue> queue;
  std::unique_ptr<server::RoomHost> host;
  std::map<ConnectionNumber, std::unique_ptr<Session>> sessions;
  bool store_scheduled = false;
};

ServerProcess::ServerProcess(const Ground& ground, const ProcessOptions& options, OpenStore open,
                             std::uint32_t seed)
    : ground_(ground), options_(options), open_(std::move(open)), random_(seed) {
  ground_.network.set_server(
      [this](ConnectionNumber connection, const Parcel& parcel) { arrive(connection, parcel); });
}

ServerProcess::~ServerProcess() = default;

server::Now ServerProcess::now() const {
  const std::int64_t steady = ground_.timeline.now();
  return {steady, options_.wall + steady + skew_};
}

void ServerProcess::later(std::int64_t delay, std::function<void()> what) {
  ground_.timeline.after(delay, [life = std::weak_ptr<Life>(life_), what = std::move(what)] {
    if (const auto alive = life.lock()) what();
  });
}

void ServerProcess::start() {
  if (life_) return;
  std::unique_ptr<server::LogStore> store = open_();
  if (!store) {
    ground_.trace.event("server", "cannot start");
    after_store_();
    ground_.timeline.after(kRestartTime, [this] { start(); });
    return;
  }
  ground_.trace.event("server", "starts");
  life_ = std::make_shared<Life>();
  const server::Post post = [this](std::function<void()> what) { later(0, std::move(what)); };
  life_->queue =
      std::make_unique<server::StoreQueue>(std::move(store), post, [this] { wake_store(); });
  server::HostServices services;
  services.clock = [this] { return now(); };
  services.new_epoch = [this] { return "epoch-" + std::to_string(++epochs_); };
  services.tick_soon = [this] { tick_later(kFastTick); };
  services.check_token = [](std::string_view, std::int64_t) -> Result<server::Grant> {
    return make_error(ErrorCode::Forbidden, "there are no tokens here");
  };
  services.post = post;
  life_->host = std::make_unique<server::RoomHost>(*life_->queue, options_.host, services);
  tick_later(kSlowTick);
  after_store_();
}

void ServerProcess::kill() {
  if (!life_) return;
  ground_.trace.event("server", "ends");
  life_.reset();
}

void ServerProcess::tick_later(std::int64_t delay) {
  later(delay, [this, delay] {
    life_->host->tick();
    if (delay == kSlowTick) tick_later(kSlowTick);
  });
}

/// The store's thread is a turn of the timeline: what is asked for until then goes together.
void ServerProcess::wake_store() {
  if (std::exchange(life_->store_scheduled, true)) return;
  const auto time = random_.below(static_cast<std::uint32_t>(options_.most_disk_time) + 1);
  later(time, [this] {
    life_->store_scheduled = false;
    life_->queue->run();
    after_store_();
  });
}

void ServerProcess::arrive(ConnectionNumber connection, const Parcel& parcel) {
  if (!life_) return;
  const auto at = life_->sessions.find(connection);
  if (parcel.kind == Parcel::Kind::Hello) {
    if (at != life_->sessions.end()) return;  // the network made two of it
    Session::Pace pace{options_.queue_bytes, options_.queue_frames, slow_[parcel.join.client]};
    auto& session = life_->sessions[connection];
    session = std::make_unique<Session>(
        ground_, *life_->host, connection, pace,
        [this](std::int64_t delay, std::function<void()> what) { later(delay, std::move(what)); });
    session->begin(parcel.join);
  } else if (at != life_->sessions.end()) {
    at->second->hear(parcel);
  } else {
    ground_.network.to_person(connection, {Parcel::Kind::Close, {}, false, {}, 0});  // a reset
  }
}

void ServerProcess::hurry_readers() {
  slow_.clear();
  if (!life_) return;
  for (const auto& [connection, session] : life_->sessions) session->hurry();
}

void ServerProcess::with_room(std::function<void(server::Room*)> question) {
  if (!life_) return question(nullptr);
  life_->host->with_room(kRoom, [question = std::move(question)](Result<server::Room*> room) {
    question(room.ok() ? *room : nullptr);
  });
}

}  // namespace vuer_rtc::sim
