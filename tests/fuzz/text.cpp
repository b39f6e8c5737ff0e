// Choices as two authors who type, cut and undo in one text and hear of each other now and then:
// once everything has been exchanged, both show the same text and digest, and so does a reader who
// got it all in one go.
#include <array>
#include <string>

#include "fuzz/law.hpp"
#include "vuer_rtc/store.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::fuzz;

namespace {

constexpr int kMaxSteps = 200;

Bytes text_op(const char* ot, double position, double length, const char* value) {
  Bytes bytes;
  MsgWriter out(bytes);
  out.map(6);
  out.string("ot"), out.string(ot);
  out.string("key"), out.string("scene");
  out.string("path"), out.string("body");
  out.string("position"), out.number(position);
  out.string("length"), out.number(length);
  out.string("value"), out.string(value);
  return bytes;
}

Bytes scene() {
  Bytes bytes;
  MsgWriter out(bytes);
  out.map(4);
  out.string("ot"), out.string("node.insert");
  out.string("key"), out.string("");
  out.string("path"), out.string("children");
  out.string("value"), out.map(1), out.string("key"), out.string("scene");
  return bytes;
}

struct Typist {
  explicit Typist(const char* name) : store(name) {}
  Store store;
  Bytes sent;            ///< every message of this author
  std::size_t read = 0;  ///< how much of it the other one has
};

void type(Typist& author, Choices& choices, double now) {
  static constexpr const char* kTexts[] = {"a", "bc", "hello ", "\xf0\x9f\x98\x80", "\n", "xyz"};
  static constexpr const char* kKinds[] = {"text.insert", "text.insert", "text.delete",
                                           "text.replace"};
  const char* kind = kKinds[choices.below(4)];
  const char* value = kTexts[choices.below(6)];
  Bytes op = text_op(kind, choices.byte(), static_cast<double>(choices.below(5)), value);
  must(author.store.edit(op, now).ok(), "typing works");
}

void take(Typist& author, const Result<ByteSpan>& sent) {
  must(sent.ok(), "a commit works");
  author.sent.insert(author.sent.end(), sent->begin(), sent->end());
}

void step(std::array<Typist, 2>& authors, Choices& choices, double now) {
  Typist& author = authors[choices.below(2)];
  Typist& other = &author == &authors[0] ? authors[1] : authors[0];
  switch (choices.below(8)) {
    case 0:
      return take(author, author.store.undo(now));
    case 1:
      return take(author, author.store.redo(now));
    case 2:
      must(other.store.receive_all(ByteSpan(author.sent).subspan(author.read)).ok(),
           "a message of a store is accepted");
      author.read = author.sent.size();
      return;
    case 3:
      return type(author, choices, now);
    default:
      type(author, choices, now);
      return take(author, author.store.commit(now));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Choices choices(data, size);
  std::array<Typist, 2> authors{Typist("north"), Typist("south")};
  must(authors[0].store.edit(scene(), 1).ok(), "a node can be inserted");
  take(authors[0], authors[0].store.commit(1));
  for (int i = 0; i < kMaxSteps && !choices.empty(); i++) {
    step(authors, choices, 2 + i / 4);
    for (Typist& author : authors) author.store.check();
  }
  for (Typist& author : authors) take(author, author.store.commit(100));
  Document reader;
  for (std::size_t who = 0; who < 2; who++) {
    must(authors[1 - who].store.receive_all(authors[who].sent).ok(), "all of it is accepted");
    must(reader.receive_all(authors[who].sent).ok(), "by a reader too");
  }
  must(authors[0].store.digest() == authors[1].store.digest(), "both authors see the same");
  must(authors[0].store.digest() == reader.digest(), "and so does a reader");
  must_survive_a_snapshot(reader);
  return 0;
}
