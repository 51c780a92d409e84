#include "engine/data/jpeg.h"

#include <csetjmp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

// They want what cstdio declares.
#include <jerror.h>
#include <jpeglib.h>

#include "engine/error.h"

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

std::vector<unsigned char> content(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::vector<unsigned char> bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) throw InputError(file + ": can't be read");
  return bytes;
}

/// Rows of `row` bytes (interleaved colours) to planes; false and words when libjpeg gives up.
bool decode(jpeg_decompress_struct& decoder, Trouble& trouble, const std::vector<unsigned char>& bytes,
            int height, int width, unsigned char* row, std::uint8_t* planes) {
  if (setjmp(trouble.back)) return false;
  jpeg_mem_src(&decoder, bytes.data(), bytes.size());
  jpeg_read_header(&decoder, TRUE);
  if (decoder.image_height != static_cast<JDIMENSION>(height) ||
      decoder.image_width != static_cast<JDIMENSION>(width)) {
    std::snprintf(trouble.words, sizeof trouble.words, "the image has %u×%u pixels, expected %d×%d",
                  decoder.image_width, decoder.image_height, width, height);
    return false;
  }
  decoder.out_color_space = JCS_RGB;
  jpeg_start_decompress(&decoder);
  const int area = height * width;
  while (decoder.output_scanline < decoder.output_height) {
    std::uint8_t* to = planes + decoder.output_scanline * static_cast<JDIMENSION>(width);
    jpeg_read_scanlines(&decoder, &row, 1);
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c) to[c * area + x] = row[3 * x + c];
  }
  jpeg_finish_decompress(&decoder);
  return true;
}

}  // namespace

void read_jpeg(const std::string& file, int height, int width, std::uint8_t* planes) {
  const std::vector<unsigned char> bytes = content(file);
  if (bytes.empty()) throw InputError(file + ": the file is empty; get the data set again");
  std::vector<unsigned char> row(static_cast<std::size_t>(width) * 3);
  Trouble trouble{};
  jpeg_decompress_struct decoder{};
  decoder.err = jpeg_std_error(&trouble.manager);
  trouble.manager.error_exit = on_error;
  trouble.manager.emit_message = on_message;
  jpeg_create_decompress(&decoder);
  const bool good = decode(decoder, trouble, bytes, height, width, row.data(), planes);
  jpeg_destroy_decompress(&decoder);
  if (!good) throw InputError(file + ": " + trouble.words + "; get the data set again");
}

}  // namespace grapevine
