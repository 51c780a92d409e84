// Resuming a run: what came after the checkpoint is deleted, commands are kept for their replay, racers
// that had fallen stay out.
#include <QtTest>
#include <filesystem>

#include "tests/runs/support.h"

using namespace grapevine;

class TestResume : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void what_came_after_the_checkpoint_is_deleted();
  void the_latest_whole_checkpoint_is_found_when_none_is_named();
  void later_checkpoints_go_with_their_files();
  void commands_wait_for_their_replay();
  void a_second_death_loses_no_command();
  void a_command_at_the_checkpoints_own_step();
  void a_command_that_is_taken_back_leaves_no_row_and_no_state();
  void a_racer_that_fell_stays_out();
  void a_session_that_failed_at_the_checkpoint_goes_on();
  void a_run_in_use_is_refused();
  void an_unknown_run_is_refused();
  void live_data_forgets_as_the_database_does();
};

namespace {

Observations steps(std::int64_t first, std::int64_t last, int racers) {
  Observations news;
  for (std::int64_t step = first; step <= last; ++step) {
    for (int racer = 0; racer < racers; ++racer) news.samples.push_back(sample(racer, "loss", 0, step, 1.0));
  }
  news.step = last;
  news.epoch = static_cast<double>(last) / 100;
  return news;
}

/// 250 steps with a checkpoint at 100 and, unless `one`, at 200; an event every 50 steps; test accuracy only
/// after 200.
std::vector<std::int64_t> live_and_die(const Folder& folder, const StoredRace& race, bool one = false) {
  RunWriter writer(folder.database(), race);
  const int racers = static_cast<int>(race.racers.size());
  for (const std::int64_t end : {100, 200, 250}) {
    Observations news = steps(end == 250 ? 201 : end - 99, end, racers);
    for (int racer = 0; racer < racers; ++racer) {
      news.events.push_back(event_of(racer, end - 50, "epoch"));
      news.events.push_back(event_of(racer, end, "epoch"));
      if (end == 250) news.samples.push_back(sample(racer, "test_accuracy", 0, end, 0.5));
    }
    post(writer, news);
    if (end == 250 || (one && end == 200)) continue;
    post_checkpoint(writer, end, race.racers.size());
    const auto rows = std::to_string(race.racers.size() * static_cast<std::size_t>(end / 100));
    [&] { QTRY_COMPARE(ask(folder.database(), "SELECT count(*) FROM checkpoints"), rows); }();
  }
  return writer.ids();
}

std::string commands_of(const Folder& folder, std::int64_t run, std::int64_t after) {
  std::string text;
  for (const CommandRecord& record : RunReader(folder.database()).commands(run, after)) {
    text += std::to_string(record.step) + " " + record.value + "; ";
  }
  return text;
}

void command(RunWriter& writer, std::int64_t step, const char* value) {
  Observations news;
  news.commands = {{step, "set", value}};
  news.step = step;
  post(writer, news);
}

}  // namespace

void TestResume::what_came_after_the_checkpoint_is_deleted() {
  Folder folder;
  const auto ids = live_and_die(folder, race_of_two());
  QCOMPARE(ask(folder.database(), "SELECT status FROM runs"), std::string("interrupted"));
  {
    RunWriter writer(folder.database(), resumed(race_of_two(), ids, 100));
    QCOMPARE(writer.ids(), ids);
    QCOMPARE(ask(folder.database(), "SELECT group_concat(status || steps || ' ' || epochs, '; ') FROM runs"),
             std::string("running100 1.0; running100 1.0"));
    QCOMPARE(ask(folder.database(), "SELECT count(*) || ' ' || max(step) FROM samples"),
             std::string("200 100"));
    QCOMPARE(ask(folder.database(), "SELECT group_concat(step) FROM events WHERE run = 1"),
             std::string("50,100"));
    // A curve without a point left is not a curve.
    QCOMPARE(ask(folder.database(), "SELECT count(*) FROM series WHERE measure = 'test_accuracy'"),
             std::string("0"));
    post(writer, steps(101, 120, 2));
    writer.finish(RunStatus::finished, "");
  }
  for (const std::int64_t id : ids) {
    const RunData run = RunReader(folder.database()).load(id);
    QCOMPARE(run.find("loss")->size(), std::size_t(120));
    QCOMPARE(run.status.text(), std::string("finished"));
    QCOMPARE(run.step, 120);
  }
  QCOMPARE(ask(folder.database(), "SELECT count(*) FROM runs"), std::string("2"));
}

void TestResume::the_latest_whole_checkpoint_is_found_when_none_is_named() {
  Folder folder;
  const auto ids = live_and_die(folder, race_of_two());
  const std::string latest =
      ask(folder.database(), "SELECT file FROM checkpoints WHERE run = 2 AND step = 200");
  std::filesystem::resize_file(folder.path(latest.c_str()), 10);
  RunWriter writer(folder.database(), resumed(race_of_two(), ids));
  QCOMPARE(ask(folder.database(), "SELECT max(step) FROM samples"), std::string("100"));
}

