// Text as a row of tokens, for language models. Plain C++; loading belongs to any one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/data/data_request.h"
#include "engine/session/progress.h"

namespace grapevine {

/// One split: its lines' tokens, each line closed by Encoding::end_of_line_id.
struct TextSet {
  std::vector<std::int32_t> tokens;  ///< in [0, vocabulary)
  /// What the published per-word perplexities count, in these tokens: what is between white space, and
  /// one <eos> a line. perplexity = exp(sum over tokens of -ln p / words).
  std::int64_t words = 0;
  std::string note;  ///< "9,000 of 2,088,628 words: a slice", or ""
};

struct TextData {
  TextSet train, validation, test;
  int vocabulary = 0;  ///< tokens that there are; a small text has fewer than were asked for
};

/// Byte-pair encoding, learned once from the training file and kept with the encoded splits in
/// made_folder(name). The test limit holds for validation too. Throws InputError for a missing or empty file,
/// or one that isn't UTF-8 (with the offset of the byte); WorkStopped when asked to stop, which the learning
/// of an encoding looks at only before and after.
TextData load_text(const DataRequest& request, const WorkHooks& hooks = {});

/// One file's text, without a byte-order mark. Throws InputError for a missing or empty file, one that isn't
/// UTF-8 or whose words are too long, with the offset; WorkStopped.
std::vector<std::uint8_t> read_text(const std::string& file, const WorkHooks& hooks);

/// Reads the files through without encoding them. Throws as load_text().
void check_text(const DataRequest& request, const WorkHooks& hooks = {});

}  // namespace grapevine
