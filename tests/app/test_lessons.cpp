// Lessons in the terminal: listed, checked, and gone through by a scripted student.
#include <SQLiteCpp/SQLiteCpp.h>
#include <signal.h>

#include <QTest>

#include "tests/app/terminal.h"

class TestLessons : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void lessons_are_listed_and_shown();
  void a_file_is_checked();
  void a_student_goes_through_a_small_lesson();
  void what_a_run_does_not_show_is_told();
  void a_stopped_lesson_is_no_failed_one();
  void experiments_keep_the_distance_of_their_seeds();
  void wrong_words_are_refused();
};

namespace {

/// A lesson whose training takes a second.
QByteArray small_lesson(const QByteArray& condition) {
  QByteArray json =
      "{'lesson': 1, 'title': 'Small', 'experiments': {'main': {'data': {'name': 'shapes', 'train_limit': "
      "640,"
      "'test_limit': 100}, 'model': {'hidden': [16]}, 'train': {'epochs': 2, 'batch': 64},"
      "'probe': {'every': 5, 'batch': 32}, 'race': [{'rule': {'name': 'bp'}}, {'rule': {'name': 'grape'}}]}},"
      "'steps': [{'title': 'One', 'experiment': 'main', 'seen': 'Grape has {grape.cos_b_j[1]}.', 'until': [" +
      condition +
      "]}, {'title': 'Two', 'question': {'text': '?', 'choices': [{'text': 'a'}, {'text': 'b', 'right': "
      "true}]},"
      "'until': [{'answer': true}]}]}";
  return json.replace('\'', '"');
}

bool has_samples(const std::string& database) {
  if (!QFile::exists(QString::fromStdString(database))) return false;
  try {
    SQLite::Database file(database, SQLite::OPEN_READONLY, 5000);
    return file.execAndGet("SELECT count(*) FROM samples").getInt() > 0;
  } catch (const SQLite::Exception&) {
    return false;  // it is being made
  }
}

}  // namespace

void TestLessons::lessons_are_listed_and_shown() {
  const Terminal terminal;
  const Outcome list = terminal.run({"lessons", "--json"});
  QCOMPARE(list.status, 0);
  const QJsonArray all = list.json()["lessons"].toArray();
  QVERIFY(all.size() >= 10);
  for (const auto& each : all) {
    const QJsonObject lesson = each.toObject();
    const Outcome shown = terminal.run({"lessons", "show", lesson["name"].toString()});
    QCOMPARE(shown.status, 0);
    QVERIFY(shown.out.startsWith(lesson["title"].toString()));
  }
}

void TestLessons::a_file_is_checked() {
  const Terminal terminal;
  const QString good = terminal.write("good.json", small_lesson("{'event': 'finished'}"));
  const QString bad = terminal.write("bad.json", small_lesson("{'event': 3}"));
  QCOMPARE(terminal.run({"lessons", "check", good}).status, 0);
  const Outcome outcome = terminal.run({"lessons", "check", good, bad});
  QCOMPARE(outcome.status, 2);
  QVERIFY2(outcome.err.contains("bad.json: line 1: steps[1].until[1].event: expected text"),
           qPrintable(outcome.err));
}

void TestLessons::a_student_goes_through_a_small_lesson() {
  const Terminal terminal;
  const QString file = terminal.write(
      "small.json", small_lesson("{'event': 'finished'}, {'measure': 'grape.cos_b_j[1]', 'above': -1},"
                                 "{'command': 'set', 'key': 'optimizer.lr', 'example': '0.01'},"
                                 "{'command': 'calibrate'}"));
  const Outcome outcome = terminal.run({"lessons", "run", file, "--threads", "1", "--seed", "3", "--json"});
  QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
  const QJsonObject result = outcome.json();
  QVERIFY(result["complete"].toBool());
  const QJsonObject first = result["steps"].toArray().first().toObject();
  QCOMPARE(first["conditions"].toArray().size(), 4);
  QVERIFY(!first["seen"].toArray().first().toString().contains("–"));
  QVERIFY(!QFile::exists(terminal.database()));  // nobody asked to keep the runs
}

