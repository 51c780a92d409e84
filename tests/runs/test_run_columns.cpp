// The columns that every run has: each is there for filters and lists, and holds what it says.
#include <QtTest>
#include <set>

#include "engine/runs/run_key.h"
#include "engine/runs/run_reader.h"

using namespace grapevine;

namespace {

/// No two of its values are alike.
RunSummary sample() {
  RunSummary run;
  run.id = 11;
  run.status = RunStatus::stopped;
  run.uuid = "a-uuid";
  run.name = "a name";
  run.rule = "dfa";
  run.model = "lenet5";
  run.data = "mnist";
  run.started = "2026-01-02T03:04:05Z";
  run.ended = "2026-01-02T04:04:05Z";
  run.tags = "one two";
  run.notes = "a note";
  run.group_kind = "race";
  run.device = "cpu";
  run.seed = 12;
  run.epochs = 2.5;
  run.steps = 13;
  run.origin = "fork";
  return run;
}

}  // namespace

class TestRunColumns : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void each_column_holds_what_it_says() {
    std::set<std::string> seen;
    for (const RunColumn& column : run_columns()) {
      const RunCell cell = column_of(sample(), column.name);
      QVERIFY2(!is_empty(cell) && *column.help, column.name);
      QVERIFY2(std::holds_alternative<double>(cell) == column.holds_numbers, column.name);
      const RunKey key = parse_run_key(column.name);
      QVERIFY2(key.kind == RunKey::Kind::column && holds_numbers(key) == column.holds_numbers, column.name);
      const std::string name = column.name;
      if (name != "pinned" && name != "archived" && name != "baseline")
        QVERIFY2(seen.insert(to_text(cell)).second, column.name);  // of no other column
    }
    QCOMPARE(to_text(column_of(sample(), "epochs")), std::string("2.5"));
    QCOMPARE(to_text(column_of(sample(), "group")), std::string("race"));
  }
  void flags_are_one_or_zero() {
    RunSummary run = sample();
    for (const char* name : {"pinned", "archived", "baseline"})
      QCOMPARE(to_text(column_of(run, name)), std::string("0"));
    run.archived = true;
    QCOMPARE(to_text(column_of(run, "archived")), std::string("1"));
    QCOMPARE(to_text(column_of(run, "pinned")), std::string("0"));
  }
  void all_words_hold_those_of_the_rule_too() {
    const std::string words = to_text(column_of(sample(), "text"));
    for (const char* part :
         {"11", "a name", "stopped", "dfa", "DFA", "lenet5", "mnist", "one two", "a note", "cpu"})
      QVERIFY2(words.find(part) != std::string::npos, part);
  }
  void there_is_no_other() {
    QVERIFY(!find_run_column("colour"));
    QVERIFY_EXCEPTION_THROWN(column_of(sample(), "colour"), std::logic_error);
  }
};

QTEST_GUILESS_MAIN(TestRunColumns)
#include "test_run_columns.moc"
