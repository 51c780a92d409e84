// Two states next to each other in one tensor, as a fork leaves them. Worker thread only.
#pragma once

#include <ATen/ATen.h>

namespace grapevine {

/// Images become rows; rows of tokens stay what they are.
inline at::Tensor flat(const at::Tensor& t) {
  return t.dim() > 3 ? t.flatten(1) : t;
}

inline at::Tensor side_by_side(const at::Tensor& a, const at::Tensor& b) {
  return at::cat({flat(a), flat(b)}, -1);
}

}  // namespace grapevine
