// An array of numbers as a file has it: shape, element type, bytes. What IDX and NumPy's files become before
// they are images and labels (array_images.h). A value; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace grapevine {

enum class Element { u8, i8, u16, i16, u32, i32, u64, i64, f16, f32, f64 };
std::size_t size_of(Element element);

struct NumberArray {
  std::string source;  ///< the file, and the array in it: what messages begin with
  Element element = Element::u8;
  std::vector<std::int64_t> shape;
  std::vector<std::uint8_t> bytes;  ///< in C's order, each element in the host's byte order
  std::size_t begins = 0;           ///< offset of the first element in the file, for messages; 0 = packed

  std::int64_t count() const;  ///< elements
  std::int64_t rows() const { return shape.empty() ? 0 : shape.front(); }
  std::int64_t row_size() const { return rows() > 0 ? count() / rows() : 0; }
  double at(std::int64_t index) const;
};

/// Elements of a shape; -1 where their bytes would not fit into memory (memory_for_data()).
std::int64_t elements_of(const std::vector<std::int64_t>& shape, Element element);
/// Turns the bytes of each element round.
void swap_bytes(NumberArray& array);
/// "60000×28×28"
std::string shape_text(const std::vector<std::int64_t>& shape);

}  // namespace grapevine
