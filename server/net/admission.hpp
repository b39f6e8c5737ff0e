// How many connections and handshakes there are per address, and how many have something to do; a
// ticket counts one connection while it lives. Tickets are used on the loops of their connections.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "net/rate.hpp"

namespace vuer_rtc::net {

class Admission : public std::enable_shared_from_this<Admission> {
 public:
  class Ticket {
   public:
    Ticket(std::shared_ptr<Admission> admission, std::string address)
        : admission_(std::move(admission)), address_(std::move(address)) {}
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    ~Ticket() { admission_->leave(address_, busy_); }
    /// 0, or the milliseconds its address has to wait before the next handshake.
    std::int64_t handshake(std::int64_t now) { return admission_->handshake(address_, now); }
    /// 0, or the milliseconds its address has to wait for having sent too much that is malformed.
    std::int64_t banned(std::int64_t now) { return admission_->banned(address_, now); }
    void blame(std::int64_t now) { admission_->blame(address_, now); }
    /// A connection that only waits for its next request is not busy.
    void set_busy(bool busy) {
      if (std::exchange(busy_, busy) != busy) admission_->busy_ += busy ? 1 : -1;
    }

   private:
    bool busy_ = false;
    std::shared_ptr<Admission> admission_;
    std::string address_;
  };

  explicit Admission(AddressPolicy policy) : policy_(policy) {}

  /// Null when the address has enough.
  std::unique_ptr<Ticket> enter(const std::string& address, std::int64_t now);
  std::size_t busy() const { return busy_; }
  std::size_t address_count();

 private:
  struct Address {
    explicit Address(const AddressPolicy& policy)
        : handshakes(policy.handshakes), faults(policy.faults) {}
    bool owes(std::int64_t now) const {
      return now < banned_until || !handshakes.is_full(now) || !faults.is_full(now);
    }
    std::size_t connections = 0;
    TokenBucket handshakes, faults;
    std::int64_t banned_until = 0;
  };
  std::int64_t handshake(const std::string& address, std::int64_t now);
  std::int64_t banned(const std::string& address, std::int64_t now);
  void blame(const std::string& address, std::int64_t now);
  void leave(const std::string& address, bool busy);
  void sweep(std::int64_t now);

  AddressPolicy policy_;
  std::atomic<std::size_t> busy_ = 0;
  std::mutex mutex_;  // for what follows
  std::size_t sweep_at_ = 1024;
  std::map<std::string, Address> addresses_;
};

}  // namespace vuer_rtc::net
