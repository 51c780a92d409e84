// The formats behind picture.h. `bytes` is the whole file; what is wrong comes as a sentence without the
// file's name, which picture.cpp puts before it. Any number of threads may call.
#pragma once

#include "engine/data/picture.h"

namespace grapevine {

/// `words` "" = it went well.
struct Decoded {
  Picture picture;
  std::string words;
};

/// `only_size`: the planes stay empty.
Decoded decode_jpeg(const std::vector<std::uint8_t>& bytes, bool only_size);
Decoded decode_png(const std::vector<std::uint8_t>& bytes, bool only_size);
Decoded decode_netpbm(const std::vector<std::uint8_t>& bytes, bool only_size);

/// "" for a size that a network could take, else why not.
std::string size_trouble(std::int64_t width, std::int64_t height);
/// Row `y`, whose `stride` channels are interleaved, into the planes.
void put_row(Picture& picture, int y, const std::uint8_t* row, int stride);

}  // namespace grapevine
