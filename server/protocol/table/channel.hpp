// One channel of tables without sockets, disk or clock (table endpoint specification, sections 2
// and 5 to 12): what connections and other instances say goes in, what has to be done comes out.
//
// Whatever the channel says waits until everything it had heard before is on disk: an ack needs no
// further rule, and nobody sees what a crash can take back.
#pragma once

#include <deque>
#include <memory>

#include "net/application.hpp"
#include "protocol/table/lines.hpp"
#include "protocol/table/merge.hpp"
#include "protocol/table/message.hpp"

namespace vuer_rtc::table {

using ConnectionId = std::uint64_t;

enum class AckVersion : std::uint8_t { Sender, Server };
enum class PullMode : std::uint8_t { Tracked, Literal, Full };

struct ChannelOptions {
  AckVersion ack_version = AckVersion::Sender;
  PullMode pull = PullMode::Tracked;
  std::size_t pull_chunk = 1000;
  std::size_t max_changes = 100'000;
  std::set<std::string> tables;
  std::string node;  ///< the name of this instance; empty: it serves alone
  std::size_t content_bytes = 1u << 30;
  std::size_t max_sites = 100'000;
};

/// The same bytes for all who get them, as text or binary. `completes`: after it a connection that
/// has pulled has everything up to this version.
struct Send {
  std::vector<ConnectionId> to;
  std::shared_ptr<const std::string> frame;
  net::Weight weight = net::Weight::Ordered;
  std::optional<std::int64_t> completes;
  bool ends_pull = false;
};
struct Close {
  ConnectionId connection = 0;
  int code = 0;
  std::string reason;
};
/// For the other instances.
struct Publish {
  bool is_request = false;
  std::string text;
};
using Action = std::variant<Send, Close, Publish, Write>;

/// What happened, for the figures.
struct ChannelFigures {
  std::uint64_t updates = 0, pulls = 0, acks = 0, won = 0, lost = 0, reissued = 0;
  std::uint64_t envelopes_sent = 0, envelopes_received = 0, gaps = 0;
  std::map<Fault, std::uint64_t> refused;
};

/// What became of an envelope.
struct EnvelopeOutcome {
  bool is_dropped = false;
  std::size_t merged = 0;
  std::optional<std::pair<std::int64_t, std::int64_t>> gap;
};

class Channel {
 public:
  Channel(std::string name, const ChannelOptions& options, Stored stored);

  void join(ConnectionId connection, bool may_write, std::int64_t now);
  void receive(ConnectionId connection, std::string_view frame, std::int64_t now);
  /// A frame that passing trouble keeps out.
  void refuse(ConnectionId connection, std::string_view frame, Fault fault, std::int64_t now);
  void leave(ConnectionId connection, std::int64_t now);
  /// Everything sent to it has left.
  void drained(ConnectionId connection);
  /// A ping goes out; `all_sent`: behind everything that was said until now.
  void pinged(ConnectionId connection, bool all_sent);
  void ponged(ConnectionId connection);
  void tick(std::int64_t now);

  EnvelopeOutcome take_envelope(Envelope envelope);
  void take_request(const Request& request);
  /// Asks the other instances for what was published while nobody here listened.
  void catch_up();

  std::vector<Action> take_actions();
  /// The last Write is on disk, or it is not: everybody is sent away then, and the channel has to
  /// be loaded again.
  void on_committed();
  void on_commit_failed();
  bool failed() const { return failed_; }

  bool settled() const { return !in_flight_ && !is_changed(); }
  std::size_t member_count() const { return members_.size(); }
  std::size_t waiting_bytes() const { return waiting_bytes_; }
  const std::string& name() const { return name_; }
  const Store& store() const { return store_; }
  std::int64_t version() const { return version_; }
  Dialect dialect() const { return dialect_; }
  std::vector<PeerLine> peers() const;
  ChannelFigures take_figures() { return std::exchange(figures_, {}); }
  /// Largest and mean distance of the sites that are here from the newest version.
  std::pair<std::int64_t, double> lag() const;

