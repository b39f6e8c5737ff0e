// The door, the journal and the line.
#include "small_server.hpp"

#include <algorithm>
#include <stdexcept>

namespace vuer_rtc::testing {

namespace {

template <class Outcome>
void must(const Outcome& outcome) {
  if (!outcome.ok()) throw std::runtime_error("server: " + outcome.error().text);
}

}  // namespace

SmallServer::Answer SmallServer::accept(ByteSpan bytes) {
  auto decoded = decode_message(bytes, {}, Strictness::Door);
  must(decoded);
  Message& message = *decoded;
  const Hash content = content_hash(message);
  if (const auto known = accepted_.find(message.id); known != accepted_.end()) {
    Answer answer = known->second.first;
    answer.fresh.clear();
    if (known->second.second != content) answer.error = "id_reused";
    return answer;
  }
  Author& author = authors_[message.client];
  const auto number = message.own_number();
  Answer answer;
  answer.id = message.id;
  if (number && *number != author.number + 1) {
    answer.error = *number > author.number + 1 ? "gap" : "id_reused";
    return answer;
  }
  const auto lt = static_cast<std::int64_t>(message.lt);
  if (lt <= line_ || message.lt > top_ + kMaxJump || lt <= author.lt) message.lt = top_ + 1;
  author = Author{author.number + 1, static_cast<std::int64_t>(message.lt)};
  const auto is_foreign = [&](const auto& entry) { return entry.first != message.client; };
  message.clock.erase(std::remove_if(message.clock.begin(), message.clock.end(), is_foreign),
                      message.clock.end());
  top_ = std::max(top_, message.lt);
  message.server_seq = answer.server_seq = history_.size() + 1;
  message.stable = answer.stable = line_;
  answer.lt = message.lt;
  accepted_[message.id] = {answer, content};
  encode_message(message, answer.fresh);
  must(document_.receive(ByteSpan(answer.fresh)));
  history_.push_back(answer.fresh);
  places_.push_back(message.lt);
  return answer;
}

void SmallServer::raise_line(std::int64_t line) {
  line = std::min(line, static_cast<std::int64_t>(top_));
  if (line <= line_) return;
  must(document_.raise_line(line));
  line_ = line;
}

SmallServer::State SmallServer::state() {
  State state;
  state.journal = document_.journal();
  state.server_seq = history_.size();
  state.stable = line_;
  if (line_ == kNoLine) return state;
  auto snapshot = document_.snapshot();
  must(snapshot);
  state.snapshot = std::move(*snapshot);
  return state;
}

Hash SmallServer::plain_fold() const {
  Document plain;
  for (const Bytes& message : history_) must(plain.receive(ByteSpan(message)));
  return plain.digest();
}

std::vector<Bytes> split_messages(ByteSpan messages) {
  std::vector<Bytes> out;
  MsgReader reader(messages);
  while (!reader.at_end()) {
    ByteSpan raw;
    if (!reader.read_raw(raw)) throw std::runtime_error("split_messages: no MessagePack");
    out.emplace_back(raw.begin(), raw.end());
  }
  return out;
}

std::string hex(const Hash& hash) {
  std::string text;
  for (const std::uint8_t byte : hash) {
    text += "0123456789abcdef"[byte / 16];
    text += "0123456789abcdef"[byte % 16];
  }
  return text;
}

}  // namespace vuer_rtc::testing
