// Text as what table clients and other instances say to one channel: it stays sound, a refused
// message changes nothing, and a channel that was loaded again says the same.
#include "fuzz/law.hpp"
#include "protocol/table/channel.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::fuzz;
using namespace vuer_rtc::table;

namespace {

constexpr ConnectionId kFirst = 1, kSecond = 2;

ChannelOptions options() {
  ChannelOptions options;
  options.node = "n1";
  options.max_changes = 50;
  return options;
}

void check(const Channel& channel) {
  must(channel.store().check().empty(), "a store is sound");
  if (channel.store().first_after(channel.version()) != channel.store().end())
    must(false, "no tuple is above the version");
}

/// Carries out what it asks for; true: something was written.
bool settle(Channel& channel) {
  bool is_written = false;
  for (auto actions = channel.take_actions(); !actions.empty(); actions = channel.take_actions()) {
    for (const Action& action : actions) {
      if (!std::holds_alternative<Write>(action)) continue;
      is_written = true;
      channel.on_committed();
    }
  }
  return is_written;
}

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  Channel channel("c", options(), {{"0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F", "server-site-0001"}, {}});
  std::int64_t now = 0;
  for (const ConnectionId id : {kFirst, kSecond}) channel.join(id, true, now);
  settle(channel);
  while (!choices.empty()) {
    const std::size_t from = choices.below(4);
    const std::string text = text_of(choices.slice());
    now += choices.byte();
    if (from < 2) {
      const bool is_refused =
          std::holds_alternative<Refusal>(read_message(text, {"c", {}, options().max_changes}));
      channel.receive(from == 0 ? kFirst : kSecond, text, now);
      must(!settle(channel) || !is_refused, "a refused message changes nothing");
    } else if (auto envelope = from == 2 ? read_envelope(text) : std::nullopt) {
      channel.take_envelope(std::move(*envelope));
    } else if (const auto request = read_request(text)) {
      channel.take_request(*request);
    }
    settle(channel);
    check(channel);
  }
  return 0;
}
