// A frozen layer keeps its matrix and its momentum bit for bit, the others move as ever.
#include <QtTest>

#include "engine/feedback/structure.h"
#include "tests/rules/bed.h"

#include "tests/rules/lesion_bed.h"

namespace grapevine {

class TestFrozenLayers : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_frozen_matrix_and_its_momentum_stay_data();
  void a_frozen_matrix_and_its_momentum_stay();
  void a_frozen_transport_stays_data();
  void a_frozen_transport_stays();
  void what_a_rule_has_is_what_its_entry_says();
};

void TestFrozenLayers::a_frozen_matrix_and_its_momentum_stay_data() {
  rows_of_direct_rules();
}

void TestFrozenLayers::a_frozen_matrix_and_its_momentum_stay() {
  QFETCH(QString, name);
  Generator g(9);
  Bed bed(tanh_mlp, g, 12);
  auto frozen = attached(name.toStdString(), bed), free = attached(name.toStdString(), bed);
  learn(*frozen, bed, 3);
  learn(*free, bed, 3);
  const auto before = state_of(*frozen);
  frozen->freeze(2, true);
  learn(*frozen, bed, 4);
  learn(*free, bed, 4);
  const auto after = state_of(*frozen), moved = state_of(*free);
  for (const char* what : {"feedback/2", "feedback_momentum/2"})
    if (before.contains(what)) QVERIFY2(at::equal(after.at(what), before.at(what)), what);
  if (before.contains("jacobian_estimate/2"))  // estimates continue
    QVERIFY(!at::equal(after.at("jacobian_estimate/2"), before.at("jacobian_estimate/2")));
  const bool one_by_one = name != "residual";  // whose layers share one prediction error
  if (one_by_one) QVERIFY(at::equal(after.at("feedback/1"), moved.at("feedback/1")));
  for (const auto& [what, tensor] : after)
    if (what == "feedback_optimizer/m" || what == "feedback_optimizer/v")
      QVERIFY(at::equal(tensor.narrow(0, 36, 28), before.at(what).narrow(0, 36, 28)));
  frozen->freeze(2, false);
  learn(*frozen, bed, 1);
  if (name != "dfa" && name != "drtp" && name != "grape2025")
    QVERIFY(!at::equal(state_of(*frozen).at("feedback/2"), before.at("feedback/2")));
}

void TestFrozenLayers::a_frozen_transport_stays_data() {
  QTest::addColumn<QString>("name");
  for (const char* name : {"kp", "wm", "usf", "brsf", "frsf"}) QTest::newRow(name) << name;
}

void TestFrozenLayers::a_frozen_transport_stays() {
  QFETCH(QString, name);
  Generator g(10);
  Bed bed(tanh_mlp, g, 12);
  auto rule = attached(name.toStdString(), bed);
  learn(*rule, bed, 2);
  const auto at_slot = [&](const char* weight) {
    return (*rule->transport())[static_cast<std::size_t>(bed.network.layout().slot(weight))];
  };
  const at::Tensor second = at_slot("2.0.weight").clone(), third = at_slot("3.0.weight").clone();
  rule->freeze(2, true);
  bed.network.values().flat().mul_(-0.5);  // the weights move on, and their signs change
  learn(*rule, bed, 1);
  QVERIFY(at::equal(at_slot("2.0.weight"), second));
  QVERIFY(!at::equal(at_slot("3.0.weight"), third));
}

void TestFrozenLayers::what_a_rule_has_is_what_its_entry_says() {
  Generator g(11);
  Bed bed(tanh_mlp, g, 12);
  for (const RuleDescriptor& rule : rules()) {
    if (!rule.models.empty()) continue;  // of networks of its own
    const auto made = attached(rule.key, bed);
    const bool has_layers = !made->feedback_layers().empty();
    QVERIFY2(has_layers == (rule.has_feedback || rule.has_transport), rule.key.c_str());
    if (!has_layers)
      QVERIFY2(rule.interventions.lesions.empty() && !rule.interventions.freezes, rule.key.c_str());
    for (const LesionDescriptor& lesion : lesions())
      QVERIFY2(!rule.interventions.refusal(lesion.kind).empty() || has_layers, rule.key.c_str());
    if (rule.interventions.lesions.size() < lesions().size())
      QVERIFY2(!rule.interventions.why_not.empty(), rule.key.c_str());
    if (!rule.interventions.freezes) QVERIFY2(!rule.interventions.why_no_freeze.empty(), rule.key.c_str());
  }
}

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestFrozenLayers)
#include "test_frozen_layers.moc"
