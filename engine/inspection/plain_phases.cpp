// The phases that every step has: forward, gradient, update.

#include "engine/inspection/attention_trail.h"
#include "engine/inspection/host_numbers.h"
#include "engine/inspection/step_rehearsal.h"

namespace grapevine {
namespace {

/// "[3]"; with several samples "[n=1, 3]".
std::string place_of(std::optional<std::int64_t> sample, std::int64_t unit) {
  std::string text = "[";
  if (sample) text.append("n=").append(std::to_string(*sample)).append(", ");
  return text.append(std::to_string(unit)).append("]");
}

}  // namespace

void StepWriter::forward_unit(RehearsedPhase& out, int l, std::int64_t n, std::int64_t k) {
  const at::Tensor h = output(l);
  const bool last = l == network_.segments();
  const std::string sign = last ? "z" : "h";
  const std::string name = last ? sign + place_of(named(n), k) : entry(sign, l, named(n), k);
  const auto& segment = plain(l);
  if (!segment) {
    const NumberTrail& way = trail(l);
    if (way.numbers.empty()) {
      const NumberTrail head = attention_trail(network_, l, record_.lesson.tape, n, k);
      out.numbers.insert(out.numbers.end(), head.numbers.begin(), head.numbers.end());
      if (!head.words.empty()) out.words += " " + head.words;
      return note(out, name, "", number(h, n, k));
    }
    out.numbers.insert(out.numbers.end(), way.numbers.begin(), way.numbers.end());
    out.numbers.back().name = name;
    out.numbers.back().value = number(h, n, k);
    if (!way.words.empty()) out.words += " " + way.words;
    return;
  }
  std::vector<Term> terms;
  for (std::int64_t i = 0; i < segment->input.size(1); ++i)
    terms.push_back({number(segment->weight, k, i), number(segment->input, n, i)});
  const double bias = segment->bias[k].item<double>(), a = sum_of(terms, bias);
  if (segment->activation.empty()) return note(out, name, written_sum(terms, bias), a);
  note(out, entry("a", l, named(n), k), written_sum(terms, bias), a);
  note(out, name, segment->activation + "(" + written(a) + ")", number(h, n, k));
}

void StepWriter::forward(RehearsedPhase& out) {
  for (const std::int64_t n : samples()) {
    for (const int l : segments())
      for (const std::int64_t k : units(l)) forward_unit(out, l, n, k);
    if (record_.lesson.y.numel() != count_ || network_.decoder()) continue;
    const at::Tensor z = output(network_.segments())[n], e = error();
    const at::Tensor share = z.softmax(0);
    const std::int64_t label = record_.lesson.y[n].item<std::int64_t>();
    for (const std::int64_t c : classes()) {
      const std::string place = place_of(named(n), c);
      std::string below;
      for (std::int64_t i = 0; i < z.size(0); ++i)
        if (i < static_cast<std::int64_t>(terms_written))
          below += (below.empty() ? "" : " + ") + std::string("exp(") + written(z[i].item<double>()) + ")";
      if (z.size(0) > static_cast<std::int64_t>(terms_written)) below += " + …";
      const double s = share[c].item<double>();
      note(out, "softmax(z)" + place,
           std::string("exp(") + written(z[c].item<double>()) + ") / (" + below + ")", s);
      note(out, "e" + place,
           std::string("(") + written(s) + " − " + (c == label ? "1" : "0") + ") / " + std::to_string(count_),
           number(e, n, c));
    }
  }
}

void StepWriter::gradient_unit(RehearsedPhase& out, int l, std::int64_t k,
                               const std::vector<std::int64_t>& inputs) {
  const at::Tensor delta = signal(l);
  const auto& segment = plain(l);
  if (!delta.defined()) return;
  if (!segment) {
    const auto n = request_.sample;
    note(out, entry("δ", l, named(n), k), "the segment's own layers take it from here", number(delta, n, k));
    if (const NumberTrail& way = trail(l); way.weight_slot >= 0)
      note(out, "∂" + trail_weight(l), "by them, summed over the batch and all places that use this weight",
           on_host(record_.lesson.gradients[way.weight_slot]).flatten()[way.weight_index].item<double>());
    return;
  }
  for (const std::int64_t n : samples())
    if (!segment->activation.empty())
      note(out, entry("δa", l, named(n), k),
           as_factor(number(segment->slope, n, k)) + "·" + as_factor(number(delta, n, k)),
           number(segment->slope, n, k) * number(delta, n, k));
  const auto gradient_of = [&](int slot) { return on_host(record_.lesson.gradients[slot]); };
  std::vector<Term> ones;
  for (const std::int64_t i : inputs) {
    std::vector<Term> terms;
    for (std::int64_t n = 0; n < count_; ++n)
      terms.push_back({number(segment->slope, n, k) * number(delta, n, k), number(segment->input, n, i)});
    note(out, with_index("∂W", l) + "[" + std::to_string(k) + ", " + std::to_string(i) + "]",
         written_sum(terms), number(gradient_of(segment->weight_slot), k, i));
  }
  if (segment->bias_slot < 0) return;
  for (std::int64_t n = 0; n < count_; ++n)
    ones.push_back({number(segment->slope, n, k) * number(delta, n, k), 1});
  note(out, with_index("∂b", l) + "[" + std::to_string(k) + "]", written_sum(ones),
       gradient_of(segment->bias_slot)[k].item<double>());
}

void StepWriter::gradient(RehearsedPhase& out) {
  for (const int l : segments()) {
    plain(l);
    const std::vector<std::int64_t> own = inputs(l);
    for (const std::int64_t k : units(l)) gradient_unit(out, l, k, own);
  }
}

void StepWriter::update_unit(RehearsedPhase& out, int l, std::int64_t k,
                             const std::vector<std::int64_t>& inputs) {
  const auto& segment = plain(l);
  const auto moved = [&](int slot, std::int64_t at) {
    return on_host(record_.moved.narrow(0, network_.layout()[slot].offset + at, 1)).item<double>();
  };
  const auto one = [&](const std::string& name, int slot, std::int64_t at, double before) {
    const double g =
        on_host(record_.lesson.gradients.flat().narrow(0, network_.layout()[slot].offset + at, 1))
            .item<double>();
    const std::string how = record_.optimizer.empty()
                                ? written(before) + " − " + written(record_.rate_of(l)) + "·" + as_factor(g)
                                : record_.optimizer + " of " + written(before) + " with gradient " +
                                      as_factor(g) + ", rate " + written(record_.rate_of(l));
    note(out, name, how, moved(slot, at));
  };
  if (!segment) {
    if (const NumberTrail& way = trail(l); way.weight_slot >= 0)
      one(trail_weight(l), way.weight_slot, way.weight_index,
          on_host(network_.values()[way.weight_slot]).flatten()[way.weight_index].item<double>());
    return;
  }
  for (const std::int64_t i : inputs)
    one(with_index("W", l) + "[" + std::to_string(k) + ", " + std::to_string(i) + "]", segment->weight_slot,
        k * segment->weight.size(1) + i, number(segment->weight, k, i));
  if (segment->bias_slot >= 0)
    one(with_index("b", l) + "[" + std::to_string(k) + "]", segment->bias_slot, k,
        segment->bias[k].item<double>());
}

void StepWriter::update(RehearsedPhase& out) {
  for (const int l : segments()) {
    plain(l);
    const std::vector<std::int64_t> own = inputs(l);
    for (const std::int64_t k : units(l)) update_unit(out, l, k, own);
    if (plain(l)) continue;
    // Of other segments the weights' lengths say that something moved.
    for (const ParameterInfo& info : network_.layout().infos()) {
      if (info.segment != l || info.role != ParameterRole::weight) continue;
      const at::Tensor before = network_.values().flat().narrow(0, info.offset, info.count);
      const at::Tensor after = record_.moved.narrow(0, info.offset, info.count);
      note(out, "‖Δ " + info.name + "‖", "of length " + written(before.norm().item<double>()),
           (after - before).norm().item<double>());
    }
  }
}

}  // namespace grapevine
