#include "net/send_queue.hpp"

#include <catch2/catch.hpp>

using namespace vuer_rtc::net;

namespace {

Outgoing message(std::string_view bytes, Weight weight = Weight::Ordered) {
  return {nullptr, bytes, true, weight};
}

}  // namespace

TEST_CASE("send_queue_takes_its_limit_and_not_one_more") {
  SendQueue frames(1000, 3);
  for (int i = 0; i < 3; ++i) CHECK(frames.push(message("x")));
  CHECK_FALSE(frames.push(message("x")));
  SendQueue bytes(10, 100);
  CHECK(bytes.push(message("0123456789")));
  CHECK_FALSE(bytes.push(message("x")));
}

TEST_CASE("send_queue_does_not_count_join_data") {
  SendQueue queue(10, 2);
  for (int i = 0; i < 5; ++i) CHECK(queue.push(message("0123456789", Weight::JoinData)));
  CHECK(queue.push(message("0123456789")));
  CHECK(queue.total_bytes() == 60);
}

TEST_CASE("send_queue_gives_up_presence_first") {
  SendQueue queue(100, 3);
  CHECK(queue.push(message("a")));
  CHECK(queue.push(message("p", Weight::Presence)));
  CHECK(queue.push(message("q", Weight::Presence)));
  CHECK(queue.push(message("b")));
  CHECK(queue.size() == 2);
  CHECK(queue.push(message("c")));
  CHECK(queue.push(message("r", Weight::Presence)));  // dropped, and nobody is closed for it
  CHECK(queue.size() == 3);
}

TEST_CASE("send_queue_counts_down_what_leaves") {
  SendQueue queue(10, 1);
  CHECK(queue.push(message("x")));
  CHECK(queue.pop().bytes == "x");
  CHECK(queue.empty());
  CHECK(queue.push(message("y")));
}
