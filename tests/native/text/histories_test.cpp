// Seeded random histories, hostile ones too, against the slow reference after every step; and a
// mirror that is kept by splices only.
#include <catch2/catch.hpp>
#include <random>

#include "column_texts.hpp"
#include "text/sequence.hpp"
#include "text_reference.hpp"
#include "vuer_rtc/limits.hpp"

using namespace vuer_rtc;
using text_reference::Reference;
using text_reference::Unit;
using text_reference::Write;

namespace {

const char* const kAgents[] = {"a", "a1", "a:", "a:1", "\xF0\x9F\x98\x80", "\xEF\xBC\xA1", "b"};

class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed), reference_(names_), sequence_(names_) {
    const std::size_t count = 2 + pick(4);
    for (std::size_t i = 0; i < count; ++i) agents_.push_back(names_.intern(kAgents[pick(7)]));
    is_hostile_ = pick(2) == 0;
    sequence_.watch();
  }

  void step() {
    const std::uint64_t kind = pick(10);
    if (kind < 5) insert();
    if (kind >= 5 && kind < 7) cover();
    if (kind == 7) uncover();
    if (kind == 8) toggle_undone();
    if (kind == 9) type_on();
  }

  void compare() {
    sequence_.check();
    const std::vector<Unit> order = reference_.in_order();
    REQUIRE(sequence_.unit_count() == order.size());
    compare_runs(order);
    compare_visible(order);
    compare_splice();
    compare_covered();
  }

  /// The same inserts in other orders give the same document.
  void compare_arrivals() {
    for (int round = 0; round < 3; ++round) {
      std::vector<Write> writes = reference_.writes;
      std::shuffle(writes.begin(), writes.end(), random_);
      Sequence other(names_);
      std::size_t deleted = 0;
      std::vector<UnitId> placed;
      for (const Write& write : writes) {
        if (deleted < reference_.deletes.size()) other.cover(reference_.deletes[deleted++]);
        other.insert(write.insert(), &placed);
      }
      while (deleted < reference_.deletes.size()) other.cover(reference_.deletes[deleted++]);
      other.check();
      CHECK(runs_of(other) == runs_of(sequence_));
      CHECK(placed.size() + other.waiting_count() == writes.size());
      CHECK(other.waiting_count() == sequence_.waiting_count());
    }
  }

  /// Read again from columns it is the same document, and goes on like it.
  void compare_columns() {
    const auto other = testing::read_columns(testing::columns_of(sequence_, names_), names_);
    REQUIRE(other);
    sequence_.for_each_early([&](const IdRange& range) { other->cover(range); });
    sequence_.for_each_waiting([&](const Run& run) {
      other->insert({run.first, run.anchor, run.seq, run.ts, run.content, run.undone});
    });
    for (int more = 0; more < 4; ++more) {
      CHECK(testing::units_of(*other, names_) == testing::units_of(sequence_, names_));
      CHECK(other->highest_seq() == sequence_.highest_seq());
      const NameId author = agent();
      CHECK(other->next_number(author) == sequence_.next_number(author));
      const std::uint64_t next = sequence_.next_number(author);
      if (next > 1000) continue;
      const UnitId first{author, next}, before = anchor();
      for (Sequence* both : {&sequence_, other.get()}) {
        both->insert({first, before, sequence_.highest_seq() / 2, 1, u"more"});
        both->cover({author, next > 2 ? next - 2 : 0, 3});
        both->check();
      }
    }
  }

 private:
  std::uint64_t pick(std::uint64_t below) { return random_() % below; }
  NameId agent() { return agents_[pick(agents_.size())]; }

  std::u16string content() {
    static const char16_t* const kTexts[] = {u"x", u"ab", u"\xD83D\xDE00", u"y\xD83D\xDE00z",
                                             u"12345"};
    return kTexts[pick(5)];
  }

  std::uint64_t fresh_number(NameId agent) {
    if (pick(12) == 0) return pick(200);
    if (pick(40) == 0) return kMaxInteger - pick(50);
    const std::uint64_t next = sequence_.next_number(agent);
    return next < 1000 ? next + (pick(6) == 0) : pick(300);
  }

  UnitId anchor() {
    if (pick(6) == 0 || reference_.writes.empty()) return {};
    if (pick(12) == 0) return {agent(), pick(60)};  // perhaps not there yet, perhaps never
    const Write& write = reference_.writes[pick(reference_.writes.size())];
    return {write.first.agent, write.first.n + pick(write.content.size())};
  }

  void add(const Write& write) {
    if (write.first.n + write.content.size() - 1 > kMaxInteger) return;
    bool is_free = true;
    for (const Write& other : reference_.writes) {
      const bool same = other.first.agent == write.first.agent;
      is_free = is_free && !(same && other.first.n < write.first.n + write.content.size() &&
                             write.first.n < other.first.n + other.content.size());
    }
    REQUIRE(sequence_.is_claimed(write.units()) == !is_free);
    if (!is_free) return;
    sequence_.insert(write.insert());
    reference_.writes.push_back(write);
  }

  void insert() {
    const NameId author = agent();
    std::uint64_t seq = sequence_.highest_seq() + 1;
    if (is_hostile_ || pick(4) == 0) seq = pick(8);
    if (is_hostile_ && pick(30) == 0) seq = kMaxInteger;
    if (seq > kMaxInteger) seq = kMaxInteger;
    add({{author, fresh_number(author)}, anchor(), seq, double(pick(3)), content(), pick(10) == 0});
  }

  /// One unit behind the last one of somebody, as typing does.
  void type_on() {
    if (reference_.writes.empty()) return;
    const Write last = reference_.writes.back();
    const UnitId end{last.first.agent, last.first.n + last.content.size()};
    for (std::uint64_t i = 0, count = 1 + pick(5); i < count; ++i) {
      const std::uint64_t seq = is_hostile_ ? pick(4) : last.seq + i + 1;
      if (seq > kMaxInteger) return;
      const double ts = pick(3) ? last.ts : double(pick(3));
      add({{end.agent, end.n + i}, {end.agent, end.n + i - 1}, seq, ts, u"t", false});
    }
  }

  void cover() {
    IdRange range{agent(), pick(60), 1 + pick(8)};
    if (pick(20) == 0) range.length = kMaxInteger;
    const std::uint64_t shown = sequence_.visible_length();
    if (pick(2) && shown > 0) {
      const std::uint64_t from = pick(shown);
      std::vector<IdRange> ranges;
      sequence_.append_ids(from, std::min(shown, from + 1 + pick(6)), ranges);
      range = ranges[pick(ranges.size())];
    }
    sequence_.cover(range);
    reference_.deletes.push_back(range);
  }

  void uncover() {
    auto& deletes = reference_.deletes;
    if (deletes.empty()) return;
    const std::size_t at = pick(deletes.size());
    sequence_.uncover(deletes[at]);
    deletes.erase(deletes.begin() + static_cast<std::ptrdiff_t>(at));
  }

  void toggle_undone() {
    if (reference_.writes.empty()) return;
    Write& write = reference_.writes[pick(reference_.writes.size())];
    write.undone = !write.undone;
    sequence_.set_undone(write.units(), write.undone);
  }

  static std::string describe(const Run& run) {
    std::string text = std::to_string(run.first.agent) + ":" + std::to_string(run.first.n) + " x" +
                       std::to_string(run.length) + " <- " + std::to_string(run.anchor.agent) +
                       ":" + std::to_string(run.anchor.is_none() ? 0 : run.anchor.n) + " seq " +
                       std::to_string(run.seq) + " ts " + std::to_string(run.ts) +
                       (run.visible ? " shown" : " hidden") + (run.undone ? " undone " : " ");
    append_utf8(run.content, text);
    return text;
  }

  static std::vector<std::string> runs_of(const Sequence& sequence) {
    std::vector<std::string> runs;
    sequence.for_each_run([&](const Run& run) { runs.push_back(describe(run)); });
    return runs;
  }

  void compare_runs(const std::vector<Unit>& order) {
    std::vector<std::string> expected;
    Run run{};
    std::u16string content;
    const auto flush = [&] {
      run.content = content;
      if (run.length > 0) expected.push_back(describe(run));
      content.clear();
    };
    for (const Unit& unit : order) {
      const Write& write = *unit.write;
      const bool goes_on = run.length > 0 && unit.id.agent == run.first.agent &&
                           unit.id.n == run.first.n + run.length &&
                           unit.parent == UnitId{unit.id.agent, unit.id.n - 1} &&
                           write.seq == run.seq && write.ts == run.ts &&
                           unit.visible == run.visible && write.undone == run.undone;
      if (!goes_on) {
        flush();
        run = {unit.id, 0, unit.parent, write.seq, write.ts, unit.visible, write.undone, {}};
      }
      ++run.length;
      content += write.content[unit.index];
    }
    flush();
    CHECK(runs_of(sequence_) == expected);
  }

  void compare_visible(const std::vector<Unit>& order) {
    std::u16string text, units;
    for (const Unit& unit : order) {
      text += unit.visible ? std::u16string(1, unit.write->content[unit.index]) : u"";
      REQUIRE(sequence_.is_placed(unit.id));
      REQUIRE(sequence_.visible_through(unit.id) == text.size());
      if (!unit.visible) continue;
      REQUIRE(sequence_.id_at(text.size() - 1) == unit.id);
      REQUIRE(sequence_.unit_at(text.size() - 1) == text.back());
    }
    sequence_.append_units(units);
    CHECK(units == text);
    CHECK(sequence_.visible_length() == text.size());
    std::string utf8, expected;
    sequence_.append_text(utf8);
    append_utf8(text, expected);
    CHECK(utf8 == expected);
  }

  void compare_splice() {
    if (pick(3) == 0) return;  // several changes are told as one
    Splice splice;
    if (sequence_.take_splice(splice)) mirror_.replace(splice.at, splice.removed, splice.inserted);
    std::u16string units;
    sequence_.append_units(units);
    CHECK(mirror_ == units);
  }

  void compare_covered() {
    const auto& deletes = reference_.deletes;
    const auto is_covered = [&](NameId agent, std::uint64_t n) {
      return std::any_of(deletes.begin(), deletes.end(), [=](const IdRange& r) {
        return r.agent == agent && n >= r.n && n - r.n < r.length;
      });
    };
    std::map<NameId, std::uint64_t> ends;
    sequence_.for_each_covered([&](const IdRange& range) {
      std::uint64_t& end = ends[range.agent];
      REQUIRE((end == 0 || range.n > end));
      for (std::uint64_t n = end; n < std::min(range.n, end + 300); ++n) {
        REQUIRE_FALSE(is_covered(range.agent, n));
      }
      REQUIRE(is_covered(range.agent, range.n));
      REQUIRE(is_covered(range.agent, range.n + range.length - 1));
      REQUIRE_FALSE(is_covered(range.agent, range.n + range.length));
      end = range.n + range.length;
    });
    for (const IdRange& range : deletes) REQUIRE(ends[range.agent] >= range.n + range.length);
  }

  std::mt19937_64 random_;
  Names names_;
  std::vector<NameId> agents_;
  Reference reference_;
  Sequence sequence_;
  std::u16string mirror_;
  bool is_hostile_ = false;
};

}  // namespace

TEST_CASE("sequence_equals_the_tree_of_the_law_in_random_histories") {
  for (std::uint64_t seed = 1; seed <= 2500; ++seed) {
    INFO("seed " << seed);
    History history(seed);
    const std::uint64_t steps = seed % 50 == 0 ? 150 : 25;
    for (std::uint64_t i = 0; i < steps; ++i) {
      history.step();
      history.compare();
    }
    history.compare_arrivals();
    history.compare_columns();
  }
}

TEST_CASE("sequence_equals_the_tree_of_the_law_in_long_histories") {
  for (std::uint64_t seed = 10'001; seed <= 10'012; ++seed) {
    INFO("seed " << seed);
    History history(seed);
    for (std::uint64_t i = 0; i < 3000; ++i) {
      history.step();
      if (i % 500 == 499) history.compare();
    }
    history.compare_arrivals();
    history.compare_columns();
  }
}
