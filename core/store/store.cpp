// Store: an author behind the public header.
#include "vuer_rtc/store.hpp"

#include "base/memory.hpp"
#include "history/fields.hpp"
#include "store/author.hpp"

namespace vuer_rtc {

Store::Store(std::string_view client, const Limits& limits)
    : author_(std::make_unique<Author>(client, limits)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Status Store::edit(ByteSpan op, double now) { return author_->edit(op, now); }
Result<ByteSpan> Store::commit(double now) { return author_->commit(now); }
Status Store::cancel() { return author_->cancel(); }

Bytes Store::pending() {
  Bytes out;
  if (!make_room(out, author_->buffer().bytes().size() + 8)) return out;
  MsgWriter writer(out);
  writer.array(pending_count());
  writer.raw(author_->buffer().bytes());
  return out;
}

std::uint32_t Store::pending_count() const { return author_->buffer().count(); }

Result<Received> Store::receive(ByteSpan message) { return author_->receive(message); }
Result<std::uint32_t> Store::receive_all(ByteSpan messages) {
  return author_->receive_all(messages);
}

Status Store::ack(std::string_view id, std::uint64_t lt, std::uint64_t server_seq,
                  std::int64_t stable) {
  return author_->ack(id, lt, server_seq, stable);
}

void Store::learn(std::uint64_t server_seq, std::int64_t stable) {
  author_->learn(server_seq, stable);
}
Result<Bytes> Store::reject(std::string_view id) { return author_->reject(id); }
Result<ByteSpan> Store::recommit(std::string_view id, std::uint64_t next_number) {
  return author_->recommit(id, next_number);
}
Result<ByteSpan> Store::undo(double now) { return author_->undo(now); }
Result<ByteSpan> Store::redo(double now) { return author_->redo(now); }
bool Store::can_undo() const { return author_->can_undo(); }
bool Store::can_redo() const { return author_->can_redo(); }
Status Store::compact() { return author_->compact(); }

Status Store::load(ByteSpan snapshot, ByteSpan journal, std::uint64_t server_seq,
                   std::int64_t stable) {
  return author_->load(snapshot, journal, server_seq, stable);
}

Bytes Store::unacked() {
  Bytes out;
  if (!author_->write_unacked(out)) return {};
  return out;
}
std::uint32_t Store::unacked_count() const { return author_->unacked_count(); }
const Bytes& Store::take_changes() { return author_->take_changes(); }
bool Store::can_take_changes() { return author_->can_take_changes(); }
const Bytes& Store::all_changes() { return author_->all_changes(); }
Document& Store::document() { return author_->document(); }
Hash Store::digest() { return author_->document().digest(); }
std::string_view Store::client() const { return author_->client(); }
std::uint64_t Store::lt() const { return author_->document().lt(); }
Clock Store::clock() const { return author_->document().clock(); }
Result<Bytes> Store::export_bytes() { return author_->export_bytes(); }

Result<Store> Store::import_bytes(ByteSpan bytes, const Limits& limits) {
  std::string_view client;
  const bool ok = for_each_field(bytes, [&](std::string_view name, ByteSpan value) {
    return name != "client" || read_text(value, client);
  });
  if (!ok || client.empty()) return make_error(ErrorCode::BadSnapshot, "not an exported store");
  if (!can_allocate(sizeof(Author) + kFreshHistory)) return make_error(ErrorCode::OutOfMemory);
  Store store(client, limits);
  if (Status status = store.author_->import_bytes(bytes); !status) return status.error();
  return store;
}

void Store::check() { author_->check(); }

}  // namespace vuer_rtc
