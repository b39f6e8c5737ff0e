// Frames of clients and envelopes of other instances, read and checked (sections 2, 12 and 13).
#include <algorithm>

#include "protocol/table/change_reader.hpp"
#include "protocol/table/fields.hpp"

namespace vuer_rtc::table {
namespace {

std::optional<Type> type_of(const Fields& fields) {
  const std::optional<std::string> type = fields.text("type");
  if (type == "connected") return Type::Connected;
  if (type == "update") return Type::Update;
  if (type == "pull") return Type::Pull;
  if (type == "ack") return Type::Ack;
  return std::nullopt;
}

std::optional<std::int64_t> version_in(const Fields& fields, const char* name) {
  const std::optional<std::int64_t> found = fields.integer(name);
  const bool fits = found && *found >= 0 && *found <= kMostVersion;
  return fits ? found : std::nullopt;
}

/// Reads one message after its type is known; the first fault ends it.
class MessageReader {
 public:
  MessageReader(const Fields& fields, const Rules& rules) : fields_(fields), rules_(rules) {}

  std::optional<Refusal> read(Message& out) {
    if (fields_.has("channel") && fields_.text("channel") != rules_.channel)
      return refuse(Fault::BadChannel, "channel differs from the connection", out);
    if (out.type == Type::Connected) return std::nullopt;
    const auto site = fields_.text("siteId");
    if (!site || !is_site(*site)) return refuse(Fault::BadMessage, "siteId", out);
    const auto version = version_in(fields_, "version");
    if (!version) return refuse(Fault::BadMessage, "version", out);
    out.site = *site;
    out.version = *version;
    if (out.type == Type::Pull && fields_.has("full")) {
      const std::optional<bool> full = fields_.boolean("full");
      if (!full) return refuse(Fault::BadMessage, "full", out);
      out.full = *full;
    }
    return out.type == Type::Update ? read_update(out) : std::nullopt;
  }

 private:
  std::optional<Refusal> read_update(Message& out) {
    if (fields_.has("since")) {
      out.since = version_in(fields_, "since");
      if (!out.since) return refuse(Fault::BadMessage, "since", out);
    }
    MsgReader reader(fields_.raw("changes"));
    std::uint32_t count = 0;
    if (reader.peek() != MsgType::Array || !reader.read_array(count))
      return refuse(Fault::BadMessage, "changes", out);
    if (count > rules_.max_changes)
      return refuse(Fault::TooManyChanges, "at most " + std::to_string(rules_.max_changes), out);
    const Dialect dialect = dialect_of(out.site);
    const ChangeRules rules{dialect, dialect == Dialect::Causal, rules_.tables};
    out.changes.resize(count);
    for (std::size_t at = 0; at < count; ++at) {
      const auto bad = read_change(reader, rules, out.changes[at]);
      if (bad) return refuse(bad->fault, "change " + std::to_string(at) + ": " + bad->what, out);
    }
    return std::nullopt;
  }

  Refusal refuse(Fault fault, std::string text, const Message& message) const {
    Refusal refusal{fault, std::move(text), fields_.integer("version"), false, std::nullopt};
    refusal.is_update = message.type == Type::Update;
    if (refusal.is_update) refusal.lowest = lowest();
    return refusal;
  }

  /// The smallest number of its own in an update that may be wrong anywhere (section 7.3).
  std::optional<std::int64_t> lowest() const {
    std::optional<std::int64_t> found = version_in(fields_, "version");
    const std::optional<std::string> site = fields_.text("siteId");
    MsgReader reader(fields_.raw("changes"));
    std::uint32_t count = 0;
    if (reader.peek() != MsgType::Array || !reader.read_array(count)) return found;
    for (; count != 0; --count) {
      ByteSpan change;
      if (!reader.read_raw(change)) break;
      const std::optional<std::int64_t> number = own_number(change, site);
      if (number && (!found || *number < *found)) found = number;
    }
    return found;
  }

  const Fields& fields_;
  const Rules& rules_;
};

}  // namespace

std::string_view fault_code(Fault fault) {
  constexpr std::string_view kCodes[] = {
#define FAULT(symbol, code, holds, when) code,
#include "protocol/table/faults.def"
  };
  return kCodes[static_cast<std::size_t>(fault)];
}

bool fault_holds(Fault fault) {
  constexpr bool kHolds[] = {
#define FAULT(symbol, code, holds, when) holds,
#include "protocol/table/faults.def"
  };
  return kHolds[static_cast<std::size_t>(fault)];
}

Refusal refusal_of(const Message& message, Fault fault, std::string text) {
  Refusal refusal{fault, std::move(text), message.version, message.type == Type::Update, {}};
  if (!refusal.is_update) return refusal;
  refusal.lowest = message.version;
  for (const Change& change : message.changes)
    if (change.site == message.site && change.db_version < *refusal.lowest)
      refusal.lowest = change.db_version;
  return refusal;
}

std::variant<Message, Refusal> read_message(std::string_view frame, const Rules& rules) {
  const std::optional<Fields> fields = Fields::read(frame);
  if (!fields) return Refusal{Fault::BadJson, "not a JSON object", {}, false, {}};
  const std::optional<Type> type = type_of(*fields);
  if (!type) return Refusal{Fault::BadType, "unknown type", fields->integer("version"), false, {}};
  Message message;
  message.type = *type;
  if (auto refusal = MessageReader(*fields, rules).read(message)) return *refusal;
  return message;
}

std::optional<Envelope> read_envelope(std::string_view text) {
  const std::optional<Fields> fields = Fields::read(text);
  const std::optional<Fields> inner = fields ? Fields::read(fields->raw("message")) : std::nullopt;
  if (!inner) return std::nullopt;
  Envelope envelope;
  envelope.node = fields->text("node").value_or("");
  envelope.target = fields->text("target").value_or("");
  envelope.from = version_in(*fields, "from").value_or(0);
  envelope.to = version_in(*fields, "to").value_or(0);
  const auto channel = fields->text("channel"), site = inner->text("siteId");
  MsgReader reader(inner->raw("changes"));
  std::uint32_t count = 0;
  if (!channel || !site || !is_site(*site) || reader.peek() != MsgType::Array ||
      !reader.read_array(count))
    return std::nullopt;
  envelope.channel = *channel;
  envelope.site = *site;
  envelope.changes.resize(count);
  const ChangeRules rules{dialect_of(*site), true, {}};
  for (Change& change : envelope.changes)
    if (read_change(reader, rules, change)) return std::nullopt;
  return envelope;
}

std::optional<Request> read_request(std::string_view text) {
  const std::optional<Fields> fields = Fields::read(text);
  if (!fields) return std::nullopt;
  const auto node = fields->text("node"), target = fields->text("target");
  const auto channel = fields->text("channel");
  const auto since = version_in(*fields, "since");
  if (!node || !target || !channel || !since) return std::nullopt;
  return Request{*node, *target, *channel, *since};
}

}  // namespace vuer_rtc::table
