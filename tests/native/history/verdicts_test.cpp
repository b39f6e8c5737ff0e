// Undone or not: the greatest meta op that is in reach decides.
#include "history/verdicts.hpp"

#include <catch2/catch.hpp>

using namespace vuer_rtc;

namespace {

struct Court {
  Messages messages;
  Verdicts verdicts{messages};

  MessageIndex message(const std::string& id, std::uint64_t lt, std::int64_t stable = kNoLine,
                       bool has_meta = false) {
    static const Bytes no_ops{0x90};
    MessageView view;
    view.id = id;
    view.client = "a";
    view.lt = lt;
    view.ts = 100.0 + static_cast<double>(lt);
    view.stable = stable;
    view.has_meta = has_meta;
    view.ops = no_ops;
    return messages.add(view);
  }
  void meta(const std::string& id, std::uint64_t lt, const char* target, bool is_undo,
            std::int64_t stable = kNoLine) {
    verdicts.add(target, Place{message(id, lt, stable, true), 0}, is_undo);
  }
};

}  // namespace

TEST_CASE("verdicts_follow_the_greatest_meta_op_whatever_came_first") {
  Court court;
  court.message("t", 1);
  court.meta("redo", 5, "t", false);
  court.meta("undo", 3, "t", true);
  CHECK_FALSE(court.verdicts.is_undone("t"));
  court.meta("again", 7, "t", true);
  CHECK(court.verdicts.is_undone("t"));
  CHECK(court.verdicts.decided_at("t") == 107);
}

TEST_CASE("verdicts_count_for_a_target_that_is_not_known_yet") {
  Court court;
  court.meta("undo", 3, "later", true);
  CHECK(court.verdicts.is_undone("later"));
}

TEST_CASE("verdicts_do_not_reach_what_was_folded_or_holds_meta_ops") {
  Court court;
  court.message("folded", 2);
  court.meta("undo", 5, "folded", true, 2);
  CHECK_FALSE(court.verdicts.is_undone("folded"));
  court.meta("other", 6, "undo", true);
  CHECK_FALSE(court.verdicts.is_undone("undo"));
}

TEST_CASE("verdicts_taken_out_leave_the_one_before") {
  Court court;
  court.message("t", 1);
  court.meta("undo", 3, "t", true);
  const MessageIndex redo = court.message("redo", 5, kNoLine, true);
  court.verdicts.add("t", Place{redo, 0}, false);
  CHECK_FALSE(court.verdicts.is_undone("t"));
  court.verdicts.remove("t", Place{redo, 0});
  CHECK(court.verdicts.is_undone("t"));
}

TEST_CASE("verdicts_folded_are_carried_for_ids_that_never_came") {
  Court court;
  const MessageIndex target = court.message("seen", 1);
  court.meta("undo", 3, "seen", true);
  court.meta("undo2", 4, "never", true);
  std::vector<std::uint8_t> is_folded(court.messages.capacity(), 1);
  REQUIRE(is_folded[target] == 1);
  court.verdicts.fold(is_folded);
  CHECK(court.verdicts.carried() == std::vector<std::string>{"never"});
  CHECK(court.verdicts.is_undone("never"));
}
