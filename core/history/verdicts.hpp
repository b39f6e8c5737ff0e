// Which messages are undone: per target the meta ops in total order, the greatest decides (law,
// section 3).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/messages.hpp"

namespace vuer_rtc {

class Verdicts {
 public:
  explicit Verdicts(const Messages& messages) : messages_(messages) {}

  void add(std::string_view target, Place place, bool is_undo);
  void remove(std::string_view target, Place place);
  /// Whether the message of this id counts as undone by the meta ops known now. The id may be
  /// unknown.
  bool is_undone(std::string_view target) const;
  /// ts of the message that holds the deciding meta op; 0 when none does.
  double decided_at(std::string_view target) const;

  void carry(std::string_view target) { carried_.emplace_back(target); }
  /// Drops folded meta ops. Ids not here whose greatest meta op was an undo are carried in the
  /// snapshot.
  void fold(const std::vector<std::uint8_t>& is_folded);
  /// Ids for a snapshot at the line: unknown ones whose greatest folded meta op is an undo, sorted.
  std::vector<std::string> carried() const;
  /// What asking for them and writing them allocates at most.
  std::size_t carried_bytes() const;

 private:
  struct Entry {
    Place place;
    bool is_undo;
  };
  const Entry* deciding(const std::string& target, const std::vector<std::uint8_t>* only) const;
  const Messages& messages_;
  std::map<std::string, std::vector<Entry>> entries_;
  std::vector<std::string> carried_;
};

}  // namespace vuer_rtc
