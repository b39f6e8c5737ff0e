// A server as small as the law allows (sections 2 and 8): accepts every message once, moves what
// comes late, raises the line.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "vuer_rtc/document.hpp"

namespace vuer_rtc::testing {

class SmallServer {
 public:
  struct Answer {
    std::string id;
    std::string error;  ///< empty: accepted
    std::uint64_t lt = 0;
    std::uint64_t server_seq = 0;
    std::int64_t stable = kNoLine;
    Bytes fresh;  ///< the stamped message for the others; empty when it was known
  };
  Answer accept(ByteSpan bytes);
  /// Folds up to the line, at most up to the highest lt.
  void raise_line(std::int64_t line);

  struct State {
    Bytes snapshot;  ///< empty before the first fold
    Bytes journal;
    std::uint64_t server_seq = 0;
    std::int64_t stable = kNoLine;
  };
  State state();

  Document& document() { return document_; }
  std::uint64_t top() const { return top_; }
  std::int64_t line() const { return line_; }
  std::uint64_t count() const { return history_.size(); }
  /// Every message ever accepted, stamped, by serverSeq - 1.
  const std::vector<Bytes>& history() const { return history_; }
  /// The lt of each of them.
  const std::vector<std::uint64_t>& places() const { return places_; }
  /// A document that takes every accepted message, without any snapshot.
  Hash plain_fold() const;

 private:
  struct Author {
    std::uint64_t number = 0;
    std::int64_t lt = kNoLine;
  };
  Document document_;
  std::vector<Bytes> history_;
  std::vector<std::uint64_t> places_;
  std::map<std::string, std::pair<Answer, Hash>> accepted_;
  std::map<std::string, Author> authors_;
  std::uint64_t top_ = 0;
  std::int64_t line_ = kNoLine;
};

/// Messages that stand one after the other, each on its own.
std::vector<Bytes> split_messages(ByteSpan messages);
std::string hex(const Hash& hash);

}  // namespace vuer_rtc::testing
