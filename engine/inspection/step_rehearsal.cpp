#include "engine/inspection/step_rehearsal.h"

#include <algorithm>
#include <numeric>

#include "engine/inspection/host_numbers.h"

namespace grapevine {
namespace {

// Every number of a network that is no larger fits on a page.
constexpr std::int64_t whole_parameters = 64, whole_samples = 4, whole_classes = 4;

std::vector<std::int64_t> all_of(std::int64_t count) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), std::int64_t{0});
  return all;
}

struct Usual {
  PhaseKind kind;
  StagePart part;
  const char *title, *formula, *words;
};

const Usual& usual_of(PhaseKind kind) {
  static const Usual all[] = {
      {PhaseKind::forward, StagePart::forward, "Forward", "a_l = W_l h_{l−1} + b_l,  h_l = f(a_l)",
       "The sample goes up segment by segment; at the top is the error."},
      {PhaseKind::tangent, StagePart::tangent, "Tangents",
       "t_1 = p_1,  t_l = J_l t_{l−1} + p_l,  ż = J_S t_{S−1}",
       "A random nudge at each layer, carried up with the sample, shows how the logits would answer."},
      {PhaseKind::estimate, StagePart::tangent, "Estimate", "Ĵ_l = (1/N) Σ_n ż_n p_nᵀ",
       "Answers times nudges, averaged over the batch: an estimate of how each feature moves each class."},
      {PhaseKind::cosine_step, StagePart::feedback, "Turn",
       "g = −∇cos(b, ĵ),  V ← μV + g,  b ← b − ηV,  then its norm, for each column b of B_l",
       "Each column of B is turned a little towards the estimate's column; its length stays."},
      {PhaseKind::residual_step, StagePart::feedback, "Correct B",
       "r = ż − Σ_m B_m p_m,  B_l ← B_l + η/P · 2N/(N+n_l+1) · (1/N) Σ_n r_n p_nᵀ",
       "B predicts the logits' answer to the nudges; what it got wrong corrects it."},
      {PhaseKind::exact_signal, StagePart::feedback, "Signal", "δ_l = W_{l+1}ᵀ (f′(a_{l+1}) ⊙ δ_{l+1})",
       "The error comes down through the weights themselves, layer by layer."},
      {PhaseKind::carried_signal, StagePart::feedback, "Signal", "δ_l = R_{l+1}ᵀ (f′(a_{l+1}) ⊙ δ_{l+1})",
       "The error comes down layer by layer, through random weights R in W's place."},
      {PhaseKind::direct_signal, StagePart::feedback, "Signal", "δ_l = e B_l",
       "The error jumps straight to the layer through its feedback matrix."},
      {PhaseKind::own_signal, StagePart::feedback, "Signal", "δ_l",
       "What the rule hands this layer in the gradient's place."},
      {PhaseKind::second_pass, StagePart::forward, "Second pass",
       "x′ = x − N·F e,  h′_l = f(W_l h′_{l−1} + b_l)",
       "The error is added to the input, and the sample goes up once more."},
      {PhaseKind::contrast, StagePart::layer, "Gradient", "∂W_l = (1/N) Σ_n (h_l − h′_l) h′_{l−1}ᵀ",
       "What changed between the two passes, times the second pass's input, teaches each layer."},
      {PhaseKind::gradient, StagePart::layer, "Gradient", "∂W_l = Σ_n (f′(a_l) ⊙ δ_l) h_{l−1}ᵀ",
       "Each layer makes its own gradient of its signal and its input."},
      {PhaseKind::update, StagePart::layer, "Update", "W_l ← W_l − η ∂W_l",
       "The optimizer moves the weights."}};
  return *std::find_if(std::begin(all), std::end(all), [&](const Usual& one) { return one.kind == kind; });
}

