// Lesions and frozen layers in real runs: the state after each against one computed here from the state
// before it; sentences for what can't be done.
#include <QtTest>
#include <cstring>
#include <numeric>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/files/careful_file.h"
#include "engine/nn/arrays.h"
#include "engine/session/session.h"
#include "engine/training/race.h"
#include "engine/weights/parameter_file.h"
#include "tests/training/small_run.h"

#include "tests/training/intervened_run.h"

namespace grapevine {
namespace {

/// What another state has otherwise: names of arrays.
QStringList differences(const Checkpoint& a, const Checkpoint& b) {
  QStringList names;
  for (const auto& [name, array] : a.arrays)
    if (b.arrays.at(name).bytes != array.bytes) names += QString::fromStdString(name);
  return names;
}

}  // namespace

class TestInterventions : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_random_matrix_follows_from_seed_step_and_layer();
  void a_rotation_has_its_angle();
  void the_jacobian_is_that_of_the_probe_batch();
  void what_can_not_be_done_is_said_data();
  void what_can_not_be_done_is_said();
  void the_exact_jacobian_has_a_price_data();
  void the_exact_jacobian_has_a_price();
  void in_a_race_those_are_changed_who_have_it();
};

void TestInterventions::a_random_matrix_follows_from_seed_step_and_layer() {
  auto race = race_at(small("dfa"));
  const Checkpoint before = race->checkpoint().racers[0];
  Report report;
  race->intervene(LiveChange::lesion_of(2, {LesionKind::randomise, 0}), report);
  const Checkpoint after = race->checkpoint().racers[0];
  QCOMPARE(differences(before, after), QStringList{"rule/feedback/2"});
  at::Tensor expected = at::empty({10, 20}, at::TensorOptions().dtype(at::kFloat));
  fill_gaussian(expected, RandomKey::of(5, Stream::lesion).with(where).with(2));
  QVERIFY(at::equal(of(after, "rule/feedback/2", {10, 20}), expected));
  QCOMPARE(report.events.size(), std::size_t{1});
  QCOMPARE(report.events[0].kind.text(), std::string("lesion"));
  QCOMPARE(report.events[0].cause, std::string("feedback of layer 2 redrawn"));
  QVERIFY(report.events[0].data.find("cos_b_j_before") != std::string::npos);
}

void TestInterventions::a_rotation_has_its_angle() {
  auto race = race_at(small("residual"));
  const at::Tensor before = of(race->checkpoint().racers[0], "rule/feedback/1", {10, 24}).to(at::kDouble);
  Report report;
  race->intervene(LiveChange::lesion_of(1, {LesionKind::rotate, 60}), report);
  const at::Tensor after = of(race->checkpoint().racers[0], "rule/feedback/1", {10, 24}).to(at::kDouble);
  const double cosine = (before * after).sum().item<double>() / (before.norm() * after.norm()).item<double>();
  QVERIFY(std::abs(cosine - 0.5) < 1e-5);
  QVERIFY(std::abs((after.norm() / before.norm()).item<double>() - 1) < 1e-5);
}

// z = W₃ relu(W₂ h₁ + b₂) + b₃: J̄₁ = W₃ diag(share of samples whose unit is on) W₂.
void TestInterventions::the_jacobian_is_that_of_the_probe_batch() {
  auto race = race_at(small("residual"));
  Report report;
  race->intervene(LiveChange::lesion_of(1, {LesionKind::jacobian, 0}), report);
  const Trainer& trainer = race->trainer(0);
  const ParameterBuffer& values = race->trainer(0).network().values();
  const auto parameter = [&](const char* name) {
    return values[race->trainer(0).network().layout().slot(name)].to(at::kDouble);
  };
  const Batch probe = race->batches().drawn(RandomKey::of(5, Stream::probe), 40);
  const at::Tensor x = probe.x.reshape({40, -1}).to(at::kDouble);
  const at::Tensor h1 = at::relu(x.mm(parameter("1.1.weight").t()) + parameter("1.1.bias"));
  const at::Tensor on =
      (h1.mm(parameter("2.0.weight").t()) + parameter("2.0.bias")).gt(0).to(at::kDouble).mean(0);
  const at::Tensor expected = (parameter("3.0.weight") * on).mm(parameter("2.0.weight"));
  const at::Tensor b = of(race->checkpoint().racers[0], "rule/feedback/1", {10, 24}).to(at::kDouble);
  QVERIFY((b - expected).abs().max().item<double>() < 1e-5);
  Q_UNUSED(trainer);
}

