// How many connections there are, per address and with something to do; a ticket counts one while
// it lives.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

namespace vuer_rtc::net {

class Admission : public std::enable_shared_from_this<Admission> {
 public:
  class Ticket {
   public:
    Ticket(std::shared_ptr<Admission> admission, std::string address)
        : admission_(std::move(admission)), address_(std::move(address)) {}
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    ~Ticket() {
      set_busy(false);
      admission_->leave(address_);
    }
    Admission& admission() { return *admission_; }
    /// A connection that only waits for its next request is not busy.
    void set_busy(bool busy) {
      if (busy != busy_) admission_->busy_ += busy ? 1 : -1;
      busy_ = busy;
    }

   private:
    bool busy_ = false;
    std::shared_ptr<Admission> admission_;
    std::string address_;
  };

  /// Keeps a session that may have no operation under way (it is not read on, for a while) until it
  /// is dropped.
  void keep(std::shared_ptr<void> session) { kept_.insert(std::move(session)); }
  void drop(const std::shared_ptr<void>& session) { kept_.erase(session); }
  void drop_all() { kept_.clear(); }

  explicit Admission(std::size_t per_address) : per_address_(per_address) {}

  /// Null when the address has enough.
  std::shared_ptr<Ticket> enter(const std::string& address) {
    std::size_t& count = counts_[address];
    if (per_address_ != 0 && count >= per_address_) return nullptr;
    ++count;
    return std::make_shared<Ticket>(shared_from_this(), address);
  }
  std::size_t busy() const { return busy_; }

 private:
  void leave(const std::string& address) {
    const auto at = counts_.find(address);
    if (--at->second == 0) counts_.erase(at);
  }
  std::size_t per_address_;
  std::size_t busy_ = 0;
  std::set<std::shared_ptr<void>> kept_;
  std::map<std::string, std::size_t> counts_;
};

}  // namespace vuer_rtc::net
