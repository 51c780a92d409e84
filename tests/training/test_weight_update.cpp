// The end of a step: which rate it has, what it makes of the weights, and what a resumed run continues with.
#include <QtTest>
#include <cmath>

#include "engine/models/model.h"
#include "engine/training/weight_update.h"

#include "tests/training/small_run.h"

namespace grapevine {
namespace {

const at::TensorOptions f32 = at::TensorOptions().dtype(at::kFloat);
constexpr std::int64_t per_epoch = 10;

UpdateSettings plain() {
  UpdateSettings settings;
  settings.optimizer.kind = OptimizerKind::sgd;
  settings.optimizer.momentum = 0;
  settings.optimizer.lr = 0.5;
  settings.epochs = 4;
  return settings;
}

struct Bed {
  explicit Bed(const UpdateSettings& settings) : update(settings, network) {}

  Network network{build_model(small("bp"), DataShape{{1, 4, 4}, 3}), f32};
  WeightUpdate update;
};

}  // namespace

class TestWeightUpdate : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_schedule_counts_from_where_a_run_began() {
    UpdateSettings settings = plain();
    settings.schedule.kind = ScheduleKind::exponential;
    settings.schedule.decay = 0.5;
    Bed bed(settings);
    QCOMPARE(bed.update.rate(10, per_epoch), 0.5);
    QCOMPARE(bed.update.rate(11, per_epoch), 0.25);
    bed.update.load({{"plateau/factor", 0.1}, {"learning_rate", 0.25}}, 20, true);
    QCOMPARE(bed.update.rate(21, per_epoch), 0.5);
    QCOMPARE(bed.update.rate(31, per_epoch), 0.25);
  }

  void a_rate_is_reported_where_it_changes() {
    Bed bed(plain());
    QVERIFY(bed.update.note_rate(0.5));
    QVERIFY(!bed.update.note_rate(0.5));
    QVERIFY(bed.update.note_rate(0.25));
    std::map<std::string, double> numbers;
    bed.update.save(numbers);
    Bed resumed(plain()), begun(plain());
    resumed.update.load(numbers, 0, false);
    QVERIFY(!resumed.update.note_rate(0.25));
    begun.update.load(numbers, 20, true);
    QVERIFY(begun.update.note_rate(0.25));
  }

  void plateau_lowers_the_rate_and_is_continued() {
    UpdateSettings settings = plain();
    settings.schedule.kind = ScheduleKind::plateau;
    settings.schedule.decay = 0.1;
    settings.schedule.patience = 1;
    settings.schedule.warmup = 1;
    Bed bed(settings);
    bed.update.watch({{"test_loss", 0.5}}, 0);  // while the rate rises
    for (const std::int64_t epoch : {1, 2}) bed.update.watch({{"test_loss", 1.0}}, epoch);
    QCOMPARE(bed.update.rate(21, per_epoch), 0.5);  // the first is the best, the second is waited for
    std::map<std::string, double> numbers;
    bed.update.save(numbers);
    Bed resumed(settings);
    resumed.update.load(numbers, 0, false);
    resumed.update.watch({{"test_loss", 1.0}}, 3);
    QCOMPARE(resumed.update.rate(31, per_epoch), 0.5 * 0.1);
  }

  // Clipped to norm c, the gradient of n ones is c/√n in each; decay comes after it.
  void weights_move_along_clipped_gradients_and_fade() {
    UpdateSettings settings = plain();
    settings.optimizer.clip = 2;
    settings.optimizer.weight_decay = 0.01;
    Bed bed(settings);
    at::Tensor values = bed.network.values().flat(), gradients = at::ones_like(values);
    values.fill_(3);
    bed.update.apply(values, gradients, 0.5, 0.02);
    const double n = static_cast<double>(values.numel());
    const double expected = 3 - 0.5 * (2 / std::sqrt(n) + (0.01 + 0.02) * 3);
    QVERIFY((values - expected).abs().max().item<double>() < 1e-5);
    QCOMPARE(bed.update.words(), std::string("SGD"));  // it decays: −rate times the gradient is not all

    bed.update.change(plain());
    bed.update.apply(values, gradients, 0, 0);
    QCOMPARE(bed.update.words(), std::string());
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestWeightUpdate)
#include "test_weight_update.moc"
