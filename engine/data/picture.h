// One image file as bytes of grey or of red, green and blue: PNG by libpng, JPEG by libjpeg-turbo, PPM and
// PGM by our own code; recognized by content, not by name. Any number of threads may call.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace grapevine {

struct PictureSize {
  int channels = 0, height = 0, width = 0;  ///< channels 1 or 3
  bool operator==(const PictureSize&) const = default;
};

struct Picture {
  PictureSize size;
  std::vector<std::uint8_t> planes;  ///< channels × height × width, channel first
};

/// Whether the name ends as one of these formats' do, in any case.
bool is_picture_name(const std::string& name);
/// From the file's beginning. Throws InputError naming the file: it can't be read, is not an image, or
/// damaged.
PictureSize read_picture_size(const std::string& file);
/// The whole. Palettes become colours, 16 bits 8, CMYK red, green and blue; transparency is left out. Throws
/// InputError as well for one that is cut short or larger than a network could take.
Picture read_picture(const std::string& file);
/// In three channels: grey is repeated.
Picture in_colour(Picture picture);

}  // namespace grapevine
