// What is said to differ between runs: only settings that mean something to them.
#include <QtTest>
#include <algorithm>

#include "engine/experiment/experiment.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/runs/setting_differences.h"

using namespace grapevine;

namespace {

std::string stored(const char* rule, std::initializer_list<std::pair<const char*, const char*>> sets = {}) {
  Experiment experiment(rule);
  for (const auto& [key, value] : sets) experiment.set_text(key, value);
  return experiment.to_json().dump();
}

std::vector<std::string> keys(const std::vector<std::string>& experiments) {
  std::vector<std::string> all;
  for (const SettingDifference& difference : setting_differences(experiments)) all.push_back(difference.key);
  return all;
}

using Keys = std::vector<std::string>;

}  // namespace

class TestSettingDifferences : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void another_rules_settings_are_none() {
    QCOMPARE(keys({stored("bp"), stored("grape")}), Keys{"rule.name"});
    QCOMPARE(keys({stored("bp"), stored("grape"), stored("grape", {{"rule.align_rate", "0.5"}})}),
             (Keys{"rule.align_rate", "rule.name"}));
  }
  void what_counts_beside_another_choice_alone_is_none() {
    // schedule.decay counts for exponential and similar ones.
    QCOMPARE(keys({stored("bp", {{"schedule.decay", "0.5"}}), stored("bp", {{"schedule.decay", "0.9"}})}),
             Keys{});
    QCOMPARE(keys({stored("bp", {{"schedule.name", "exponential"}, {"schedule.decay", "0.5"}}),
                   stored("bp", {{"schedule.name", "exponential"}, {"schedule.decay", "0.9"}})}),
             Keys{"schedule.decay"});
  }
  // Not what a run is called, where it is computed or when its state is kept; what the rule's name says is
  // said by it.
  void what_tells_runs_apart() {
    const Keys runs{
        stored("grape", {{"seed", "1"}, {"name", "one"}, {"threads", "2"}, {"rule.align_rate", "0.5"}}),
        stored("bp", {{"seed", "2"},
                      {"name", "other"},
                      {"threads", "3"},
                      {"alerts", "loss>9"},
                      {"checkpoint.every_seconds", "7"}}),
        stored("grape", {{"seed", "3"}, {"rule.align_rate", "0.5"}, {"optimizer.lr", "0.125"}})};
    const Keys rules{"grape", "bp", "grape"};
    Keys apart;
    for (const SettingDifference& difference : setting_differences(runs))
      if (difference.tells_apart(rules)) apart.push_back(difference.key);
    QCOMPARE(apart, (Keys{"optimizer.lr", "rule.name", "seed"}));
    for (const SettingDifference& difference : setting_differences(runs)) {
      QCOMPARE(difference.is_the_seed(), difference.key == "seed");
      QCOMPARE(difference.is_the_rule(), difference.key == "rule.name");
      if (difference.key == "optimizer.lr") QCOMPARE(difference.words_of(2), std::string("lr 0.125"));
      if (difference.key == "name") QCOMPARE(difference.words_of(0), std::string("name one"));
    }
    SettingDifference of_one_rule{"rule.align_rate", {nullptr, 0.5}};
    QCOMPARE(of_one_rule.words_of(0), std::string());
  }
  void what_a_setting_counts_beside() {
    QCOMPARE(deciding_choice("schedule.decay", "bp"), std::string("schedule.name"));
    QVERIFY(counts_beside("schedule.decay", "bp", "exponential"));
    QVERIFY(!counts_beside("schedule.decay", "bp", "constant"));
    QCOMPARE(deciding_choice("optimizer.lr", "bp"), std::string());
    QVERIFY(counts_beside("optimizer.lr", "bp", ""));
    QCOMPARE(deciding_choice("rule.align_rate", "bp"), std::string());  // no setting of BP's
    for (const RuleDescriptor& rule : rules())
      for (const Setting& setting : rule.settings)
        if (!setting.depends_on.empty())
          QVERIFY2(find_setting(deciding_choice("rule." + setting.key, rule.key), rule.key),
                   (rule.key + " " + setting.key).c_str());
  }
  void a_run_older_than_a_setting_has_its_default() {
    nlohmann::json old = nlohmann::json::parse(stored("bp"));
    old["optimizer"].erase("lr");
    QCOMPARE(keys({old.dump(), stored("bp")}), Keys{});
    QCOMPARE(keys({old.dump(), stored("bp", {{"optimizer.lr", "0.5"}})}), Keys{"optimizer.lr"});
  }
  void curves_without_settings_differ_in_none() {
    QCOMPARE(keys({"{}", stored("bp")}), Keys{});
    QCOMPARE(keys({"no JSON", stored("bp")}), Keys{});
  }
  void what_a_rule_always_has_follows_from_it() {
    const std::vector<std::string> rules{"grape", "residual"};
    const std::vector<SettingDifference> differences =
        setting_differences({stored("grape"), stored("residual")});
    const auto rate = std::find_if(differences.begin(), differences.end(),
                                   [](const SettingDifference& one) { return one.key == "rule.align_rate"; });
    QVERIFY(rate != differences.end() && rate->follows_from(rules));
    QVERIFY((!SettingDifference{"rule.align_rate", {0.01, 0.3}}.follows_from({"grape", "grape"})));
    QVERIFY((!SettingDifference{"optimizer.lr", {0.01, 0.3}}.follows_from(rules)));
  }
};

QTEST_GUILESS_MAIN(TestSettingDifferences)
#include "test_setting_differences.moc"
