// What residual and join share: two chains of layers next to each other. Worker thread only.
#pragma once

#include "engine/nn/layer.h"

namespace grapevine {

/// A body and a shortcut whose results are added; how they share the input says who derives from it.
class TwoWays : public Layer {
 public:
  explicit TwoWays(const LayerSpec& spec) : body_(spec.body), shortcut_(spec.shortcut) {}
  void enlist(Registration& registration, const std::string& path) override;
  void bind(const ParameterBuffer& values) override;
  at::Tensor induced_tangent(RandomKey key, Tape& tape) const override;
  void visit_weights(Tape& tape, const WeightVisitor& sink) const override;
  bool has_parameters() const override { return body_.has_parameters() || shortcut_.has_parameters(); }
  void weight_slots(std::vector<int>& slots) const override;

 protected:
  Chain body_, shortcut_;
};

}  // namespace grapevine
