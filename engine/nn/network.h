// A network: segments one after the other; the end of each but the last is a feedback point (learning-rules
// §1). Points and segments are numbered from 1; point l is the output of segment l. Worker thread only.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/nn/layer.h"

namespace grapevine {

enum class WeightInit;  // experiment/groups/model_settings.h

/// Multiply-adds a row, a segment each; a FLOP count is twice that times the batch's rows. A row is a sample,
/// or in a language model a token.
struct NetworkCost {
  std::vector<double> forward;                    ///< of segment l at [l−1]
  std::vector<double> features;                   ///< n_l at [l−1], feedback points only
  std::vector<std::vector<std::int64_t>> points;  ///< their shapes: {n_l}, or {channels, height, width}
  double classes = 0;
  double rows = 1;     ///< a sample
  double decoder = 0;  ///< of a language model's decoder
  double values = 0;   ///< that a training step keeps of one sample, in number
  double forward_total() const;
  double above_first()
      const;  ///< forward_total without segment 1: an input-gradient sweep, a tangent sweep from point 1
};

struct NetworkTape {
  at::Tensor input;
  std::vector<std::vector<Tape>> segments;
  std::vector<at::Tensor> outputs;  ///< h_l at [l−1]; the last is z, R×C
};

class Decoder;

class Network {
 public:
  /// `options`: type and device. Throws InputError when the layers don't fit each other.
  Network(const NetworkSpec& spec, const at::TensorOptions& options);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  ~Network();

  int segments() const { return static_cast<int>(chains_.size()); }
  int points() const { return segments() - 1; }
  std::int64_t features(int point) const { return features_[static_cast<std::size_t>(point - 1)]; }
  std::int64_t classes() const { return features_.back(); }
  /// Rows of z for a batch of n samples: n, or its tokens.
  std::int64_t rows_of(std::int64_t samples) const { return samples * static_cast<std::int64_t>(cost_.rows); }
  /// The decoder that follows z in a language model; nullptr where z are the logits.
  Decoder* decoder() const { return decoder_.get(); }
  /// Number of trainable values in the segments, which come first; the decoder's follow them.
  std::int64_t segment_values() const;

  // A feedback point works on rows: R×n_l, R samples or tokens. What a fork carries besides them is not part
  // of it.
  /// The rows of something shaped like h_l (an activation, a signal, a tangent); a view.
  at::Tensor rows(int point, const at::Tensor& state) const;
  /// The other way: something shaped like `like` (h_l) whose point part are these rows and whose carried part
  /// is zero. A view where nothing is carried, else `buffer`.
  at::Tensor state(int point, const at::Tensor& rows, const at::Tensor& like, at::Tensor& buffer) const;

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

  /// Returns z, R×C: the logits, or the rows below a language model's decoder.
  const at::Tensor& forward(const at::Tensor& x, NetworkTape& tape, const Pass& pass);
  /// One segment alone, on a tape of the caller's.
  at::Tensor forward_segment(int segment, const at::Tensor& h, std::vector<Tape>& tape, const Pass& pass);
  /// ḣ_l ↦ ḣ_{l+1} through segment l+1 (`segment` = l+1); at the last R×C.
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
  std::vector<std::int64_t> features_;  ///< of the points, and C
  std::vector<std::int64_t> widths_;    ///< of the points' states, with what is carried
  std::vector<int> transported_;
  std::unique_ptr<Decoder> decoder_;
  NetworkCost cost_;
};

/// Shapes and multiply-adds of a network by arithmetic alone. Throws InputError naming the segment and layer
/// where sizes don't fit. `shapes` (optional) receives the output shape of each segment, without the batch
/// axis.
NetworkCost measure_cost(const NetworkSpec& spec, std::vector<std::vector<std::int64_t>>* shapes = nullptr);
/// Gives layers whose `in` or `features` is 0 the size that follows from the shape before them. Throws
/// InputError like measure_cost().
void infer_sizes(NetworkSpec& spec);
/// Number of trainable values.
std::int64_t count_parameters(const NetworkSpec& spec);

/// model.init of the experiment; biases 0, norms' weights 1.
void initialise(Network& network, WeightInit scheme, std::int64_t seed);

}  // namespace grapevine
