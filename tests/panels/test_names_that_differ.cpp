// What sweeps and columns are called: by what varies, and by the part of the form that a setting is of; and
// small numbers, which are not 0.
#include <QtTest>
#include <nlohmann/json.hpp>

#include "engine/experiment/experiment.h"
#include "engine/runs/run_words.h"
#include "ui/panels/library_column.h"
#include "ui/panels/status_strip.h"
#include "ui/panels/stored_sweeps.h"

using namespace grapevine;

namespace {

RunSummary run_of(std::int64_t id, const char* rule, std::int64_t seed, const char* name = "") {
  RunSummary run;
  run.id = id;
  run.group_kind = run_group::sweep;
  run.group_uuid = "11111111-0000-4000-8000-000000000001";
  run.name = name;
  run.rule = rule;
  run.model = "mlp";
  run.data = "shapes";
  run.seed = seed;
  run.status = RunStatus::finished;
  return run;
}

std::string name_of(const std::vector<RunSummary>& runs) {
  const std::vector<StoredSweep> sweeps = stored_sweeps(runs);
  return sweeps.size() == 1 ? sweeps.front().name : "";
}

}  // namespace

class TestNamesThatDiffer : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_sweep_is_called_by_what_varies() {
    QCOMPARE(name_of({run_of(1, "bp", 0), run_of(2, "dfa", 0), run_of(3, "bp", 1), run_of(4, "dfa", 1)}),
             std::string("2 rules × 2 seeds, mlp, shapes"));
    QCOMPARE(name_of({run_of(1, "bp", 0), run_of(2, "bp", 0)}), std::string("BP, mlp, shapes"));
  }
  void a_sweep_over_a_setting_alone_says_so() {
    std::vector<std::string> experiments;
    for (const char* rate : {"0.1", "0.01"}) {
      for (const int seed : {0, 1}) {
        Experiment experiment("bp");
        experiment.set_text("optimizer.lr", rate);
        experiment.set("seed", std::int64_t{seed});
        experiments.push_back(experiment.to_json().dump());
      }
    }
    const QString varied = varied_settings(experiments);
    QCOMPARE(varied, QString("Learning rate: 0.1, 0.01"));
    const StoredSweep sweep = stored_sweeps({run_of(1, "bp", 0), run_of(2, "bp", 1)}).front();
    QVERIFY2(sweep.title(varied).startsWith("BP × Learning rate: 0.1, 0.01 × 2 seeds, mlp, shapes"),
             qPrintable(sweep.title(varied)));
    QVERIFY(stored_sweeps({run_of(1, "bp", 0, "rates")}).front().title(varied).startsWith("rates"));
    // Of many values the first.
    for (const char* rate : {"0.2", "0.3", "0.4"}) {
      Experiment experiment("bp");
      experiment.set_text("optimizer.lr", rate);
      experiments.push_back(experiment.to_json().dump());
    }
    QCOMPARE(varied_settings(experiments), QString("Learning rate: 0.1, 0.01, 0.2, 0.3, \u2026"));
  }
  void a_name_of_its_own_is_used() {
    QCOMPARE(name_of({run_of(1, "bp", 0, "rates"), run_of(2, "dfa", 0, "rates")}), std::string("rates"));
    QVERIFY(name_of({run_of(1, "bp", 0, "one"), run_of(2, "dfa", 0, "other")}) != "one");
  }
  void columns_say_of_which_part_they_are() {
    const auto title = [](const char* key) { return library_column(QLatin1String(key))->title(); };
    QCOMPARE(title("calibration.every"), QString("Calibration: every"));
    QCOMPARE(title("calibration.when"), QString("Calibration: when"));
    QCOMPARE(title("probe.every"), QString("Measures: every"));
    QCOMPARE(title("optimizer.lr"), QString("Learning rate"));
  }
  void slow_is_not_still() {
    const auto number = [](double value, char format, int digits) {
      return QLocale().toString(value, format, digits);
    };
    QVERIFY(speed_text(0.02).startsWith(number(0.02, 'f', 2)));
    QVERIFY(speed_text(3.41).startsWith(number(3.4, 'f', 1)));
    QVERIFY(speed_text(120.4).startsWith(QStringLiteral("120 ")));
    // Six steps of an epoch of 600.
    const RunKey epochs{RunKey::Kind::column, "epochs"};
    QCOMPARE(cell_text(epochs, RunCell(0.01)), number(0.01, 'f', 2));
    QCOMPARE(cell_text(epochs, RunCell(1.5)), number(1.5, 'f', 1));
  }
};

QTEST_MAIN(TestNamesThatDiffer)
#include "test_names_that_differ.moc"
