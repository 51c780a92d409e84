#include "engine/rules/rule.h"

#include <rule_headers.h>

#include <stdexcept>

#include "engine/error.h"
#include "engine/experiment/experiment.h"
#include "engine/rules/layer_parallel.h"

namespace grapevine {
namespace {

using Made = std::unique_ptr<Rule>;

// A rule's header says whether it is made from settings, and from which.
Made made(Made (*maker)(), const Experiment&) {
  return maker();
}
template <class Settings>
Made made(Made (*maker)(const Settings&), const Experiment& experiment) {
  return maker(Settings::of(experiment));
}

}  // namespace

std::unique_ptr<Rule> make_rule(const Experiment& experiment) {
  const std::string& name = experiment.rule();
#define GRAPEVINE_RULE(key) \
  if (name == #key) return made(make_##key, experiment);
#include "engine/rules/rules.def"
#undef GRAPEVINE_RULE
  throw InputError("rule.name: there is no learning rule '" + name + "'");
}

bool Rule::set(std::string_view key, const Value& value) {
  Binder binder(rule_group);
  bind(binder);
  return binder.change(key, value);
}

const FeedbackStructure& Rule::structure(std::size_t /*point_index*/) const {
  static const FeedbackStructure dense;
  return dense;
}

Rule::CriticalPath Rule::critical_path(const NetworkCost& cost) const {
  return {cost.forward_total(), cost.above_first() + cost.forward.front()};
}

void Rule::lesion(const Lesion&, const LesionSite&) {
  throw std::logic_error("a lesion of a rule that has no feedback of its own");
}

void Rule::freeze(int layer, bool frozen) {
  if (frozen)
    frozen_.insert(layer);
  else
    frozen_.erase(layer);
}

std::vector<StepPhase> Rule::phases() const {
  return {{PhaseKind::forward, "", "", {}},
          {PhaseKind::own_signal, "", "", {}},
          {PhaseKind::gradient, "", "", {}},
          {PhaseKind::update, "", "", {}}};
}

void local_adjoints(Lesson& lesson, const Signals& signals) {
  AdjointRequest request;
  request.gradients = &lesson.gradients;
  request.input_gradient = false;
  const int last = lesson.network.segments();
  for_each_segment(lesson.network, lesson.e.size(0), [&](int l) {
    const at::Tensor& delta = l == last ? lesson.e : signals[static_cast<std::size_t>(l - 1)];
    lesson.network.adjoint(l, delta, lesson.tape, request);
  });
  lap(lesson.clock, Part::adjoint);
}

void backpropagate(Lesson& lesson, Signals& signals, bool fill_gradients,
                   const std::vector<at::Tensor>* transport) {
  AdjointRequest request;
  request.gradients = fill_gradients ? &lesson.gradients : nullptr;
  request.transport = transport;
  signals.resize(static_cast<std::size_t>(lesson.network.points()));
  at::Tensor delta = lesson.e;
  for (int l = lesson.network.segments(); l >= 1; --l) {
    request.input_gradient = l > 1;
    if (l == 1 && !fill_gradients) break;
    delta = lesson.network.adjoint(l, delta, lesson.tape, request);
    if (l > 1) signals[static_cast<std::size_t>(l - 2)] = delta;
  }
  lap(lesson.clock, Part::adjoint);
}

}  // namespace grapevine
