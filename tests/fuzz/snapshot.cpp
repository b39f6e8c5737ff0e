// Bytes as a snapshot: an error changes nothing; what loads is sound, and its own snapshot loads to
// the same digest.
#include "fuzz/law.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Document document;
  Hash before = document.digest();
  Status loaded = document.load(ByteSpan(data, size));
  document.check();
  if (!loaded) {
    must(document.digest() == before, "an error changes nothing");
    return 0;
  }
  Hash digest = document.digest();
  Result<Bytes> saved = document.snapshot();
  must(saved.ok(), "a loaded document has a snapshot");
  Document second;
  must(second.load(*saved).ok(), "its own snapshot loads");
  second.check();
  must(second.digest() == digest, "and is the same document");
  return 0;
}
