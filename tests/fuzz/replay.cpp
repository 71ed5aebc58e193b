// Runs a fuzz target once with each file of the given directories, without a fuzzer.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "fuzz.hpp"

namespace {

void replay(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::vector<char> read{std::istreambuf_iterator<char>{file}, {}};
  const std::vector<std::uint8_t> input{read.begin(), read.end()};
  std::fprintf(stderr, "%s\n", path.c_str());  // the last one is the one that failed
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t n_inputs = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator{argv[i]}) {
      replay(entry.path());
      ++n_inputs;
    }
  }
  std::printf("%zu inputs\n", n_inputs);
  return n_inputs == 0 ? 1 : 0;
}
