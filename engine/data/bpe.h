// Byte-pair encoding of words, by sentencepiece. Plain C++.
//
// A word is what is between white space; tokens never reach across two. Characters that the vocabulary
// has no token for become their UTF-8 bytes, so that every text can be encoded, and decoded to what it was.
// Id 0 is the word "<unk>" that the texts themselves contain, id 1 the end of a line, then come the 256
// bytes.
//
// sentencepiece brings a copy of protobuf of its own, and LibTorch another. It is therefore kept apart:
// what encodes is a module opened at run time (bpe_module/), what learns a program (bpe_learner/).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/session/progress.h"

namespace grapevine {

class Encoding {
 public:
  static constexpr std::int32_t unknown_id = 0, end_of_line_id = 1;
  virtual ~Encoding() = default;
  virtual int vocabulary() const = 0;
  /// Appends the tokens of one word without white space.
  virtual void encode(const std::string& word, std::vector<std::int32_t>& ids) const = 0;
  /// The token as text; one that begins a word begins with U+2581.
  virtual std::string piece(std::int32_t id) const = 0;
  virtual std::string decode(const std::vector<std::int32_t>& ids) const = 0;
};

using WordCounts = std::vector<std::pair<std::string, std::int64_t>>;

/// Learns an encoding of at most `vocabulary` tokens and returns it as bytes; deterministic in its arguments.
/// Throws InputError for fewer tokens than the words' characters need, RunError when it can't be learned,
/// WorkStopped within 20 ms of being asked to stop.
std::string train_encoding(const WordCounts& words, int vocabulary, const WorkHooks& hooks = {});
/// Exit status of the program that learns.
inline constexpr int learner_lacks_memory = 3;
/// From those bytes; nullptr when they are none.
std::unique_ptr<Encoding> open_encoding(const std::string& model);

/// The path of a file that is installed next to this library.
std::string beside_the_library(const std::string& file);

/// What the module provides.
struct EncodingModule {
  std::unique_ptr<Encoding> (*open)(const std::string& model);
};
inline constexpr const char* encoding_symbol = "grapevine_encoding";

}  // namespace grapevine
