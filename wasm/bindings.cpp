// Embind classes for rare calls: documents and bare graphs as values, and checks. Bytes still go
// through the inbox and the outbox (boundary.hpp); every method returns 0 or ErrorCode + 1.
#include <emscripten/bind.h>

#include <memory>
#include <string>
#include <utility>

#include "boundary.hpp"
#include "vuer_rtc/document.hpp"
#include "vuer_rtc/version.hpp"

namespace vuer_rtc::wasm {
namespace {

int answer_bytes(Result<Bytes> bytes) {
  return bytes.ok() ? answer(std::move(*bytes)) : fail(bytes.error());
}

/// A Document that takes its arguments from the inbox.
class DocumentHandle {
 public:
  int receive(std::uint32_t length) {
    const Result<Received> result = document_.receive(inbox(length));
    return result.ok() ? answer(static_cast<double>(*result)) : fail(result.error());
  }
  int receive_all(std::uint32_t length) {
    const Result<std::uint32_t> taken = document_.receive_all(inbox(length));
    return taken.ok() ? answer(static_cast<double>(*taken)) : fail(taken.error());
  }
  int load(std::uint32_t length) { return answer(document_.load(inbox(length))); }
  int snapshot(bool published) {
    return answer_bytes(
        document_.snapshot(published ? SnapshotForm::Published : SnapshotForm::Compact));
  }
  int raise_line(double line) {
    return answer(document_.raise_line(static_cast<std::int64_t>(line)));
  }
  int digest() { return answer_hash(document_.digest()); }
  int graph() { return answer_read(document_.graph()); }
  int texts() { return answer_read(document_.texts()); }
  int journal() { return answer_read(document_.journal()); }
  /// The inbox holds the key, then the path.
  int property(std::uint32_t key_length, std::uint32_t path_length) {
    const std::string_view both = inbox_text(key_length + path_length);
    return answer(document_.property(both.substr(0, key_length), both.substr(key_length)));
  }
  double stable() const { return static_cast<double>(document_.stable()); }
  double lt() const { return static_cast<double>(document_.lt()); }
  double journal_index() const { return static_cast<double>(document_.journal_index()); }
  std::uint32_t node_count() const { return document_.node_count(); }

 private:
  Document document_;
};

/// A BareGraph that takes its arguments from the inbox.
class BareGraphHandle {
 public:
  int load(std::uint32_t length) { return answer(graph_.load(inbox(length))); }
  int apply(std::uint32_t length) { return answer(graph_.apply(inbox(length))); }
  int graph() { return answer_read(graph_.graph()); }
  int take_changes() {
    const Bytes& changes = graph_.take_changes();
    if (changes.empty() && !graph_.can_take_changes())
      return fail(make_error(ErrorCode::OutOfMemory));
    return answer(ByteSpan(changes));
  }

 private:
  BareGraph graph_;
};

/// Whether the server's door would read these bytes as a message.
int check_message(std::uint32_t length) {
  const Result<Message> message = decode_message(inbox(length), Limits{}, Strictness::Door);
  return message.ok() ? answer(static_cast<double>(message->op_count)) : fail(message.error());
}

/// The hash of the one message in the inbox: equal for two copies of the same message.
int message_hash(std::uint32_t length) {
  const Result<Message> message = decode_message(inbox(length), Limits{});
  if (!message.ok()) return fail(message.error());
  return answer_hash(content_hash(*message));
}

std::string error_name_of(int code) {
  return std::string(error_name(static_cast<ErrorCode>(code - 1)));
}

std::string version() { return kVersion; }

}  // namespace

EMSCRIPTEN_BINDINGS(vuer_rtc) {
  using namespace emscripten;
  class_<DocumentHandle>("Document")
      .constructor<>()
      .function("receive", &DocumentHandle::receive)
      .function("receiveAll", &DocumentHandle::receive_all)
      .function("load", &DocumentHandle::load)
      .function("snapshot", &DocumentHandle::snapshot)
      .function("raiseLine", &DocumentHandle::raise_line)
      .function("digest", &DocumentHandle::digest)
      .function("graph", &DocumentHandle::graph)
      .function("texts", &DocumentHandle::texts)
      .function("journal", &DocumentHandle::journal)
      .function("property", &DocumentHandle::property)
      .function("stable", &DocumentHandle::stable)
      .function("lt", &DocumentHandle::lt)
      .function("journalIndex", &DocumentHandle::journal_index)
      .function("nodeCount", &DocumentHandle::node_count);
  class_<BareGraphHandle>("BareGraph")
      .constructor<>()
      .function("load", &BareGraphHandle::load)
      .function("apply", &BareGraphHandle::apply)
      .function("graph", &BareGraphHandle::graph)
      .function("takeChanges", &BareGraphHandle::take_changes);
  function("checkMessage", &check_message);
  function("messageHash", &message_hash);
  function("errorName", &error_name_of);
  function("version", &version);
}

}  // namespace vuer_rtc::wasm
