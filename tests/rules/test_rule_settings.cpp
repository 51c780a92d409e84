// The settings of every rule: what its descriptor lists is what it reads, and what says that it may change
// live changes what the rule does.
#include <QTest>

#include "engine/experiment/experiment.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/models/model.h"
#include "engine/rules/rule.h"
#include "engine/training/trainer.h"
#include "tests/experiment/another_value.h"
#include "tests/nn/bed.h"

namespace grapevine {
namespace {

/// A rule's settings as it holds them.
Value held(Rule& rule, const std::string& key) {
  Binder binder(rule_group);
  rule.bind(binder);
  for (const BoundSetting& bound : binder.all())
    if (bound.key() == key) return bound.read();
  return {};
}

std::string place(const RuleDescriptor& rule, const Setting& setting) {
  return rule.key + ": " + setting.key;
}

/// Three steps on made images; `key` is set before the second.
std::vector<at::Tensor> after_steps(const std::string& rule, const std::string& key, const Value& value) {
  Experiment experiment(rule);
  experiment.set_text("model.hidden", "12,10");
  experiment.set_text("probe.every", "0");
  const at::TensorOptions f32 = at::TensorOptions().dtype(at::kFloat);
  Trainer trainer(0, experiment, build_model(experiment, data_shape(experiment)), f32);
  const Batch batch{noise({20, 1, 28, 28}, 3).to(at::kFloat),
                    at::arange(20, at::TensorOptions().dtype(at::kLong)).remainder(10)};
  Report report;
  for (std::int64_t step = 1; step <= 3; ++step) {
    if (step == 2 && !key.empty()) trainer.set(rule_group + key, value);
    trainer.step(batch, step, 100, report);
  }
  std::vector<at::Tensor> all{trainer.network().values().flat().clone()};
  for (const auto& [name, tensor] : trainer.rule().state()) all.push_back(tensor.clone());
  return all;
}

bool same(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!at::equal(a[i], b[i])) return false;
  return a.size() == b.size();
}

}  // namespace

class TestRuleSettings : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void what_is_listed_is_what_is_held() {
    for (const RuleDescriptor& descriptor : rules()) {
      const std::unique_ptr<Rule> rule = make_rule(Experiment(descriptor.key));
      Binder binder(rule_group);
      rule->bind(binder);
      QCOMPARE(binder.all().size(), descriptor.settings.size());
      for (std::size_t i = 0; i < descriptor.settings.size(); ++i) {
        QCOMPARE(binder.all()[i].key(), descriptor.settings[i].key);
        QVERIFY(binder.all()[i].read() == descriptor.settings[i].fallback);
      }
    }
  }

  void every_value_is_read() {
    for (const RuleDescriptor& descriptor : rules())
      for (const Setting& setting : descriptor.settings) {
        std::vector<Value> values{another_value(setting)};
        if (setting.kind == Kind::choice) values.assign(setting.choices.begin(), setting.choices.end());
        for (const Value& value : values) {
          Experiment experiment(descriptor.key);
          experiment.set(rule_group + setting.key, value);
          QVERIFY2(held(*make_rule(experiment), setting.key) == value, place(descriptor, setting).c_str());
        }
      }
  }

  void only_what_is_live_changes() {
    for (const RuleDescriptor& descriptor : rules()) {
      const std::unique_ptr<Rule> rule = make_rule(Experiment(descriptor.key));
      for (const Setting& setting : descriptor.settings) {
        const Value value = another_value(setting);
        QVERIFY2(rule->set(setting.key, value) == setting.live, place(descriptor, setting).c_str());
        QVERIFY2(held(*rule, setting.key) == (setting.live ? value : setting.fallback),
                 place(descriptor, setting).c_str());
      }
      QVERIFY(!rule->set("nonsense", Value(1.0)));
    }
  }

  void a_live_change_is_there_at_the_next_step() {
    int live = 0;
    for (const RuleDescriptor& descriptor : rules())
      for (const Setting& setting : descriptor.settings) {
        if (!setting.live) continue;
        ++live;
        const auto as_it_was = after_steps(descriptor.key, "", {});
        QVERIFY2(same(as_it_was, after_steps(descriptor.key, setting.key, setting.fallback)),
                 place(descriptor, setting).c_str());
        QVERIFY2(!same(as_it_was, after_steps(descriptor.key, setting.key, another_value(setting))),
                 place(descriptor, setting).c_str());
      }
    QVERIFY(live >= 9);
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestRuleSettings)
#include "test_rule_settings.moc"
