// vuer-rtc-server: configuration, wiring, run.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <span>
#include <thread>
#include <vector>

#include "auth/token_check.hpp"
#include "config.hpp"
#include "http/request_token.hpp"
#include "log.hpp"
#include "metrics/freed_memory.hpp"
#include "net/server.hpp"
#include "policies.hpp"
#include "protocol/room_host.hpp"
#include "service.hpp"
#include "storage/memory_store.hpp"
#include "storage/sqlite_store.hpp"
#include "storage/store_thread.hpp"
#include "tools/bench_command.hpp"
#include "tools/load_command.hpp"
#include "tools/store_commands.hpp"
#include "tools/token_command.hpp"
#include "vuer_rtc/version.hpp"
#include "yjs_disk.hpp"

namespace vuer_rtc::server {
namespace {

constexpr int kTaken = 1;            // exit code: the address is taken or not ours
constexpr int kUsage = 2;            // exit code: wrong flags, or the database is taken
constexpr int kCloseTime = 4000;     // milliseconds connections get to say goodbye
constexpr int kShutdownTime = 8000;  // milliseconds until the process ends whatever happens
constexpr int kFastTick = 33;
constexpr int kSlowTick = 250;

Now clock_now() {
  using namespace std::chrono;
  const std::int64_t nanos =
      duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
  return {nanos / 1'000'000,
          duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count(), nanos};
}

LogLevel level_of(const std::string& name) {
  if (name == "error") return LogLevel::Error;
  if (name == "warn") return LogLevel::Warn;
  return name == "debug" || name == "trace" ? LogLevel::Debug : LogLevel::Info;
}

Result<std::unique_ptr<LogStore>> open_store(const Config& config) {
  const std::string& url = config.database;
  if (url == "memory:") return std::unique_ptr<LogStore>(std::make_unique<MemoryStore>());
  const std::filesystem::path folder = config.data_dir;
  std::error_code fault;
  if (!folder.empty()) std::filesystem::create_directories(folder, fault);
  if (fault) return make_error(ErrorCode::Storage, folder.string() + ": " + fault.message());
  const bool relaxed = config.durability == "relaxed";
  Result<std::unique_ptr<SqliteStore>> store =
      SqliteStore::open((folder / url.substr(std::string_view("sqlite:").size())).string(),
                        system_wall_time, relaxed ? Durability::Relaxed : Durability::Full);
  if (!store) return store.error();
  return std::unique_ptr<LogStore>(std::move(*store));
}

/// One processor is left to the storage.
std::size_t loop_count(const Config& config) {
  if (config.threads != 0) return static_cast<std::size_t>(config.threads);
  return std::max(2u, std::thread::hardware_concurrency()) - 1;
}

/// Of one loop out of so many.
HostOptions host_options(const Config& config, std::size_t loops) {
  HostOptions options;
  options.room.limits.message_bytes = static_cast<std::size_t>(config.max_message_size);
  options.room.limits.ops = static_cast<std::size_t>(config.max_ops);
  options.room.max_depth = static_cast<int>(config.max_depth);
  options.room.limits.array_length = static_cast<std::size_t>(config.max_array_length);
  options.room.limits.key_bytes = static_cast<std::size_t>(config.max_key_bytes);
  options.room.limits.waiting_inserts = static_cast<std::size_t>(config.max_waiting_inserts);
  options.room.relaxed = config.durability == "relaxed";
  options.room.max_members = static_cast<std::size_t>(config.max_clients_per_room);
  options.room.compact_interval = config.compact_interval * 1000;
  options.room.compact_min_operations = static_cast<std::size_t>(config.compact_min_operations);
  options.room.journal_keep = static_cast<std::size_t>(config.journal_keep);
  options.backlog_frames = static_cast<std::size_t>(config.queue_frames) / 2;
  options.max_rooms = (static_cast<std::size_t>(config.max_rooms) + loops - 1) / loops;
  options.room_timeout = config.room_timeout_minutes * 60'000;
  return options;
}

yjs::HostServices yjs_services(const Config& config, const TokenCheck& tokens, const Post& post) {
  yjs::HostServices services;
  services.steady_clock = [] { return clock_now().steady; };
  services.wall_clock = [] { return clock_now().wall; };
  services.new_name = random_epoch;
  services.check_token = [&tokens](std::string_view token) -> std::optional<yjs::Pass> {
    const Result<Grant> grant = tokens.check(token, clock_now().wall);
    if (!grant) return std::nullopt;
    return pass_of(*grant);
  };
  services.post = post;
  services.count = count_yjs_figures;
  services.logs_messages = level_of(config.log_level) == LogLevel::Debug;
  services.log = [](std::string_view event, std::string_view room, std::string_view detail) {
    log(LogLevel::Debug, event, {{"room", room}, {"detail", detail}});
  };
  return services;
}

int fail(const std::string& text, int code = kUsage) {
  std::fprintf(stderr, "vuer-rtc-server: %s\n", text.c_str());
  return code;
}

void announce(const Config& config, std::uint16_t port) {
  const bool v6 = config.host.find(':') != std::string::npos;
  const char* scheme = config.tls_cert.empty() ? "http" : "https";
  std::printf("listening on %s://%s%s%s:%u\n", scheme, v6 ? "[" : "", config.host.c_str(),
              v6 ? "]" : "", port);
  std::fflush(stdout);
  if (config.allow_anonymous) log(LogLevel::Warn, "anonymous_access", {{"host", config.host}});
}

/// First signal: commit, acknowledge, close, end. Second signal: end.
void shut_down_on_signal(net::Server& network, const Rooms& rooms, yjs::Host& yjs_host,
                         table::Host& tables) {
  network.on_signal([&network, rooms, &yjs_host, &tables, asked = false]() mutable {
    if (std::exchange(asked, true)) std::_Exit(1);
    log(LogLevel::Info, "shutting_down");
    network.stop_listening();
    network.stop_at_latest(kShutdownTime);
    rooms.shut_down([&] {
      yjs_host.shut_down([&] { tables.shut_down([&network] { network.stop(kCloseTime); }); });
    });
  });
}

/// A certificate that cannot be read leaves the present one in use.
void reload_on_hangup(net::Server& network, const Config& config) {
  network.on_hangup([&network, &config] {
    std::string fault;
    if (config.tls_cert.empty()) return;
    if (network.use_tls(config.tls_cert, config.tls_key, fault)) {
      log(LogLevel::Info, "certificate_loaded");
    } else {
      log(LogLevel::Error, "certificate_not_loaded", {{"error", fault}});
    }
  });
}

/// The core's rooms of one event loop, and their way to the store.
struct RoomLoop {
  RoomLoop(const StoreQueue& other, const HostOptions& options, HostServices services)
      : store(other, services.post), host(store, options, services) {}
  StoreQueue store;
  RoomHost host;
};

class RoomLoops {
 public:
  RoomLoops(net::Server& network, const StoreQueue& store, const Config& config,
            const TokenCheck& tokens)
      : network_(network) {
    const std::size_t count = network.loop_count();
    for (std::size_t at = 0; at < count; ++at) {
      const Post post = [&network, at](std::function<void()> what) {
        network.post(std::move(what), at);
      };
      const auto tick_soon = [&network, at] { network.hurry(kFastTick, at); };
      const auto check_token = [&tokens](std::string_view token, std::int64_t wall) {
        return tokens.check(token, wall);
      };
      loops_.push_back(std::make_unique<RoomLoop>(
          store, host_options(config, count),
          HostServices{clock_now, random_epoch, tick_soon, check_token, post}));
    }
  }

