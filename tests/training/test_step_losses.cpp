// What a racer's losses become between the device and the report.
#include <QtTest>
#include <limits>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/models/model.h"
#include "engine/training/step_losses.h"

#include "tests/training/small_run.h"

namespace grapevine {
namespace {

const at::TensorOptions f32 = at::TensorOptions().dtype(at::kFloat);

struct Bed {
  Network network{build_model(small("bp"), DataShape{{1, 4, 4}, 3}), f32};
  std::shared_ptr<StepTapes> tapes = std::make_shared<StepTapes>();
  StepLosses losses{RacerReports(2), network, tapes, f32};
  Report report;

  void note(std::int64_t step, std::int64_t count, double loss, double correct) {
    Judgement judgement;
    judgement.loss = at::full({}, loss);
    judgement.correct = at::full({}, correct);
    losses.note(step, 0.5, count, judgement, report);
  }
  std::string trouble_of(std::int64_t step) {
    try {
      note(step, 10, std::numeric_limits<double>::quiet_NaN(), 0);
    } catch (const RunError& error) {
      return error.what();
    }
    return "";
  }
};

}  // namespace

class TestStepLosses : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void an_epochs_means_are_weighted_by_samples() {
    Bed bed;
    bed.note(1, 10, 1, 4);
    bed.note(2, 30, 2, 15);
    QCOMPARE(bed.losses.means().loss, (10 * 1 + 30 * 2) / 40.0);
    QCOMPARE(bed.losses.means().accuracy, (4 + 15) / 40.0);
    QCOMPARE(bed.report.samples.size(), std::size_t{4});
    for (const Sample& sample : bed.report.samples) QCOMPARE(int{sample.racer}, 2);

    // A run that is resumed within the epoch continues its sums.
    std::map<std::string, double> numbers;
    bed.losses.save(numbers);
    Bed resumed;
    resumed.losses.load(numbers);
    resumed.note(3, 40, 3, 1);
    QCOMPARE(resumed.losses.means().loss, (10 * 1 + 30 * 2 + 40 * 3) / 80.0);
    resumed.losses.begin_epoch();
    resumed.note(4, 5, 7, 5);
    QCOMPARE(resumed.losses.means().loss, 7.0);
  }

  void losses_wait_until_they_are_read_together() {
    Bed bed;
    bed.losses.set_capacity(3);
    bed.note(1, 10, 1, 4);
    bed.note(2, 10, 1, 4);
    QVERIFY(bed.report.samples.empty());
    bed.note(3, 10, 1, 4);
    QCOMPARE(bed.report.samples.size(), std::size_t{6});
    QCOMPARE(bed.report.samples.back().step, std::int64_t{3});
  }

  // The tapes of racers with the same layers are shared: they say where it went wrong only of their own step.
  void only_the_pass_itself_tells_where_it_went_wrong() {
    Bed bed;
    bed.tapes->training.outputs.assign(3, at::ones({2}));
    bed.tapes->training.outputs[1] = at::full({2}, std::numeric_limits<double>::infinity());
    bed.tapes->keep(bed.network, 7);
    QVERIFY(bed.trouble_of(7).ends_with("at step 7, first in segment 2"));
    QVERIFY(bed.trouble_of(6).ends_with("at step 6"));
    const Bed other;
    bed.tapes->keep(other.network, 8);
    QVERIFY(bed.trouble_of(8).ends_with("at step 8"));
    bed.tapes->keep(bed.network, 9);
    bed.tapes->begin();
    QVERIFY(bed.trouble_of(9).ends_with("at step 9"));
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestStepLosses)
#include "test_step_losses.moc"
