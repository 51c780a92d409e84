// The presets have the numbers that the papers give. Expected settings come from
// resources/papers/results.json (Table 6) and from the texts' sentences.
#include <QtTest>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/models/model.h"
#include "engine/nn/network.h"
#include "engine/plans/plan.h"
#include "engine/plans/presets.h"
#include "engine/plans/resource_files.h"

#include "tests/models/preset_plans.h"

namespace grapevine {

class TestPresetSettings : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // Table 6, row by row, for the presets of tables 2 and 3.
  void deep_networks_have_the_settings_of_table_6() {
    const Json table = tables()["hyperparameters_table6"];
    int compared = 0;
    for (const Preset& preset : presets()) {
      if (preset.lesson) continue;
      const ExperimentPlan plan = plan_of(preset.name);
      for (const Experiment& one : plan.racers) {
        const std::string& model = one.text("model.name");
        if (!table.contains(model) || preset.table == "A.4") continue;
        const Json& row = table[model][one.rule() == "grape2025" ? "grape" : one.rule()];
        QCOMPARE(one.text("optimizer.name"), row["optimizer"].get<std::string>());
        QCOMPARE(one.number("optimizer.lr"), row["lr"].get<double>());
        QCOMPARE(one.number("optimizer.weight_decay"), row["weight_decay"].get<double>());
        QCOMPARE(one.text("schedule.name"), std::string("multistep"));
        QCOMPARE(one.number("schedule.decay"), row["decay"].get<double>());
        QCOMPARE(one.integers("schedule.milestones"), row["milestones"].get<IntegerList>());
        // Appendix E's sentences: batch, epochs, momentum, the feedback's optimizer, the calibration's.
        QCOMPARE(one.integer("train.batch"), 128);
        QCOMPARE(one.integer("train.epochs"), model.starts_with("resnet") ? 200 : 100);
        QCOMPARE(one.number("optimizer.momentum"), 0.9);
        if (one.rule() == "grape") {
          QCOMPARE(one.number("rule.align_rate"), 0.01);
          QCOMPARE(one.number("rule.align_momentum"), 0.9);
        }
        QCOMPARE(one.integer("calibration.batch_size"), 128);
        QCOMPARE(one.number("calibration.lr"), 0.01);
        QCOMPARE(one.number("calibration.momentum"), 0.9);
        ++compared;
      }
    }
    QVERIFY(compared >= 30);
  }

  // The 2025 text, section 4.1: Adam 1e-4, ×0.95 an epoch, 100 epochs, batch 256, no augmentation, B normal
  // and moved by plain SGD at 1e-3; an MLP of three layers of 1024.
  void shallow_networks_have_the_settings_of_the_2025_text() {
    int compared = 0;
    for (const Preset& preset : presets()) {
      if (preset.table != "1" || preset.lesson) continue;
      const ExperimentPlan plan = plan_of(preset.name);
      for (const Experiment& one : plan.racers) {
        QCOMPARE(one.integer("train.epochs"), 100);
        QCOMPARE(one.integer("train.batch"), 256);
        QVERIFY(one.texts("data.augment").empty());
        if (one.text("model.name") == "mlp")
          QCOMPARE(one.integers("model.hidden"), (IntegerList{1024, 1024, 1024}));
        if (one.rule() == "pepita") continue;  // it has its own authors' settings
        QCOMPARE(one.text("optimizer.name"), std::string("adam"));
        QCOMPARE(one.number("optimizer.lr"), 1e-4);
        QCOMPARE(one.number("optimizer.weight_decay"), 0.0);
        QCOMPARE(one.text("schedule.name"), std::string("exponential"));
        QCOMPARE(one.number("schedule.decay"), 0.95);
        if (one.rule().starts_with("grape")) QCOMPARE(one.number("rule.align_rate"), 1e-3);
        if (one.rule() == "grape") QCOMPARE(one.number("rule.align_momentum"), 0.0);
        ++compared;
      }
    }
    QCOMPARE(compared, 6 * 8);
  }

