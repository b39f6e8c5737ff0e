// fuzz_smoke [--seed N] [--count N] [--target NAME] [--keep FOLDER] FOLDER...: the fuzz targets
// without a fuzzer, in any build. Each target gets the files that are its own (FOLDER/NAME-* and
// FOLDER/NAME/*), then N seeded mutations of them. An input that breaks a law is kept as
// NAME-crash-<seed> where --keep says.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#define TARGET(name) extern "C" int fuzz_##name(const std::uint8_t* data, std::size_t size);
RTC_FUZZ_TARGETS
#undef TARGET

namespace {

using Input = std::vector<std::uint8_t>;

constexpr std::size_t kMaxBytes = 2048;

struct Target {
  std::string_view name;
  int (*run)(const std::uint8_t* data, std::size_t size);
};

#define TARGET(name) {#name, &fuzz_##name},
constexpr Target kTargets[] = {RTC_FUZZ_TARGETS};
#undef TARGET

struct Options {
  unsigned seed = 1;
  int count = 200;
  std::string target, keep;
  std::vector<std::string> folders;
};

Input current;
std::string kept_as;

void keep_input(int signal) {
  std::FILE* file = kept_as.empty() ? nullptr : std::fopen(kept_as.c_str(), "wb");
  if (file != nullptr) {
    std::fwrite(current.data(), 1, current.size(), file);
    std::fclose(file);
    std::fprintf(stderr, "kept as %s\n", kept_as.c_str());
  }
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void read_into(const std::filesystem::path& path, std::vector<Input>& inputs) {
  std::ifstream file(path, std::ios::binary);
  inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

/// Sorted by name, so that a seed means the same on every machine.
std::vector<Input> inputs_of(const Options& options, std::string_view target) {
  namespace fs = std::filesystem;
  std::vector<fs::path> paths;
  for (const std::string& folder : options.folders) {
    const fs::path own = fs::path(folder) / target;
    if (fs::is_directory(own)) {
      for (const auto& entry : fs::directory_iterator(own)) paths.push_back(entry.path());
    }
    for (const auto& entry : fs::directory_iterator(folder)) {
      const std::string name = entry.path().filename().string();
      if (entry.is_regular_file() && name.rfind(std::string(target) + "-", 0) == 0)
        paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Input> inputs{Input()};
  for (const fs::path& path : paths) read_into(path, inputs);
  return inputs;
}

class Mutator {
 public:
  explicit Mutator(unsigned seed) : engine_(seed) {}

  Input next(const std::vector<Input>& inputs) {
    Input input = inputs[below(inputs.size())];
    for (std::size_t n = below(4) + 1; n > 0; n--) change(input, inputs);
    input.resize(std::min(input.size(), kMaxBytes));
    return input;
  }

 private:
  std::size_t below(std::size_t count) { return engine_() % count; }
  std::uint8_t byte() { return static_cast<std::uint8_t>(engine_()); }
  Input::difference_type place(const Input& input) {
    return static_cast<Input::difference_type>(below(input.size() + 1));
  }

  void change(Input& input, const std::vector<Input>& inputs) {
    const std::size_t what = input.empty() ? 0 : below(5);
    if (what == 0) {
      for (std::size_t n = below(40) + 1; n > 0; n--)
        input.insert(input.begin() + place(input), byte());
    } else if (what == 1) {
      input[below(input.size())] = byte();
    } else if (what == 2) {
      input[below(input.size())] ^= static_cast<std::uint8_t>(1u << below(8));
    } else if (what == 3) {
      input.erase(input.begin() + place(input), input.end());
    } else {
      const Input& other = inputs[below(inputs.size())];
      input.insert(input.begin() + place(input), other.begin() + place(other), other.end());
    }
  }
  std::mt19937 engine_;
};

void run(const Options& options, const Target& target) {
  if (!options.keep.empty()) {
    kept_as =
        options.keep + "/" + std::string(target.name) + "-crash-" + std::to_string(options.seed);
  }
  const std::vector<Input> inputs = inputs_of(options, target.name);
  for (const Input& input : inputs) {
    current = input;
    target.run(current.data(), current.size());
  }
  Mutator mutator(options.seed);
  for (int i = 0; i < options.count; i++) {
    current = mutator.next(inputs);
    target.run(current.data(), current.size());
  }
  std::printf("%s: %zu files, %d mutations\n", std::string(target.name).c_str(), inputs.size() - 1,
              options.count);
  std::fflush(stdout);
}

Options read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; i++) {
    const std::string_view name = argv[i];
    const bool has_value = name.substr(0, 2) == "--" && i + 1 < argc;
    if (!has_value) {
      options.folders.emplace_back(name);
      continue;
    }
    const char* value = argv[++i];
    if (name == "--seed") options.seed = static_cast<unsigned>(std::strtoul(value, nullptr, 10));
    if (name == "--count") options.count = std::atoi(value);
    if (name == "--target") options.target = value;
    if (name == "--keep") options.keep = value;
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = read_options(argc, argv);
  std::printf("seed %u\n", options.seed);
  for (const int signal : {SIGABRT, SIGSEGV, SIGFPE, SIGILL}) std::signal(signal, keep_input);
  for (const Target& target : kTargets) {
    const bool is_wanted =
        options.target.empty() ? target.name != "canary" : target.name == options.target;
    if (is_wanted) run(options, target);
  }
  return 0;
}
