#include "engine/data/sniff.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "engine/files/sqlite_file.h"

namespace grapevine {
namespace {

/// Bytes that a kind of file begins with, at `offset`.
struct Mark {
  std::size_t offset;
  std::string_view bytes;
  const char* what;
  const char* advice;
};

using namespace std::string_view_literals;

constexpr const char* unpack = "unpack it there";
constexpr const char* other_data = "put a file of this data set there";

constexpr Mark marks[] = {
    {0, "\x1f\x8b"sv, "a gzip file, packed twice",
     "unpack it once (gunzip) and keep the result under this name"},
    {0, "PK\x03\x04"sv, "a zip archive (or .npz)", unpack},
    {0, "BZh"sv, "a bzip2 file", unpack},
    {0,
     "\xfd"
     "7zXZ\0"sv,
     "an xz file", unpack},
    {0, "\x28\xb5\x2f\xfd"sv, "a zstd file", unpack},
    {0, "7z\xbc\xaf\x27\x1c"sv, "a 7z archive", unpack},
    {0, "Rar!"sv, "a rar archive", unpack},
    {257, "ustar"sv, "a tar archive", unpack},
    {0, "\x89PNG\r\n"sv, "a PNG image", "read a tree of images with data.name=images"},
    {0, "\xff\xd8\xff"sv, "a JPEG image", "read a tree of images with data.name=images"},
    {0, "GIF8"sv, "a GIF image", other_data},
    {0, "%PDF"sv, "a PDF document", other_data},
    {0, "\x93NUMPY"sv, "a NumPy array (.npy)",
     "put arrays into one .npz file and read it with data.name=npz"},
    {0, "\x89HDF\r\n"sv, "an HDF5 file", "write its arrays to an .npz file and read it with data.name=npz"},
    {0, "PAR1"sv, "a Parquet table", "write its arrays to an .npz file and read it with data.name=npz"},
    {0, sqlite_beginning, "an SQLite database", other_data},
    {0,
     "\x7f"
     "ELF"sv,
     "a program", other_data},
    {0, "version https://git-lfs"sv, "a Git LFS pointer, not the file that it points to",
     "fetch the file with git lfs pull"},
};

std::string_view text_of(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool is_web_page(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  std::string begin(text.substr(0, 14));
  std::transform(begin.begin(), begin.end(), begin.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return begin.starts_with("<!doctype html") || begin.starts_with("<html") || begin.starts_with("<head");
}

const Mark* mark_of(const std::vector<std::uint8_t>& bytes) {
  const std::string_view text = text_of(bytes);
  const auto* found = std::find_if(std::begin(marks), std::end(marks), [&](const Mark& mark) {
    return text.size() > mark.offset && text.substr(mark.offset).starts_with(mark.bytes);
  });
  return found == std::end(marks) ? nullptr : found;
}

}  // namespace

std::string what_it_is(const std::vector<std::uint8_t>& bytes) {
  if (is_web_page(text_of(bytes))) return "a web page (HTML)";
  const Mark* mark = mark_of(bytes);
  return mark ? mark->what : "";
}

std::string in_its_place(const std::vector<std::uint8_t>& bytes) {
  if (bytes.empty()) return "; the file is empty: get it again";
  if (is_web_page(text_of(bytes)))
    return "; it is a web page (HTML), saved in the file's place: get the file itself";
  const Mark* mark = mark_of(bytes);
  return mark ? "; it is " + std::string(mark->what) + ": " + mark->advice : "";
}

}  // namespace grapevine
