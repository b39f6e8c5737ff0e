#include "http/admin_files.hpp"

#include <algorithm>

#include "http/static_files.hpp"

namespace vuer_rtc::server {

std::optional<net::Response> find_admin_file(std::string_view name) {
  const auto files = admin_files();
  const auto file = std::find_if(files.begin(), files.end(),
                                 [&](const AdminFile& one) { return one.name == name; });
  if (file == files.end()) return std::nullopt;
  net::Response response;
  response.type = content_type(file->name);
  response.body = file->bytes;
  response.headers = {{"Cache-Control", "no-cache"},
                      {"Content-Security-Policy",
                       "default-src 'self'; img-src 'self' data:; base-uri 'none'; "
                       "form-action 'none'; frame-ancestors 'none'"},
                      {"Referrer-Policy", "no-referrer"}};
  return response;
}

}  // namespace vuer_rtc::server
