// Columns out of anybody's hands: whatever loads is a text that inserts could have made.
#include <catch2/catch.hpp>
#include <random>

#include "column_texts.hpp"
#include "vuer_rtc/limits.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::testing;

namespace {

constexpr std::uint64_t kTen = 0x4024000000000000;       // as bits
constexpr std::uint64_t kInfinity = 0x7ff0000000000000;  // as bits

struct Parts {
  std::vector<std::string> agents{"a"};
  std::string content = "abcd";
  using Values = std::vector<std::uint64_t>;
  Values counts{2}, gaps{0, 0}, lengths{3, 1}, seqs{2, 2}, times{0, fold_sign(kTen), 0};
  Values heads{0, 0}, begun{0, 2}, sizes{3, 1};  // abc, and d behind it
  int version = kColumnsVersion;
  std::uint32_t count = kColumnsParts;

  Bytes bytes() const {
    Bytes out;
    MsgWriter writer(out);
    writer.array(count);
    writer.number(version);
    writer.string(content);
    writer.array(static_cast<std::uint32_t>(agents.size()));
    for (const std::string& agent : agents) writer.string(agent);
    for (const Values* column : {&counts, &gaps, &lengths, &seqs, &times, &heads, &begun, &sizes})
      write_column(*column, writer);
    return out;
  }
  bool loads() const {
    Names names;
    return read_columns(bytes(), names) != nullptr;
  }
};

template <class Change>
bool loads_with(Change change) {
  Parts parts;
  change(parts);
  return parts.loads();
}

/// The units, inserted one run after the other.
std::vector<std::string> inserted_anew(const Sequence& sequence, const Names& names) {
  Sequence anew(names);
  sequence.for_each_run([&](const Run& run) {
    anew.insert({run.first, run.anchor, run.seq, run.ts, run.content, !run.visible});
  });
  return units_of(anew, names);
}

}  // namespace

TEST_CASE("columns_reader_makes_the_text") {
  Names names;
  const auto sequence = read_columns(Parts().bytes(), names);
  REQUIRE(sequence);
  CHECK(units_of(*sequence, names) ==
        std::vector<std::string>{
            "a:0 <-  seq 1 ts 10.000000 shows 97", "a:1 <- a:0 seq 1 ts 10.000000 shows 98",
            "a:2 <- a:1 seq 1 ts 10.000000 shows 99", "a:3 <- a:2 seq 2 ts 10.000000 shows 100"});
}

TEST_CASE("columns_reader_refuses_what_the_plain_form_refuses") {
  CHECK(loads_with([](Parts&) {}));
  CHECK_FALSE(loads_with([](Parts& p) { p.version = 2; }));
  CHECK_FALSE(loads_with([](Parts& p) { p.count = 10; }));
  CHECK_FALSE(loads_with([](Parts& p) { p.agents = {""}; }));
  CHECK_FALSE(loads_with([](Parts& p) { p.agents = {"a", "a"}, p.counts = {1, 1}; }));
  CHECK_FALSE(loads_with([](Parts& p) { p.content = "abcde"; }));  // no unit is left for it
  CHECK_FALSE(loads_with([](Parts& p) { p.lengths = {3, 0}; }));
  CHECK_FALSE(loads_with([](Parts& p) { p.lengths = {3, 2}; }));  // a unit stands nowhere
  CHECK_FALSE(loads_with([](Parts& p) { p.gaps = {0, kMaxInteger}; }));
  CHECK(loads_with([](Parts& p) { p.gaps = {0, kMaxInteger - 3}; }));
  CHECK_FALSE(loads_with([](Parts& p) { p.seqs = {2, 2 * kMaxInteger}; }));
  CHECK_FALSE(loads_with([](Parts& p) { p.times = {64, 0, 0}; }));
  CHECK(loads_with([](Parts& p) { p.times = {50, fold_sign(kTen >> 50), 0}; }));
  CHECK_FALSE(loads_with([](Parts& p) { p.times = {0, fold_sign(kInfinity), 0}; }));
  CHECK_FALSE(loads_with([](Parts& p) { p.counts = {3}; }));
  CHECK_FALSE(loads_with([](Parts& p) { p.counts = {1}; }));  // values are left over
}

