// The client's half of the protocol in its smallest form: resend on a gap, resume on connect.
#include "replicas/replica.hpp"

#include <algorithm>
#include <stdexcept>

#include "replicas/edits.hpp"

namespace vuer_rtc::testing {
namespace {

constexpr std::size_t kMaxUnacked = 30;  // with more, a person waits for the network

[[noreturn]] void fail(const std::string& what, const Error& error) {
  throw std::runtime_error(what + ": " + std::string(error_name(error.code)) + " " + error.text);
}

}  // namespace

Replica::Replica(const std::string& name, Random& random, bool trig, Outlet& to_server)
    : name_(name), random_(&random), trig_(trig), to_server_(&to_server), store_(name) {}

bool Replica::full() const { return store_.unacked_count() > kMaxUnacked; }

void Replica::edit(double now) {
  Status status = store_.edit(random_op(*random_, trig_), now);
  if (!status) fail("edit", status.error());
  done_.edits++;
}

void Replica::send(const Result<ByteSpan>& messages) {
  if (!messages) fail("commit, undo or redo", messages.error());
  if (awaits_want_) return;
  for_each_value(*messages, [&](ByteSpan one) { to_server_->send(Bytes(one.begin(), one.end())); });
}

void Replica::work(double now) {
  if (full()) return;
  std::uint32_t what = random_->below(100);
  if (what < 6 && store_.can_undo()) {
    done_.undos++;
    return send(store_.undo(now));
  }
  if (what < 40 && store_.can_redo()) {
    done_.redos++;
    return send(store_.redo(now));
  }
  if (what == 9) {
    done_.compactions++;
    Status status = store_.compact();
    if (!status) fail("compact", status.error());
    return;
  }
  for (std::uint32_t count = random_->below(3) + 1; count > 0; count--) edit(now);
  if (what == 10) {
    done_.cancels++;
    Status status = store_.cancel();
    if (!status) fail("cancel", status.error());
    return;
  }
  if (what < 90) send(store_.commit(now));
}

void Replica::finish(double now) { send(store_.commit(now)); }

void Replica::resend() {
  if (awaits_want_) return;
  Bytes waiting = store_.unacked();
  for_each_value(waiting, [&](ByteSpan one) {
    done_.resent++;
    to_server_->send(Bytes(one.begin(), one.end()));
  });
}

void Replica::close_gap() {
  Bytes waiting = store_.unacked();
  MsgReader reader(waiting);
  ByteSpan first;
  if (!restored_ || awaits_want_ || waiting.empty() || !reader.read_raw(first)) return;
  Fields message = fields_of(first);
  double number = number_of(fields_of(message.at("clock")), name_);
  if (number <= static_cast<double>(expected_)) return;
  done_.recommitted++;
  send(store_.recommit(text_of(message, "id"), expected_));
}

server::Join Replica::join() const {
  server::Join join;
  join.client = name_;
  join.compact = true;
  join.encoding = server::Encoding::MessagePack;
  if (!at_.empty()) join.resume = server::Resume{upto_, at_, epoch_};
  return join;
}

void Replica::hear(ByteSpan frame) {
  Fields fields = fields_of(frame);
  std::string mtype = text_of(fields, "mtype");
  if (mtype == "state")
    hear_state(fields);
  else if (mtype == "broadcast")
    hear_broadcast(fields.at("msg"));
  else if (mtype == "ack")
    hear_ack(fields);
  else if (mtype == "error")
    hear_error(fields);
  else if (mtype == "heartbeat")
    hear_heartbeat(fields);
  else if (mtype == "want")
    hear_want(fields);
}

void Replica::hear_state(const Fields& fields) {
  std::uint64_t server_seq = static_cast<std::uint64_t>(number_of(fields, "serverSeq"));
  std::int64_t stable = static_cast<std::int64_t>(number_of(fields, "stable"));
  ByteSpan journal = fields.at("journal");
  epoch_ = text_of(fields, "epoch");
  if (truth_of(fields, "resumed")) {
    Result<std::uint32_t> taken = store_.receive_all(elements(journal));
    if (!taken) fail("resumed state", taken.error());
    store_.learn(server_seq, stable);
  } else {
    if (std::exchange(doubts_, false) || text_of(fields, "reason") == "restored") {
      restored_ = true;
      remember_accepted();
    }
    Status loaded = store_.load(fields.at("snapshot"), journal, server_seq, stable);
    if (!loaded) fail("state", loaded.error());
    at_.clear();
    above_.clear();
  }
  // Resuming needs the id of the last message; after a state that ends in none all is asked for.
  upto_ = told_ = server_seq;
  for_each_value(elements(journal), [&](ByteSpan one) {
    Fields message = fields_of(one);
    drop_offered(text_of(message, "id"));
    if (number_of(message, "serverSeq") == static_cast<double>(server_seq))
      at_ = text_of(message, "id");
  });
  above_.erase(above_.begin(), above_.upper_bound(server_seq));
  offer_due_ = awaits_want_ = !offered_.empty();
  resend();
}

/// What the server has accepted once and this store can still show.
void Replica::remember_accepted() {
  Bytes journal = store_.document().journal();
  for_each_value(elements(journal), [&](ByteSpan one) {
    Fields message = fields_of(one);
    std::string id = text_of(message, "id");
    if (message.contains("serverSeq") && find_offered(id) == nullptr)
      offered_.emplace_back(id, Bytes(one.begin(), one.end()));
  });
}

void Replica::drop_offered(const std::string& id) {
  std::erase_if(offered_, [&](const auto& one) { return one.first == id; });
}

const Bytes* Replica::find_offered(const std::string& id) const {
  for (const auto& one : offered_) {
    if (one.first == id) return &one.second;
  }
  return nullptr;
}

std::vector<std::string> Replica::take_offer() {
  std::vector<std::string> ids;
  if (!std::exchange(offer_due_, false)) return ids;
  for (const auto& [id, message] : offered_) ids.push_back(id);
  return ids;
}

/// First what the server lacks, in order, then what may build on it.
void Replica::hear_want(const Fields& fields) {
  for_each_value(elements(fields.at("ids")), [&](ByteSpan one) {
    std::string_view id;
    MsgReader(one).read_string(id);
    const Bytes* offered = find_offered(std::string(id));
    if (offered != nullptr) to_server_->send(*offered);
  });
  awaits_want_ = false;
  resend();
}

/// Keeps count of what is here without a gap: what a resume starts from.
void Replica::note(std::uint64_t server_seq, const std::string& id) {
  told_ = std::max(told_, server_seq);
  if (server_seq > upto_) above_[server_seq] = id;
  while (!above_.empty() && above_.begin()->first == upto_ + 1) {
    upto_++;
    at_ = above_.begin()->second;
    above_.erase(above_.begin());
  }
}

void Replica::hear_broadcast(ByteSpan message) {
  Result<Received> received = store_.receive(message);
  if (!received) fail("broadcast", received.error());
  Fields fields = fields_of(message);
  note(static_cast<std::uint64_t>(number_of(fields, "serverSeq")), text_of(fields, "id"));
}

void Replica::hear_ack(const Fields& fields) {
  std::string id = text_of(fields, "msgId");
  std::uint64_t lt = static_cast<std::uint64_t>(number_of(fields, "lt"));
  std::uint64_t server_seq = static_cast<std::uint64_t>(number_of(fields, "serverSeq"));
  std::int64_t stable = static_cast<std::int64_t>(number_of(fields, "stable"));
  if (id != name_ + ":" + std::to_string(lt)) done_.moved++;
  if (find_offered(id) != nullptr) {
    take_back_offered(id, lt, server_seq, stable);
  } else {
    Status status = store_.ack(id, lt, server_seq, stable);
    if (!status) fail("ack", status.error());
  }
  note(server_seq, id);
}

/// The server has an offered message again, with new stamps.
void Replica::take_back_offered(const std::string& id, std::uint64_t lt, std::uint64_t server_seq,
                                std::int64_t stable) {
  Result<Message> message = decode_message(*find_offered(id), {});
  if (!message) fail("an offered message", message.error());
  message->lt = lt;
  message->server_seq = server_seq;
  message->stable = stable;
  Bytes bytes;
  encode_message(*message, bytes);
  Result<Received> received = store_.receive(bytes);
  if (!received) fail("an offered message", received.error());
  drop_offered(id);
}

/// The line may be used when everything up to its serverSeq is here.
void Replica::hear_heartbeat(const Fields& fields) {
  std::uint64_t server_seq = static_cast<std::uint64_t>(number_of(fields, "serverSeq"));
  told_ = std::max(told_, server_seq);
  if (server_seq == upto_)
    store_.learn(server_seq, static_cast<std::int64_t>(number_of(fields, "stable")));
}

/// A gap: an earlier message was lost or overtaken, and whoever owns this sends all again when it
/// thinks fit. Answers that pass by themselves are waited out.
void Replica::hear_error(const Fields& fields) {
  std::string code = text_of(fields, "code"), id = text_of(fields, "msgId");
  bool final = false;
  MsgReader(fields.at("final")).read_boolean(final);
  auto expected = static_cast<std::uint64_t>(number_of(fields, "expected"));
  if (code == "gap") {
    gap_ = true;
    expected_ = expected;
  } else if (code == "id_reused") {
    done_.recommitted++;
    send(store_.recommit(id, expected));
  } else if (final && restored_) {
    given_up_.push_back(id);
    if (find_offered(id) != nullptr) return drop_offered(id);
    Result<Bytes> rejected = store_.reject(id);
    if (!rejected) fail("reject", rejected.error());
  } else if (final || code == "internal") {
    throw std::runtime_error(name_ + ": unexpected error " + code + " for " + id + ": " +
                             text_of(fields, "error"));
  }
}

}  // namespace vuer_rtc::testing
