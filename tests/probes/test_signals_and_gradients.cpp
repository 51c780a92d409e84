// Measures of signals at the pre-activation, and why a rule has none, against autograd.
#include <torch/csrc/autograd/autograd.h>

#include <QtTest>
#include <cmath>

#include "engine/experiment/registry.h"
#include "engine/training/race.h"
#include "tests/probes/probe_bed.h"

namespace grapevine {
namespace {

using Bed = ProbeBed;

/// What a segment's tail makes of signals, by autograd: the layers from its last activation on.
at::Tensor down_through(const std::vector<LayerSpec>& tail, const at::Tensor& a, const at::Tensor& signal) {
  const at::Tensor leaf = a.detach().clone().set_requires_grad(true);
  const at::Tensor h = oracle_layers(tail, "", leaf, {});
  return torch::autograd::grad({(h * signal.reshape(h.sizes())).sum()}, {leaf})[0].flatten(1);
}

struct Expected {
  double cosine = 0, dead = 0;
};

Expected expected(const at::Tensor& own, const at::Tensor& exact) {
  double sum = 0, count = 0;
  for (std::int64_t n = 0; n < own.size(0); ++n) {
    const double size = own[n].norm().item<double>() * exact[n].norm().item<double>();
    if (size == 0) continue;
    sum += own[n].dot(exact[n]).item<double>() / size;
    ++count;
  }
  return {sum / count, 1 - count / static_cast<double>(own.size(0))};
}

NetworkSpec relu_mlp() {
  return {{5},
          {{linear(5, 9), layer(LayerKind::relu)}, {linear(9, 7), layer(LayerKind::relu)}, {linear(7, 4)}}};
}

/// The same as this rule takes it: some want inputs of length √n in every later segment.
NetworkSpec relu_mlp_for(const RuleDescriptor& rule) {
  NetworkSpec spec = relu_mlp();
  LayerSpec norm = layer(LayerKind::rms_norm);
  norm.features = 9;
  if (rule.scales_inputs) spec.segments[1].insert(spec.segments[1].begin(), norm);
  return spec;
}

}  // namespace

class TestSignalsAndGradients : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // A sample whose units are all dead is left out, and told.
  void at_the_pre_activation_of_a_dense_network() {
    Bed bed(relu_mlp(), 8);
    bed.x[3].zero_();
    for (int slot = 0; slot < bed.network.layout().size(); ++slot) {
      const ParameterInfo& info = bed.network.layout()[slot];
      if (info.name == "1.0.bias") bed.network.values()[slot].fill_(-0.1);
    }
    bed.run();
    const auto dfa = attached("dfa", bed);
    const Measured measured = bed.measure({"cos_delta", "cos_delta_a", "dead_share", "signal_ratio"}, *dfa);

    NamedParameters leaves = leaves_of(bed.network);
    std::vector<at::Tensor> outputs = oracle_network(bed.network.spec(), bed.x, leaves);
    for (auto& h : outputs) h.retain_grad();
    oracle_loss(outputs.back(), bed.y).backward();
    for (int l = 1; l <= 2; ++l) {
      const auto i = static_cast<std::size_t>(l - 1);
      const at::Tensor own = bed.judgement.e.mm((*dfa->feedback())[i]), bp = outputs[i].grad();
      const at::Tensor alive = outputs[i].detach().gt(0).to(at::kDouble);  // ReLU's slope
      const Expected want = expected(own * alive, bp * alive);
      QVERIFY(std::abs(measured.at({"cos_delta_a", l}) - want.cosine) < 1e-10);
      QVERIFY(std::abs(measured.at({"dead_share", l}) - want.dead) < 1e-12);
      if (l == 1) QCOMPARE(want.dead, 1.0 / 8);
      QVERIFY(std::abs(measured.at({"signal_ratio", l}) - (own.norm() / bp.norm()).item<double>()) < 1e-10);
    }
    QCOMPARE(measured.count({"cos_delta_a", 3}), std::size_t{0});
  }

