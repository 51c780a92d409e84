// What the elementwise functions share. Worker thread only.
#pragma once

#include "engine/nn/layer.h"

namespace grapevine {

/// An elementwise function σ; tape.input is h, tape.output is σ(h): its Jacobian is diagonal, so tangent and
/// adjoint are one map.
class Activation : public Layer {
 public:
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;

 protected:
  virtual void apply(at::Tensor& y, const at::Tensor& h) const = 0;
  /// out = v ⊙ σ'(h).
  virtual void scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const = 0;
};

}  // namespace grapevine
