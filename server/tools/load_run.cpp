#include "tools/load_run.hpp"

#include <netdb.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <ctime>
#include <deque>
#include <memory>

#include "tools/load_dialect.hpp"
#include "tools/load_link.hpp"

namespace vuer_rtc::server {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMostConnecting = 128;
constexpr std::int64_t kConnectTime = 60 * kSecond;
constexpr std::int64_t kSettleTime = kSecond / 2;
constexpr std::int64_t kDrainTime = 5 * kSecond;
constexpr std::size_t kMostSamples = 4000;
constexpr std::size_t kMostUnsent = 1 << 20;  // bytes a sender may be ahead of its socket

std::int64_t clock_of(clockid_t which) {
  timespec time{};
  clock_gettime(which, &time);
  return time.tv_sec * kSecond + time.tv_nsec;
}

std::int64_t steady_now() { return clock_of(CLOCK_MONOTONIC); }

struct RoomLoad {
  std::uint64_t lt = 0;
  std::int64_t answers = 0;  // that one message leads to: acks and deliveries
  std::int64_t pending = 0;  // of them not here yet
};

struct Client {
  LoadLink link;
  LoadVoice voice;
  RoomLoad* room = nullptr;
  bool sends = false, ready = false, greeted = false;
  std::int64_t due = 0;           // of the next message
  std::deque<std::int64_t> sent;  // times of messages without ack
};

class Run {
 public:
  Run(const LoadPlan& plan, const std::function<void(const std::string&)>& progress)
      : plan_(plan), progress_(progress), dialect_(make_dialect(plan)), poll_(epoll_create1(0)) {}
  ~Run() { ::close(poll_); }

  Result<LoadFigures> run();

 private:
  bool find_address();
  void make_clients();
  bool connect_all();
  void measure();
  void drain();
  void turn(std::int64_t until);
  void on_event(Client& client, std::uint32_t events);
  void hear(Client& client, std::string_view frame);
  void connect(Client& client);
  void greet(Client& client);
  void lost(Client& client);
  void send_due(std::int64_t now);
  bool may_send(const Client& client, std::int64_t now) const;
  void send(Client& client, std::int64_t now);
  void churn(std::int64_t now);
  void sample(std::int64_t now);

