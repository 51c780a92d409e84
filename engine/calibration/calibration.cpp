#include "engine/calibration/calibration.h"

#include "engine/calibration/refit.h"
#include "engine/feedback/estimate.h"

namespace grapevine {

Calibration::Calibration(const Experiment& experiment, const at::Tensor& values) {
  what_ = experiment.text("calibration.what");
  batch_ = experiment.text("calibration.batch");
  batch_size_ = experiment.integer("calibration.batch_size");
  pool_ = std::max(batch_size_, experiment.integer("calibration.pool"));
  ridge_ = experiment.number("calibration.ridge");
  check_every_ = experiment.integer("calibration.check_every");
  budget_ = experiment.integer("calibration.budget");
  TriggerSettings& trigger = trigger_.settings;
  trigger.cusum = experiment.text("calibration.detector") == "cusum";
  trigger.smoothing = experiment.number("calibration.smoothing");
  trigger.checks = experiment.integer("calibration.checks");
  trigger.slack = experiment.number("calibration.slack");
  trigger.limit = experiment.number("calibration.limit");
  trigger.min_gap = experiment.integer("calibration.min_gap");
  read(experiment);
  OptimizerSettings sgd;
  sgd.name = "sgd";
  sgd.momentum = experiment.number("calibration.momentum");
  optimizer_ = make_optimizer(sgd, values);
}

void Calibration::read(const Experiment& experiment) {
  when_ = experiment.text("calibration.when");
  every_ = experiment.integer("calibration.every");
  lr_ = experiment.number("calibration.lr");
  clip_ = experiment.number("calibration.clip");
  trigger_.settings.low = experiment.number("calibration.low");
  trigger_.settings.high = experiment.number("calibration.high");
}

bool Calibration::set(std::string_view key, const Experiment& experiment) {
  if (!key.starts_with("calibration.")) return false;
  read(experiment);
  return true;
}

std::string Calibration::due(std::int64_t step, std::int64_t steps_per_epoch) const {
  if (step == 0) return "";
  const auto every = [&](const char* unit) {
    return every_ == 1 ? std::string("every ") + unit : "every " + std::to_string(every_) + " " + unit + "s";
  };
  if (when_ == "steps" && step % every_ == 0) return every("step");
  if (when_ == "epochs" && step % (every_ * steps_per_epoch) == 0) return every("epoch");
  return "";
}

std::string Calibration::look(std::int64_t step, const std::vector<double>& alignment) {
  if (budget_ > 0 && count >= budget_) return "";
  return trigger_.check(step, alignment);
}

// Larger = chosen sooner: the entropy of the network's answer, or the size of what the feedback matrices fail
// to predict of one shared trace, ‖ż − Σ p Bᵀ‖.
at::Tensor Calibration::scores(const Batch& pool, Network& network, Rule& rule, RandomKey key) const {
  NetworkTape tape;
  const Pass pass = Pass::probing();
  const at::Tensor& logits = network.forward(pool.x, tape, pass);
  if (batch_ == "uncertain") {
    const at::Tensor log_p = at::log_softmax(logits, 1);
    return (log_p.exp() * log_p).sum(1).neg_();
  }
  const at::Tensor e = at::zeros_like(logits);
  const ParameterBuffer none;
  Lesson lesson{network, tape, pass, pool.y, e, none};
  JacobianEstimator estimator{EstimateSettings{}};
  estimator.attach(network);
  SeededDraws draws(static_cast<std::int64_t>(key.word(0) >> 1), 0);
  at::Tensor score;
  estimator.run(lesson, draws, [&](const Trace& trace) {
    at::Tensor residual = trace.z_dot.clone();
    for (std::size_t i = 0; i < trace.points.size(); ++i) {
      const auto l = static_cast<std::size_t>(trace.points[i] - 1);
      const FeedbackStructure& form = rule.structure(l);
      form.take_off_prediction(residual, form.features_seen(*trace.perturbations[i]), (*rule.feedback())[l]);
    }
    score = at::linalg_vector_norm(residual.view({pool.x.size(0), -1}), 2, at::IntArrayRef{1});
  });
  return score;
}

Batch Calibration::choose(Batches& batches, Network& network, Rule& rule, RandomKey key) const {
  if (batch_ == "class_balanced") return batches.balanced(key, batch_size_, network.classes());
  if (batch_ == "uniform" || network.points() == 0 || !rule.feedback())
    return batches.drawn(key, batch_size_);
  const Batch pool = batches.drawn(key, pool_);
  const std::int64_t count = std::min(batch_size_, pool.x.size(0));
  const at::Tensor rows = std::get<1>(scores(pool, network, rule, key.with(1)).topk(count));
  return pool.rows(rows);
}

double Calibration::apply(Lesson& lesson, Rule& rule, at::Tensor& values) {
  Signals signals;
  backpropagate(lesson, signals, true);
  at::Tensor gradients = lesson.gradients.flat();
  const double norm = at::linalg_vector_norm(gradients).item<double>();
  if (what_ != "weights") {
    const at::Tensor errors = rule.carrier(lesson);
    check_refit(errors.size(0), errors.size(1));
    rule.refit([&](std::vector<at::Tensor>& matrices) {
      for (std::size_t l = 0; l < matrices.size(); ++l)
        refit_feedback(
            matrices[l], rule.structure(l).classes_seen(errors),
            rule.structure(l).features_seen(lesson.network.rows(static_cast<int>(l) + 1, signals[l])),
            ridge_);
    });
  }
  if (what_ != "feedback") {
    clip_gradients(gradients, clip_);
    optimizer_->step(values, gradients, lr_);
  }
  ++count;
  return norm;
}

void Calibration::check(std::int64_t training_samples, std::int64_t rows_a_sample,
                        std::int64_t classes) const {
  if (when_ == "never" || what_ == "weights") return;
  check_refit(std::min(batch_size_, training_samples) * rows_a_sample, classes);
}

NamedTensors Calibration::state() {
  NamedTensors all;
  for (auto& [name, tensor] : optimizer_->state()) all.emplace_back("calibration/" + name, tensor);
  return all;
}

}  // namespace grapevine
