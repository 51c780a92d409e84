#include "engine/nn/layers/linear.h"

#include <cmath>

#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

// Tokens and other leading axes are samples to a linear layer.
at::Tensor as_matrix(const at::Tensor& t) {
  return t.dim() == 2 ? t : t.reshape({-1, t.size(-1)});
}

std::vector<std::int64_t> with_last(const at::Tensor& t, std::int64_t last) {
  std::vector<std::int64_t> shape = t.sizes().vec();
  shape.back() = last;
  return shape;
}

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

void Linear::enlist(Registration& registration, const std::string& path) {
  weight_slot_ = registration.layout.add(
      {path + ".weight", ParameterRole::weight, {out_, in_}, 0, 0, in_, out_, registration.segment});
  if (has_bias_)
    bias_slot_ = registration.layout.add(
        {path + ".bias", ParameterRole::bias, {out_}, 0, 0, in_, out_, registration.segment});
}

void Linear::bind(const ParameterBuffer& values) {
  weight_ = values[weight_slot_];
  if (has_bias_) bias_ = values[bias_slot_];
}

at::Tensor Linear::forward(const at::Tensor& h, Tape& tape, const Pass&) {
  tape.input = h;
  const at::Tensor rows = as_matrix(h);
  at::Tensor& y = workspace(tape.output, {rows.size(0), out_}, rows);
  if (has_bias_)
    at::addmm_out(y, bias_, rows, weight_.t());
  else
    at::mm_out(y, rows, weight_.t());
  return h.dim() == 2 ? y : y.view(with_last(h, out_));
}

at::Tensor Linear::tangent(const at::Tensor& h_dot, Tape& tape) const {
  const at::Tensor rows = as_matrix(h_dot);
  at::Tensor& y = workspace(tape.tangent, {rows.size(0), out_}, rows);
  at::mm_out(y, rows, weight_.t());
  return h_dot.dim() == 2 ? y : y.view(with_last(h_dot, out_));
}

at::Tensor Linear::adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const {
  const at::Tensor rows = as_matrix(dy);
  if (request.gradients) {
    at::Tensor grad_weight = (*request.gradients)[weight_slot_];
    at::mm_out(grad_weight, rows.t(), as_matrix(tape.input));
    if (has_bias_) {
      at::Tensor grad_bias = (*request.gradients)[bias_slot_];
      at::sum_out(grad_bias, rows, at::IntArrayRef{0});
    }
  }
  if (!request.input_gradient) return {};
  const at::Tensor* transport = &weight_;
  if (request.transport && (*request.transport)[static_cast<std::size_t>(weight_slot_)].defined())
    transport = &(*request.transport)[static_cast<std::size_t>(weight_slot_)];
  at::Tensor& dh = workspace(tape.input_gradient, {rows.size(0), in_}, rows);
  at::mm_out(dh, rows, *transport);
  return dy.dim() == 2 ? dh : dh.view(tape.input.sizes());
}

at::Tensor Linear::parameter_tangent(const ParameterBuffer& direction, Tape& tape) const {
  const at::Tensor rows = as_matrix(tape.input);
  at::Tensor y = at::mm(rows, direction[weight_slot_].t());
  if (has_bias_) y.add_(direction[bias_slot_]);
  return tape.input.dim() == 2 ? y : y.view(with_last(tape.input, out_));
}

at::Tensor Linear::joint_tangent(const at::Tensor& h_dot, const ParameterBuffer& direction,
                                 Tape& tape) const {
  if (!h_dot.defined()) return parameter_tangent(direction, tape);
  const at::Tensor y = tangent(h_dot, tape);
  at::Tensor rows = as_matrix(y);
  rows.addmm_(as_matrix(tape.input), direction[weight_slot_].t());
  if (has_bias_) rows.add_(direction[bias_slot_]);
  return y;
}

// ΔW h with ΔW ~ N(0, 1/in) of its own for each sample is Gaussian with variance ‖h‖²/in in every output:
// drawn directly.
at::Tensor Linear::induced_tangent(RandomKey key, Tape& tape) const {
  std::vector<std::int64_t> shape = with_last(tape.input, out_);
  at::Tensor g = at::empty(shape, tape.input.options());
  fill_gaussian(g, key);
  return g.mul_(at::linalg_vector_norm(tape.input, 2, at::IntArrayRef{-1}, true)
                    .mul_(1 / std::sqrt(static_cast<double>(in_))));
}

void measure(const LayerSpec& layer, const Site& site) {
  site.need_features(layer, layer.in);
  site.shape.back() = layer.out;
  site.cost.multiply_adds += static_cast<double>(product(site.shape)) * static_cast<double>(layer.in);
  site.cost.parameters += layer.in * layer.out + (layer.bias ? layer.out : 0);
}

void infer(LayerSpec& layer, const Site& site, KnownSizes&) {
  if (layer.in == 0) layer.in = site.shape.back();
}

std::string in_words(const LayerSpec& layer) {
  return "linear " + std::to_string(layer.in) + "→" + std::to_string(layer.out);
}

std::unique_ptr<Layer> make(const LayerSpec& layer) {
  demand(layer, layer.in > 0 && layer.out > 0, "in and out must be at least 1");
  return std::make_unique<Linear>(layer);
}

}  // namespace

LayerEntry layer_entry_linear() {
  return {.make = make, .measure = measure, .infer = infer, .describe = in_words};
}

}  // namespace grapevine
