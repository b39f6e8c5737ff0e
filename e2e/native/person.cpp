// Work as the other clients of the test do it, and frames in MessagePack. Anything unexpected ends
// the process with a message: the test sees both.
#include "person.hpp"

#include <cstdio>
#include <cstdlib>

#include "replicas/edits.hpp"

namespace vuer_rtc::e2e {

using testing::elements;
using testing::fields_of;
using testing::for_each_value;
using testing::number_of;
using testing::text_of;

namespace {

[[noreturn]] void fail(const std::string& what, const std::string& why) {
  std::fprintf(stderr, "%s: %s\n", what.c_str(), why.c_str());
  std::exit(1);
}

void expect(const char* what, const Status& status) {
  if (!status) fail(what, status.error().text);
}

}  // namespace

Person::Person(const std::string& name, std::uint32_t seed, Send send)
    : name_(name), random_(seed), send_(std::move(send)), store_(name) {}

std::string Person::target(const std::string& room) const {
  std::string out = "/ws/" + room + "?sessionId=" + name_ + "&format=msgpack&snapshot=compact";
  if (at_.empty()) return out;
  return out + "&since=" + std::to_string(server_seq_) + "&at=" + at_ + "&epoch=" + epoch_;
}

// ---- work

std::uint32_t Person::work(double now) {
  const std::uint32_t what = random_.below(100);
  if (what < 6 && store_.can_undo()) {
    undos_++;
    send(store_.undo(now));
    return 1;
  }
  if (store_.can_redo() && random_.percent(40)) {
    redos_++;
    send(store_.redo(now));
    return 1;
  }
  const std::uint32_t count = random_.below(3) + 1;
  for (std::uint32_t i = 0; i < count; i++)
    expect("edit", store_.edit(testing::random_op(random_, true), now));
  if (what >= 97) {
    cancels_++;
    expect("cancel", store_.cancel());
    return 0;
  }
  send(store_.commit(now));
  return count;
}

void Person::finish(double now) { send(store_.commit(now)); }

void Person::send(const Result<ByteSpan>& messages) {
  if (!messages) fail("commit, undo or redo", messages.error().text);
  if (synced_) for_each_value(*messages, [&](ByteSpan one) { send_(testing::crdt_frame(one)); });
}

void Person::resend() {
  const Bytes waiting = store_.unacked();
  for_each_value(waiting, [&](ByteSpan one) { send_(testing::crdt_frame(one)); });
}

// ---- frames

void Person::hear(ByteSpan bytes) {
  const Fields frame = fields_of(bytes);
  const std::string mtype = text_of(frame, "mtype");
  if (mtype.empty()) fail("frame", "is of no kind");
  if (mtype == "state")
    hear_state(frame);
  else if (mtype == "broadcast")
    hear_broadcast(frame);
  else if (mtype == "ack")
    hear_ack(frame);
  else if (mtype == "error")
    hear_error(frame);
}

void Person::hear_state(const Fields& frame) {
  const auto server_seq = static_cast<std::uint64_t>(number_of(frame, "serverSeq"));
  const auto stable = static_cast<std::int64_t>(number_of(frame, "stable"));
  if (text_of(frame, "reason") == "restored")
    fail("state", "the server lost acknowledged messages");
  if (testing::truth_of(frame, "resumed")) {
    resumed_++;
    const Result<std::uint32_t> taken = store_.receive_all(elements(frame.at("journal")));
    if (!taken) fail("resumed state", taken.error().text);
    store_.learn(server_seq, stable);
  } else {
    expect("state", store_.load(frame.at("snapshot"), frame.at("journal"), server_seq, stable));
    at_.clear();
  }
  server_seq_ = server_seq;
  epoch_ = text_of(frame, "epoch");
  for_each_value(elements(frame.at("journal")), [&](ByteSpan one) {
    const Fields message = fields_of(one);
    if (number_of(message, "serverSeq") == static_cast<double>(server_seq))
      at_ = text_of(message, "id");
  });
  synced_ = true;
  resend();
}

void Person::hear_broadcast(const Fields& frame) {
  const Result<Received> received = store_.receive(frame.at("msg"));
  if (!received) fail("broadcast", received.error().text);
  const Fields message = fields_of(frame.at("msg"));
  reached(static_cast<std::uint64_t>(number_of(message, "serverSeq")), text_of(message, "id"));
}

void Person::hear_ack(const Fields& frame) {
  const std::string id = text_of(frame, "msgId");
  const auto server_seq = static_cast<std::uint64_t>(number_of(frame, "serverSeq"));
  expect("ack", store_.ack(id, static_cast<std::uint64_t>(number_of(frame, "lt")), server_seq,
                           static_cast<std::int64_t>(number_of(frame, "stable"))));
  acked_.push_back(id);
  reached(server_seq, id);
}

void Person::hear_error(const Fields& frame) {
  if (text_of(frame, "code") == "gap") return resend();
  fail("error of the server", text_of(frame, "code") + ": " + text_of(frame, "error"));
}

/// Frames come without gaps in serverSeq.
void Person::reached(std::uint64_t server_seq, const std::string& id) {
  if (server_seq > server_seq_ + 1)
    fail("gap", std::to_string(server_seq_) + ", then " + std::to_string(server_seq));
  if (server_seq <= server_seq_) return;
  server_seq_ = server_seq;
  at_ = id;
}

// ---- answers to the test

std::string Person::status() {
  std::string digest;
  for (const std::uint8_t byte : store_.digest()) {
    constexpr const char* kDigits = "0123456789abcdef";
    digest += kDigits[byte >> 4];
    digest += kDigits[byte & 15];
  }
  const auto field = [](const char* name, std::uint64_t value) {
    return std::string(",\"") + name + "\":" + std::to_string(value);
  };
  return "{\"digest\":\"" + digest + "\"" + field("serverSeq", server_seq_) +
         field("unacked", store_.unacked_count()) + field("resumed", resumed_) +
         field("undos", undos_) + field("redos", redos_) + field("cancels", cancels_) +
         ",\"synced\":" + (synced_ ? "true" : "false");
}

std::string Person::acked() const {
  std::string out = "[";
  for (const std::string& id : acked_) out += (out.size() > 1 ? ",\"" : "\"") + id + "\"";
  return out + "]";
}

}  // namespace vuer_rtc::e2e
