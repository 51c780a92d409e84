#include "engine/data/npz.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <cstring>
#include <memory>
#include <string_view>

#include "engine/data/files.h"
#include "engine/data/sniff.h"
#include "engine/error.h"

namespace grapevine {
namespace {

constexpr std::size_t longest_header = 1 << 20;

/// What a header says next to shape and type.
struct Header {
  NumberArray array;
  bool fortran = false, swapped = false;
  std::string trouble;
};

/// The text behind 'key': in the header's dictionary.
std::string_view value_of(std::string_view header, std::string_view key) {
  for (const char quote : {'\'', '"'}) {
    const std::string word = quote + std::string(key) + quote;
    std::size_t at = header.find(word);
    if (at == std::string_view::npos) continue;
    at = header.find(':', at + word.size());
    if (at == std::string_view::npos) break;
    ++at;
    while (at < header.size() && header[at] == ' ') ++at;
    return header.substr(at);
  }
  return {};
}

/// "<f4" of '<f4', "|b1"; "" for a list of fields.
std::string type_word(std::string_view value) {
  if (value.empty() || (value[0] != '\'' && value[0] != '"')) return "";
  const std::size_t end = value.find(value[0], 1);
  return end == std::string_view::npos ? "" : std::string(value.substr(1, end - 1));
}

bool read_shape(std::string_view value, std::vector<std::int64_t>& shape) {
  if (value.empty() || value[0] != '(') return false;
  const std::size_t end = value.find(')');
  if (end == std::string_view::npos) return false;
  value = value.substr(1, end - 1);
  while (!value.empty()) {
    const char c = value.front();
    if (c == ' ' || c == ',' || c == 'L') {
      value.remove_prefix(1);
      continue;
    }
    std::int64_t extent = 0;
    std::size_t digits = 0;
    for (; digits < value.size() && std::isdigit(static_cast<unsigned char>(value[digits])); ++digits)
      if (__builtin_mul_overflow(extent, 10, &extent) ||
          __builtin_add_overflow(extent, value[digits] - '0', &extent))
        return false;
    if (digits == 0) return false;
    shape.push_back(extent);
    value.remove_prefix(digits);
  }
  return true;
}

/// Why a type is none of numbers; "" when it is, and in `element` which.
std::string read_type(const std::string& word, Element& element) {
  struct Known {
    const char* word;
    Element element;
  };
  static constexpr Known known[] = {{"b1", Element::u8},  {"u1", Element::u8},  {"i1", Element::i8},
                                    {"u2", Element::u16}, {"i2", Element::i16}, {"u4", Element::u32},
                                    {"i4", Element::i32}, {"u8", Element::u64}, {"i8", Element::i64},
                                    {"f2", Element::f16}, {"f4", Element::f32}, {"f8", Element::f64}};
  if (word.size() > 1)
    for (const Known& one : known)
      if (word.substr(1) == one.word) {
        element = one.element;
        return "";
      }
  if (word.find('O') != std::string::npos)
    return "holds Python objects, which would have to be run to be read; save it as numbers, as with astype";
  if (word.find('U') != std::string::npos || word.find('S') != std::string::npos)
    return "holds text; number the classes from 0 and save the numbers";
  return "has elements of type '" + (word.empty() ? "a structure" : word) + "', expected numbers";
}

class NpzReader {
 public:
  explicit NpzReader(const std::string& file) : file_(file), in_(archive_read_new(), archive_read_free) {
    archive_read_support_format_zip(in_.get());
    if (archive_read_open_filename(in_.get(), file.c_str(), 1 << 18) != ARCHIVE_OK) damaged();
  }

  /// The next array; false at the end.
  bool next() {
    for (;;) {
      archive_entry* entry = nullptr;
      const int code = archive_read_next_header(in_.get(), &entry);
      if (code == ARCHIVE_EOF) return false;
      if (code != ARCHIVE_OK && code != ARCHIVE_WARN) damaged();
      const char* path = archive_entry_pathname(entry);
      name_ = path ? path : "";
      if (!name_.ends_with(".npy")) continue;
      name_.resize(name_.size() - 4);
      return true;
    }
  }
  const std::string& name() const { return name_; }
  std::string place() const { return file_ + ": array " + name_; }

