#include "engine/feedback/mirror.h"

namespace grapevine {

void mirror_product(const Layer& layer, const at::Tensor& like, RandomKey key, const ParameterBuffer& product,
                    Tape& scratch) {
  at::Tensor noise = at::empty(like.sizes(), like.options());
  fill_gaussian(noise, key);
  noise.mul_(mirror_noise);
  scratch.input = noise;
  const at::Tensor y = layer.tangent(noise, scratch);  // W x: the tangent of an affine map
  AdjointRequest request;
  request.gradients = &product;
  request.input_gradient = false;
  layer.adjoint(y, scratch, request);
}

}  // namespace grapevine
