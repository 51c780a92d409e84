#include "engine/rules/direct.h"

#include <numeric>

#include "engine/error.h"
#include "engine/feedback/lesioned.h"
#include "engine/rules/critical_path.h"

namespace grapevine {

void DirectRule::attach(const Network& network, std::int64_t seed) {
  for (const std::int64_t point : direct_.exact_points)
    if (point > network.points())
      throw InputError("rule.exact_points: there is no feedback point " + std::to_string(point) +
                       "; this network has " + std::to_string(network.points()));
  structures_ = make_structures(network, direct_.structure, seed);
  feedback_ = make_feedback(network, direct_.init, direct_.shared_matrix, seed, structures_);
}

void DirectRule::fill_signals(Lesson& lesson, Signals& signals, Buffers& buffers) {
  const auto points = static_cast<std::size_t>(lesson.network.points());
  signals.resize(points);
  buffers.rows.resize(points);
  buffers.states.resize(points);
  const at::Tensor carried = carrier(lesson);
  for (std::size_t l = 0; l < points; ++l) {
    at::Tensor& rows =
        workspace(buffers.rows[l], {carried.size(0), structures_[l].features(feedback_[l])}, carried);
    structures_[l].apply(carried, feedback_[l], rows);
    signals[l] =
        lesson.network.state(static_cast<int>(l) + 1, rows, lesson.tape.outputs[l], buffers.states[l]);
  }
  if (!direct_.exact_points.empty()) take_exact_signals(lesson, signals, buffers);
  lap(lesson.clock, Part::signal);
}

void DirectRule::take_exact_signals(Lesson& lesson, Signals& signals, Buffers& buffers) const {
  Signals exact;
  backpropagate(lesson, exact, false);
  buffers.exact.resize(exact.size());
  for (const std::int64_t point : direct_.exact_points) {
    // A copy: the adjoints that follow write where these lie.
    const auto l = static_cast<std::size_t>(point - 1);
    signals[l] = workspace(buffers.exact[l], exact[l].sizes(), exact[l]).copy_(exact[l]);
  }
}

void DirectRule::learn(Lesson& lesson, Draws& draws) {
  align(lesson, draws);
  fill_signals(lesson, step_signals_, step_buffers_);
  local_adjoints(lesson, step_signals_);
}

bool DirectRule::rehearse(Lesson& lesson, Signals& signals) {
  fill_signals(lesson, signals, rehearsal_buffers_);
  local_adjoints(lesson, signals);
  return true;
}

std::vector<int> DirectRule::feedback_layers() const {
  std::vector<int> layers(feedback_.size());
  std::iota(layers.begin(), layers.end(), 1);
  return layers;
}

void DirectRule::lesion(const Lesion& lesion, const LesionSite& site) {
  const auto l = static_cast<std::size_t>(site.layer - 1);
  const FeedbackStructure& form = structures_[l];
  at::Tensor& b = feedback_[l];
  const at::Tensor norm = form.norm(b);
  switch (lesion.kind) {
    case LesionKind::randomise:
      b.copy_(draw_feedback(form, direct_.init, site.network.classes(), site.network.features(site.layer),
                            site.key, b.options()));
      break;
    case LesionKind::zero:
      b.zero_();
      break;
    case LesionKind::rotate:
      b.copy_(rotated(b, lesion.degrees, form, site.network.classes(), site.key));
      break;
    case LesionKind::jacobian:
      take_over(b, form.project(site.jacobian * alignment_sign()));
      break;
  }
  put_in_order(l, lesion, norm);
}

std::vector<StepPhase> DirectRule::phases() const {
  std::vector<StepPhase> all{{PhaseKind::forward, "", "", {}}};
  for (StepPhase& phase : align_phases()) all.push_back(std::move(phase));
  all.push_back(signal_phase({PhaseKind::direct_signal, "", "", {}}));
  all.push_back({PhaseKind::gradient, "", "", {}});
  all.push_back({PhaseKind::update, "", "", {}});
  return all;
}

StepPhase DirectRule::signal_phase(StepPhase usual) const {
  if (direct_.exact_points.empty()) return usual;
  std::string points;
  for (const std::int64_t point : direct_.exact_points)
    points += (points.empty() ? "" : ", ") + std::to_string(point);
  return {PhaseKind::own_signal,
          "",
          "Points " + points + " take BP's exact signal (rule.exact_points), the others the matrix's.",
          {}};
}

NamedTensors DirectRule::state() {
  NamedTensors all;
  for (std::size_t l = 0; l < feedback_.size(); ++l)
    all.emplace_back("feedback/" + std::to_string(l + 1), feedback_[l]);
  for (std::size_t l = 0; l < structures_.size(); ++l)
    if (structures_[l].basis().defined())
      all.emplace_back("feedback_basis/" + std::to_string(l + 1), structures_[l].basis());
  return all;
}

double DirectRule::products(const NetworkCost& cost) const {
  double numbers = 0;
  for (const auto& point : cost.points)
    numbers += StructureSize(direct_.structure, static_cast<std::int64_t>(cost.classes), point).numbers();
  return numbers;
}

Rule::FeedbackMemory DirectRule::feedback_memory(const NetworkCost& cost) const {
  FeedbackMemory memory;
  for (const auto& point : cost.points) {
    const StructureSize size(direct_.structure, static_cast<std::int64_t>(cost.classes), point);
    memory.matrices += size.numbers();
    memory.with_all += size.numbers() + companions() * static_cast<double>(size.rows * size.columns);
  }
  return memory;
}

double DirectRule::multiply_adds(const NetworkCost& cost, double n) const {
  const double exact = direct_.exact_points.empty() ? 0 : cost.above_first();
  return n * (2 * cost.forward_total() + products(cost) + exact);
}

// App. D.1: the tangent runs during the forward trace; projection and alignment are each layer's own.
Rule::CriticalPath DirectRule::critical_path(const NetworkCost& cost) const {
  const double projection = widest_projection(cost, direct_.structure), slowest = slowest_segment(cost);
  if (!estimate_settings()) return {cost.forward_total(), projection + slowest};
  return {cost.forward_total() + cost.above_first(), 2 * projection + slowest};
}

}  // namespace grapevine
