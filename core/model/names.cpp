// The table of names: open addressing over a hash of eight bytes at a time, grown at three
// quarters.
#include "model/names.hpp"

#include <cstring>

#include "base/index_table.hpp"
#include "base/utf.hpp"

namespace vuer_rtc {

std::uint32_t hash_name(std::string_view name) {
  std::uint64_t hash = 0x9e3779b97f4a7c15ull ^ name.size();
  const char* at = name.data();
  std::size_t left = name.size();
  for (std::uint64_t word; left >= 8; at += 8, left -= 8) {
    std::memcpy(&word, at, 8);
    hash = (hash ^ word) * 0xff51afd7ed558ccdull;
    hash ^= hash >> 32;
  }
  std::uint64_t rest = 0;
  for (std::size_t i = 0; i < left; ++i) {
    rest |= std::uint64_t{static_cast<std::uint8_t>(at[i])} << (8 * i);
  }
  return mix_hash(hash ^ rest);
}

NameId Names::intern(std::string_view name) {
  if ((names_.size() + 1) * 4 > table_.size() * 3) grow();
  const std::uint32_t hash = hash_name(name);
  const std::size_t cell = probe(name, hash);
  if (table_[cell] != kNoName) return table_[cell];
  const NameId id = size();
  names_[names_.add()] = name;
  hashes_.push_back(hash);
  table_[cell] = id;
  return id;
}

NameId Names::find(std::string_view name) const {
  return table_.empty() ? kNoName : table_[probe(name, hash_name(name))];
}

std::size_t Names::growth(std::size_t count, std::size_t bytes) const {
  bytes += names_.growth(count);
  const std::size_t after = hashes_.size() + count;
  if (after > hashes_.capacity()) bytes += 2 * after * sizeof(std::uint32_t);
  std::size_t cells = table_.empty() ? 16 : table_.size();
  while (after * 4 > cells * 3) cells *= 2;
  return cells == table_.size() ? bytes : bytes + 2 * cells * sizeof(NameId);
}

/// The cell that holds the name, or the free one where it belongs.
std::size_t Names::probe(std::string_view name, std::uint32_t hash) const {
  const std::size_t mask = table_.size() - 1;
  std::size_t cell = hash & mask;
  while (table_[cell] != kNoName) {
    if (hashes_[table_[cell]] == hash && names_[table_[cell]] == name) break;
    cell = (cell + 1) & mask;
  }
  return cell;
}

void Names::grow() {
  const std::size_t cells = table_.empty() ? 16 : table_.size() * 2;
  table_.assign(cells, kNoName);
  for (NameId id = 0; id < size(); ++id) {
    std::size_t cell = hashes_[id] & (cells - 1);
    while (table_[cell] != kNoName) cell = (cell + 1) & (cells - 1);
    table_[cell] = id;
  }
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
