#include "engine/training/looking.h"

#include <ATen/core/grad_mode.h>

#include "engine/inspection/layer_inspection.h"
#include "engine/inspection/step_rehearsal.h"

namespace grapevine {
namespace {

NamedTensors copies_of(const NamedTensors& tensors) {
  NamedTensors copies;
  for (const auto& [name, tensor] : tensors) copies.emplace_back(name, tensor.clone());
  return copies;
}

/// Puts everything back that a checkpoint would hold, however what follows ends.
class Kept {
 public:
  Kept(NamedTensors tensors, Optimizer& optimizer)
      : tensors_(std::move(tensors)),
        copies_(copies_of(tensors_)),
        optimizer_(optimizer),
        updates_(optimizer.updates) {}
  ~Kept() { put_back(); }
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;

  void put_back() {
    for (std::size_t i = 0; i < tensors_.size(); ++i) tensors_[i].second.copy_(copies_[i].second);
    optimizer_.updates = updates_;
  }

 private:
  NamedTensors tensors_, copies_;
  Optimizer& optimizer_;
  std::int64_t updates_;
};

}  // namespace

Inspection Looking::inspect(Batches& batches, int point, bool at_rest) {
  Inspection found;
  const int points = racer_.network.points();
  if (has_point(point)) {
    const at::NoGradGuard no_grad;
    Lesson lesson = measuring_.lesson(batches);
    found = inspect_layer(racer_.rule, lesson, point, at_rest);
  } else {
    found.trouble = points == 0 ? "this network has one segment and so no feedback point"
                                : "this network's feedback points are 1 to " + std::to_string(points);
  }
  found.racer = racer_.reports.racer();
  found.point = point;
  return found;
}

Rehearsal Looking::rehearse(const Batch& batch, std::int64_t step, std::int64_t steps_per_epoch,
                            const RehearsalRequest& request, const NamedTensors& state) {
  Network& network = racer_.network;
  Rule& rule = racer_.rule;
  if (network.points() == 0) {
    Rehearsal none;
    none.request = request;
    none.trouble = "this network has one segment and so no layer that a rule could teach";
    return none;
  }
  const at::NoGradGuard no_grad;
  Kept kept(state, update_.optimizer());
  SeededDraws draws(racer_.seed, step);
  // The step's own tapes, buffers and losses stay out of it. Its norms see the batch, and remember nothing.
  NetworkTape tape;
  Judgement judgement;
  const ParameterBuffer gradients(network.layout(), network.options());
  Pass pass = Pass::training(draws.key(Stream::dropout));
  judge(network, network.forward(batch.x, tape, pass), batch.y, judgement, true, &gradients);
  StepRecord record{rule, {network, tape, pass, batch.y, judgement.e, gradients}};
  record.step = step;
  record.loss = judgement.loss.item<double>();
  record.before = copies_of(rule.state());
  rule.keep_traces(true);
  rule.learn(record.lesson, draws);
  if (rule.traces()) record.traces = *rule.traces();
  rule.keep_traces(false);
  for (const at::Tensor& signal : rule.signals_of_step()) record.signals.push_back(signal.clone());
  record.after = copies_of(rule.state());
  at::Tensor flat = gradients.flat(), values = network.values().flat();
  record.rate = update_.rate(step, steps_per_epoch);
  record.rate_scales = update_.rate_scales();
  update_.apply(values, flat, record.rate, rule.weight_decay());
  record.moved = values.clone();
  record.optimizer = update_.words();
  kept.put_back();
  Rehearsal shown = StepWriter(record, request).write();
  shown.request.racer = racer_.reports.racer();
  return shown;
}

}  // namespace grapevine
