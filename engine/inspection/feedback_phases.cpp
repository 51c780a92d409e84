// What is between forward and gradient: tangents, estimates, the steps of B, signals, second passes.
#include <algorithm>

#include "engine/inspection/host_numbers.h"
#include "engine/inspection/step_rehearsal.h"

namespace grapevine {
namespace {

std::vector<Term> products(const at::Tensor& a, const at::Tensor& b) {
  std::vector<Term> terms;
  for (std::int64_t i = 0; i < a.size(0); ++i) terms.push_back({a[i].item<double>(), b[i].item<double>()});
  return terms;
}

std::string in_brackets(std::int64_t row, std::int64_t column) {
  return "[" + std::to_string(row) + ", " + std::to_string(column) + "]";
}

}  // namespace

bool StepWriter::is_dense(int l) const {
  const auto i = static_cast<std::size_t>(l - 1);
  const at::Tensor& values = (*record_.rule.feedback())[i];
  return values.size(0) == network_.classes() && values.size(1) == network_.features(l);
}

at::Tensor StepWriter::feedback(const NamedTensors& of, int l) const {
  for (const auto& [key, values] : of)
    if (key == "feedback/" + std::to_string(l))
      return on_host(record_.rule.structure(static_cast<std::size_t>(l - 1)).expand(values));
  return {};
}

/// Of the first direction.
at::Tensor StepWriter::perturbation(int l, at::Tensor* z_dot) const {
  for (const KeptTrace& trace : record_.traces) {
    if (trace.point != l) continue;
    if (z_dot) *z_dot = on_host(trace.z_dot);
    return on_host(trace.perturbation);
  }
  return {};
}

void StepWriter::tangent(RehearsedPhase& out) {
  const EstimateSettings* settings = record_.rule.estimate_settings();
  const bool shared = !settings || settings->shared_trace;
  if (settings && settings->directions > 1)
    out.words += " Shown is the first of " + std::to_string(settings->directions) + " directions.";
  if (!shared) out.words += " Each layer's nudge is carried up by itself.";
  // t_l of a shared trace, as the estimator has them; the last is ż.
  at::Tensor carried;
  const int first = shared ? 1 : request_.point;
  for (int l = first; l <= network_.segments(); ++l) {
    const bool last = l == network_.segments();
    const at::Tensor p = last || (!shared && l > first) ? at::Tensor() : perturbation(l);
    const auto& segment = l > first ? plain(l) : std::nullopt;
    const at::Tensor below = carried;
    if (l > first && !segment) return;  // through other layers nothing can be written out
    if (l > first) carried = below.mm(segment->weight.t()) * segment->slope;
    if (p.defined()) carried = carried.defined() ? carried + p : p;
    const bool shown = whole_ || l == request_.point || last;
    if (!shown) continue;
    const std::vector<std::int64_t> places = last ? classes() : units(l);
    for (const std::int64_t n : samples())
      for (const std::int64_t k : places) {
        if (p.defined()) note(out, entry("p", l, named(n), k), "", number(p, n, k));
        if (l == first) continue;
        const std::vector<Term> terms = products(segment->weight[k], below[n]);
        std::string text = written_sum(terms);
        if (!segment->activation.empty()) text = as_factor(number(segment->slope, n, k)) + "·(" + text + ")";
        if (p.defined()) text += " + " + as_factor(number(p, n, k));
        const std::string name =
            last ? "ż[" + (named(n) ? "n=" + std::to_string(n) + ", " : "") + std::to_string(k) + "]"
                 : entry("t", l, named(n), k);
        note(out, name, text, number(carried, n, k));
      }
  }
}

void StepWriter::estimate(RehearsedPhase& out) {
  const EstimateSettings* settings = record_.rule.estimate_settings();
  const double directions = settings ? static_cast<double>(settings->directions) : 1;
  for (const int l : points()) {
    at::Tensor z_dot;
    const at::Tensor p = perturbation(l, &z_dot);
    const at::Tensor estimate =
        on_host(record_.rule.structure(static_cast<std::size_t>(l - 1))
                    .expand(state(record_.after, "jacobian_estimate/" + std::to_string(l))
                                .to((*record_.rule.feedback())[0].options())));
    for (const std::int64_t k : units(l))
      for (const std::int64_t c : classes()) {
        const std::string name = with_index("Ĵ", l) + in_brackets(c, k);
        if (!p.defined() || directions > 1 || !is_dense(l)) {
          note(out, name, "", number(estimate, c, k));
          continue;
        }
        const std::string sum = written_sum(products(z_dot.select(1, c), p.select(1, k)));
        note(out, name, count_ == 1 ? sum : "(" + sum + ") / " + std::to_string(count_),
             number(estimate, c, k));
      }
  }
}

void StepWriter::cosine_column(RehearsedPhase& out, const StepPhase& phase, int l, std::int64_t k,
                               const std::vector<std::int64_t>& classes) {
  const std::string point = std::to_string(l), place = "[·, " + std::to_string(k) + "]";
  const at::Tensor before = feedback(record_.before, l), after = feedback(record_.after, l);
  const at::Tensor b = before.select(1, k);
  const std::string sign = with_index("B", l);
  const bool as_written =
      is_dense(l) && constant_of(phase, "steps") <= 1 && constant_of(phase, "average") == 0;
  if (!as_written) {
    for (const std::int64_t c : classes)
      note(out, sign + in_brackets(c, k), "from " + written(number(before, c, k)), number(after, c, k));
    return;
  }
  const at::Tensor j = state(record_.after, "jacobian_estimate/" + point).select(1, k);
  const double nb = b.norm().item<double>(), nj = j.norm().item<double>(), dot = b.dot(j).item<double>();
  note(out, "‖b‖ of " + sign + place, "√(" + written_sum(products(b, b)) + ")", nb);
  note(out, "‖ĵ‖ of " + with_index("Ĵ", l) + place, "√(" + written_sum(products(j, j)) + ")", nj);
  if (nj == 0 || nb == 0) {
    for (const std::int64_t c : classes)
      note(out, sign + in_brackets(c, k), "no estimate: b stays", number(after, c, k));
    return;
  }
  note(out, "bᵀĵ", written_sum(products(b, j)), dot);
  note(out, "cos(b, ĵ)", written(dot) + " / (" + written(nb) + "·" + written(nj) + ")", dot / (nb * nj));
  const double rate = constant_of(phase, "η"), momentum = constant_of(phase, "μ");
  const double divisor = constant_of(phase, "mean") > 0 ? static_cast<double>(network_.features(l)) : 1;
  const at::Tensor v_before = state(record_.before, "feedback_momentum/" + point);
  const at::Tensor v_after = state(record_.after, "feedback_momentum/" + point);
  const at::Tensor turned = b - rate * v_after.select(1, k);
  for (const std::int64_t c : classes) {
    const double bc = b[c].item<double>(), jc = j[c].item<double>();
    const double g = -(jc / (nb * nj) - dot * bc / (nb * nb * nb * nj)) / divisor;
    note(out, "g[" + std::to_string(c) + "]",
         "−(" + as_factor(jc) + " / (" + written(nb) + "·" + written(nj) + ") − " + as_factor(dot) + "·" +
             as_factor(bc) + " / (" + written(nb) + "³·" + written(nj) + "))" +
             (divisor > 1 ? " / " + written(divisor) : ""),
         g);
    note(out, "V" + in_brackets(c, k),
         written(momentum) + "·" + as_factor(number(v_before, c, k)) + " + " + as_factor(g),
         number(v_after, c, k));
    note(out, "b[" + std::to_string(c) + "] turned",
         written(bc) + " − " + written(rate) + "·" + as_factor(number(v_after, c, k)),
         turned[c].item<double>());
  }
  const double length = turned.norm().item<double>();
  const bool unit = constant_of(phase, "unit columns") > 0;
  if (unit) note(out, "‖b turned‖", "√(" + written_sum(products(turned, turned)) + ")", length);
  for (const std::int64_t c : classes)
    note(out, sign + in_brackets(c, k),
         unit ? written(turned[c].item<double>()) + " / " + written(length) : "scaled by the rule's norm",
         number(after, c, k));
}

void StepWriter::cosine_step(RehearsedPhase& out, const StepPhase& phase) {
  for (const int l : points())
    for (const std::int64_t k : units(l)) cosine_column(out, phase, l, k, classes());
}

void StepWriter::residual_column(RehearsedPhase& out, const StepPhase& phase, int l, std::int64_t k,
                                 const std::vector<std::int64_t>& classes) {
  const EstimateSettings* settings = record_.rule.estimate_settings();
  const at::Tensor before = feedback(record_.before, l), after = feedback(record_.after, l);
  at::Tensor z_dot;
  const at::Tensor p = perturbation(l, &z_dot);
  const bool as_written =
      is_dense(l) && p.defined() && settings->directions == 1 && constant_of(phase, "track") == 0;
  at::Tensor r = z_dot;
  const double sharers = settings->shared_trace ? network_.points() : 1;
  if (as_written) {
    r = z_dot.clone();
    for (int m = 1; m <= network_.points(); ++m)
      if (settings->shared_trace || m == l) r -= perturbation(m).mm(feedback(record_.before, m).t());
  }
  const double n = static_cast<double>(network_.features(l)), samples = static_cast<double>(count_);
  const double rate = constant_of(phase, "η") / sharers * 2 * samples / (samples + n + 1);
  for (const std::int64_t c : classes) {
    const std::string name = with_index("B", l) + in_brackets(c, k);
    if (!as_written) {
      note(out, name, "from " + written(number(before, c, k)), number(after, c, k));
      continue;
    }
    const double mean = r.select(1, c).dot(p.select(1, k)).item<double>() / samples;
    const std::string sum = written_sum(products(r.select(1, c), p.select(1, k)));
    note(out, "(1/N) Σ r pᵀ" + in_brackets(c, k),
         count_ == 1 ? sum : "(" + sum + ") / " + std::to_string(count_), mean);
    note(out, name,
         written(number(before, c, k)) + " + " + written(constant_of(phase, "η")) + "/" + written(sharers) +
             "·2·" + std::to_string(count_) + "/(" + std::to_string(count_) + " + " + written(n) + " + 1)·" +
             as_factor(mean),
         number(before, c, k) + rate * mean);
    out.numbers.back().value = number(after, c, k);
  }
}

void StepWriter::residual_step(RehearsedPhase& out, const StepPhase& phase) {
  const EstimateSettings* settings = record_.rule.estimate_settings();
  at::Tensor z_dot;
  perturbation(request_.point, &z_dot);
  // r of the samples shown, once: all layers of a shared trace have the same.
  if (settings->shared_trace && settings->directions == 1 && z_dot.defined() && is_dense(request_.point))
    for (const std::int64_t n : samples())
      for (const std::int64_t c : classes()) {
        std::vector<Term> terms;
        double predicted = 0;
        for (int m = 1; m <= network_.points(); ++m) {
          const std::vector<Term> own = products(feedback(record_.before, m)[c], perturbation(m)[n]);
          terms.insert(terms.end(), own.begin(), own.end());
          predicted += sum_of(own);
        }
        note(out, "r[" + (named(n) ? "n=" + std::to_string(n) + ", " : "") + std::to_string(c) + "]",
             written(number(z_dot, n, c)) + " − (" + written_sum(terms) + ")",
             number(z_dot, n, c) - predicted);
      }
  for (const int l : points())
    for (const std::int64_t k : units(l)) residual_column(out, phase, l, k, classes());
}

/// From the layer above: through its weights, or through what is in their place.
void StepWriter::sequential_signal(RehearsedPhase& out, const std::vector<at::Tensor>* transport) {
  std::vector<int> downwards = points();
  std::reverse(downwards.begin(), downwards.end());
  for (const int l : downwards) {
    const at::Tensor delta = signal(l), above = signal(l + 1);
    const auto& segment = plain(l + 1);
    for (const std::int64_t n : samples())
      for (const std::int64_t k : units(l)) {
        const std::string name = entry("δ", l, named(n), k);
        if (!segment) {
          note(out, name,
               "by the layers above: " + describe(network_.spec().segments[static_cast<std::size_t>(l)]),
               number(delta, n, k));
          continue;
        }
        at::Tensor weight = segment->weight;
        if (transport) {
          const at::Tensor& own = (*transport)[static_cast<std::size_t>(segment->weight_slot)];
          if (own.defined()) weight = on_host(own);
        }
        note(out, name, written_sum(products(weight.select(1, k), above[n] * segment->slope[n])),
             number(delta, n, k));
      }
  }
}

void StepWriter::direct_signal(RehearsedPhase& out) {
  const at::Tensor carrier = on_host(record_.rule.carrier(record_.lesson));
  for (const int l : points()) {
    const at::Tensor b = feedback(record_.after, l), delta = signal(l);
    for (const std::int64_t n : samples())
      for (const std::int64_t k : units(l))
        note(out, entry("δ", l, named(n), k), written_sum(products(carrier[n], b.select(1, k))),
             number(delta, n, k));
  }
}

void StepWriter::own_signal(RehearsedPhase& out) {
  for (const int l : points()) {
    const at::Tensor delta = signal(l);
    for (const std::int64_t n : samples())
      for (const std::int64_t k : units(l)) note(out, entry("δ", l, named(n), k), "", number(delta, n, k));
  }
}

void StepWriter::second_pass(RehearsedPhase& out) {
  plain(1);
  const at::Tensor f = state(record_.before, "projection"), e = error();
  const at::Tensor x = on_host(record_.lesson.tape.input.flatten(1));
  second_input_ = x - static_cast<double>(count_) * e.mm(f.t());
  network_.forward(
      second_input_.to(record_.lesson.tape.input.options()).view(record_.lesson.tape.input.sizes()), second_,
      record_.lesson.pass);
  for (const std::int64_t n : samples()) {
    const std::vector<std::int64_t> places =
        whole_ ? inputs(1) : std::vector<std::int64_t>{x[n].abs().argmax().item<std::int64_t>()};
    for (const std::int64_t i : places)
      note(out, "x′[" + (named(n) ? "n=" + std::to_string(n) + ", " : "") + std::to_string(i) + "]",
           written(number(x, n, i)) + " − " + std::to_string(count_) + "·(" +
               written_sum(products(f[i], e[n])) + ")",
           number(second_input_, n, i));
    for (const int l : points()) {
      const auto& segment = plain(l);
      const at::Tensor below =
          l == 1 ? second_input_ : on_host(second_.outputs[static_cast<std::size_t>(l - 2)]);
      const at::Tensor h = on_host(second_.outputs[static_cast<std::size_t>(l - 1)]);
      for (const std::int64_t k : units(l)) {
        const double bias = segment ? segment->bias[k].item<double>() : 0;
        const std::string sum = segment ? written_sum(products(segment->weight[k], below[n]), bias) : "";
        note(out, entry("h′", l, named(n), k),
             !segment || segment->activation.empty() ? sum : segment->activation + "(" + sum + ")",
             number(h, n, k));
      }
    }
  }
}

void StepWriter::contrast(RehearsedPhase& out) {
  for (const int l : segments()) {
    const auto& segment = plain(l);
    if (!segment) continue;
    const bool last = l == network_.segments();
    const auto i = static_cast<std::size_t>(l - 1);
    const at::Tensor below = l == 1 ? second_input_ : on_host(second_.outputs[i - 1]);
    const at::Tensor change =
        last ? error() : (output(l) - on_host(second_.outputs[i])) / static_cast<double>(count_);
    const at::Tensor gradient = on_host(record_.lesson.gradients[segment->weight_slot]);
    const std::vector<std::int64_t> own = inputs(l);
    for (const std::int64_t k : units(l))
      for (const std::int64_t at : own)
        note(out, with_index("∂W", l) + in_brackets(k, at),
             written_sum(products(change.select(1, k), below.select(1, at))), number(gradient, k, at));
  }
}

}  // namespace grapevine
