// What a token allows: rooms with a right each, the names its bearer may use, and until when.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "room/rights.hpp"
#include "vuer_rtc/error.hpp"

namespace vuer_rtc::server {

/// A name, or a prefix when it was written with a `*` at its end.
struct NamePattern {
  static NamePattern read(std::string_view written);
  bool matches(std::string_view name) const;
  std::string text;
  bool is_prefix = false;
};

inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

class Grant {
 public:
  /// Everything, in every room, under any name: a server without tokens.
  static Grant of_everybody();
  /// Everything, and what changes whole rooms: the bearer of --admin-token.
  static Grant of_admin();

  void allow(std::string_view rooms, Right right);
  void bind_client(std::string_view clients) { client_ = NamePattern::read(clients); }
  void set_end(std::int64_t wall) { ends_ = wall; }

  /// The rule that says most about the room decides: its exact name, else the longest prefix.
  std::optional<Right> right_in(std::string_view room) const;
  /// What its bearer may do in a room under this name; Forbidden when nothing.
  Result<Right> enter(std::string_view room, std::string_view client) const;
  bool may_read(std::string_view room) const { return right_in(room).has_value(); }
  /// It has a rule for `*`, so that figures of the whole server tell it nothing new.
  bool covers_all_rooms() const;
  /// The room of a token that speaks of one only.
  std::optional<std::string> only_room() const;
  bool may_be(std::string_view client) const { return client_.matches(client); }
  /// Wall clock, milliseconds: from then on its connections are closed.
  std::int64_t ends() const { return ends_; }

 private:
  struct Rule {
    NamePattern rooms;
    Right right = Right::Read;
  };
  std::vector<Rule> rules_;
  NamePattern client_ = {"", true};
  std::int64_t ends_ = kNever;
};

}  // namespace vuer_rtc::server
