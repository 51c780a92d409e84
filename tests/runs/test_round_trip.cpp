// What the writer stored is what a mailbox would have filled, sample by sample; while a run is in progress
// and afterwards.
#include <QtTest>
#include <atomic>
#include <cmath>
#include <limits>
#include <thread>

#include "tests/runs/support.h"

using namespace grapevine;

class TestRoundTrip : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everything_comes_back();
  void values_that_are_no_numbers_are_null();
  void a_second_value_of_a_step_replaces_the_first();
  void rows_are_there_while_the_run_goes_on();
  void a_reader_sees_whole_batches();
  void large_batches_keep_their_order();
  void statuses_follow_the_session_data();
  void statuses_follow_the_session();
  void one_racer_fails_the_other_finishes();
  void a_failure_nobody_told_becomes_an_event();
  void what_the_machine_is_comes_from_the_first_event();
  void samples_of_an_unknown_measure_are_kept_out_of_the_figures();
};

namespace {

/// Two racers over 300 steps, with whatever a session says.
std::vector<Observations> story() {
  std::vector<Observations> all;
  for (std::int64_t step = 1; step <= 300; ++step) {
    Observations news;
    for (int racer = 0; racer < 2; ++racer) {
      news.samples.push_back(sample(racer, "loss", 0, step, 2.0 / static_cast<double>(step) + racer));
      for (int point = 1; step % 50 == 0 && point <= 3; ++point) {
        news.samples.push_back(
            sample(racer, "cos_b_j", point, step, 0.1 * point + 0.001 * static_cast<double>(step)));
      }
    }
    if (step == 1) {
      news.events = {event_of(0, 0, "started", "on cpu"), event_of(1, 0, "started", "on cpu")};
      news.states = {SessionState::running};
    }
    if (step == 120) news.events.push_back(event_of(1, step, "calibration", "by hand", R"({"seconds":0.5})"));
    news.step = step;
    news.epoch = static_cast<double>(step) / 100;
    all.push_back(news);
  }
  Observations end;
  end.events = {event_of(0, 300, "finished", "after 300 steps"),
                event_of(1, 300, "finished", "after 300 steps")};
  end.states = {SessionState::finished};
  all.push_back(end);
  return all;
}

void compare(const RunData& stored, const RunData& live) {
  QCOMPARE(stored.status, live.status);
  QCOMPARE(stored.failure, live.failure);
  QCOMPARE(stored.step, live.step);
  QCOMPARE(stored.epoch, live.epoch);
  QCOMPARE(stored.seconds, live.seconds);
  QCOMPARE(stored.series.size(), live.series.size());
  for (const auto& [key, series] : live.series) {
    const Series* found = stored.find(key.first, key.second);
    QVERIFY(found);
    QVERIFY(found->step == series.step);
    QVERIFY(found->epoch == series.epoch);
    QVERIFY(found->seconds == series.seconds);
    QVERIFY(found->value == series.value);
  }
  QCOMPARE(stored.events.size(), live.events.size());
  for (std::size_t i = 0; i < live.events.size(); ++i) {
    QCOMPARE(stored.events[i].racer, live.events[i].racer);
    QCOMPARE(stored.events[i].step, live.events[i].step);
    QCOMPARE(stored.events[i].epoch, live.events[i].epoch);
    QCOMPARE(stored.events[i].kind, live.events[i].kind);
    QCOMPARE(stored.events[i].cause, live.events[i].cause);
    QCOMPARE(stored.events[i].data, live.events[i].data);
  }
}

}  // namespace

