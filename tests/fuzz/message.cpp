// Bytes as a message: an error changes nothing; what is accepted is a duplicate the second time,
// survives a snapshot, and comes back from its own encoding as the same message.
#include "vuer_rtc/message.hpp"

#include "fuzz/law.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::fuzz;

namespace {

void check_round_trip(ByteSpan bytes) {
  Result<Message> first = decode_message(bytes, Limits{});
  if (!first) return;
  Bytes encoded;
  encode_message(*first, encoded);
  Result<Message> second = decode_message(encoded, Limits{});
  must(second.ok(), "an encoded message can be read");
  must(content_hash(*first) == content_hash(*second), "encoding keeps the content");
  Bytes again;
  encode_message(*second, again);
  must(again == encoded, "encoding has one form");
}

/// A document in which keys, texts and ids that inputs are likely to name exist.
Document furnished() {
  Document document;
  Bytes bytes;
  MsgWriter writer(bytes);
  writer.map(6);
  writer.string("id"), writer.string("a:1");
  writer.string("client"), writer.string("a");
  writer.string("lt"), writer.number(1);
  writer.string("ts"), writer.number(1);
  writer.string("clock"), writer.map(1), writer.string("a"), writer.number(1);
  writer.string("ops"), writer.array(1), writer.map(4);
  writer.string("ot"), writer.string("node.insert");
  writer.string("key"), writer.string("");
  writer.string("path"), writer.string("children");
  writer.string("value"), writer.map(2);
  writer.string("key"), writer.string("scene");
  writer.string("x"), writer.number(1);
  must(document.receive(ByteSpan(bytes)).ok(), "the first message is accepted");
  return document;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteSpan bytes(data, size);
  check_round_trip(bytes);
  Document document = furnished();
  Hash before = document.digest();
  Result<Received> received = document.receive(bytes);
  document.check();
  if (!received) {
    must(document.digest() == before, "an error changes nothing");
    return 0;
  }
  Hash after = document.digest();
  Result<Received> again = document.receive(bytes);
  must(again.ok() && *again == Received::Duplicate, "the second copy is a duplicate");
  must(document.digest() == after, "a duplicate changes nothing");
  must_survive_a_snapshot(document);
  return 0;
}
