// What must hold for every implementation of the rules that carry errors back (learning-rules §8), on random
// networks in float64. A failure prints the seed that repeats it.
#include <torch/csrc/autograd/autograd.h>

#include <QtTest>

#include "engine/experiment/settings.h"
#include "engine/feedback/mirror.h"
#include "engine/probes/cosines.h"
#include "tests/rules/bed.h"
#include "tests/support/refusal.h"

namespace grapevine {

class TestIdentities : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void bp_is_autograd() {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      Generator g(seed);
      Bed bed(seed % 2 ? random_cnn(g) : random_mlp(g, 3, LayerKind::gelu), g, any(g, 2, 7));
      NamedParameters leaves = leaves_of(bed.network);
      oracle_loss(oracle_network(bed.network.spec(), bed.x, leaves).back(), bed.y).backward();
      bed.bp_gradients();
      auto rule = attached("bp", bed);
      SeededDraws draws(1, 1);
      Lesson lesson = bed.lesson();
      rule->learn(lesson, draws);
      for (const auto& [name, leaf] : leaves)
        QVERIFY2(relative_error(bed.gradients[bed.network.layout().slot(name)], leaf.grad()) < exact ||
                     at::linalg_vector_norm(leaf.grad()).item<double>() < 1e-14,
                 (seed_text(seed) + " " + name).c_str());
    }
  }

  void fa_with_its_transport_equal_to_w_is_bp() {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      Generator g(seed);
      Bed bed(seed % 2 ? random_cnn(g) : random_mlp(g, 3, LayerKind::tanh), g, any(g, 2, 7));
      auto rule = attached("fa", bed);
      std::size_t i = 0;
      for (int slot : bed.network.transported_slots())
        rule->state()[i++].second.copy_(bed.network.values()[slot]);
      QVERIFY(i > 0);
      SeededDraws draws(1, 1);
      Lesson lesson = bed.lesson();
      rule->learn(lesson, draws);
      QVERIFY2(relative_error(bed.gradients.flat(), bed.bp_gradients()) < exact, seed_text(seed).c_str());
    }
  }

  // With another transport a hidden layer's gradient must differ, or the test above proves nothing.
  void fa_with_a_random_transport_is_not_bp() {
    Generator g(3);
    Bed bed(random_mlp(g, 2, LayerKind::tanh), g, 6);
    auto rule = attached("fa", bed);
    SeededDraws draws(1, 1);
    Lesson lesson = bed.lesson();
    rule->learn(lesson, draws);
    QVERIFY(relative_error(bed.gradients.flat(), bed.bp_gradients()) > 0.01);
  }

  void dfa_with_one_hidden_layer_and_the_true_weights_is_bp() {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      Generator g(seed);
      Bed bed(random_mlp(g, 1, LayerKind::sigmoid), g, any(g, 2, 7));
      for (const char* key : {"dfa", "dkp"}) {
        auto rule = attached(key, bed);
        (*rule->feedback())[0].copy_(bed.network.values()[bed.network.layout().slot("2.0.weight")]);
        SeededDraws draws(1, 1);
        Lesson lesson = bed.lesson();
        rule->learn(lesson, draws);
        QVERIFY2(relative_error(bed.gradients.flat(), bed.bp_gradients()) < exact, seed_text(seed).c_str());
      }
    }
  }

  // rule.exact_points: there BP's gradient, at the others the rule's own, and feedback moves as it would.
  void exact_points_take_bps_signal_and_nothing_else_changes() {
    int direct_rules = 0;
    for (const RuleDescriptor& descriptor : rules()) {
      const auto is_exact_points = [](const Setting& s) { return s.key == "exact_points"; };
      if (std::none_of(descriptor.settings.begin(), descriptor.settings.end(), is_exact_points)) continue;
      ++direct_rules;
      Generator g(41);
      Bed bed(random_mlp(g, 3, LayerKind::tanh), g, 6);
      const at::Tensor by_bp = bed.bp_gradients().clone();
      const auto learnt = [&](const char* points, std::vector<at::Tensor>& feedback) {
        auto rule = attached(descriptor.key, bed, {{"exact_points", points}});
        SeededDraws draws(1, 1);
        Lesson lesson = bed.lesson();
        rule->learn(lesson, draws);
        feedback.clear();
        for (const at::Tensor& b : *rule->feedback()) feedback.push_back(b.clone());
        return bed.gradients.flat().clone();
      };
      std::vector<at::Tensor> plain_feedback, feedback;
      const at::Tensor plain = learnt("", plain_feedback);
      const at::Tensor some = learnt("1,3", feedback);
      for (std::size_t l = 0; l < feedback.size(); ++l) QVERIFY(at::equal(feedback[l], plain_feedback[l]));
      for (int slot = 0; slot < bed.network.layout().size(); ++slot) {
        const ParameterInfo& info = bed.network.layout()[slot];
        const auto part = [&](const at::Tensor& flat) { return flat.narrow(0, info.offset, info.count); };
        const bool at_point_2 = info.segment == 2;
        QVERIFY2(relative_error(part(some), part(at_point_2 ? plain : by_bp)) < exact,
                 (descriptor.key + " " + info.name).c_str());
        if (at_point_2) QVERIFY(relative_error(part(plain), part(by_bp)) > 0.01);
      }
      QVERIFY2(relative_error(learnt("1,2,3", feedback), by_bp) < exact, descriptor.key.c_str());
    }
    QVERIFY(direct_rules >= 6);
  }

  void an_exact_point_that_is_not_there_is_refused() {
    Generator g(42);
    Bed bed(random_mlp(g, 2, LayerKind::tanh), g, 6);
    QCOMPARE(refusal([&] {
               attached("dfa", bed, {{"exact_points", "3"}});
             }),
             std::string("rule.exact_points: there is no feedback point 3; this network has 2"));
  }

  void sign_rules_carry_the_signs_of_w() {
    for (const char* key : {"usf", "brsf", "frsf"})
      for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        Generator g(seed);
        Bed bed(seed % 2 ? random_cnn(g) : random_mlp(g, 2, LayerKind::relu), g, 4);
        bed.network.values()[bed.network.transported_slots()[0]].flatten()[0].zero_();  // sign(0) = 0
        auto rule = attached(key, bed);
        Lesson lesson = bed.lesson();
        SeededDraws first(1, 1), second(1, 2);
        rule->learn(lesson, first);
        std::vector<at::Tensor> before;
        for (int slot : bed.network.transported_slots()) {
          const at::Tensor& t = (*rule->transport())[static_cast<std::size_t>(slot)];
          QVERIFY(at::equal(t.sign(), bed.network.values()[slot].sign()));
          const ParameterInfo& info = bed.network.layout()[slot];
          const double scale = std::sqrt(2.0 / static_cast<double>(info.fan_in + info.fan_out));
          const at::Tensor size = t.abs().masked_select(t.ne(0));
          if (std::string(key) == "usf") QVERIFY((size - scale).abs().max().item<double>() < exact);
          QVERIFY(size.max().item<double>() <= std::sqrt(3.0) * scale + exact);  // Xavier's bound is √3·s
          before.push_back(t.clone());
        }
        rule->learn(lesson, second);
        std::size_t i = 0;
        for (int slot : bed.network.transported_slots())
          QCOMPARE(at::equal((*rule->transport())[static_cast<std::size_t>(slot)], before[i++]),
                   std::string(key) != "brsf");
      }
  }

  // N(0, 1/(fan_in + fan_out)), the same numbers for both.
  void transports_that_learn_start_alike() {
    Generator g(7);
    Bed bed(random_mlp(g, 2, LayerKind::tanh), g, 4);
    double squares = 0, count = 0;
    for (std::int64_t seed = 1; seed <= 200; ++seed) {
      auto pollack = make_rule(Experiment("kp")), mirror = make_rule(Experiment("wm"));
      pollack->attach(bed.network, seed);
      mirror->attach(bed.network, seed);
      for (const int slot : bed.network.transported_slots()) {
        const at::Tensor& t = (*pollack->transport())[static_cast<std::size_t>(slot)];
        QVERIFY(at::equal(t, (*mirror->transport())[static_cast<std::size_t>(slot)]));
        const ParameterInfo& info = bed.network.layout()[slot];
        squares += t.square().sum().item<double>() * static_cast<double>(info.fan_in + info.fan_out);
        count += static_cast<double>(t.numel());
      }
    }
    // Five standard errors of a mean of squares of N(0,1).
    QVERIFY(std::abs(squares / count - 1) < 5 * std::sqrt(2 / count));
  }

  // W − R shrinks by λ at every step, whatever the optimizer did.
  void kolen_pollack_brings_w_and_its_transport_together() {
    Generator g(4);
    Bed bed(random_mlp(g, 2, LayerKind::tanh), g, 6);
    auto rule = attached("kp", bed, {{"decay", "0.9"}});
    std::map<int, at::Tensor> apart;
    for (int slot : bed.network.transported_slots())
      apart[slot] = bed.network.values()[slot] - (*rule->transport())[static_cast<std::size_t>(slot)];
    for (int step = 1; step <= 5; ++step) {
      bed.run();
      SeededDraws draws(1, step);
      Lesson lesson = bed.lesson();
      rule->learn(lesson, draws);
      bed.network.values().flat().sub_(bed.gradients.flat(), 0.3);
      rule->after_update(lesson, draws);
      for (auto& [slot, gap] : apart) {
        gap = gap * 0.9;
        const at::Tensor now =
            bed.network.values()[slot] - (*rule->transport())[static_cast<std::size_t>(slot)];
        QVERIFY(relative_error(now, gap) < exact);
      }
    }
  }

  void biases_do_not_fade_under_kolen_pollack() {
    Generator g(4);
    Bed bed(random_mlp(g, 2, LayerKind::tanh), g, 6);
    auto rule = attached("kp", bed, {{"decay", "0.5"}});
    const at::Tensor before = bed.network.values().flat().clone();
    SeededDraws draws(1, 1);
    Lesson lesson = bed.lesson();
    rule->learn(lesson, draws);
    rule->after_update(lesson, draws);  // ΔW = 0
    for (int slot = 0; slot < bed.network.layout().size(); ++slot) {
      const ParameterInfo& info = bed.network.layout()[slot];
      const at::Tensor old = before.narrow(0, info.offset, info.count).view(info.shape);
      const double left = info.role == ParameterRole::weight ? 0.5 : 1;
      QVERIFY(relative_error(bed.network.values()[slot], old * left) < exact);
    }
  }

  // The mean of the mirror's product is N·0.01·W: over many batches the sum points along W.
  void weight_mirroring_points_along_w() {
    Generator g(5);
    for (const LayerKind kind : {LayerKind::linear, LayerKind::conv2d}) {
      NetworkSpec spec = random_cnn(g);
      if (kind == LayerKind::linear) spec = random_mlp(g, 2, LayerKind::relu);
      Bed bed(spec, g, 64);
      auto rule = attached("wm", bed, {{"mirror_rate", "1"}, {"mirror_decay", "0"}});
      for (auto& [name, tensor] : rule->state()) tensor.zero_();
      Lesson lesson = bed.lesson();
      for (int step = 1; step <= 200; ++step) {
        SeededDraws draws(1, step);
        rule->after_update(lesson, draws);
      }
      for (int slot : bed.network.transported_slots()) {
        const at::Tensor& r = (*rule->transport())[static_cast<std::size_t>(slot)];
        const at::Tensor& w = bed.network.values()[slot];
        QVERIFY2(cosine(r, w) > 0.95, layer_name(kind));
        if (w.dim() == 2)
          QVERIFY(std::abs((r * w).sum().item<double>() / w.square().sum().item<double>() - 2) < 0.4);
      }
    }
  }

  // Along every axis of weight space in turn, the forward gradients add up to the gradient.

  // What a rule measures by rehearsing must leave what it has learnt alone.
  void a_rehearsal_changes_nothing() {
    for (const auto& descriptor : rules()) {
      Generator g(18);
      NetworkSpec spec = random_mlp(g, 2, LayerKind::relu);
      spec.input[0] = spec.segments[0][0].in = 8;
      if (descriptor.scales_inputs)
        for (std::size_t l = 1; l < 3; ++l)
          spec.segments[l].insert(spec.segments[l].begin(), layer(LayerKind::rms_norm));
      Bed bed(spec, g, 6);
      auto rule = attached(descriptor.key, bed);
      Lesson lesson = bed.lesson();
      SeededDraws draws(1, 1);
      rule->learn(lesson, draws);
      const at::Tensor learnt = bed.gradients.flat().clone();
      std::vector<at::Tensor> before;
      for (auto& [name, tensor] : rule->state()) before.push_back(tensor.clone());
      Signals signals;
      ParameterBuffer scratch(bed.network.layout(), f64);
      Lesson rehearsal{bed.network, bed.tape, bed.pass, bed.y, bed.judgement.e, scratch};
      rule->rehearse(rehearsal, signals);
      std::size_t i = 0;
      for (auto& [name, tensor] : rule->state())
        QVERIFY2(at::equal(tensor, before[i++]), (descriptor.key + " " + name).c_str());
      // On the step's own batch a rehearsal comes to the step's own gradients.
      QVERIFY2(relative_error(scratch.flat(), learnt) < exact, descriptor.key.c_str());
    }
  }

  void rules_say_what_they_can_not_run_on() {
    Generator g(19);
    Bed bed(random_cnn(g), g, 3);
    for (const char* key : {"pepita", "ff"}) {
      std::string message;
      try {
        attached(key, bed);
      } catch (const InputError& error) {
        message = error.what();
      }
      QVERIFY2(message.find(key) != std::string::npos && message.find("segment 1") != std::string::npos,
               message.c_str());
    }
    for (const auto& descriptor : rules())
      if (descriptor.models.empty()) attached(descriptor.key, bed);  // everything else attaches to anything
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestIdentities)
#include "test_identities.moc"
