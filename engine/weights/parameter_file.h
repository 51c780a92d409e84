// A network's parameters as a file for other programs: safetensors or NumPy's npz, arrays under PyTorch's
// names (segments.0.0.weight) and words that describe them. Little-endian; any thread may call.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/session/checkpoint.h"

namespace grapevine {

struct ParameterFile {
  std::vector<std::pair<std::string, Array>> arrays;  ///< "f32", "f64", "i64" or "u8"
  std::map<std::string, std::string> metadata;        ///< JSON where it is more than a word
  std::string sha256;                                 ///< of the file that it was read from

  const Array* find(const std::string& name) const;
};

/// "segments.0.0.weight" of "1.0.weight": segments from 0, as Python counts. Others stay as they are.
std::string pytorch_name(const std::string& name);

/// https://huggingface.co/docs/safetensors: the length of a JSON header, the header, the arrays' bytes.
std::string to_safetensors(const ParameterFile& file);
/// A zip of .npy files, uncompressed; the metadata are the JSON object in the bytes of the array `metadata`.
std::string to_npz(const ParameterFile& file);

/// Reads a safetensors file; of 16 bits (F16, BF16) numbers become f32. Throws InputError naming the file and
/// what is wrong with it.
ParameterFile read_safetensors(const std::string& path);
/// Either of the two, or what torch.save wrote (torch_file.h), by the file's content. Throws InputError.
ParameterFile read_parameters(const std::string& path);

}  // namespace grapevine
