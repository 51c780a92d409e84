// Lesions, frozen layers and undo in real runs: the state after each against one computed here from the state
// before it; the same samples bit for bit when a run is given its stored commands beforehand, when it is
// resumed before them, and when what was done is taken back; sentences for what can't be done.
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

namespace grapevine {
namespace {

at::Tensor of(const Checkpoint& checkpoint, const std::string& name, at::IntArrayRef shape) {
  at::Tensor tensor = at::empty(shape, at::TensorOptions().dtype(at::kFloat));
  from_array(checkpoint.arrays.at(name), name, tensor);
  return tensor;
}

/// What another state has otherwise: names of arrays.
QStringList differences(const Checkpoint& a, const Checkpoint& b) {
  QStringList names;
  for (const auto& [name, array] : a.arrays)
    if (b.arrays.at(name).bytes != array.bytes) names += QString::fromStdString(name);
  return names;
}

constexpr std::int64_t where = 5;  // the step of the lesion

/// A race of one that has come to step `where`.
std::unique_ptr<Race> race_at(const Experiment& experiment) {
  auto race = std::make_unique<Race>(std::vector<Experiment>{experiment});
  race->prepare();
  Report report;
  race->begin(report);
  while (race->step_count() < where) race->step(report);
  return race;
}

struct Change {
  std::int64_t step;
  LiveChange change;
};

/// Everything measured but times: "racer measure point step" → the value's bits.
using Numbers = std::map<std::string, std::uint64_t>;

Numbers numbers_of(const std::vector<Sample>& samples, std::int64_t after = -1) {
  Numbers all;
  for (const Sample& sample : samples) {
    const std::string& key = measures()[sample.measure].key;
    if (key.ends_with("_seconds") || sample.step <= after) continue;
    std::uint64_t bits = 0;
    std::memcpy(&bits, &sample.value, sizeof bits);
    all[std::to_string(sample.racer) + " " + key + " " + std::to_string(sample.point) + " " +
        std::to_string(sample.step)] = bits;
  }
  return all;
}

/// A session to its end. `by_hand`: pauses there and gives these commands (and takes the last back again).
Observations live(const std::vector<Experiment>& racers, SessionPlan plan,
                  const std::vector<Change>& by_hand = {}, bool undo = false) {
  plan.racers = racers;
  plan.start_paused = !by_hand.empty();
  const auto box = std::make_shared<ObservationBox>();
  Observations told;
  Session session(plan, [](const std::vector<Experiment>& all) { return std::make_unique<Race>(all); },
                  {{box, true}});
  const auto wait = [&](std::uint64_t id) {
    for (;;) {
      Observations news;
      if (box->wait_and_take(news, std::chrono::milliseconds(20))) told.append(news, true);
      const bool paused = session.state() == SessionState::paused;
      for (const Acknowledgement& one : told.acknowledgements)
        if (one.command_id == id && (paused || session.done())) return one.message;
    }
  };
  std::int64_t step = 0;
  for (const Change& change : by_hand) {
    if (change.step > step) wait(session.step(change.step - step));
    step = change.step;
    if (const std::string refused = wait(session.change(change.change)); !refused.empty())
      throw std::runtime_error(refused);
    if (undo) wait(session.undo());
  }
  session.play();
  session.join();
  Observations news;
  if (box->take(news)) told.append(news, true);
  if (session.state() == SessionState::failed) throw std::runtime_error(session.failure());
  return told;
}

SessionPlan scripted(std::vector<CommandRecord> script) {
  SessionPlan plan;
  plan.script = std::move(script);
  return plan;
}

const std::vector<std::string> kinds{"randomise", "rotate=40", "zero", "jacobian"};

}  // namespace

class TestInterventions : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_random_matrix_follows_from_seed_step_and_layer();
  void a_rotation_has_its_angle();
  void the_jacobian_is_that_of_the_probe_batch();
  void every_command_replays_bit_for_bit_data();
  void every_command_replays_bit_for_bit();
  void a_frozen_layer_is_in_the_checkpoint();
  void what_is_taken_back_leaves_no_trace_data();
  void what_is_taken_back_leaves_no_trace();
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
  QCOMPARE(report.events[0].cause, std::string("feedback of layer 2 drawn anew"));
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

void TestInterventions::every_command_replays_bit_for_bit_data() {
  QTest::addColumn<QString>("rule");
  QTest::addColumn<QStringList>("commands");
  for (const RuleDescriptor& rule : rules()) {
    if (!rule.models.empty()) continue;
    QStringList all{"set:optimizer.lr=0.01"};
    for (const std::string& kind : kinds)
      if (rule.interventions.refusal(parse_lesion(kind).kind).empty())
        all += "lesion:2:" + QString::fromStdString(kind);
    if (rule.interventions.freezes) all += QStringList{"freeze:2", "unfreeze:2"};
    if (rule.calibrates) all += "calibrate";
    if (all.size() > 1) QTest::newRow(rule.key.c_str()) << QString::fromStdString(rule.key) << all;
  }
}

// Step 0, then one command a step, each between two others that share its step in turn.
void TestInterventions::every_command_replays_bit_for_bit() {
  QFETCH(QString, rule);
  QFETCH(QStringList, commands);
  const std::vector<Experiment> racers{small(rule.toStdString())};
  std::vector<Change> by_hand;
  for (const QString& command : commands)
    by_hand.push_back({static_cast<std::int64_t>(2 + by_hand.size()), parse_change(command.toStdString())});
  const Observations first = live(racers, {}, by_hand);
  QCOMPARE(first.commands.size(), by_hand.size());
  const Numbers expected = numbers_of(first.samples);
  QVERIFY(expected != numbers_of(live(racers, {}).samples));
  // From its rows, as the terminal does.
  QVERIFY(numbers_of(live(racers, scripted(first.commands)).samples) == expected);
  // From each of its checkpoints, as resume does: what was carried out by then is in it.
  for (const CheckpointSet& set : first.checkpoints) {
    const std::int64_t at = set.racers[0].step;
    if (at == 0 || at >= 12) continue;
    SessionPlan plan;
    plan.resume_from = set;
    // The later of two checkpoints of one step holds the commands of that step.
    bool superseded = false;
    for (const CheckpointSet& other : first.checkpoints)
      superseded = superseded || (&other > &set && other.racers[0].step == at);
    for (const CommandRecord& record : first.commands)
      if (record.step > at || (superseded && record.step == at)) plan.replay.push_back(record);
    QVERIFY2(numbers_of(live(racers, plan).samples) == numbers_of(first.samples, at),
             (rule.toStdString() + " from step " + std::to_string(at)).c_str());
  }
}

void TestInterventions::a_frozen_layer_is_in_the_checkpoint() {
  auto race = race_at(small("grape"));
  QVERIFY(!race->checkpoint().racers[0].numbers.contains("frozen/2"));  // only where it is set
  Report report;
  race->intervene(LiveChange::freezing(2, true), report);
  const CheckpointSet frozen = race->checkpoint();
  QCOMPARE(frozen.racers[0].numbers.at("frozen/2"), 1.0);
  Race again({small("grape")});
  again.prepare();
  again.restore(frozen);
  for (int step = 0; step < 3; ++step) again.step(report);
  QCOMPARE(again.checkpoint().racers[0].arrays.at("rule/feedback/2").bytes,
           frozen.racers[0].arrays.at("rule/feedback/2").bytes);
  QVERIFY(again.checkpoint().racers[0].arrays.at("rule/feedback/1").bytes !=
          frozen.racers[0].arrays.at("rule/feedback/1").bytes);
  // One that knows nothing of it, as version 0.1.0 wrote it.
  CheckpointSet old = frozen;
  old.racers[0].numbers.erase("frozen/2");
  again.put_back(old);
  again.step(report);
  QVERIFY(again.checkpoint().racers[0].arrays.at("rule/feedback/2").bytes !=
          frozen.racers[0].arrays.at("rule/feedback/2").bytes);
}

void TestInterventions::what_is_taken_back_leaves_no_trace_data() {
  QTest::addColumn<QString>("command");
  for (const char* command : {"lesion:2:randomise", "lesion:1:rotate=90", "lesion:1:jacobian", "freeze:1",
                              "set:optimizer.lr=0.1", "set:rule.align_rate=0.5", "calibrate"})
    QTest::newRow(command) << command;
}

void TestInterventions::what_is_taken_back_leaves_no_trace() {
  QFETCH(QString, command);
  const std::vector<Experiment> racers{small("grape"), small("residual")};
  const Numbers expected = numbers_of(live(racers, {}).samples);
  const Observations told = live(racers, {}, {{4, parse_change(command.toStdString())}}, true);
  QVERIFY(numbers_of(told.samples) == expected);
  QCOMPARE(told.commands.size(), std::size_t{2});
  QVERIFY(told.commands[1].undone);
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
  row("usf", "lesion:2:zero", "uSF: it makes its transport anew at every step");
  row("frsf", "lesion:2:rotate=9", "the signs of its transport are those of the weights");
  row("bp", "calibrate", "none of these rules calibrates");
  row("dfa", "set:train.batch=3", "train.batch can't change while a run goes on");
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

// One adjoint sweep a class: above a thousand it is refused, with the number.
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
