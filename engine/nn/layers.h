// The layers themselves. Each class documents its three maps; make_layer() in layer.h builds them from a
// LayerSpec. Worker thread only.
#pragma once

#include "engine/nn/layer.h"

namespace grapevine {

/// y = h Wᵀ + b; W out×in, h …×in. tangent: ḣ Wᵀ. adjoint: δh = δy T with T the transport (W when none);
/// grad W = δyᵀ h, grad b = Σ δy over everything but the features.
class Linear : public Layer {
 public:
  explicit Linear(const LayerSpec& spec) : in_(spec.in), out_(spec.out), has_bias_(spec.bias) {}
  void enlist(Registration& registration, const std::string& path) override;
  void bind(const ParameterBuffer& values) override;
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;
  at::Tensor induced_tangent(RandomKey key, Tape& tape) const override;
  at::Tensor parameter_tangent(const ParameterBuffer& direction, Tape& tape) const override;
  at::Tensor joint_tangent(const at::Tensor& h_dot, const ParameterBuffer& direction,
                           Tape& tape) const override;
  void visit_weights(Tape& tape, const WeightVisitor& sink) const override {
    sink(*this, weight_slot_, tape);
  }
  bool has_parameters() const override { return true; }
  void weight_slots(std::vector<int>& slots) const override { slots.push_back(weight_slot_); }

 private:
  std::int64_t in_, out_;
  bool has_bias_;
  int weight_slot_ = -1, bias_slot_ = -1;
  at::Tensor weight_, bias_;
};

/// y = W ∗ h + b, square kernel; W out×in×k×k, h N×in×H×W. The tangent is the same convolution of ḣ without
/// b.
class Conv2d : public Layer {
 public:
  explicit Conv2d(const LayerSpec& spec) : spec_(spec) {}
  void enlist(Registration& registration, const std::string& path) override;
  void bind(const ParameterBuffer& values) override;
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;
  at::Tensor induced_tangent(RandomKey key, Tape& tape) const override;
  at::Tensor parameter_tangent(const ParameterBuffer& direction, Tape& tape) const override;
  void visit_weights(Tape& tape, const WeightVisitor& sink) const override {
    sink(*this, weight_slot_, tape);
  }
  bool has_parameters() const override { return true; }
  void weight_slots(std::vector<int>& slots) const override { slots.push_back(weight_slot_); }

 private:
  at::Tensor convolve(const at::Tensor& h, const at::Tensor& weight, const at::Tensor& bias) const;
  LayerSpec spec_;
  int weight_slot_ = -1, bias_slot_ = -1;
  at::Tensor weight_, bias_;
};

/// Per channel of N×C×H×W: y = w x̂ + b, x̂ = (h − μ) s, μ and s = 1/√(biased variance + eps) of the batch (or
/// the running ones when testing). Its Jacobian is w · K with K symmetric, so tangent and adjoint share K.
class BatchNorm2d : public Layer {
 public:
  explicit BatchNorm2d(const LayerSpec& spec) : features_(spec.features), eps_(spec.eps) {}
  void enlist(Registration& registration, const std::string& path) override;
  void bind(const ParameterBuffer& values) override;
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;
  at::Tensor parameter_tangent(const ParameterBuffer& direction, Tape& tape) const override;
  bool has_parameters() const override { return true; }

 private:
  at::Tensor forward_on_host(const at::Tensor& h, Tape& tape, bool update);
  /// The tangent or adjoint of v to *out, and the parameters' gradients, where they are wanted.
  at::Tensor through_on_host(const at::Tensor& v, const Tape& tape, at::Tensor* out,
                             const ParameterBuffer* gradients) const;

  std::int64_t features_;
  double eps_;
  int weight_slot_ = -1, bias_slot_ = -1;
  at::Tensor weight_, bias_, running_mean_, running_var_;
};

/// The same over the last axis of each sample; no state.
class LayerNorm : public Layer {
 public:
  explicit LayerNorm(const LayerSpec& spec) : features_(spec.features), eps_(spec.eps) {}
  void enlist(Registration& registration, const std::string& path) override;
  void bind(const ParameterBuffer& values) override;
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;
  at::Tensor parameter_tangent(const ParameterBuffer& direction, Tape& tape) const override;
  bool has_parameters() const override { return true; }

 private:
  std::int64_t features_;
  double eps_;
  int weight_slot_ = -1, bias_slot_ = -1;
  at::Tensor weight_, bias_;
};

/// y = h/√(mean h² + eps) over all features of a sample; no parameters. Its Jacobian s(I − y yᵀ/n) is
/// symmetric: tangent and adjoint are one map.
class RmsNorm : public Layer {
 public:
  explicit RmsNorm(const LayerSpec& spec) : eps_(spec.eps) {}
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;

 private:
  double eps_;
};

/// An elementwise function: its Jacobian is diagonal, so tangent and adjoint are one map.
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

class Relu : public Activation {
  void apply(at::Tensor& y, const at::Tensor& h) const override;
  void scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const override;
};
class Tanh : public Activation {
  void apply(at::Tensor& y, const at::Tensor& h) const override;
  void scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const override;
};
class Sigmoid : public Activation {
  void apply(at::Tensor& y, const at::Tensor& h) const override;
  void scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const override;
};
/// x Φ(x), the exact form.
class Gelu : public Activation {
  void apply(at::Tensor& y, const at::Tensor& h) const override;
  void scale(at::Tensor& out, const at::Tensor& v, const Tape& tape) const override;
};

/// Largest value of each window; tangent and adjoint follow the choices that forward made.
class MaxPool2d : public Layer {
 public:
  explicit MaxPool2d(const LayerSpec& spec) : kernel_(spec.kernel), stride_(spec.stride) {}
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;

