// Live changes as text: what is written is read as the same, what is no command is none, and a log gives each
// back at its step and keeps it until it was carried out.
#include <QtTest>

#include "engine/session/command_log.h"

using namespace grapevine;

class TestCommandLog : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void what_is_written_is_read_as_the_same();
  void what_is_no_command_is_none_data();
  void what_is_no_command_is_none();
  void a_log_gives_each_back_at_its_step();
};

void TestCommandLog::what_is_written_is_read_as_the_same() {
  const auto text = [](const LiveChange& change) {
    return QString::fromStdString(record_of(change, 7).value);
  };
  QCOMPARE(text({.calibrates = true, .racer = -1, .key = "", .value = ""}), QString());
  QCOMPARE(text({.calibrates = true, .racer = 2, .key = "", .value = ""}), QString("2"));
  QCOMPARE(text({.calibrates = false, .racer = -1, .key = "optimizer.lr", .value = "0.1"}),
           QString("optimizer.lr=0.1"));
  QCOMPARE(text({.calibrates = false, .racer = 0, .key = "name", .value = "a:b=c"}), QString("0:name=a:b=c"));
  for (const LiveChange& change :
       {LiveChange{true, -1, "", ""}, LiveChange{true, 11, "", ""},
        LiveChange{false, -1, "optimizer.lr", "1e-3"}, LiveChange{false, 3, "name", "x:y=z"}}) {
    const CommandRecord record = record_of(change, 7);
    QCOMPARE(record.step, 7);
    const std::optional<LiveChange> again = change_of(record);
    QVERIFY(again);
    QCOMPARE(again->calibrates, change.calibrates);
    QCOMPARE(again->racer, change.racer);
    QCOMPARE(again->key, change.key);
    QCOMPARE(again->value, change.value);
  }
}

void TestCommandLog::what_is_no_command_is_none_data() {
  QTest::addColumn<QString>("command");
  QTest::addColumn<QString>("value");
  QTest::newRow("unknown") << "lesion"
                           << "1";
  QTest::newRow("a word for a racer") << "calibrate"
                                      << "abc";
  QTest::newRow("a negative racer") << "calibrate"
                                    << "-1";
  QTest::newRow("a racer too large for a number") << "calibrate"
                                                  << "99999999999999999999";
  QTest::newRow("no equals sign") << "set"
                                  << "optimizer.lr";
  QTest::newRow("no key") << "set"
                          << "=1";
  QTest::newRow("no key of a racer") << "set"
                                     << "1:=1";
  QTest::newRow("no racer before the colon") << "set"
                                             << ":optimizer.lr=1";
  QTest::newRow("a word before the colon") << "set"
                                           << "x:optimizer.lr=1";
}

void TestCommandLog::what_is_no_command_is_none() {
  QFETCH(QString, command);
  QFETCH(QString, value);
  QVERIFY(!change_of({1, command.toStdString(), value.toStdString()}));
}

void TestCommandLog::a_log_gives_each_back_at_its_step() {
  CommandLog log({{3, "set", "optimizer.lr=1"}, {3, "lesion", "all"}, {5, "calibrate", "1"}});
  QVERIFY(!log.due(2));
  QCOMPARE(log.due(3)->key, std::string("optimizer.lr"));
  QCOMPARE(log.due(3)->key, std::string("optimizer.lr"));  // a stop came in between: it is still to be done
  log.carried_out();
  QVERIFY(!log.due(4));  // what this program does not know is passed over
  QVERIFY(log.due(6)->calibrates);
  log.carried_out();
  QVERIFY(!log.due(100));
}

QTEST_APPLESS_MAIN(TestCommandLog)
#include "test_command_log.moc"
