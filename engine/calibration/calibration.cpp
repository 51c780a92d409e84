#include "engine/calibration/calibration.h"

#include "engine/calibration/refit.h"
#include "engine/feedback/estimate.h"

namespace grapevine {
namespace {

using When = CalibrationSettings::When;
using What = CalibrationSettings::What;
using Pick = CalibrationSettings::Batch;

}  // namespace

Calibration::Calibration(const CalibrationSettings& settings, const at::Tensor& values) {
  change(settings);
  OptimizerSettings sgd;
  sgd.kind = OptimizerKind::sgd;
  sgd.momentum = settings.momentum;
  optimizer_ = make_optimizer(sgd, values);
}

void Calibration::change(const CalibrationSettings& settings) {
  settings_ = settings;
  trigger_.settings = settings.trigger;
}

std::string Calibration::due(std::int64_t step, std::int64_t steps_per_epoch) const {
  if (step == 0) return "";
  const auto every = [&](const char* unit) {
    return settings_.every == 1 ? std::string("every ") + unit
                                : "every " + std::to_string(settings_.every) + " " + unit + "s";
  };
  if (settings_.when == When::steps && step % settings_.every == 0) return every("step");
  if (settings_.when == When::epochs && step % (settings_.every * steps_per_epoch) == 0)
    return every("epoch");
  return "";
}

std::string Calibration::look(std::int64_t step, const std::vector<double>& alignment) {
  if (settings_.budget > 0 && count >= settings_.budget) return "";
  return trigger_.check(step, alignment);
}

// Larger = chosen sooner: the entropy of the network's answer, or the size of what the feedback matrices fail
// to predict of one shared trace, ‖ż − Σ p Bᵀ‖.
at::Tensor Calibration::scores(const Batch& pool, Network& network, Rule& rule, RandomKey key) const {
  NetworkTape tape;
  const Pass pass = Pass::probing();
  const at::Tensor& logits = network.forward(pool.x, tape, pass);
  if (settings_.batch == Pick::uncertain) {
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
  if (settings_.batch == Pick::class_balanced)
    return batches.balanced(key, settings_.batch_size, network.classes());
  if (settings_.batch == Pick::uniform || network.points() == 0 || !rule.feedback())
    return batches.drawn(key, settings_.batch_size);
  const Batch pool = batches.drawn(key, std::max(settings_.batch_size, settings_.pool));
  const std::int64_t count = std::min(settings_.batch_size, pool.x.size(0));
  const at::Tensor rows = std::get<1>(scores(pool, network, rule, key.with(1)).topk(count));
  return pool.rows(rows);
}

double Calibration::apply(Lesson& lesson, Rule& rule, at::Tensor& values) {
  Signals signals;
  backpropagate(lesson, signals, true);
  at::Tensor gradients = lesson.gradients.flat();
  const double norm = at::linalg_vector_norm(gradients).item<double>();
  if (settings_.what != What::weights) {
    const at::Tensor errors = rule.carrier(lesson);
    check_refit(errors.size(0), errors.size(1));
    rule.refit([&](std::vector<at::Tensor>& matrices) {
      for (std::size_t l = 0; l < matrices.size(); ++l) {
        if (rule.is_frozen(static_cast<int>(l) + 1)) continue;
        refit_feedback(
            matrices[l], rule.structure(l).classes_seen(errors),
            rule.structure(l).features_seen(lesson.network.rows(static_cast<int>(l) + 1, signals[l])),
            settings_.ridge);
      }
    });
  }
  if (settings_.what != What::feedback) {
    clip_gradients(gradients, settings_.clip);
    optimizer_->step(values, gradients, settings_.lr);
  }
  ++count;
  return norm;
}

void Calibration::check(std::int64_t training_samples, std::int64_t rows_a_sample,
                        std::int64_t classes) const {
  if (settings_.when == When::never || settings_.what == What::weights) return;
  check_refit(std::min(settings_.batch_size, training_samples) * rows_a_sample, classes);
}

NamedTensors Calibration::state() const {
  NamedTensors all;
  for (auto& [name, tensor] : optimizer_->state()) all.emplace_back("calibration/" + name, tensor);
  return all;
}

}  // namespace grapevine
