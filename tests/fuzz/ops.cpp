// Choices as a set of messages with ops of every kind in the registry: any order of arrival,
// duplicates included, gives the same digest, and the document survives a snapshot.
#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/law.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::fuzz;

namespace {

constexpr const char* kOps[] = {
#define OPERATION(symbol, name, ...) name,
#include "ops/registry.def"
#undef OPERATION
};
constexpr const char* kClients[] = {"a", "b", "c:1"};
constexpr const char* kKeys[] = {"scene", "n", "m", "o", "."};
constexpr const char* kPaths[] = {"x", "body", "a.b", "name", "."};
constexpr double kNumbers[] = {0, 1, -1, 2.5, 1e308, -0.0, 9007199254740993.0, 5e-324};
constexpr std::size_t kMaxMessages = 40;

template <std::size_t N>
const char* pick(Choices& choices, const char* const (&list)[N]) {
  return list[choices.below(N)];
}

void write_value(MsgWriter& out, Choices& choices, int room) {
  switch (choices.below(room > 0 ? 7 : 4)) {
    case 0:
      return out.number(kNumbers[choices.below(std::size(kNumbers))]);
    case 1:
      return out.string(choices.one_in(3) ? "#a0b0c0" : pick(choices, kKeys));
    case 2:
      return out.boolean(choices.one_in(2));
    case 3:
      return out.nil();
    case 4: {
      std::uint32_t count = static_cast<std::uint32_t>(choices.below(3)) + 2;
      out.array(count);
      for (std::uint32_t i = 0; i < count; i++) out.number(kNumbers[choices.below(5)]);
      return;
    }
    case 5:
      out.array(2);
      write_value(out, choices, room - 1);
      return write_value(out, choices, room - 1);
    default:
      out.map(1);
      out.string(pick(choices, kPaths));
      return write_value(out, choices, room - 1);
  }
}

/// The value of a node op: a node, a key, or a move.
void write_node_value(MsgWriter& out, Choices& choices) {
  switch (choices.below(4)) {
    case 0:
      return out.string(pick(choices, kKeys));
    case 1:
      out.map(2);
      out.string("nodeKey"), out.string(pick(choices, kKeys));
      return out.string("newParent"), out.string(pick(choices, kKeys));
    default:
      out.map(3);
      out.string("key"), out.string(pick(choices, kKeys));
      out.string("children"), out.array(1), out.string(pick(choices, kKeys));
      out.string(pick(choices, kPaths));
      return write_value(out, choices, 2);
  }
}

std::string unit_id(const char* agent, std::size_t n) {
  return std::string(agent) + ":" + std::to_string(n);
}

void write_text_fields(MsgWriter& out, Choices& choices, const char* client) {
  if (choices.one_in(3)) {
    out.string("value"), out.string("hi");
    out.string("position"), out.number(static_cast<double>(choices.below(8)));
    out.string("length"), out.number(static_cast<double>(choices.below(4)));
    out.string("none"), out.nil();
    return;
  }
  out.string("id"), out.string(unit_id(client, choices.below(24)));
  out.string("value"), out.array(2);
  if (choices.one_in(3))
    out.nil();
  else
    out.string(unit_id(pick(choices, kClients), choices.below(24)));
  out.string(choices.one_in(4) ? "\xf0\x9f\x98\x80" : "abc");
  out.string("seq"), out.number(static_cast<double>(choices.below(5)));
  out.string("rm"), out.array(1), out.array(2);
  out.string(unit_id(pick(choices, kClients), choices.below(24)));
  out.number(static_cast<double>(choices.below(6)));
}

std::string message_id(std::size_t index) { return "m:" + std::to_string(index); }

void write_op(MsgWriter& out, Choices& choices, const char* client, std::size_t known) {
  std::string name = pick(choices, kOps);
  bool text = name.rfind("text.", 0) == 0, node = name.rfind("node.", 0) == 0;
  bool meta = name.rfind("meta.", 0) == 0;
  out.map(text ? 7 : meta ? 2 : 6);
  out.string("ot"), out.string(name);
  if (meta) {
    out.string("targetMsgId"), out.string(message_id(choices.below(known + 2)));
    return;
  }
  out.string("key"), out.string(pick(choices, kKeys));
  out.string("path"), out.string(pick(choices, kPaths));
  if (text) return write_text_fields(out, choices, client);
  out.string("from"), out.number(static_cast<double>(choices.below(4)));
  out.string("to"), out.number(static_cast<double>(choices.below(4)));
  out.string("value");
  if (node)
    write_node_value(out, choices);
  else
    write_value(out, choices, 2);
}

Bytes write_message(Choices& choices, std::size_t index) {
  const char* client = pick(choices, kClients);
  double lt = static_cast<double>(choices.below(12));
  Bytes bytes;
  MsgWriter out(bytes);
  out.map(6);
  out.string("id"), out.string(message_id(index));
  out.string("client"), out.string(client);
  out.string("lt"), out.number(lt);
  out.string("ts"), out.number(static_cast<double>(choices.below(3)));
  out.string("clock"), out.map(1), out.string(client), out.number(lt);
  std::uint32_t count = static_cast<std::uint32_t>(choices.below(3)) + 1;
  out.string("ops"), out.array(count);
  for (std::uint32_t i = 0; i < count; i++) write_op(out, choices, client, index);
  return bytes;
}

void deliver(Document& document, const std::vector<Bytes>& messages) {
  for (const Bytes& message : messages) {
    Result<Received> received = document.receive(ByteSpan(message));
    must(received.ok(), received ? "" : received.error().text.c_str());
  }
  document.check();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  std::vector<Bytes> messages;
  while (!choices.empty() && messages.size() < kMaxMessages) {
    messages.push_back(write_message(choices, messages.size()));
  }
  Document forwards, backwards, rotated;
  deliver(forwards, messages);
  std::reverse(messages.begin(), messages.end());
  deliver(backwards, messages);
  std::rotate(messages.begin(), messages.begin() + messages.size() / 3, messages.end());
  for (std::size_t i = 0, count = messages.size() / 2; i < count; i++) {
    Bytes again = messages[i];
    messages.push_back(std::move(again));
  }
  deliver(rotated, messages);
  must(forwards.digest() == backwards.digest(), "the order of arrival changes nothing");
  must(forwards.digest() == rotated.digest(), "neither do duplicates");
  must_survive_a_snapshot(rotated);
  return 0;
}
