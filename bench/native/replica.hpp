// Documents and stores that begin with a scene.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "measure.hpp"
#include "ops.hpp"

namespace bench {

using vuer_rtc::ByteSpan;
using vuer_rtc::Document;
using vuer_rtc::MsgReader;
using vuer_rtc::Store;

inline std::unique_ptr<Document> reader_of(const Bytes& base) {
  auto document = std::make_unique<Document>();
  check(document->receive_all(base).ok(), "a scene");
  return document;
}

inline std::unique_ptr<Store> writer_of(std::string_view name, const Bytes& base) {
  auto store = std::make_unique<Store>(name);
  check(store->receive_all(base).ok(), "a scene");
  store->take_changes();
  return store;
}

/// What one writer sends who does all these ops, a message each.
inline std::vector<Bytes> messages_of(const Bytes& base, const std::vector<Bytes>& ops) {
  const auto writer = writer_of("writer", base);
  std::vector<Bytes> out(ops.size());
  for (std::size_t i = 0; i < ops.size(); ++i) commit(*writer, &ops[i], &ops[i] + 1, &out[i]);
  return out;
}

/// A snapshot of all messages.
inline Bytes stored(const Bytes& messages) {
  const auto document = reader_of(messages);
  check(document->raise_line(static_cast<std::int64_t>(document->lt())).ok(), "a line");
  return *document->snapshot();
}

/// A property that is a number.
inline double number_of(Document& document, std::uint32_t node, std::uint32_t number) {
  const Bytes value = document.property(node_key(node), property_path(number));
  double out = 0;
  MsgReader reader{ByteSpan(value)};
  check(reader.read_number(out), "a number");
  return out;
}

/// The one text.
inline std::string text_of(Document& document) {
  const Bytes value = document.property(node_key(0), kTextPath);
  MsgReader reader{ByteSpan(value)};
  std::string_view text;
  return reader.read_string(text) ? std::string(text) : std::string();
}

/// One message a call.
inline Figure receive_each(const Limits& limits, const Bytes& base,
                           const std::vector<Bytes>& messages,
                           const std::function<void(Document&, std::size_t)>& verify) {
  std::unique_ptr<Document> document;
  return rate(limits, messages.size(), [&] {
    document = reader_of(base);
    return Round{[&](std::size_t i) { check(document->receive(messages[i]).ok(), "a message"); },
                 [&](std::size_t done) { verify(*document, done); }};
  });
}

}  // namespace bench
