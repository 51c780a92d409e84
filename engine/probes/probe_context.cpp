#include "engine/probes/probe_context.h"

#include <algorithm>
#include <stdexcept>

namespace grapevine {
namespace {

template <class Thing>
const Thing& prepared(const Thing* thing, const char* what) {
  if (!thing)
    throw std::logic_error(std::string("a measure takes ") + what + ", which its entry doesn't need");
  return *thing;
}

}  // namespace

at::Tensor ProbeContext::feedback(int point) const {
  const std::vector<at::Tensor>& b = prepared(rule.feedback(), "feedback matrices");
  return rule.structure(point_index(point)).expand(b[point_index(point)]);
}

at::Tensor ProbeContext::estimate(int point) const {
  const std::vector<at::Tensor>& estimates = prepared(rule.jacobian_estimate(), "a step's estimate");
  return rule.structure(point_index(point)).expand(estimates[point_index(point)]);
}

at::Tensor ProbeContext::average(int point) const {
  const std::vector<at::Tensor>& means = prepared(rule.average_estimate(), "a mean of estimates");
  return rule.structure(point_index(point)).expand(means[point_index(point)]);
}

const JacobianView& ProbeContext::jacobian() const {
  return prepared(jacobian_.get(), "the mean Jacobian");
}

const Signals& ProbeContext::own_signals() const {
  return prepared(signals_.get(), "the rule's signals");
}

const Signals& ProbeContext::bp_signals() const {
  return prepared(bp_signals_.get(), "BP's signals");
}

at::Tensor ProbeContext::signal_cosines(int point) const {
  return sample_cosines(own_signal(point), bp_signal(point));
}

const ParameterBuffer& ProbeContext::bp_gradients() const {
  return prepared(bp_gradients_, "BP's gradients");
}

std::pair<at::Tensor, at::Tensor> ProbeContext::gradients_to(int last) const {
  std::int64_t count = 0;
  for (const ParameterInfo& info : network.layout().infos())
    if (info.segment <= last) count = std::max(count, info.offset + info.count);
  return {lesson.gradients.flat().narrow(0, 0, count), bp_gradients().flat().narrow(0, 0, count)};
}

ProbePast& ProbeContext::past() const {
  if (!past_) throw std::logic_error("a measure takes the run's past, which its entry doesn't need");
  return *past_;
}

void ProbeContext::note(const std::string& key, int point, const Estimate& found) {
  note(key, point, found.value);
  if (!jacobian().exact()) note(key + "_error", point, found.error);
}

void ProbeContext::see_jacobian(std::int64_t projections) {
  jacobian_ = std::make_unique<JacobianView>(lesson, projections);
}

bool ProbeContext::rehearse() {
  signals_ = std::make_unique<Signals>();
  if (rule.rehearse(lesson, *signals_)) return true;
  signals_->clear();
  return false;
}

void ProbeContext::see_bp(const ParameterBuffer& gradients, bool with_gradients) {
  // Both live on the same tape's buffers: keep the rule's while BP runs.
  if (signals_)
    for (at::Tensor& signal : *signals_) signal = signal.clone();
  bp_signals_ = std::make_unique<Signals>();
  Lesson by_bp{network, lesson.tape, lesson.pass, lesson.y, lesson.e, gradients, lesson.clock};
  backpropagate(by_bp, *bp_signals_, with_gradients);
  if (with_gradients) bp_gradients_ = &gradients;
}

}  // namespace grapevine
