// Each lesson that comes along, from end to end: what it waits for comes true. GRAPEVINE_LESSON_SEEDS="0 1 2"
// takes several seeds (make soak).
#include <QTest>

#include "tests/app/terminal.h"

class TestLessonsSlow : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_student_goes_through_data();
  void a_student_goes_through();
};

void TestLessonsSlow::a_student_goes_through_data() {
  QTest::addColumn<QString>("lesson");
  QTest::addColumn<QString>("seed");
  const QString seeds = qEnvironmentVariable("GRAPEVINE_LESSON_SEEDS", "0");
  const Terminal terminal;
  for (const auto& lesson : terminal.run({"lessons", "--json"}).json()["lessons"].toArray())
    for (const QString& seed : seeds.split(' ', Qt::SkipEmptyParts)) {
      const QString name = lesson.toObject()["name"].toString();
      QTest::newRow(qPrintable(name + ", seed " + seed)) << name << seed;
    }
}

void TestLessonsSlow::a_student_goes_through() {
  QFETCH(QString, lesson);
  QFETCH(QString, seed);
  const Terminal terminal;
  const QJsonArray sets = terminal.run({"datasets", "--json"}).json()["datasets"].toArray();
  for (const auto& each : sets)
    if (const QJsonObject set = each.toObject();
        set["name"].toString() == "fashion_mnist" && !set["present"].toBool())
      QSKIP("Fashion-MNIST is not installed (Debian's dataset-fashion-mnist)");
  auto process = terminal.start({"lessons", "run", lesson, "--seed", seed, "--threads", "2"});
  QVERIFY(process->waitForFinished(590000));
  const Outcome outcome = Terminal::end_of(*process);
  QVERIFY2(outcome.status == 0, qPrintable(outcome.err + outcome.out));
}

QTEST_GUILESS_MAIN(TestLessonsSlow)
#include "test_lessons_slow.moc"
