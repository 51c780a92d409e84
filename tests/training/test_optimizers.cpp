// Optimizers against LibTorch's, clipping and schedules against their formulas.
#include <torch/optim.h>

#include <QtTest>
#include <cmath>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/models/model.h"
#include "engine/nn/device.h"
#include "engine/optim/optimizer.h"
#include "engine/optim/schedule.h"
#include "engine/session/session.h"
#include "engine/training/race.h"

#include "tests/training/whole_run.h"

namespace grapevine {
namespace {

at::Tensor noise(at::IntArrayRef shape, std::int64_t seed, at::ScalarType type = at::kDouble) {
  at::Tensor t = at::empty(shape, at::TensorOptions().dtype(type));
  fill_gaussian(t, RandomKey::of(seed, Stream::test));
  return t;
}

template <class Options>
std::unique_ptr<torch::optim::Optimizer> theirs(const at::Tensor& p, Options o) {
  if constexpr (std::is_same_v<Options, torch::optim::AdamOptions>)
    return std::make_unique<torch::optim::Adam>(std::vector<at::Tensor>{p}, o);
  else if constexpr (std::is_same_v<Options, torch::optim::AdamWOptions>)
    return std::make_unique<torch::optim::AdamW>(std::vector<at::Tensor>{p}, o);
  else if constexpr (std::is_same_v<Options, torch::optim::RMSpropOptions>)
    return std::make_unique<torch::optim::RMSprop>(std::vector<at::Tensor>{p}, o);
  else
    return std::make_unique<torch::optim::SGD>(std::vector<at::Tensor>{p}, o);
}

}  // namespace

class TestOptimizers : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { choose_threads(1); }

  void optimizers_take_pytorchs_steps() {
    for (double decay : {0.0, 0.1}) {
      compare(OptimizerKind::adam, torch::optim::AdamOptions(0.02).weight_decay(decay), decay);
      compare(OptimizerKind::adamw, torch::optim::AdamWOptions(0.02).weight_decay(decay), decay);
      compare(OptimizerKind::sgd, torch::optim::SGDOptions(0.02).momentum(0.9).weight_decay(decay), decay);
      compare(OptimizerKind::rmsprop, torch::optim::RMSpropOptions(0.02).weight_decay(decay), decay);
    }
  }

  void clipping_bounds_the_whole_gradient() {
    at::Tensor gradient = noise({500}, 3);
    const at::Tensor before = gradient.clone();
    clip_gradients(gradient, 1e9);
    QVERIFY(at::allclose(gradient, before));
    clip_gradients(gradient, 0);
    QVERIFY(at::equal(gradient, before));
    clip_gradients(gradient, 0.5);
    QVERIFY(std::abs(at::linalg_vector_norm(gradient).item<double>() - 0.5) < 1e-6);
    QVERIFY(
        at::allclose(gradient / at::linalg_vector_norm(gradient), before / at::linalg_vector_norm(before)));
  }

  void schedules_follow_their_formulas() {
    const auto factor = [](const std::map<std::string, std::string>& settings, std::int64_t epoch) {
      const Experiment experiment = small("bp", settings);
      return schedule_factor(ScheduleSettings::of(experiment), epoch, TrainSettings::of(experiment).epochs);
    };
    QCOMPARE(factor({}, 7), 1.0);
    QCOMPARE(factor({{"schedule.name", "exponential"}, {"schedule.decay", "0.5"}}, 3), 0.125);
    const std::map<std::string, std::string> steps{
        {"schedule.name", "multistep"}, {"schedule.decay", "0.1"}, {"schedule.milestones", "2,4"}};
    QCOMPARE(factor(steps, 1), 1.0);
    QCOMPARE(factor(steps, 2), 0.1);
    QVERIFY(std::abs(factor(steps, 4) - 0.01) < 1e-15);
    const std::map<std::string, std::string> cosine{{"schedule.name", "cosine"}, {"train.epochs", "4"}};
    QCOMPARE(factor(cosine, 0), 1.0);
    QVERIFY(std::abs(factor(cosine, 2) - 0.5) < 1e-15);
    QCOMPARE(factor({{"schedule.warmup", "3"}}, 0), 0.25);
    const ScheduleSettings noam =
        ScheduleSettings::of(small("bp", {{"schedule.name", "noam"}, {"schedule.warmup_steps", "100"}}));
    QCOMPARE(noam_factor(noam, 50), 0.5);
    QCOMPARE(noam_factor(noam, 100), 1.0);
    QCOMPARE(noam_factor(noam, 400), 0.5);
    Plateau plateau;
    for (double loss : {1.0, 0.9, 0.9, 0.9}) plateau.note(loss, 0.2, 1);
    QCOMPARE(plateau.factor, 0.2);
    plateau.note(0.8, 0.2, 1);
    plateau.note(0.81, 0.2, 1);
    QCOMPARE(plateau.factor, 0.2);
    plateau.note(0.81, 0.2, 1);
    QVERIFY(std::abs(plateau.factor - 0.04) < 1e-15);
  }

 private:
  template <class Options>
  static void compare(OptimizerKind kind, Options options, double decay) {
    // float32 goes through the fused loops, float64 through tensor operations: both must be PyTorch's update.
    for (const auto& [type, tolerance] : {std::pair{at::kDouble, 1e-12}, std::pair{at::kFloat, 1e-5}}) {
      at::Tensor ours = noise({70001}, 1, type), reference = ours.clone().set_requires_grad(true);
      OptimizerSettings settings;
      settings.kind = kind;
      settings.weight_decay = decay;
      const std::unique_ptr<Optimizer> optimizer = make_optimizer(settings, ours);
      const auto other = theirs(reference, options);
      for (int step = 0; step < 12; ++step) {
        const at::Tensor gradient = noise({70001}, 100 + step, type) * (step % 4 ? 1.0 : 0.01);
        optimizer->step(ours, gradient, 0.02);
        reference.mutable_grad() = gradient.clone();
        other->step();
      }
      const double error = (at::linalg_vector_norm(ours - reference.detach()) / at::linalg_vector_norm(ours))
                               .template item<double>();
      QVERIFY2(error < tolerance, std::to_string(error).c_str());
    }
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestOptimizers)
#include "test_optimizers.moc"
