// Measures that are estimated where there are many classes: with an honest error, against the exact ones.
#include <torch/csrc/autograd/autograd.h>

#include <QtTest>
#include <cmath>

#include "engine/experiment/registry.h"
#include "tests/probes/probe_bed.h"

namespace grapevine {
namespace {

using Bed = ProbeBed;

}  // namespace

class TestEstimatedMeasures : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // Many classes: the cosine through 32 random projections, within its own stated error of the exact one.
  void many_classes_are_seen_through_projections_with_an_honest_error() {
    const NetworkSpec wide{
        {5},
        {{linear(5, 9), layer(LayerKind::tanh)}, {linear(9, 7), layer(LayerKind::tanh)}, {linear(7, 60)}}};
    Bed bed(wide, 7);
    Lesson lesson = bed.lesson();
    const std::vector<at::Tensor> truth = mean_jacobians(lesson);
    const JacobianView view(lesson, 32);
    QVERIFY(!view.exact());
    int within = 0, tried = 0;
    for (std::int64_t seed = 1; seed <= 40; ++seed)
      for (std::size_t l = 0; l < 2; ++l) {
        const at::Tensor b = truth[l] * 0.7 + noise(truth[l].sizes(), seed) * truth[l].std() + 0.1;
        const Estimate seen = view.cosine_with(b, l), centred = view.centred_cosine_with(b, l);
        QVERIFY(seen.error > 0 && seen.error < 0.3);
        within += std::abs(seen.value - cosine(b, truth[l])) < 3 * seen.error;
        within += std::abs(centred.value - cosine(b - b.mean(0, true), truth[l] - truth[l].mean(0, true))) <
                  3 * centred.error;
        tried += 2;
      }
    QVERIFY(within > 0.9 * tried);
    const std::unique_ptr<Rule> dfa = make_rule(Experiment("dfa"));
    dfa->attach(bed.network, 1);
    Measured measured;
    Probe({"cos_b_j"}).measure(*dfa, lesson, bed.exact, measured);
    QVERIFY(measured.count({"cos_b_j_error", 1}));
    Measured exactly;
    Probe({"cos_b_j"}, Probe::Jacobian::exact).measure(*dfa, lesson, bed.exact, exactly);
    QCOMPARE(exactly.at({"cos_b_j", 2}), cosine((*dfa->feedback())[1], truth[1]));
    QVERIFY(!exactly.count({"cos_b_j_error", 1}));
  }

  // Whatever is estimated has its error next to it, and eq. 4's bound, asked for, makes J̄ exact.
  void every_estimated_measure_states_its_error() {
    const NetworkSpec wide{
        {5},
        {{linear(5, 9), layer(LayerKind::tanh)}, {linear(9, 7), layer(LayerKind::tanh)}, {linear(7, 60)}}};
    Bed bed(wide, 7);
    const std::unique_ptr<Rule> grape = make_rule(Experiment("grape"));
    grape->attach(bed.network, 1);
    Lesson lesson = bed.lesson();
    SeededDraws draws(1, 1);
    grape->learn(lesson, draws);
    std::set<std::string> keys{"cos_b_j", "cos_b_j_centred", "cos_jhat_j", "lemma_b2_bound"};
    Measured seen, exact;
    Probe(keys).measure(*grape, lesson, bed.exact, seen);
    keys.insert("eq4_bound");
    Probe(keys).measure(*grape, lesson, bed.exact, exact);
    const std::vector<at::Tensor> truth = mean_jacobians(lesson);
    for (int l : {1, 2}) {
      for (const char* key : {"cos_b_j", "cos_b_j_centred", "cos_jhat_j", "lemma_b2_bound"}) {
        const double error = seen.at({std::string(key) + "_error", l});
        QVERIFY2(error > 0 && error < 0.3, key);
        QVERIFY2(std::abs(seen.at({key, l}) - exact.at({key, l})) < 4 * error, key);
        QVERIFY2(!exact.count({std::string(key) + "_error", l}), key);
      }
      QCOMPARE(exact.at({"eq4_bound", l}), eq4_bound(truth[static_cast<std::size_t>(l) - 1]));
    }
    QVERIFY(!probe_measures({}, 100).count("eq4_bound"));  // no default where it costs more
    QVERIFY(probe_measures({}, 10).count("eq4_bound"));
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestEstimatedMeasures)
#include "test_estimated_measures.moc"
