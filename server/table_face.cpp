#include "table_face.hpp"

#include <chrono>
#include <filesystem>

#include "http/json_object.hpp"
#include "log.hpp"
#include "metrics/metrics.hpp"
#include "policies.hpp"
#include "protocol/table/close_code.hpp"

namespace vuer_rtc::server {
namespace {

constexpr const char* kDefaultChannel = "default";

/// Of the address, or the only one that the token speaks of.
std::string channel_of(const Target& target, const Grant& grant) {
  const std::string* name = target.item("channel");
  if (name != nullptr) return *name;
  return grant.only_room().value_or(kDefaultChannel);
}

std::size_t size(std::int64_t flag) { return static_cast<std::size_t>(flag); }

std::set<std::string> tables_of(const Config& config) {
  return {config.table_tables.begin(), config.table_tables.end()};
}

class Talk final : public net::Talk {
 public:
  Talk(table::Host& host, table::ConnectionId connection) : host_(host), connection_(connection) {}
  bool on_message(std::string_view bytes, bool text) override {
    return host_.frame(connection_, bytes, text);
  }
  void on_refused(std::string_view bytes, bool text, std::int64_t) override {
    host_.refuse(connection_, bytes, text);
  }
  void on_drained() override { host_.drained(connection_); }
  void on_ping(bool all_sent) override { host_.pinged(connection_, all_sent); }
  void on_pong() override { host_.ponged(connection_); }
  void on_gone() override { host_.gone(connection_); }

 private:
  table::Host& host_;
  table::ConnectionId connection_;
};

}  // namespace

table::HostOptions table_options(const Config& config) {
  table::HostOptions options;
  table::ChannelOptions& channel = options.channel;
  if (config.table_ack_version == "server") channel.ack_version = table::AckVersion::Server;
  if (config.table_pull == "literal") channel.pull = table::PullMode::Literal;
  if (config.table_pull == "full") channel.pull = table::PullMode::Full;
  channel.pull_chunk = size(config.table_pull_chunk);
  channel.max_changes = size(config.table_max_changes);
  channel.tables = tables_of(config);
  options.open_channels = size(config.table_open_channels);
  options.max_members = size(config.table_max_clients_per_channel);
  return options;
}

/// Beside the database of the rooms, and in memory where that is.
TableDiskOptions table_disk_options(const Config& config) {
  TableDiskOptions options;
  const std::filesystem::path rooms = std::filesystem::path(config.data_dir) /
                                      config.database.substr(config.database.find(':') + 1);
  options.folder = config.table_data_dir;
  if (options.folder.empty() && config.database != "memory:")
    options.folder = (rooms.parent_path() / "tables").string();
  if (config.table_durability == "normal") options.durability = Durability::Relaxed;
  options.tables = tables_of(config);
  options.max_channels = size(config.table_max_channels);
  return options;
}

table::HostServices table_services(std::function<void(std::function<void()>)> post) {
  using namespace std::chrono;
  table::HostServices services;
  services.steady_clock = [] {
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
  };
  services.wall_clock = system_wall_time;
  services.post = std::move(post);
  services.log = [](std::string_view event, std::string_view channel, std::string_view detail) {
    log(LogLevel::Debug, event, {{"channel", channel}, {"detail", detail}});
  };
  services.count = [](const table::ChannelFigures& one) {
    const auto add = [](auto& figures, std::initializer_list<std::uint64_t> counts) {
      std::size_t at = 0;
      for (const std::uint64_t count : counts) figures[at++].add(static_cast<double>(count));
    };
    add(metrics.table_messages, {one.updates, one.pulls, one.acks});
    add(metrics.table_changes, {one.won, one.lost, one.reissued});
    add(metrics.table_envelopes, {one.envelopes_sent, one.envelopes_received, one.gaps});
    for (const auto& [fault, count] : one.refused)
      metrics.table_refused[static_cast<std::size_t>(fault)].add(static_cast<double>(count));
  };
  return services;
}

void show_table_figures(const table::Host& host) {
  std::int64_t lag = 0;
  for (const table::ChannelInfo& channel : host.list()) lag = std::max(lag, channel.most_lag);
  metrics.table_channels.set(static_cast<double>(host.channel_count()));
  metrics.table_connections.set(static_cast<double>(host.connection_count()));
  metrics.table_lag.set(static_cast<double>(lag));
}

TableFace::TableFace(table::Host& host, const TableDisk& disk, const Config& config,
                     Identify identify)
    : host_(host), disk_(disk), policy_(table_policy(config)), identify_(std::move(identify)) {}

/// Who names a session at the root is a client of the rooms with a wrong path.
bool TableFace::takes(const Target& target) const {
  if (target.segments == std::vector<std::string>{"table"}) return true;
  const bool is_root = target.segments.empty() || target.segments == std::vector<std::string>{""};
  return is_root && target.item("sessionId") == nullptr;
}

void TableFace::judge(const net::Request& request, net::Upgrade& verdict) const {
  const std::optional<Target> target = parse_target(request.target);
  if (!target || !takes(*target)) return;
  verdict.policy = &policy_;
  if (verdict.refused_with == 0) verdict.refused_with = refused_with(request, *target);
}

/// 0, or the status that says why not.
int TableFace::refused_with(const net::Request& request, const Target& target) const {
  const std::string* name = target.item("channel");
  if (name != nullptr && !table::is_channel_name(*name)) return 400;
  const Result<Grant> grant = identify_(request);
  if (!grant) return 401;
  const std::string channel = channel_of(target, *grant);
  if (!grant->right_in(channel)) return 403;
  return host_.has_place_in(channel) && disk_.has_place_for(channel) ? 0 : 503;
}

std::unique_ptr<net::Talk> TableFace::connect(const net::Request& request, const Target& target,
                                              net::Peer& peer) {
  const Result<Grant> grant = identify_(request);
  const std::string channel = grant ? channel_of(target, *grant) : "";
  const std::optional<Right> right = grant ? grant->right_in(channel) : std::nullopt;
  if (!right) {  // the token has ended since the request was judged
    peer.close(table::kUnauthorized, "unauthorized");
    return nullptr;
  }
  const std::string* binary = target.item("binary");
  const table::Pass pass{may_write(*right), binary != nullptr && *binary == "1", grant->ends()};
  return std::make_unique<Talk>(host_, host_.connect(channel, pass, peer));
}

}  // namespace vuer_rtc::server
