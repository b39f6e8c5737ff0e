// The server's door (law, section 8): decides whether a message is new, a repeat or out of its
// author's order, and gives it its place. It knows ids, numbers and lts; what a message does is the
// document's business. Of the accepted ids it holds the recent ones: there are more with every
// message, so the others are looked up in the log, by whoever asks it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "room/record.hpp"
#include "vuer_rtc/error.hpp"

namespace vuer_rtc::server {

class Door {
 public:
  /// What the door says to a message: accepted before, or new.
  struct Ruling {
    const AcceptedMessage* repeat =
        nullptr;  ///< null: new. Valid until the next call that changes the door
  };

  /// Starts over from the authors of a room's log. Storage when one cannot be read.
  Status load(const std::vector<LogRow>& authors, std::uint64_t top);

  /// Whether only the log can say if this id was accepted. A number that its author has not come to
  /// yet says by itself that it was not.
  bool must_recall(std::string_view id) const;
  /// Before ids are gathered: what the log said last time goes, so that all of them are asked for.
  void begin_recall() { recalled_.clear(); }
  /// What the log said to these ids, until the next time. Storage when a row cannot be read.
  Status recall(const std::vector<std::string>& asked, const std::vector<LogRow>& rows);

  /// IdReused when the id is known with other content; with `in_order` also Gap and IdReused by the
  /// author's number.
  Result<Ruling> examine(const Message& message, const Hash& content, bool in_order) const;

  /// Keeps only the author's own clock entry and moves the message to the highest lt + 1 when it is
  /// late, absurdly early or not after the author's previous one. True when it was moved.
  bool place(Message& message, std::int64_t line) const;

  /// Remembers a message that was placed, stamped and applied; gives what is to be stored about it.
  const AcceptedMessage& admit(const Message& message, const Hash& content);

  /// All ids are gone; authors' numbers and the highest lt stay.
  void clear();
  /// Leaves the ids of messages up to this line to the log, where they are.
  void forget(std::int64_t line);

  /// What was accepted under an id; null when nothing was. Not for what must be recalled first.
  const AcceptedMessage* find(const std::string& id) const;
  AuthorRecord author(const std::string& client) const;
  std::uint64_t expected(const std::string& client) const { return author(client).number + 1; }
  std::uint64_t top() const { return top_; }

 private:
  bool is_new(std::string_view id) const;

  struct Last {
    std::uint64_t number = 0;
    std::int64_t lt = kNoLine;
    std::uint64_t named = 0;
  };
  std::unordered_map<std::string, AcceptedMessage> accepted_;  // lately; all lie in the log
  std::unordered_map<std::string, std::optional<AcceptedMessage>> recalled_;
  std::unordered_map<std::string, Last> authors_;
  std::uint64_t top_ = 0;
};

}  // namespace vuer_rtc::server