std::string with_all_replaced(const std::string& text, const std::string& from, const std::string& to) {
  std::string result;
  std::size_t begin = 0;
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, begin)) {
    result.append(text, begin, at - begin).append(to);
    begin = at + from.size();
  }
  return result.append(text, begin, std::string::npos);
}

/// "h_l" of layer 2 → "h₂", "a_{l+1}" → "a₃"; h₀ is x.
std::string at_layer(std::string formula, int layer) {
  formula = with_all_replaced(formula, "_{l−1}", with_index("", layer - 1));
  formula = with_all_replaced(formula, "_{l+1}", with_index("", layer + 1));
  formula = with_all_replaced(formula, "_l", with_index("", layer));
  return with_all_replaced(formula, "h₀", "x");
}

}  // namespace

double constant_of(const StepPhase& phase, const std::string& sign) {
  for (const auto& [name, value] : phase.constants)
    if (name == sign) return value;
  return 0;
}

StepWriter::StepWriter(StepRecord& record, const RehearsalRequest& request)
    : record_(record), network_(record.lesson.network), request_(request), count_(record.lesson.e.size(0)) {
  request_.point = std::clamp(request.point, 1, network_.points());
  request_.sample = std::clamp<std::int64_t>(request.sample, 0, count_ - 1);
  request_.unit = std::clamp<std::int64_t>(request.unit, 0, network_.features(request_.point) - 1);
  small_ = network_.values().flat().numel() <= whole_parameters && count_ <= whole_samples &&
           network_.classes() <= whole_classes;
  for (int l = 1; small_ && l <= network_.segments(); ++l) small_ = plain(l).has_value();
  whole_ = request_.whole = request.whole && small_;
}

Rehearsal StepWriter::write() {
  Rehearsal shown;
  shown.request = request_;
  shown.step = record_.step;
  shown.points = network_.points();
  shown.samples = count_;
  shown.units = network_.features(request_.point);
  shown.can_be_whole = small_;
  for (const StepPhase& phase : record_.rule.phases()) {
    if (phase.kind == PhaseKind::own_signal && record_.signals.empty()) continue;
    RehearsedPhase out = begin(phase);
    switch (phase.kind) {
      case PhaseKind::forward:
        forward(out);
        break;
      case PhaseKind::tangent:
        tangent(out);
        break;
      case PhaseKind::estimate:
        estimate(out);
        break;
      case PhaseKind::cosine_step:
        cosine_step(out, phase);
        break;
      case PhaseKind::residual_step:
        residual_step(out, phase);
        break;
      case PhaseKind::exact_signal:
        sequential_signal(out, nullptr);
        break;
      case PhaseKind::carried_signal:
        sequential_signal(out, record_.rule.transport());
        break;
      case PhaseKind::direct_signal:
        direct_signal(out);
        break;
      case PhaseKind::own_signal:
        own_signal(out);
        break;
      case PhaseKind::second_pass:
        second_pass(out);
        break;
      case PhaseKind::contrast:
        contrast(out);
        break;
      case PhaseKind::gradient:
        gradient(out);
        break;
      case PhaseKind::update:
        update(out);
        break;
    }
    shown.phases.push_back(std::move(out));
  }
  return shown;
}

RehearsedPhase StepWriter::begin(const StepPhase& phase) const {
  const Usual& usual = usual_of(phase.kind);
  RehearsedPhase out;
  out.part = usual.part;
  out.title = usual.title;
  const std::string formula = phase.formula.empty() ? usual.formula : phase.formula;
  out.formula = whole_ ? formula : at_layer(formula, request_.point);
  out.words = phase.words.empty() ? usual.words : phase.words;
  const int l = request_.point;
  const std::string n = std::to_string(network_.features(l)), c = std::to_string(network_.classes());
  if (whole_)
    out.shapes = "every layer";
  else if (out.part == StagePart::feedback || out.part == StagePart::tangent)
    out.shapes = with_index("B", l) + " and " + with_index("Ĵ", l) + " " + c + "×" + n + ", " +
                 with_index("δ", l) + " and " + with_index("p", l) + " " + n + ", e and ż " + c +
                 ", N = " + std::to_string(count_);
  else
    out.shapes = with_index("h", l) + " " + n + ": " +
                 describe(network_.spec().segments[static_cast<std::size_t>(l - 1)]) +
                 ", N = " + std::to_string(count_);
  return out;
}

