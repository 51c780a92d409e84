// A layer is three maps and nothing else: forward h ↦ y, tangent ḣ ↦ J ḣ, adjoint δy ↦ Jᵀ δy with the
// gradients of the layer's own parameters on the way (learning-rules §1). What forward leaves for the other
// two lies on a Tape, so that several passes (training, probe) can be in progress at once. Worker thread
// only.
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/experiment/layer_spec.h"
#include "engine/nn/parameters.h"
#include "engine/random/random.h"

namespace grapevine {

/// What one layer remembers of one forward pass, and its buffers, which are reused: a result is valid until
/// the same map runs again on the same tape.
struct Tape {
  at::Tensor input;
  at::Tensor output;
  at::Tensor tangent;
  at::Tensor input_gradient;
  std::vector<at::Tensor> saved;  ///< batch statistics, pooling choices, masks
  bool used_batch_statistics = false;
  std::vector<Tape> body, shortcut;  ///< of a residual layer
};

/// How a forward pass treats what differs between training, measuring and testing.
struct Pass {
  enum class Norms { batch_and_update, batch_only, running };
  Norms norms = Norms::batch_and_update;
  bool dropout = true;
  RandomKey dropout_key;  ///< of this step; each dropout layer derives its own

  static Pass training(RandomKey dropout_key) { return {Norms::batch_and_update, true, dropout_key}; }
  static Pass probing() { return {Norms::batch_only, false, {}}; }
  static Pass testing() { return {Norms::running, false, {}}; }
};

/// What an adjoint sweep should produce.
struct AdjointRequest {
  const ParameterBuffer* gradients = nullptr;  ///< where parameter gradients go (overwritten); nullptr = none
  bool input_gradient = true;                  ///< is δh of the layer's input wanted?
  /// By weight slot; an undefined entry (or nullptr) means the weight itself. The sequential feedback rules'.
  const std::vector<at::Tensor>* transport = nullptr;
  /// Treat batch norm's mean and variance as constants (the mean Jacobian J̄ of §1).
  bool constant_statistics = false;
};

/// Where a layer's parameters get their slots.
struct Registration {
  ParameterLayout& layout;
  std::vector<std::pair<std::string, at::Tensor>>& states;  ///< running statistics, by name
  const at::TensorOptions& options;
  int segment;
};

class Layer;
/// A linear or conv layer, its weight's slot and its tape.
using WeightVisitor = std::function<void(const Layer& layer, int slot, Tape& tape)>;

class Layer {
 public:
  virtual ~Layer() = default;
  /// Adds the parameters to the layout; `path` is the layer's key, "<segment>.<layer>".
  virtual void enlist(Registration&, const std::string& /*path*/) {}
  /// Gets the views of its parameters; called once the layout is complete.
  virtual void bind(const ParameterBuffer& /*values*/) {}

  virtual at::Tensor forward(const at::Tensor& h, Tape& tape, const Pass& pass) = 0;
  virtual at::Tensor tangent(const at::Tensor& h_dot, Tape& tape) const = 0;
  /// Returns δh, undefined when not requested.
  virtual at::Tensor adjoint(const at::Tensor& dy, Tape& tape, const AdjointRequest& request) const = 0;

  /// The tangent at this layer's output that a random weight change ΔW ~ N(0, 1/fan_in), one per sample,
  /// induces, as a draw of `key`; undefined for layers without a linear or convolution weight (learning-rules
  /// §3, space = smaller).
  virtual at::Tensor induced_tangent(RandomKey /*key*/, Tape& /*tape*/) const { return {}; }

  /// The tangent at this layer's output when its own parameters move along `direction` and its input stays:
  /// defined where the layer has parameters.
  virtual at::Tensor parameter_tangent(const ParameterBuffer& /*direction*/, Tape& /*tape*/) const {
    return {};
  }
  /// Both together: input moving along ḣ (undefined = at rest) and parameters along `direction`.
  virtual at::Tensor joint_tangent(const at::Tensor& h_dot, const ParameterBuffer& direction,
                                   Tape& tape) const;
  /// Hands every linear and conv layer, those inside a residual layer too, to `sink`.
  virtual void visit_weights(Tape& /*tape*/, const WeightVisitor& /*sink*/) const {}

  virtual bool has_parameters() const { return false; }
  /// Weight slots of linear and conv layers, in order: those that a transport can replace.
  virtual void weight_slots(std::vector<int>& /*slots*/) const {}
};

/// Throws InputError for an unknown type or impossible sizes.
std::unique_ptr<Layer> make_layer(const LayerSpec& spec);
/// "linear 784→512, relu".
std::string describe(const SegmentSpec& segment);

/// A list of layers run one after the other: a segment, or the body of a residual layer.
class Chain {
 public:
  explicit Chain(const std::vector<LayerSpec>& specs);
  void enlist(Registration& registration, const std::string& path_prefix);
  void bind(const ParameterBuffer& values);
  at::Tensor forward(const at::Tensor& h, std::vector<Tape>& tapes, const Pass& pass);
  at::Tensor tangent(const at::Tensor& h_dot, std::vector<Tape>& tapes) const;
  at::Tensor adjoint(const at::Tensor& dy, std::vector<Tape>& tapes, const AdjointRequest& request) const;
  /// The sum of what every layer's weight change induces at the end of the chain.
  at::Tensor induced_tangent(RandomKey key, std::vector<Tape>& tapes) const;
  at::Tensor joint_tangent(const at::Tensor& h_dot, const ParameterBuffer& direction,
                           std::vector<Tape>& tapes) const;
  void visit_weights(std::vector<Tape>& tapes, const WeightVisitor& sink) const;
  bool has_parameters() const;
  void weight_slots(std::vector<int>& slots) const;
  std::size_t size() const { return layers_.size(); }
  const Layer& layer(std::size_t i) const { return *layers_[i]; }

 private:
  std::vector<std::unique_ptr<Layer>> layers_;
};

/// `buffer` with this shape and `like`'s type and device; allocates only when they differ.
at::Tensor& workspace(at::Tensor& buffer, at::IntArrayRef shape, const at::Tensor& like);

/// May host_kernels.h read it: contiguous float32 or float64 in the host's memory?
bool runs_on_host(const at::Tensor& t);

}  // namespace grapevine
