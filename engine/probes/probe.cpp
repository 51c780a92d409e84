#include "engine/probes/probe.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include "engine/experiment/registry.h"

namespace grapevine {
namespace {

at::Tensor cosines(const at::Tensor& a, const at::Tensor& b, std::int64_t axis) {
  const at::Tensor dot = (a * b).sum(axis);
  const at::Tensor norms = at::linalg_vector_norm(a, 2, at::IntArrayRef{axis})
                               .mul_(at::linalg_vector_norm(b, 2, at::IntArrayRef{axis}));
  return at::where(norms.gt(0), dot / norms, at::zeros_like(dot));
}

// Of ab − √(1−a²)√(1−b²) with a known and b known to within `error`.
double lemma_b2_error(double a, double b, double error) {
  const double slope = a + std::sqrt(std::max(0.0, 1 - a * a) / std::max(1e-12, 1 - b * b)) * b;
  return std::abs(slope) * error;
}

}  // namespace

double cosine(const at::Tensor& a, const at::Tensor& b) {
  return cosines(a.reshape({-1}), b.reshape({-1}), 0).item<double>();
}

double column_cosine(const at::Tensor& a, const at::Tensor& b) {
  return cosines(a, b, 0).mean().item<double>();
}

double eq4_bound(const at::Tensor& jacobian) {
  const at::Tensor singular = at::linalg_svdvals(jacobian);
  const double frobenius = at::linalg_vector_norm(singular).item<double>();
  if (frobenius == 0) return 0;
  const double n = static_cast<double>(jacobian.size(1));
  return std::sqrt(2 / (std::numbers::pi * n)) * singular.max().item<double>() / frobenius;
}

double lemma_b2_bound(double b_jhat, double jhat_j) {
  const auto sine = [](double cosine) { return std::sqrt(std::max(0.0, 1 - cosine * cosine)); };
  return b_jhat * jhat_j - sine(b_jhat) * sine(jhat_j);
}

at::Tensor sample_cosines(const at::Tensor& a, const at::Tensor& b) {
  return cosines(a.flatten(1), b.flatten(1), 1);
}

double sample_cosine(const at::Tensor& a, const at::Tensor& b) {
  return sample_cosines(a, b).mean().item<double>();
}

std::set<std::string> probe_measures(const ProbeSettings& settings, std::int64_t classes) {
  std::set<std::string> keys(settings.measures.begin(), settings.measures.end());
  if (!keys.empty()) return keys;
  for (const auto& measure : measures())
    if (measure.probe && measure.by_default) keys.insert(measure.key);
  // What costs more than cos_b_j is not a default.
  if (classes > exact_classes) keys.erase("eq4_bound");
  return keys;
}

void Probe::measure(Rule& rule, Lesson& lesson, const ParameterBuffer& exact, Measured& out) {
  const int points = lesson.network.points();
  std::unique_ptr<JacobianView> jacobian;
  // Of texts even C sweeps give an estimate (mean_jacobians), and projections alone say how good it is.
  const bool texts = lesson.tape.input.size(0) != lesson.e.size(0);
  const bool projects = texts || (lesson.network.classes() > exact_classes && !sweeps_all(rule));
  if (wants_jacobian(rule)) jacobian = std::make_unique<JacobianView>(lesson, projects ? exact_classes : 0);
  measure_feedback(rule, jacobian.get(), out);

  const bool against_bp = wants("cos_delta") || wants("cos_update") || wants("sample_angles");
  Signals own;
  bool has_signals = false;
  if (against_bp || wants("norms")) has_signals = rule.rehearse(lesson, own);
  if (wants("angle")) measure_angle(rule, lesson.network, out);
  if (wants("norms")) measure_norms(rule, lesson, has_signals ? own : Signals{}, out);
  if (!against_bp) return;

  // Both live on the same tape's buffers: keep the rule's while BP runs.
  if (has_signals)
    for (auto& signal : own) signal = signal.clone();
  Lesson by_bp{lesson.network, lesson.tape, lesson.pass, lesson.y, lesson.e, exact, lesson.clock};
  Signals exact_signals;
  backpropagate(by_bp, exact_signals, wants("cos_update"));
  for (int l = 1; has_signals && l <= points; ++l) {
    const auto i = static_cast<std::size_t>(l - 1);
    const at::Tensor per_sample =
        sample_cosines(lesson.network.rows(l, own[i]), lesson.network.rows(l, exact_signals[i]));
    if (wants("cos_delta")) out[{"cos_delta", l}] = per_sample.mean().item<double>();
    if (wants("sample_angles")) measure_angles(per_sample, l, out);
  }
  if (wants("cos_update"))
    for (int l = 1; l <= lesson.network.segments(); ++l) {
      const ParameterLayout& layout = lesson.network.layout();
      const at::Tensor mine = lesson.gradients.segment(layout, l);
      if (mine.numel() > 0) out[{"cos_update", l}] = cosine(mine, exact.segment(layout, l));
    }
}

bool Probe::wants_jacobian(Rule& rule) const {
  const bool for_b = wants("cos_b_j") || wants("cos_b_j_centred");
  const bool for_estimate = wants("cos_jhat_j") || wants("lemma_b2_bound") || wants("eq4_bound");
  return (for_b && rule.feedback()) || (for_estimate && rule.jacobian_estimate());
}

// The bound needs J̄'s largest singular value, which no few projections give.
bool Probe::sweeps_all(Rule& rule) const {
  return exact_jacobian_ || (wants("eq4_bound") && rule.jacobian_estimate());
}

void Probe::measure_feedback(Rule& rule, const JacobianView* jacobian, Measured& out) const {
  const std::vector<at::Tensor>* b = rule.feedback();
  const std::vector<at::Tensor>* estimate = rule.jacobian_estimate();
  const std::size_t points = b ? b->size() : estimate ? estimate->size() : 0;
  for (std::size_t i = 0; i < points; ++i) {
    const int l = static_cast<int>(i) + 1;
    const at::Tensor matrix = b ? rule.structure(i).expand((*b)[i]) : at::Tensor();
    const auto note = [&](const std::string& key, const Estimate& found) {
      out[{key, l}] = found.value;
      if (!jacobian->exact()) out[{key + "_error", l}] = found.error;
    };
    if (b && jacobian && wants("cos_b_j")) note("cos_b_j", jacobian->cosine_with(matrix, i));
    if (b && jacobian && wants("cos_b_j_centred"))
      note("cos_b_j_centred", jacobian->centred_cosine_with(matrix, i));
    if (jacobian && jacobian->exact() && estimate && wants("eq4_bound"))
      out[{"eq4_bound", l}] = eq4_bound(jacobian->jacobian(i));
    if (!estimate) continue;
    const at::Tensor j_hat = rule.structure(i).expand((*estimate)[i]);
    if (b && wants("cos_b_jhat")) out[{"cos_b_jhat", l}] = column_cosine(matrix, j_hat);
    if (b && wants("cos_b_jhat_frobenius")) out[{"cos_b_jhat_frobenius", l}] = cosine(matrix, j_hat);
    if (!jacobian || !(wants("cos_jhat_j") || wants("lemma_b2_bound"))) continue;
    const Estimate estimate_j = jacobian->cosine_with(j_hat, i);
    if (wants("cos_jhat_j")) note("cos_jhat_j", estimate_j);
    if (!b || !wants("lemma_b2_bound")) continue;
    const double b_estimate = cosine(matrix, j_hat);
    note("lemma_b2_bound", {lemma_b2_bound(b_estimate, estimate_j.value),
                            lemma_b2_error(b_estimate, estimate_j.value, estimate_j.error)});
  }
  if (b && wants("c_hat")) measure_c_hat(rule, *b, out);
}

// How the samples' angles with BP's signal are spread: quantiles in degrees.
void Probe::measure_angles(const at::Tensor& cosines, int point, Measured& out) const {
  const at::Tensor sorted = std::get<0>(
      cosines.to(at::kDouble).to(at::kCPU).clamp(-1, 1).acos().mul_(180 / std::numbers::pi).sort());
  const double last = static_cast<double>(sorted.size(0) - 1);
  for (int percent : {10, 25, 50, 75, 90}) {
    const double place = last * percent / 100;
    const auto below = static_cast<std::int64_t>(place);
    const double share = place - static_cast<double>(below);
    const double low = sorted[below].item<double>();
    const double high = sorted[std::min<std::int64_t>(below + 1, sorted.size(0) - 1)].item<double>();
    out[{"sample_angle_p" + std::to_string(percent), point}] = low + share * (high - low);
  }
}

// Σ⟨Jp, Bp⟩ / √(Σ‖Jp‖² Σ‖Bp‖²) over samples and directions.
void Probe::measure_c_hat(const Rule& rule, const std::vector<at::Tensor>& b, Measured& out) const {
  if (!rule.traces() || rule.traces()->empty()) return;
  for (std::size_t i = 0; i < b.size(); ++i) {
    const FeedbackStructure& form = rule.structure(i);
    double both = 0, through_j = 0, through_b = 0;
    for (const KeptTrace& trace : *rule.traces()) {
      if (trace.point != static_cast<int>(i) + 1) continue;
      const at::Tensor predicted = form.predict(form.features_seen(trace.perturbation), b[i]);
      both += (trace.z_dot * predicted).sum().item<double>();
      through_j += trace.z_dot.square().sum().item<double>();
      through_b += predicted.square().sum().item<double>();
    }
    const double norms = std::sqrt(through_j * through_b);
    out[{"c_hat", static_cast<int>(i) + 1}] = norms > 0 ? both / norms : 0;
  }
}

// All of a segment's transported weights as one vector.
void Probe::measure_angle(Rule& rule, const Network& network, Measured& out) const {
  const std::vector<at::Tensor>* transport = rule.transport();
  if (!transport) return;
  for (int l = 1; l <= network.segments(); ++l) {
    std::vector<int> slots;
    network.segment(l).weight_slots(slots);
    std::vector<at::Tensor> forward, back;
    for (int slot : slots) {
      const at::Tensor& r = (*transport)[static_cast<std::size_t>(slot)];
      if (!r.defined()) continue;
      forward.push_back(network.values()[slot].flatten());
      back.push_back(r.flatten());
    }
    if (back.empty()) continue;
    const at::Tensor w = at::cat(forward), r = at::cat(back);
    const double length = at::linalg_vector_norm(w).item<double>();
    out[{"angle", l}] = std::acos(std::clamp(cosine(w, r), -1.0, 1.0)) * 180 / std::numbers::pi;
    out[{"transport_ratio", l}] = length > 0 ? at::linalg_vector_norm(r).item<double>() / length : 0;
  }
}

void Probe::measure_norms(Rule& rule, Lesson& lesson, const Signals& signals, Measured& out) const {
  const Network& network = lesson.network;
  const auto norm = [](const at::Tensor& t) { return at::linalg_vector_norm(t).item<double>(); };
  for (int l = 1; l <= network.segments(); ++l)
    out[{"norm_weights", l}] = norm(network.values().segment(network.layout(), l));
  for (int l = 1; l <= network.points(); ++l) {
    const auto i = static_cast<std::size_t>(l - 1);
    if (i < signals.size()) out[{"norm_signal", l}] = norm(network.rows(l, signals[i]));
    if (rule.feedback())
      out[{"norm_feedback", l}] = rule.structure(i).norm((*rule.feedback())[i]).item<double>();
    const at::Tensor h = network.rows(l, lesson.tape.outputs[i]);
    out[{"activation_mean", l}] = h.mean().item<double>();
    out[{"activation_spread", l}] = h.std(false).item<double>();
    out[{"activation_zeros", l}] = h.eq(0).to(at::kDouble).mean().item<double>();
  }
}

double Probe::multiply_adds(const std::set<std::string>& measures, Rule& rule, const NetworkCost& cost,
                            double n) {
  const auto wants = [&](const char* key) { return measures.count(key) != 0; };
  double total = cost.forward_total();
  const Probe probe(measures);
  const auto most = static_cast<double>(exact_classes);
  const bool projects = cost.rows > 1 || (cost.classes > most && !probe.sweeps_all(rule));
  if (probe.wants_jacobian(rule)) total += (projects ? most + 1 : cost.classes) * cost.above_first();
  const bool signals = wants("cos_delta") || wants("sample_angles");
  if (signals || wants("cos_update") || wants("norms")) total += 2 * cost.forward_total();
  if (wants("cos_update"))
    total += 2 * cost.forward_total();
  else if (signals)
    total += cost.above_first();
  return n * total;
}

}  // namespace grapevine
