#include "engine/nn/two_ways.h"

namespace grapevine {

void TwoWays::enlist(Registration& registration, const std::string& path) {
  body_.enlist(registration, path + ".body.");
  shortcut_.enlist(registration, path + ".shortcut.");
}

void TwoWays::bind(const ParameterBuffer& values) {
  body_.bind(values);
  shortcut_.bind(values);
}

at::Tensor TwoWays::induced_tangent(RandomKey key, Tape& tape) const {
  const at::Tensor through_body = body_.induced_tangent(key.with(1), tape.body);
  const at::Tensor through_shortcut = shortcut_.induced_tangent(key.with(2), tape.shortcut);
  if (!through_body.defined()) return through_shortcut;
  return through_shortcut.defined() ? through_body + through_shortcut : through_body;
}

void TwoWays::weight_slots(std::vector<int>& slots) const {
  body_.weight_slots(slots);
  shortcut_.weight_slots(slots);
}

void TwoWays::visit_weights(Tape& tape, const WeightVisitor& sink) const {
  body_.visit_weights(tape.body, sink);
  shortcut_.visit_weights(tape.shortcut, sink);
}

}  // namespace grapevine
