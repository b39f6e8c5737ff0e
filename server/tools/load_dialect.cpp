#include "tools/load_dialect.hpp"

#include <cstring>

#include "vuer_rtc/message.hpp"

namespace vuer_rtc::server {
namespace {

constexpr std::string_view kMark = "~t~";  // the time stands behind it, in hexadecimal
constexpr std::size_t kTimeDigits = 16;

/// The mark, the time and so much filling that the whole has this size.
std::string stamped(std::int64_t now, std::size_t size) {
  std::string out(kMark);
  for (int shift = 60; shift >= 0; shift -= 4) out.push_back("0123456789abcdef"[now >> shift & 15]);
  if (out.size() < size) out.append(size - out.size(), 'x');
  return out;
}

/// The times in a frame; false when there is none.
bool read_stamps(std::string_view frame, std::vector<std::int64_t>& sent) {
  sent.clear();
  for (;;) {
    const void* const at = memmem(frame.data(), frame.size(), kMark.data(), kMark.size());
    if (at == nullptr) return !sent.empty();
    frame.remove_prefix(static_cast<std::size_t>(static_cast<const char*>(at) - frame.data()));
    frame.remove_prefix(kMark.size());
    std::int64_t time = 0;
    for (const char digit : frame.substr(0, kTimeDigits))
      time = time << 4 | (digit <= '9' ? digit - '0' : digit - 'a' + 10);
    sent.push_back(time);
  }
}

std::size_t filling(const LoadPlan& plan, std::size_t frame_without) {
  const auto size = static_cast<std::size_t>(plan.size);
  return size > frame_without ? size - frame_without : 0;
}

/// Our wire protocol; what differs between the encodings is in the two classes below.
class WireDialect : public LoadDialect {
 public:
  explicit WireDialect(const LoadPlan& plan) : plan_(plan) {}
  std::string target(const LoadVoice& voice) const override {
    std::string out = "/ws/" + voice.room + "?sessionId=" + voice.client +
                      "&snapshot=compact&format=" + plan_.dialect;
    if (!plan_.token.empty()) out += "&token=" + plan_.token;
    return out;
  }
  std::string hello(const LoadVoice&) const override { return {}; }
  bool waits() const override { return true; }
  bool acknowledges() const override { return true; }

  Hearing hear(std::string_view frame, std::vector<std::int64_t>& sent) override {
    const std::string_view name = frame.substr(std::min(frame.size(), name_at()), 6);
    if (name.starts_with("broadc"))
      return read_stamps(frame, sent) ? Hearing::Delivery : Hearing::Other;
    if (name.starts_with("ack")) return Hearing::Ack;
    if (name.starts_with("state")) return Hearing::Ready;
    return name.starts_with("error") ? Hearing::Fault : Hearing::Other;
  }

 protected:
  /// Where the value of mtype begins, the first field of every frame.
  virtual std::size_t name_at() const = 0;
  /// A sender's first message makes its node, or every message makes one.
  bool makes_node(const LoadVoice& voice) const {
    return voice.number == 1 || plan_.content == "nodes";
  }
  std::string node_of(const LoadVoice& voice) const {
    return plan_.content == "nodes" ? voice.client + "." + std::to_string(voice.number)
                                    : voice.client;
  }
  const LoadPlan plan_;
};

class MsgpackDialect final : public WireDialect {
 public:
  using WireDialect::WireDialect;

  std::string message(LoadVoice& voice, std::int64_t now) override {
    Message message;
    message.client = voice.client;
    message.lt = ++*voice.lt;
    message.id = voice.client + ":" + std::to_string(message.lt);
    message.ts = static_cast<double>(message.lt);
    message.clock = {{voice.client, ++voice.number}};
    MsgWriter ops(message.ops);
    ops.array(1);
    if (makes_node(voice)) {
      insert(ops, node_of(voice), stamped(now, 0));
    } else {
      set(ops, node_of(voice), stamped(now, filling(plan_, 120 + 4 * voice.client.size())));
    }
    Bytes out;
    MsgWriter frame(out);
    frame.map(2);
    frame.string("mtype");
    frame.string("crdt");
    frame.string("msg");
    encode_message(message, out);
    return std::string(out.begin(), out.end());
  }

 private:
  std::size_t name_at() const override { return 8; }

  static void set(MsgWriter& ops, const std::string& key, const std::string& value) {
    ops.map(4);
    for (const std::string_view word : {"ot", "string.set", "key"}) ops.string(word);
    ops.string(key);
    for (const std::string_view word : {"path", "load", "value"}) ops.string(word);
    ops.string(value);
  }
  static void insert(MsgWriter& ops, const std::string& key, const std::string& value) {
    ops.map(4);
    for (const std::string_view word :
         {"ot", "node.insert", "key", "", "path", "children", "value"})
      ops.string(word);
    ops.map(2);
    ops.string("key");
    ops.string(key);
    ops.string("load");
    ops.string(value);
  }
};

class JsonDialect final : public WireDialect {
 public:
  using WireDialect::WireDialect;
  bool is_text() const override { return true; }

