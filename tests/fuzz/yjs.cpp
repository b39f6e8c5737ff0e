// Bytes as what a Yjs client sends: updates into a store, messages into an awareness. A store stays
// sound, keeps what it has, and says the same after it was compacted, cut into chunks or written.
#include "fuzz/law.hpp"
#include "protocol/yjs/chunks.hpp"
#include "protocol/yjs/compaction.hpp"
#include "protocol/yjs/message.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::fuzz;
using namespace vuer_rtc::yjs;

namespace {

Update must_read(const Bytes& bytes) {
  Update update;
  must(read_update(whole(bytes), update) == Fault::None, "what a store writes can be read");
  return update;
}

void must_be_same(const Store& a, const Store& b) {
  must(b.check().empty(), "a store is sound");
  must(a.vector().write() == b.vector().write(), "and has the same state vector");
}

void check_store(const Store& store) {
  must(store.check().empty(), "a store is sound");
  const Bytes bytes = store.encode();
  Store again, small, pieces;
  again.add(must_read(bytes));
  must(again.encode() == bytes, "a store of its own encoding is the same store");
  small.add(must_read(compacted(store)));
  must_be_same(store, small);
  must(small.add(must_read(bytes)).empty(), "compaction loses nothing");
  for (Chunks chunks(store, {}); !chunks.done();) pieces.add(must_read(chunks.next(64)));
  must_be_same(store, pieces);
  must(pieces.add(must_read(bytes)).empty(), "chunks hold everything");
}

void feed_updates(Choices& choices) {
  Store store, peer;
  while (!choices.empty()) {
    Update update;
    if (read_update(whole(choices.slice()), update) != Fault::None) continue;
    const Delta delta = store.add(update);
    must(store.add(update).empty(), "what was added is known");
    for (const Bytes& part : delta.news.wire()) peer.add(must_read(part));
  }
  check_store(store);
  must(peer.encode() == store.encode(), "forwards hold what the store holds");
}

void feed_messages(Choices& choices) {
  Awareness awareness;
  std::int64_t now = 0;
  while (!choices.empty()) {
    const std::size_t owner = choices.below(3);
    now += choices.byte() * 1000;
    const Bytes frame = choices.slice();
    Reader reader{ByteSpan(frame)};
    while (reader.left() != 0) {
      const yjs::Message message = read_message(reader, owner == 0 ? Face::Yjs : Face::Zeal);
      if (!reader.ok() || message.type != Type::Awareness) continue;
      const auto changed = awareness.apply(message.presence, owner, now);
      must(read_awareness(write_awareness(changed)).has_value(), "what is forwarded can be read");
    }
    awareness.expire(now);
  }
  for (const Awareness::Owner owner : {0, 1, 2}) awareness.leave(owner);
  must(awareness.live().empty(), "nobody stays behind");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  choices.one_in(4) ? feed_messages(choices) : feed_updates(choices);
  return 0;
}
