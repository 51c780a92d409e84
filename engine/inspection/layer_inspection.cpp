#include "engine/inspection/layer_inspection.h"

#include <algorithm>
#include <numbers>

#include "engine/probes/cosines.h"
#include "engine/probes/probe_context.h"

namespace grapevine {
namespace {

constexpr int activation_bins = 40;

Matrix to_matrix(const at::Tensor& tensor) {
  const at::Tensor plain = tensor.to(at::kCPU, at::kFloat).contiguous();
  const float* begin = plain.data_ptr<float>();
  return {plain.size(0), plain.size(1), {begin, begin + plain.numel()}};
}

std::vector<float> to_floats(const at::Tensor& tensor) {
  const at::Tensor plain = tensor.to(at::kCPU, at::kFloat).contiguous();
  const float* begin = plain.data_ptr<float>();
  return {begin, begin + plain.numel()};
}

/// Empty where an entry is not a number: no decomposition has those.
std::vector<double> singular_values(const at::Tensor& matrix) {
  const at::Tensor exact = matrix.to(at::kCPU, at::kDouble);
  if (!exact.isfinite().all().item<bool>()) return {};
  const at::Tensor values = at::linalg_svdvals(exact).contiguous();
  return {values.data_ptr<double>(), values.data_ptr<double>() + values.numel()};
}

Activations activations_of(const at::Tensor& rows) {
  Activations found;
  found.mean = rows.mean().item<double>();
  found.deviation = rows.std(false).item<double>();
  const at::Tensor zero = rows.eq(0);
  found.zeros = zero.to(at::kDouble).mean().item<double>();
  found.dead = zero.all(0).to(at::kDouble).mean().item<double>();
  Histogram& histogram = found.histogram;
  histogram.low = rows.min().item<double>();
  histogram.high = rows.max().item<double>();
  if (!std::isfinite(histogram.high - histogram.low)) return found;
  if (histogram.high == histogram.low) histogram.high = histogram.low + 1;
  const at::Tensor counts =
      at::histc(rows.to(at::kCPU, at::kFloat), activation_bins, histogram.low, histogram.high)
          .to(at::kLong)
          .contiguous();
  histogram.counts.assign(counts.data_ptr<std::int64_t>(), counts.data_ptr<std::int64_t>() + counts.numel());
  return found;
}

/// cos of each column; NaN where one of the two is zero.
at::Tensor column_cosines(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor dot = (a * b).sum(0);
  const at::Tensor norms =
      at::linalg_vector_norm(a, 2, at::IntArrayRef{0}) * at::linalg_vector_norm(b, 2, at::IntArrayRef{0});
  return at::where(norms.gt(0), dot / norms, at::full_like(dot, std::nan("")));
}

/// "Rademacher draws, a shared trace and 4 directions": in what the estimate differs from eq. 4's.
std::string other_than_eq4(const EstimateSettings& settings) {
  std::vector<std::string> differs;
  if (settings.orthogonal)
    differs.emplace_back("orthogonal draws");
  else if (!settings.gaussian)
    differs.emplace_back("Rademacher draws");
  if (settings.directions > 1) differs.push_back(std::to_string(settings.directions) + " directions");
  if (settings.shared_trace) differs.emplace_back("a shared trace");
  std::string words;
  for (std::size_t i = 0; i < differs.size(); ++i)
    words += (i == 0 ? "" : i + 1 == differs.size() ? " and " : ", ") + differs[i];
  return words;
}

/// What is looked at, put together part by part.
class Look {
 public:
  Look(Rule& rule, Lesson& lesson, int point)
      : rule_(rule), lesson_(lesson), point_(point), context_(rule, lesson, unused_, nullptr) {
    const Network& network = lesson.network;
    found_.point = point;
    found_.classes = network.classes();
    found_.features = network.features(point);
    found_.shape = network.cost().points[point_index(point)];
    found_.samples = lesson.e.size(0);
  }

  void see_activations() {
    found_.activations =
        activations_of(lesson_.network.rows(point_, lesson_.tape.outputs[point_index(point_)]));
  }

