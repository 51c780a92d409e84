// JPEG by libjpeg-turbo.
#include <csetjmp>
#include <cstdio>
#include <memory>

// They want what cstdio declares.
#include <jerror.h>
#include <jpeglib.h>

#include "engine/data/picture_formats.h"

namespace grapevine {
namespace {

/// libjpeg leaves through longjmp: between setjmp and the jump nothing is made that has a destructor.
struct Trouble {
  jpeg_error_mgr manager;
  std::jmp_buf back;
  char words[JMSG_LENGTH_MAX] = "";
};

[[noreturn]] void on_error(j_common_ptr decoder) {
  auto* trouble = reinterpret_cast<Trouble*>(decoder->err);
  decoder->err->format_message(decoder, trouble->words);
  std::longjmp(trouble->back, 1);
}

// Of the warnings, those about missing or impossible data are errors: libjpeg makes up the rest of the image.
void on_message(j_common_ptr decoder, int level) {
  const int code = decoder->err->msg_code;
  if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE))
    on_error(decoder);
}

bool is_print(const jpeg_decompress_struct& decoder) {
  return decoder.jpeg_color_space == JCS_CMYK || decoder.jpeg_color_space == JCS_YCCK;
}

/// False and words when libjpeg gives up.
bool begin(jpeg_decompress_struct& decoder, Trouble& trouble, const std::vector<std::uint8_t>& bytes) {
  if (setjmp(trouble.back)) return false;
  jpeg_mem_src(&decoder, bytes.data(), bytes.size());
  jpeg_read_header(&decoder, TRUE);
  return true;
}

/// Rows of `row` bytes to planes.
bool finish(jpeg_decompress_struct& decoder, Trouble& trouble, unsigned char* row, Picture& picture) {
  if (setjmp(trouble.back)) return false;
  decoder.out_color_space = is_print(decoder)            ? JCS_CMYK
                            : picture.size.channels == 1 ? JCS_GRAYSCALE
                                                         : JCS_RGB;
  jpeg_start_decompress(&decoder);
  while (decoder.output_scanline < decoder.output_height) {
    const int y = static_cast<int>(decoder.output_scanline);
    jpeg_read_scanlines(&decoder, &row, 1);
    if (!is_print(decoder)) {
      put_row(picture, y, row, picture.size.channels);
      continue;
    }
    // Adobe's programs write inks upside down: 255 is none. A colour is what neither its ink nor black takes.
    const bool inverted = decoder.saw_Adobe_marker != 0;
    for (int x = 0; x < picture.size.width; ++x) {
      unsigned char* ink = row + 4 * x;
      for (int c = 0; c < 4; ++c) ink[c] = inverted ? ink[c] : static_cast<unsigned char>(255 - ink[c]);
      for (int c = 0; c < 3; ++c) ink[c] = static_cast<unsigned char>((ink[c] * ink[3] + 127) / 255);
    }
    put_row(picture, y, row, 4);
  }
  jpeg_finish_decompress(&decoder);
  return true;
}

}  // namespace

Decoded decode_jpeg(const std::vector<std::uint8_t>& bytes, bool only_size) {
  Decoded result;
  Trouble trouble{};
  jpeg_decompress_struct decoder{};
  const std::unique_ptr<jpeg_decompress_struct, void (*)(jpeg_decompress_struct*)> ending(
      &decoder, [](jpeg_decompress_struct* one) { jpeg_destroy_decompress(one); });
  decoder.err = jpeg_std_error(&trouble.manager);
  trouble.manager.error_exit = on_error;
  trouble.manager.emit_message = on_message;
  jpeg_create_decompress(&decoder);
  bool good = begin(decoder, trouble, bytes);
  if (good) {
    result.words = size_trouble(decoder.image_width, decoder.image_height);
    result.picture.size = {decoder.jpeg_color_space == JCS_GRAYSCALE ? 1 : 3,
                           static_cast<int>(decoder.image_height), static_cast<int>(decoder.image_width)};
  }
  if (good && result.words.empty() && !only_size) {
    const auto& size = result.picture.size;
    result.picture.planes.resize(static_cast<std::size_t>(size.channels) *
                                 static_cast<std::size_t>(size.height) *
                                 static_cast<std::size_t>(size.width));
    std::vector<unsigned char> row(static_cast<std::size_t>(size.width) * 4);
    good = finish(decoder, trouble, row.data(), result.picture);
  }
  if (!good) result.words = trouble.words;
  return result;
}

}  // namespace grapevine
