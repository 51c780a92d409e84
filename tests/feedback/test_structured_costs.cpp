// What a structure saves, and what is refused of it: memory and arithmetic counted in free parameters.
#include <QtTest>

#include "tests/feedback/structured.h"

namespace grapevine {

class TestStructuredCosts : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // Numbers held, as the rule's own tensors have them; and per map by hand: 4 classes, maps 3×7×5 and 4×7×5,
  // 6 features.
  void memory_is_counted_in_free_parameters() {
    const std::map<std::string, double> by_hand{{"dense", 4 * (105 + 140 + 6)},
                                                {"per_channel", 4 * (3 + 4 + 6)},
                                                {"grid", 4 * (3 * 4 + 4 * 4 + 6)},
                                                {"kernel", 4 * (3 * 9 + 4 * 9 + 6)},
                                                {"low_rank", 3 * (105 + 140 + 6) + 3 * 4 * 3}};
    for (const std::string& key : direct_rules())
      for (const Words& structure : structures) {
        Bed bed(5);
        auto rule = attached(key, bed, structure);
        const Rule::FeedbackMemory memory = rule->feedback_memory(bed.network.cost());
        const std::string kind = structure.empty() ? "dense" : structure.at("structure");
        QCOMPARE(memory.matrices, by_hand.at(kind));
        double matrices = 0, all = 0;
        for (auto& [name, tensor] : rule->state()) {
          const double count = static_cast<double>(tensor.numel());
          if (name.starts_with("feedback/") || name.starts_with("feedback_basis/")) matrices += count;
          if (!name.starts_with("feedback_scale/") && !name.ends_with("/updates")) all += count;
        }
        // The residual's mean rᵀp is worked out again at every step, and so not part of its state.
        if (key == "residual") all += matrices - (kind == "low_rank" ? 3 * 4 * 3 : 0);
        QCOMPARE(memory.matrices, matrices);
        QVERIFY2(memory.with_all == all, label(key, structure).c_str());
      }
  }

  // A step's products shrink with the numbers: twice the forward pass stays.
  void arithmetic_is_counted_in_free_parameters() {
    Bed bed(5);
    const NetworkCost& cost = bed.network.cost();
    const auto counted = [&](const char* key, const Words& structure) {
      return attached(key, bed, structure)->multiply_adds(cost, 10) -
             attached("bp", bed, {})->multiply_adds(cost, 10);
    };
    const Words per_channel = structures[1];
    QCOMPARE(counted("dfa", {}) - counted("dfa", per_channel), 10.0 * 4 * (105 + 140 - 3 - 4));
    QCOMPARE(counted("grape", {}) - counted("grape", per_channel), 2 * 10.0 * 4 * (105 + 140 - 3 - 4));
    QCOMPARE(counted("residual", {}) - counted("residual", per_channel), 4 * 10.0 * 4 * (105 + 140 - 3 - 4));
    QCOMPARE(counted("dkp", {}) - counted("dkp", per_channel), 2 * 10.0 * 4 * (105 + 140 - 3 - 4));
  }

  void a_shared_matrix_is_sliced_under_a_structure_too() {
    for (const Words& structure : structures) {
      Bed bed(5);
      auto rule = attached("dfa", bed, structure, {{"shared_matrix", "true"}});
      if (!structure.empty() && structure.at("structure") == "kernel")
        continue;  // kernels are slices, not cells
      const auto& b = *rule->feedback();
      const std::int64_t least = std::min(b[0].size(1), b[1].size(1));
      QVERIFY2(at::equal(b[0].narrow(1, 0, least), b[1].narrow(1, 0, least)),
               label("dfa", structure).c_str());
    }
  }

  void refusals_name_the_setting() {
    Experiment experiment("grape");
    for (const auto& [key, value] : Words{{"data.name", "shapes"}, {"model.name", "lenet5"}})
      experiment.set_text(key, value);
    const auto complained = [&](const Words& words) {
      Experiment changed = experiment;
      for (const auto& [key, value] : words) changed.set_text("rule." + key, value);
      const auto complaints = changed.complaints();
      return complaints.empty() ? std::string() : complaints.front().key;
    };
    QCOMPARE(complained({{"structure", "kernel"}, {"kernel", "4"}}), std::string("rule.kernel"));
    QCOMPARE(complained({{"structure", "low_rank"}, {"rank", "11"}}), std::string("rule.rank"));
    QCOMPARE(complained({{"structure", "low_rank"}, {"rank", "10"}}), std::string());
    QCOMPARE(complained({{"structure", "dense"}, {"rank", "11"}}), std::string());
    QVERIFY(!Experiment("bp").has("rule.structure"));
    QVERIFY(!Experiment("fa").has("rule.structure"));
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestStructuredCosts)
#include "test_structured_costs.moc"