void StepWriter::note(RehearsedPhase& out, const std::string& name, const std::string& arithmetic,
                      double value) const {
  out.numbers.push_back({name, arithmetic, value});
}

std::vector<int> StepWriter::points() const {
  if (!whole_) return {request_.point};
  std::vector<int> all(static_cast<std::size_t>(network_.points()));
  std::iota(all.begin(), all.end(), 1);
  return all;
}

std::vector<int> StepWriter::segments() const {
  std::vector<int> all = points();
  if (whole_) all.push_back(network_.segments());
  return all;
}

std::vector<std::int64_t> StepWriter::samples() const {
  return whole_ ? all_of(count_) : std::vector<std::int64_t>{request_.sample};
}

std::vector<std::int64_t> StepWriter::units(int l) const {
  if (!whole_) return {request_.unit};
  return all_of(l == network_.segments() ? network_.classes() : network_.features(l));
}

/// In words of one number: the label's, whose error is the largest part mostly.
std::vector<std::int64_t> StepWriter::classes() const {
  if (whole_) return all_of(network_.classes());
  if (network_.classes() <= whole_classes || record_.lesson.y.numel() != count_)
    return all_of(std::min<std::int64_t>(network_.classes(), whole_classes));
  return {record_.lesson.y[request_.sample].item<std::int64_t>()};
}

/// Of one unit: its largest input alone.
std::vector<std::int64_t> StepWriter::inputs(int l) const {
  const auto found = plain_.find(l);
  if (found == plain_.end() || !found->second) return {};
  const at::Tensor& x = found->second->input;
  if (whole_) return all_of(x.size(1));
  return {x[request_.sample].abs().argmax().item<std::int64_t>()};
}

const std::optional<PlainSegment>& StepWriter::plain(int l) {
  const auto found = plain_.find(l);
  if (found != plain_.end()) return found->second;
  return plain_.emplace(l, read_plain_segment(network_, l, record_.lesson.tape)).first->second;
}

const NumberTrail& StepWriter::trail(int l) {
  const auto found = trails_.find(l);
  if (found != trails_.end()) return found->second;
  return trails_.emplace(l, trail_of(network_, l, record_.lesson.tape, request_.sample, request_.unit))
      .first->second;
}

std::string StepWriter::trail_weight(int l) {
  const NumberTrail& way = trail(l);
  std::string places;
  std::int64_t rest = way.weight_index;
  const at::Tensor& weight = network_.values()[way.weight_slot];
  for (std::int64_t axis = weight.dim() - 1; axis >= 0; --axis) {
    places = std::to_string(rest % weight.size(axis)) + (places.empty() ? "" : ", ") + places;
    rest /= weight.size(axis);
  }
  return with_index("W", l) + "[" + places + "]";
}

at::Tensor StepWriter::output(int l) const {
  const at::Tensor& h = record_.lesson.tape.outputs[static_cast<std::size_t>(l - 1)];
  return on_host(l == network_.segments() ? h : network_.rows(l, h));
}

at::Tensor StepWriter::error() const {
  return on_host(record_.lesson.e);
}

at::Tensor StepWriter::signal(int l) const {
  if (l == network_.segments()) return error();
  if (record_.signals.empty()) return {};
  return on_host(network_.rows(l, record_.signals[static_cast<std::size_t>(l - 1)]));
}

at::Tensor StepWriter::state(const NamedTensors& of, const std::string& name) const {
  for (const auto& [key, tensor] : of)
    if (key == name) return on_host(tensor);
  return {};
}

}  // namespace grapevine