void TestRoundTrip::everything_comes_back() {
  Folder folder;
  std::vector<RunData> live(2);
  RunWriter writer(folder.database(), race_of_two());
  for (const Observations& news : story()) {
    absorb(live, news);
    post(writer, news);
  }
  writer.finish(RunStatus::finished, "");
  QCOMPARE(writer.trouble(), std::string());
  QCOMPARE(writer.rows_waiting(), 0);

  RunReader reader(folder.database());
  for (int racer = 0; racer < 2; ++racer) {
    const RunData stored = reader.load(writer.ids()[racer]);
    compare(stored, live[racer]);
    QCOMPARE(stored.uuid, race_of_two().uuids[racer]);
    QCOMPARE(stored.group_uuid, race_of_two().group_uuid);
    QCOMPARE(stored.rule, racer == 0 ? std::string("bp") : std::string("dfa"));
  }
  // Derived by hand: 300 losses and 6 probes of 3 points, for each of two racers.
  QCOMPARE(ask(folder.database(), "SELECT count(*) FROM samples"), std::string("636"));
  QCOMPARE(ask(folder.database(), "SELECT count(*) FROM series WHERE measure = 'cos_b_j'"), std::string("6"));
  QVERIFY(reader.load(writer.ids()[0]).colour != reader.load(writer.ids()[1]).colour);
}

void TestRoundTrip::values_that_are_no_numbers_are_null() {
  Folder folder;
  RunWriter writer(folder.database(), single());
  Observations news;
  news.samples = {sample(0, "loss", 0, 1, 0.25), sample(0, "loss", 0, 2, std::nan("")),
                  sample(0, "loss", 0, 3, std::numeric_limits<double>::infinity()),
                  sample(0, "loss", 0, 4, -std::numeric_limits<double>::infinity())};
  post(writer, news);
  writer.finish(RunStatus::finished, "");
  QCOMPARE(ask(folder.database(), "SELECT group_concat(step) FROM samples WHERE value IS NULL"),
           std::string("2,3,4"));
  const RunData run = RunReader(folder.database()).load(writer.ids()[0]);
  QCOMPARE(run.find("loss")->value[0], 0.25);
  for (int i = 1; i < 4; ++i) QVERIFY(std::isnan(run.find("loss")->value[i]));
}

void TestRoundTrip::a_second_value_of_a_step_replaces_the_first() {
  Folder folder;
  std::vector<RunData> live(1);
  RunWriter writer(folder.database(), single());
  Observations news;
  // The last one comes late: it is sorted in.
  news.samples = {sample(0, "loss", 0, 1, 1), sample(0, "loss", 0, 3, 3), sample(0, "loss", 0, 3, 4),
                  sample(0, "loss", 0, 2, 2)};
  absorb(live, news);
  post(writer, news);
  writer.finish(RunStatus::finished, "");
  const Series expected{{1, 2, 3}, {0.01, 0.02, 0.03}, {0.001, 0.002, 0.003}, {1, 2, 4}};
  const RunData stored = RunReader(folder.database()).load(writer.ids()[0]);
  for (const RunData* run : std::initializer_list<const RunData*>{&live[0], &stored}) {
    QVERIFY(run->find("loss")->step == expected.step);
    QVERIFY(run->find("loss")->value == expected.value);
    QVERIFY(run->find("loss")->epoch == expected.epoch);
  }
}

void TestRoundTrip::rows_are_there_while_the_run_goes_on() {
  Folder folder;
  RunWriter writer(folder.database(), single());
  // The row at once: no news was posted yet.
  QCOMPARE(RunReader(folder.database()).list().size(), std::size_t(1));
  QCOMPARE(RunReader(folder.database()).list()[0].status.text(), std::string("running"));
  for (std::int64_t step = 1; step <= 3; ++step) {
    Observations news;
    news.samples = {sample(0, "loss", 0, step, 1)};
    news.step = step;
    post(writer, news);
    QTRY_COMPARE(ask(folder.database(), "SELECT count(*) FROM samples"), std::to_string(step));
  }
  QCOMPARE(RunReader(folder.database()).load(writer.ids()[0]).step, 3);
}

