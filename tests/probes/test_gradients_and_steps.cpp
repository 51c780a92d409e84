// Measures of the whole gradient and of the step that was made, against autograd and arithmetic by hand.
#include <torch/csrc/autograd/autograd.h>

#include <QtTest>
#include <cmath>

#include "engine/experiment/registry.h"
#include "engine/training/race.h"
#include "tests/probes/probe_bed.h"

namespace grapevine {
namespace {

using Bed = ProbeBed;

Experiment small(const std::map<std::string, std::string>& settings) {
  Experiment experiment("dfa");
  for (const auto& [key, value] : std::map<std::string, std::string>{{"data.name", "shapes"},
                                                                     {"data.train_limit", "64"},
                                                                     {"data.test_limit", "20"},
                                                                     {"model.hidden", "12,8"},
                                                                     {"train.batch", "32"},
                                                                     {"train.epochs", "2"},
                                                                     {"threads", "1"},
                                                                     {"probe.every", "1"},
                                                                     {"probe.batch", "32"}})
    experiment.set_text(key, value);
  for (const auto& [key, value] : settings) experiment.set_text(key, value);
  return experiment;
}

}  // namespace

class TestGradientsAndSteps : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void of_the_whole_gradient() {
    Bed bed(tanh_mlp, 7);
    const auto dfa = attached("dfa", bed);
    ProbePast past;
    const std::set<std::string> keys{"cos_gradient", "zoutendijk", "descent_ratio", "size_ratio"};
    double sum = 0, term_before = 0, ratios = 0, squares = 0;
    const std::vector<std::int64_t> steps{0, 10, 13};
    for (std::size_t i = 0; i < steps.size(); ++i) {
      bed.network.values().flat().mul_(i == 0 ? 1.0 : 1.3);
      bed.run();
      past.step = steps[i];
      const Measured measured = bed.measure(keys, *dfa, &past);
      const auto [d, g] = bed.gradients_by_hand();
      const double along = d.dot(g).item<double>(), dd = d.dot(d).item<double>(),
                   gg = g.dot(g).item<double>();
      QVERIFY(std::abs(measured.at({"descent_ratio", 0}) - along / gg) < 1e-10);
      QVERIFY(std::abs(measured.at({"size_ratio", 0}) - dd / gg) < 1e-9);
      // Without the last segment: 7·4 weights and 4 biases stand at the end.
      const at::Tensor d_below = d.narrow(0, 0, d.numel() - 32), g_below = g.narrow(0, 0, g.numel() - 32);
      const double cosine = (d_below.dot(g_below) / (d_below.norm() * g_below.norm())).item<double>();
      QVERIFY(std::abs(measured.at({"cos_gradient", 0}) - cosine) < 1e-10);
      // cos²θ‖g‖², by the trapezoid rule over the steps between.
      const double term = along * along / (dd * gg) * gg;
      if (i > 0) sum += (term + term_before) / 2 * static_cast<double>(steps[i] - steps[i - 1]);
      term_before = term;
      QVERIFY(std::abs(measured.at({"zoutendijk", 0}) - sum) < 1e-9);
      ratios += along / gg;
      squares += along / gg * along / gg;
      const double n = static_cast<double>(i + 1), mean = ratios / n;
      QVERIFY(std::abs(measured.at({"descent_ratio_mean", 0}) - mean) < 1e-10);
      if (i > 0) {
        const double deviation = std::sqrt((squares - n * mean * mean) / (n - 1));
        QVERIFY(std::abs(measured.at({"descent_ratio_mean_error", 0}) - deviation / std::sqrt(n)) < 1e-8);
      }
    }
    // Sums are a run's own: without its past there are none.
    QCOMPARE(bed.measure(keys, *dfa).count({"zoutendijk", 0}), std::size_t{0});
    // BP's is the gradient itself.
    const auto bp = attached("bp", bed);
    const Measured exact = bed.measure({"cos_gradient", "size_ratio"}, *bp);
    QVERIFY(std::abs(exact.at({"cos_gradient", 0}) - 1) < 1e-12);
    QVERIFY(std::abs(exact.at({"size_ratio", 0}) - 1) < 1e-12);
    bed.judgement.e.zero_();
    QVERIFY(std::isnan(bed.measure({"size_ratio"}, *bp).at({"size_ratio", 0})));
  }

  void how_far_a_step_went() {
    for (const std::string optimizer : {"sgd", "adamw"}) {
      Race race({small({{"probe.measures", "update_ratio"},
                        {"optimizer.name", optimizer},
                        {"optimizer.lr", "0.01"},
                        {"optimizer.weight_decay", "0.1"},
                        {"optimizer.clip", "0.5"},
                        {"calibration.when", "steps"},
                        {"calibration.every", "1"}})});
      race.prepare();
      Report report;
      race.begin(report);
      QVERIFY(std::none_of(report.samples.begin(), report.samples.end(), [](const Sample& sample) {
        return measures()[sample.measure].key == "update_ratio";
      }));
      Trainer& trainer = race.trainer(0);
      const Network& network = trainer.network();
      const at::Tensor before = network.values().flat().clone();
      report.samples.clear();
      // The optimizer's step alone: a calibration behind it is not part of it.
      trainer.step(race.batches().training(0, 0), 1, 2, report);
      const at::Tensor after = network.values().flat().clone();
      trainer.after_step(race.batches(), 1, 2, report);
      QVERIFY(!at::equal(after, network.values().flat()));
      std::map<int, double> told;
      for (const Sample& sample : report.samples)
        if (measures()[sample.measure].key == "update_ratio") told[sample.point] = sample.value;
      QCOMPARE(told.size(), std::size_t{3});
      for (const ParameterInfo& info : network.layout().infos()) {
        if (!info.name.ends_with(".weight")) continue;
        const at::Tensor w = before.narrow(0, info.offset, info.count).to(at::kDouble);
        const at::Tensor moved = after.narrow(0, info.offset, info.count).to(at::kDouble) - w;
        const double want = (moved.norm() / w.norm()).item<double>();
        QVERIFY(std::abs(told.at(info.segment) / want - 1) < 1e-5);
      }
    }
  }

  void weights_that_are_zero_have_no_ratio() {
    Bed bed(tanh_mlp, 3);
    const at::Tensor none = at::zeros_like(bed.network.values().flat());
    for (const double ratio : weights_moved(bed.network, none, bed.network.values().flat()))
      QVERIFY(std::isnan(ratio));
  }

  // What a resumed run sums continues from where it was.
  void sums_survive_a_checkpoint() {
    const Experiment experiment = small({{"probe.measures", "zoutendijk,descent_ratio"}});
    const auto last = [](const Report& report, const char* key) {
      double value = std::nan("");
      for (const Sample& sample : report.samples)
        if (measures()[sample.measure].key == key) value = sample.value;
      return value;
    };
    Race whole({experiment}), first({experiment}), second({experiment});
    Report of_whole, of_first, of_second;
    whole.prepare();
    whole.begin(of_whole);
    while (whole.step(of_whole)) {
    }
    first.prepare();
    first.begin(of_first);
    first.step(of_first);
    first.step(of_first);
    second.prepare();
    second.restore(first.checkpoint());
    while (second.step(of_second)) {
    }
    for (const char* key : {"zoutendijk", "descent_ratio_mean", "descent_ratio_mean_error"}) {
      QVERIFY(std::isfinite(last(of_whole, key)) && last(of_whole, key) != 0);
      QCOMPARE(last(of_second, key), last(of_whole, key));
    }
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestGradientsAndSteps)
#include "test_gradients_and_steps.moc"
