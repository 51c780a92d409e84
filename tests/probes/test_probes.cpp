// The measures against dense Jacobians, autograd and Monte Carlo (learning-rules §6, §8.5).
#include <torch/csrc/autograd/autograd.h>

#include <QtTest>
#include <cmath>

#include "engine/experiment/registry.h"
#include "tests/probes/probe_bed.h"

namespace grapevine {
namespace {

NetworkSpec cnn() {
  LayerSpec norm = layer(LayerKind::batch_norm2d), pool = layer(LayerKind::max_pool2d);
  norm.features = 3;
  pool.kernel = pool.stride = 2;
  return {{2, 4, 4},
          {{conv(2, 3), layer(LayerKind::relu)},
           {conv(3, 3), norm, layer(LayerKind::tanh), pool},
           {layer(LayerKind::flatten), linear(12, 4)}}};
}

using Bed = ProbeBed;

const NetworkSpec& mlp = tanh_mlp;

}  // namespace

class TestProbes : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // Column by column by autograd; batch norm's statistics enter as constants.
  void the_mean_jacobian_is_autograds() {
    Bed bed(cnn(), 5);
    Lesson lesson = bed.lesson();
    const std::vector<at::Tensor> jacobian = mean_jacobians(lesson);
    const NamedParameters leaves = leaves_of(bed.network);
    const at::Tensor flat_in = bed.tape.outputs[0];
    // The norm as an affine map with this batch's statistics.
    LayerSpec conv = bed.network.spec().segments[1][0];
    const at::Tensor before_norm = oracle_layer(conv, "2.0", flat_in, leaves).detach();
    const at::Tensor rows = before_norm.transpose(0, 1).flatten(1);
    const at::Tensor mean = rows.mean(1).view({1, 3, 1, 1}),
                     scale = (1 / (rows.var(1, false) + 1e-5).sqrt()).view({1, 3, 1, 1});
    const at::Tensor leaf = flat_in.clone().set_requires_grad(true);
    at::Tensor h = oracle_layer(conv, "2.0", leaf, leaves);
    h = (h - mean) * scale * leaves.at("2.1.weight").detach().view({1, 3, 1, 1}) +
        leaves.at("2.1.bias").detach().view({1, 3, 1, 1});
    const at::Tensor z =
        oracle_layers(bed.network.spec().segments[2], "3.", at::max_pool2d(at::tanh(h), 2, 2), leaves);
    QVERIFY(relative_error(z.detach(), bed.tape.outputs[2]) < 1e-10);
    for (std::int64_t c = 0; c < 4; ++c) {
      const at::Tensor row =
          torch::autograd::grad({z.select(1, c).sum()}, {leaf}, {}, true)[0].flatten(1).mean(0);
      QVERIFY(relative_error(jacobian[0][c], row) < 1e-10);
    }
  }

  void cosines_with_bp_are_autograds() {
    Bed bed(mlp, 7);
    const std::unique_ptr<Rule> dfa = make_rule(Experiment("dfa"));
    dfa->attach(bed.network, 1);
    Lesson lesson = bed.lesson();
    Measured measured;
    Probe({"cos_delta", "cos_update", "cos_b_j"}).measure(*dfa, lesson, bed.exact, measured);

    NamedParameters leaves = leaves_of(bed.network);
    std::vector<at::Tensor> outputs = oracle_network(mlp, bed.x, leaves);
    for (auto& h : outputs) h.retain_grad();
    oracle_loss(outputs.back(), bed.y).backward();
    for (int l = 1; l <= 2; ++l) {
      const auto i = static_cast<std::size_t>(l - 1);
      const at::Tensor own = bed.judgement.e.mm((*dfa->feedback())[i]), bp = outputs[i].grad();
      const at::Tensor per_sample = (own * bp).sum(1) / (own.norm(2, 1) * bp.norm(2, 1));
      QVERIFY(std::abs(measured.at({"cos_delta", l}) - per_sample.mean().item<double>()) < 1e-10);
      // DFA's weight gradient of segment l by hand: (e B ⊙ σ')ᵀ h.
      const at::Tensor local = own * (1 - outputs[i].detach().square());
      const at::Tensor input = l == 1 ? bed.x : outputs[i - 1].detach();
      const at::Tensor mine = at::cat({local.t().mm(input).reshape({-1}), local.sum(0)});
      const std::string key = std::to_string(l) + ".0";
      const at::Tensor theirs =
          at::cat({leaves.at(key + ".weight").grad().reshape({-1}), leaves.at(key + ".bias").grad()});
      const double want = ((mine * theirs).sum() / (mine.norm() * theirs.norm())).item<double>();
      QVERIFY(std::abs(measured.at({"cos_update", l}) - want) < 1e-10);
    }
    QVERIFY(std::abs(measured.at({"cos_update", 3}) - 1) < 1e-12);  // the last segment always learns by e
  }

