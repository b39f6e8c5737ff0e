// The server's door (law, section 8): decides whether a message is new, a repeat or out of its
// author's order, and gives it its place. It knows ids, numbers and lts; what a message does is the
// document's business.
#pragma once

#include <cstdint>
#include <string>
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

  /// Starts over from the rows of a room's log. Storage when one cannot be read.
  Status load(const std::vector<LogRow>& ids, const std::vector<LogRow>& authors,
              std::uint64_t top);

  /// IdReused when the id is known with other content; with `in_order` also Gap and IdReused by the
  /// author's number.
  Result<Ruling> examine(const Message& message, const Hash& content, bool in_order) const;

  /// Keeps only the author's own clock entry and moves the message to the highest lt + 1 when it is
  /// late, absurdly early or not after the author's previous one. True when it was moved.
  bool place(Message& message, std::int64_t line) const;

  /// Remembers a message that was placed, stamped and applied; gives what is to be stored about it.
  const AcceptedMessage& admit(const Message& message, const Hash& content);

  /// Forgets ids; authors' numbers and the highest lt stay.
  void clear() { accepted_.clear(); }

  const AcceptedMessage* find(const std::string& id) const;
  AuthorRecord author(const std::string& client) const;
  std::uint64_t expected(const std::string& client) const { return author(client).number + 1; }
  std::uint64_t top() const { return top_; }

 private:
  struct Last {
    std::uint64_t number = 0;
    std::int64_t lt = kNoLine;
  };
  std::unordered_map<std::string, AcceptedMessage> accepted_;
  std::unordered_map<std::string, Last> authors_;
  std::uint64_t top_ = 0;
};

}  // namespace vuer_rtc::server
