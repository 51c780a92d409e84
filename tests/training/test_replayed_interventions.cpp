// The same samples bit for bit when a run is given its stored commands beforehand, when it is resumed before
// them, and when what was done is taken back.
#include <QtTest>
#include <cstring>

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

class TestReplayedInterventions : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_command_replays_bit_for_bit_data();
  void every_command_replays_bit_for_bit();
  void a_frozen_layer_is_in_the_checkpoint();
  void what_is_taken_back_leaves_no_trace_data();
  void what_is_taken_back_leaves_no_trace();
};

void TestReplayedInterventions::every_command_replays_bit_for_bit_data() {
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

// Step 0, then one command per step, each between two others that share its step in turn.
void TestReplayedInterventions::every_command_replays_bit_for_bit() {
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

void TestReplayedInterventions::a_frozen_layer_is_in_the_checkpoint() {
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

void TestReplayedInterventions::what_is_taken_back_leaves_no_trace_data() {
  QTest::addColumn<QString>("command");
  for (const char* command : {"lesion:2:randomise", "lesion:1:rotate=90", "lesion:1:jacobian", "freeze:1",
                              "set:optimizer.lr=0.1", "set:rule.align_rate=0.5", "calibrate"})
    QTest::newRow(command) << command;
}

void TestReplayedInterventions::what_is_taken_back_leaves_no_trace() {
  QFETCH(QString, command);
  const std::vector<Experiment> racers{small("grape"), small("residual")};
  const Numbers expected = numbers_of(live(racers, {}).samples);
  const Observations told = live(racers, {}, {{4, parse_change(command.toStdString())}}, true);
  QVERIFY(numbers_of(told.samples) == expected);
  QCOMPARE(told.commands.size(), std::size_t{2});
  QVERIFY(told.commands[1].undone);
}

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestReplayedInterventions)
#include "test_replayed_interventions.moc"
