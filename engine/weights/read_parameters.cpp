// Parameters from a file, by what is in it: PyTorch's pt, safetensors, or NumPy's npz.
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/data/half_precision.h"
#include "engine/data/npz.h"
#include "engine/error.h"
#include "engine/files/memory.h"
#include "engine/files/sha256.h"
#include "engine/files/whole_file.h"
#include "engine/weights/parameter_file.h"
#include "engine/weights/torch_file.h"

namespace grapevine {
namespace {

constexpr const char* metadata_name = "metadata";  // of an npz, the bytes of a JSON object

bool begins_as_a_zip(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  char beginning[2] = {};
  return file.read(beginning, 2) && beginning[0] == 'P' && beginning[1] == 'K';
}

const char* type_of(const NumberArray& array) {
  switch (array.element) {
    case Element::f16:
    case Element::f32:
      return "f32";
    case Element::f64:
      return "f64";
    case Element::i64:
      return "i64";
    case Element::u8:
      return "u8";
    default:
      throw InputError(array.source + ": parameters are float32 or float64; save it as such, with astype");
  }
}

/// Of half precision as f32, as the other formats' are.
Array array_of(NumberArray& array) {
  const char* const type = type_of(array);
  if (array.element != Element::f16) return {type, array.shape, std::move(array.bytes)};
  return {type, array.shape, widened(array.bytes.data(), array.bytes.size() / 2, from_half)};
}

std::map<std::string, std::string> metadata_of(const NumberArray& array) {
  const auto words = nlohmann::json::parse(array.bytes, nullptr, /*allow_exceptions=*/false);
  std::map<std::string, std::string> all;
  if (!words.is_object()) return all;
  for (const auto& [word, text] : words.items())
    if (text.is_string()) all[word] = text.get<std::string>();
  return all;
}

std::string sum_of(const std::string& path) {
  Sha256 sum;
  read_in_pieces(path, [&](const char* bytes, std::size_t size) { sum.add(bytes, size); });
  return sum.hex();
}

ParameterFile read_arrays(const std::string& path) {
  std::vector<std::string> names;
  for (const NpzEntry& entry : list_npz(path)) names.push_back(entry.name);
  if (names.empty())
    throw InputError("the file of parameters " + path +
                     " is a zip without .npy arrays: expected pt, safetensors or npz; from PyTorch save "
                     "numpy.savez(FILE, **{k: v.numpy() for k, v in network.state_dict().items()})");
  std::vector<NumberArray> arrays = read_npz(path, names);
  ParameterFile file;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == metadata_name)
      file.metadata = metadata_of(arrays[i]);
    else
      file.arrays.emplace_back(names[i], array_of(arrays[i]));
  }
  return file;
}

}  // namespace

ParameterFile read_parameters(const std::string& path) {
  return within_memory("the file of parameters ", path, [&] {
    ParameterFile file = is_torch_file(path)     ? read_torch_file(path)
                         : begins_as_a_zip(path) ? read_arrays(path)
                                                 : read_safetensors(path);
    file.sha256 = sum_of(path);
    return file;
  });
}

}  // namespace grapevine
