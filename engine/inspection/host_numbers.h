// Numbers of a device's tensors, for pages that show them one by one. Worker thread only.
#pragma once

#include <ATen/ATen.h>

namespace grapevine {

inline at::Tensor on_host(const at::Tensor& tensor) {
  return tensor.detach().to(at::kCPU, at::kDouble).contiguous();
}

inline double number(const at::Tensor& tensor, std::int64_t row, std::int64_t column) {
  return tensor[row][column].item<double>();
}

}  // namespace grapevine
