// What tests of own images share: small pictures as files, in folders of classes.
#pragma once

#include <png.h>

#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/data/picture.h"
#include "engine/data/places.h"
#include "tests/data/jpeg_writer.h"

namespace grapevine {

/// A PNG of rows of `depth` bits, as they lie in memory.
inline Bytes png(int type, int depth, int width, int height, const std::vector<Bytes>& rows,
                 const std::vector<png_color>& palette = {}) {
  Bytes out;
  png_structp writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(writer);
  png_set_write_fn(
      writer, &out,
      [](png_structp to, png_bytep data, png_size_t count) {
        auto& bytes = *static_cast<Bytes*>(png_get_io_ptr(to));
        bytes.insert(bytes.end(), data, data + count);
      },
      nullptr);
  png_set_IHDR(writer, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), depth, type,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (!palette.empty()) png_set_PLTE(writer, info, palette.data(), static_cast<int>(palette.size()));
  png_write_info(writer, info);
  for (const Bytes& row : rows) png_write_row(writer, row.data());
  png_write_end(writer, nullptr);
  png_destroy_write_struct(&writer, &info);
  return out;
}

/// One level all over.
inline Bytes grey_png(int width, int height, std::uint8_t level) {
  return png(
      PNG_COLOR_TYPE_GRAY, 8, width, height,
      std::vector<Bytes>(static_cast<std::size_t>(height), Bytes(static_cast<std::size_t>(width), level)));
}

inline Bytes text(const std::string& words) {
  return {words.begin(), words.end()};
}

/// A folder of images and a cache of its own.
struct Tree {
  Folder data, cache;
  DataRequest request;
  Tree() {
    use_data_dir(cache.root());
    request.name = "images";
    request.dir = data.root();
  }
  void add(const std::string& name, const Bytes& bytes) const {
    std::filesystem::create_directories(std::filesystem::path(data.path(name)).parent_path());
    data.write(name, bytes);
  }
  ImageData load() const { return load_images(request); }
  std::string refused() const {
    return refusal([&] { load(); });
  }
};

}  // namespace grapevine
