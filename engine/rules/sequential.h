// What the sequential feedback rules share: BP whose linear and conv layers send errors back through a
// transport weight of W's shape (learning-rules §2). A rule says how transports start (begin), what they are
// at a step (refresh) and how they move (after_update). Worker thread only.
#pragma once

#include "engine/rules/rule.h"

namespace grapevine {

class SequentialRule : public Rule {
 public:
  void attach(const Network& network, std::int64_t seed) override;
  void learn(Lesson& lesson, Draws& draws) override;
  bool rehearse(Lesson& lesson, Signals& signals) override;
  const std::vector<at::Tensor>* transport() override { return &transport_; }
  std::vector<int> feedback_layers() const override;
  void lesion(const Lesion& lesion, const LesionSite& site) override;
  NamedTensors state() override;
  double multiply_adds(const NetworkCost& cost, double n) const override;

 protected:
  /// Fills a transport, or a magnitude, as it starts. `key` is the matrix's own.
  virtual void begin(at::Tensor& transport, const ParameterInfo& weight, RandomKey key) const = 0;
  /// New random numbers of this step.
  virtual void draw(const Network& /*network*/, Draws& /*draws*/) {}
  /// Brings transports in line with the weights as they are now.
  virtual void refresh(const Network& /*network*/) {}
  /// The names under which state() shows the transports: "transport", or "magnitude" where those are what is
  /// kept.
  virtual NamedTensors kept() { return named("transport", transport_); }
  NamedTensors named(const std::string& what, const std::vector<at::Tensor>& by_slot) const;
  /// What a lesion changes of a slot, and what it takes from the weights.
  virtual at::Tensor& lesioned(int slot) { return transport_[static_cast<std::size_t>(slot)]; }
  virtual at::Tensor from_weight(const at::Tensor& weight) const { return weight; }
  /// The slots of a segment.
  std::vector<int> slots_in(int segment) const;
  /// Of frozen() segments alone.
  bool is_frozen_slot(int slot) const { return is_frozen(segments_[static_cast<std::size_t>(slot)]); }
  /// "2.0" of parameter "2.0.weight".
  static std::string layer_of(const ParameterInfo& weight);

  std::vector<at::Tensor> transport_;  ///< by weight slot; undefined where W itself serves
  std::vector<int> slots_;             ///< those that are defined

 private:
  std::vector<std::string> layers_;  ///< of slots_
  std::vector<int> segments_;        ///< of all slots
};

}  // namespace grapevine
