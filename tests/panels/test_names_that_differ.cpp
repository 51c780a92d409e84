// What sweeps and columns are called: by what varies, and by the part of the form that a setting is of; and
// small numbers, which are not 0.
#include <QtTest>
#include <nlohmann/json.hpp>

#include "engine/experiment/experiment.h"
#include "engine/runs/run_words.h"
#include "ui/panels/library_column.h"
#include "ui/panels/shown_runs.h"
#include "ui/panels/status_strip.h"
#include "ui/panels/stored_sweeps.h"
#include "ui/panels/words.h"

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
  void a_run_has_one_name_wherever_it_is() {
    const auto stored = [](std::int64_t id, std::int64_t seed, const char* group) {
      Experiment experiment("dfa");
      experiment.set("seed", seed);
      RunData run;
      run.id = id;
      run.rule = "dfa";
      run.group_uuid = group;
      run.experiment = experiment.to_json().dump();
      return run;
    };
    const std::vector<QString> called{"DFA · seed 0", "DFA · seed 2"};
    ShownRuns ticked;
    ticked.add_overlays({stored(1, 0, "s"), stored(2, 2, "s")});
    QCOMPARE(ticked.labels(), called);
    ShownRuns of_a_sweep;
    of_a_sweep.open_stored({stored(1, 0, "s"), stored(2, 2, "s")});
    QCOMPARE(of_a_sweep.labels(), called);
    ShownRuns several;
    several.open_stored({stored(1, 0, ""), stored(2, 2, "")});
    QCOMPARE(several.labels(), called);
    ShownRuns one_over_another;
    one_over_another.open_stored({stored(1, 0, "")});
    one_over_another.add_overlays({stored(2, 2, "")});
    QCOMPARE(one_over_another.labels(), called);
  }
  void racers_are_called_as_runs_are() {
    std::vector<Experiment> racers;
    for (const double rate : {0.5, 0.25}) {
      racers.emplace_back("bp");
      racers.back().set("optimizer.lr", rate);
    }
    QCOMPARE(names_of_racers(racers), (QStringList{"BP · lr 0.5", "BP · lr 0.25"}));
    racers.front().set_text("name", "one (a=b)");
    racers.back().set_text("name", "other");
    QCOMPARE(names_of_racers(racers), (QStringList{"one (a=b)", "other"}));  // as a user wrote them
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
