// A target that must fail: a document with a planted fault, which changes when it refuses certain
// bytes. A fuzzer or a harness that does not find it within seconds finds nothing.
#include "fuzz/law.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::fuzz;

namespace {

/// Forgets, like a careless reader, to take back what it had begun.
class Faulty {
 public:
  bool receive(ByteSpan bytes) {
    const bool begun = bytes.size() > 2 && bytes[0] >> 4 == 8 && bytes[1] >> 5 == 5;
    count_ += begun;
    return document_.receive(bytes).ok();
  }
  int count() const { return count_; }

 private:
  Document document_;
  int count_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Faulty faulty;
  if (!faulty.receive(ByteSpan(data, size))) must(faulty.count() == 0, "an error changes nothing");
  return 0;
}
