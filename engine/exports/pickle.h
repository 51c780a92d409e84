// Parameters as a file for torch.load. Any thread.
#pragma once

#include <string>

#include "engine/weights/parameter_file.h"

namespace grapevine {

/// A dictionary of tensors by name, and under "metadata" one of words.
std::string to_pickle(const ParameterFile& parameters);

}  // namespace grapevine
