// Hosts with disks in memory, on one bus: the instances of a service as they find each other.
#include "protocol/table/host.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <nlohmann/json.hpp>

#include "table/desk.hpp"

using namespace vuer_rtc::table;
namespace net = vuer_rtc::net;
using nlohmann::json;

namespace {

using Queue = std::deque<std::function<void()>>;

/// A connection that remembers what it was sent.
struct Listener final : net::Peer {
  void send(net::Outgoing message) override { heard.push_back(json::parse(message.bytes)); }
  void close(int code, std::string_view) override { closed = code; }
  std::size_t waiting() const override { return 0; }
  void resume_reading() override {}
  bool has_heard(const std::string& value) const {
    return std::any_of(heard.begin(), heard.end(), [&](const json& one) {
      return one["type"] == "update" && one.dump().find('"' + value + '"') != std::string::npos;
    });
  }
  std::vector<json> heard;
  int closed = 0;
};

/// Channels as they were committed. Answers come in a later turn.
class MemoryDisk final : public Disk {
 public:
  MemoryDisk(Queue& queue, SitePair site) : queue_(queue), site_(std::move(site)) {}
  void load(const std::string& channel, std::function<void(std::optional<Stored>)> done) override {
    queue_.push_back([this, channel, done] { done(kept(channel).load()); });
  }
  void write(const std::string& channel, Write write, std::function<void(bool)> done) override {
    queue_.push_back([this, channel, write = std::move(write), done] {
      if (!fails) kept(channel).apply(write);
      done(!fails);
    });
  }
  void forget(const std::string&) override {}
  bool fails = false;

 private:
  Kept& kept(const std::string& channel) {
    return channels_.try_emplace(channel, site_).first->second;
  }
  Queue& queue_;
  SitePair site_;
  std::map<std::string, Kept> channels_;
};

struct Instance {
  Instance(Queue& queue, Bus& bus, const char* node, SitePair site)
      : disk(queue, std::move(site)), host(disk, options(node), services(queue, bus)) {}

  static HostOptions options(const char* node) {
    HostOptions options;
    options.channel.node = node;
    return options;
  }
  static HostServices services(Queue& queue, Bus& bus) {
    HostServices services;
    services.steady_clock = services.wall_clock = [] { return std::int64_t{0}; };
    services.post = [&queue](std::function<void()> what) { queue.push_back(std::move(what)); };
    services.log = [](std::string_view, std::string_view, std::string_view) {};
    services.count = [](const ChannelFigures&) {};
    services.bus = &bus;
    return services;
  }
  ConnectionId join(Listener& listener) { return host.connect("c", {true, false, 1}, listener); }

  MemoryDisk disk;
  Host host;
};

/// Two instances, and what was published by either.
struct Service {
  Service() {
    bus.listen([this](bool is_request, const std::string&) { requests += is_request; });
    bus.listen([this](bool is_request, const std::string&) { updates += !is_request; });
  }
  void run() {
    while (!queue.empty()) {
      const auto what = std::move(queue.front());
      queue.pop_front();
      what();
    }
  }
  void write(Instance& instance, ConnectionId from, const char* value) {
    const json change = {"todos", "[1]", "title", value, 1, 1, "aaaaaaaaaaaaaaaa", 1, 0};
    const json message = {{"type", "update"},
                          {"changes", json::array({change})},
                          {"version", 1},
                          {"siteId", "aaaaaaaaaaaaaaaa"},
                          {"channel", "c"}};
    instance.host.frame(from, message.dump(), true);
    run();
  }
  void pull(Instance& instance, ConnectionId from) {
    instance.host.frame(
        from, R"({"type":"pull","version":0,"siteId":"bbbbbbbbbbbbbbbb","channel":"c"})", true);
    run();
  }

  Queue queue;
  ProcessBus bus{[this](std::function<void()> what) { queue.push_back(std::move(what)); }};
  Instance one{queue, bus, "n1", {"0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F01", "server-site-0001"}};
  Instance two{queue, bus, "n2", {"0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F02", "server-site-0002"}};
  int updates = 0, requests = 0;
};

}  // namespace

TEST_CASE("host_tells_other_instances_what_was_won_and_they_keep_it") {
  CHECK(std::string(kUpdates) == "crdt-updates");
  Service service;
  Listener writer, reader, late;
  const ConnectionId from = service.one.join(writer);
  const ConnectionId there = service.two.join(reader);
  service.run();
  service.write(service.one, from, "milk");
  CHECK(service.updates == 1);
  CHECK(reader.has_heard("milk"));
  CHECK_FALSE(writer.has_heard("milk"));

  service.two.host.gone(there);
  const ConnectionId again = service.two.join(late);
  service.run();
  service.pull(service.two, again);
  CHECK(late.has_heard("milk"));
}

TEST_CASE("host_asks_for_what_was_published_while_its_channel_was_closed") {
  Service service;
  Listener writer, reader;
  const ConnectionId from = service.one.join(writer);
  service.run();
  service.write(service.one, from, "milk");
  const ConnectionId there = service.two.join(reader);
  service.run();
  service.pull(service.two, there);
  CHECK(reader.has_heard("milk"));
  CHECK(service.requests > 0);
}

TEST_CASE("host_publishes_nothing_that_its_disk_refused") {
  Service service;
  Listener writer, reader;
  const ConnectionId from = service.one.join(writer);
  service.two.join(reader);
  service.run();
  service.one.disk.fails = true;
  service.write(service.one, from, "milk");
  CHECK(service.updates == 0);
  CHECK_FALSE(reader.has_heard("milk"));
  CHECK(writer.heard.back()["code"] == "storage");
  CHECK(writer.closed != 0);
  CHECK(service.one.host.storage_fails());
}