  // §8.5: over many Gaussian draws of one sample the mean cosine of the estimate is at least eq. 4's bound.
  void equation_4_holds() {
    for (std::int64_t seed = 1; seed <= 4; ++seed) {
      std::mt19937_64 g(static_cast<std::uint64_t>(seed));
      const auto classes = static_cast<std::int64_t>(2 + g() % 6),
                 n = static_cast<std::int64_t>(6 + g() % 10);
      const std::string words =
          "seed " + std::to_string(seed) + ": " + std::to_string(classes) + "x" + std::to_string(n);
      const at::Tensor j = noise({classes, n}, seed) * at::linspace(0.2, 2, n, f64);
      double sum = 0;
      const int draws = 4000;
      for (int i = 0; i < draws; ++i) {
        const at::Tensor p = noise({n}, 1000 * seed + i);
        sum += cosine(at::outer(j.mv(p), p), j);
      }
      QVERIFY2(sum / draws >= eq4_bound(j), words.c_str());
      QVERIFY2(sum / draws < 3 * eq4_bound(j), words.c_str());  // and the bound is of use
    }
    QCOMPARE(eq4_bound(at::zeros({3, 4}, f64)), 0.0);
    for (const double none : {std::nan(""), HUGE_VAL})
      QVERIFY(std::isnan(eq4_bound(at::full({3, 4}, none, f64))));
  }

  void lemma_b2_holds_for_any_three_matrices() {
    for (std::int64_t seed = 1; seed <= 300; ++seed) {
      const at::Tensor j = noise({3, 4}, seed), j_hat = j + noise({3, 4}, seed + 1000) * 0.7,
                       b = j_hat + noise({3, 4}, seed + 2000) * 0.7;
      QVERIFY(cosine(b, j) >= lemma_b2_bound(cosine(b, j_hat), cosine(j_hat, j)) - 1e-12);
    }
    QVERIFY(std::abs(lemma_b2_bound(1, 0.4) - 0.4) < 1e-15);
    QVERIFY(std::isfinite(lemma_b2_bound(1 + 1e-16, 1 + 1e-16)));
  }

  void a_cosine_with_nothing_is_zero() {
    QCOMPARE(cosine(at::zeros({2, 3}, f64), noise({2, 3}, 1)), 0.0);
    at::Tensor half = noise({2, 4}, 2);
    half.select(1, 0).zero_();
    QVERIFY(std::abs(column_cosine(half, half) - 0.75) < 1e-12);
    QVERIFY(std::abs(sample_cosine(half, half) - 1) < 1e-12);
  }

  void centring_takes_off_what_softmax_errors_never_see() {
    Bed bed(mlp, 7);
    const std::unique_ptr<Rule> dfa = make_rule(Experiment("dfa"));
    dfa->attach(bed.network, 1);
    Lesson lesson = bed.lesson();
    const std::vector<at::Tensor> j = mean_jacobians(lesson);
    for (std::size_t l = 0; l < 2; ++l) (*dfa->feedback())[l].copy_(j[l] + 5);  // the same in every class
    Measured measured;
    Probe({"cos_b_j", "cos_b_j_centred", "cos_delta"}).measure(*dfa, lesson, bed.exact, measured);
    for (int l = 1; l <= 2; ++l) {
      QVERIFY(measured.at({"cos_b_j_centred", l}) > 1 - 1e-12);
      QVERIFY(measured.at({"cos_b_j", l}) < 0.5);
    }
    // The signal doesn't see it either.
    const at::Tensor with = bed.judgement.e.mm((*dfa->feedback())[0]);
    QVERIFY(relative_error(with, bed.judgement.e.mm(j[0])) < 1e-10);
  }

