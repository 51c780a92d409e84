// grapevine-fuzz NAME FILE-OR-FOLDER… [--mutations N]: hands files to a fuzzer, each as it is and N times
// with some bytes changed, the same ones each time. No compiler support needed; libFuzzer (make fuzz) looks
// where this does not.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <vector>

#include "tests/fuzz/fuzz.h"

namespace {

namespace fs = std::filesystem;
using Fuzzer = void (*)(std::string_view);

const std::map<std::string, Fuzzer>& fuzzers() {
  static const std::map<std::string, Fuzzer> all = {
#define GRAPEVINE_FUZZER(name) {#name, grapevine::fuzz::name},
#include "tests/fuzz/fuzzers.def"
#undef GRAPEVINE_FUZZER
  };
  return all;
}

std::vector<fs::path> files_of(const fs::path& path) {
  std::vector<fs::path> files;
  if (fs::is_directory(path)) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path))
      if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
  } else {
    files.push_back(path);
  }
  return files;
}

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Some bytes changed, a stretch left out or doubled.
std::string mutated(std::string text, std::mt19937& random) {
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : random() % n; };
  for (std::size_t changes = 1 + below(4); changes > 0 && !text.empty(); --changes) {
    const std::size_t at = below(text.size()),
                      length = 1 + below(std::min<std::size_t>(32, text.size() - at));
    switch (below(4)) {
      case 0:
        text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        break;
      case 1:
        text[at] = static_cast<char>(random());
        break;
      case 2:
        text.erase(at, length);
        break;
      default:
        text.insert(at, text.substr(at, length));
    }
  }
  return text;
}

}  // namespace

int main(int count, char** words) {
  std::vector<std::string> arguments(words + 1, words + count);
  int mutations = 0;
  if (arguments.size() > 2 && arguments[arguments.size() - 2] == "--mutations") {
    mutations = std::atoi(arguments.back().c_str());
    arguments.resize(arguments.size() - 2);
  }
  const auto fuzzer = arguments.empty() ? fuzzers().end() : fuzzers().find(arguments.front());
  if (fuzzer == fuzzers().end() || arguments.size() < 2) {
    std::fprintf(
        stderr, "usage: grapevine-fuzz NAME FILE-OR-FOLDER… [--mutations N]; the names are in fuzzers.def\n");
    return 2;
  }
  std::mt19937 random(1);
  int inputs = 0;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    if (!fs::exists(arguments[i])) {
      std::fprintf(stderr, "grapevine-fuzz: there is no %s\n", arguments[i].c_str());
      return 2;
    }
    for (const fs::path& file : files_of(arguments[i])) {
      const std::string content = content_of(file);
      fuzzer->second(content);
      for (int n = 0; n < mutations; ++n) fuzzer->second(mutated(content, random));
      inputs += 1 + mutations;
    }
  }
  std::printf("%s: %d inputs\n", fuzzer->first.c_str(), inputs);
  return inputs > 0 ? 0 : 1;
}
