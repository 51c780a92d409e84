// The forward-mode estimate of learning-rules §3, steps 2 and 3: perturb the feedback points, see what
// arrives at the logits. Ĵ_l = (1/NK) Σ żᵀ p_l, C×n_l. Worker thread only.
#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <vector>

#include "engine/feedback/estimate_settings.h"
#include "engine/feedback/lesson.h"
#include "engine/random/draws.h"

namespace grapevine {

/// One trace: the points that were perturbed (from 1), their perturbations R×n_l (R samples, or tokens), and
/// the tangent at the logits R×C.
struct Trace {
  std::vector<int> points;
  std::vector<const at::Tensor*> perturbations;  ///< one per point
  const at::Tensor& z_dot;
};

class JacobianEstimator {
 public:
  explicit JacobianEstimator(EstimateSettings settings) : settings_(settings) {}
  const EstimateSettings& settings() const { return settings_; }

  /// Throws InputError when orthogonal directions outnumber the features of a point.
  void attach(const Network& network);
  /// Draws, traces and hands every trace to `sink`: K shared ones, or K per feedback point.
  void run(Lesson& lesson, Draws& draws, const std::function<void(const Trace&)>& sink);
  /// Of the tangents; what a rule makes of the traces comes on top.
  double multiply_adds(const NetworkCost& cost, double n) const;

  void keep_traces(bool keep) {
    keep_ = keep;
    if (!keep) kept_.clear();
  }
  const std::vector<KeptTrace>& kept() const { return kept_; }

 private:
  void hand_over(const Trace& trace, const std::function<void(const Trace&)>& sink);
  void draw(Lesson& lesson, Draws& draws, int point, int direction);
  void draw_orthogonal(Lesson& lesson, RandomKey key, int point);
  at::Tensor shared_tangent(Lesson& lesson);
  at::Tensor point_tangent(Lesson& lesson, int point);
  at::Tensor difference(Lesson& lesson, int first_point, bool all_points);
  at::Tensor perturbed_logits(Lesson& lesson, int first_point, bool all_points, double step);
  bool perturbs_weights(const Network& network, int point) const;
  at::Tensor moved(const Network& network, int point, const at::Tensor& state, double step,
                   at::Tensor& buffer);

  EstimateSettings settings_;
  std::vector<at::Tensor> perturbations_;  ///< R×n_l at [l−1]
  std::vector<at::Tensor> states_;         ///< buffers of t_l + p_l, shaped like h_l
  std::vector<at::Tensor> orthogonal_;     ///< N×K×n_l of this step
  bool keep_ = false;
  std::vector<KeptTrace> kept_;  ///< of the last run
  NetworkTape scratch_;          ///< of the second forward
};

}  // namespace grapevine