  void a_measurement_leaves_network_and_rule_as_they_were() {
    std::set<std::string> all;
    for (const ProbeDescriptor& probe : probes()) all.insert(probe.measure.key);
    for (const auto& descriptor : rules()) {
      if (!descriptor.models.empty()) continue;
      Bed bed(cnn(), 6);
      const std::unique_ptr<Rule> rule = make_rule(Experiment(descriptor.key));
      rule->attach(bed.network, 1);
      rule->keep_traces(true);
      SeededDraws draws(1, 1);
      Lesson lesson = bed.lesson();
      rule->learn(lesson, draws);
      const at::Tensor weights = bed.network.values().flat().clone();
      std::vector<at::Tensor> before;
      for (auto& [name, tensor] : rule->state()) before.push_back(tensor.clone());
      for (const auto& [name, tensor] : bed.network.states()) before.push_back(tensor.clone());
      Measured measured;
      ParameterBuffer scratch(bed.network.layout(), f64);
      Lesson probe{bed.network, bed.tape, bed.pass, bed.y, bed.judgement.e, scratch};
      Probe(all).measure(*rule, probe, bed.exact, measured);
      QVERIFY(!measured.empty());
      // A signal of zero (B from zero) points nowhere: it has no angle.
      for (const auto& [key, value] : measured)
        QVERIFY2(std::isfinite(value) || key.first == "cos_delta_a" || key.first.starts_with("sample_angle"),
                 key.first.c_str());
      QVERIFY2(at::equal(weights, bed.network.values().flat()), descriptor.key.c_str());
      std::size_t i = 0;
      for (auto& [name, tensor] : rule->state())
        QVERIFY2(at::equal(tensor, before[i++]), (descriptor.key + name).c_str());
      for (const auto& [name, tensor] : bed.network.states()) QVERIFY(at::equal(tensor, before[i++]));
    }
  }

  // Each entry fills its own series and no others; some rule has each.
  void every_series_of_an_entry_is_measured() {
    std::set<std::string> filled;
    for (const ProbeDescriptor& probe : probes()) {
      std::set<std::string> own;
      if (!probe.is_family) own.insert(probe.measure.key);
      for (const MeasureDescriptor& beside : probe.beside) own.insert(beside.key);
      for (const char* key : {"grape", "fa"}) {
        // Few classes and many: exactly, and through projections.
        for (const std::int64_t classes : {5, 40}) {
          Bed bed({{6}, {{linear(6, 5), layer(LayerKind::relu)}, {linear(5, classes)}}}, 6);
          Experiment experiment(key);
          if (experiment.has("rule.estimate_average"))
            experiment.set_text("rule.estimate_average", "cumulative");
          const std::unique_ptr<Rule> rule = make_rule(experiment);
          rule->attach(bed.network, 1);
          rule->keep_traces(true);
          SeededDraws draws(1, 1);
          Lesson lesson = bed.lesson();
          rule->learn(lesson, draws);
          Measured measured;
          ProbePast past;
          past.moved.assign(static_cast<std::size_t>(bed.network.segments()), 0.1);
          for (int twice = 0; twice < 2; ++twice)  // a mean has an error from the second on
            Probe({probe.measure.key}).measure(*rule, lesson, bed.exact, measured, &past);
          for (const auto& [place, value] : measured) {
            QVERIFY2(own.count(place.first), (probe.measure.key + " fills " + place.first).c_str());
            filled.insert(place.first);
          }
        }
      }
      for (const std::string& key : own) QVERIFY2(filled.count(key), (key + " is never filled").c_str());
    }
  }

