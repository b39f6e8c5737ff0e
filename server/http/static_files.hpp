// Files of one folder over HTTP: never anything outside it, whatever the path or a link says.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "net/application.hpp"

namespace vuer_rtc::server {

/// By the ending of a file's name.
std::string content_type(const std::filesystem::path& path);

class StaticFiles {
 public:
  /// An empty folder name serves nothing.
  explicit StaticFiles(const std::string& folder);
  /// The file of these decoded path segments; no segments: index.html. Nothing: there is no such
  /// file.
  std::optional<net::Response> find(const std::vector<std::string>& segments) const;
  bool serves() const { return !root_.empty(); }

 private:
  std::filesystem::path root_;  // without links
};

}  // namespace vuer_rtc::server