  void see_feedback() {
    if (!rule_.feedback()) {
      found_.no_feedback = rule_.transport()
                               ? "this rule carries the error through weights in W's place, layer by layer"
                               : "this rule has no feedback matrix";
      return;
    }
    feedback_ = context_.feedback(point_);
    found_.feedback = to_matrix(feedback_);
    found_.singular_feedback = singular_values(feedback_);
  }

  void see_estimate() {
    if (!rule_.jacobian_estimate()) {
      found_.no_estimate = "this rule makes no estimate of the Jacobian";
      return;
    }
    const at::Tensor estimate = context_.estimate(point_);
    if (!estimate.any().item<bool>()) {
      found_.no_estimate = "no step has made an estimate yet";
      return;
    }
    estimate_ = estimate;
    found_.estimate = to_matrix(estimate_);
    found_.singular_estimate = singular_values(estimate_);
  }

  void see_jacobian(bool at_rest) {
    const bool texts = lesson_.tape.input.size(0) != lesson_.e.size(0);
    if (texts) {
      found_.no_jacobian = "of a language model only a noisy estimate could be had";
      return;
    }
    if (found_.classes > exact_classes && !at_rest) {
      found_.no_jacobian = "it takes " + std::to_string(found_.classes) +
                           " backward sweeps, one per class: pause the run to see it";
      return;
    }
    jacobian_ = mean_jacobian(lesson_, point_);
    found_.jacobian = to_matrix(jacobian_);
    found_.singular_jacobian = singular_values(jacobian_);
  }

  void compare() {
    if (!feedback_.defined() || !jacobian_.defined()) return;
    const double square = jacobian_.square().sum().item<double>();
    if (square > 0) found_.alpha = (feedback_ * jacobian_).sum().item<double>() / square;
    found_.cos_b_j = cosine(feedback_, jacobian_);
    found_.column_cosines = to_floats(column_cosines(feedback_, jacobian_));
    if (estimate_.defined() && rule_.estimate_settings())
      found_.bounds = bounds_of(feedback_, estimate_, jacobian_, *rule_.estimate_settings());
  }

  void see_angles() {
    if (!context_.rehearse()) {
      found_.no_angles = "this rule has no signals that could be held against the gradient";
      return;
    }
    context_.see_bp(lesson_.gradients, false);
    const at::Tensor cosines =
        nonzero_sample_cosines(context_.own_signal(point_), context_.bp_signal(point_)).to(at::kDouble);
    if (cosines.numel() == 0) found_.no_angles = "no sample has a signal at this layer";
    found_.sample_angles = to_floats(cosines.clamp(-1, 1).acos().mul(180 / std::numbers::pi));
  }

  Inspection take() { return std::move(found_); }

 private:
  Rule& rule_;
  Lesson& lesson_;
  int point_;
  Measured unused_;
  ProbeContext context_;
  Inspection found_;
  at::Tensor feedback_, estimate_, jacobian_;
};

}  // namespace

std::vector<BoundCheck> bounds_of(const at::Tensor& feedback, const at::Tensor& estimate,
                                  const at::Tensor& jacobian, const EstimateSettings& settings) {
  const double jhat_j = cosine(estimate, jacobian);
  BoundCheck eq4{"cos(Ĵ, J̄), equation 4", jhat_j, eq4_bound(jacobian),
                 "bounds the mean over many draws: Gaussian ones, one direction, a trace per layer",
                 other_than_eq4(settings)};
  BoundCheck lemma{"cos(B, J̄), Lemma B.2", cosine(feedback, jacobian),
                   lemma_b2_bound(cosine(feedback, estimate), jhat_j), "holds for any three matrices", ""};
  return {eq4, lemma};
}

// The adjoint sweeps write over the tape's buffers: J̄ comes before the signals, which are kept.
Inspection inspect_layer(Rule& rule, Lesson& lesson, int point, bool at_rest) {
  Look look(rule, lesson, point);
  look.see_activations();
  look.see_feedback();
  look.see_estimate();
  look.see_jacobian(at_rest);
  look.compare();
  look.see_angles();
  return look.take();
}

}  // namespace grapevine
