#include "engine/nn/network.h"

#include <cmath>
#include <numeric>

#include "engine/error.h"

namespace grapevine {

double NetworkCost::forward_total() const {
  return std::accumulate(forward.begin(), forward.end(), 0.0);
}
double NetworkCost::above_first() const {
  return forward_total() - (forward.empty() ? 0.0 : forward.front());
}

Network::Network(const NetworkSpec& spec, const at::TensorOptions& options) : spec_(spec), options_(options) {
  std::vector<std::vector<std::int64_t>> shapes;
  cost_ = measure_cost(spec, &shapes);
  for (const auto& shape : shapes)
    features_.push_back(std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>()));

  for (std::size_t l = 0; l < spec.segments.size(); ++l) {
    chains_.emplace_back(spec.segments[l]);
    Registration registration{layout_, states_, options_, static_cast<int>(l) + 1};
    chains_.back().enlist(registration, std::to_string(l + 1) + ".");
  }
  values_ = ParameterBuffer(layout_, options_);
  for (auto& chain : chains_) chain.bind(values_);

  std::vector<int> weights;
  for (const auto& chain : chains_) chain.weight_slots(weights);
  // The first layer with parameters sends nothing back: nobody below it learns.
  for (int slot : weights)
    if (slot > 0) transported_.push_back(slot);
}

const at::Tensor& Network::forward(const at::Tensor& x, NetworkTape& tape, const Pass& pass) {
  tape.input = x;
  tape.segments.resize(chains_.size());
  tape.outputs.resize(chains_.size());
  at::Tensor h = x;
  for (std::size_t l = 0; l < chains_.size(); ++l) {
    h = chains_[l].forward(h, tape.segments[l], pass);
    tape.outputs[l] = h;
  }
  return tape.outputs.back();
}

at::Tensor Network::forward_segment(int segment, const at::Tensor& h, std::vector<Tape>& tape,
                                    const Pass& pass) {
  return chains_[static_cast<std::size_t>(segment - 1)].forward(h, tape, pass);
}

at::Tensor Network::tangent(int segment, const at::Tensor& h_dot, NetworkTape& tape) const {
  const auto l = static_cast<std::size_t>(segment - 1);
  return chains_[l].tangent(h_dot, tape.segments[l]);
}

at::Tensor Network::adjoint(int segment, const at::Tensor& dy, NetworkTape& tape,
                            const AdjointRequest& request) const {
  const auto l = static_cast<std::size_t>(segment - 1);
  return chains_[l].adjoint(dy, tape.segments[l], request);
}

void initialise(Network& network, const std::string& scheme, std::int64_t seed) {
  const RandomKey key = RandomKey::of(seed, Stream::weights);
  for (int slot = 0; slot < network.layout().size(); ++slot) {
    const ParameterInfo& info = network.layout()[slot];
    at::Tensor value = network.values()[slot];
    if (info.role == ParameterRole::norm_weight) {
      value.fill_(1);
      continue;
    }
    value.zero_();
    if (info.role != ParameterRole::weight || scheme == "zero") continue;
    const double in = static_cast<double>(info.fan_in), out = static_cast<double>(info.fan_out);
    const RandomKey own = key.with(static_cast<std::uint64_t>(slot));
    if (scheme == "uniform_fan_in") {
      fill_uniform(value, own, -1 / std::sqrt(in), 1 / std::sqrt(in));
    } else if (scheme == "he") {
      fill_gaussian(value, own);
      value.mul_(std::sqrt(2 / in));
    } else if (scheme == "xavier") {
      const double bound = std::sqrt(6 / (in + out));
      fill_uniform(value, own, -bound, bound);
    } else {
      throw InputError("model.init: unknown scheme '" + scheme + "'");
    }
  }
}

}  // namespace grapevine
