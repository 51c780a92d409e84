// Safetensors: u64 length of the header · header, JSON {"name": {"dtype", "shape", "data_offsets"},
// "__metadata__": {word: word}} · the arrays' bytes, one after the other.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "engine/data/half_precision.h"
#include "engine/error.h"
#include "engine/files/whole_numbers.h"
#include "engine/weights/parameter_file.h"

namespace grapevine {
namespace {

using Json = nlohmann::ordered_json;

struct TypeName {
  const char *ours, *theirs;
  std::size_t size;                         ///< bytes of an element in the file
  float (*widen)(std::uint16_t) = nullptr;  ///< read only: it becomes ours
};
constexpr TypeName types[] = {{"f32", "F32", 4},
                              {"f64", "F64", 8},
                              {"i64", "I64", 8},
                              {"u8", "U8", 1},
                              {"f32", "F16", 2, from_half},
                              {"f32", "BF16", 2, from_brain_float},
                              {"u8", "BOOL", 1}};
constexpr std::uint64_t longest_header = 100'000'000;  // the format's own limit
constexpr const char* metadata_key = "__metadata__";

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw InputError(
      "the file of parameters " + path + " can't be used: " + why +
      "; expected pt, safetensors or npz, as grapevine-cli export ID --format safetensors writes it");
}

/// Where an array's bytes lie behind the header.
struct Range {
  std::uint64_t begin, end;
  std::string name;
};

/// The arrays lie one after the other, without holes and to the file's end: the format allows nothing else.
void check_ranges(const std::string& path, std::vector<Range> ranges, std::uint64_t size) {
  std::sort(ranges.begin(), ranges.end(), [](const Range& one, const Range& other) {
    return std::tie(one.begin, one.end) < std::tie(other.begin, other.end);
  });
  std::uint64_t end = 0;
  const std::string* before = nullptr;
  for (const Range& range : ranges) {
    if (range.begin < end) refuse(path, "the arrays " + *before + " and " + range.name + " overlap");
    if (range.begin > end)
      refuse(path,
             std::to_string(range.begin - end) + " bytes before the array " + range.name + " belong to none");
    end = range.end;
    before = &range.name;
  }
  if (end < size)
    refuse(path, std::to_string(size - end) + " bytes at its end belong to no array: it was cut, or " +
                     "something was written behind it");
}

/// One array of the header, its place in the file checked.
Array read_array(const std::string& path, const std::string& name, const Json& entry, const std::string& data,
                 std::vector<Range>& ranges) {
  const std::string dtype = entry.at("dtype").get<std::string>();
  const TypeName* type = nullptr;
  for (const TypeName& known : types)
    if (dtype == known.theirs) type = &known;
  if (!type)
    refuse(path, "the array " + name + " is of type " + dtype +
                     ", and F32, F64, F16, BF16, I64, U8 and BOOL can be read: save it as float32");
  Array array{type->ours, {}, {}};
  std::uint64_t wanted = type->size;
  bool fits = read_counts(entry.at("shape"), array.shape);
  for (const std::int64_t extent : array.shape)
    fits = fits && !__builtin_mul_overflow(wanted, static_cast<std::uint64_t>(extent), &wanted);
  if (!fits) refuse(path, "the array " + name + " has a shape that no array has");
  std::vector<std::int64_t> lies;
  const bool placed = read_counts(entry.at("data_offsets"), lies);
  const std::vector<std::uint64_t> offsets(lies.begin(), lies.end());
  if (!placed || offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data.size() ||
      offsets[1] - offsets[0] != wanted)
    refuse(path, "the array " + name + " is not where its header says");
  ranges.push_back({offsets[0], offsets[1], name});
  if (type->widen)
    array.bytes = widened(reinterpret_cast<const std::uint8_t*>(data.data()) + offsets[0],
                          wanted / type->size, type->widen);
  else
    array.bytes.assign(data.begin() + static_cast<std::ptrdiff_t>(offsets[0]),
                       data.begin() + static_cast<std::ptrdiff_t>(offsets[1]));
  return array;
}

/// The header's length and text off the file's front; the rest is data.
std::pair<std::string, std::string> split(const std::string& path) {
  std::error_code none;
  const auto status = std::filesystem::status(path, none);
  if (std::filesystem::is_directory(status)) refuse(path, "it is a folder");
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    refuse(path, "it is a pipe or a device");
  if (!std::filesystem::exists(status)) refuse(path, "there is no such file");
  std::ifstream file(path, std::ios::binary);
  std::uint64_t length = 0;
  if (!file.read(reinterpret_cast<char*>(&length), sizeof length)) refuse(path, "it is too short");
  const std::uint64_t size = std::filesystem::file_size(path, none);
  if (length > longest_header || length > size - sizeof length) {
    const bool is_pickle = (length & 0xFF) == 0x80 && (length >> 8 & 0xFF) <= 5;
    refuse(path, is_pickle
                     ? "it is a bare pickle, as PyTorch wrote them before 1.6: load it there and save it "
                       "again with torch.save"
                     : "it does not begin with the length of a header");
  }
  std::string header(length, '\0'), data(size - sizeof length - length, '\0');
  if (!file.read(header.data(), static_cast<std::streamsize>(header.size())) ||
      !file.read(data.data(), static_cast<std::streamsize>(data.size())))
    refuse(path, "it can't be read to its end");
  return {std::move(header), std::move(data)};
}

/// Nothing of this format is nested more deeply.
Json parse_header(const std::string& path, const std::string& text) {
  std::set<std::string> names;
  const auto sound = [&](int depth, Json::parse_event_t event, Json& value) {
    if (depth > 8) refuse(path, "its header is nested too deeply");
    if (depth == 1 && event == Json::parse_event_t::key && !names.insert(value.get<std::string>()).second)
      refuse(path, "its header names " + value.get<std::string>() + " twice");
    return true;
  };
  Json header = Json::parse(text, sound, /*allow_exceptions=*/false);
  if (!header.is_object()) refuse(path, "its header is not a JSON object");
  return header;
}

}  // namespace

std::string to_safetensors(const ParameterFile& file) {
  Json header = Json::object();
  if (!file.metadata.empty()) header[metadata_key] = file.metadata;
  std::size_t at = 0;
  for (const auto& [name, array] : file.arrays) {
    for (const TypeName& known : types)
      if (array.type == known.ours && !header.contains(name))
        header[name] = {
            {"dtype", known.theirs}, {"shape", array.shape}, {"data_offsets", {at, at + array.bytes.size()}}};
    at += array.bytes.size();
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');  // so that the arrays are aligned
  const std::uint64_t length = text.size();
  std::string whole(reinterpret_cast<const char*>(&length), sizeof length);
  whole += text;
  for (const auto& [name, array] : file.arrays) whole.append(array.bytes.begin(), array.bytes.end());
  return whole;
}

ParameterFile read_safetensors(const std::string& path) {
  const auto [text, data] = split(path);
  const Json header = parse_header(path, text);
  ParameterFile file;
  std::vector<Range> ranges;
  try {
    for (const auto& [name, entry] : header.items()) {
      if (name == metadata_key)
        file.metadata = entry.get<std::map<std::string, std::string>>();
      else
        file.arrays.emplace_back(name, read_array(path, name, entry, data, ranges));
    }
  } catch (const Json::exception&) {
    refuse(path, "its header is not that of safetensors");
  }
  check_ranges(path, std::move(ranges), data.size());
  return file;
}

}  // namespace grapevine
