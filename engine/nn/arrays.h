// Tensors to and from the plain arrays of a checkpoint or a worked example. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <string>

#include "engine/session/checkpoint.h"

namespace grapevine {

Array to_array(const at::Tensor& tensor);
/// Copies into `tensor`, which keeps its type and device. Throws InputError, naming the array, when shapes
/// differ.
void from_array(const Array& array, const std::string& name, at::Tensor& tensor);

}  // namespace grapevine
