// NumPy's npz: a zip of .npy files, each "\x93NUMPY" · version 1.0 · u16 length · header, a Python dictionary
// padded so that the data begin at a multiple of 64 · the bytes, row-major.
#include <archive.h>
#include <archive_entry.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/weights/parameter_file.h"

namespace grapevine {
namespace {

std::string npy_type(const std::string& type) {
  return type == "f32" ? "<f4" : type == "f64" ? "<f8" : type == "i64" ? "<i8" : "|u1";
}

std::string npy(const Array& array) {
  std::string shape;
  for (const std::int64_t extent : array.shape) shape += std::to_string(extent) + ", ";
  std::string header =
      "{'descr': '" + npy_type(array.type) + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  constexpr std::size_t before = 10, alignment = 64;
  header.append(alignment - 1 - (before + header.size()) % alignment, ' ');
  header += '\n';
  const auto length = static_cast<std::uint16_t>(header.size());
  std::string text("\x93NUMPY\x01\x00", 8);
  text += static_cast<char>(length & 0xff);
  text += static_cast<char>(length >> 8);
  text += header;
  text.append(array.bytes.begin(), array.bytes.end());
  return text;
}

class Zip {
 public:
  Zip() : archive_(archive_write_new(), archive_write_free) {
    check(archive_write_set_format_zip(archive_.get()));
    check(archive_write_zip_set_compression_store(archive_.get()));
    check(archive_write_set_bytes_in_last_block(archive_.get(), 1));
    check(archive_write_open(archive_.get(), this, nullptr, &Zip::take, nullptr));
  }
  void add(const std::string& name, const std::string& content) {
    const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> entry(archive_entry_new(),
                                                                              archive_entry_free);
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    check(archive_write_header(archive_.get(), entry.get()));
    if (archive_write_data(archive_.get(), content.data(), content.size()) < 0) check(ARCHIVE_FATAL);
  }
  std::string close() {
    check(archive_write_close(archive_.get()));
    return std::move(content_);
  }

 private:
  static la_ssize_t take(archive*, void* self, const void* data, std::size_t size) {
    static_cast<Zip*>(self)->content_.append(static_cast<const char*>(data), size);
    return static_cast<la_ssize_t>(size);
  }
  void check(int code) {
    if (code < ARCHIVE_WARN)
      throw RunError(std::string("an npz file can't be made: ") + archive_error_string(archive_.get()));
  }

  std::unique_ptr<archive, decltype(&archive_write_free)> archive_;
  std::string content_;
};

}  // namespace

std::string to_npz(const ParameterFile& file) {
  Zip zip;
  for (const auto& [name, array] : file.arrays) zip.add(name + ".npy", npy(array));
  const std::string words = nlohmann::json(file.metadata).dump();
  zip.add("metadata.npy",
          npy({"u8", {static_cast<std::int64_t>(words.size())}, {words.begin(), words.end()}}));
  return zip.close();
}

}  // namespace grapevine
