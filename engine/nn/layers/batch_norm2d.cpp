#include "engine/nn/layers/batch_norm2d.h"

#include <ATen/Dispatch.h>

#include <algorithm>
#include <cmath>

#include "engine/nn/host_kernels.h"
#include "engine/nn/layer_entry.h"
#include "engine/nn/norm_parameters.h"
#include "engine/nn/share_out.h"

namespace grapevine {
namespace {

constexpr double running_momentum = 0.1;  // PyTorch's

at::Tensor per_channel(const at::Tensor& v) {
  return v.view({1, -1, 1, 1});
}

Planes planes_of(const at::Tensor& h) {
  return {h.size(0), h.size(1), h.size(2) * h.size(3)};
}

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

void BatchNorm2d::enlist(Registration& registration, const std::string& path) {
  enlist_pair(registration, path, features_, weight_slot_, bias_slot_);
  running_mean_ = at::zeros({features_}, registration.options);
  running_var_ = at::ones({features_}, registration.options);
  registration.states.emplace_back(path + ".running_mean", running_mean_);
  registration.states.emplace_back(path + ".running_var", running_var_);
}

void BatchNorm2d::bind(const ParameterBuffer& values) {
  weight_ = values[weight_slot_];
  bias_ = values[bias_slot_];
}

// Tape: saved[0] mean, saved[1] 1/√(variance + eps), of the batch or the running ones.
at::Tensor BatchNorm2d::forward(const at::Tensor& h, Tape& tape, const Pass& pass) {
  tape.input = h;
  tape.used_batch_statistics = pass.norms != Pass::Norms::running;
  const bool update = pass.norms == Pass::Norms::batch_and_update;
  if (runs_on_host(h)) return forward_on_host(h, tape, update);
  const bool with_running = update || !tape.used_batch_statistics;
  const c10::optional<at::Tensor> mean =
      with_running ? c10::optional<at::Tensor>(running_mean_) : c10::nullopt;
  const c10::optional<at::Tensor> var = with_running ? c10::optional<at::Tensor>(running_var_) : c10::nullopt;
  auto [y, batch_mean, batch_invstd] =
      at::native_batch_norm(h, weight_, bias_, mean, var, tape.used_batch_statistics, running_momentum, eps_);
  if (tape.used_batch_statistics)
    tape.saved = {batch_mean, batch_invstd};
  else
    tape.saved = {running_mean_, at::rsqrt(running_var_ + eps_)};
  return y;
}

at::Tensor BatchNorm2d::forward_on_host(const at::Tensor& h, Tape& tape, bool update) {
  tape.saved = {at::empty_like(running_mean_), at::empty_like(running_var_)};
  at::Tensor& y = workspace(tape.output, h.sizes(), h);
  const Planes planes = planes_of(h);
  const double count = static_cast<double>(planes.samples * planes.pixels);
  AT_DISPATCH_FLOATING_TYPES(h.scalar_type(), "batch_norm", [&] {
    const scalar_t *from = h.data_ptr<scalar_t>(), *weight = weight_.data_ptr<scalar_t>();
    const scalar_t* bias = bias_.data_ptr<scalar_t>();
    scalar_t *mean = running_mean_.data_ptr<scalar_t>(), *variance = running_var_.data_ptr<scalar_t>();
    scalar_t *used_mean = tape.saved[0].data_ptr<scalar_t>(), *inverse = tape.saved[1].data_ptr<scalar_t>();
    scalar_t* to = y.data_ptr<scalar_t>();
    share_out(planes.channels, planes.samples * planes.pixels, [&](std::int64_t c) {
      const Moments own =
          tape.used_batch_statistics ? channel_moments(from, planes, c) : Moments{mean[c], variance[c]};
      used_mean[c] = static_cast<scalar_t>(own.mean);
      inverse[c] = static_cast<scalar_t>(1 / std::sqrt(own.variance + eps_));
      normalise_channel(from, to, planes, c, own.mean, static_cast<double>(inverse[c]) * weight[c], bias[c]);
      if (!update) return;
      mean[c] += static_cast<scalar_t>(running_momentum * (own.mean - mean[c]));
      const double unbiased = own.variance * count / std::max(1.0, count - 1);
      variance[c] += static_cast<scalar_t>(running_momentum * (unbiased - variance[c]));
    });
  });
  return y;
}

// K v w, K symmetric: with the variance's and the mean's own changes
// (v − mean v − x̂ mean(x̂ ⊙ v)) w/σ; mean(v) and mean(x̂ ⊙ v) are also what the parameters' gradients need.
at::Tensor BatchNorm2d::through_on_host(const at::Tensor& v, const Tape& tape, at::Tensor* out,
                                        const ParameterBuffer* gradients) const {
  const Planes planes = planes_of(v);
  const double count = static_cast<double>(planes.samples * planes.pixels);
  AT_DISPATCH_FLOATING_TYPES(v.scalar_type(), "batch_norm", [&] {
    const scalar_t *given = v.data_ptr<scalar_t>(), *h = tape.input.data_ptr<scalar_t>();
    const scalar_t *mean = tape.saved[0].data_ptr<scalar_t>(), *inverse = tape.saved[1].data_ptr<scalar_t>();
    const scalar_t* weight = weight_.data_ptr<scalar_t>();
    scalar_t* to = out ? out->data_ptr<scalar_t>() : nullptr;
    scalar_t* d_weight = gradients ? (*gradients)[weight_slot_].data_ptr<scalar_t>() : nullptr;
    scalar_t* d_bias = gradients ? (*gradients)[bias_slot_].data_ptr<scalar_t>() : nullptr;
    share_out(planes.channels, planes.samples * planes.pixels, [&](std::int64_t c) {
      const Products products = channel_products(given, h, planes, c, mean[c]);
      if (d_weight) {
        d_weight[c] = static_cast<scalar_t>(products.with_deviation * inverse[c]);
        d_bias[c] = static_cast<scalar_t>(products.sum);
      }
      if (!to) return;
      const double scale = static_cast<double>(weight[c]) * inverse[c];
      const double slope = static_cast<double>(inverse[c]) * inverse[c] * products.with_deviation / count;
      combine_channel(given, h, to, planes, c, scale, -scale * slope, mean[c], -scale * products.sum / count);
    });
  });
  return out ? *out : at::Tensor();
}

at::Tensor BatchNorm2d::tangent(const at::Tensor& h_dot, Tape& tape) const {
  if (!tape.used_batch_statistics) return h_dot * per_channel(weight_ * tape.saved[1]);
  const at::Tensor v = h_dot.contiguous();
  if (runs_on_host(v) && runs_on_host(tape.input))
    return through_on_host(v, tape, &workspace(tape.tangent, v.sizes(), v), nullptr);
  // A channel's w commutes with its K: LibTorch's backward kernel is the tangent too.
  return std::get<0>(at::native_batch_norm_backward(v, tape.input, weight_, {}, {}, tape.saved[0],
                                                    tape.saved[1], true, eps_, {true, false, false}));
}

// x̂ ⊙ ẇ + ḃ.
at::Tensor BatchNorm2d::parameter_tangent(const ParameterBuffer& direction, Tape& tape) const {
  const at::Tensor normalised = (tape.input - per_channel(tape.saved[0])).mul_(per_channel(tape.saved[1]));
  return normalised * per_channel(direction[weight_slot_]) + per_channel(direction[bias_slot_]);
}

at::Tensor BatchNorm2d::adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const {
  const bool with_gradients = request.gradients != nullptr;
  const bool constant = request.constant_statistics || !tape.used_batch_statistics;
  const bool through = request.input_gradient && !constant;
  at::Tensor dh;
  if (const at::Tensor v = dy.contiguous();
      (with_gradients || through) && runs_on_host(v) && runs_on_host(tape.input)) {
    at::Tensor* out = through ? &workspace(tape.input_gradient, v.sizes(), v) : nullptr;
    dh = through_on_host(v, tape, out, request.gradients);
  } else if (with_gradients || through) {
    auto [d_input, d_weight, d_bias] = at::native_batch_norm_backward(
        dy.contiguous(), tape.input, weight_, running_mean_, running_var_, tape.saved[0], tape.saved[1],
        tape.used_batch_statistics, eps_, {through, with_gradients, with_gradients});
    dh = d_input;
    if (with_gradients) {
      (*request.gradients)[weight_slot_].copy_(d_weight);
      (*request.gradients)[bias_slot_].copy_(d_bias);
    }
  }
  if (!request.input_gradient) return {};
  return constant ? dy * per_channel(weight_ * tape.saved[1]) : dh;
}

void measure(const LayerSpec& layer, const Site& site) {
  site.need_image(layer, layer.features);
  site.cost.parameters += 2 * layer.features;
  const std::int64_t values = site.shape[1] * site.shape[2];
  std::int64_t& least = site.cost.least_norm_values;
  least = least == 0 ? values : std::min(least, values);
}

void infer(LayerSpec& layer, const Site& site, KnownSizes&) {
  site.need_image(layer);
  if (layer.features == 0) layer.features = site.shape.front();
}

std::string in_words(const LayerSpec&) {
  return "batch norm";
}

std::unique_ptr<Layer> make(const LayerSpec& layer) {
  demand(layer, layer.features > 0, "features must be at least 1");
  return std::make_unique<BatchNorm2d>(layer);
}

}  // namespace

LayerEntry layer_entry_batch_norm2d() {
  return {.make = make, .measure = measure, .infer = infer, .describe = in_words};
}

}  // namespace grapevine
