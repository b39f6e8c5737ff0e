// One long text: written, received, stored, loaded.
#include <algorithm>

#include "replica.hpp"
#include "suites.hpp"

namespace bench {
namespace {

constexpr std::size_t kMessages = 1000;

std::size_t batch_of(const Text& data) {
  return (data.position.size() + kMessages - 1) / kMessages;
}

std::size_t end_of(std::size_t i, std::size_t each, std::size_t count) {
  return std::min((i + 1) * each, count);
}

Figure local(const Place& place, const Text& data, std::size_t each) {
  const auto ops = edit_ops(data);
  const Bytes base = bare_scene(1);
  std::unique_ptr<Store> writer;
  const std::size_t count = (ops.size() + each - 1) / each;
  Figure figure = rate(place.limits, count, [&] {
    writer = writer_of("writer", base);
    return Round{
        [&](std::size_t i) {
          keep(commit(*writer, &ops[i * each], ops.data() + end_of(i, each, ops.size()), nullptr));
        },
        [&](std::size_t done) {
          check(done < count || text_of(writer->document()) == data.end, "another text");
        }};
  });
  for (double& run : figure.runs) run *= static_cast<double>(each);
  return figure;
}

/// The trace as a thousand messages, one after the other.
Bytes written(const Text& data, const Bytes& base) {
  const auto ops = edit_ops(data);
  const auto writer = writer_of("writer", base);
  const std::size_t each = batch_of(data);
  Bytes out;
  for (std::size_t i = 0; i * each < ops.size(); ++i) {
    commit(*writer, &ops[i * each], ops.data() + end_of(i, each, ops.size()), &out);
  }
  return out;
}

}  // namespace

Rows text_batched(const Place& place) {
  const Text data = read_text(place.folder);
  return {{"text_batched", local(place, data, batch_of(data))}};
}

Rows text_each(const Place& place) {
  return {{"text_each", local(place, read_text(place.folder), 1)}};
}

Rows text_receive(const Place& place) {
  const Text data = read_text(place.folder);
  const Bytes base = bare_scene(1);
  const auto messages = messages_of(base, edit_ops(data));
  return {{"text_receive",
           receive_each(place.limits, base, messages, [&](Document& document, std::size_t done) {
             check(done < messages.size() || text_of(document) == data.end, "another text");
           })}};
}

Rows text_blob(const Place& place) {
  const Text data = read_text(place.folder);
  const Bytes base = bare_scene(1);
  const Bytes messages = written(data, base);
  std::unique_ptr<Document> document;
  Figure figure = time(place.limits, [&] {
    document = reader_of(base);
    return Round{[&](std::size_t) { check(document->receive_all(messages).ok(), "a blob"); },
                 [&](std::size_t) { check(text_of(*document) == data.end, "another text"); }};
  });
  for (double& run : figure.runs) run = static_cast<double>(data.position.size()) / run / 1000;
  return {{"text_blob", figure}};
}

Rows text_load(const Place& place) {
  const Text data = read_text(place.folder);
  Bytes messages = bare_scene(1);
  const Bytes edits = written(data, messages);
  messages.insert(messages.end(), edits.begin(), edits.end());
  const Bytes snapshot = stored(messages);
  std::unique_ptr<Document> document;
  std::string shown;
  const Figure load = time(place.limits, [&] {
    document.reset();
    return Round{[&](std::size_t) {
                   document = std::make_unique<Document>();
                   check(document->load(snapshot).ok(), "a snapshot");
                   shown = text_of(*document);
                 },
                 [&](std::size_t) { check(shown == data.end, "another text"); }};
  });
  return {{"text_load", load}, {"text_bytes", counted(static_cast<double>(snapshot.size()))}};
}

}  // namespace bench
