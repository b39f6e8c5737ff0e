// Property sets: written, received from a buffer, received from four writers; moves; undo; and
// messages that come late.
#include "replica.hpp"
#include "suites.hpp"

namespace bench {
namespace {

constexpr std::size_t kJoined = 10'000;
constexpr std::size_t kWriters = 4;

Bytes placed_scene(std::uint32_t nodes) {
  return scene(nodes, 1, [](vuer_rtc::MsgWriter& writer, std::uint32_t, std::uint32_t) {
    writer.string("position");
    writer.array(3);
    for (int axis = 0; axis < 3; ++axis) writer.number(0);
  });
}

/// The last of `done` sets must be seen.
void check_last(Document& document, const Sets& data, std::size_t done) {
  const Bytes value = document.property(node_key(data.node[done - 1]), "position");
  MsgReader reader{ByteSpan(value)};
  std::uint32_t count = 0;
  check(reader.read_array(count) && count == 3, "a position");
  for (int axis = 0; axis < 3; ++axis) {
    double number = 0;
    check(reader.read_number(number) && number == data.values[3 * (done - 1) + axis],
          "the last set is not seen");
  }
}

/// Sets of one writer, so many a message, received in buffers of kJoined sets.
Figure receive_buffers(const Place& place, std::size_t sets_each) {
  const Sets data = read_sets(place.folder);
  const Bytes base = placed_scene(data.nodes);
  const auto ops = set_ops(data);
  const auto writer = writer_of("writer", base);
  std::vector<Bytes> buffers((ops.size() + kJoined - 1) / kJoined);
  for (std::size_t i = 0; i < ops.size(); i += sets_each) {
    const std::size_t end = std::min(i + sets_each, ops.size());
    commit(*writer, &ops[i], ops.data() + end, &buffers[i / kJoined]);
  }
  std::unique_ptr<Document> document;
  Figure figure = rate(place.limits, buffers.size(), [&] {
    document = reader_of(base);
    return Round{[&](std::size_t i) { check(document->receive_all(buffers[i]).ok(), "a buffer"); },
                 [&](std::size_t done) {
                   check_last(*document, data, std::min(done * kJoined, ops.size()));
                 }};
  });
  for (double& run : figure.runs) run *= static_cast<double>(ops.size()) / buffers.size();
  return figure;
}

}  // namespace

Rows scene_each(const Place& place) {
  const Sets data = read_sets(place.folder);
  const auto ops = set_ops(data);
  const Bytes base = placed_scene(data.nodes);
  std::unique_ptr<Store> writer;
  double bytes = 0, size = 0;
  const Figure figure = rate(place.limits, ops.size(), [&] {
    writer = writer_of("writer", base);
    bytes = 0;
    return Round{[&](std::size_t i) {
                   bytes += static_cast<double>(commit(*writer, &ops[i], &ops[i] + 1, nullptr));
                 },
                 [&](std::size_t done) {
                   size = bytes / static_cast<double>(done);
                   check_last(writer->document(), data, done);
                 }};
  });
  return {{"scene_each", figure}, {"message_bytes", counted(size)}};
}

Rows scene_buffer(const Place& place) { return {{"scene_buffer", receive_buffers(place, 1)}}; }
Rows scene_hundreds(const Place& place) {
  return {{"scene_hundreds", receive_buffers(place, 100)}};
}

Rows scene_writers(const Place& place) {
  const Sets data = read_sets(place.folder);
  const auto ops = set_ops(data);
  const Bytes base = placed_scene(data.nodes);
  const std::uint64_t lt = reader_of(base)->lt();
  std::vector<Bytes> messages(ops.size());
  for (std::size_t i = 0; i < ops.size(); ++i) {
    constexpr const char* kNames[kWriters] = {"ann", "bob", "cid", "dan"};
    messages[i] = message_at(kNames[i % kWriters], i / kWriters + 1, lt + i + 1, ops[i]);
  }
  return {{"scene_writers",
           receive_each(place.limits, base, messages, [&](Document& document, std::size_t done) {
             check_last(document, data, done);
           })}};
}

Rows moves(const Place& place) {
  const Moves data = read_moves(place.folder);
  const auto ops = move_ops(data);
  const Bytes base = bare_scene(data.nodes);
  std::vector<std::unique_ptr<Store>> writers;
  for (const char* name : {"ann", "bob", "cid", "dan"}) writers.push_back(writer_of(name, base));
  std::vector<Bytes> messages(ops.size());
  for (std::size_t i = 0; i < ops.size(); ++i) {
    commit(*writers[data.writer[i]], &ops[i], &ops[i] + 1, &messages[i]);
  }
  writers.clear();
  return {
      {"moves", receive_each(place.limits, base, messages, [&](Document& document, std::size_t) {
         check(document.node_count() == data.nodes + 1, "nodes");
       })}};
}

Rows undo(const Place& place) {
  const Sets data = read_sets(place.folder);
  auto ops = set_ops(data);
  ops.resize(std::min<std::size_t>(ops.size(), 10'000));
  const Bytes base = placed_scene(data.nodes);
  std::unique_ptr<Store> writer;
  const auto undo_one = [&](std::size_t) { check(writer->undo(kTime).ok(), "an undo"); };
  const auto redo_one = [&](std::size_t) { check(writer->redo(kTime).ok(), "a redo"); };
  const auto edited = [&] {
    writer = writer_of("writer", base);
    for (const Bytes& op : ops) commit(*writer, &op, &op + 1, nullptr);
  };
  const Figure undone = rate(place.limits, ops.size(), [&] {
    edited();
    return Round{undo_one, [&](std::size_t done) {
                   check(done < ops.size() || !writer->can_undo(), "something is left to undo");
                 }};
  });
  const Figure redone = rate(place.limits, ops.size(), [&] {
    edited();
    for (std::size_t i = 0; i < ops.size(); ++i) undo_one(i);
    return Round{redo_one, [&](std::size_t done) {
                   check(done < ops.size() || !writer->can_redo(), "something is left to redo");
                 }};
  });
  return {{"undo", undone}, {"redo", redone}};
}

Rows late(const Place& place) {
  constexpr std::size_t kRepeats = 5, kLate = 2000;
  const Sets data = read_sets(place.folder);
  const auto ops = set_ops(data);
  Document document;
  check(document.receive_all(placed_scene(data.nodes)).ok(), "a scene");
  std::uint64_t number = document.lt();
  Bytes buffer;
  for (std::size_t i = 0; i < kRepeats * ops.size(); ++i) {
    ++number;
    const Bytes message = message_at("writer", number, number, ops[i % ops.size()]);
    buffer.insert(buffer.end(), message.begin(), message.end());
    if ((i + 1) % kJoined != 0) continue;
    check(document.receive_all(buffer).ok(), "a buffer");
    buffer.clear();
  }
  Rows rows;
  for (const std::uint64_t distance : {1, 10, 100, 1000, 10'000}) {
    const std::string name = "late_" + std::to_string(distance);
    std::uint64_t round = 0;
    Figure figure = rate(place.limits, kLate, [&] {
      auto messages = std::make_shared<std::vector<Bytes>>();
      const std::string client = name + "-" + std::to_string(++round);
      for (std::size_t i = 0; i < kLate; ++i) {
        messages->push_back(message_at(client, i + 1, number - distance, ops[i * 97 % ops.size()]));
      }
      return Round{[&document, messages](std::size_t i) {
        check(document.receive((*messages)[i]).ok(), "a late message");
      }};
    });
    for (double& run : figure.runs) run = 1 / run;
    rows.emplace_back(name, figure);
  }
  return rows;
}

}  // namespace bench