void TestInterventions::what_can_not_be_done_is_said_data() {
  QTest::addColumn<QString>("rule");
  QTest::addColumn<QString>("command");
  QTest::addColumn<QString>("said");
  const auto row = [](const char* rule, const char* command, const char* said) {
    QTest::addRow("%s %s", rule, command) << rule << command << said;
  };
  row("bp", "lesion:1:zero", "BP: it has no feedback weights of its own");
  row("pepita", "freeze:1", "PEPITA: it has no feedback weights of its own");
  row("grape", "lesion:1:zero", "GrAPE: a matrix of zeros has no direction to turn");
  row("dfa", "lesion:3:zero", "DFA: there is no feedback to layer 3, it reaches the layers 1 to 2");
  row("fa", "lesion:1:zero", "FA: there is no feedback to layer 1, it goes back through the layers 2 to 3");
  row("fa", "freeze:2", "FA: its transport never moves");
  row("usf", "lesion:2:zero", "uSF: it makes its transport again at every step");
  row("frsf", "lesion:2:rotate=9", "the signs of its transport are those of the weights");
  row("bp", "calibrate", "none of these rules calibrates");
  row("dfa", "set:train.batch=3", "train.batch can't change while a run is in progress");
  row("dfa", "set:optimizer.learning=3", "there is no setting 'optimizer.learning'");
  row("dfa", "set:optimizer.lr=-3", "optimizer.lr");
}

void TestInterventions::what_can_not_be_done_is_said() {
  QFETCH(QString, rule);
  QFETCH(QString, command);
  QFETCH(QString, said);
  Race race({small(rule.toStdString())});
  race.prepare();
  try {
    race.check(parse_change(command.toStdString()));
    QFAIL("it can be done");
  } catch (const InputError& error) {
    QVERIFY2(QString(error.what()).contains(said), error.what());
  }
}

void TestInterventions::the_exact_jacobian_has_a_price_data() {
  QTest::addColumn<int>("classes");
  QTest::newRow("as many as are made") << 1000;
  QTest::newRow("one more") << 1001;
}

// One adjoint sweep per class: above a thousand it is refused, with the number.
void TestInterventions::the_exact_jacobian_has_a_price() {
  QFETCH(int, classes);
  const QTemporaryDir folder;
  const std::string file = folder.filePath("many.npz").toStdString();
  ParameterFile arrays;
  for (const char* part : {"train", "test"}) {
    std::vector<std::int64_t> labels(static_cast<std::size_t>(classes));
    std::iota(labels.begin(), labels.end(), std::int64_t{0});
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(labels.data());
    arrays.arrays.emplace_back(
        std::string("x_") + part,
        Array{"u8", {classes, 4, 4}, std::vector<std::uint8_t>(labels.size() * 16, 7)});
    arrays.arrays.emplace_back(
        std::string("y_") + part,
        Array{"i64", {classes}, {bytes, bytes + labels.size() * sizeof(std::int64_t)}});
  }
  write_carefully(file, to_npz(arrays));
  Race race({small("dfa", {{"data.name", "npz"}, {"data.dir", file}})});
  race.prepare();
  try {
    race.check(parse_change("lesion:1:jacobian"));
    QCOMPARE(classes, 1000);
  } catch (const InputError& error) {
    QCOMPARE(classes, 1001);
    QVERIFY2(QString(error.what()).contains("1001 adjoint sweeps, a class each; at most 1000"), error.what());
  }
}

void TestInterventions::in_a_race_those_are_changed_who_have_it() {
  Race race({small("bp"), small("dfa"), small("grape")});
  race.prepare();
  const CheckpointSet before = race.checkpoint();
  Report report;
  race.intervene(LiveChange::lesion_of(1, {LesionKind::zero, 0}), report);
  QCOMPARE(report.events.size(), std::size_t{1});
  QCOMPARE(report.events[0].racer, std::uint16_t{1});
  race.intervene(LiveChange::lesion_of(1, {LesionKind::randomise, 0}, 2), report);
  QCOMPARE(report.events[1].racer, std::uint16_t{2});
  const CheckpointSet after = race.checkpoint();
  QVERIFY(differences(before.racers[0], after.racers[0]).empty());
  QCOMPARE(differences(before.racers[1], after.racers[1]), QStringList{"rule/feedback/1"});
  try {
    race.intervene(LiveChange::lesion_of(1, {LesionKind::zero, 0}, 0), report);
    QFAIL("BP has no feedback");
  } catch (const InputError&) {
  }
}

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestInterventions)
#include "test_interventions.moc"
