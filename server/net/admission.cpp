#include "net/admission.hpp"

#include <algorithm>

namespace vuer_rtc::net {
namespace {

constexpr std::int64_t kBanTime = 60'000;

}  // namespace

std::unique_ptr<Admission::Ticket> Admission::enter(const std::string& address, std::int64_t now) {
  const std::lock_guard lock(mutex_);
  if (addresses_.size() >= sweep_at_) sweep(now);
  Address& one = addresses_.try_emplace(address, policy_).first->second;
  if (policy_.connections != 0 && one.connections >= policy_.connections) return nullptr;
  ++one.connections;
  return std::make_unique<Ticket>(shared_from_this(), address);
}

std::int64_t Admission::handshake(const std::string& address, std::int64_t now) {
  const std::lock_guard lock(mutex_);
  TokenBucket& bucket = addresses_.at(address).handshakes;
  if (!bucket.has(1, now)) return bucket.wait();
  bucket.spend(1, now);
  return 0;
}

std::int64_t Admission::banned(const std::string& address, std::int64_t now) {
  const std::lock_guard lock(mutex_);
  return std::max<std::int64_t>(0, addresses_.at(address).banned_until - now);
}

void Admission::blame(const std::string& address, std::int64_t now) {
  const std::lock_guard lock(mutex_);
  Address& one = addresses_.at(address);
  if (one.faults.spend(1, now) != TokenBucket::Ruling::Take) one.banned_until = now + kBanTime;
}

void Admission::leave(const std::string& address, bool busy) {
  if (busy) --busy_;
  const std::lock_guard lock(mutex_);
  --addresses_.at(address).connections;
}

std::size_t Admission::address_count() {
  const std::lock_guard lock(mutex_);
  return addresses_.size();
}

/// Addresses that are gone and owe nothing are forgotten, so that many of them cost no memory.
void Admission::sweep(std::int64_t now) {
  std::erase_if(addresses_,
                [&](auto& one) { return one.second.connections == 0 && !one.second.owes(now); });
  sweep_at_ = std::max<std::size_t>(1024, 2 * addresses_.size());
}

}  // namespace vuer_rtc::net
