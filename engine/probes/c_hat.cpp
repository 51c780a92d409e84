#include "engine/probes/c_hat.h"

#include "engine/feedback/estimate.h"

namespace grapevine {

std::vector<double> alignment_from_tangents(
    Lesson& lesson, const std::vector<at::Tensor>& feedback, Draws& draws,
    const std::function<const FeedbackStructure&(std::size_t)>& structure_of) {
  const FeedbackStructure dense;
  EstimateSettings settings;
  settings.shared_trace = false;
  JacobianEstimator estimator(settings);
  estimator.attach(lesson.network);
  std::vector<double> cosines(feedback.size(), 0);
  estimator.run(lesson, draws, [&](const Trace& trace) {
    const auto l = static_cast<std::size_t>(trace.points.front() - 1);
    const FeedbackStructure& form = structure_of ? structure_of(l) : dense;
    const at::Tensor predicted = form.predict(form.features_seen(*trace.perturbations.front()), feedback[l]);
    const at::Tensor norms = at::linalg_vector_norm(trace.z_dot) * at::linalg_vector_norm(predicted);
    const double size = norms.item<double>();
    if (size > 0) cosines[l] = (trace.z_dot * predicted).sum().item<double>() / size;
  });
  return cosines;
}

double squared_mean_jacobian(const at::Tensor& z_dot, const at::Tensor& perturbation) {
  const double n = static_cast<double>(z_dot.size(0));
  const double whole = z_dot.t().mm(perturbation).square().sum().item<double>();
  const double own = (z_dot.square().sum(1) * perturbation.square().sum(1)).sum().item<double>();
  return n > 1 ? (whole - own) / (n * (n - 1)) : 0;
}

}  // namespace grapevine
