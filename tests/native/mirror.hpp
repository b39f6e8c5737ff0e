// A mirror of a document, as slow and plain as it can be: built only from the records of the change
// feed.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "vuer_rtc/feed.hpp"
#include "vuer_rtc/value.hpp"

namespace vuer_rtc::testing {

class Mirror {
 public:
  /// Follows the records. Throws std::runtime_error on a record that makes no sense.
  void apply(const Bytes& records);
  /// What the mirror holds, in the shape of Document::graph().
  nlohmann::json graph() const;

  std::map<std::string, bool> undone;          ///< by message id
  std::map<std::string, std::uint64_t> moved;  ///< message id -> its last place told
  double folded = -1;                          ///< the last line told
  std::uint32_t resets = 0;

 private:
  struct Property {
    nlohmann::json value;
    std::u16string text;
    bool is_present = false;
    bool is_text = false;
    std::uint32_t lww_client = kFeedNone;
    double lww_lt = 0;
  };
  struct Node {
    nlohmann::json crdt;
    std::map<std::uint32_t, Property> properties;
    std::vector<std::uint32_t> children;
  };
  class Record;

  void forget();
  void apply_one(FeedKind kind, Record& record);
  void set_value(Record& record, bool is_inline);
  void splice_text(Record& record);
  void set_node(Record& record);
  void define(std::map<std::uint32_t, std::string>& names, Record& record);

  std::map<std::uint32_t, std::string> keys_, paths_, clients_;
  std::map<std::uint32_t, Node> nodes_;
  std::uint32_t root_ = kFeedNone;
};

}  // namespace vuer_rtc::testing
