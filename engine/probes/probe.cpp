#include "engine/probes/probe.h"

#include <cmath>

#include "engine/training/registry.h"

namespace grapevine {
namespace {

at::Tensor cosines(const at::Tensor& a, const at::Tensor& b, std::int64_t axis) {
  const at::Tensor dot = (a * b).sum(axis);
  const at::Tensor norms =
      at::linalg_vector_norm(a, 2, at::IntArrayRef{axis}).mul_(at::linalg_vector_norm(b, 2, at::IntArrayRef{axis}));
  return at::where(norms.gt(0), dot / norms, at::zeros_like(dot));
}

}  // namespace

double cosine(const at::Tensor& a, const at::Tensor& b) {
  return cosines(a.reshape({-1}), b.reshape({-1}), 0).item<double>();
}

double column_cosine(const at::Tensor& a, const at::Tensor& b) { return cosines(a, b, 0).mean().item<double>(); }

double sample_cosine(const at::Tensor& a, const at::Tensor& b) {
  return cosines(a.flatten(1), b.flatten(1), 1).mean().item<double>();
}

std::set<std::string> probe_measures(const Experiment& experiment) {
  const TextList& asked = experiment.texts("probe.measures");
  std::set<std::string> keys(asked.begin(), asked.end());
  if (keys.empty())
    for (const auto& measure : measures())
      if (measure.probe && measure.by_default) keys.insert(measure.key);
  return keys;
}

std::vector<at::Tensor> mean_jacobians(Lesson& lesson) {
  Network& network = lesson.network;
  const std::int64_t classes = network.classes(), samples = lesson.e.size(0);
  std::vector<at::Tensor> jacobian;
  for (int l = 1; l <= network.points(); ++l)
    jacobian.push_back(at::empty({classes, network.features(l)}, lesson.e.options()));
  AdjointRequest request;
  request.constant_statistics = true;
  at::Tensor seed = at::zeros({samples, classes}, lesson.e.options());
  for (std::int64_t c = 0; c < classes; ++c) {
    seed.zero_();
    seed.select(1, c).fill_(1.0 / static_cast<double>(samples));
    at::Tensor delta = seed;
    for (int l = network.segments(); l > 1; --l) {
      delta = network.adjoint(l, delta, lesson.tape, request);
      at::Tensor row = jacobian[static_cast<std::size_t>(l - 2)].select(0, c);
      at::sum_out(row, delta.flatten(1), at::IntArrayRef{0});
    }
  }
  return jacobian;
}

void Probe::measure(Rule& rule, Lesson& lesson, const ParameterBuffer& exact, Measured& out) {
  const int points = lesson.network.points();
  if (wants("cos_b_j") || wants("cos_b_jhat") || wants("cos_b_jhat_frobenius") || wants("cos_jhat_j")) {
    std::vector<at::Tensor> jacobian;
    if ((wants("cos_b_j") && rule.feedback()) || (wants("cos_jhat_j") && rule.jacobian_estimate()))
      jacobian = mean_jacobians(lesson);
    measure_feedback(rule, jacobian, out);
  }

  const bool against_bp = wants("cos_delta") || wants("cos_update");
  Signals own;
  bool has_signals = false;
  if (against_bp || wants("norms")) has_signals = rule.rehearse(lesson, own);
  if (wants("norms")) measure_norms(rule, lesson, has_signals ? own : Signals{}, out);
  if (!against_bp) return;

  // Both live on the same tape's buffers: keep the rule's while BP runs.
  if (has_signals)
    for (auto& signal : own) signal = signal.clone();
  Lesson by_bp{lesson.network, lesson.tape, lesson.pass, lesson.y, lesson.e, exact, lesson.clock};
  Signals exact_signals;
  backpropagate(by_bp, exact_signals, wants("cos_update"));
  if (wants("cos_delta") && has_signals)
    for (int l = 1; l <= points; ++l) {
      const auto i = static_cast<std::size_t>(l - 1);
      out[{"cos_delta", l}] = sample_cosine(own[i], exact_signals[i]);
    }
  if (wants("cos_update"))
    for (int l = 1; l <= lesson.network.segments(); ++l) {
      const ParameterLayout& layout = lesson.network.layout();
      const at::Tensor mine = lesson.gradients.segment(layout, l);
      if (mine.numel() > 0) out[{"cos_update", l}] = cosine(mine, exact.segment(layout, l));
    }
}

void Probe::measure_feedback(Rule& rule, const std::vector<at::Tensor>& jacobian, Measured& out) const {
  const std::vector<at::Tensor>* b = rule.feedback();
  const std::vector<at::Tensor>* estimate = rule.jacobian_estimate();
  const std::size_t points = b ? b->size() : estimate ? estimate->size() : 0;
  for (std::size_t i = 0; i < points; ++i) {
    const int l = static_cast<int>(i) + 1;
    if (b && wants("cos_b_j") && !jacobian.empty()) out[{"cos_b_j", l}] = cosine((*b)[i], jacobian[i]);
    if (!estimate) continue;
    if (b && wants("cos_b_jhat")) out[{"cos_b_jhat", l}] = column_cosine((*b)[i], (*estimate)[i]);
    if (b && wants("cos_b_jhat_frobenius")) out[{"cos_b_jhat_frobenius", l}] = cosine((*b)[i], (*estimate)[i]);
    if (wants("cos_jhat_j") && !jacobian.empty()) out[{"cos_jhat_j", l}] = cosine((*estimate)[i], jacobian[i]);
  }
}

void Probe::measure_norms(Rule& rule, Lesson& lesson, const Signals& signals, Measured& out) const {
  const Network& network = lesson.network;
  const auto norm = [](const at::Tensor& t) { return at::linalg_vector_norm(t).item<double>(); };
  for (int l = 1; l <= network.segments(); ++l)
    out[{"norm_weights", l}] = norm(network.values().segment(network.layout(), l));
  for (int l = 1; l <= network.points(); ++l) {
    const auto i = static_cast<std::size_t>(l - 1);
    if (i < signals.size()) out[{"norm_signal", l}] = norm(signals[i]);
    if (rule.feedback()) out[{"norm_feedback", l}] = norm((*rule.feedback())[i]);
    const at::Tensor& h = lesson.tape.outputs[i];
    out[{"activation_mean", l}] = h.mean().item<double>();
    out[{"activation_spread", l}] = h.std(false).item<double>();
    out[{"activation_zeros", l}] = h.eq(0).to(at::kDouble).mean().item<double>();
  }
}

double Probe::multiply_adds(const std::set<std::string>& measures, const Rule& rule, const NetworkCost& cost,
                            double n) {
  const auto wants = [&](const char* key) { return measures.count(key) != 0; };
  double total = cost.forward_total();
  if (wants("cos_b_j") || wants("cos_jhat_j")) {
    const bool any = const_cast<Rule&>(rule).feedback() || rule.jacobian_estimate();
    if (any) total += cost.classes * cost.above_first();
  }
  if (wants("cos_delta") || wants("cos_update") || wants("norms")) total += 2 * cost.forward_total();
  if (wants("cos_update")) total += 2 * cost.forward_total();
  else if (wants("cos_delta")) total += cost.above_first();
  return n * total;
}

}  // namespace grapevine
