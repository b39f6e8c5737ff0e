// What instances tell each other (table endpoint specification, section 12): texts published under
// two names reach everybody, the publisher too. This one joins the instances of one process.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace vuer_rtc::table {

inline constexpr const char* kUpdates = "crdt-updates";
inline constexpr const char* kRequests = "crdt-requests";

class Bus {
 public:
  using Listener = std::function<void(bool is_request, const std::string& text)>;
  virtual ~Bus() = default;
  virtual void listen(Listener listener) = 0;
  virtual void publish(const std::string& topic, std::string text) = 0;
};

class ProcessBus final : public Bus {
 public:
  explicit ProcessBus(std::function<void(std::function<void()>)> post) : post_(std::move(post)) {}
  void listen(Listener listener) override { listeners_.push_back(std::move(listener)); }
  void publish(const std::string& topic, std::string text) override {
    for (const Listener& listener : listeners_)
      post_([listener, is_request = topic == kRequests, text] { listener(is_request, text); });
  }

 private:
  std::function<void(std::function<void()>)> post_;
  std::vector<Listener> listeners_;
};

}  // namespace vuer_rtc::table
