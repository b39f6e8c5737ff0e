// The messages of table clients as JSON (table endpoint specification, sections 2, 3, 12 and 13):
// every check that needs nothing but the message itself, and what the server says.
#pragma once

#include <optional>
#include <set>

#include "protocol/table/change.hpp"

namespace vuer_rtc::table {

enum class Fault : std::uint8_t {
#define FAULT(symbol, code, holds, when) symbol,
#include "protocol/table/faults.def"
};
std::string_view fault_code(Fault fault);
bool fault_holds(Fault fault);

inline constexpr std::int64_t kMostVersion = (std::int64_t{1} << 53) - 1;

/// What a message must keep to beside its shape.
struct Rules {
  std::string channel;
  std::set<std::string> tables;  ///< empty: any well-formed name
  std::size_t max_changes = 100'000;
};

enum class Type : std::uint8_t { Connected, Update, Pull, Ack };

struct Message {
  Type type = Type::Connected;
  Changes changes;
  std::int64_t version = 0;
  std::string site;
  std::optional<std::int64_t> since;
  bool full = false;
};

/// A message that changes nothing. `lowest` is the smallest of its sender's own numbers in it, as
/// far as it can be read.
struct Refusal {
  Fault fault = Fault::BadJson;
  std::string text;
  std::optional<std::int64_t> version;
  bool is_update = false;
  std::optional<std::int64_t> lowest;
};

/// Why a well-formed message is refused all the same.
Refusal refusal_of(const Message& message, Fault fault, std::string text);

/// One frame: a message, or why it is none.
std::variant<Message, Refusal> read_message(std::string_view frame, const Rules& rules);

/// What another instance published, or asks for.
struct Envelope {
  std::string node;  ///< empty: a publisher that knows only the guide
  std::string channel, target;
  std::int64_t from = 0, to = 0;
  std::string site;
  Changes changes;
};
struct Request {
  std::string node, target, channel;
  std::int64_t since = 0;
};
std::optional<Envelope> read_envelope(std::string_view text);
std::optional<Request> read_request(std::string_view text);

/// What every message of the server begins with.
struct Sender {
  std::string site, channel;
};
struct Ack {
  std::int64_t version = 0, server_version = 0;
  bool gap = false, held = false;
};
std::string write_connected(const Sender& sender, std::int64_t version);
std::string write_update(const Sender& sender, const std::vector<const Change*>& changes,
                         std::int64_t version);
std::string write_ack(const Sender& sender, const Ack& ack);
std::string write_error(const Sender& sender, const Refusal& refusal);
/// `update` is what write_update gave.
std::string write_envelope(const Envelope& head, std::string_view update);
std::string write_request(const Request& request);
void append_value(const Value& value, std::string& out);

}  // namespace vuer_rtc::table
