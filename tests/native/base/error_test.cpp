// The table of errors.
#include "vuer_rtc/error.hpp"

#include <catch2/catch.hpp>

using namespace vuer_rtc;

TEST_CASE("errors_carry_the_name_and_finality_of_the_table", "[base]") {
  CHECK(error_name(ErrorCode::BadMessage) == "bad_message");
  CHECK(error_is_final(ErrorCode::BadMessage));
  CHECK(error_name(ErrorCode::Internal) == "internal");
  CHECK_FALSE(error_is_final(ErrorCode::Gap));
}

TEST_CASE("make_error_takes_the_text_of_the_table_when_none_is_given", "[base]") {
  CHECK(make_error(ErrorCode::Gap).text == "messages of this author are missing before this one");
  CHECK(make_error(ErrorCode::Gap, "7").text == "7");
}
