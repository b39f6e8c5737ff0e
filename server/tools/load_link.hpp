// One connection of the load client, without a library: the client must cost less than any server
// it measures. Non-blocking; whoever owns it polls. What is sent in one turn leaves in one write.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

struct sockaddr_storage;

namespace vuer_rtc::server {

class LoadLink {
 public:
  enum class State : std::uint8_t { Connecting, Upgrading, Open, Closed };
  /// A message of the server, or the body of its answer in HTTP.
  using Heard = std::function<void(std::string_view)>;

  LoadLink() = default;
  LoadLink(const LoadLink&) = delete;
  LoadLink& operator=(const LoadLink&) = delete;
  ~LoadLink() { close(); }

  /// Begins to connect. An empty target: plain HTTP, no upgrade. False: no socket is to be had.
  bool open(const sockaddr_storage& address, const std::string& host, const std::string& target);
  void close();

  /// The socket may be written to.
  void on_writable();
  /// Reads what is there.
  void on_readable(const Heard& heard);

  /// One message, masked; it leaves with flush().
  void send(std::string_view payload, bool text);
  void send_raw(std::string_view bytes) { outgoing_.append(bytes); }
  void flush();

  State state() const { return state_; }
  int socket() const { return socket_; }
  /// Why it was closed: the server's code, or 0.
  int close_code() const { return close_code_; }
  std::size_t unsent() const { return outgoing_.size(); }

 private:
  void take(std::string_view bytes, const Heard& heard);
  std::size_t take_upgrade(std::string_view bytes);
  std::size_t take_frame(std::string_view bytes, const Heard& heard);
  std::size_t take_response(std::string_view bytes, const Heard& heard);
  void control(int opcode, std::string_view payload);
  void append_frame(int opcode, std::string_view payload);

  int socket_ = -1;
  State state_ = State::Closed;
  bool http_ = false;
  int close_code_ = 0;
  std::string request_;
  std::string outgoing_;  // not written yet
  std::string partial_;   // read, and not whole yet
};

}  // namespace vuer_rtc::server