 private:
  std::int64_t kernel_, stride_;
};

class AvgPool2d : public Layer {
 public:
  explicit AvgPool2d(const LayerSpec& spec) : kernel_(spec.kernel), stride_(spec.stride) {}
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;

 private:
  std::int64_t kernel_, stride_;
};

/// Option A of residual networks (He et al. 2016): every stride-th pixel, channels padded with zeros on both
/// sides from `in` to `out`.
class SubsamplePad : public Layer {
 public:
  explicit SubsamplePad(const LayerSpec& spec) : in_(spec.in), out_(spec.out), stride_(spec.stride) {}
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;

 private:
  at::Tensor map(const at::Tensor& h) const;
  std::int64_t in_, out_, stride_;
};

/// N×… ↦ N×features.
class Flatten : public Layer {
 public:
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;
};

/// y = m ⊙ h, m the mask of this step; the identity where the pass has no dropout.
class Dropout : public Layer {
 public:
  explicit Dropout(const LayerSpec& spec) : rate_(spec.rate) {}
  void enlist(Registration& registration, const std::string& path) override;
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;

 private:
  double rate_;
  std::uint64_t identity_ = 0;  ///< of the layer in its network: two dropouts draw different masks
};

/// y = body(h) + shortcut(h); an empty shortcut is the identity.
class Residual : public Layer {
 public:
  explicit Residual(const LayerSpec& spec) : body_(spec.body), shortcut_(spec.shortcut) {}
  void enlist(Registration& registration, const std::string& path) override;
  void bind(const ParameterBuffer& values) override;
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;
  at::Tensor induced_tangent(RandomKey key, Tape& tape) const override;
  at::Tensor joint_tangent(const at::Tensor& h_dot, const ParameterBuffer& direction,
                           Tape& tape) const override;
  void visit_weights(Tape& tape, const WeightVisitor& sink) const override {
    body_.visit_weights(tape.body, sink);
    shortcut_.visit_weights(tape.shortcut, sink);
  }
  bool has_parameters() const override { return body_.has_parameters() || shortcut_.has_parameters(); }
  void weight_slots(std::vector<int>& slots) const override;

 protected:
  Chain body_, shortcut_;
};

/// y = √out · E[h]; E in×out, h N×T token numbers (int64). There is no tangent or gradient of h.
class Embedding : public Layer {
 public:
  explicit Embedding(const LayerSpec& spec) : words_(spec.in), out_(spec.out) {}
  void enlist(Registration& registration, const std::string& path) override;
  void bind(const ParameterBuffer& values) override { weight_ = values[weight_slot_]; }
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;
  at::Tensor parameter_tangent(const ParameterBuffer& direction, Tape& tape) const override;
  bool has_parameters() const override { return true; }

 private:
  std::int64_t words_, out_;
  int weight_slot_ = -1;
  at::Tensor weight_;
};

/// y[t] = h[t] + (sin(t/10000^(2i/d)) at 2i, cos of the same at 2i+1); N×T×d (Vaswani et al. 2017).
class Positions : public Layer {
 public:
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape&) const override { return h_dot; }
  at::Tensor adjoint(const at::Tensor& dy, Tape&, const AdjointRequest& request) const override {
    return request.input_gradient ? dy : at::Tensor();
  }
};

/// Scaled dot-product attention without weights of its own: h = [q | k | v] N×T×3d ↦ N×T×d, each of `heads`
/// slices by itself: O = (m ∘ P) v, P = softmax(q kᵀ/√(d/heads)), m the dropout mask of this step.
class Attention : public Layer {
 public:
  explicit Attention(const LayerSpec& spec)
      : features_(spec.features), heads_(spec.heads), causal_(spec.causal), rate_(spec.rate) {}
  void enlist(Registration& registration, const std::string& path) override;
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;

 private:
  std::int64_t features_, heads_;
  bool causal_;
  double rate_;
  std::uint64_t identity_ = 0;
};

/// y = [body(h) | h]: how a feedback point inside a block carries on what the block's end will add. Images
/// are flattened. The point's features are body(h)'s alone (Network::features).
class Fork : public Layer {
 public:
  explicit Fork(const LayerSpec& spec) : body_(spec.body) {}
  void enlist(Registration& registration, const std::string& path) override;
  void bind(const ParameterBuffer& values) override { body_.bind(values); }
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;
  at::Tensor induced_tangent(RandomKey key, Tape& tape) const override;
  at::Tensor joint_tangent(const at::Tensor& h_dot, const ParameterBuffer& direction,
                           Tape& tape) const override;
  void visit_weights(Tape& tape, const WeightVisitor& sink) const override {
    body_.visit_weights(tape.body, sink);
  }
  bool has_parameters() const override { return body_.has_parameters(); }
  void weight_slots(std::vector<int>& slots) const override { body_.weight_slots(slots); }

 private:
  Chain body_;
};

/// y = body(a) + shortcut(b) of h = [a | b], as a Fork left it: a residual sum whose two inputs come apart.
class Join : public Residual {
 public:
  explicit Join(const LayerSpec& spec)
      : Residual(spec), first_(spec.in), part_shape_(spec.part_shape), carried_shape_(spec.carried_shape) {}
  at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) override;
  at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const override;
  at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const override;
  at::Tensor joint_tangent(const at::Tensor& h_dot, const ParameterBuffer& direction,
                           Tape& tape) const override;

 private:
  at::Tensor part(const at::Tensor& h) const;
  at::Tensor carried(const at::Tensor& h) const;
  std::int64_t first_;
  std::vector<std::int64_t> part_shape_, carried_shape_;
};

}  // namespace grapevine
