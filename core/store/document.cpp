// Document: a replica behind the public header.
#include "vuer_rtc/document.hpp"

#include <algorithm>
#include <functional>

#include "base/memory.hpp"
#include "base/sort.hpp"
#include "store/door.hpp"
#include "store/replica.hpp"

namespace vuer_rtc {

Status Replica::decode(MsgReader& reader) {
  return decoder.decode(reader, limits(), Strictness::Fold, view);
}

Result<Received> Replica::take() {
  const MessageIndex known = history->find(view.id);
  if (known != kNoMessage) {
    if (history->is_same(known, view)) return Received::Duplicate;
    return make_error(ErrorCode::IdReused,
                      "id: " + std::string(view.id) + " was used with other content");
  }
  if (static_cast<std::int64_t>(view.lt) <= history->stable()) return Received::Folded;
  const bool acts_elsewhere = view.has_meta || view.has_position;
  if (!history->reserve(view.ops.size() + 512, view.op_count) ||
      (acts_elsewhere && !history->reserve_replay())) {
    return make_error(ErrorCode::OutOfMemory);
  }
  history->add(view);
  return Received::Applied;
}

Document::Document(const Limits& limits) : replica_(std::make_unique<Replica>(limits)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Received> Document::receive(ByteSpan message) {
  MsgReader reader(message);
  if (Status status = replica_->decode(reader); !status) return status.error();
  if (!reader.at_end()) return make_error(ErrorCode::BadMessage, "message: bytes follow it");
  return replica_->take();
}

Result<std::uint32_t> Document::receive_all(ByteSpan messages) {
  MsgReader reader(messages);
  std::uint32_t count = 0;
  while (!reader.at_end()) {
    if (Status status = replica_->decode(reader); !status) return status.error();
    const auto received = replica_->take();
    if (!received) return received.error();
    ++count;
  }
  return count;
}

Result<Received> Document::receive(const Message& message) {
  view_of(message, replica_->view);
  return replica_->take();
}

Status Document::load(ByteSpan snapshot) {
  if (!can_allocate(kFreshHistory)) return make_error(ErrorCode::OutOfMemory);
  auto fresh = std::make_unique<History>(replica_->limits());
  if (Status status = fresh->read_snapshot(snapshot); !status) return status;
  replica_->history = std::move(fresh);
  return {};
}

Result<Bytes> Document::snapshot(SnapshotForm form) {
  Bytes out;
  History& history = *replica_->history;
  const RopeForm ropes = form == SnapshotForm::Plain ? RopeForm::Plain : RopeForm::Columns;
  const bool done = form == SnapshotForm::Published ? history.write_published(out)
                                                    : history.write_snapshot(ropes, out);
  if (!done) return make_error(ErrorCode::OutOfMemory);
  return out;
}

Status Document::raise_line(std::int64_t line) {
  const auto top = static_cast<std::int64_t>(replica_->history->lt());
  if (!replica_->history->reserve_replay()) return make_error(ErrorCode::OutOfMemory);
  replica_->history->raise_line(std::min(line, top));
  return {};
}

Status Document::move(std::string_view id, std::uint64_t lt) {
  History& history = *replica_->history;
  const MessageIndex index = history.find(id);
  if (index == kNoMessage)
    return make_error(ErrorCode::BadMessage, "id: no such message above the line");
  if (static_cast<std::int64_t>(lt) <= history.stable()) {
    return make_error(ErrorCode::BadMessage, "lt: at or below the stable line");
  }
  if (lt > kMaxInteger) return make_error(ErrorCode::BadMessage, "lt: over 2^53-1");
  if (!history.reserve_replay()) return make_error(ErrorCode::OutOfMemory);
  history.move({{index, lt}});
  return {};
}

Status Document::admissible(const Message& message) {
  return Door(*replica_->history).admits(message);
}

Result<bool> Document::resolve_positions(Message& message) {
  return Door(*replica_->history).resolve(message);
}

Hash Document::digest() { return replica_->history->digest(); }

Bytes Document::graph() {
  Bytes out;
  if (!replica_->history->write_graph(out)) return {};
  return out;
}

Bytes Document::texts() {
  Bytes out;
  if (!replica_->history->write_texts(out)) return {};
  return out;
}

Bytes Document::property(std::string_view key, std::string_view path) {
  Bytes out;
  History& history = *replica_->history;
  const NodeId node = history.graph().find_node(key);
  const NameId name = history.graph().paths().find(path);
  out.reserve(64);
  if (node != kNone && name != kNoName) history.write_property(node, name, out);
  return out;
}

std::int64_t Document::stable() const { return replica_->history->stable(); }
std::uint64_t Document::lt() const { return replica_->history->lt(); }
std::uint64_t Document::journal_index() const { return replica_->history->journal_index(); }
std::uint32_t Document::node_count() const { return replica_->history->graph().alive_or_deleted(); }
std::uint32_t Document::journal_length() const { return replica_->history->messages().count(); }

Clock Document::clock() const {
  const History& history = *replica_->history;
  Clock clock;
  if (!can_allocate(4 * sizeof(Clock::value_type) * history.clock().size())) return clock;
  for (NameId client = 0; client < history.clock().size(); ++client) {
    if (history.clock()[client] == kNoNumber) continue;
    clock.emplace_back(history.messages().clients().view(client), history.clock()[client]);
  }
  sort_range(clock.begin(), clock.end(), std::less<>());
  return clock;
}

Bytes Document::journal() {
  Bytes out;
  if (!replica_->history->write_journal(out)) return {};
  return out;
}

void Document::check() { replica_->history->check(); }

}  // namespace vuer_rtc
