// The cumulative mean of the estimates, M_t = M_{t−1} + (Ĵ_t − M_{t−1})/t from M_0 = 0, which takes Ĵ's place
// where a rule asks for it (learning-rules §3). Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <cstddef>
#include <vector>

#include "engine/feedback/average_settings.h"
#include "engine/feedback/lesson.h"

namespace grapevine {

class EstimateAverage {
 public:
  explicit EstimateAverage(const AverageSettings& settings) : settings_(settings) {}

  /// One mean an estimate; nothing is held where the setting is `none`.
  void attach(const std::vector<at::Tensor>& estimates);
  /// Takes a step's estimates in. What the rule is to align with: the means, or the estimates themselves.
  const std::vector<at::Tensor>& take_in(const std::vector<at::Tensor>& estimates);
  /// The means start over at this point (from 0).
  void restart(std::size_t point_index);
  /// nullptr where the setting is `none`.
  const std::vector<at::Tensor>* means() const { return settings_.cumulative ? &means_ : nullptr; }
  /// The means and how many estimates are in them.
  void add_state(NamedTensors& all) const;
  /// Tensors as large as an estimate that are held.
  int companions() const { return settings_.cumulative ? 1 : 0; }

 private:
  AverageSettings settings_;
  std::vector<at::Tensor> means_, counts_;  ///< values of M_l and t, one number, at [l−1]
};

}  // namespace grapevine
