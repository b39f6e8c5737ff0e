// The table channels by name and their connections (table endpoint specification, sections 1, 10.2
// and 11): loads channels, brings them what connections and other instances say, carries out what
// they ask for, closes them when idle. Everything runs on one event loop; the disk answers there.
#pragma once

#include <functional>
#include <unordered_map>

#include "net/application.hpp"
#include "protocol/room_table.hpp"
#include "protocol/table/bus.hpp"
#include "protocol/table/channel.hpp"

namespace vuer_rtc::table {

/// 1 to 128 of `A-Za-z0-9_-.:@`.
bool is_channel_name(std::string_view name);

/// Where channels are kept. Answers come later, on the host's loop; writes of one channel are in
/// order.
class Disk {
 public:
  virtual ~Disk() = default;
  /// Nothing: it cannot be read now, or there are too many; never an empty channel.
  virtual void load(const std::string& channel,
                    std::function<void(std::optional<Stored>)> done) = 0;
  /// True: it is durable.
  virtual void write(const std::string& channel, Write write, std::function<void(bool)> done) = 0;
  /// Nothing follows for this channel until it is loaded again.
  virtual void forget(const std::string& channel) = 0;
};

/// What a connection's token allows in its channel.
struct Pass {
  bool may_write = true;
  bool is_binary = false;  ///< until it says something
  std::int64_t ends = 0;   ///< wall clock, milliseconds
};

struct HostOptions {
  ChannelOptions channel;
  std::size_t open_channels = 256;
  std::size_t max_members = 100;          ///< of a channel
  std::int64_t idle_time = 60'000;        ///< milliseconds without connections
  std::size_t waiting_bytes = 16u << 20;  ///< what may wait for the disk before reading stops
};

struct HostServices {
  std::function<std::int64_t()> steady_clock, wall_clock;
  std::function<void(std::function<void()>)> post;
  std::function<void(std::string_view event, std::string_view channel, std::string_view detail)>
      log;
  std::function<void(const ChannelFigures&)> count;
  Bus* bus = nullptr;  ///< null: the instance serves alone
};

/// A loaded channel as it is shown to administrators.
struct ChannelInfo {
  std::string name;
  std::size_t connections = 0;
  std::int64_t version = 0, most_lag = 0;
  double mean_lag = 0;
  std::size_t rows = 0, content_bytes = 0;
};

class Host {
 public:
  Host(Disk& disk, const HostOptions& options, HostServices services);
  ~Host();

  bool has_place_in(const std::string& channel) const;
  /// The peer must live until gone().
  ConnectionId connect(const std::string& channel, Pass pass, net::Peer& peer);
  /// False: read no further until the peer is told to.
  bool frame(ConnectionId connection, std::string_view bytes, bool text);
  /// A frame over the rate limit.
  void refuse(ConnectionId connection, std::string_view bytes, bool text);
  void drained(ConnectionId connection);
  void pinged(ConnectionId connection, bool all_sent);
  void ponged(ConnectionId connection);
  void gone(ConnectionId connection);
  void tick();
  /// Asks the other instances for what was missed, in every channel that is open.
  void catch_up();

  /// Everything on disk, every connection closed with 1012, then `done`.
  void shut_down(std::function<void()> done);

  std::vector<ChannelInfo> list() const;
  std::size_t connection_count() const { return connections_.size(); }
  std::size_t channel_count() const { return channels_.size(); }
  bool storage_fails() const { return storage_fails_; }

 private:
  using Hosted = server::HostedRoom<Channel>;
  using Shared = std::shared_ptr<Hosted>;
  struct Connection {
    net::Peer* peer = nullptr;
    Pass pass;
    Shared channel;
    bool is_text = true;
  };

  void load(const Shared& hosted);
  void turn(const Shared& hosted);
  void perform(const Shared& hosted, Send& send);
  void perform(const Shared& hosted, Close& close);
  void perform(const Shared& hosted, Publish& publish);
  void perform(const Shared& hosted, Write& write);
  void written(const Shared& hosted, bool ok);
  void hear(bool is_request, const std::string& text);
  /// What a connection says, as soon as its channel is there.
  bool say(ConnectionId id, bool text, std::function<void(Channel&)> what);
  void ask(ConnectionId id, const std::function<void(Channel&)>& what);
  void close_expired();
  void finish_shutdown();

  Disk& disk_;
  HostOptions options_;
  HostServices services_;
  server::RoomTable<Hosted> channels_;
  std::unordered_map<ConnectionId, Connection> connections_;
  ConnectionId last_connection_ = 0;
  bool storage_fails_ = false, shutting_down_ = false;
  std::function<void()> shut_down_done_;
};

}  // namespace vuer_rtc::table
