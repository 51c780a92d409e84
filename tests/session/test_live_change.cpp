// Live changes as text: what is written is read as the same, as a row of the database and as the terminal
// takes it; what is not a command is refused, with what there is; a log gives each back at its step and keeps
// it until it was carried out.
#include <QtTest>

#include "engine/error.h"
#include "engine/session/command_log.h"

using namespace grapevine;

class TestLiveChange : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_command_is_described();
  void what_is_written_is_read_as_the_same_data();
  void what_is_written_is_read_as_the_same();
  void what_is_no_command_is_none_data();
  void what_is_no_command_is_none();
  void what_is_wrong_is_said_data();
  void what_is_wrong_is_said();
  void a_log_gives_each_back_at_its_step();
};

void TestLiveChange::every_command_is_described() {
  for (const LiveCommand& command : live_commands()) {
    QVERIFY(!command.word.empty() && !command.help.empty());
    QVERIFY(command.word.find(':') == std::string::npos);
  }
  for (const LesionDescriptor& lesion : lesions())
    QVERIFY(!lesion.word.empty() && !lesion.help.empty() && !lesion.done.empty());
}

void TestLiveChange::what_is_written_is_read_as_the_same_data() {
  QTest::addColumn<QString>("typed");
  QTest::addColumn<QString>("command");
  QTest::addColumn<QString>("value");
  QTest::addColumn<QString>("of_racer_2");
  QTest::newRow("calibrate") << "calibrate"
                             << "calibrate"
                             << ""
                             << "2";
  QTest::newRow("set") << "set:optimizer.lr=1e-3"
                       << "set"
                       << "optimizer.lr=1e-3"
                       << "2:optimizer.lr=1e-3";
  QTest::newRow("a value with signs") << "set:name=a:b=c/d"
                                      << "set"
                                      << "name=a:b=c/d"
                                      << "2:name=a:b=c/d";
  QTest::newRow("randomise") << "lesion:1:randomise"
                             << "lesion"
                             << "1:randomise"
                             << "2:1:randomise";
  QTest::newRow("zero") << "lesion:12:zero"
                        << "lesion"
                        << "12:zero"
                        << "2:12:zero";
  QTest::newRow("rotate") << "lesion:3:rotate=45"
                          << "lesion"
                          << "3:rotate=45"
                          << "2:3:rotate=45";
  QTest::newRow("rotate back") << "lesion:3:rotate=-22.5"
                               << "lesion"
                               << "3:rotate=-22.5"
                               << "2:3:rotate=-22.5";
  QTest::newRow("jacobian") << "lesion:2:jacobian"
                            << "lesion"
                            << "2:jacobian"
                            << "2:2:jacobian";
  QTest::newRow("freeze") << "freeze:4"
                          << "freeze"
                          << "4"
                          << "2:4";
  QTest::newRow("unfreeze") << "unfreeze:4"
                            << "unfreeze"
                            << "4"
                            << "2:4";
}

void TestLiveChange::what_is_written_is_read_as_the_same() {
  QFETCH(QString, typed);
  QFETCH(QString, command);
  QFETCH(QString, value);
  QFETCH(QString, of_racer_2);
  LiveChange change = parse_change(typed.toStdString());
  QCOMPARE(QString::fromStdString(to_text(change)), typed);
  QVERIFY(!words_of(change).empty());
  for (const int racer : {-1, 2}) {
    change.racer = racer;
    const CommandRecord record = record_of(change, 7);
    QCOMPARE(record.step, std::int64_t{7});
    QCOMPARE(QString::fromStdString(record.command), command);
    QCOMPARE(QString::fromStdString(record.value), racer < 0 ? value : of_racer_2);
    const std::optional<LiveChange> again = change_of(record);
    QVERIFY(again && *again == change);
  }
}

void TestLiveChange::what_is_no_command_is_none_data() {
  QTest::addColumn<QString>("command");
  QTest::addColumn<QString>("value");
  QTest::newRow("unknown") << "teleport"
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
  QTest::newRow("a lesion of no layer") << "lesion"
                                        << "randomise";
  QTest::newRow("a lesion of layer 0") << "lesion"
                                       << "0:zero";
  QTest::newRow("no such lesion") << "lesion"
                                  << "1:explode";
  QTest::newRow("no angle") << "lesion"
                            << "1:rotate";
  QTest::newRow("an angle of nothing") << "lesion"
                                       << "1:zero=3";
  QTest::newRow("freeze what") << "freeze"
                               << "";
}

void TestLiveChange::what_is_no_command_is_none() {
  QFETCH(QString, command);
  QFETCH(QString, value);
  QVERIFY(!change_of({1, command.toStdString(), value.toStdString()}));
}

void TestLiveChange::what_is_wrong_is_said_data() {
  QTest::addColumn<QString>("typed");
  QTest::addColumn<QString>("said");
  QTest::newRow("a misspelt word") << "leison:2:zero"
                                   << "did you mean lesion?";
  QTest::newRow("another word") << "blow-up"
                                << "The commands are lesion:LAYER:randomise|zero|rotate=DEGREES|jacobian";
  QTest::newRow("a misspelt lesion") << "lesion:2:randomize"
                                     << "did you mean randomise?";
  QTest::newRow("nothing behind it") << "lesion"
                                     << "needs more: lesion:LAYER:";
  QTest::newRow("no lesion") << "lesion:2"
                             << "expected lesion:LAYER:";
  QTest::newRow("a layer in words") << "freeze:two"
                                    << "'two' is not a layer";
  QTest::newRow("an angle in words") << "lesion:2:rotate=right"
                                     << "from -180 to 180 degrees";
  QTest::newRow("an angle too large") << "lesion:2:rotate=181"
                                      << "from -180 to 180 degrees";
  QTest::newRow("no number") << "lesion:2:rotate=nan"
                             << "from -180 to 180 degrees";
  QTest::newRow("too much") << "calibrate:2"
                            << "takes nothing behind it";
  QTest::newRow("no value") << "set:optimizer.lr"
                            << "expected set:KEY=VALUE";
}

void TestLiveChange::what_is_wrong_is_said() {
  QFETCH(QString, typed);
  QFETCH(QString, said);
  try {
    parse_change(typed.toStdString());
    QFAIL("taken for a command");
  } catch (const InputError& error) {
    QVERIFY2(QString(error.what()).contains(said), error.what());
  }
}

void TestLiveChange::a_log_gives_each_back_at_its_step() {
  CommandLog log(
      {{5, "calibrate", "1"}, {3, "set", "optimizer.lr=1"}, {3, "teleport", "all"}, {3, "freeze", "2"}});
  QVERIFY(!log.due(2));
  QCOMPARE(log.due(3)->key, std::string("optimizer.lr"));
  QCOMPARE(log.due(3)->key, std::string("optimizer.lr"));  // a stop came in between: it is still to be done
  log.carried_out();
  QVERIFY(log.due(3)->kind == LiveChange::Kind::freeze);  // what this program does not know is passed over
  log.carried_out();
  QVERIFY(!log.due(4));
  QCOMPARE(log.left().size(), std::size_t{1});
  QVERIFY(log.due(6)->kind == LiveChange::Kind::calibrate);
  log.carried_out();
  QVERIFY(!log.due(100));
}

QTEST_APPLESS_MAIN(TestLiveChange)
#include "test_live_change.moc"