  Header header() {
    Header header;
    header.array.source = place();
    char begin[10];
    if (read(begin, 10) != 10 || std::memcmp(begin, "\x93NUMPY", 6) != 0) {
      header.trouble = "is not in NumPy's format";
      return header;
    }
    const auto byte = [](char c) { return static_cast<std::size_t>(static_cast<unsigned char>(c)); };
    std::size_t length = byte(begin[8]) | byte(begin[9]) << 8;
    if (begin[6] >= 2) {  // four bytes of length from version 2 on
      char more[2];
      if (read(more, 2) != 2) damaged();
      length |= byte(more[0]) << 16 | byte(more[1]) << 24;
    }
    if (begin[6] < 1 || begin[6] > 3 || length > longest_header) {
      header.trouble = "has a header that no version of NumPy writes";
      return header;
    }
    std::string text(length, '\0');
    if (read(text.data(), length) != length) damaged();
    const std::string type = type_word(value_of(text, "descr"));
    header.trouble = read_type(type, header.array.element);
    header.fortran = value_of(text, "fortran_order").starts_with("True");
    header.swapped = !type.empty() && type[0] == (std::endian::native == std::endian::little ? '>' : '<');
    if (!read_shape(value_of(text, "shape"), header.array.shape) && header.trouble.empty())
      header.trouble = "has no shape in its header that numbers could have";
    return header;
  }

  void fill(Header& header);

  [[noreturn]] void damaged() const {
    const std::string instead = what_it_is(read_beginning(file_, 512));
    if (!instead.empty() && instead.find("zip") == std::string::npos)
      throw InputError(file_ + ": it is " + instead + ", expected NumPy's .npz");
    const char* words = archive_error_string(in_.get());
    throw InputError(file_ + ": it is damaged, cut short or no .npz file (" +
                     (words ? words : "no reason given") + ")");
  }

 private:
  std::size_t read(char* to, std::size_t count) {
    std::size_t done = 0;
    while (done < count) {
      const la_ssize_t got = archive_read_data(in_.get(), to + done, count - done);
      if (got < 0) damaged();
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

  std::string file_, name_;
  std::unique_ptr<archive, int (*)(archive*)> in_;
};

/// Bytes whose first extent varies fastest, as if the last did.
void reorder(NumberArray& array) {
  const std::size_t size = size_of(array.element), dimensions = array.shape.size();
  std::vector<std::int64_t> strides(dimensions, 1), place(dimensions, 0);
  for (std::size_t d = 1; d < dimensions; ++d) strides[d] = strides[d - 1] * array.shape[d - 1];
  std::vector<std::uint8_t> ordered(array.bytes.size());
  std::int64_t from = 0;
  for (std::size_t to = 0; to < ordered.size(); to += size) {
    std::memcpy(ordered.data() + to, array.bytes.data() + static_cast<std::size_t>(from) * size, size);
    for (std::size_t d = dimensions; d-- > 0;) {
      from += strides[d];
      if (++place[d] < array.shape[d]) break;
      from -= strides[d] * array.shape[d];
      place[d] = 0;
    }
  }
  array.bytes = std::move(ordered);
}

void NpzReader::fill(Header& header) {
  NumberArray& array = header.array;
  const std::int64_t elements = elements_of(array.shape, array.element);
  if (elements < 0)
    throw InputError(place() + ": the header announces " + shape_text(array.shape) +
                     ", more than this machine's memory takes");
  const std::size_t size = static_cast<std::size_t>(elements) * size_of(array.element);
  // In pieces: what a header announces takes memory only as far as it is there.
  constexpr std::size_t piece = 1 << 24;
  while (array.bytes.size() < size) {
    const std::size_t before = array.bytes.size(), wanted = std::min(piece, size - before);
    array.bytes.resize(before + wanted);
    if (read(reinterpret_cast<char*>(array.bytes.data()) + before, wanted) != wanted)
      throw InputError(place() + ": it ends before the " + shape_text(array.shape) +
                       " that its header announces; the file is damaged");
  }
  char more = 0;
  if (read(&more, 1) != 0)
    throw InputError(place() + ": it holds more than the " + shape_text(array.shape) +
                     " that its header announces; the file is damaged");
  if (header.swapped) swap_bytes(array);
  if (header.fortran && array.shape.size() > 1) reorder(array);
}

}  // namespace

std::vector<NpzEntry> list_npz(const std::string& file) {
  NpzReader in(file);
  std::vector<NpzEntry> entries;
  while (in.next()) {
    Header header = in.header();
    entries.push_back({in.name(), header.trouble, std::move(header.array)});
  }
  return entries;
}

std::vector<NumberArray> read_npz(const std::string& file, const std::vector<std::string>& names) {
  NpzReader in(file);
  std::vector<NumberArray> arrays(names.size());
  std::size_t found = 0;
  while (found < names.size() && in.next()) {
    const auto wanted = std::find(names.begin(), names.end(), in.name());
    if (wanted == names.end()) continue;
    Header header = in.header();
    if (!header.trouble.empty()) throw InputError(in.place() + " " + header.trouble);
    in.fill(header);
    arrays[static_cast<std::size_t>(wanted - names.begin())] = std::move(header.array);
    ++found;
  }
  if (found < names.size()) throw InputError(file + ": an array has gone since the file was looked at");
  return arrays;
}

}  // namespace grapevine
