// What must hold for means of estimates and for several alignment steps (learning-rules §9), on random
// networks in float64. A failure prints the seed that repeats it.
#include <torch/csrc/autograd/autograd.h>

#include <QtTest>

#include "engine/probes/cosines.h"
#include "tests/rules/bed.h"

namespace grapevine {

class TestAveragedEstimates : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void tracking_takes_the_first_estimate_whole_and_then_averages_data() {
    QTest::addColumn<int>("seed");
    for (int seed : {10, 11, 12}) QTest::addRow("seed %d", seed) << seed;
  }

  void tracking_takes_the_first_estimate_whole_and_then_averages() {
    QFETCH(int, seed);
    Generator g(static_cast<std::uint64_t>(seed));
    Bed bed(random_mlp(g, 2, LayerKind::tanh), g, 6);
    auto rule = attached("residual", bed, {{"track", "0.75"}});
    Lesson lesson = bed.lesson();
    std::vector<at::Tensor> want;
    for (int step = 1; step <= 4; ++step) {
      SeededDraws draws(1, step);
      rule->learn(lesson, draws);
      for (std::size_t l = 0; l < rule->feedback()->size(); ++l) {
        const at::Tensor& j = (*rule->jacobian_estimate())[l];
        if (step == 1)
          want.push_back(j.clone());
        else
          want[l] = 0.75 * want[l] + 0.25 * j;
        QVERIFY(relative_error((*rule->feedback())[l], want[l]) < exact);
      }
    }
  }

  // §3 step 4: the mean of all estimates so far, one per step, restarted where it is forgotten.
  void the_cumulative_mean_is_that_of_the_steps_estimates() {
    for (const char* key : {"grape", "grape2025"}) {
      Generator g(14);
      Bed bed(random_mlp(g, 2, LayerKind::tanh), g, 6);
      auto rule = attached(key, bed, {{"estimate_average", "cumulative"}});
      Lesson lesson = bed.lesson();
      std::vector<at::Tensor> sum;
      for (int step = 1; step <= 5; ++step) {
        SeededDraws draws(1, step);
        rule->learn(lesson, draws);
        for (std::size_t l = 0; l < rule->feedback()->size(); ++l) {
          const at::Tensor& estimate = (*rule->jacobian_estimate())[l];
          if (step == 1)
            sum.push_back(estimate.clone());
          else
            sum[l] += estimate;
          QVERIFY2(relative_error((*rule->average_estimate())[l], sum[l] / step) < exact, key);
        }
      }
      rule->forget_average(2);
      SeededDraws draws(1, 6);
      rule->learn(lesson, draws);
      QVERIFY(relative_error((*rule->average_estimate())[0], (sum[0] + (*rule->jacobian_estimate())[0]) / 6) <
              exact);
      QVERIFY(relative_error((*rule->average_estimate())[1], (*rule->jacobian_estimate())[1]) < exact);
    }
  }

  void a_rule_that_averages_nothing_holds_nothing_more() {
    Generator g(15);
    Bed bed(random_mlp(g, 2, LayerKind::tanh), g, 6);
    const auto averages = [&](const std::map<std::string, std::string>& settings) {
      auto rule = attached("grape", bed, settings);
      int count = 0;
      for (const auto& [name, tensor] : rule->state()) count += name.rfind("jacobian_average", 0) == 0;
      return count;
    };
    QCOMPARE(averages({}), 0);
    QCOMPARE(averages({{"estimate_average", "cumulative"}}), 4);
  }

  // While the weights stand still, two batches with the same draws have the same estimate.
  void several_alignment_steps_are_as_many_batches_of_one() {
    for (const char* norm : {"column", "frobenius", "jacobian", "none"}) {
      Generator g(16);
      Bed bed(random_mlp(g, 2, LayerKind::tanh), g, 6);
      auto once = attached("grape", bed, {{"norm", norm}, {"align_rate", "0.2"}});
      auto thrice = attached("grape", bed, {{"norm", norm}, {"align_rate", "0.2"}, {"align_steps", "3"}});
      Lesson lesson = bed.lesson();
      SeededDraws draws(1, 1);
      for (int batch = 0; batch < 3; ++batch) once->learn(lesson, draws);
      thrice->learn(lesson, draws);
      for (std::size_t l = 0; l < once->feedback()->size(); ++l)
        QVERIFY2(relative_error((*thrice->feedback())[l], (*once->feedback())[l]) < exact, norm);
    }
  }

  void the_2025_texts_equation_turns_no_direction_data() {
    QTest::addColumn<int>("seed");
    for (int seed : {11, 12, 13}) QTest::addRow("seed %d", seed) << seed;
  }

  void the_2025_texts_equation_turns_no_direction() {
    QFETCH(int, seed);
    Generator g(static_cast<std::uint64_t>(seed));
    Bed bed(random_mlp(g, 2, LayerKind::tanh), g, 6);
    for (const char* rate : {"0.001", "0.3"}) {
      auto rule = attached("grape2025", bed, {{"align_rate", rate}});
      const at::Tensor before = (*rule->feedback())[0].clone();
      Lesson lesson = bed.lesson();
      SeededDraws draws(1, 1);
      rule->learn(lesson, draws);
      QVERIFY(relative_error((*rule->feedback())[0], before) < exact);
    }
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestAveragedEstimates)
#include "test_averaged_estimates.moc"