void TestRoundTrip::a_reader_sees_whole_batches() {
  Folder folder;
  RunWriter writer(folder.database(), race_of_two());
  std::atomic<bool> done{false};
  // A step's samples of both racers are posted together, so a reader must find as many of one as of the
  // other.
  std::thread session([&] {
    for (std::int64_t step = 1; step <= 20000; ++step) {
      Observations news;
      news.samples = {sample(0, "loss", 0, step, 1), sample(1, "loss", 0, step, 1)};
      post(writer, news);
      if (step % 500 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    done = true;
  });
  std::string uneven;
  RunReader reader(folder.database());
  std::size_t before = 0;
  while (!done) {
    const auto difference = ask(folder.database(), "SELECT sum(series = 1) - sum(series = 2) FROM samples");
    if (difference != "0" && !difference.empty()) uneven += difference + " ";
    const RunData run = reader.load(writer.ids()[0]);
    const Series* loss = run.find("loss");
    if (!loss) continue;
    if (loss->size() < before) uneven += "shrank ";
    before = loss->size();
    if (loss->step.back() != static_cast<std::int64_t>(loss->size())) uneven += "hole ";
  }
  session.join();
  writer.finish(RunStatus::finished, "");
  QCOMPARE(uneven, std::string());
  QCOMPARE(reader.load(writer.ids()[1]).find("loss")->size(), std::size_t(20000));
}

void TestRoundTrip::large_batches_keep_their_order() {
  Folder folder;
  RunWriter writer(folder.database(), single());
  Observations news;
  for (std::int64_t step = 1; step <= 70000; ++step) news.samples.push_back(sample(0, "loss", 0, step, 1));
  news.events = {event_of(0, 70000, "epoch")};
  news.step = 70000;
  post(writer, news);
  writer.finish(RunStatus::finished, "");
  QCOMPARE(ask(folder.database(), "SELECT count(*) || ' ' || max(step) FROM samples"),
           std::string("70000 70000"));
  QCOMPARE(ask(folder.database(), "SELECT count(*) FROM events"), std::string("1"));
  QCOMPARE(ask(folder.database(), "SELECT steps FROM runs"), std::string("70000"));
}

void TestRoundTrip::statuses_follow_the_session_data() {
  QTest::addColumn<QList<int>>("states");
  QTest::addColumn<QString>("last_event");
  QTest::addColumn<QString>("finish");
  QTest::addColumn<QString>("expected");
  const int running = static_cast<int>(SessionState::running),
            paused = static_cast<int>(SessionState::paused);
  const int stopping = static_cast<int>(SessionState::stopping),
            finished = static_cast<int>(SessionState::finished);
  QTest::newRow("paused") << QList<int>{running, paused} << ""
                          << ""
                          << "paused";
  QTest::newRow("running again") << QList<int>{running, paused, running} << ""
                                 << ""
                                 << "running";
  QTest::newRow("stopping is still running") << QList<int>{running, stopping} << ""
                                             << ""
                                             << "running";
  QTest::newRow("finished") << QList<int>{running, finished} << "finished"
                            << ""
                            << "finished";
  QTest::newRow("stopped by a command") << QList<int>{running, stopping, finished} << "stopped"
                                        << ""
                                        << "stopped";
  QTest::newRow("the owner knows better") << QList<int>{running, finished} << "finished"
                                          << "stopped"
                                          << "stopped";
}

void TestRoundTrip::statuses_follow_the_session() {
  QFETCH(QList<int>, states);
  QFETCH(QString, last_event);
  QFETCH(QString, finish);
  QFETCH(QString, expected);
  Folder folder;
  RunWriter writer(folder.database(), single());
  Observations news;
  for (const int state : states) news.states.push_back(static_cast<SessionState>(state));
  if (!last_event.isEmpty()) news.events = {event_of(0, 5, last_event.toUtf8())};
  std::vector<RunData> live(1);
  absorb(live, news);
  if (finish.isEmpty()) QCOMPARE(live[0].status.text(), expected.toStdString());
  post(writer, news);
  const bool over = expected == "finished" || expected == "stopped";
  if (over) {
    // An end is noted when all that it stands for is stored, which its owner says by finish().
    QTRY_COMPARE(writer.rows_waiting(), std::int64_t{0});
    QCOMPARE(ask(folder.database(), "SELECT status FROM runs"), std::string("running"));
    writer.finish(StatusWord::read(finish.toStdString()), "");
  }
  QTRY_COMPARE(ask(folder.database(), "SELECT status FROM runs"), expected.toStdString());
  QCOMPARE(ask(folder.database(), "SELECT ended IS NOT NULL FROM runs"), std::string(over ? "1" : "0"));
}

void TestRoundTrip::one_racer_fails_the_other_finishes() {
  Folder folder;
  std::vector<RunData> live(2);
  RunWriter writer(folder.database(), race_of_two());
  Observations fall;
  fall.states = {SessionState::running};
  fall.events = {event_of(1, 40, "failed", "the loss is not a number")};
  fall.step = 40;
  Observations end;
  end.states = {SessionState::finished};
  end.events = {event_of(0, 90, "finished"), event_of(1, 90, "finished")};
  end.step = 90;
  for (const Observations* news : {&fall, &end}) {
    absorb(live, *news);
    post(writer, *news);
  }
  writer.finish(RunStatus::finished, "");
  QCOMPARE(
      ask(folder.database(), "SELECT group_concat(status || ' ' || steps || ' ' || failure, '; ') FROM runs"),
      std::string("finished 90 ; failed 40 the loss is not a number"));
  QCOMPARE(live[1].status.text(), std::string("failed"));
  QCOMPARE(live[1].step, 40);
  QCOMPARE(live[1].failure, std::string("the loss is not a number"));
  QCOMPARE(live[0].status.text(), std::string("finished"));
}

void TestRoundTrip::a_failure_nobody_told_becomes_an_event() {
  Folder folder;
  {
    RunWriter writer(folder.database(), single());
    Observations news;
    news.step = 12;
    post(writer, news);
    writer.finish(RunStatus::failed, "out of memory");
  }
  QCOMPARE(ask(folder.database(), "SELECT step || ' ' || kind || ' ' || cause FROM events"),
           std::string("12 failed out of memory"));
  QCOMPARE(ask(folder.database(), "SELECT status || ' ' || failure FROM runs"),
           std::string("failed out of memory"));
  // A writer that nobody told an end is that of a program that went away.
  { RunWriter writer(folder.database(), single("22222222-0000-4000-8000-000000000002")); }
  QCOMPARE(ask(folder.database(), "SELECT status FROM runs WHERE id = 2"), std::string("interrupted"));
}

void TestRoundTrip::what_the_machine_is_comes_from_the_first_event() {
  Folder folder;
  RunWriter writer(folder.database(), single());
  Observations news;
  news.events = {
      event_of(0, 0, "started", "on cuda:0", R"({"device":"cuda:0","threads":3,"library":"LibTorch 9"})")};
  post(writer, news);
  writer.finish(RunStatus::finished, "");
  QCOMPARE(ask(folder.database(), "SELECT device || ' ' || threads FROM runs"), std::string("cuda:0 3"));
  QCOMPARE(ask(folder.database(), "SELECT json_extract(versions, '$.library') FROM runs"),
           std::string("LibTorch 9"));
  QCOMPARE(ask(folder.database(), "SELECT json_extract(versions, '$.grapevine') FROM runs"),
           std::string(GRAPEVINE_VERSION));
  // A resumed run computes with the threads it had.
  QCOMPARE(ask(folder.database(), "SELECT json_extract(experiment, '$.threads') FROM runs"),
           std::string("3"));
}

void TestRoundTrip::samples_of_an_unknown_measure_are_kept_out_of_the_figures() {
  Folder folder;
  RunWriter writer(folder.database(), single());
  Observations news;
  news.samples = {sample(0, "loss", 0, 1, 1)};
  post(writer, news);
  writer.finish(RunStatus::finished, "");
  tell(folder.database(), "INSERT INTO series (run, measure, point) VALUES (1, 'measure_of_tomorrow', 0)");
  QCOMPARE(RunReader(folder.database()).load(1).series.size(), std::size_t(1));
}

QTEST_GUILESS_MAIN(TestRoundTrip)
#include "test_round_trip.moc"
