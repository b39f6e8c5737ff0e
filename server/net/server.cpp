#include "net/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>

#include "net/listener.hpp"

namespace vuer_rtc::net {

using std::chrono::milliseconds;

struct Server::Loop {
  explicit Loop(const Limits& wanted)
      : limits(wanted), admission(std::make_shared<Admission>(wanted.connections_per_address)) {}

  void repeat_after(int wait) {
    ticker.expires_after(milliseconds(wait));
    ticker.async_wait([this](error_code error) {
      if (!error) repeat_after(ticking());
    });
  }

  void wait_for_signal() {
    signals.async_wait([this](error_code error, int) {
      if (error) return;
      on_signal();
      wait_for_signal();
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

  Limits limits;
  std::shared_ptr<Admission> admission;
  asio::io_context context{1};
  asio::signal_set signals{context};
  asio::steady_timer ticker{context}, stopper{context}, deadline{context};
  std::shared_ptr<Listener> listener;
  std::function<int()> ticking;
  std::function<void()> on_signal;
};

Server::Server(const Limits& limits) : loop_(std::make_unique<Loop>(limits)) {}
/// Kept sessions go before the loop their sockets belong to.
Server::~Server() { loop_->admission->drop_all(); }

bool Server::listen(const std::string& host, std::uint16_t port, Application& application,
                    std::string& fault) {
  error_code error;
  const asio::ip::address address =
      asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
  if (error) {
    fault = host + ": is not an address";
    return false;
  }
  loop_->listener =
      std::make_shared<Listener>(loop_->context, loop_->admission, application, loop_->limits);
  if (!loop_->listener->open({address, port}, error)) {
    fault = host + ":" + std::to_string(port) + ": " + error.message();
    return false;
  }
  loop_->listener->accept();
  return true;
}

std::uint16_t Server::port() const { return loop_->listener->port(); }

void Server::post(std::function<void()> what) { asio::post(loop_->context, std::move(what)); }

void Server::repeat(std::function<int()> what) {
  loop_->ticking = std::move(what);
  loop_->repeat_after(0);
}

void Server::hurry(int wait) {
  const auto soon = std::chrono::steady_clock::now() + milliseconds(wait);
  if (loop_->ticker.expiry() > soon) loop_->repeat_after(wait);
}

void Server::on_signal(std::function<void()> what) {
  loop_->on_signal = std::move(what);
  error_code ignored;
  loop_->signals.add(SIGTERM, ignored);
  loop_->signals.add(SIGINT, ignored);
  loop_->wait_for_signal();
}

void Server::run() {
  const auto work = asio::make_work_guard(loop_->context);
  loop_->context.run();
}

void Server::stop_listening() { loop_->listener->close(); }

void Server::stop(int wait) {
  loop_->stop_when_empty(std::chrono::steady_clock::now() + milliseconds(wait));
}

void Server::stop_at_latest(int wait) {
  loop_->deadline.expires_after(milliseconds(wait));
  loop_->deadline.async_wait([this](error_code error) {
    if (!error) loop_->context.stop();
  });
}

}  // namespace vuer_rtc::net
