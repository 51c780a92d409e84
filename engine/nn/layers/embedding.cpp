#include "engine/nn/layers/embedding.h"

#include <cmath>

#include "engine/nn/layer_entry.h"

namespace grapevine {
namespace {

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

void Embedding::enlist(Registration& registration, const std::string& path) {
  weight_slot_ = registration.layout.add(
      {path + ".weight", ParameterRole::words, {words_, out_}, 0, 0, words_, out_, registration.segment});
}

at::Tensor Embedding::forward(const at::Tensor& h, Tape& tape, const Pass&) {
  tape.input = h;
  return at::embedding(weight_, h).mul_(std::sqrt(static_cast<double>(out_)));
}

// Token numbers don't move.
at::Tensor Embedding::tangent(const at::Tensor&, Tape& tape) const {
  std::vector<std::int64_t> shape = tape.input.sizes().vec();
  shape.push_back(out_);
  return at::zeros(shape, weight_.options());
}

at::Tensor Embedding::adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const {
  if (request.gradients) {
    at::Tensor gradient = (*request.gradients)[weight_slot_];
    at::mul_out(gradient, at::embedding_dense_backward(dy.contiguous(), tape.input, words_, -1, false),
                at::scalar_tensor(std::sqrt(static_cast<double>(out_)), dy.options()));
  }
  return {};
}

at::Tensor Embedding::parameter_tangent(const ParameterBuffer& direction, Tape& tape) const {
  return at::embedding(direction[weight_slot_], tape.input).mul_(std::sqrt(static_cast<double>(out_)));
}

void measure(const LayerSpec& layer, const Site& site) {
  if (site.shape.size() != 1) site.misfit(layer, "one row of token numbers");
  site.shape.push_back(layer.out);
  site.cost.parameters += layer.in * layer.out;
}

void infer(LayerSpec& layer, const Site&, KnownSizes& known) {
  if (layer.in == 0) layer.in = known.words;
}

std::string in_words(const LayerSpec& layer) {
  return "embedding " + std::to_string(layer.in) + "→" + std::to_string(layer.out);
}

std::unique_ptr<Layer> make(const LayerSpec& layer) {
  demand(layer, layer.in > 0 && layer.out > 0, "in and out must be at least 1");
  return std::make_unique<Embedding>(layer);
}

}  // namespace

LayerEntry layer_entry_embedding() {
  return {.make = make, .measure = measure, .infer = infer, .describe = in_words, .embeds = true};
}

}  // namespace grapevine
