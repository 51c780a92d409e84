// What runs are called in one list, and in which colour they are drawn for other programs.
#include <QtTest>
#include <utility>

#include "engine/experiment/experiment.h"
#include "engine/runs/colours.h"
#include "engine/runs/run_labels.h"

using namespace grapevine;

namespace {

RunData stored(std::int64_t id, const char* rule,
               std::initializer_list<std::pair<const char*, const char*>> sets = {}) {
  Experiment experiment(rule);
  for (const auto& [key, value] : sets) experiment.set_text(key, value);
  RunData run;
  run.id = id;
  run.rule = rule;
  run.name = "mine";
  run.experiment = experiment.to_json().dump();
  return run;
}

std::vector<std::string> labels(const std::vector<RunData>& runs) {
  std::vector<const RunData*> looked_at;
  for (const RunData& run : runs) looked_at.push_back(&run);
  return labels_that_differ(looked_at);
}

using Labels = std::vector<std::string>;

}  // namespace

class TestRunLabels : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_rule_alone_says_enough() {
    QCOMPARE(labels({stored(1, "bp"), stored(2, "grape")}), (Labels{"BP", "GrAPE"}));
  }
  void what_differs_is_added() {
    QCOMPARE(labels({stored(1, "dfa"), stored(2, "dfa", {{"seed", "1"}})}),
             (Labels{"DFA · seed 0", "DFA · seed 1"}));
    QCOMPARE(labels({stored(1, "dfa"), stored(2, "dfa", {{"optimizer.name", "sgd"}, {"threads", "1"}})}),
             (Labels{"DFA · name adam", "DFA · name sgd"}));
    QCOMPARE(labels({stored(1, "dfa", {{"optimizer.lr", "1"}}), stored(2, "dfa", {{"optimizer.lr", "0.5"}})}),
             (Labels{"DFA · lr 1", "DFA · lr 0.5"}));
  }
  void twins_have_their_numbers() {
    QCOMPARE(labels({stored(4, "dfa"), stored(9, "dfa"), stored(10, "bp")}),
             (Labels{"DFA (run 4)", "DFA (run 9)", "BP"}));
  }
  void curves_of_another_program_have_their_names() {
    RunData curves;
    curves.id = 3;
    curves.name = "from elsewhere";
    curves.experiment = "{}";
    QCOMPARE(labels({curves, stored(4, "bp")}), (Labels{"from elsewhere", "BP"}));
  }
  void a_rule_has_its_familys_hue() {
    QCOMPARE(hue_family("dfa"), std::string("dfa"));
    QVERIFY(rule_hue(hue_family("dfa")).has_value());
    QVERIFY(rule_hue(hue_family("dfa"))->light != rule_hue(hue_family("bp"))->light);
    QCOMPARE(hue_family("a rule of tomorrow"), std::string());
    QVERIFY(!rule_hue("").has_value());
  }
};

QTEST_GUILESS_MAIN(TestRunLabels)
#include "test_run_labels.moc"
