// The commands that work on a database file while no server has it: check, inspect, replay, backup,
// export and import. None of them changes what is there; import adds a room.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "flags.hpp"
#include "vuer_rtc/error.hpp"

namespace vuer_rtc::server {

/// What a command prints, and what the process ends with.
struct CommandAnswer {
  std::string text;
  int status = 0;
};

/// Shows a line in place of the one before.
using Progress = std::function<void(const std::string& line)>;

using StoreCommand = Result<CommandAnswer> (*)(std::span<const std::string_view> arguments,
                                               const Environment& environment,
                                               const Progress& progress);

// An error names the flag or the file that is wrong.

/// Reads every row of every log, replays every journal: status 1 and a line for each fault.
Result<CommandAnswer> run_check(std::span<const std::string_view> arguments,
                                const Environment& environment, const Progress& progress);
/// The logs of a file, or the messages of one room.
Result<CommandAnswer> run_inspect(std::span<const std::string_view> arguments,
                                  const Environment& environment, const Progress& progress);
/// The document of a room as of a serverSeq: digest and graph.
Result<CommandAnswer> run_replay(std::span<const std::string_view> arguments,
                                 const Environment& environment, const Progress& progress);
Result<CommandAnswer> run_export(std::span<const std::string_view> arguments,
                                 const Environment& environment, const Progress& progress);
Result<CommandAnswer> run_backup(std::span<const std::string_view> arguments,
                                 const Environment& environment, const Progress& progress);
Result<CommandAnswer> run_import(std::span<const std::string_view> arguments,
                                 const Environment& environment, const Progress& progress);

}  // namespace vuer_rtc::server
