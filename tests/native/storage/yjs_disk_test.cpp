// Yjs rooms in a store: what is set aside, and whether a write would succeed.
#include "yjs_disk.hpp"

#include <catch2/catch.hpp>

#include "storage/memory_store.hpp"

using namespace vuer_rtc;
using namespace vuer_rtc::server;

TEST_CASE("yjs_disk_keeps_what_is_set_aside_behind_what_was_set_aside_before") {
  std::vector<std::function<void()>> posted;
  StoreQueue store(
      std::make_unique<MemoryStore>(),
      [&posted](std::function<void()> what) { posted.push_back(std::move(what)); }, [] {});
  YjsDisk disk(
      store, [] { return std::string("epoch"); }, [] { return std::int64_t{5}; });
  int answers = 0;
  const auto done = [&answers](bool ok) { answers += ok; };
  disk.set_aside("r", {{1}, {2}}, done);
  disk.set_aside("r", {{3}}, done);
  disk.probe(done);
  LogContent content;
  store.load({"yjs-damaged", "r"}, [&content](Result<LogContent> found) { content = *found; });
  while (store.run()) continue;
  for (const auto& what : posted) what();
  CHECK(answers == 3);
  CHECK(content.entries == std::vector<Bytes>{{1}, {2}, {3}});
}
