// Rates by segment (optimizer.lr_scale) against one optimizer per segment at that segment's own rate, which
// is what torch.optim's parameter groups are, and against what a whole run does.
#include <QtTest>

#include "engine/training/race.h"
#include "engine/training/segment_rates.h"
#include "engine/training/trainer.h"
#include "tests/support/refusal.h"
#include "tests/training/small_run.h"

namespace grapevine {
namespace {

const std::vector<double> scales{0.5, 0, 3};
const std::vector<std::int64_t> sizes{7, 40000, 5};  // the middle one in several blocks

std::vector<RatePart> parts_of(const std::vector<std::int64_t>& counts) {
  std::vector<RatePart> parts;
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    parts.push_back({begin, counts[i], scales[i]});
    begin += counts[i];
  }
  return parts;
}

/// The parameters after a run, one tensor per segment.
std::vector<at::Tensor> trained(const std::map<std::string, std::string>& settings) {
  const Experiment experiment = small("bp", settings);
  Race race({experiment});
  race.prepare({});
  Report report;
  race.begin(report);
  while (race.step(report)) {
  }
  const Checkpoint state = race.checkpoint().racers.front();
  const Array& weights = state.arrays.at("weights");
  const at::Tensor flat =
      at::from_blob(const_cast<std::uint8_t*>(weights.bytes.data()),
                    {static_cast<std::int64_t>(weights.bytes.size() / sizeof(float))}, at::kFloat)
          .clone();
  // Of hidden layers of 24 and 20 and ten classes, counted from the end.
  const std::int64_t last = 20 * 10 + 10, middle = 24 * 20 + 20, first = flat.numel() - last - middle;
  return flat.split_with_sizes({first, middle, last});
}

}  // namespace

class TestSegmentRates : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_part_moves_as_an_optimizer_of_its_own_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<bool>("wide");  // float64, which takes the other way through the code
    for (const bool wide : {false, true}) {
      QTest::addRow("sgd %d", wide) << int(OptimizerKind::sgd) << wide;
      QTest::addRow("adam %d", wide) << int(OptimizerKind::adam) << wide;
      QTest::addRow("adamw %d", wide) << int(OptimizerKind::adamw) << wide;
      QTest::addRow("rmsprop %d", wide) << int(OptimizerKind::rmsprop) << wide;
    }
  }
  void a_part_moves_as_an_optimizer_of_its_own() {
    QFETCH(int, kind);
    QFETCH(bool, wide);
    OptimizerSettings settings;
    settings.kind = static_cast<OptimizerKind>(kind);
    settings.weight_decay = 0.01;
    const at::TensorOptions options = wide ? at::kDouble : at::kFloat;
    at::Tensor values = at::randn({40012}, options);
    std::vector<at::Tensor> alone;
    for (const at::Tensor& part : values.split_with_sizes(sizes)) alone.push_back(part.clone());
    const auto together = make_optimizer(settings, values);
    together->parts = parts_of(sizes);
    std::vector<std::unique_ptr<Optimizer>> own;
    for (const at::Tensor& part : alone) own.push_back(make_optimizer(settings, part));
    const double lr = 0.01;
    for (int step = 0; step < 5; ++step) {
      const at::Tensor gradients = at::randn({40012}, options);
      const std::vector<at::Tensor> cut = gradients.split_with_sizes(sizes);
      together->step(values, gradients, lr);
      for (std::size_t i = 0; i < own.size(); ++i) own[i]->step(alone[i], cut[i], lr * scales[i]);
    }
    QVERIFY(at::equal(values, at::cat(alone)));
    QCOMPARE(together->updates, std::int64_t{5});
  }

  void ones_are_no_change_and_a_zero_keeps_a_segment() {
    const std::vector<at::Tensor> plain = trained({}), ones = trained({{"optimizer.lr_scale", "1,1,1"}});
    const std::vector<at::Tensor> kept = trained({{"optimizer.lr_scale", "1,0,1"}});
    const std::vector<at::Tensor> start = trained({{"optimizer.lr_scale", "0,0,0"}});
    for (std::size_t i = 0; i < plain.size(); ++i) QVERIFY(at::equal(plain[i], ones[i]));
    QVERIFY(at::equal(kept[1], start[1]));
    QVERIFY(!at::equal(kept[0], start[0]) && !at::equal(kept[2], start[2]));
  }
  void scaling_all_alike_is_another_rate() {
    const std::vector<at::Tensor> scaled =
        trained({{"optimizer.lr_scale", "0.5,0.5,0.5"}, {"optimizer.lr", "0.002"}});
    const std::vector<at::Tensor> plain = trained({{"optimizer.lr", "0.001"}});
    for (std::size_t i = 0; i < plain.size(); ++i) QVERIFY(at::equal(plain[i], scaled[i]));
  }
  void a_list_that_does_not_fit_the_network_is_refused() {
    const std::string words = refusal([] { trained({{"optimizer.lr_scale", "1,0.5"}}); });
    QVERIFY2(has(words, "optimizer.lr_scale lists 2 factors, and the network has 3 segments"), words.c_str());
  }
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestSegmentRates)
#include "test_segment_rates.moc"
