// What the settings data.* ask for, images or text. Plain C++, a value.
#pragma once

#include <cstdint>
#include <string>

namespace grapevine {

/// `dir` "" = the data set's usual places (see places.h). Limits of 0 mean all; a limit takes the first so
/// many records, of text so many tokens.
struct DataRequest {
  std::string name;
  std::string dir;
  std::int64_t train_limit = 0, test_limit = 0;
  std::int64_t seed = 0;   ///< for data made on the fly
  int classes = 0;         ///< of data made on the fly; 0 = as published
  int vocabulary = 32000;  ///< tokens that text is cut into
};

}  // namespace grapevine
