#include "engine/data/number_array.h"

#include <algorithm>
#include <cstring>

#include "engine/data/half_precision.h"
#include "engine/files/machine.h"

namespace grapevine {
namespace {

template <class T>
double read_as(const std::uint8_t* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return static_cast<double>(value);
}

double half(const std::uint8_t* from) {
  std::uint16_t bits;
  std::memcpy(&bits, from, sizeof bits);
  return from_half(bits);
}

}  // namespace

std::size_t size_of(Element element) {
  switch (element) {
    case Element::u8:
    case Element::i8:
      return 1;
    case Element::u16:
    case Element::i16:
    case Element::f16:
      return 2;
    case Element::u32:
    case Element::i32:
    case Element::f32:
      return 4;
    default:
      return 8;
  }
}

std::int64_t NumberArray::count() const {
  return static_cast<std::int64_t>(bytes.size() / size_of(element));
}

double NumberArray::at(std::int64_t index) const {
  const std::uint8_t* from = bytes.data() + static_cast<std::size_t>(index) * size_of(element);
  switch (element) {
    case Element::u8:
      return *from;
    case Element::i8:
      return read_as<std::int8_t>(from);
    case Element::u16:
      return read_as<std::uint16_t>(from);
    case Element::i16:
      return read_as<std::int16_t>(from);
    case Element::u32:
      return read_as<std::uint32_t>(from);
    case Element::i32:
      return read_as<std::int32_t>(from);
    case Element::u64:
      return read_as<std::uint64_t>(from);
    case Element::i64:
      return read_as<std::int64_t>(from);
    case Element::f16:
      return half(from);
    case Element::f32:
      return read_as<float>(from);
    case Element::f64:
      return read_as<double>(from);
  }
  return 0;
}

std::int64_t elements_of(const std::vector<std::int64_t>& shape, Element element) {
  std::int64_t elements = 1, bytes = 0;
  for (const std::int64_t extent : shape)
    if (extent < 0 || __builtin_mul_overflow(elements, extent, &elements)) return -1;
  if (__builtin_mul_overflow(elements, static_cast<std::int64_t>(size_of(element)), &bytes)) return -1;
  return bytes > memory_for_data() ? -1 : elements;
}

void swap_bytes(NumberArray& array) {
  const auto size = static_cast<std::ptrdiff_t>(size_of(array.element));
  for (auto at = array.bytes.begin(); at != array.bytes.end(); at += size) std::reverse(at, at + size);
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t extent : shape) text += (text.empty() ? "" : "×") + std::to_string(extent);
  return text.empty() ? "a single number" : text;
}

}  // namespace grapevine
