// theory with the options that all commands share, and what it answers to those that mean nothing to a study.
#include "tests/app/terminal.h"

class TestTheory : public QObject {
  Q_OBJECT

 private:
  /// A study of a small network, in a moment.
  static QStringList study(const char* key, const QStringList& more) {
    return QStringList{"theory", key,     "--draws",          "2",     "--threads",
                       "1",      "--set", "data.name=shapes", "--set", "model.hidden=[8]"} +
           more;
  }

 private Q_SLOTS:
  void a_rule_may_be_set_where_rules_are_compared() {
    const Terminal terminal;
    for (const QStringList& named : {QStringList{"--set", "rule.name=dfa"}, {"--rules", "dfa"}}) {
      const Outcome outcome = terminal.run(study("costs", named + QStringList{"--json"}));
      QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
      const QJsonArray rows = outcome.json()["rows"_L1].toArray();
      QCOMPARE(rows.size(), 1);
      QCOMPARE(rows[0]["name"_L1].toString(), QString("dfa"));
    }
    const Outcome both = terminal.run(study("costs", {"--rules", "bp", "--set", "rule.name=dfa"}));
    QCOMPARE(both.status, 2);
    QVERIFY2(both.err.contains("--rules"), qPrintable(both.err));
  }

  void what_is_wrong_is_said_data() {
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("says");
    QTest::newRow("an unknown rule") << study("costs", {"--set", "rule.name=daf"}) << "dfa";
    QTest::newRow("rules of a study that compares none")
        << study("lemma_b2", {"--rules", "bp,dfa"}) << "does not compare rules";
    QTest::newRow("an unknown study") << study("lemma", {}) << "lemma_b2";
    QTest::newRow("an unknown setting") << study("costs", {"--set", "optimizer.lrr=1"}) << "optimizer.lr";
    QTest::newRow("a seed in letters") << study("lemma_b2", {"--seed", "x"}) << "whole number";
  }
  void what_is_wrong_is_said() {
    QFETCH(QStringList, words);
    QFETCH(QString, says);
    const Outcome outcome = Terminal().run(words);
    QCOMPARE(outcome.status, 2);
    QVERIFY2(outcome.err.contains(says), qPrintable(outcome.err));
    QVERIFY(outcome.out.isEmpty());
  }
};

QTEST_GUILESS_MAIN(TestTheory)
#include "test_theory.moc"