  // Pooled, and behind a residual sum: a_l is the sum. A segment that ends in parameters has none.
  void at_the_pre_activation_below_a_pool_and_a_sum() {
    LayerSpec pool = layer(LayerKind::max_pool2d), residual = layer(LayerKind::residual),
              norm = layer(LayerKind::batch_norm2d);
    pool.kernel = pool.stride = 2;
    norm.features = 3;
    residual.body = {conv(3, 3), norm};
    const NetworkSpec spec{{2, 4, 4},
                           {{conv(2, 3), layer(LayerKind::relu), pool},
                            {residual, layer(LayerKind::tanh)},
                            {conv(3, 3), layer(LayerKind::relu), norm},
                            {layer(LayerKind::flatten), linear(12, 4)}}};
    Bed bed(spec, 5);
    const auto dfa = attached("dfa", bed);
    const Measured measured = bed.measure({"cos_delta_a", "dead_share"}, *dfa);
    NamedParameters leaves = leaves_of(bed.network);
    std::vector<at::Tensor> outputs = oracle_network(spec, bed.x, leaves);
    for (auto& h : outputs) h.retain_grad();
    oracle_loss(outputs.back(), bed.y).backward();
    const std::vector<std::vector<LayerSpec>> heads{{conv(2, 3)}, {residual}},
        tails{{layer(LayerKind::relu), pool}, {layer(LayerKind::tanh)}};
    for (int l = 1; l <= 2; ++l) {
      const auto i = static_cast<std::size_t>(l - 1);
      const at::Tensor input = l == 1 ? bed.x : outputs[i - 1].detach();
      const at::Tensor a = oracle_layers(heads[i], std::to_string(l) + ".", input, leaves);
      const at::Tensor own = bed.judgement.e.mm((*dfa->feedback())[i]);
      const Expected want =
          expected(down_through(tails[i], a, own), down_through(tails[i], a, outputs[i].grad()));
      QVERIFY(std::abs(measured.at({"cos_delta_a", l}) - want.cosine) < 1e-10);
      QVERIFY(std::abs(measured.at({"dead_share", l}) - want.dead) < 1e-12);
    }
    QCOMPARE(measured.count({"cos_delta_a", 3}), std::size_t{0});
    QCOMPARE(measured.count({"dead_share", 3}), std::size_t{0});
  }

  // A point inside a block: its own part alone, the carried one is not part of it.
  void at_a_point_inside_a_block() {
    LayerSpec fork = layer(LayerKind::fork), join = layer(LayerKind::join);
    fork.body = {linear(6, 5), layer(LayerKind::relu)};
    join.in = 5;
    join.body = {linear(5, 6)};
    const NetworkSpec spec{{6}, {{fork}, {join, layer(LayerKind::tanh)}, {linear(6, 3)}}};
    Bed bed(spec, 6);
    const auto dfa = attached("dfa", bed);
    const Measured measured = bed.measure({"cos_delta_a"}, *dfa);
    NamedParameters leaves = leaves_of(bed.network);
    std::vector<at::Tensor> outputs = oracle_network(spec, bed.x, leaves);
    for (auto& h : outputs) h.retain_grad();
    oracle_loss(outputs.back(), bed.y).backward();
    const at::Tensor alive = outputs[0].detach().narrow(1, 0, 5).gt(0).to(at::kDouble);
    const at::Tensor own = bed.judgement.e.mm((*dfa->feedback())[0]);
    const Expected want = expected(own * alive, outputs[0].grad().narrow(1, 0, 5) * alive);
    QVERIFY(std::abs(measured.at({"cos_delta_a", 1}) - want.cosine) < 1e-10);
  }

  void quantiles_leave_out_what_points_nowhere() {
    const at::Tensor a = at::tensor({1.0, 0.0, 0.0, 0.0, 3.0, 4.0}, f64).view({3, 2});
    const at::Tensor b = at::tensor({1.0, 0.0, 5.0, 1.0, 4.0, 3.0}, f64).view({3, 2});
    const at::Tensor cosines = nonzero_sample_cosines(a, b);
    QCOMPARE(cosines.numel(), std::int64_t{2});
    QVERIFY(std::abs(cosines[0].item<double>() - 1) < 1e-15);
    QVERIFY(std::abs(cosines[1].item<double>() - 24.0 / 25) < 1e-15);
    QVERIFY(std::abs(sample_cosine(a, b) - (1 + 24.0 / 25) / 3) < 1e-15);  // cos_delta counts them as 0

    Bed bed(relu_mlp(), 4);
    const auto dfa = attached("dfa", bed);
    bed.judgement.e.zero_();
    const Measured nothing = bed.measure({"sample_angles", "cos_delta", "cos_delta_a", "dead_share"}, *dfa);
    QVERIFY(std::isnan(nothing.at({"sample_angle_p50", 1})));
    QVERIFY(std::isnan(nothing.at({"cos_delta_a", 1})));
    QCOMPARE(nothing.at({"dead_share", 1}), 1.0);
    QCOMPARE(nothing.at({"cos_delta", 1}), 0.0);
  }

