// PNG by libpng: its older interface, since the simple one changes levels by what a file says of its gamma,
// which no other program that reads data sets does.
#include <png.h>

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <new>

#include "engine/data/picture_formats.h"

namespace grapevine {
namespace {

/// libpng leaves through longjmp: between setjmp and the jump nothing is made that has a destructor.
struct Reader {
  const std::vector<std::uint8_t>* bytes = nullptr;
  std::size_t at = 0;
  char words[256] = "";
};

void on_read(png_structp png, png_bytep to, std::size_t count) {
  auto* reader = static_cast<Reader*>(png_get_io_ptr(png));
  if (count > reader->bytes->size() - reader->at) png_error(png, "the file is cut short");
  std::memcpy(to, reader->bytes->data() + reader->at, count);
  reader->at += count;
}
[[noreturn]] void on_error(png_structp png, png_const_charp words) {
  std::snprintf(static_cast<Reader*>(png_get_error_ptr(png))->words, sizeof Reader::words, "%s", words);
  png_longjmp(png, 1);
}
void on_warning(png_structp, png_const_charp) {}

/// libpng's own, until the image is read.
struct Structures {
  explicit Structures(Reader& reader)
      : png(png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader, on_error, on_warning)),
        info(png ? png_create_info_struct(png) : nullptr) {}
  ~Structures() { png_destroy_read_struct(&png, &info, nullptr); }
  Structures(const Structures&) = delete;
  Structures& operator=(const Structures&) = delete;

  png_structp png;
  png_infop info;
};

bool begin(png_structp png, png_infop info) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_read_info(png, info);
  return true;
}

/// Eight bits a channel, one channel or three.
bool finish(png_structp png, png_infop info, png_bytepp rows) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_read_image(png, rows);
  png_read_end(png, info);
  return true;
}

bool set_form(png_structp png, png_infop info) {
  if (setjmp(png_jmpbuf(png))) return false;
  const png_byte colour = png_get_color_type(png, info);
  png_set_scale_16(png);
  if (colour == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
  if (colour == PNG_COLOR_TYPE_GRAY || colour == PNG_COLOR_TYPE_GRAY_ALPHA)
    png_set_expand_gray_1_2_4_to_8(png);
  png_set_strip_alpha(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  return true;
}

}  // namespace

Decoded decode_png(const std::vector<std::uint8_t>& bytes, bool only_size) {
  Decoded result;
  Reader reader{&bytes};
  const Structures structures(reader);
  png_structp png = structures.png;
  png_infop info = structures.info;
  if (!info) throw std::bad_alloc();
  png_set_read_fn(png, &reader, on_read);
  bool good = begin(png, info);
  if (good) {
    const bool grey = (png_get_color_type(png, info) & PNG_COLOR_MASK_COLOR) == 0;
    result.words = size_trouble(png_get_image_width(png, info), png_get_image_height(png, info));
    result.picture.size = {grey ? 1 : 3, static_cast<int>(png_get_image_height(png, info)),
                           static_cast<int>(png_get_image_width(png, info))};
  }
  if (good && result.words.empty() && !only_size) {
    good = set_form(png, info);
    const PictureSize& size = result.picture.size;
    const std::size_t stride = static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.channels);
    // Where libpng would not give what was planned, the rows must still be long enough for what it gives.
    const std::size_t given = good ? png_get_rowbytes(png, info) : 0;
    std::vector<png_byte> pixels(std::max(stride, given) * static_cast<std::size_t>(size.height));
    std::vector<png_bytep> rows(static_cast<std::size_t>(size.height));
    for (std::size_t y = 0; y < rows.size(); ++y) rows[y] = pixels.data() + y * std::max(stride, given);
    result.picture.planes.resize(stride * static_cast<std::size_t>(size.height));
    good = good && given == stride && finish(png, info, rows.data());
    if (good)
      for (std::size_t y = 0; y < rows.size(); ++y)
        put_row(result.picture, static_cast<int>(y), rows[y], size.channels);
  }
  if (!good) result.words = *reader.words ? reader.words : "the image has a form that is not read";
  return result;
}

}  // namespace grapevine
