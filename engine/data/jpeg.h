// One JPEG file as bytes of red, green and blue, by libjpeg-turbo. Any number of threads may call.
#pragma once

#include <cstdint>
#include <string>

namespace grapevine {

/// Decodes an image of width × height into `planes`, 3 × height × width, channel first; grey is expanded.
/// Throws InputError naming the file: it can't be read, is no JPEG, damaged, cut short or of another size.
void read_jpeg(const std::string& file, int height, int width, std::uint8_t* planes);

}  // namespace grapevine
