// What the server says, as JSON (sections 2, 12 and 13).
#include <charconv>

#include "protocol/json_writer.hpp"
#include "protocol/table/message.hpp"

namespace vuer_rtc::table {
namespace {

void append_integer(std::int64_t value, std::string& out) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

/// With a fraction or an exponent, so that it comes back as a float.
void append_float(double value, std::string& out) {
  char digits[32];
  const std::string_view text(
      digits,
      static_cast<std::size_t>(std::to_chars(digits, digits + sizeof digits, value).ptr - digits));
  out += text;
  if (text.find_first_of(".e") == std::string_view::npos) out += ".0";
}

/// Members of an object, one after the other; the first call opens it.
class Object {
 public:
  explicit Object(std::string& out) : out_(out) { out_.push_back('{'); }
  Object& text(const char* name, std::string_view value) {
    this->name(name);
    server::append_json_string(value, out_);
    return *this;
  }
  Object& integer(const char* name, std::int64_t value) {
    this->name(name);
    append_integer(value, out_);
    return *this;
  }
  Object& raw(const char* name, std::string_view json) {
    this->name(name);
    out_ += json;
    return *this;
  }
  void done() { out_.push_back('}'); }

 private:
  void name(const char* name) {
    if (!is_first_) out_.push_back(',');
    is_first_ = false;
    out_.push_back('"');
    out_ += name;
    out_ += "\":";
  }
  std::string& out_;
  bool is_first_ = true;
};

void append_change(const Change& change, std::string& out) {
  const auto text = [&](std::string_view value) {
    server::append_json_string(value, out);
    out.push_back(',');
  };
  const auto integer = [&](std::int64_t value) {
    append_integer(value, out);
    out.push_back(',');
  };
  out.push_back('[');
  text(change.row.table);
  text(change.row.pk);
  text(change.cid);
  append_value(change.val, out);
  out.push_back(',');
  integer(change.col_version);
  integer(change.db_version);
  text(change.site);
  integer(change.cl);
  append_integer(change.seq, out);
  out.push_back(']');
}

}  // namespace

void append_value(const Value& value, std::string& out) {
  if (const auto* text = std::get_if<std::string>(&value))
    return server::append_json_string(*text, out);
  if (const auto* real = std::get_if<double>(&value)) return append_float(*real, out);
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return append_integer(*whole, out);
  out += "null";
}

std::string write_connected(const Sender& sender, std::int64_t version) {
  std::string out;
  Object object(out);
  object.text("type", "connected").text("siteId", sender.site).integer("version", version);
  object.text("channel", sender.channel).done();
  return out;
}

std::string write_update(const Sender& sender, const std::vector<const Change*>& changes,
                         std::int64_t version) {
  std::string list = "[";
  for (const Change* change : changes) {
    if (list.size() > 1) list.push_back(',');
    append_change(*change, list);
  }
  list.push_back(']');
  std::string out;
  out.reserve(list.size() + 128 + sender.channel.size());
  Object object(out);
  object.text("type", "update").raw("changes", list).integer("version", version);
  object.text("siteId", sender.site).text("channel", sender.channel).done();
  return out;
}

std::string write_ack(const Sender& sender, const Ack& ack) {
  std::string out;
  Object object(out);
  object.text("type", "ack").text("siteId", sender.site).integer("version", ack.version);
  object.text("channel", sender.channel).integer("serverVersion", ack.server_version);
  if (ack.gap) object.raw("gap", "true");
  if (ack.held) object.raw("held", "true");
  object.done();
  return out;
}

std::string write_error(const Sender& sender, const Refusal& refusal) {
  std::string out;
  Object object(out);
  object.text("type", "error").text("code", fault_code(refusal.fault));
  object.text("message", refusal.text).text("channel", sender.channel);
  if (refusal.version) object.integer("version", *refusal.version);
  object.done();
  return out;
}

std::string write_envelope(const Envelope& head, std::string_view update) {
  std::string out;
  Object object(out);
  object.text("channel", head.channel).raw("message", update).text("node", head.node);
  if (!head.target.empty()) object.text("target", head.target);
  object.integer("from", head.from).integer("to", head.to).done();
  return out;
}

std::string write_request(const Request& request) {
  std::string out;
  Object object(out);
  object.text("node", request.node).text("target", request.target);
  object.text("channel", request.channel).integer("since", request.since).done();
  return out;
}

}  // namespace vuer_rtc::table
