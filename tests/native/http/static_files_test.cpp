#include "http/static_files.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "http/target.hpp"
#include "storage/store_folder.hpp"

using namespace vuer_rtc::server;

namespace {

struct Site {
  Site() {
    write("site/index.html", "home");
    write("site/app.mjs", "js");
    write("site/core.wasm", "w");
    write("site/sub/index.html", "sub");
    write("site/.secret", "no");
    write("secret.txt", "no");
    std::filesystem::create_symlink(folder.path() / "secret.txt", folder.path() / "site/link.txt");
  }
  void write(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder.path() / name).parent_path());
    std::ofstream(folder.path() / name) << text;
  }
  auto get(const std::string& path) {
    const auto target = parse_target(path);
    return target ? StaticFiles(folder.file("site")).find(target->segments) : std::nullopt;
  }
  StoreFolder folder;
};

}  // namespace

TEST_CASE("static_files_have_their_types") {
  Site site;
  CHECK(site.get("/")->body == "home");
  CHECK(site.get("/")->type == "text/html; charset=utf-8");
  CHECK(site.get("/app.mjs")->type == "text/javascript; charset=utf-8");
  CHECK(site.get("/core.wasm")->type == "application/wasm");
  CHECK(site.get("/sub/")->body == "sub");
}

TEST_CASE("static_files_stay_in_their_folder") {
  Site site;
  for (const char* path :
       {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/sub/../../secret.txt",
        "/.secret", "/link.txt", "/%2fetc/passwd", "//etc/passwd", "/..%5csecret.txt", "/sub",
        "/missing", "/index.html%00", "/./index.html"}) {
    INFO(path);
    CHECK_FALSE(site.get(path).has_value());
  }
}

TEST_CASE("static_files_without_a_folder_serve_nothing") {
  CHECK_FALSE(StaticFiles("").find({}).has_value());
}
