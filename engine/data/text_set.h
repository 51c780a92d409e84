// Texts as token numbers, with the words that published perplexities count. Plain C++; loading belongs to any
// one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/data/image_set.h"

namespace grapevine {

struct TextSet {
  std::vector<std::int32_t> tokens;
  std::int64_t words = 0;  ///< as published: what white space parts, and one end a line
  std::string note;        ///< "1,000 of 2,000: a slice", or ""
};

struct TextData {
  TextSet train, validation, test;
  int vocabulary = 0;
};

/// Throws InputError naming the file, the place and what was expected.
TextData load_text(const DataRequest& request);

}  // namespace grapevine