  std::string message(LoadVoice& voice, std::int64_t now) override {
    const std::string lt = std::to_string(++*voice.lt), number = std::to_string(++voice.number);
    const std::string& client = voice.client;
    std::string out = R"({"mtype":"crdt","msg":{"id":")" + client + ":" + lt + R"(","client":")" +
                      client + R"(","clock":{")" + client + "\":" + number + R"(},"lt":)" + lt +
                      R"(,"ts":)" + lt + R"(,"ops":[)";
    const std::string key = std::string(1, '"').append(node_of(voice)).append(1, '"');
    const std::size_t without = out.size() + key.size() + 60;
    if (makes_node(voice)) {
      out += R"({"ot":"node.insert","key":"","path":"children","value":{"key":)" + key +
             R"(,"load":")" + stamped(now, 0) + R"("}}]}})";
    } else {
      out += R"({"ot":"string.set","key":)" + key + R"(,"path":"load","value":")" +
             stamped(now, filling(plan_, without)) + R"("}]}})";
    }
    return out;
  }

 private:
  std::size_t name_at() const override { return 10; }
};

class RelayDialect : public LoadDialect {
 public:
  explicit RelayDialect(const LoadPlan& plan) : plan_(plan) {}
  std::string target(const LoadVoice& voice) const override { return "/" + voice.room; }
  std::string hello(const LoadVoice&) const override { return {}; }
  bool waits() const override { return false; }
  std::string message(LoadVoice&, std::int64_t now) override {
    return stamped(now, static_cast<std::size_t>(plan_.size));
  }
  Hearing hear(std::string_view frame, std::vector<std::int64_t>& sent) override {
    return read_stamps(frame, sent) ? Hearing::Delivery : Hearing::Other;
  }

 protected:
  const LoadPlan plan_;
};

void append_varuint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

void append_sized(std::string& out, std::string_view bytes) {
  append_varuint(out, bytes.size());
  out.append(bytes);
}

/// One more element of bytes at the end of the sender's array: an update of Yjs (version 1) as its
/// own client would send it.
class YjsDialect : public RelayDialect {
 public:
  using RelayDialect::RelayDialect;
  bool echoes() const override { return true; }
  std::string message(LoadVoice& voice, std::int64_t now) override {
    std::string out = prefix(voice);
    out.append({0, 2});  // sync, update
    append_sized(out, update(voice, now));
    return out;
  }

 protected:
  virtual std::string prefix(const LoadVoice&) const { return {}; }

 private:
  std::string update(LoadVoice& voice, std::int64_t now) const {
    const std::uint64_t clock = voice.number++;
    const std::uint64_t client = std::hash<std::string>{}(voice.client) & 0x7fffffff;
    std::string out("\x01\x01", 2);  // one client, one struct
    append_varuint(out, client);
    append_varuint(out, clock);
    constexpr char kBytesContent = 3, kHasLeft = static_cast<char>(0x80);
    if (clock == 0) {
      out.append({kBytesContent, 1});  // its parent is named
      append_sized(out, voice.client);
    } else {
      out.push_back(kBytesContent | kHasLeft);
      append_varuint(out, client);
      append_varuint(out, clock - 1);
    }
    append_sized(out, stamped(now, filling(plan_, 32)));
    out.push_back(0);  // nothing deleted
    return out;
  }
};

/// The same behind the name of the document, after a token.
class HocuspocusDialect final : public YjsDialect {
 public:
  using YjsDialect::YjsDialect;
  std::string target(const LoadVoice&) const override { return "/"; }
  bool waits() const override { return true; }
  std::string hello(const LoadVoice& voice) const override {
    std::string out = prefix(voice);
    out.append({2, 0});  // authentication, token
    append_sized(out, plan_.token);
    append_sized(out, "4.7.0");  // the version of the provider
    return out;
  }
  Hearing hear(std::string_view frame, std::vector<std::int64_t>& sent) override {
    if (frame.find("read-write") != std::string_view::npos) return Hearing::Ready;
    return YjsDialect::hear(frame, sent);
  }

 private:
  std::string prefix(const LoadVoice& voice) const override {
    std::string out;
    append_sized(out, voice.room);
    return out;
  }
};

class HttpDialect final : public RelayDialect {
 public:
  using RelayDialect::RelayDialect;
  std::string target(const LoadVoice&) const override { return {}; }
  bool acknowledges() const override { return true; }
  std::string message(LoadVoice&, std::int64_t) override {
    return "GET " + plan_.path + " HTTP/1.1\r\nHost: " + plan_.host + "\r\n\r\n";
  }
  Hearing hear(std::string_view response, std::vector<std::int64_t>&) override {
    return response.starts_with("HTTP/1.1 2") ? Hearing::Ack : Hearing::Fault;
  }
};

}  // namespace

std::unique_ptr<LoadDialect> make_dialect(const LoadPlan& plan) {
  if (plan.dialect == "msgpack") return std::make_unique<MsgpackDialect>(plan);
  if (plan.dialect == "json") return std::make_unique<JsonDialect>(plan);
  if (plan.dialect == "relay") return std::make_unique<RelayDialect>(plan);
  if (plan.dialect == "yjs") return std::make_unique<YjsDialect>(plan);
  if (plan.dialect == "hocuspocus") return std::make_unique<HocuspocusDialect>(plan);
  if (plan.dialect == "http") return std::make_unique<HttpDialect>(plan);
  return nullptr;
}

}  // namespace vuer_rtc::server
