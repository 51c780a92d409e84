// What torch.save writes (since PyTorch 1.6): a zip with a pickle of the structure, <name>/data.pkl, and a
// member for each storage, <name>/data/0, 1 …. Nothing of it is run. Any thread may call.
#pragma once

#include <string>

#include "engine/weights/parameter_file.h"

namespace grapevine {

bool is_torch_file(const std::string& path);

/// A dictionary of tensors: a state_dict, or one under "state_dict" or "model_state_dict" as training scripts
/// keep it; words under "metadata" too. Half precision comes as float32. Throws InputError naming the file
/// and what it contains instead.
ParameterFile read_torch_file(const std::string& path);

}  // namespace grapevine
