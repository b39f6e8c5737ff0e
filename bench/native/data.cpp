// Columns of little-endian numbers into vectors.
#include "data.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace bench {
namespace {

class File {
 public:
  explicit File(const std::string& name) : name_(name), file_(std::fopen(name.c_str(), "rb")) {
    if (file_ == nullptr) stop();
  }
  ~File() { std::fclose(file_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  template <typename T>
  std::vector<T> column(std::size_t count) {
    std::vector<T> out(count);
    if (std::fread(out.data(), sizeof(T), count, file_) != count) stop();
    return out;
  }
  std::string text(std::size_t size) {
    std::string out(size, '\0');
    if (std::fread(out.data(), 1, size, file_) != size) stop();
    return out;
  }

 private:
  [[noreturn]] void stop() const {
    std::fprintf(stderr, "%s is missing or too short\n", name_.c_str());
    std::exit(2);
  }
  std::string name_;
  std::FILE* file_;
};

struct Fingerprint {
  std::uint32_t hash = 0x811c9dc5;
  void byte(std::uint8_t value) { hash = (hash ^ value) * 0x01000193u; }
  void number(double value) {
    std::uint8_t bytes[8];
    std::memcpy(bytes, &value, 8);
    for (const std::uint8_t each : bytes) byte(each);
  }
  void text(const std::string& value) {
    for (const char each : value) byte(static_cast<std::uint8_t>(each));
  }
};

}  // namespace

Sets read_sets(const std::string& folder) {
  File file(folder + "/sets.bin");
  const auto sizes = file.column<std::uint32_t>(2);
  Sets out;
  out.nodes = sizes[1];
  out.node = file.column<std::uint32_t>(sizes[0]);
  out.values = file.column<double>(3 * static_cast<std::size_t>(sizes[0]));
  return out;
}

Moves read_moves(const std::string& folder) {
  File file(folder + "/moves.bin");
  const auto sizes = file.column<std::uint32_t>(2);
  Moves out;
  out.nodes = sizes[1];
  out.writer = file.column<std::uint32_t>(sizes[0]);
  out.node = file.column<std::uint32_t>(sizes[0]);
  out.parent = file.column<std::uint32_t>(sizes[0]);
  return out;
}

Large read_large(const std::string& folder) {
  File file(folder + "/large.bin");
  const auto sizes = file.column<std::uint32_t>(2);
  Large out;
  out.nodes = sizes[0];
  out.properties = sizes[1];
  out.values = file.column<double>(static_cast<std::size_t>(sizes[0]) * sizes[1]);
  return out;
}

Text read_text(const std::string& folder) {
  File file(folder + "/text.bin");
  const auto sizes = file.column<std::uint32_t>(4);
  Text out;
  out.position = file.column<std::uint32_t>(sizes[0]);
  out.removed = file.column<std::uint32_t>(sizes[0]);
  const auto lengths = file.column<std::uint32_t>(sizes[0]);
  for (const std::uint32_t length : lengths) out.inserted.push_back(file.text(length));
  out.end = file.text(sizes[2]);
  return out;
}

std::uint32_t fingerprint(const std::string& name, const std::string& folder) {
  Fingerprint print;
  if (name == "sets") {
    const Sets data = read_sets(folder);
    for (std::size_t i = 0; i < data.node.size(); ++i) {
      print.number(data.node[i]);
      for (int axis = 0; axis < 3; ++axis) print.number(data.values[3 * i + axis]);
    }
  } else if (name == "moves") {
    const Moves data = read_moves(folder);
    for (std::size_t i = 0; i < data.node.size(); ++i) {
      for (const auto* column : {&data.writer, &data.node, &data.parent})
        print.number((*column)[i]);
    }
  } else if (name == "large") {
    for (const double value : read_large(folder).values) print.number(value);
  } else {
    const Text data = read_text(folder);
    for (std::size_t i = 0; i < data.position.size(); ++i) {
      print.number(data.position[i]);
      print.number(data.removed[i]);
      print.text(data.inserted[i]);
    }
    print.text(data.end);
  }
  return print.hash;
}

}  // namespace bench
