#include "engine/nn/network.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/error.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/nn/decoder.h"

namespace grapevine {
namespace {

// Follows each path from the input: whether a parameter lies before the end of these layers, and in `silent`
// the weights that none lies before. `before`: whether one lies before them.
bool parameters_before(const std::vector<LayerSpec>& layers, const std::string& prefix, bool before,
                       const ParameterLayout& layout, std::vector<int>& silent) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string path = prefix + std::to_string(i);
    const int weight = layout.slot(path + ".weight");
    if (weight >= 0 && !before) silent.push_back(weight);
    const bool body = parameters_before(layers[i].body, path + ".body.", before, layout, silent);
    const bool shortcut = parameters_before(layers[i].shortcut, path + ".shortcut.", before, layout, silent);
    before = before || weight >= 0 || body || shortcut;
  }
  return before;
}

}  // namespace

double NetworkCost::forward_total() const {
  return std::accumulate(forward.begin(), forward.end(), 0.0);
}
double NetworkCost::above_first() const {
  return forward_total() - (forward.empty() ? 0.0 : forward.front());
}

Network::Network(const NetworkSpec& spec, const at::TensorOptions& options) : spec_(spec), options_(options) {
  std::vector<std::vector<std::int64_t>> shapes;
  cost_ = measure_cost(spec, &shapes);
  for (double features : cost_.features) features_.push_back(static_cast<std::int64_t>(features));
  features_.push_back(static_cast<std::int64_t>(cost_.classes));
  for (const auto& shape : shapes)
    widths_.push_back(
        spec.words > 0 ? shape.back()
                       : std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>()));

  for (std::size_t l = 0; l < spec.segments.size(); ++l) {
    chains_.emplace_back(spec.segments[l]);
    Registration registration{layout_, states_, options_, static_cast<int>(l) + 1};
    chains_.back().enlist(registration, std::to_string(l + 1) + ".");
  }
  if (spec.words > 0) {
    decoder_ = std::make_unique<Decoder>(classes(), spec.words);
    decoder_->enlist(layout_, segments() + 1);
  }
  values_ = ParameterBuffer(layout_, options_);
  for (auto& chain : chains_) chain.bind(values_);
  if (decoder_) decoder_->bind(values_);

  // A weight with no parameter before it sends nothing back: nobody below it learns.
  std::vector<int> weights, silent;
  for (const auto& chain : chains_) chain.weight_slots(weights);
  bool before = false;
  for (std::size_t l = 0; l < spec.segments.size(); ++l)
    before = parameters_before(spec.segments[l], std::to_string(l + 1) + ".", before, layout_, silent);
  for (int slot : weights)
    if (std::find(silent.begin(), silent.end(), slot) == silent.end()) transported_.push_back(slot);
}

Network::~Network() = default;

std::int64_t Network::segment_values() const {
  std::int64_t count = 0;
  for (const auto& info : layout_.infos())
    if (info.segment <= segments()) count += info.count;
  return count;
}

at::Tensor Network::rows(int point, const at::Tensor& state) const {
  const auto l = static_cast<std::size_t>(point - 1);
  return state.reshape({-1, widths_[l]}).narrow(1, 0, features_[l]);
}

at::Tensor Network::state(int point, const at::Tensor& rows, const at::Tensor& like,
                          at::Tensor& buffer) const {
  const auto l = static_cast<std::size_t>(point - 1);
  if (widths_[l] == features_[l]) return rows.view(like.sizes());
  at::Tensor& whole = workspace(buffer, like.sizes(), like);
  whole.zero_();
  this->rows(point, whole).copy_(rows);
  return whole;
}

const at::Tensor& Network::forward(const at::Tensor& x, NetworkTape& tape, const Pass& pass) {
  tape.input = x;
  tape.segments.resize(chains_.size());
  tape.outputs.resize(chains_.size());
  at::Tensor h = x;
  for (std::size_t l = 0; l < chains_.size(); ++l) {
    h = forward_segment(static_cast<int>(l) + 1, h, tape.segments[l], pass);
    tape.outputs[l] = h;
  }
  return tape.outputs.back();
}

at::Tensor Network::forward_segment(int segment, const at::Tensor& h, std::vector<Tape>& tape,
                                    const Pass& pass) {
  const at::Tensor y = chains_[static_cast<std::size_t>(segment - 1)].forward(h, tape, pass);
  return segment == segments() ? y.reshape({-1, classes()}) : y;
}

at::Tensor Network::tangent(int segment, const at::Tensor& h_dot, NetworkTape& tape) const {
  const auto l = static_cast<std::size_t>(segment - 1);
  const at::Tensor y = chains_[l].tangent(h_dot, tape.segments[l]);
  return segment == segments() ? y.reshape({-1, classes()}) : y;
}

at::Tensor Network::adjoint(int segment, const at::Tensor& dy, NetworkTape& tape,
                            const AdjointRequest& request) const {
  const auto l = static_cast<std::size_t>(segment - 1);
  if (segment < segments() || spec_.words == 0) return chains_[l].adjoint(dy, tape.segments[l], request);
  const at::Tensor by_token = dy.view({tape.input.size(0), -1, classes()});
  return chains_[l].adjoint(by_token, tape.segments[l], request);
}

namespace {

void initialise_weight(at::Tensor& value, const ParameterInfo& info, WeightInit scheme, RandomKey key) {
  const double in = static_cast<double>(info.fan_in), out = static_cast<double>(info.fan_out);
  const auto uniform = [&](double bound) { fill_uniform(value, key, -bound, bound); };
  switch (scheme) {
    case WeightInit::uniform_fan_in:
      return uniform(1 / std::sqrt(in));
    case WeightInit::he:
      fill_gaussian(value, key);
      value.mul_(std::sqrt(2 / in));
      return;
    case WeightInit::xavier:
      return uniform(std::sqrt(6 / (in + out)));
    case WeightInit::zero:
      return;
  }
}

}  // namespace

void initialise(Network& network, WeightInit scheme, std::int64_t seed) {
  const RandomKey key = RandomKey::of(seed, Stream::weights);
  for (int slot = 0; slot < network.layout().size(); ++slot) {
    const ParameterInfo& info = network.layout()[slot];
    at::Tensor value = network.values()[slot];
    if (info.role == ParameterRole::norm_weight) {
      value.fill_(1);
      continue;
    }
    value.zero_();
    if (scheme == WeightInit::zero) continue;
    const RandomKey own = key.with(static_cast<std::uint64_t>(slot));
    if (info.role == ParameterRole::words) fill_uniform(value, own, -0.1, 0.1);  // as Launay 2020
    if (info.role == ParameterRole::weight) initialise_weight(value, info, scheme, own);
  }
}

}  // namespace grapevine