  void before_the_first_step_there_is_no_estimate() {
    std::set<std::string> all;
    for (const ProbeDescriptor& probe : probes()) all.insert(probe.measure.key);
    std::set<std::string> expected = all;
    for (const char* key : {"cos_b_jhat", "cos_b_jhat_frobenius", "cos_jhat_j", "lemma_b2_bound", "c_hat",
                            "cos_average_j", "update_ratio"})
      expected.erase(key);
    QVERIFY(before_the_first_step(all) == expected);
    QVERIFY(any_needs({"cos_b_j", "c_hat"}, Need::traces));
    QVERIFY(!any_needs({"cos_b_j", "no such measure"}, Need::traces));
  }

  void quantiles_of_the_samples_angles() {
    Bed bed(mlp, 21);
    const std::unique_ptr<Rule> dfa = make_rule(Experiment("dfa"));
    dfa->attach(bed.network, 1);
    Lesson lesson = bed.lesson();
    Measured measured;
    Probe({"sample_angles"}).measure(*dfa, lesson, bed.exact, measured);
    Signals exact_signals;
    backpropagate(lesson, exact_signals, false);
    std::vector<double> angles;
    const at::Tensor own = bed.judgement.e.mm((*dfa->feedback())[0]);
    for (std::int64_t n = 0; n < 21; ++n)
      angles.push_back(std::acos(cosine(own[n], exact_signals[0][n])) * 180 / M_PI);
    std::sort(angles.begin(), angles.end());
    QVERIFY(std::abs(measured.at({"sample_angle_p50", 1}) - angles[10]) < 1e-9);
    QVERIFY(std::abs(measured.at({"sample_angle_p10", 1}) - angles[2]) < 1e-9);
    QVERIFY(std::abs(measured.at({"sample_angle_p75", 1}) - angles[15]) < 1e-9);
  }

  void angles_and_ratios_of_transports() {
    Bed bed(mlp, 4);
    const std::unique_ptr<Rule> fa = make_rule(Experiment("fa"));
    fa->attach(bed.network, 1);
    const int slot2 = bed.network.layout().slot("2.0.weight"),
              slot3 = bed.network.layout().slot("3.0.weight");
    (*fa->transport())[static_cast<std::size_t>(slot2)].copy_(bed.network.values()[slot2] * -2);
    (*fa->transport())[static_cast<std::size_t>(slot3)].copy_(bed.network.values()[slot3] * 0.5);
    Lesson lesson = bed.lesson();
    Measured measured;
    Probe({"angle"}).measure(*fa, lesson, bed.exact, measured);
    QVERIFY(std::abs(measured.at({"angle", 2}) - 180) < 1e-5);
    QVERIFY(std::abs(measured.at({"transport_ratio", 2}) - 2) < 1e-12);
    QVERIFY(measured.at({"angle", 3}) < 1e-5);
    QVERIFY(std::abs(measured.at({"transport_ratio", 3}) - 0.5) < 1e-12);
    QVERIFY(!measured.count({"angle", 1}));  // the first layer sends nothing back
  }

  void norms_are_norms() {
    Bed bed(mlp, 6);
    const std::unique_ptr<Rule> dfa = make_rule(Experiment("dfa"));
    dfa->attach(bed.network, 1);
    Lesson lesson = bed.lesson();
    Measured measured;
    Probe({"norms"}).measure(*dfa, lesson, bed.exact, measured);
    const at::Tensor& h = bed.tape.outputs[0];
    const at::Tensor& b = (*dfa->feedback())[0];
    QVERIFY(std::abs(measured.at({"norm_feedback", 1}) - b.norm().item<double>()) < 1e-10);
    QVERIFY(std::abs(measured.at({"norm_signal", 1}) - bed.judgement.e.mm(b).norm().item<double>()) < 1e-10);
    QVERIFY(std::abs(measured.at({"activation_mean", 1}) - h.mean().item<double>()) < 1e-12);
    QVERIFY(std::abs(measured.at({"activation_spread", 1}) - h.var(false).sqrt().item<double>()) < 1e-12);
    QCOMPARE(measured.at({"activation_zeros", 1}), 0.0);
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestProbes)
#include "test_probes.moc"
