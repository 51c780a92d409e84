#include "engine/feedback/estimate.h"

#include <cmath>

#include "engine/error.h"

namespace grapevine {

void JacobianEstimator::attach(const Network& network) {
  const auto points = static_cast<std::size_t>(network.points());
  perturbations_.resize(points);
  states_.resize(points);
  orthogonal_.resize(points);
  if (!settings_.orthogonal) return;
  for (int l = 1; l <= network.points(); ++l)
    if (settings_.directions > network.features(l))
      throw InputError("rule.directions: " + std::to_string(settings_.directions) +
                       " orthogonal directions do not fit feedback point " + std::to_string(l) + " with " +
                       std::to_string(network.features(l)) + " features; ask for at most that many");
}

// Weights are perturbed where they are fewer than the activations (§3.2 of the 2026 text).
bool JacobianEstimator::perturbs_weights(const Network& network, int point) const {
  if (!settings_.space_smaller) return false;
  std::vector<int> slots;
  network.segment(point).weight_slots(slots);
  std::int64_t weights = 0;
  for (int slot : slots) weights += network.layout()[slot].count;
  return weights > 0 && weights < network.features(point);
}

// Orthonormal within a sample, times √n: the Q of a Gaussian matrix, n×K a sample.
void JacobianEstimator::draw_orthogonal(Lesson& lesson, RandomKey key, int point) {
  const auto l = static_cast<std::size_t>(point - 1);
  const std::int64_t n = lesson.network.features(point), samples = lesson.e.size(0);
  at::Tensor gaussian = at::empty({samples, n, settings_.directions}, lesson.e.options());
  fill_gaussian(gaussian, key);
  const at::Tensor q = std::get<0>(at::linalg_qr(gaussian));
  orthogonal_[l] = q.transpose(1, 2).contiguous().mul_(std::sqrt(static_cast<double>(n)));
}

void JacobianEstimator::draw(Lesson& lesson, Draws& draws, int point, int direction) {
  const auto l = static_cast<std::size_t>(point - 1);
  at::Tensor& p = workspace(perturbations_[l], {lesson.e.size(0), lesson.network.features(point)}, lesson.e);
  if (draws.perturbation(point, direction, p)) return;
  const RandomKey at_point = draws.key(Stream::perturbation).with(static_cast<std::uint64_t>(point));
  const RandomKey key = at_point.with(static_cast<std::uint64_t>(direction));
  if (perturbs_weights(lesson.network, point)) {
    const at::Tensor induced = lesson.network.segment(point).induced_tangent(key, lesson.tape.segments[l]);
    p.copy_(lesson.network.rows(point, induced));  // the layers' buffers are used again on the way up
  } else if (settings_.orthogonal) {
    if (direction == 0) draw_orthogonal(lesson, at_point, point);
    p.copy_(orthogonal_[l].select(1, direction));
  } else if (settings_.gaussian) {
    fill_gaussian(p, key);
  } else {
    fill_rademacher(p, key);
  }
}

// The state with `step`·p added at its point part.
at::Tensor JacobianEstimator::moved(const Network& network, int point, const at::Tensor& state, double step,
                                    at::Tensor& buffer) {
  const at::Tensor& p = perturbations_[static_cast<std::size_t>(point - 1)];
  at::Tensor& whole = workspace(buffer, state.sizes(), state);
  if (whole.numel() == p.numel()) return at::add_out(whole, state, p.view(state.sizes()), step);
  whole.copy_(state);
  network.rows(point, whole).add_(p, step);
  return whole;
}

// t_1 = p_1, t_{l+1} = tangent(t_l) + p_{l+1}, ż = the tangent at the logits.
at::Tensor JacobianEstimator::shared_tangent(Lesson& lesson) {
  Network& network = lesson.network;
  at::Tensor t = network.state(1, perturbations_[0], lesson.tape.outputs[0], states_[0]);
  for (int l = 2; l <= network.segments(); ++l) {
    t = network.tangent(l, t, lesson.tape);
    if (l < network.segments()) t = moved(network, l, t, 1, states_[static_cast<std::size_t>(l - 1)]);
  }
  return t;
}

at::Tensor JacobianEstimator::point_tangent(Lesson& lesson, int point) {
  const auto i = static_cast<std::size_t>(point - 1);
  at::Tensor t = lesson.network.state(point, perturbations_[i], lesson.tape.outputs[i], states_[i]);
  for (int l = point + 1; l <= lesson.network.segments(); ++l) t = lesson.network.tangent(l, t, lesson.tape);
  return t;
}

// The logits with h_point (and, for a shared trace, every later h) moved by step·p. Same mask, batch
// statistics of this batch, running ones left alone.
at::Tensor JacobianEstimator::perturbed_logits(Lesson& lesson, int first_point, bool all_points,
                                               double step) {
  Pass pass = lesson.pass;
  if (pass.norms == Pass::Norms::batch_and_update) pass.norms = Pass::Norms::batch_only;
  const auto first = static_cast<std::size_t>(first_point - 1);
  at::Tensor h = moved(lesson.network, first_point, lesson.tape.outputs[first], step, states_[first]);
  scratch_.segments.resize(static_cast<std::size_t>(lesson.network.segments()));
  for (int l = first_point + 1; l <= lesson.network.segments(); ++l) {
    const auto i = static_cast<std::size_t>(l - 1);
    h = lesson.network.forward_segment(l, h, scratch_.segments[i], pass);
    if (all_points && l < lesson.network.segments()) h = moved(lesson.network, l, h, step, states_[i]);
  }
  return h;
}

at::Tensor JacobianEstimator::difference(Lesson& lesson, int first_point, bool all_points) {
  const at::Tensor ahead = perturbed_logits(lesson, first_point, all_points, settings_.epsilon).clone();
  if (!settings_.central) return (ahead - lesson.tape.outputs.back()).div_(settings_.epsilon);
  const at::Tensor behind = perturbed_logits(lesson, first_point, all_points, -settings_.epsilon);
  return (ahead - behind).div_(2 * settings_.epsilon);
}

void JacobianEstimator::run(Lesson& lesson, Draws& draws, const std::function<void(const Trace&)>& sink) {
  const int points = lesson.network.points();
  if (points == 0) return;
  kept_.clear();
  const auto directions = static_cast<int>(settings_.directions);
  for (int k = 0; k < directions; ++k) {
    for (int l = 1; l <= points; ++l) draw(lesson, draws, l, k);
    if (settings_.shared_trace) {
      const at::Tensor z_dot =
          settings_.double_forward ? difference(lesson, 1, true) : shared_tangent(lesson);
      lap(lesson.clock, Part::tangent);
      std::vector<int> all;
      std::vector<const at::Tensor*> p;
      for (int l = 1; l <= points; ++l) {
        all.push_back(l);
        p.push_back(&perturbations_[static_cast<std::size_t>(l - 1)]);
      }
      hand_over({all, p, z_dot}, sink);
      lap(lesson.clock, Part::align);
      continue;
    }
    for (int l = 1; l <= points; ++l) {
      const at::Tensor z_dot =
          settings_.double_forward ? difference(lesson, l, false) : point_tangent(lesson, l);
      lap(lesson.clock, Part::tangent);
      hand_over({{l}, {&perturbations_[static_cast<std::size_t>(l - 1)]}, z_dot}, sink);
      lap(lesson.clock, Part::align);
    }
  }
}

void JacobianEstimator::hand_over(const Trace& trace, const std::function<void(const Trace&)>& sink) {
  if (keep_)
    for (std::size_t i = 0; i < trace.points.size(); ++i)
      kept_.push_back({trace.points[i], trace.perturbations[i]->clone(), trace.z_dot.clone()});
  sink(trace);
}

double JacobianEstimator::multiply_adds(const NetworkCost& cost, double n) const {
  double sweep = 0;
  if (settings_.shared_trace) {
    sweep = cost.above_first();
  } else {
    for (std::size_t first = 1; first < cost.forward.size(); ++first)
      for (std::size_t l = first; l < cost.forward.size(); ++l) sweep += cost.forward[l];
  }
  const double passes = settings_.double_forward && settings_.central ? 2 : 1;
  return n * static_cast<double>(settings_.directions) * sweep * passes;
}

}  // namespace grapevine
