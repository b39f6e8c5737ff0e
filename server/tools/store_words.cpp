#include "tools/store_words.hpp"

#include <algorithm>
#include <filesystem>

namespace vuer_rtc::server {
namespace {

std::vector<Flag> flags_of(StoreWords& to, std::span<const std::string_view> wanted) {
  constexpr std::string_view kSection = "Database";
  std::vector<Flag> all = {
#define FLAG_ROWS "tools/store_flags.def"
#include "tools/as_flags.def"
  };
  std::erase_if(all, [&](const Flag& flag) {
    return flag.name != "config" && flag.name != "help" &&
           std::find(wanted.begin(), wanted.end(), flag.name) == wanted.end();
  });
  return all;
}

}  // namespace

Error refuse_word(std::string_view name, std::string_view why) {
  return make_error(ErrorCode::BadOperation, std::string(name) + ": " + std::string(why));
}

Result<ReadWords> read_store_words(const StoreManual& manual,
                                   std::span<const std::string_view> arguments,
                                   const Environment& environment) {
  ReadWords read;
  StoreWords& words = read.words;
  if (!arguments.empty() && !arguments[0].starts_with("-")) {
    words.subject = arguments[0];
    arguments = arguments.subspan(1);
  }
  if (Status status = read_flags(flags_of(words, manual.flags), arguments, environment); !status)
    return status.error();
  if (words.help) {
    StoreWords defaults;
    read.manual = manual_page(manual.manual, flags_of(defaults, manual.flags));
  } else if (words.subject.empty()) {
    return refuse_word(manual.manual.synopsis, "a word is missing");
  }
  return read;
}

Result<std::unique_ptr<SqliteStore>> open_existing(std::string name) {
  constexpr std::string_view kScheme = "sqlite:";
  if (name.starts_with(kScheme)) name.erase(0, kScheme.size());
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(name, ignored))
    return refuse_word(name, "there is no such file");
  Result<std::unique_ptr<SqliteStore>> store = SqliteStore::open(name);
  if (store) (*store)->look_only();
  return store;
}

}  // namespace vuer_rtc::server
