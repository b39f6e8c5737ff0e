// Direct exports for the calls of every edit and every message: plain numbers in, a code out, bytes
// through the inbox and the outbox. Sizes, lts and serverSeqs are doubles where they may pass 32
// bits.
#include <emscripten.h>
#include <malloc.h>

#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "boundary.hpp"
#include "handles.hpp"
#include "vuer_rtc/store.hpp"

#define RTC_EXPORT extern "C" EMSCRIPTEN_KEEPALIVE

namespace vuer_rtc::wasm {
namespace {

/// What an empty store may take.
constexpr std::size_t kStoreRoom = 1 << 16;

Handles<Store> stores;

int disposed() { return fail(make_error(ErrorCode::Disposed)); }
int no_memory() { return fail(make_error(ErrorCode::OutOfMemory)); }

int answer_new(std::unique_ptr<Store> store) {
  const std::uint32_t handle = stores.add(std::move(store));
  if (handle == 0) return fail(make_error(ErrorCode::OutOfMemory, "too many stores are alive"));
  return answer(static_cast<double>(handle));
}

/// Whole numbers come as doubles; what is no such number becomes 0.
std::uint64_t whole(double value) {
  return value >= 0 && value <= static_cast<double>(kMaxInteger) ? static_cast<std::uint64_t>(value)
                                                                 : 0;
}

std::int64_t line(double value) {
  return std::fabs(value) <= static_cast<double>(kMaxInteger) ? static_cast<std::int64_t>(value)
                                                              : kNoLine;
}

int answer_messages(const Result<ByteSpan>& messages) {
  return messages.ok() ? answer(*messages) : fail(messages.error());
}

Bytes clock_bytes(const Clock& clock) {
  Bytes out;
  MsgWriter writer(out);
  writer.map(static_cast<std::uint32_t>(clock.size()));
  for (const auto& [client, number] : clock) {
    writer.string(client);
    writer.number(static_cast<double>(number));
  }
  return out;
}

}  // namespace
}  // namespace vuer_rtc::wasm

using namespace vuer_rtc;
using namespace vuer_rtc::wasm;

// Looks the store up or returns `disposed`.
#define RTC_STORE(name, handle)      \
  Store* name = stores.find(handle); \
  if (name == nullptr) return disposed()

RTC_EXPORT std::uint8_t* rtc_inbox(std::uint32_t size) { return reserve_inbox(size); }
RTC_EXPORT Outbox* rtc_outbox() { return &outbox(); }
/// Bytes of the heap in use: tests ask whether destroy frees.
RTC_EXPORT std::uint32_t rtc_heap_in_use() {
  return static_cast<std::uint32_t>(mallinfo().uordblks);
}

RTC_EXPORT int rtc_store_create(std::uint32_t client_length) {
  if (!has_room(kStoreRoom)) return no_memory();
  return answer_new(std::make_unique<Store>(inbox_text(client_length)));
}

RTC_EXPORT int rtc_store_import(std::uint32_t length) {
  Result<Store> store = Store::import_bytes(inbox(length));
  if (!store.ok()) return fail(store.error());
  return answer_new(std::make_unique<Store>(std::move(*store)));
}

RTC_EXPORT int rtc_store_destroy(std::uint32_t handle) {
  return stores.remove(handle) ? answer(0.0) : disposed();
}

RTC_EXPORT int rtc_store_edit(std::uint32_t handle, std::uint32_t length, double now) {
  RTC_STORE(store, handle);
  return answer(store->edit(inbox(length), now));
}

RTC_EXPORT int rtc_store_commit(std::uint32_t handle, double now) {
  RTC_STORE(store, handle);
  return answer_messages(store->commit(now));
}

RTC_EXPORT int rtc_store_cancel(std::uint32_t handle) {
  RTC_STORE(store, handle);
  return answer(store->cancel());
}

RTC_EXPORT int rtc_store_undo(std::uint32_t handle, double now) {
  RTC_STORE(store, handle);
  return answer_messages(store->undo(now));
}

RTC_EXPORT int rtc_store_redo(std::uint32_t handle, double now) {
  RTC_STORE(store, handle);
  return answer_messages(store->redo(now));
}

RTC_EXPORT int rtc_store_receive(std::uint32_t handle, std::uint32_t length) {
  RTC_STORE(store, handle);
  const Result<Received> result = store->receive(inbox(length));
  return result.ok() ? answer(static_cast<double>(*result)) : fail(result.error());
}

RTC_EXPORT int rtc_store_receive_all(std::uint32_t handle, std::uint32_t length) {
  RTC_STORE(store, handle);
  const Result<std::uint32_t> taken = store->receive_all(inbox(length));
  return taken.ok() ? answer(static_cast<double>(*taken)) : fail(taken.error());
}

RTC_EXPORT int rtc_store_ack(std::uint32_t handle, std::uint32_t id_length, double lt,
                             double server_seq, double stable) {
  RTC_STORE(store, handle);
  return answer(store->ack(inbox_text(id_length), whole(lt), whole(server_seq), line(stable)));
}

