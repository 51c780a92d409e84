// What the fuzzers share. A fuzzer hands bytes to one parser: it may take them or throw grapevine::Error, and
// nothing else. With preset `fuzz` each becomes a program of libFuzzer's; in every build `grapevine-fuzz`
// replays the corpus.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "engine/error.h"

namespace grapevine::fuzz {

#define GRAPEVINE_FUZZER(name) void name(std::string_view input);
#include "tests/fuzz/fuzzers.def"
#undef GRAPEVINE_FUZZER

/// A folder of this process, in memory where there is /dev/shm; removed at the end.
const std::filesystem::path& folder();
/// `input` as a file in folder().
std::string file_of(std::string_view input, const std::string& name = "input");

/// Ends the program where a promise is broken.
void require(bool holds, const char* promise);

/// Runs a parser whose refusals are grapevine::Error; true when it took the input.
template <class Parser>
bool accepts(Parser parse) {
  try {
    parse();
    return true;
  } catch (const Error& error) {
    require(*error.what() != '\0', "a refusal says why");
    return false;
  }
}

}  // namespace grapevine::fuzz
