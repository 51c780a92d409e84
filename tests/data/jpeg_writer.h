// JPEG files made with libjpeg, at the best quality.
#pragma once

#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

#include "tests/data/support.h"

namespace grapevine {

/// Every pixel is `pixel`: one channel is grey, three are red, green and blue, four are inks. `adobe` writes
/// the marker of Adobe's programs, whose inks lie upside down.
inline Bytes jpeg_of(const Bytes& pixel, int width, int height, bool adobe = false) {
  jpeg_compress_struct encoder{};
  jpeg_error_mgr errors{};
  encoder.err = jpeg_std_error(&errors);
  jpeg_create_compress(&encoder);
  unsigned char* out = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&encoder, &out, &size);
  encoder.image_width = static_cast<JDIMENSION>(width);
  encoder.image_height = static_cast<JDIMENSION>(height);
  encoder.input_components = static_cast<int>(pixel.size());
  encoder.in_color_space = pixel.size() == 1 ? JCS_GRAYSCALE : pixel.size() == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&encoder);
  jpeg_set_quality(&encoder, 100, TRUE);
  if (pixel.size() == 4) encoder.write_Adobe_marker = adobe ? TRUE : FALSE;
  jpeg_start_compress(&encoder, TRUE);
  Bytes row;
  for (int x = 0; x < width; ++x) row.insert(row.end(), pixel.begin(), pixel.end());
  unsigned char* rows = row.data();
  while (encoder.next_scanline < encoder.image_height) jpeg_write_scanlines(&encoder, &rows, 1);
  jpeg_finish_compress(&encoder);
  jpeg_destroy_compress(&encoder);
  const Bytes bytes(out, out + size);
  std::free(out);
  return bytes;
}

}  // namespace grapevine