  // G26, Algorithm 1 ("choose perturbation p_l in smaller of activation/weight space"; equation 17; plain
  // gradient descent in the calibration) and G25, section 3.4 (normal perturbations), for each tuned
  // racer.
  void each_tuned_racer_has_one_to_the_letter_beside_it() {
    int compared = 0;
    for (const Preset& preset : presets()) {
      if (preset.table.empty() || preset.lesson) continue;
      const Experiment tuned = load_plan(preset.name + ":grape", {}).racers.front();
      const Experiment literal = load_plan(preset.name + ":literal", {}).racers.front();
      const std::map<std::string, std::string> differ{
          {"rule.distribution", "gaussian"}, {"rule.space", "smaller"}, {"rule.reduction", "mean"}};
      for (const auto& [key, value] : tuned.entries()) {
        if (const auto other = differ.find(key); other != differ.end())
          QCOMPARE(literal.text(key), other->second);
        else if (key == "calibration.clip" && tuned.text("calibration.when") != "never")
          QCOMPARE(literal.number(key), 0.0);
        else
          QVERIFY2(literal.value(key) == value, (preset.name + " " + key).c_str());
      }
      QVERIFY(tuned.text("rule.distribution") == "rademacher" && tuned.text("rule.reduction") == "sum");
      const auto says = [&](const char* words) {
        return std::any_of(preset.chosen.begin(), preset.chosen.end(), [&](const std::string& sentence) {
          return sentence.find(words) != std::string::npos;
        });
      };
      QVERIFY2(says("not Gaussian") && says("smaller of activations and weights") && says("equation 17"),
               preset.name.c_str());
      QVERIFY2(says("clipped") == (tuned.text("calibration.when") != "never"), preset.name.c_str());
      ++compared;
    }
    QVERIFY(compared >= 30);
  }

  void drtp_has_its_authors_tanh_beside_relu() {
    for (const char* preset : {"table1-mnist-mlp", "table1-cifar100-cnn"}) {
      const Experiment relu = load_plan(std::string(preset) + ":drtp", {}).racers.front();
      Experiment tanh = load_plan(std::string(preset) + ":drtp-tanh", {}).racers.front();
      QCOMPARE(tanh.text("model.activation"), std::string("tanh"));
      tanh.set("model.activation", relu.value("model.activation"));
      QVERIFY(tanh == relu);
    }
  }

  // Launay et al. 2020 (their repository's run_experiments.sh), whom both texts follow; Noam's peak is
  // 1/√(512 · 4000).
  void the_transformer_has_its_authors_settings() {
    int compared = 0;
    const std::map<std::string, std::int64_t> sizes{
        {"model.d_model", 512},     {"model.d_ff", 2048},  {"model.depth", 6},  {"model.heads", 8},
        {"data.vocabulary", 32000}, {"data.context", 128}, {"train.batch", 64}, {"train.epochs", 20}};
    for (const Preset& preset : presets()) {
      if (preset.table != "4" || preset.lesson) continue;
      const ExperimentPlan plan = plan_of(preset.name);
      for (const Experiment& one : plan.racers) {
        for (const auto& [key, value] : sizes) QVERIFY2(one.integer(key) == value, key.c_str());
        QCOMPARE(one.number("model.dropout"), 0.1);
        QCOMPARE(one.number("optimizer.clip"), 0.5);
        const bool bp = one.rule() == "bp";
        QCOMPARE(one.text("schedule.name"), std::string(bp ? "noam" : "plateau"));
        QCOMPARE(one.number("optimizer.lr"), bp ? 1 / std::sqrt(512.0 * 4000) : 1e-4);
        QCOMPARE(one.number("optimizer.beta2"), bp ? 0.98 : 0.999);
        if (bp)
          QCOMPARE(one.integer("schedule.warmup_steps"), 4000);
        else
          QCOMPARE(one.number("schedule.decay"), 0.2);
        ++compared;
      }
    }
    QCOMPARE(compared, 5 + 4 + 2 * 3 * 3);
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestPresetSettings)
#include "test_preset_settings.moc"