void TestResume::later_checkpoints_go_with_their_files() {
  Folder folder;
  const auto ids = live_and_die(folder, single());
  const std::string file =
      folder.path(ask(folder.database(), "SELECT file FROM checkpoints WHERE step = 200").c_str());
  QVERIFY(std::filesystem::exists(file));
  RunWriter writer(folder.database(), resumed(single(), ids, 100));
  QVERIFY(!std::filesystem::exists(file));
  QCOMPARE(ask(folder.database(), "SELECT group_concat(step) FROM checkpoints"), std::string("100"));
}

void TestResume::commands_wait_for_their_replay() {
  Folder folder;
  std::vector<std::int64_t> ids;
  {
    RunWriter writer(folder.database(), race_of_two());
    ids = writer.ids();
    command(writer, 50, "optimizer.lr=0.1");
    post_checkpoint(writer, 100, 2);
    QTRY_COMPARE(ask(folder.database(), "SELECT count(*) FROM checkpoints"), std::string("2"));
    command(writer, 150, "optimizer.lr=0.2");
  }
  for (const std::int64_t id : ids) {
    QCOMPARE(commands_of(folder, id, 100), std::string("150 optimizer.lr=0.2; "));
    QCOMPARE(commands_of(folder, id, -1), std::string("50 optimizer.lr=0.1; 150 optimizer.lr=0.2; "));
  }
  RunWriter writer(folder.database(), resumed(race_of_two(), ids, 100));
  command(writer, 150, "optimizer.lr=0.2");  // replayed, so told again
  writer.finish(RunStatus::finished, "");
  for (const std::int64_t id : ids) {
    QCOMPARE(commands_of(folder, id, -1), std::string("50 optimizer.lr=0.1; 150 optimizer.lr=0.2; "));
  }
  QCOMPARE(ask(folder.database(), "SELECT sum(replay) FROM commands"), std::string("0"));
}

void TestResume::a_second_death_loses_no_command() {
  Folder folder;
  std::vector<std::int64_t> ids;
  {
    RunWriter writer(folder.database(), single());
    ids = writer.ids();
    post_checkpoint(writer, 100);
    QTRY_COMPARE(ask(folder.database(), "SELECT count(*) FROM checkpoints"), std::string("1"));
    command(writer, 150, "optimizer.lr=0.2");
  }
  {  // dies before step 150, after a checkpoint at 120 and a command of its own
    RunWriter writer(folder.database(), resumed(single(), ids, 100));
    command(writer, 110, "optimizer.lr=0.3");
    post_checkpoint(writer, 120);
  }
  QCOMPARE(commands_of(folder, 1, 120), std::string("150 optimizer.lr=0.2; "));
  RunWriter writer(folder.database(), resumed(single(), ids, 120));
  QCOMPARE(commands_of(folder, 1, 120), std::string("150 optimizer.lr=0.2; "));
  QCOMPARE(commands_of(folder, 1, -1), std::string("110 optimizer.lr=0.3; 150 optimizer.lr=0.2; "));
}

void TestResume::a_command_at_the_checkpoints_own_step() {
  Folder folder;
  std::vector<std::int64_t> ids;
  {
    RunWriter writer(folder.database(), race_of_two());
    ids = writer.ids();
    // Contained in the checkpoint: a command of a step comes before a checkpoint of that step.
    command(writer, 100, "optimizer.lr=0.1");
    post_checkpoint(writer, 100, 2);
    QTRY_COMPARE(ask(folder.database(), "SELECT count(*) FROM checkpoints"), std::string("2"));
    // Given while paused there; the program dies before the checkpoint that would contain it is made again.
    command(writer, 100, "optimizer.lr=0.2");
  }
  for (const std::int64_t id : ids)
    QCOMPARE(commands_of(folder, id, 100), std::string("100 optimizer.lr=0.2; "));
  RunWriter writer(folder.database(), resumed(race_of_two(), ids, 100));
  command(writer, 100, "optimizer.lr=0.2");
  post_checkpoint(writer, 100, 2);
  writer.finish(RunStatus::stopped, "");
  for (const std::int64_t id : ids) {
    QCOMPARE(commands_of(folder, id, 100), std::string());
    QCOMPARE(commands_of(folder, id, -1), std::string("100 optimizer.lr=0.1; 100 optimizer.lr=0.2; "));
  }
}

