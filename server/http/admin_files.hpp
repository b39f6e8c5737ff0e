// The administrator's page: the files of server/admin, which the build puts into the binary.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "net/application.hpp"

namespace vuer_rtc::server {

struct AdminFile {
  std::string_view name;
  std::string_view bytes;
};

/// Written by server/admin/embed.cmake.
std::span<const AdminFile> admin_files();

/// The answer with this file, under a policy that lets it load nothing from elsewhere.
std::optional<net::Response> find_admin_file(std::string_view name);

}  // namespace vuer_rtc::server
