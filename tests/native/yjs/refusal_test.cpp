// Bytes that must be refused, and bytes that are nearly right: an error or success, never more
// memory than the input allows.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <new>
#include <set>

#include "protocol/yjs/message.hpp"
#include "yjs/vectors.hpp"

using namespace vuer_rtc::yjs;
using nlohmann::json;

namespace {

std::size_t allocated = 0, most_allocated = 0;

void count(std::size_t size) {
  allocated += size;
  most_allocated = std::max(most_allocated, allocated);
}

constexpr std::size_t kRoom = 16;  // in front of each block: its size

}  // namespace

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  auto* block = static_cast<std::size_t*>(std::malloc(size + kRoom));
  if (block == nullptr) return nullptr;
  *block = size;
  count(size);
  return reinterpret_cast<char*>(block) + kRoom;
}

void* operator new(std::size_t size) {
  void* block = operator new(size, std::nothrow);
  if (block == nullptr) std::abort();
  return block;
}

void operator delete(void* at) noexcept {
  if (at == nullptr) return;
  auto* block = reinterpret_cast<std::size_t*>(static_cast<char*>(at) - kRoom);
  allocated -= *block;
  std::free(block);
}

void operator delete(void* at, std::size_t) noexcept { operator delete(at); }

namespace {

/// Parses; when it can, adds the update to a store that must stay sound.
Fault try_update(const vuer_rtc::Bytes& bytes, std::size_t most_per_byte = 16) {
  const Slice slice = whole(bytes);
  Update update;
  const std::size_t before = allocated;
  most_allocated = allocated;
  const Fault fault = read_update(slice, update);
  const std::size_t limit = most_per_byte * bytes.size() + 256;
  if (most_allocated - before > limit)
    FAIL(to_hex(vuer_rtc::ByteSpan(bytes).first(std::min<std::size_t>(bytes.size(), 64)))
         << " took " << most_allocated - before << " for " << bytes.size());
  if (fault != Fault::None) return fault;
  Store store;
  store.add(update);
  const std::string broken = store.check();
  if (!broken.empty()) FAIL(to_hex(bytes) << ": " << broken);
  return fault;
}

std::set<vuer_rtc::Bytes> valid_updates() {
  std::set<vuer_rtc::Bytes> all;
  for (const json& one : vectors()["cases"]) {
    for (const json& update : one["updates"]) all.insert(from_hex(update));
    all.insert(from_hex(one["merged"]));
  }
  return all;
}

}  // namespace

TEST_CASE("update_that_is_malformed_is_refused_by_its_name") {
  for (const json& one : vectors()["malformed"]) {
    INFO(one["name"].get<std::string>());
    CHECK(fault_name(try_update(from_hex(one["update"]))) == one["error"].get<std::string>());
  }
}

TEST_CASE("state_vector_that_is_malformed_is_refused_by_its_name") {
  for (const json& one : vectors()["malformedStateVectors"]) {
    const vuer_rtc::Bytes bytes = from_hex(one["stateVector"]);
    Reader reader{vuer_rtc::ByteSpan(bytes)};
    read_vector(reader);
    CHECK(fault_name(reader.fault()) == one["error"].get<std::string>());
  }
}

TEST_CASE("update_cut_short_is_an_error_or_an_update") {
  for (const vuer_rtc::Bytes& bytes : valid_updates())
    for (std::size_t n = 0; n < bytes.size(); n++)
      try_update({bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n)});
}

TEST_CASE("update_with_one_byte_changed_is_an_error_or_an_update") {
  for (vuer_rtc::Bytes bytes : valid_updates()) {
    for (std::size_t i = 0; i < bytes.size(); i++) {
      const std::uint8_t right = bytes[i];
      for (unsigned change = 1; change < 256; change++) {
        bytes[i] = static_cast<std::uint8_t>(right ^ change);
        try_update(bytes);
      }
      bytes[i] = right;
    }
  }
}

/// Two structs in as few bytes as can be, and blocks of one client each: the dearest there is.
TEST_CASE("update_of_the_smallest_structs_stays_within_its_memory") {
  constexpr std::size_t kCount = 10'000;
  Writer structs, blocks;
  structs.var_uint(1), structs.var_uint(2 * kCount), structs.var_uint(1), structs.var_uint(0);
  blocks.var_uint(kCount);
  for (std::size_t i = 0; i < kCount; i++) {
    structs.raw(vuer_rtc::ByteSpan(from_hex("000181010001")));
    blocks.var_uint(1), blocks.var_uint(kCount - i), blocks.var_uint(0);
    blocks.raw(vuer_rtc::ByteSpan(from_hex("0001")));
  }
  structs.var_uint(0), blocks.var_uint(0);
  CHECK(try_update(structs.take(), 17) == Fault::None);
  CHECK(try_update(blocks.take(), 24) == Fault::None);
}

TEST_CASE("messages_that_are_malformed_are_refused_by_their_names") {
  for (const json& one : vectors()["malformedMessages"]) {
    INFO(one.dump());
    const vuer_rtc::Bytes bytes = from_hex(one["bytes"]);
    if (bytes.empty()) continue;  // the room refuses a frame without a message
    Reader reader{vuer_rtc::ByteSpan(bytes)};
    Message message = read_message(reader, Face::Zeal);
    std::string_view name = fault_name(reader.fault());
    if (reader.ok()) {
      REQUIRE(message.type == Type::Sync);
      Update update;
      name =
          fault_name(read_update(whole({message.payload.begin(), message.payload.end()}), update));
    }
    CHECK(name == one["error"].get<std::string>());
  }
}

TEST_CASE("messages_of_both_faces_are_read_whole") {
  for (const char* group : {"messages", "ignoredMessages"}) {
    for (const json& one : vectors()[group]) {
      INFO(one.dump());
      const vuer_rtc::Bytes bytes = from_hex(one["bytes"]);
      const bool is_ours = one["name"].get<std::string>().starts_with("auth denied");
      for (const Face face : {Face::Yjs, is_ours ? Face::Yjs : Face::Zeal}) {
        Reader reader{vuer_rtc::ByteSpan(bytes)};
        read_message(reader, face);
        CHECK(reader.ok());
        CHECK(reader.left() == 0);
      }
    }
  }
}