  const LoadPlan& plan_;
  const std::function<void(const std::string&)>& progress_;
  std::unique_ptr<LoadDialect> dialect_;
  int poll_;
  sockaddr_storage address_{};
  std::vector<RoomLoad> rooms_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<Client*> senders_, receivers_, unsent_;
  std::int64_t connecting_ = 0, ready_ = 0;
  bool sending_ = false, measuring_ = false;
  std::vector<std::int64_t> stamps_;  // of the frame at hand
  std::uint64_t all_sent_ = 0;
  std::int64_t began_ = 0, sampled_at_ = 0, churned_at_ = 0;
  std::size_t next_churn_ = 0;
  LoadFigures figures_;
};

bool Run::find_address() {
  addrinfo* found = nullptr;
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  const std::string port = std::to_string(plan_.port);
  if (getaddrinfo(plan_.host.c_str(), port.c_str(), &wanted, &found) != 0) return false;
  std::memcpy(&address_, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  return true;
}

void Run::make_clients() {
  // Names of its own, so that a second run meets no ids of the first.
  const std::string run = std::to_string(clock_of(CLOCK_REALTIME) / 1'000'000 % 1'000'000'000);
  rooms_.resize(static_cast<std::size_t>(plan_.rooms));
  for (std::int64_t i = 0; i < plan_.connections; ++i) {
    auto client = std::make_unique<Client>();
    const auto room = static_cast<std::size_t>(i % plan_.rooms);
    client->room = &rooms_[room];
    client->voice.room = "load-" + std::to_string(room);
    client->voice.client = "l" + run + "-" + std::to_string(i);
    client->voice.lt = &client->room->lt;
    client->sends = i / plan_.rooms < plan_.senders;
    const bool is_http = dialect_->target(client->voice).empty();
    client->room->answers += is_http ? 0 : 1;
    (client->sends ? senders_ : receivers_).push_back(client.get());
    clients_.push_back(std::move(client));
  }
  const int own = (dialect_->acknowledges() ? 1 : 0) + (dialect_->echoes() ? 1 : 0);
  for (RoomLoad& room : rooms_) room.answers = std::max<std::int64_t>(room.answers - 1, 0) + own;
}

void Run::connect(Client& client) {
  client.ready = client.greeted = false;
  if (!client.link.open(address_, plan_.host, dialect_->target(client.voice))) return;
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT;
  event.data.ptr = &client;
  epoll_ctl(poll_, EPOLL_CTL_ADD, client.link.socket(), &event);
  ++connecting_;
}

void Run::greet(Client& client) {
  client.greeted = true;
  --connecting_;
  if (const std::string hello = dialect_->hello(client.voice); !hello.empty())
    client.link.send(hello, dialect_->is_text());
  if (dialect_->waits()) return;
  client.ready = true;
  ++ready_;
}

/// Its unanswered messages stay pending: they count as lost.
void Run::lost(Client& client) {
  if (!client.greeted) --connecting_;
  if (client.ready) --ready_;
  client.ready = false;
  client.greeted = true;
  ++figures_.closed[client.link.close_code()];
}

void Run::on_event(Client& client, std::uint32_t events) {
  using State = LoadLink::State;
  if (client.link.state() == State::Closed) return;
  if ((events & EPOLLOUT) != 0) {
    client.link.on_writable();
    if (client.link.unsent() == 0 && client.link.state() != State::Connecting) {
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = &client;
      epoll_ctl(poll_, EPOLL_CTL_MOD, client.link.socket(), &event);
    }
  }
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
    client.link.on_readable([&](std::string_view frame) { hear(client, frame); });
  if (client.link.state() == State::Open && !client.greeted) greet(client);
  if (client.link.unsent() != 0) client.link.flush();  // a hello, or a pong
  if (client.link.state() == State::Closed) lost(client);
}

void Run::hear(Client& client, std::string_view frame) {
  figures_.bytes_heard += frame.size();
  switch (dialect_->hear(frame, stamps_)) {
    case Hearing::Delivery:
      client.room->pending -= static_cast<std::int64_t>(stamps_.size());
      if (!measuring_) return;
      figures_.delivered += stamps_.size();
      for (const std::int64_t sent : stamps_) figures_.deliveries.add(steady_now() - sent);
      return;
    case Hearing::Fault:
      ++figures_.faults;
      [[fallthrough]];
    case Hearing::Ack:
      --client.room->pending;
      if (client.sent.empty()) return;
      if (measuring_) {
        ++figures_.acknowledged;
        figures_.acks.add(steady_now() - client.sent.front());
      }
      return client.sent.pop_front();
    case Hearing::Ready:
      ready_ += client.ready ? 0 : 1;
      client.ready = true;
      return;
    default:
      return;
  }
}

/// Handles what comes until `until`, or the first things that come.
void Run::turn(std::int64_t until) {
  std::array<epoll_event, 512> events;
  const std::int64_t left = std::clamp<std::int64_t>(until - steady_now(), 0, kSecond);
  const timespec wait{left / kSecond, left % kSecond};
  const int count = epoll_pwait2(poll_, events.data(), events.size(), &wait, nullptr);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    on_event(*static_cast<Client*>(event.data.ptr), event.events);
  }
  const std::int64_t now = steady_now();
  if (sending_) send_due(now);
  std::erase_if(unsent_, [](Client* client) {
    client->link.flush();
    return client->link.unsent() == 0;
  });
  sample(now);
}

bool Run::may_send(const Client& client, std::int64_t now) const {
  if (!client.ready || client.link.unsent() > kMostUnsent) return false;
  if (plan_.messages != 0 && all_sent_ >= static_cast<std::uint64_t>(plan_.messages)) return false;
  if (plan_.rate != 0) return client.due <= now;
  return client.room->pending + client.room->answers <=
         plan_.window * std::max<std::int64_t>(client.room->answers, 1);
}

void Run::send(Client& client, std::int64_t now) {
  const std::string message = dialect_->message(client.voice, steady_now());
  if (client.link.unsent() == 0) unsent_.push_back(&client);
  if (dialect_->target(client.voice).empty()) {
    client.link.send_raw(message);
  } else {
    client.link.send(message, dialect_->is_text());
  }
  client.room->pending += client.room->answers;
  if (dialect_->acknowledges()) client.sent.push_back(steady_now());
  ++all_sent_;
  if (!measuring_) return;
  ++figures_.sent;
  if (plan_.rate != 0) figures_.late.add(now - client.due);
}

void Run::send_due(std::int64_t now) {
  // One each at a time, so that the senders of a room share its window.
  for (bool any = true; any;) {
    any = false;
    for (Client* const client : senders_) {
      if (!may_send(*client, now)) continue;
      send(*client, now);
      if (plan_.rate != 0) client->due += kSecond / plan_.rate;
      any = true;
    }
  }
}

void Run::churn(std::int64_t now) {
  if (plan_.churn == 0 || receivers_.empty()) return;
  for (; churned_at_ <= now; churned_at_ += kSecond / plan_.churn) {
    Client& client = *receivers_[next_churn_++ % receivers_.size()];
    if (client.link.state() != LoadLink::State::Closed) {
      if (!client.greeted) --connecting_;
      if (client.ready) --ready_;
    }
    client.link.close();
    connect(client);
    ++figures_.churned;
  }
}

void Run::sample(std::int64_t now) {
  if (now - sampled_at_ < kSecond) return;
  sampled_at_ = now;
  if (!measuring_) return;
  const double at = static_cast<double>(now - began_) / kSecond;
  if (plan_.pid != 0 && figures_.samples.size() < kMostSamples)
    figures_.samples.push_back({at, read_process(plan_.pid)});
  progress_(std::to_string(static_cast<int>(at)) + " s: " + std::to_string(ready_) +
            " connections, " + std::to_string(figures_.sent) + " sent, " +
            std::to_string(figures_.delivered) + " delivered");
}

bool Run::connect_all() {
  const std::int64_t start = steady_now();
  std::size_t next = 0;
  while (ready_ < plan_.connections && steady_now() - start < kConnectTime &&
         figures_.closed.empty()) {
    const std::int64_t now = steady_now();
    const auto allowed =
        plan_.connect_rate == 0
            ? clients_.size()
            : static_cast<std::size_t>((now - start) * plan_.connect_rate / kSecond);
    while (next < std::min(allowed + 1, clients_.size()) && connecting_ < kMostConnecting)
      connect(*clients_[next++]);
    turn(steady_now() + kSecond / 100);
  }
  figures_.connected = ready_;
  figures_.connect_seconds = static_cast<double>(steady_now() - start) / kSecond;
  return ready_ == plan_.connections;
}

void Run::measure() {
  sending_ = true;
  const std::int64_t start = steady_now();
  for (std::size_t i = 0; i < senders_.size() && plan_.rate != 0; ++i) {
    const auto turn_of = static_cast<std::int64_t>(i * kSecond / senders_.size());
    senders_[i]->due = start + turn_of / plan_.rate;  // spread evenly over their interval
  }
  const auto next_due = [&](std::int64_t end) {
    std::int64_t due = std::min(end, steady_now() + kSecond / 100);
    if (plan_.rate != 0) {
      for (const Client* const client : senders_) due = std::min(due, client->due);
    }
    return due;
  };
  const std::int64_t warm = start + plan_.warm_up * kSecond;
  while (steady_now() < warm) turn(next_due(warm));
  began_ = churned_at_ = steady_now();
  measuring_ = true;
  const std::int64_t own_cpu = clock_of(CLOCK_PROCESS_CPUTIME_ID);
  const double server_cpu = read_process(plan_.pid).cpu_seconds;
  const std::int64_t end = began_ + plan_.seconds * kSecond;
  const auto is_done = [&] {
    return plan_.messages != 0 && all_sent_ >= static_cast<std::uint64_t>(plan_.messages) &&
           std::all_of(rooms_.begin(), rooms_.end(), [](auto& room) { return room.pending <= 0; });
  };
  while (steady_now() < end && !is_done()) {
    turn(next_due(end));
    churn(steady_now());
  }
  figures_.seconds = static_cast<double>(steady_now() - began_) / kSecond;
  const auto used = static_cast<double>(clock_of(CLOCK_PROCESS_CPUTIME_ID) - own_cpu);
  figures_.own_cpu = used / kSecond / figures_.seconds;
  figures_.server_cpu_seconds = read_process(plan_.pid).cpu_seconds - server_cpu;
  measuring_ = sending_ = false;
}

/// Who comes and goes misses what was sent in between, so then nothing can be called lost.
void Run::drain() {
  const auto pending = [&] {
    std::int64_t sum = 0;
    for (const RoomLoad& room : rooms_) sum += std::max<std::int64_t>(room.pending, 0);
    return sum;
  };
  const std::int64_t end = steady_now() + kDrainTime;
  while (plan_.churn == 0 && pending() > 0 && steady_now() < end)
    turn(steady_now() + kSecond / 100);
  if (plan_.churn == 0) figures_.lost = static_cast<std::uint64_t>(pending());
}

Result<LoadFigures> Run::run() {
  if (!find_address()) return make_error(ErrorCode::BadOperation, plan_.host + ": has no address");
  make_clients();
  figures_.before = read_process(plan_.pid);
  if (!connect_all() && ready_ == 0) {
    const int code = figures_.closed.empty() ? 0 : figures_.closed.begin()->first;
    return make_error(ErrorCode::BadOperation,
                      "no connection was opened; the server said " + std::to_string(code));
  }
  const std::int64_t settled = steady_now() + kSettleTime;
  while (steady_now() < settled) turn(settled);
  figures_.idle = read_process(plan_.pid);
  measure();
  drain();
  figures_.after = read_process(plan_.pid);
  return std::move(figures_);
}

}  // namespace

Result<LoadFigures> run_load(const LoadPlan& plan,
                             const std::function<void(const std::string&)>& progress) {
  return Run(plan, progress).run();
}

bool is_bottleneck(const LoadFigures& figures) {
  constexpr double kBusy = 0.9;  // of a core
  constexpr double kLate = 5;    // milliseconds behind the schedule
  return figures.own_cpu > kBusy || figures.late.percentile(0.99) > kLate;
}

}  // namespace vuer_rtc::server