RTC_EXPORT int rtc_store_learn(std::uint32_t handle, double server_seq, double stable) {
  RTC_STORE(store, handle);
  store->learn(whole(server_seq), line(stable));
  return answer(0.0);
}

RTC_EXPORT int rtc_store_reject(std::uint32_t handle, std::uint32_t id_length) {
  RTC_STORE(store, handle);
  Result<Bytes> ids = store->reject(inbox_text(id_length));
  return ids.ok() ? answer(std::move(*ids)) : fail(ids.error());
}

/// The inbox holds the id; the answer is the messages to send, one after the other.
RTC_EXPORT int rtc_store_recommit(std::uint32_t handle, std::uint32_t id_length,
                                  double next_number) {
  RTC_STORE(store, handle);
  return answer_messages(store->recommit(inbox_text(id_length), whole(next_number)));
}

RTC_EXPORT int rtc_store_compact(std::uint32_t handle) {
  RTC_STORE(store, handle);
  return answer(store->compact());
}

/// The inbox holds the snapshot (or nothing), then the journal array.
RTC_EXPORT int rtc_store_load(std::uint32_t handle, std::uint32_t snapshot_length,
                              std::uint32_t journal_length, double server_seq, double stable) {
  RTC_STORE(store, handle);
  return answer(store->load(inbox(snapshot_length), inbox(journal_length, snapshot_length),
                            whole(server_seq), line(stable)));
}

RTC_EXPORT int rtc_store_take_changes(std::uint32_t handle) {
  RTC_STORE(store, handle);
  const Bytes& changes = store->take_changes();
  if (changes.empty() && !store->can_take_changes()) return no_memory();
  return answer(ByteSpan(changes));
}

RTC_EXPORT int rtc_store_all_changes(std::uint32_t handle) {
  RTC_STORE(store, handle);
  const Bytes& changes = store->all_changes();
  return changes.empty() ? no_memory() : answer(ByteSpan(changes));
}

RTC_EXPORT int rtc_store_digest(std::uint32_t handle) {
  RTC_STORE(store, handle);
  return answer_hash(store->digest());
}

RTC_EXPORT int rtc_store_pending(std::uint32_t handle) {
  RTC_STORE(store, handle);
  return answer_read(store->pending(), store->pending_count());
}

RTC_EXPORT int rtc_store_pending_count(std::uint32_t handle) {
  RTC_STORE(store, handle);
  return answer(static_cast<double>(store->pending_count()));
}

RTC_EXPORT int rtc_store_unacked(std::uint32_t handle) {
  RTC_STORE(store, handle);
  Bytes messages = store->unacked();
  if (messages.empty() && store->unacked_count() != 0) return no_memory();
  return answer(std::move(messages), store->unacked_count());
}

/// 1 = can undo, 2 = can redo.
RTC_EXPORT int rtc_store_can(std::uint32_t handle) {
  RTC_STORE(store, handle);
  return answer(static_cast<double>((store->can_undo() ? 1 : 0) + (store->can_redo() ? 2 : 0)));
}

RTC_EXPORT int rtc_store_lt(std::uint32_t handle) {
  RTC_STORE(store, handle);
  return answer(static_cast<double>(store->lt()));
}

RTC_EXPORT int rtc_store_clock(std::uint32_t handle) {
  RTC_STORE(store, handle);
  return answer(clock_bytes(store->clock()));
}

RTC_EXPORT int rtc_store_stable(std::uint32_t handle) {
  RTC_STORE(store, handle);
  return answer(static_cast<double>(store->document().stable()));
}

RTC_EXPORT int rtc_store_export(std::uint32_t handle) {
  RTC_STORE(store, handle);
  Result<Bytes> bytes = store->export_bytes();
  return bytes.ok() ? answer(std::move(*bytes)) : fail(bytes.error());
}

/// Messages above the line in total order, as one array.
RTC_EXPORT int rtc_store_journal(std::uint32_t handle) {
  RTC_STORE(store, handle);
  return answer_read(store->document().journal());
}

/// The committed document below the line: 0 compact, 1 published form.
RTC_EXPORT int rtc_store_snapshot(std::uint32_t handle, std::uint32_t form) {
  RTC_STORE(store, handle);
  Result<Bytes> bytes =
      store->document().snapshot(form == 0 ? SnapshotForm::Compact : SnapshotForm::Published);
  return bytes.ok() ? answer(std::move(*bytes)) : fail(bytes.error());
}

/// {nodes, rootKey, lww, tombstones} of the committed document.
RTC_EXPORT int rtc_store_graph(std::uint32_t handle) {
  RTC_STORE(store, handle);
  return answer_read(store->document().graph());
}

RTC_EXPORT int rtc_store_texts(std::uint32_t handle) {
  RTC_STORE(store, handle);
  return answer_read(store->document().texts());
}
