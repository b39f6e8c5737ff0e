#include "net/server.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <csignal>
#include <thread>
#include <vector>

#include "net/listener.hpp"
#include "net/tls.hpp"

namespace vuer_rtc::net {

namespace {

/// What is done on a loop again and again.
struct Ticker {
  explicit Ticker(Loop& loop) : timer(loop.context()) {}
  void repeat_after(int wait) {
    timer.expires_after(milliseconds(wait));
    timer.async_wait([this](error_code error) {
      if (!error) repeat_after(what());
    });
  }
  Timer timer;
  std::function<int()> what;
};

Loops make_loops(std::size_t count) {
  Loops loops;
  for (std::size_t i = 0; i < count; ++i) loops.push_back(std::make_unique<Loop>());
  return loops;
}

}  // namespace

struct Server::Parts {
  Parts(const AddressPolicy& policy, std::size_t count)
      : admission(std::make_shared<Admission>(policy)), loops(make_loops(count)) {
    for (const auto& loop : loops) tickers.push_back(std::make_unique<Ticker>(*loop));
  }
  /// What waits on a later loop may hold a session of the first one.
  ~Parts() {
    while (loops.size() > 1) {
      tickers.pop_back();
      loops.pop_back();
    }
  }

  /// Calls `what` at each of these signals, again and again.
  void wait_for(asio::signal_set& set, std::function<void()> what) {
    set.async_wait([this, &set, what = std::move(what)](error_code error, int) {
      if (error) return;
      what();
      wait_for(set, what);
    });
  }

  void stop_when_empty(std::chrono::steady_clock::time_point deadline) {
    if (admission->busy() == 0 || std::chrono::steady_clock::now() >= deadline)
      return context.stop();
    stopper.expires_after(milliseconds(10));
    stopper.async_wait([this, deadline](error_code error) {
      if (!error) stop_when_empty(deadline);
    });
  }

  std::shared_ptr<Admission> admission;
  Loops loops;
  std::vector<std::unique_ptr<Ticker>> tickers;
  asio::io_context& context = loops.front()->context();
  asio::signal_set signals{context}, hangups{context};
  Timer stopper{context}, deadline{context};
  std::shared_ptr<Listener> listener;
};

Server::Server(const AddressPolicy& policy, std::size_t loops)
    : parts_(std::make_unique<Parts>(policy, loops)) {}
Server::~Server() = default;

bool Server::listen(const std::string& host, std::uint16_t port, Application& application,
                    std::string& fault) {
  error_code error;
  const asio::ip::address address =
      asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
  if (error) {
    fault = host + ": is not an address";
    return false;
  }
  parts_->listener = std::make_shared<Listener>(parts_->loops, parts_->admission, application);
  if (!parts_->listener->open({address, port}, error)) {
    fault = host + ":" + std::to_string(port) + ": " + error.message();
    return false;
  }
  parts_->listener->accept();
  return true;
}

std::uint16_t Server::port() const { return parts_->listener->port(); }

std::size_t Server::loop_count() const { return parts_->loops.size(); }

void Server::post(std::function<void()> what, std::size_t loop) {
  asio::post(parts_->loops[loop]->context(), std::move(what));
}

void Server::dispatch(std::function<void()> what, std::size_t loop) {
  asio::dispatch(parts_->loops[loop]->context(), std::move(what));
}

void Server::repeat(std::function<int()> what, std::size_t loop) {
  parts_->tickers[loop]->what = std::move(what);
  parts_->tickers[loop]->repeat_after(0);
}

void Server::hurry(int wait, std::size_t loop) {
  Ticker& ticker = *parts_->tickers[loop];
  const auto soon = std::chrono::steady_clock::now() + milliseconds(wait);
  if (ticker.timer.expiry() > soon) ticker.repeat_after(wait);
}

bool Server::use_tls(const std::string& certificate_file, const std::string& key_file,
                     std::string& fault) {
  auto context = make_tls(certificate_file, key_file, fault);
  if (!context) return false;
  parts_->listener->use_tls(std::move(context));
  return true;
}

void Server::on_signal(std::function<void()> what) {
  error_code ignored;
  parts_->signals.add(SIGTERM, ignored);
  parts_->signals.add(SIGINT, ignored);
  parts_->wait_for(parts_->signals, std::move(what));
}

void Server::on_hangup(std::function<void()> what) {
  error_code ignored;
  parts_->hangups.add(SIGHUP, ignored);
  parts_->wait_for(parts_->hangups, std::move(what));
}

void Server::run() {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets itself
  std::vector<asio::executor_work_guard<Executor>> work;
  for (const auto& loop : parts_->loops) work.emplace_back(loop->context().get_executor());
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < parts_->loops.size(); ++i)
    threads.emplace_back([&context = parts_->loops[i]->context()] { context.run(); });
  parts_->context.run();
  for (const auto& loop : parts_->loops) loop->context().stop();
  for (std::thread& thread : threads) thread.join();
}

void Server::stop_listening() { parts_->listener->close(); }

void Server::stop(int wait) {
  parts_->stop_when_empty(std::chrono::steady_clock::now() + milliseconds(wait));
}

void Server::stop_at_latest(int wait) {
  parts_->deadline.expires_after(milliseconds(wait));
  parts_->deadline.async_wait([this](error_code error) {
    if (!error) parts_->context.stop();
  });
}

}  // namespace vuer_rtc::net
