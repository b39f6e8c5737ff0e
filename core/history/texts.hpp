// The texts of a document: one sequence each, and the text ops above the line in total order (law,
// section 7).
//
// Resolved ops are integrated in any order and never replayed. Only two cases rebuild a text from
// its ops: a position form among them when something before it changes, and ids claimed twice when
// their order changes.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "graph/graph.hpp"
#include "history/text_op.hpp"

namespace vuer_rtc {

using TextId = std::uint32_t;

/// One text op at its place, as the sequence holds it.
struct PlacedTextOp {
  Place place;
  Place placed_at;           // where its insert took its place; message kNoMessage: it waits
  UnitId first;              // of its insert
  std::uint64_t length = 0;  // units inserted; 0: none
  bool is_delete = false;
  bool is_position = false;
  bool is_valid = false;
  bool in_sequence = false;
  bool undone = false;  // as the sequence was told
  std::vector<IdRange> removed;
};

class Texts {
 public:
  Texts(Messages& messages, Graph& graph) : messages_(messages), graph_(graph) {}

  TextId text_of(SlotId slot);  ///< makes the text at the first mention
  /// Enters an op at its place. `changed`: the first place from which what the slot shows may
  /// differ; message kNoMessage: nowhere. False, and nothing entered, when the op is malformed.
  /// `given`: the op as parse_text_op reads it, where the caller knows.
  bool add(TextId id, Place place, const Operation& op, Place& changed, TextOp* given = nullptr);
  /// The text's last op goes on: typing straight on, or one more range.
  void extend(TextId id, TextOp& more, Place& changed);
  /// Takes an op out of the log; the text is settled later, so that many can go at once.
  void remove(TextId id, Place place);
  /// The op's message was undone or brought back.
  void toggle(TextId id, Place place, Place& changed);
  /// The op's message got another ts: what a position form inserted carries it.
  void renew(TextId id, Place place, Place& changed);
  /// Rebuilds the texts that ops were taken from. Calls `settled` with each.
  template <class Callback>
  void settle(Callback settled) {
    for (const TextId id : take_stale()) settled(id);
  }

  /// True once after an op was found invalid because its ids were claimed.
  bool take_conflict() { return std::exchange(has_conflict_, false); }

  /// Whether a text op that takes effect on a living node lies between two places (both excluded;
  /// kNoMessage: open). With `is_folded`, only among folded messages.
  bool shows_between(TextId id, Place after, Place before,
                     const std::vector<std::uint8_t>* is_folded = nullptr) const;
  bool has_after(TextId id, Place place) const;
  bool holds(TextId id, Place place) const;
  /// False when ids claimed before made the op at this place invalid.
  bool is_valid(TextId id, Place place) const;
  /// The text as an op at this place sees it.
  std::string text_before(TextId id, Place place) const;
  std::string text(TextId id) const;

  const Sequence& sequence(TextId id) const { return texts_[id].sequence; }
  Sequence& sequence(TextId id) { return texts_[id].sequence; }
  SlotId slot_of(TextId id) const { return texts_[id].slot; }
  /// The last unit that the store's author typed into the text; none at first.
  UnitId& typed(TextId id) { return texts_[id].typed; }
  void forget_typed() {
    for (Text& text : texts_) text.typed = UnitId{};
  }
  std::uint32_t count() const { return static_cast<std::uint32_t>(texts_.size()); }
  std::uint64_t waiting_count() const;
  /// The message above the line that inserted a unit; kNoMessage when none did.
  MessageIndex author_of(TextId id, UnitId unit) const;
  /// Units inserted by one message, for leaving pending edits out of a digest.
  std::vector<IdRange> units_of(TextId id, MessageIndex message) const;

  void fold(const std::vector<std::uint8_t>& is_folded);
  /// The text without what lies above the line, as a snapshot holds it.
  Sequence base_sequence(TextId id) const;
  const std::vector<IdRange>& base_removed(TextId id) const { return texts_[id].base_removed; }
  bool base_begun(TextId id) const { return texts_[id].base_begun; }
  void load_begun(TextId id, bool begun) { texts_[id].base_begun = begun; }
  void load_removed(TextId id, const IdRange& range);
  /// Ranges that the sequence covers already.
  void load_covered(TextId id, std::vector<IdRange> ranges) {
    texts_[id].base_removed = std::move(ranges);
  }

  /// From now on each text keeps its splices.
  void watch();
  /// False when the visible text did not change. `whole`: the splice holds the whole text.
  bool take_splice(TextId id, Splice& out, bool& whole);

  std::size_t growth(std::size_t units) const;
  /// What reading a text in any form allocates at most, the bytes themselves included.
  std::size_t reading_bytes(TextId id) const;
  /// What building anew every text that has ops above the line allocates at most.
  std::size_t rebuilding_bytes() const;
  void check() const;

 private:
  struct Text {
    explicit Text(const Names& clients) : sequence(clients) {}
    SlotId slot = kNone;
    UnitId typed;
    Sequence sequence;
    std::vector<PlacedTextOp> log;
    std::vector<IdRange> base_removed;
    bool base_begun = false;
    bool is_stale = false;
    bool is_whole = true;           // the mirror does not know this sequence yet
    bool has_delayed = false;       // an insert took its place later than its own
    std::uint32_t order_bound = 0;  // position forms and invalid ops: what depends on the order
  };

  std::size_t index_of(const Text& text, Place place) const;
  void integrate(Text& text, std::size_t index, TextOp& op, Place& changed) const;
  void take_in(Text& text, std::size_t index, const TextOp& op, Place& changed) const;
  void settle_waiting(Text& text, std::size_t index, const std::vector<UnitId>& placed,
                      Place& changed) const;
  Place latest_anchor(const Text& text, UnitId anchor, std::size_t index) const;
  void rebuild(Text& text) const;
  void reenter(Text& text, const PlacedTextOp& before, TextOp& parsed) const;
  void set_undone(Text& text, PlacedTextOp& op, bool undone) const;
  Sequence base_of(const Text& text) const;
  bool took_effect(const PlacedTextOp& op) const;
  bool begun_before(const Text& text, std::size_t index) const;
  void lower(Place place, Place& changed) const;
  std::vector<TextId> take_stale();

  Messages& messages_;
  Graph& graph_;
  std::vector<Text> texts_;
  std::vector<TextId> stale_;
  TextOp parsed_;
  bool watching_ = false;
  mutable bool has_conflict_ = false;
};

}  // namespace vuer_rtc
