// The client's half of the protocol in its smallest form: resend on a gap, resume on connect.
#include "replicas/replica.hpp"

#include <cstdio>
#include <cstdlib>

#include "replicas/edits.hpp"

namespace vuer_rtc::testing {
namespace {

constexpr std::size_t kMaxUnacked = 30;  // with more, a person waits for the network

[[noreturn]] void fail(const char* what, const Error& error) {
  std::fprintf(stderr, "%s: %s %s\n", what, std::string(error_name(error.code)).c_str(),
               error.text.c_str());
  std::exit(1);
}

/// Splits bytes that hold MessagePack values one after the other.
template <class Visit>
void for_each_value(ByteSpan bytes, const Visit& visit) {
  MsgReader reader(bytes);
  for (ByteSpan one; !reader.at_end() && reader.read_raw(one);) visit(one);
}

std::map<std::string, ByteSpan, std::less<>> fields_of(ByteSpan map) {
  std::map<std::string, ByteSpan, std::less<>> out;
  MsgReader reader(map);
  std::uint32_t count = 0;
  if (!reader.read_map(count)) return out;
  for (std::uint32_t i = 0; i < count; i++) {
    std::string_view name;
    ByteSpan value;
    if (!reader.read_string(name) || !reader.read_raw(value)) break;
    out.emplace(name, value);
  }
  return out;
}

template <class Fields>
std::string text_of(const Fields& fields, std::string_view name) {
  auto found = fields.find(name);
  std::string_view text;
  if (found == fields.end() || !MsgReader(found->second).read_string(text)) return {};
  return std::string(text);
}

template <class Fields>
double number_of(const Fields& fields, std::string_view name) {
  auto found = fields.find(name);
  double number = 0;
  if (found != fields.end()) MsgReader(found->second).read_number(number);
  return number;
}

/// The elements of a MessagePack array, one after the other.
ByteSpan elements(ByteSpan array) {
  MsgReader reader(array);
  std::uint32_t count = 0;
  reader.read_array(count);
  return array.subspan(static_cast<std::size_t>(reader.position() - array.data()));
}

}  // namespace

Replica::Replica(const std::string& name, Random& random, bool trig)
    : name_(name),
      random_(&random),
      trig_(trig),
      store_(name),
      to_server_(random),
      from_server_(random) {}

void Replica::edit(double now) {
  Status status = store_.edit(random_op(*random_, trig_), now);
  if (!status) fail("edit", status.error());
  done_.edits++;
}

void Replica::send(const Result<ByteSpan>& messages) {
  if (!messages) fail("commit, undo or redo", messages.error());
  for_each_value(*messages, [&](ByteSpan one) { to_server_.send(Bytes(one.begin(), one.end())); });
}

void Replica::work(double now) {
  if (store_.unacked_count() > kMaxUnacked) {
    if (to_server_.empty() && random_->percent(20)) resend();
    return;
  }
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

void Replica::finish(double now) {
  to_server_.mend();
  from_server_.mend();
  send(store_.commit(now));
}

/// What is still on the way would only be refused behind the gap, each with an error that asks for
/// more: it is dropped, so that the wire never holds more than one round of what is unacknowledged.
void Replica::resend() {
  to_server_.cut();
  Bytes waiting = store_.unacked();
  for_each_value(waiting, [&](ByteSpan one) {
    done_.resent++;
    to_server_.send(Bytes(one.begin(), one.end()));
  });
}

server::Join Replica::join() {
  from_server_.cut();
  server::Join join;
  join.client = name_;
  join.compact = true;
  join.encoding = server::Encoding::MessagePack;
  if (upto_ > 0) join.resume = server::Resume{upto_, at_, epoch_};
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
}

void Replica::hear_state(const Fields& fields) {
  std::uint64_t server_seq = static_cast<std::uint64_t>(number_of(fields, "serverSeq"));
  std::int64_t stable = static_cast<std::int64_t>(number_of(fields, "stable"));
  bool resumed = false;
  MsgReader(fields.at("resumed")).read_boolean(resumed);
  ByteSpan journal = fields.at("journal");
  epoch_ = text_of(fields, "epoch");
  if (resumed) {
    Result<std::uint32_t> taken = store_.receive_all(elements(journal));
    if (!taken) fail("resumed state", taken.error());
    store_.learn(server_seq, stable);
  } else {
    Status loaded = store_.load(fields.at("snapshot"), journal, server_seq, stable);
    if (!loaded) fail("state", loaded.error());
    upto_ = 0;
    above_.clear();
  }
  // Resuming needs the id of the last message; a state that ends in none is resumed from nothing.
  for_each_value(elements(journal), [&](ByteSpan one) {
    Fields message = fields_of(one);
    if (number_of(message, "serverSeq") == static_cast<double>(server_seq))
      at_ = text_of(message, "id");
    else
      return;
    upto_ = server_seq;
    above_.erase(above_.begin(), above_.upper_bound(server_seq));
  });
  resend();
}

/// Keeps count of what is here without a gap: what a resume starts from.
void Replica::note(std::uint64_t server_seq, const std::string& id) {
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
  if (id != name_ + ":" + std::to_string(lt)) done_.moved++;
  Status status =
      store_.ack(id, lt, server_seq, static_cast<std::int64_t>(number_of(fields, "stable")));
  if (!status) fail("ack", status.error());
  note(server_seq, id);
}

/// Over this network the only answer to expect is a gap: an earlier message was lost or overtaken.
void Replica::hear_error(const Fields& fields) {
  std::string code = text_of(fields, "code");
  if (code != "gap") {
    std::fprintf(stderr, "%s: unexpected error %s: %s\n", name_.c_str(), code.c_str(),
                 text_of(fields, "error").c_str());
    std::exit(1);
  }
  if (random_->percent(20)) resend();
}

}  // namespace vuer_rtc::testing
