// The table of names, and the order of agents.
#include "model/names.hpp"

#include "base/utf.hpp"

namespace vuer_rtc {

std::uint32_t hash_name(std::string_view name) {
  std::uint64_t hash = 0x9e3779b97f4a7c15ull ^ name.size();
  for_each_word(name, [&](std::uint64_t word) {
    hash = (hash ^ word) * 0xff51afd7ed558ccdull;
    hash ^= hash >> 32;
  });
  return mix_hash(hash);
}

NameId Names::intern(std::string_view name) {
  if (recent_ < size() && is_same_text(names_[recent_], name)) return recent_;
  const std::uint32_t hash = hash_name(name);
  const NameId known = find(name, hash);
  if (known != kNoName) return recent_ = known;
  recent_ = names_.add();
  names_[recent_] = name;
  table_.insert(hash, recent_);
  return recent_;
}

NameId Names::find(std::string_view name, std::uint32_t hash) const {
  return table_.find(hash, [&](NameId id) { return is_same_text(names_[id], name); });
}

std::size_t Names::growth(std::size_t count, std::size_t bytes) const {
  return bytes + names_.growth(count) + table_.growth(count);
}

int compare_agents(std::string_view a, std::string_view b) {
  const std::size_t shorter = a.size() < b.size() ? a.size() : b.size();
  const int head = compare_code_units(a.substr(0, shorter), b.substr(0, shorter));
  if (head != 0 || a.size() == b.size()) return head;
  // The shorter one goes on with its colon; where the other has one there too, it is the longer in
  // the end.
  const bool a_ends = a.size() < b.size();
  const bool colon_first = static_cast<std::uint8_t>(a_ends ? b[shorter] : a[shorter]) >= ':';
  return a_ends == colon_first ? -1 : 1;
}

}  // namespace vuer_rtc