  // The entry of a rule says whether it has signals; what it does shows it.
  void rules_say_whether_they_have_signals() {
    for (const RuleDescriptor& descriptor : rules()) {
      Bed bed(relu_mlp_for(descriptor), 6);
      const auto rule = attached(descriptor.key, bed);
      Lesson lesson = bed.lesson();
      SeededDraws draws(1, 1);
      rule->learn(lesson, draws);
      bed.run();
      Signals signals;
      QVERIFY2(rule->rehearse(lesson, signals) == descriptor.has_signals, descriptor.key.c_str());
    }
  }

  void a_hint_says_why_there_is_no_curve() {
    const auto why = [](const char* measure, const char* rule) {
      return why_undefined(*find_probe(measure), *find_rule(rule));
    };
    QVERIFY(why("cos_b_j", "bp").find("no feedback matrices") != std::string::npos);
    QVERIFY(why("cos_b_jhat", "dfa").find("no estimate") != std::string::npos);
    QVERIFY(why("cos_delta_a", "pepita").find("no signal") != std::string::npos);
    QVERIFY(why("angle", "grape").find("weights of their own") != std::string::npos);
    QCOMPARE(why("cos_b_j", "grape"), std::string());
    QVERIFY(why("cos_average_j", "fdfa").find("no mean") != std::string::npos);
    QCOMPARE(why("cos_average_j", "grape"), std::string());
    QCOMPARE(why("update_ratio", "ff"), std::string());
    // A rule has a series exactly where there is no hint, on a network with everything.
    for (const RuleDescriptor& descriptor : rules()) {
      Bed bed(relu_mlp_for(descriptor), 6);
      const auto rule = attached(descriptor.key, bed);
      Lesson lesson = bed.lesson();
      SeededDraws draws(1, 1);
      rule->keep_traces(true);
      rule->learn(lesson, draws);
      bed.run();
      for (const ProbeDescriptor& probe : probes()) {
        if (probe.has(Need::average)) continue;  // a setting's, none by default
        ProbePast past;
        past.moved = {0.1, 0.1, 0.1};
        const Measured measured = bed.measure({probe.measure.key}, *rule, &past);
        const bool has_none = !why_undefined(probe, descriptor).empty();
        QVERIFY2(measured.empty() == has_none, (descriptor.key + " " + probe.measure.key).c_str());
      }
    }
  }

  // What version 0.1.0 measured by default costs as much as what is measured now: stored cadences stay.
  void new_measures_do_not_move_the_cadence() {
    const std::set<std::string> before{
        "cos_b_j",         "cos_b_jhat", "cos_b_jhat_frobenius", "cos_jhat_j", "lemma_b2_bound", "c_hat",
        "cos_b_j_centred", "cos_delta",  "sample_angles",        "cos_update", "angle",          "norms"};
    for (const RuleDescriptor& descriptor : rules()) {
      Bed bed(relu_mlp_for(descriptor), 6);
      const auto rule = attached(descriptor.key, bed);
      const std::set<std::string> now = probe_measures(ProbeSettings::of(Experiment(descriptor.key)), 100);
      QVERIFY(now.count("cos_delta_a") && now.count("zoutendijk") && !now.count("update_ratio"));
      QCOMPARE(Probe::multiply_adds(now, *rule, bed.network.cost(), 64),
               Probe::multiply_adds(before, *rule, bed.network.cost(), 64));
    }
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestSignalsAndGradients)
#include "test_signals_and_gradients.moc"
