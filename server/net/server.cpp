#include "net/server.hpp"

#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <csignal>

#include "net/listener.hpp"
#include "net/tls.hpp"

namespace vuer_rtc::net {

struct Server::Parts {
  explicit Parts(const AddressPolicy& policy) : admission(std::make_shared<Admission>(policy)) {}

  void repeat_after(int wait) {
    ticker.expires_after(milliseconds(wait));
    ticker.async_wait([this](error_code error) {
      if (!error) repeat_after(ticking());
    });
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
  Loop loop;
  asio::io_context& context = loop.context();
  asio::signal_set signals{context}, hangups{context};
  Timer ticker{context}, stopper{context}, deadline{context};
  std::shared_ptr<Listener> listener;
  std::function<int()> ticking;
};

Server::Server(const AddressPolicy& policy) : parts_(std::make_unique<Parts>(policy)) {}
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
  parts_->listener = std::make_shared<Listener>(parts_->loop, parts_->admission, application);
  if (!parts_->listener->open({address, port}, error)) {
    fault = host + ":" + std::to_string(port) + ": " + error.message();
    return false;
  }
  parts_->listener->accept();
  return true;
}

std::uint16_t Server::port() const { return parts_->listener->port(); }

void Server::post(std::function<void()> what) { asio::post(parts_->context, std::move(what)); }

void Server::repeat(std::function<int()> what) {
  parts_->ticking = std::move(what);
  parts_->repeat_after(0);
}

void Server::hurry(int wait) {
  const auto soon = std::chrono::steady_clock::now() + milliseconds(wait);
  if (parts_->ticker.expiry() > soon) parts_->repeat_after(wait);
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
  const auto work = asio::make_work_guard(parts_->context);
  parts_->context.run();
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
