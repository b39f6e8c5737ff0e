// Connections of both faces: how they come into a room and leave it (endpoint specification,
// sections 11.1 and 11.2).
#include <algorithm>

#include "protocol/utf8.hpp"
#include "protocol/yjs/close_code.hpp"
#include "protocol/yjs/host.hpp"
#include "protocol/yjs/json.hpp"

namespace vuer_rtc::yjs {
namespace {

constexpr std::int64_t kJoinGrace = 10'000;
constexpr std::string_view kRoomFull = "Room capacity reached",
                           kTooManyRooms = "Room limit reached";

std::string quoted(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (byte < 0x20) {
      out += {'\\', 'u', '0', '0', kDigits[byte >> 4], kDigits[byte & 15]};
    } else {
      out.push_back(c);
    }
  }
  return out + "\"";
}

void send_text(net::Peer& peer, std::string text) {
  const auto owner = std::make_shared<const std::string>(std::move(text));
  peer.send({owner, *owner, true, net::Weight::Ordered});
}

}  // namespace

bool is_room_name(std::string_view name) {
  constexpr std::size_t kMostBytes = 512;
  const auto is_control = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; };
  return !name.empty() && name.size() <= kMostBytes && server::is_utf8(name) &&
         std::none_of(name.begin(), name.end(), is_control);
}

ConnectionId Host::connect(const std::string& room, Pass pass, bool echo, net::Peer& peer) {
  const ConnectionId id = ++last_connection_;
  Connection& connection = connections_[id];
  connection.peer = &peer;
  connection.pass = std::move(pass);
  enter(id, connection, room, echo);
  return id;
}

ConnectionId Host::connect_zeal(Pass pass, net::Peer& peer) {
  const ConnectionId id = ++last_connection_;
  Connection& connection = connections_[id];
  connection.peer = &peer;
  connection.pass = std::move(pass);
  connection.face = Face::Zeal;
  connection.roomless_at = services_.steady_clock();
  connection.name = services_.new_name();
  if (shutting_down_) peer.close(kShutdown, "shutdown");
  return id;
}

bool Host::enter(ConnectionId id, Connection& connection, const std::string& room, bool echo) {
  const auto may_write = connection.pass.may_write_in(room);
  if (shutting_down_) {
    connection.peer->close(kShutdown, "shutdown");
    return false;
  }
  if (!may_write) return refuse(connection, "Not allowed", "forbidden", kForbidden), false;
  const Shared hosted = rooms_.open(room);
  if (!hosted) return refuse(connection, kTooManyRooms, "room_limit", kTryLater), false;
  if (options_.max_members != 0 && hosted->connections.size() >= options_.max_members)
    return refuse(connection, kRoomFull, "room_full", kTryLater), false;
  hosted->connections.insert(id);
  connection.room = hosted;
  services_.log("yjs_connected", room, "");
  const Joining joining{connection.face, *may_write, echo || options_.echo};
  rooms_.when_ready(hosted, [this, id, hosted, joining](Room* room) {
    const auto at = connections_.find(id);
    if (at == connections_.end() || at->second.room != hosted) return;
    Connection& joined = at->second;
    if (room == nullptr) return joined.peer->close(kTryLater, "loading");
    if (joined.face == Face::Zeal) {
      send_text(*joined.peer, R"({"type":"joined","roomName":)" + quoted(hosted->name) +
                                  R"(,"clientId":)" + quoted(joined.name) + "}");
    }
    room->join(id, joining, services_.steady_clock());
  });
  return true;
}

void Host::leave_room(ConnectionId id, Connection& connection) {
  const Shared hosted = std::exchange(connection.room, nullptr);
  connection.roomless_at = services_.steady_clock();
  if (!hosted) return;
  hosted->connections.erase(id);
  hosted->since = services_.steady_clock();
  services_.log("yjs_disconnected", hosted->name, "");
  rooms_.when_ready(hosted, [this, id](Room* room) {
    if (room != nullptr) room->leave(id, services_.steady_clock());
  });
}

bool Host::frame(ConnectionId id, std::string_view bytes, bool text) {
  const auto at = connections_.find(id);
  if (at == connections_.end() || shutting_down_) return false;
  Connection& connection = at->second;
  if (text && connection.face == Face::Zeal) {
    take_text(id, connection, bytes);
    return true;
  }
  const Shared hosted = connection.room;
  if (!hosted) return true;  // nobody listens before the join
  if (services_.logs_messages) services_.log("yjs_received", hosted->name, describe(bytes));
  if (hosted->room && !text) {
    hosted->room->receive(id, bytes, services_.steady_clock());
    rooms_.schedule(hosted);
  } else {
    rooms_.when_ready(hosted, [this, id, text, frame = std::string(bytes)](Room* room) {
      if (room == nullptr) return;
      if (text) return room->refuse_text(id);
      room->receive(id, frame, services_.steady_clock());
    });
  }
  const bool pause = !hosted->room || hosted->room->waiting_bytes() > options_.waiting_bytes;
  if (pause) hosted->paused.push_back(id);
  return !pause;
}

void Host::take_text(ConnectionId id, Connection& connection, std::string_view text) {
  const auto texts = json_texts(text);
  if (!texts) return refuse(connection, "Not a JSON object", "bad_json", 0);
  const auto word = [&](const char* name) {
    const auto at = texts->find(name);
    return at == texts->end() ? std::string() : at->second;
  };
  const std::string action = word("action"), room = word("room");
  if (action != "join" && action != "leave")
    return refuse(connection, "Unknown action", "bad_action", 0);
  if (!is_room_name(room)) return refuse(connection, "Bad room name", "bad_room", 0);
  if (action == "join") {
    leave_room(id, connection);
    enter(id, connection, room, false);
  } else if (connection.room && connection.room->name == room) {
    leave_room(id, connection);
    send_text(*connection.peer, R"({"type":"left","roomName":)" + quoted(room) + "}");
  }
}

/// On the Zeal face the reason comes as a text first; `close` 0: the connection stays.
void Host::refuse(Connection& connection, std::string_view error, std::string_view code,
                  int close) {
  if (connection.face == Face::Zeal) {
    send_text(*connection.peer,
              R"({"type":"error","error":)" + quoted(error) + R"(,"code":)" + quoted(code) + "}");
  }
  services_.log("yjs_refused", connection.room ? connection.room->name : "", code);
  const std::string_view reason = close == kForbidden     ? "forbidden"
                                  : close == kJoinTimeout ? "join timeout"
                                                          : error;
  if (close != 0) connection.peer->close(close, reason);
}

void Host::drained(ConnectionId id) {
  const auto at = connections_.find(id);
  if (at == connections_.end() || !at->second.room || !at->second.room->room) return;
  at->second.room->room->drained(id, services_.steady_clock());
  rooms_.schedule(at->second.room);
}

void Host::gone(ConnectionId id) {
  const auto at = connections_.find(id);
  if (at == connections_.end()) return;
  leave_room(id, at->second);
  connections_.erase(at);
}

/// Tokens that have ended, and connections that never joined.
void Host::check_connections() {
  const std::int64_t wall = services_.wall_clock(), now = services_.steady_clock();
  for (auto& [id, connection] : connections_) {
    if (wall >= connection.pass.ends) connection.peer->close(kUnauthorized, "unauthorized");
    const bool is_late = connection.face == Face::Zeal && !connection.room &&
                         now - connection.roomless_at >= kJoinGrace;
    if (is_late) refuse(connection, "Join expected", "join_timeout", kJoinTimeout);
  }
}

}  // namespace vuer_rtc::yjs
