// A trainer looked into between two steps: nothing of its run is another one afterwards.
#include <ATen/core/grad_mode.h>

#include "engine/experiment/groups/segment_rate_settings.h"
#include "engine/experiment/registry.h"
#include "engine/inspection/layer_inspection.h"
#include "engine/inspection/step_rehearsal.h"
#include "engine/session/interruption.h"
#include "engine/training/trainer.h"

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

/// "" where a weight moves by −rate times its gradient and nothing else.
std::string optimizer_words(const OptimizerSettings& optimizer, double decay) {
  static const std::map<OptimizerKind, std::string> names{{OptimizerKind::sgd, "SGD"},
                                                          {OptimizerKind::adam, "Adam"},
                                                          {OptimizerKind::adamw, "AdamW"},
                                                          {OptimizerKind::rmsprop, "RMSprop"}};
  if (optimizer.kind == OptimizerKind::sgd && optimizer.momentum == 0 && decay == 0) return "";
  return names.at(optimizer.kind);
}

}  // namespace

Inspection Trainer::inspect(Batches& batches, int point, bool at_rest) {
  Inspection found;
  if (point < 1 || point > network_.points()) {
    found.trouble = network_.points() == 0
                        ? "this network has one segment and so no feedback point"
                        : "this network's feedback points are 1 to " + std::to_string(network_.points());
  } else {
    forget_recording();
    const at::NoGradGuard no_grad;
    prepare_probe_batch(batches);
    make_probe_gradients();
    const Pass pass = Pass::probing();
    judge(network_, network_.forward(probe_batch_.x, tapes_->probe, pass), probe_batch_.y, probe_judgement_,
          true);
    Lesson own{network_, tapes_->probe, pass, probe_batch_.y, probe_judgement_.e, probe_gradients_};
    found = inspect_layer(*rule_, own, point, at_rest);
  }
  found.racer = racer_;
  found.point = point;
  return found;
}

Rehearsal Trainer::rehearse(const Batch& batch, std::int64_t step, std::int64_t steps_per_epoch,
                            const RehearsalRequest& request) {
  if (network_.points() == 0) {
    Rehearsal none;
    none.request = request;
    none.trouble = "this network has one segment and so no layer that a rule could teach";
    return none;
  }
  forget_recording();
  const at::NoGradGuard no_grad;
  Kept kept(tensors(), *optimizer_);
  SeededDraws draws(settings_.seed, step);
  // The step's own tapes, buffers and losses stay out of it. Its norms see the batch, and remember nothing.
  NetworkTape tape;
  Judgement judgement;
  const ParameterBuffer gradients(network_.layout(), network_.options());
  Pass pass = Pass::training(draws.key(Stream::dropout));
  judge(network_, network_.forward(batch.x, tape, pass), batch.y, judgement, true, &gradients);
  StepRecord record{*rule_, {network_, tape, pass, batch.y, judgement.e, gradients}};
  record.step = step;
  record.loss = judgement.loss.item<double>();
  record.before = copies_of(rule_->state());
  rule_->keep_traces(true);
  rule_->learn(record.lesson, draws);
  if (rule_->traces()) record.traces = *rule_->traces();
  rule_->keep_traces(false);
  for (const at::Tensor& signal : rule_->signals_of_step()) record.signals.push_back(signal.clone());
  record.after = copies_of(rule_->state());
  at::Tensor flat = gradients.flat(), values = network_.values().flat();
  clip_gradients(flat, settings_.optimizer.clip);
  record.rate = learning_rate(step, steps_per_epoch);
  record.rate_scales = SegmentRateSettings::of(experiment_).lr_scale;
  optimizer_->weight_decay = settings_.optimizer.weight_decay + rule_->weight_decay();
  optimizer_->step(values, flat, record.rate);
  record.moved = values.clone();
  record.optimizer = optimizer_words(settings_.optimizer, optimizer_->weight_decay);
  kept.put_back();
  Rehearsal shown = StepWriter(record, request).write();
  shown.request.racer = racer_;
  return shown;
}

}  // namespace grapevine
