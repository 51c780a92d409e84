// Every direct rule with every structure of its feedback on a small convolutional network: it learns, and a
// run resumed from a checkpoint ends with the same numbers, bit for bit.
#include <QtTest>
#include <cstring>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/training/race.h"

namespace grapevine {
namespace {

const std::vector<std::string> structures{"dense", "per_channel", "grid", "kernel", "low_rank"};

std::vector<std::string> structured_rules() {
  std::vector<std::string> keys;
  for (const RuleDescriptor& rule : rules())
    if (find_setting("rule.structure", rule.key)) keys.push_back(rule.key);
  return keys;
}

Experiment small(const std::string& rule, const std::string& structure) {
  Experiment experiment(rule);
  const std::map<std::string, std::string> settings{
      {"data.name", "shapes"},      {"data.train_limit", "256"},
      {"data.test_limit", "40"},    {"model.name", "lenet5"},
      {"model.width", "classic"},   {"train.batch", "32"},
      {"train.epochs", "4"},        {"threads", "1"},
      {"optimizer.lr", "0.002"},    {"probe.every", "16"},
      {"probe.batch", "20"},        {"seed", "3"},
      {"model.activation", "tanh"}, {"rule.structure", structure}};
  for (const auto& [key, value] : settings) experiment.set_text(key, value);
  if (rule == "fdfa") experiment.set_text("rule.init", "normal");  // from zero it takes more steps than these
  return experiment;
}

struct Run {
  std::vector<double> train_losses;  ///< of the epochs
  CheckpointSet half, end;
};

Run run(const Experiment& experiment, const CheckpointSet* from = nullptr) {
  Race race({experiment});
  const RaceInfo info = race.prepare();
  Report report;
  if (from) race.restore(*from);
  Run result;
  while (race.step_count() < info.total_steps) {
    race.step(report);
    if (race.step_count() == info.total_steps / 2 + 1) result.half = race.checkpoint();
  }
  for (const Sample& sample : report.samples) {
    const std::string& measure = measures()[sample.measure].key;
    if (measure == "train_loss") result.train_losses.push_back(sample.value);
  }
  result.end = race.checkpoint();
  return result;
}

bool same(const Checkpoint& a, const Checkpoint& b) {
  if (a.arrays.size() != b.arrays.size()) return false;
  for (const auto& [name, array] : a.arrays) {
    const auto other = b.arrays.find(name);
    if (other == b.arrays.end() || other->second.bytes != array.bytes) return false;
  }
  return true;
}

}  // namespace

class TestStructuredRuns : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_direct_rules_have_structures() {
    std::vector<std::string> direct;
    for (const RuleDescriptor& rule : rules())
      if (rule.has_feedback) direct.push_back(rule.key);
    QVERIFY(direct.size() > 6);
    QCOMPARE(structured_rules(), direct);
  }

  void every_rule_with_every_structure_learns_and_resumes_data() {
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QString>("structure");
    for (const std::string& rule : structured_rules())
      for (const std::string& structure : structures)
        QTest::newRow((rule + " " + structure).c_str())
            << QString::fromStdString(rule) << QString::fromStdString(structure);
  }

  void every_rule_with_every_structure_learns_and_resumes() {
    QFETCH(QString, rule);
    QFETCH(QString, structure);
    const Experiment experiment = small(rule.toStdString(), structure.toStdString());
    const Run whole = run(experiment);
    QCOMPARE(whole.train_losses.size(), std::size_t{4});
    // Random targets projected teach these few steps nothing that the loss would show, dense or not: its
    // signals are checked in feedback/test_structures.
    if (rule != "drtp")
      QVERIFY2(whole.train_losses.back() < whole.train_losses.front() - 0.01,
               qPrintable(QString::number(whole.train_losses.front()) + " to " +
                          QString::number(whole.train_losses.back())));
    const Run resumed = run(experiment, &whole.half);
    QVERIFY(same(resumed.end.racers.front(), whole.end.racers.front()));
  }

  // The first matrix of the checkpoint has the structure's numbers: lenet5 classic's first map is 6×12×12.
  void a_checkpoint_holds_the_free_parameters() {
    const std::map<std::string, std::vector<std::int64_t>> shapes{{"dense", {10, 864}},
                                                                  {"per_channel", {10, 6}},
                                                                  {"grid", {10, 96}},
                                                                  {"kernel", {10, 54}},
                                                                  {"low_rank", {8, 864}}};
    for (const auto& [structure, shape] : shapes) {
      Race race({small("grape", structure)});
      race.prepare();
      const CheckpointSet set = race.checkpoint();
      const auto& arrays = set.racers.front().arrays;
      QCOMPARE(arrays.at("rule/feedback/1").shape, shape);
      QCOMPARE(arrays.at("rule/feedback_momentum/1").shape, shape);
      QCOMPARE(arrays.count("rule/feedback_basis/1"), std::size_t{structure == "low_rank" ? 1u : 0u});
    }
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestStructuredRuns)
#include "test_structured_runs.moc"
