#include "auth/grant.hpp"

#include <algorithm>

namespace vuer_rtc::server {

NamePattern NamePattern::read(std::string_view written) {
  const bool is_prefix = written.ends_with('*');
  if (is_prefix) written.remove_suffix(1);
  return {std::string(written), is_prefix};
}

bool NamePattern::matches(std::string_view name) const {
  return is_prefix ? name.starts_with(text) : name == text;
}

Grant Grant::of_everybody() {
  Grant grant;
  grant.allow("*", Right::Write);
  return grant;
}

Grant Grant::of_admin() {
  Grant grant;
  grant.allow("*", Right::Admin);
  return grant;
}

void Grant::allow(std::string_view rooms, Right right) {
  rules_.push_back({NamePattern::read(rooms), right});
}

std::optional<Right> Grant::right_in(std::string_view room) const {
  const auto weight = [](const Rule& rule) {
    return 2 * rule.rooms.text.size() + (rule.rooms.is_prefix ? 0 : 1);
  };
  const Rule* best = nullptr;
  for (const Rule& rule : rules_) {
    const bool better = best == nullptr || weight(rule) > weight(*best);
    if (rule.rooms.matches(room) && better) best = &rule;
  }
  return best == nullptr ? std::nullopt : std::optional(best->right);
}

Result<Right> Grant::enter(std::string_view room, std::string_view client) const {
  const std::optional<Right> right = right_in(room);
  if (!right || !may_be(client))
    return make_error(ErrorCode::Forbidden, "token: no right to this room or name");
  return *right;
}

std::optional<std::string> Grant::only_room() const {
  if (rules_.size() != 1 || rules_[0].rooms.is_prefix) return std::nullopt;
  return rules_[0].rooms.text;
}

bool Grant::covers_all_rooms() const {
  return std::any_of(rules_.begin(), rules_.end(), [](const Rule& rule) {
    return rule.rooms.is_prefix && rule.rooms.text.empty();
  });
}

}  // namespace vuer_rtc::server
