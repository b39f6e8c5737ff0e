#include "metrics/freed_memory.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <vector>

#include "metrics/process_figures.hpp"

using namespace vuer_rtc::server;

TEST_CASE("freed_memory_goes_back_to_the_system_though_something_behind_it_lives") {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // they keep it themselves
  constexpr std::size_t kBlocks = 32'000, kBytes = 1000;
  std::vector<std::unique_ptr<char[]>> blocks;
  for (std::size_t i = 0; i < kBlocks; ++i) blocks.push_back(std::make_unique<char[]>(kBytes));
  blocks.erase(blocks.begin(), blocks.end() - 1);
  const double before = read_process_figures().resident_bytes;
  FreedMemory memory;
  memory.give_back(1000);
  const double after = read_process_figures().resident_bytes;
  CHECK(after < before - kBlocks * kBytes / 2.0);
#endif
}