 private:
  struct Pull {
    std::string site;
    std::int64_t after = 0;
    bool is_full = false;
  };
  struct Member {
    bool may_write = true, is_closed = false;
    std::string site;                   // of its last pull
    std::optional<std::int64_t> up_to;  // what it was sent, since its first pull was answered
    std::optional<std::int64_t> pinged;
    std::optional<Pull> pull;  // being answered
    std::int64_t last_acked = 0;
    std::optional<std::int64_t> held;        // the smallest number it has to send again
    std::deque<std::int64_t> errors, pulls;  // when
    std::int64_t greeted_at = 0;
    int greetings = 0;
    bool was_heard = false;
  };
  struct Peer {
    std::optional<std::int64_t> received, delivered;
    std::uint64_t used = 0;
  };
  struct Waiting {
    Action action;
    std::uint64_t behind;  // messages that must be on disk first
  };
  struct Unsafe {
    ConnectionId connection;
    std::int64_t version;
    std::uint64_t behind;
  };

  Sender sender() const;
  const std::string& site() const;
  void greet(ConnectionId id, Member& member);
  void handle(ConnectionId id, Member& member, Message message);
  void refuse(ConnectionId id, Member& member, Refusal refusal);
  bool is_too_often(std::deque<std::int64_t>& times, std::size_t most, std::int64_t within) const;
  void hold(Member& member, const Refusal& refusal);

  std::optional<Refusal> check(const Member& member, const Message& message) const;
  void update(ConnectionId id, Member& member, Message message);
  static bool release(const Member& member, const Message& message);
  Ack answer(Member& member, const Message& message);
  void number(const Merged& merged, const Changes& changes);
  std::vector<const Change*> tuples(const std::set<CellKey>& keys) const;
  std::vector<const Change*> tuples_for_clients(const std::set<CellKey>& keys) const;
  bool is_for_clients(const Change& change) const;
  void forward(const std::set<CellKey>& won, std::optional<ConnectionId> except);
  void repair(ConnectionId id, const Merged& merged);
  void publish(const std::set<CellKey>& won);
  std::optional<std::pair<std::int64_t, std::int64_t>> follow(const Envelope& envelope);

  void pull(ConnectionId id, Member& member, const Message& message);
  void send_chunk(ConnectionId id, Member& member);
  bool is_wanted(const Pull& pull, const Change& change) const;
  Peer& peer(const std::string& site);
  void deliver(const std::string& site, std::int64_t version);

  void send(ConnectionId to, std::string frame, net::Weight weight = net::Weight::Ordered);
  void send_update(std::vector<ConnectionId> to, const std::vector<const Change*>& changes);
  void close(ConnectionId id, int code, std::string reason);
  void emit(Action action) { outbox_.push_back({std::move(action), accepted_}); }
  void note_sent(const Send& send);
  bool is_changed() const;
  Write take_write();

  std::string name_;
  ChannelOptions options_;
  Rules rules_;
  SitePair site_;
  Store store_;
  std::int64_t version_ = 0;
  Dialect dialect_ = Dialect::Unset;
  std::int64_t published_ = 0;
  std::map<std::string, std::int64_t> nodes_;
  std::map<std::string, Peer> peers_;
  std::uint64_t uses_ = 0;
  std::map<ConnectionId, Member> members_;
  std::int64_t now_ = 0;
  ChannelFigures figures_;

  std::set<std::pair<std::string, Event>> changed_peers_;
  std::vector<std::string> dropped_peers_;
  bool marks_changed_ = false;  // version, dialect, published or nodes
  std::int64_t marks_due_ = 0;  // when delivery marks alone are worth a write
  std::deque<Waiting> outbox_;
  std::vector<Unsafe> unsafe_;  // updates that no commit holds yet
  std::uint64_t accepted_ = 0, writing_ = 0, committed_ = 0;
  bool in_flight_ = false, failed_ = false;
  std::size_t waiting_bytes_ = 0;
};

}  // namespace vuer_rtc::table
