// A network: segments one after the other; the end of each but the last is a feedback point (learning-rules
// §1). Points and segments are numbered from 1; point l is the output of segment l. Worker thread only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/nn/layer.h"

namespace grapevine {

/// Multiply-adds a sample, a segment each; a FLOP count is twice that times the batch.
struct NetworkCost {
  std::vector<double> forward;   ///< of segment l at [l−1]
  std::vector<double> features;  ///< n_l at [l−1], feedback points only
  double classes = 0;
  double forward_total() const;
  double above_first()
      const;  ///< forward_total without segment 1: an input-gradient sweep, a tangent sweep from point 1
};

struct NetworkTape {
  at::Tensor input;
  std::vector<std::vector<Tape>> segments;
  std::vector<at::Tensor> outputs;  ///< h_l at [l−1]; the last is the logits
};

class Network {
 public:
  /// `options`: type and device. Throws InputError when the layers don't fit each other.
  Network(const NetworkSpec& spec, const at::TensorOptions& options);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  int segments() const { return static_cast<int>(chains_.size()); }
  int points() const { return segments() - 1; }
  std::int64_t features(int point) const { return features_[static_cast<std::size_t>(point - 1)]; }
  std::int64_t classes() const { return features_.back(); }
  const NetworkSpec& spec() const { return spec_; }
  const NetworkCost& cost() const { return cost_; }
  const at::TensorOptions& options() const { return options_; }

  const ParameterLayout& layout() const { return layout_; }
  const ParameterBuffer& values() const { return values_; }
  const std::vector<std::pair<std::string, at::Tensor>>& states() const { return states_; }
  const Chain& segment(int l) const { return chains_[static_cast<std::size_t>(l - 1)]; }
  /// Linear and conv weights that have a parameter before them: the ones a sequential rule transports
  /// through.
  const std::vector<int>& transported_slots() const { return transported_; }

  /// Returns the logits N×C.
  const at::Tensor& forward(const at::Tensor& x, NetworkTape& tape, const Pass& pass);
  /// One segment alone, on a tape of the caller's.
  at::Tensor forward_segment(int segment, const at::Tensor& h, std::vector<Tape>& tape, const Pass& pass);
  /// ḣ_l ↦ ḣ_{l+1} through segment l+1 (`segment` = l+1).
  at::Tensor tangent(int segment, const at::Tensor& h_dot, NetworkTape& tape) const;
  at::Tensor adjoint(int segment, const at::Tensor& dy, NetworkTape& tape,
                     const AdjointRequest& request) const;

 private:
  NetworkSpec spec_;
  at::TensorOptions options_;
  std::vector<Chain> chains_;
  ParameterLayout layout_;
  ParameterBuffer values_;
  std::vector<std::pair<std::string, at::Tensor>> states_;
  std::vector<std::int64_t> features_;
  std::vector<int> transported_;
  NetworkCost cost_;
};

/// Shapes and multiply-adds of a network by arithmetic alone. Throws InputError naming the segment and layer
/// where sizes don't fit. `shapes` (optional) receives the output shape of each segment, without the batch
/// axis.
NetworkCost measure_cost(const NetworkSpec& spec, std::vector<std::vector<std::int64_t>>* shapes = nullptr);
/// Number of trainable values.
std::int64_t count_parameters(const NetworkSpec& spec);

/// model.init of the experiment: uniform_fan_in, he, xavier or zero; biases 0, norms' weights 1.
void initialise(Network& network, const std::string& scheme, std::int64_t seed);

}  // namespace grapevine
