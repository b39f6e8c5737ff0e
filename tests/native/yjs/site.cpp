#include "yjs/site.hpp"

#include "yjs/vectors.hpp"

namespace vuer_rtc::yjs {

std::string letter(ClientId client, Clock clock) {
  Writer update;
  update.var_uint(1), update.var_uint(1), update.var_uint(client), update.var_uint(clock);
  if (clock == 0) {
    update.byte(4), update.var_uint(1), update.var_string("t");
  } else {
    update.byte(0x84), update.var_uint(client), update.var_uint(clock - 1);
  }
  update.var_string("x");
  update.var_uint(0);
  return to_hex(sync_message(Sync::Update, update.view()));
}

std::string vector_at(ClientId client, Clock clock) {
  StateVector vector;
  vector.set(client, clock);
  return to_hex(sync_message(Sync::Step1, vector.write()));
}

std::string FakePeer::next() {
  if (heard.empty()) return {};
  const Heard first = std::move(heard.front());
  heard.pop_front();
  if (first.text) return first.bytes;
  const auto* data = reinterpret_cast<const std::uint8_t*>(first.bytes.data());
  return to_hex({data, first.bytes.size()});
}

void FakeDisk::answer(std::function<void()> what) {
  holds ? held_.push_back(std::move(what)) : post_(std::move(what));
}

void FakeDisk::release() {
  for (; !held_.empty(); held_.pop_front()) post_(std::move(held_.front()));
}

void FakeDisk::load(const std::string& room, std::function<void(std::optional<Stored>)> done) {
  std::optional<Stored> stored;
  if (!fails) stored = rooms[room];
  answer([stored, done = std::move(done)] { done(stored); });
}

void FakeDisk::write(const std::string& room, Write write, std::function<void(bool)> done) {
  answer([this, room, write = std::move(write), done = std::move(done)] {
    if (fails) return done(false);
    Stored& stored = rooms[room];
    for (const Slice& entry : write.entries) {
      const ByteSpan bytes = entry.view();
      stored.entries.emplace_back(bytes.begin(), bytes.end());
    }
    if (write.snapshot) {
      const ByteSpan bytes = write.snapshot->view();
      stored = {{bytes.begin(), bytes.end()}, {}};
      snapshots++;
    }
    done(true);
  });
}

void FakeDisk::set_aside(const std::string& room, std::vector<Bytes> entries,
                         std::function<void(bool)> done) {
  answer([this, room, entries = std::move(entries), done = std::move(done)] {
    if (!fails) aside[room] = entries;
    done(!fails);
  });
}

void FakeDisk::probe(std::function<void(bool)> done) {
  answer([this, done = std::move(done)] { done(!fails); });
}

Site::Site(const HostOptions& options)
    : disk([this](std::function<void()> what) { posted_.push_back(std::move(what)); }),
      host(std::make_unique<Host>(disk, options, services())),
      options_(options) {}

Pass Site::pass(bool may_write) {
  return {[may_write](const std::string&) { return std::optional(may_write); }, 1'000'000'000};
}

HostServices Site::services() {
  HostServices services;
  services.steady_clock = services.wall_clock = [this] { return now; };
  services.new_name = [] { return std::string("name"); };
  services.check_token = [](std::string_view token) {
    return token == "bad" ? std::nullopt : std::optional(pass(token != "read"));
  };
  services.post = [this](std::function<void()> what) { posted_.push_back(std::move(what)); };
  services.log = [this](std::string_view event, std::string_view, std::string_view detail) {
    events.push_back(std::string(event) + " " + std::string(detail));
  };
  services.count = [this](const RoomFigures& one) { figures.push_back(one); };
  return services;
}

ConnectionId Site::open(const std::string& room, FakePeer& peer, bool echo, bool may_write) {
  const ConnectionId id = host->connect(room, pass(may_write), echo, peer);
  run();
  return id;
}

ConnectionId Site::open_zeal(FakePeer& peer) { return host->connect_zeal(pass(true), peer); }

void Site::say(ConnectionId id, const std::string& hex) {
  const Bytes bytes = from_hex(hex);
  host->frame(id, as_text(bytes), false);
  run();
}

void Site::say_text(ConnectionId id, const std::string& text) {
  host->frame(id, text, true);
  run();
}

void Site::drop(ConnectionId id) {
  host->gone(id);
  run();
}

void Site::advance(std::int64_t milliseconds) {
  now += milliseconds;
  host->tick();
  run();
}

void Site::run() {
  while (!posted_.empty()) {
    const std::function<void()> what = std::move(posted_.front());
    posted_.pop_front();
    what();
  }
}

void Site::restart() {
  posted_.clear();
  host = std::make_unique<Host>(disk, options_, services());
}

}  // namespace vuer_rtc::yjs
