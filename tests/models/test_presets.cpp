// The presets: each is a valid experiment whose network stands, and is found by its name.
#include <QFile>
#include <QtTest>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/models/model.h"
#include "engine/nn/network.h"
#include "engine/plans/plan.h"
#include "engine/plans/presets.h"
#include "engine/plans/resource_files.h"

#include "tests/models/preset_plans.h"

namespace grapevine {
namespace {

std::string refusal(const std::string& word) {
  try {
    load_plan(word, {});
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

/// The tables' word for what a preset trains.
std::string paper_model(const Experiment& experiment) {
  const std::string& model = experiment.text("model.name");
  return model == "lenet5" ? "cnn" : model;
}

}  // namespace

class TestPresets : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_preset_is_valid_and_its_networks_stand() {
    QCOMPARE(presets().front().name, std::string("first-race"));
    std::set<std::string> names;
    for (const Preset& preset : presets()) {
      QVERIFY2(names.insert(preset.name).second, preset.name.c_str());
      const ExperimentPlan plan = plan_of(preset.name);  // checks complaints too
      QVERIFY2(plan.is_race && plan.racers.size() == preset.racers.size(), preset.name.c_str());
      for (std::size_t i = 0; i < plan.racers.size(); ++i) {
        const std::string& key = preset.racers[i].key;
        const std::string rule = key == "literal" ? "grape" : key == "drtp-tanh" ? "drtp" : key;
        QCOMPARE(plan.racers[i].rule(), rule);
        const NetworkSpec spec = build_model(plan.racers[i], data_shape(plan.racers[i]));
        QVERIFY(count_parameters(spec) > 0 && measure_cost(spec).classes > 0);
        // One of them alone has the settings that it has in the race.
        const ExperimentPlan alone = load_plan(preset.name + ":" + preset.racers[i].key, {});
        QVERIFY(!alone.is_race);
        QVERIFY2(alone.racers.front() == plan.racers[i], preset.name.c_str());
      }
    }
  }

  // Every row of the tables whose model and data the program has is a racer of a preset, with its number.
  void every_cell_of_the_tables_has_its_racer() {
    int found = 0;
    const Json all = tables();
    for (const Json& table : all["tables"]) {
      const std::string data = table.value("dataset", ""), model = table.value("model", "");
      if (!find_data(data) || !(model == "cnn" || find_model(model))) continue;
      for (const Json& row : table["rows"]) {
        const bool of_2025 = table["paper"] == "grape-2025" && row["method"] == "grape";
        const std::string rule = of_2025 ? "grape2025" : row["method"].get<std::string>();
        const int every = row.value("calibration_every_epochs", 0);
        int carriers = 0;
        for (const Preset& preset : presets()) {
          if (preset.lesson || preset.table == "A.4") continue;  // A.4 quotes a number of Table 2
          const ExperimentPlan plan = plan_of(preset.name);
          const Experiment* one = racer(plan, rule);
          if (!one || one->text("data.name") != data || paper_model(*one) != model) continue;
          if (model == "transformer" && one->text("model.feedback_points") != table["feedback"]) continue;
          const bool calibrated = one->text("calibration.when") != "never";
          if (preset.table.empty() || (calibrated ? one->integer("calibration.every") : 0) != every) continue;
          for (const PresetRacer& each : preset.racers)
            for (const PublishedResult& result : each.published)
              carriers += each.key == rule && result.paper == table["paper"] && result.mean == row["mean"];
        }
        const std::string cell = table.dump().substr(0, 120) + " " + row.dump();
        QVERIFY2(carriers == 1, cell.c_str());
        ++found;
      }
    }
    QVERIFY(found >= 100);
  }

  // Figure 2 of G26 is table 2 at other intervals; A.4 has no calibration.
  void figure_2_and_appendix_a4_have_presets() {
    for (const char* model : {"alexnet", "vgg16"})
      for (const int every : {5, 10, 50}) {
        const std::string name = std::string("figure2-cifar100-") + model + "-t" + std::to_string(every);
        const ExperimentPlan plan = plan_of(name);
        QCOMPARE(plan.racers.size(), std::size_t{3});
        for (const Experiment& one : plan.racers) {
          QCOMPARE(one.text("calibration.when"), std::string("epochs"));
          QCOMPARE(one.integer("calibration.every"), every);
        }
      }
    const ExperimentPlan plan = plan_of("appendix-a4-cifar100-alexnet");
    QVERIFY(racer(plan, "fdfa") && racer(plan, "dfa") && racer(plan, "grape"));
    for (const Experiment& one : plan.racers) QVERIFY(one.texts("data.augment").empty());
    // A.4's sentences: 33.59 % in BioTorch, 55.03 ± 0.16 % with the authors' code; of the literal racer
    // nothing.
    for (const PresetRacer& one : find_preset("appendix-a4-cifar100-alexnet")->racers) {
      if (one.key == "literal") QVERIFY(one.published.empty());
      if (one.key != "fdfa") continue;
      QCOMPARE(one.published.front().mean, 33.59);
      QCOMPARE(one.published[1].mean, 55.03);
      QCOMPARE(one.published[1].spread, 0.16);
    }
  }

  void a_lesson_is_its_preset_made_small() {
    for (const Preset& preset : presets()) {
      if (!preset.lesson) continue;
      const std::string full = preset.name.substr(0, preset.name.size() - std::string("-lesson").size());
      const ExperimentPlan small = plan_of(preset.name), whole = plan_of(full);
      for (const Experiment& one : small.racers) {
        const Experiment* same = racer(whole, one.rule());
        QVERIFY2(same, preset.name.c_str());
        QVERIFY(one.integer("data.train_limit") > 0 && one.integer("train.epochs") <= 5);
        if (preset.table != "4") QVERIFY(one.value("data.name") == same->value("data.name"));
        for (const char* key : {"model.name", "model.dropout", "optimizer.name", "optimizer.lr",
                                "calibration.when", "schedule.name"})
          QVERIFY2(one.value(key) == same->value(key), key);
      }
    }
  }

  void the_copy_of_the_tables_is_whole() {
    QFile original(GRAPEVINE_SOURCE_DIR "/../shared/papers/results.json");
    if (!original.open(QIODevice::ReadOnly))
      QSKIP("the papers' own results.json is not here to compare with");
    QVERIFY(Json::parse(original.readAll().toStdString()) == tables());
  }

  void what_is_unknown_is_refused_with_the_nearest() {
    const std::string slip = refusal("tabel1-cifar10-mlp");
    QVERIFY2(slip.find("did you mean table1-cifar10-mlp") != std::string::npos, slip.c_str());
    const std::string part = refusal("alexnet-t1");
    QVERIFY2(part.find("table2-cifar100-alexnet-t1") != std::string::npos, part.c_str());
    const std::string nothing = refusal("zzzz");
    QVERIFY2(nothing.find("grapevine-cli presets") != std::string::npos, nothing.c_str());
    const std::string no_racer = refusal("table2-cifar100-alexnet:fa");
    QVERIFY2(no_racer.find("no racer 'fa'; it has bp, dfa, grape, grape2025, literal") != std::string::npos,
             no_racer.c_str());
    // A path is a path.
    QVERIFY(refusal("./table1-cifar10-mlp").find("can't be read") != std::string::npos);
  }

  void overrides_and_rules_choose_from_a_preset() {
    const ExperimentPlan plan = load_plan(
        "table2-cifar100-vgg16", {{"train.epochs=2", "grape.align_rate=0.5"}, {"grape", "bp", "fa"}});
    QCOMPARE(plan.racers.size(), std::size_t{4});  // a rule brings all its racers along
    for (const std::size_t grape : {0, 1}) {
      QCOMPARE(plan.racers[grape].text("optimizer.name"), std::string("adam"));  // as the preset's own racer
      QCOMPARE(plan.racers[grape].number("rule.align_rate"), 0.5);
    }
    QCOMPARE(plan.racers[1].text("rule.reduction"), std::string("mean"));
    QCOMPARE(plan.racers[2].number("optimizer.lr"), 0.1);
    QCOMPARE(plan.racers[3].rule(), std::string("fa"));
    for (const Experiment& one : plan.racers) QCOMPARE(one.integer("train.epochs"), 2);
  }

  void a_preset_printed_as_a_file_is_the_same_experiment() {
    for (const Preset& preset : presets())
      QVERIFY2(make_plan(preset_file(preset), "file", {}).racers == plan_of(preset.name).racers,
               preset.name.c_str());
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestPresets)
#include "test_presets.moc"