  Rooms rooms() {
    std::vector<RoomHost*> hosts;
    for (const auto& loop : loops_) hosts.push_back(&loop->host);
    return Rooms(std::move(hosts), [this](std::size_t loop, std::function<void()> what) {
      network_.dispatch(std::move(what), loop);
    });
  }

  /// `others` is what else is to be done on the first loop at each tick.
  void start_ticking(const std::function<void()>& others) {
    for (std::size_t at = 0; at < loops_.size(); ++at) {
      const auto tick = [this, at, others] {
        RoomHost& host = loops_[at]->host;
        host.tick();
        if (at == 0) others();
        return host.wants_fast_ticks() ? kFastTick : kSlowTick;
      };
      network_.repeat(tick, at);
    }
  }

 private:
  net::Server& network_;
  std::vector<std::unique_ptr<RoomLoop>> loops_;
};

int serve(const Config& config) {
  Result<std::vector<JwtKey>> keys =
      read_jwt_keys(config.jwt_hs256_key_file, config.jwt_public_key_file);
  if (!keys) return fail(keys.error().text);
  const TokenCheck tokens(
      {std::move(*keys), config.jwt_audience, config.jwt_issuer, config.admin_token});
  Result<std::unique_ptr<LogStore>> opened = open_store(config);
  if (!opened) return fail(opened.error().text);
  net::Server network(address_policy(config), loop_count(config));
  const Post post = [&network](std::function<void()> what) { network.post(std::move(what)); };
  StoreThread store(std::move(*opened), post);
  RoomLoops loops(network, store.queue(), config, tokens);
  const auto identify = [&tokens](const net::Request& request) {
    return tokens.check(request_token(request), clock_now().wall);
  };
  YjsDisk yjs_disk(store.queue(), random_epoch, [] { return clock_now().wall; });
  yjs::Host yjs_host(yjs_disk, yjs_options(config), yjs_services(config, tokens, post));
  Service service(loops.rooms(), config, room_policy(config), identify);
  service.add_yjs(yjs_host);
  TableDisk table_disk(store.queue(), table_disk_options(config));
  table::Host tables(table_disk, table_options(config), table_services(post));
  service.add_tables(tables, table_disk);
  std::string fault;
  if (!network.listen(config.host, static_cast<std::uint16_t>(config.port), service, fault))
    return fail(fault, kTaken);
  if (!config.tls_cert.empty() && !network.use_tls(config.tls_cert, config.tls_key, fault))
    return fail(fault);
  reload_on_hangup(network, config);
  shut_down_on_signal(network, loops.rooms(), yjs_host, tables);
  loops.start_ticking([&yjs_host, &tables, memory = std::make_shared<FreedMemory>()] {
    yjs_host.tick();
    tables.tick();
    show_yjs_figures(yjs_host);
    show_table_figures(tables);
    memory->give_back(clock_now().steady);
  });
  announce(config, network.port());
  network.run();
  log(LogLevel::Info, "stopped");
  return 0;
}

int serve_command(std::span<const std::string_view> arguments) {
  const Result<Config> config =
      read_config(arguments, [](const char* name) { return std::getenv(name); });
  if (!config) return fail(config.error().text);
  if (config->help || config->version) {
    std::fputs(config->help ? help_text().c_str() : kVersion, stdout);
    if (config->version) std::fputs("\n", stdout);
    return 0;
  }
  set_log_level(level_of(config->log_level));
  set_log_format(config->log_format == "text" ? LogFormat::Text : LogFormat::Json);
  return serve(*config);
}

struct Command {
  std::string_view name;
  int (*run)(std::span<const std::string_view> arguments);
};

int token_command(std::span<const std::string_view> arguments) {
  const Result<std::string> text = run_token_command(
      arguments, [](const char* name) { return std::getenv(name); }, clock_now().wall);
  if (!text) return fail("token: " + text.error().text);
  std::fputs(text->c_str(), stdout);
  return 0;
}

/// Progress only where somebody watches; an empty line takes it away.
void show_progress(const std::string& line) {
  if (isatty(STDERR_FILENO) == 1) std::fprintf(stderr, "\r\033[K%s", line.c_str());
}

int load_command(std::span<const std::string_view> arguments) {
  const Result<std::string> text = run_load_command(
      arguments, [](const char* name) { return std::getenv(name); }, show_progress);
  show_progress("");
  if (!text) return fail("load: " + text.error().text);
  std::fputs(text->c_str(), stdout);
  return 0;
}

int bench_command(std::span<const std::string_view> arguments) {
  const Result<std::string> text = run_bench_command(
      arguments, [](const char* name) { return std::getenv(name); }, show_progress);
  show_progress("");
  if (!text) return fail("bench: " + text.error().text);
  std::fputs(text->c_str(), stdout);
  return 0;
}

template <StoreCommand command>
int store_command(std::span<const std::string_view> arguments) {
  const Result<CommandAnswer> answer = command(
      arguments, [](const char* name) { return std::getenv(name); }, show_progress);
  show_progress("");
  if (!answer) return fail(answer.error().text);
  std::fputs(answer->text.c_str(), stdout);
  return answer->status;
}

constexpr Command kCommands[] = {{"serve", serve_command},
                                 {"token", token_command},
                                 {"load", load_command},
                                 {"bench", bench_command},
                                 {"backup", store_command<run_backup>},
                                 {"check", store_command<run_check>},
                                 {"inspect", store_command<run_inspect>},
                                 {"replay", store_command<run_replay>},
                                 {"export", store_command<run_export>},
                                 {"import", store_command<run_import>}};

/// The first word names the command; without one the server is started.
int run(std::vector<std::string_view> words) {
  std::span<const std::string_view> arguments = words;
  if (words.empty() || words[0].starts_with("-")) return serve_command(arguments);
  for (const Command& command : kCommands) {
    if (command.name == words[0]) return command.run(arguments.subspan(1));
  }
  return fail(std::string(words[0]) + ": unknown command; --help shows what there is");
}

}  // namespace
}  // namespace vuer_rtc::server

int main(int count, char** arguments) {
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is a full disk, not the end
  return vuer_rtc::server::run({arguments + 1, arguments + count});
}
