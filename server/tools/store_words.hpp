// What the commands on a database file share: their words on the command line, the file, the text
// of their manuals.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/sqlite_store.hpp"
#include "tools/store_commands.hpp"

namespace vuer_rtc::server {

struct StoreWords {
  std::string subject;  ///< the word without dashes: a file, or a room
#define FLAG_ROWS "tools/store_flags.def"
#include "tools/as_members.def"

  LogId log(const std::string& name) const { return {schema, name}; }
};

/// A command's manual, and its flags besides --help and --config.
struct StoreManual {
  Manual manual;
  std::span<const std::string_view> flags;
};

/// What was asked for: `manual` is the text to print instead of doing anything.
struct ReadWords {
  StoreWords words;
  std::optional<std::string> manual;
};
/// BadOperation names what is wrong.
Result<ReadWords> read_store_words(const StoreManual& manual,
                                   std::span<const std::string_view> arguments,
                                   const Environment& environment);

/// Opens a database that is there; `name` may begin with "sqlite:".
Result<std::unique_ptr<SqliteStore>> open_existing(std::string name);

Error refuse_word(std::string_view name, std::string_view why);

}  // namespace vuer_rtc::server
