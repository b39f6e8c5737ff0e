#include "http/static_files.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <utility>

namespace vuer_rtc::server {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxFileBytes = 64u << 20;

constexpr std::array<std::pair<std::string_view, std::string_view>, 18> kTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".cjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".wasm", "application/wasm"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".txt", "text/plain; charset=utf-8"},
    {".md", "text/plain; charset=utf-8"},
    {".woff2", "font/woff2"},
    {".glb", "model/gltf-binary"},
    {".gltf", "model/gltf+json"},
}};

/// Hidden files, parents and names that mean something to a file system are no names of ours.
bool is_plain_name(const std::string& segment) {
  return !segment.empty() && segment.front() != '.' &&
         segment.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos;
}

bool is_inside(const fs::path& path, const fs::path& root) {
  return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end();
}

}  // namespace

std::string content_type(const fs::path& path) {
  const std::string extension = path.extension().string();
  const auto known = std::find_if(kTypes.begin(), kTypes.end(),
                                  [&](const auto& one) { return one.first == extension; });
  return std::string(known == kTypes.end() ? "application/octet-stream" : known->second);
}

StaticFiles::StaticFiles(const std::string& folder) {
  std::error_code error;
  if (!folder.empty()) root_ = fs::canonical(folder, error);
}

std::optional<net::Response> StaticFiles::find(const std::vector<std::string>& segments) const {
  if (root_.empty()) return std::nullopt;
  fs::path path = root_;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool trailing_slash = i + 1 == segments.size() && segments[i].empty();
    if (!trailing_slash && !is_plain_name(segments[i])) return std::nullopt;
    path /= trailing_slash ? "index.html" : segments[i];
  }
  if (segments.empty()) path /= "index.html";
  std::error_code error;
  path = fs::canonical(path, error);
  if (error || !is_inside(path, root_) || !fs::is_regular_file(path, error)) return std::nullopt;
  if (fs::file_size(path, error) > kMaxFileBytes || error) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  net::Response response;
  response.type = content_type(path);
  response.body.assign(std::istreambuf_iterator<char>(file), {});
  response.headers.emplace_back("Cache-Control", "no-cache");
  return response;
}

}  // namespace vuer_rtc::server
