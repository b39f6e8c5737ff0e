#include "http/answers.hpp"

#include "http/json_object.hpp"

namespace vuer_rtc::server {
namespace {

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::Forbidden:
    case ErrorCode::ReadOnly:
      return 403;
    case ErrorCode::Gap:
    case ErrorCode::IdReused:
      return 409;
    case ErrorCode::TooBig:
    case ErrorCode::TooManyOps:
      return 413;
    case ErrorCode::RateLimited:
      return 429;
    case ErrorCode::RoomFull:
    case ErrorCode::Storage:
    case ErrorCode::OutOfMemory:
      return 503;
    case ErrorCode::Internal:
      return 500;
    default:
      return 400;
  }
}

}  // namespace

net::Response json_answer(std::string body, int status) {
  net::Response response;
  response.status = status;
  response.body = std::move(body);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

net::Response fault(int status, std::string_view code, std::string_view message) {
  const std::string inner = JsonObject().text("code", code).text("message", message).done();
  return json_answer(JsonObject().raw("error", inner).done(), status);
}

net::Response fault(const Error& error) {
  const int status = status_of(error.code);
  net::Response response = fault(status, error_name(error.code), error.text);
  if (status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace vuer_rtc::server