void TestLessons::what_a_run_does_not_show_is_told() {
  const Terminal terminal;
  const QString file =
      terminal.write("never.json", small_lesson("{'measure': 'grape.cos_b_j[1]', 'above': 1}"));
  const Outcome outcome = terminal.run({"lessons", "run", file, "--threads", "1"});
  QCOMPARE(outcome.status, 1);
  QVERIFY2(outcome.err.contains("1 of 2 steps"), qPrintable(outcome.err));
  QVERIFY(outcome.out.contains("[ ] GrAPE"));
}

void TestLessons::a_stopped_lesson_is_no_failed_one() {
  // In the middle of a training that nobody waits for the end of, and before its first step.
  for (const bool trains : {true, false}) {
    const Terminal terminal;
    QByteArray json = small_lesson("{'event': 'finished'}");
    json.replace("\"epochs\": 2", "\"epochs\": 100000");
    if (!trains) json.replace("\"train_limit\": 640", "\"train_limit\": 200000");
    const QString file = terminal.write("long.json", json);
    const auto process =
        terminal.start({"lessons", "run", file, "--threads", "1", "--json", "--db", terminal.database()});
    if (trains) {
      const std::string database = terminal.database().toStdString();
      QTRY_VERIFY_WITH_TIMEOUT(has_samples(database), 60000);
    } else {
      QVERIFY(process->waitForStarted());
      QTest::qWait(1500);
    }
    kill(static_cast<pid_t>(process->processId()), SIGINT);
    const Outcome outcome = Terminal::end_of(*process);
    QCOMPARE(outcome.status, 130);
    QVERIFY2(outcome.err.contains("stopped; what was trained is stored in"), qPrintable(outcome.err));
    QVERIFY(!outcome.err.contains("did not show"));
    QCOMPARE(outcome.json()["exit_status"].toInt(), 130);
  }
}

void TestLessons::experiments_keep_the_distance_of_their_seeds() {
  const Terminal terminal;
  QByteArray lesson =
      "{'lesson': 1, 'title': 'Two seeds', 'experiments': {'one': {'seed': 4, SMALL}, 'two': {'seed': 6, "
      "SMALL}},"
      "'steps': [{'title': 'One', 'experiment': 'one', 'until': [{'event': 'finished'}]},"
      "{'title': 'Two', 'experiment': 'two', 'until': [{'event': 'finished'}]}]}";
  lesson.replace("SMALL",
                 "'data': {'name': 'shapes', 'train_limit': 64, 'test_limit': 50}, 'model': {'hidden': [4]},"
                 "'train': {'epochs': 1, 'batch': 64}");
  const QString file = terminal.write("seeds.json", lesson.replace('\'', '"'));
  const Outcome run =
      terminal.run({"lessons", "run", file, "--threads", "1", "--seed", "10", "--db", terminal.database()});
  QVERIFY2(run.status == 0, qPrintable(run.err));
  QList<int> seeds;
  SQLite::Database stored(terminal.database().toStdString());
  for (SQLite::Statement row(stored, "SELECT seed FROM runs ORDER BY id"); row.executeStep();)
    seeds << row.getColumn(0).getInt();
  QCOMPARE(seeds, (QList<int>{10, 12}));
}

void TestLessons::wrong_words_are_refused() {
  const Terminal terminal;
  const Outcome action = terminal.run({"lessons", "play", "direct"});
  QCOMPARE(action.status, 2);
  QVERIFY(is_one_line(action.err));
  QCOMPARE(terminal.run({"lessons", "run"}).status, 2);
  const Outcome name = terminal.run({"lessons", "show", "dirct"});
  QCOMPARE(name.status, 2);
  QVERIFY2(name.err.contains("did you mean direct"), qPrintable(name.err));
}

QTEST_GUILESS_MAIN(TestLessons)
#include "test_lessons.moc"