void TestResume::a_command_that_is_taken_back_leaves_no_row_and_no_state() {
  Folder folder;
  RunWriter writer(folder.database(), race_of_two());
  const auto checkpoints = [&] {
    return ask(folder.database(),
               "SELECT coalesce(group_concat(step || ':' || covered, ' '), '') FROM (SELECT * FROM "
               "checkpoints WHERE run = 1 ORDER BY step)");
  };
  post(writer, steps(1, 40, 2));
  post_checkpoint(writer, 40, 2);
  QTRY_COMPARE(checkpoints(), std::string("40:0"));
  post(writer, steps(41, 50, 2));
  command(writer, 50, "optimizer.lr=0.5");
  post_checkpoint(writer, 50, 2);
  QTRY_COMPARE(checkpoints(), std::string("40:0 50:2"));  // a row for each racer
  const std::filesystem::path file =
      folder.path(ask(folder.database(), "SELECT file FROM checkpoints WHERE run = 1 AND step = 50").c_str());
  QVERIFY(std::filesystem::exists(file));
  Observations news;
  news.commands = {{50, "set", "optimizer.lr=0.5", true}};
  news.events = {event_of(0, 50, "undo", "taken back"), event_of(1, 50, "undo", "taken back")};
  post(writer, news);
  QTRY_COMPARE(ask(folder.database(), "SELECT count(*) FROM events WHERE kind = 'undo'"), std::string("2"));
  // In one transaction: never a state with a command that there is no row of.
  QCOMPARE(ask(folder.database(), "SELECT count(*) FROM commands"), std::string("0"));
  QCOMPARE(checkpoints(), std::string("40:0"));
  QTRY_VERIFY(!std::filesystem::exists(file));
  post_checkpoint(writer, 50, 2);
  QTRY_COMPARE(checkpoints(), std::string("40:0 50:0"));
  command(writer, 50, "optimizer.lr=0.25");
  writer.finish(RunStatus::stopped, "");
  QCOMPARE(commands_of(folder, 1, -1), std::string("50 optimizer.lr=0.25; "));
}

void TestResume::a_racer_that_fell_stays_out() {
  Folder folder;
  std::vector<std::int64_t> ids;
  {
    RunWriter writer(folder.database(), race_of_two());
    ids = writer.ids();
    Observations fall = steps(1, 100, 2);
    fall.events = {event_of(1, 60, "failed", "the loss is not a number")};
    fall.checkpoints.emplace_back().racers.assign(2, checkpoint_at(100));
    post(writer, fall);
  }
  RunWriter writer(folder.database(), resumed(race_of_two(), ids, 100));
  Observations on = steps(101, 110, 1);
  on.states = {SessionState::running};
  post(writer, on);
  writer.finish(RunStatus::finished, "");
  QCOMPARE(ask(folder.database(), "SELECT group_concat(status || ' ' || failure, ';') FROM runs"),
           std::string("finished ;failed the loss is not a number"));
}

void TestResume::a_session_that_failed_at_the_checkpoint_goes_on() {
  Folder folder;
  std::vector<std::int64_t> ids;
  {
    RunWriter writer(folder.database(), race_of_two());
    ids = writer.ids();
    Observations end = steps(1, 100, 2);
    end.checkpoints.emplace_back().racers.assign(2, checkpoint_at(100));
    end.events = {event_of(0, 100, "failed", "out of memory"), event_of(1, 100, "failed", "out of memory")};
    end.states = {SessionState::failed};
    post(writer, end);
    writer.finish(RunStatus::failed, "out of memory");
  }
  QCOMPARE(ask(folder.database(), "SELECT group_concat(status) FROM runs"), std::string("failed,failed"));
  RunWriter writer(folder.database(), resumed(race_of_two(), ids, 100));
  QCOMPARE(ask(folder.database(), "SELECT group_concat(status || failure) FROM runs"),
           std::string("running,running"));
  QCOMPARE(ask(folder.database(), "SELECT count(ended) FROM runs"), std::string("0"));
}

void TestResume::a_run_in_use_is_refused() {
  Folder folder;
  RunWriter writer(folder.database(), race_of_two());
  post_checkpoint(writer, 100, 2);
  QTRY_COMPARE(ask(folder.database(), "SELECT count(*) FROM checkpoints"), std::string("2"));
  const std::string why =
      refusal([&] { RunWriter(folder.database(), resumed(race_of_two(), writer.ids(), 100)); });
  QVERIFY2(why.find("in use by process " + std::to_string(QCoreApplication::applicationPid())) !=
               std::string::npos,
           why.c_str());
  QCOMPARE(mark_interrupted(folder.database()), 0);
}

void TestResume::an_unknown_run_is_refused() {
  Folder folder;
  { RunWriter writer(folder.database(), single()); }
  const std::string why = refusal([&] { RunWriter(folder.database(), resumed(single(), {42}, 1)); });
  QVERIFY2(why.find("no run 42") != std::string::npos, why.c_str());
}

void TestResume::live_data_forgets_as_the_database_does() {
  Folder folder;
  const auto ids = live_and_die(folder, single());
  RunData live = RunReader(folder.database()).load(ids[0]);
  const auto revision = live.revision;
  forget_after(live, 100);
  RunWriter writer(folder.database(), resumed(single(), ids, 100));
  const RunData stored = RunReader(folder.database()).load(ids[0]);
  QCOMPARE(live.series.size(), stored.series.size());
  QVERIFY(live.find("loss")->step == stored.find("loss")->step);
  QCOMPARE(live.events.size(), stored.events.size());
  QCOMPARE(live.step, stored.step);
  QCOMPARE(live.epoch, stored.epoch);
  QCOMPARE(live.seconds, stored.seconds);
  QVERIFY(live.revision > revision);
}

QTEST_GUILESS_MAIN(TestResume)
#include "test_resume.moc"
