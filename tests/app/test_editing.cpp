// edit in the terminal: names, tags, notes, and what is refused.
#include "tests/app/small_runs.h"
#include "tests/app/terminal.h"
#include "tests/runs/support.h"

using namespace grapevine;

class TestEditing : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void edit_changes_what_the_library_says();
  void a_name_is_seen_or_there_is_none();
  void a_note_stands_at_a_step();
  void edit_refuses_what_it_cannot_do_data();
  void edit_refuses_what_it_cannot_do();

 private:
  std::string database() const { return terminal_->database().toStdString(); }
  std::int64_t add(const char* rule, std::int64_t seed, double accuracy) {
    return store_small_run(database(), ++count_, {rule, seed, accuracy, "", "test_accuracy"});
  }
  Outcome run(const QStringList& arguments) const { return terminal_->run(arguments); }
  QList<int> listed(const QStringList& arguments) const;

  std::unique_ptr<Terminal> terminal_;
  int count_ = 0;
};

void TestEditing::init() {
  terminal_ = std::make_unique<Terminal>();
  count_ = 0;
}

QList<int> TestEditing::listed(const QStringList& arguments) const {
  QList<int> ids;
  const Outcome outcome = run(QStringList{"list", "--json"} + arguments);
  for (const QJsonValue& one : outcome.json()["runs"_L1].toArray()) ids += one["id"_L1].toInt();
  return ids;
}

void TestEditing::edit_changes_what_the_library_says() {
  add("bp", 0, 0.9);
  add("dfa", 0, 0.8);
  QCOMPARE(run({"edit", "1", "2", "--name", "both", "--tag", "good", "--tag", "seen", "--note", "a note",
                "--colour", "#0072B2", "--pin"})
               .status,
           0);
  QCOMPARE(QString::fromStdString(ask(database(),
                                      "SELECT group_concat(name || tags || notes || colour || colour_chosen "
                                      "|| pinned, '; ') FROM runs")),
           QString("bothgood, seena note2936211; bothgood, seena note2936211"));
  QCOMPARE(run({"edit", "1", "--untag", "good", "--unpin", "--note", ""}).status, 0);
  QCOMPARE(QString::fromStdString(
               ask(database(), "SELECT tags || '|' || notes || '|' || pinned FROM runs WHERE id = 1")),
           QString("seen||0"));
  QCOMPARE(listed({"--filter", "tags=good"}), (QList<int>{2}));
  QCOMPARE(listed({"--filter", "pinned=1"}), (QList<int>{2}));
  QCOMPARE(run({"edit", "1", "--archive", "--baseline"}).status, 0);
  QCOMPARE(listed({}), QList<int>{2});
  QCOMPARE(listed({"--archived"}), (QList<int>{2, 1}));
  QCOMPARE(listed({"--filter", "archived=1"}), QList<int>{1});
  QCOMPARE(run({"edit", "1", "--unarchive"}).status, 0);
  QCOMPARE(listed({"--filter", "baseline=1"}), QList<int>{1});
}

// A name of blanks would be a row that nobody can name; one of two lines breaks tables.
void TestEditing::a_name_is_seen_or_there_is_none() {
  add("bp", 0, 0.9);
  const auto name = [&] { return QString::fromStdString(ask(database(), "SELECT name FROM runs")); };
  QCOMPARE(run({"edit", "1", "--name", " a\tname\r\nof \x1b[31m two  "}).status, 0);
  QCOMPARE(name(), QString("a name of [31m two"));
  QVERIFY(!run({"edit", "1", "--name", "x"}).out.contains("number"));
  for (const char* empty : {"", "   ", "\n\t"}) {
    QCOMPARE(run({"edit", "1", "--name", "x"}).status, 0);
    const Outcome outcome = run({"edit", "1", "--name", empty});
    QCOMPARE(outcome.status, 0);
    QVERIFY2(outcome.out.contains("no name now and is called by its number"), qPrintable(outcome.out));
    QCOMPARE(name(), QString());
  }
}

void TestEditing::a_note_stands_at_a_step() {
  const std::int64_t run_of_it = add("bp", 0, 0.9);
  const auto notes = [&] {
    return QString::fromStdString(
        ask(database(),
            "SELECT coalesce(group_concat(step || ' ' || epoch || ' ' || cause, '; '), '') FROM events "
            "WHERE kind = 'note' AND run = " +
                std::to_string(run_of_it)));
  };
  const QString steps = QString::fromStdString(ask(database(), "SELECT steps FROM runs WHERE id = 1"));
  QCOMPARE(run({"edit", "1", "--at", steps, "--note", "a spike"}).status, 0);
  QCOMPARE(notes().section(' ', 0, 0), steps);
  QVERIFY(notes().endsWith("a spike"));
  // Its epoch is the run's, at its last step.
  QCOMPARE(notes().section(' ', 1, 1).toDouble(),
           std::stod(ask(database(), "SELECT epochs FROM runs WHERE id = 1")));
  QVERIFY(run({"show", "1"}).out.contains("a spike"));
  QCOMPARE(run({"edit", "1", "--at", steps, "--note", "another word"}).status, 0);
  QVERIFY(notes().endsWith("another word") && !notes().contains(';'));
  QCOMPARE(run({"edit", "1", "--at", steps, "--note", ""}).status, 0);
  QCOMPARE(notes(), QString());
  QCOMPARE(QString::fromStdString(ask(database(), "SELECT notes FROM runs WHERE id = 1")), QString());
}

void TestEditing::edit_refuses_what_it_cannot_do_data() {
  QTest::addColumn<QStringList>("arguments");
  QTest::newRow("nothing to change") << QStringList{"1"};
  QTest::newRow("no such run") << QStringList{"7", "--name", "x"};
  QTest::newRow("a name longer than an experiment's") << QStringList{"1", "--name", QString(10001, u'x')};
  QTest::newRow("no colour") << QStringList{"1", "--colour", "red"};
  QTest::newRow("two words") << QStringList{"1", "--tag", "two words"};
  QTest::newRow("an empty word") << QStringList{"1", "--tag", ""};
  QTest::newRow("a control character") << QStringList{"1", "--tag", "a\x01"};
  QTest::newRow("a long name") << QStringList{"1", "--name", QString(110'000, 'x')};
  QTest::newRow("both") << QStringList{"1", "--pin", "--unpin"};
  QTest::newRow("a step without a note") << QStringList{"1", "--at", "1"};
  QTest::newRow("no step") << QStringList{"1", "--at", "one", "--note", "x"};
  QTest::newRow("a step that was not made") << QStringList{"1", "--at", "1000000", "--note", "x"};
  QTest::newRow("no note to take away") << QStringList{"1", "--at", "0", "--note", ""};
}

void TestEditing::edit_refuses_what_it_cannot_do() {
  QFETCH(QStringList, arguments);
  add("bp", 0, 0.9);
  const Outcome outcome = run(QStringList{"edit"} + arguments);
  QCOMPARE(outcome.status, 2);
  QVERIFY2(is_one_line(outcome.err), qPrintable(outcome.err));
}

QTEST_GUILESS_MAIN(TestEditing)
#include "test_editing.moc"
