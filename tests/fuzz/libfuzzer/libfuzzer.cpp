// The entry that libFuzzer calls, for the fuzzer that GRAPEVINE_FUZZER_NAME names.
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  grapevine::fuzz::GRAPEVINE_FUZZER_NAME({reinterpret_cast<const char*>(data), size});
  return 0;
}