TEST_CASE("columns_reader_refuses_pieces_that_are_no_tree_of_the_inserts") {
  CHECK_FALSE(loads_with([](Parts& p) { p.heads = {8, 0}; }));           // above the root
  CHECK_FALSE(loads_with([](Parts& p) { p.heads = {kContinues, 0}; }));  // of nothing
  CHECK_FALSE(loads_with([](Parts& p) { p.begun = {0, 0}; }));           // twice the same
  CHECK_FALSE(loads_with([](Parts& p) { p.begun = {0, 4}; }));           // no such insert
  CHECK_FALSE(loads_with([](Parts& p) { p.sizes = {3, 2}; }));
  CHECK_FALSE(loads_with([](Parts& p) { p.sizes = {4, 1}; }));
  CHECK_FALSE(loads_with([](Parts& p) { p.heads = {0}; }));
  CHECK_FALSE(loads_with([](Parts& p) { p.heads = {0, 0, 1}; }));  // that nobody asked for
  CHECK_FALSE(loads_with([](Parts& p) { p.heads = {0, kBack, 3}; }));
  // "d" under "a" stands before "b" by its seq, never behind "c".
  CHECK_FALSE(loads_with([](Parts& p) { p.heads = {0, kBack, 2}; }));
  CHECK(loads_with([](Parts& p) { p.heads = {0, kBack, 2}, p.seqs = {2, 1}; }));
  CHECK_FALSE(loads_with([](Parts& p) { p.heads = {0, 8}; }));
  CHECK(loads_with([](Parts& p) { p.heads = {0, 8}, p.seqs = {2, 1}; }));
}

TEST_CASE("columns_reader_bounds_units_without_content") {
  const auto dropped = [](std::uint64_t count) {
    return loads_with([=](Parts& p) {
      p.content = "abc";
      p.lengths = p.sizes = {3, count};
      p.heads = {0, kHidden};
    });
  };
  CHECK(dropped(1));
  CHECK(dropped(kMaxDroppedInColumns));
  CHECK_FALSE(dropped(kMaxDroppedInColumns + 1));
  CHECK_FALSE(dropped(UINT64_MAX));
}

TEST_CASE("columns_reader_takes_only_texts_that_inserts_make") {
  const std::uint64_t seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  Names names;
  Sequence sequence(names);
  const NameId agents[] = {names.intern("a"), names.intern("b")};
  for (std::uint64_t n = 0; n < 60; n += 2) {
    const NameId agent = agents[random() % 2];
    UnitId anchor;
    if (n > 0) anchor = sequence.id_at(random() % sequence.visible_length());
    sequence.insert({{agent, n}, anchor, sequence.highest_seq() + random() % 2, 5, u"xy"});
  }
  for (int i = 0; i < 5; ++i) sequence.cover({agents[i % 2], random() % 60, 3});
  const Bytes good = columns_of(sequence, names);
  REQUIRE(units_of(*read_columns(good, names), names) == units_of(sequence, names));
  std::size_t loaded = 0;
  for (int round = 0; round < 30'000; ++round) {
    Bytes bad = good;
    for (std::uint64_t i = 0; i <= random() % 3; ++i) {
      std::uint8_t& byte = bad[random() % bad.size()];
      byte = static_cast<std::uint8_t>(random() % 2 ? random() : byte + random() % 3 - 1);
    }
    if (random() % 8 == 0) bad.resize(random() % bad.size());
    const auto read = read_columns(bad, names);
    if (!read) continue;
    ++loaded;
    CHECK(inserted_anew(*read, names) == units_of(*read, names));
    CHECK(units_of(*read_columns(columns_of(*read, names), names), names) ==
          units_of(*read, names));
  }
  CHECK(loaded > 0);
}
