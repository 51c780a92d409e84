// The transformer and what it brings to the engine: rows of tokens, a decoder above z, points inside a block.
// Values come from autograd through the oracle's operations, in float64.
#include <torch/csrc/autograd/autograd.h>

#include <QtTest>

#include "../nn/oracle.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/feedback/estimate.h"
#include "engine/models/model.h"
#include "engine/nn/decoder.h"
#include "engine/nn/judgement.h"
#include "engine/probes/cosines.h"
#include "engine/probes/jacobian.h"
#include "engine/training/trainer.h"

namespace grapevine {
namespace {

const at::TensorOptions f64 = at::TensorOptions().dtype(at::kDouble);
constexpr double exact = 1e-10;
constexpr std::int64_t texts = 5, tokens = 6, words = 11, width = 8;

Experiment small(const std::string& rule, const std::string& points, const std::string& dropout = "0") {
  Experiment experiment(rule);
  for (const auto& [key, value] : std::map<std::string, std::string>{{"data.name", "wikitext2"},
                                                                     {"data.context", std::to_string(tokens)},
                                                                     {"model.name", "transformer"},
                                                                     {"model.d_model", std::to_string(width)},
                                                                     {"model.d_ff", "12"},
                                                                     {"model.depth", "2"},
                                                                     {"model.heads", "2"},
                                                                     {"model.dropout", dropout},
                                                                     {"model.feedback_points", points}})
    experiment.set_text(key, value);
  return experiment;
}

const DataShape shape{{tokens}, words};

at::Tensor numbers(std::int64_t seed, at::IntArrayRef sizes) {
  at::Tensor u = at::empty(sizes, f64);
  fill_uniform(u, RandomKey::of(seed, Stream::test), 0, static_cast<double>(words));
  return u.floor().to(at::kLong);
}

// A network with random values, a batch, and everything of one forward pass.
struct Bed {
  explicit Bed(const std::string& points, const std::string& dropout = "0", std::int64_t seed = 1)
      : experiment(small("bp", points, dropout)),
        spec(build_model(experiment, shape)),
        network(spec, f64),
        gradients(network.layout(), f64),
        x(numbers(seed, {texts, tokens})),
        y(numbers(seed + 100, {texts * tokens})) {
    initialise(network, WeightInit::uniform_fan_in, seed);
    at::Tensor flat = network.values().flat();
    at::Tensor noise = at::empty_like(flat);
    fill_gaussian(noise, RandomKey::of(seed + 200, Stream::test));
    flat.add_(noise, 0.1);  // norms and biases too
    pass = Pass::training(RandomKey::of(seed, Stream::dropout));
    judge(network, network.forward(x, tape, pass), y, judgement, true, &gradients);
  }
  Lesson lesson() { return {network, tape, pass, y, judgement.e, gradients}; }

  Experiment experiment;
  NetworkSpec spec;
  Network network;
  ParameterBuffer gradients;
  at::Tensor x, y;
  NetworkTape tape;
  Pass pass;
  Judgement judgement;
};

at::Tensor decoded(const at::Tensor& z, const NamedParameters& p) {
  return at::linear(z.reshape({-1, width}), p.at("decoder.weight"), p.at("decoder.bias"));
}

}  // namespace

class TestTransformer : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // Loss, e, and every parameter's gradient, the decoder's and the embedding's too.
  void a_bp_step_is_autograds() {
    for (const char* points : {"macro", "micro"}) {
      Bed bed(points);
      const NamedParameters parameters = leaves_of(bed.network);
      const auto outputs = oracle_network(bed.spec, bed.x, parameters);
      const at::Tensor loss = oracle_loss(decoded(outputs.back(), parameters), bed.y);
      QVERIFY2(relative_error(bed.judgement.loss, loss) < exact, points);

      std::vector<at::Tensor> inputs{outputs.back()};
      for (const auto& [name, parameter] : parameters) inputs.push_back(parameter);
      const auto wanted = torch::autograd::grad({loss}, inputs);
      QVERIFY2(relative_error(bed.judgement.e, wanted[0].reshape({-1, width})) < exact, points);
      Lesson lesson = bed.lesson();
      Signals signals;
      backpropagate(lesson, signals, true);
      std::size_t i = 1;
      for (const auto& [name, parameter] : parameters)
        QVERIFY2(relative_error(bed.gradients[bed.network.layout().slot(name)], wanted[i++]) < exact,
                 name.c_str());
    }
  }

  // Where feedback arrives changes neither the function nor BP.
  void macro_and_micro_are_one_network() {
    Bed macro("macro", "0.3"), micro("micro", "0.3");
    QCOMPARE(macro.network.points(), 1);
    QCOMPARE(micro.network.points(), 5);
    QCOMPARE(macro.network.features(1), width);
    const std::vector<std::int64_t> features{width, 12, width, width, 12};
    for (int l = 1; l <= 5; ++l)
      QCOMPARE(micro.network.features(l), features[static_cast<std::size_t>(l - 1)]);
    QCOMPARE(count_parameters(macro.spec), count_parameters(micro.spec));
    QCOMPARE(count_parameters(macro.spec), macro.network.layout().total());
  }

  // What a fork carries past a point gets no signal and no perturbation under a direct rule.
  void a_points_state_has_its_rows_first_and_carries_nothing_of_them() {
    Bed bed("micro");
    at::Tensor rows = at::empty({texts * tokens, 12}, f64);
    fill_gaussian(rows, RandomKey::of(7, Stream::test));
    const at::Tensor& h = bed.tape.outputs[1];
    QCOMPARE(h.size(2), 12 + width);
    at::Tensor buffer;
    const at::Tensor state = bed.network.state(2, rows, h, buffer);
    QVERIFY(at::equal(bed.network.rows(2, state), rows));
    QCOMPARE(state.narrow(2, 12, width).abs().sum().item<double>(), 0.0);
    QVERIFY(at::equal(h.narrow(2, 12, width), bed.tape.outputs[0]));  // the stream itself
  }

  // With B_l = J̄'s decoder-side truth unknown, DFA's parameters still follow §1: a segment's own gradients
  // are its adjoint of e B.
  void a_direct_rule_sends_e_b_to_every_token() {
    for (const char* points : {"macro", "micro"}) {
      Bed bed(points);
      auto rule = make_rule(Experiment("dfa"));
      rule->attach(bed.network, 3);
      Lesson lesson = bed.lesson();
      SeededDraws draws(1, 1);
      rule->learn(lesson, draws);
      const NamedParameters parameters = leaves_of(bed.network);
      const auto outputs = oracle_network(bed.spec, bed.x, parameters);
      for (int l = 1; l < bed.network.segments(); ++l) {
        const auto i = static_cast<std::size_t>(l - 1);
        const at::Tensor part = bed.network.rows(l, outputs[i]);
        const at::Tensor signal = bed.judgement.e.mm((*rule->feedback())[i]);
        // The segment alone: its input is cut off from what lies below.
        const at::Tensor input = l == 1 ? bed.x : outputs[i - 1].detach();
        const at::Tensor own =
            oracle_layers(bed.spec.segments[i], std::to_string(l) + ".", input, parameters);
        std::vector<at::Tensor> leaves;
        std::vector<int> slots;
        for (int slot = 0; slot < bed.network.layout().size(); ++slot)
          if (bed.network.layout()[slot].segment == l) {
            slots.push_back(slot);
            leaves.push_back(parameters.at(bed.network.layout()[slot].name));
          }
        const auto wanted =
            torch::autograd::grad({bed.network.rows(l, own)}, leaves, {signal}, true, false, true);
        for (std::size_t k = 0; k < slots.size(); ++k)
          QVERIFY(relative_error(bed.gradients[slots[k]], wanted[k]) < exact);
        QCOMPARE(part.size(1), bed.network.features(l));
      }
    }
  }

  // The trace through forks and joins is autograd's forward mode of the same perturbations.
  void a_shared_trace_is_forward_mode() {
    for (const char* points : {"macro", "micro"}) {
      Bed bed(points);
      JacobianEstimator estimator{EstimateSettings{}};
      estimator.attach(bed.network);
      Lesson lesson = bed.lesson();
      SeededDraws draws(1, 1);
      estimator.run(lesson, draws, [&](const Trace& trace) {
        const std::uint64_t level = torch::autograd::forward_ad::enter_dual_level();
        NamedParameters values;
        for (int slot = 0; slot < bed.network.layout().size(); ++slot)
          values[bed.network.layout()[slot].name] = bed.network.values()[slot].clone();
        at::Tensor h = bed.x;
        for (std::size_t l = 0; l < bed.spec.segments.size(); ++l) {
          h = oracle_layers(bed.spec.segments[l], std::to_string(l + 1) + ".", h, values);
          if (l + 1 == bed.spec.segments.size()) break;
          at::Tensor buffer;
          const at::Tensor p = bed.network.state(static_cast<int>(l) + 1, *trace.perturbations[l],
                                                 bed.tape.outputs[l], buffer);
          h = h + at::_make_dual(at::zeros_like(p), p.clone(), level);
        }
        const at::Tensor z_dot = std::get<1>(at::_unpack_dual(h, level)).clone();
        torch::autograd::forward_ad::exit_dual_level(level);
        QVERIFY2(relative_error(trace.z_dot, z_dot.reshape({-1, width})) < exact, points);
      });
    }
  }

  // J̄ is the mean over tokens of a token's own Jacobian; the view's random signs estimate it without bias.
  void the_mean_jacobian_is_the_tokens_own() {
    Bed bed("macro");
    const NamedParameters parameters = leaves_of(bed.network);
    const auto outputs = oracle_network(bed.spec, bed.x, parameters);
    const at::Tensor z = outputs[1];
    at::Tensor mean = at::zeros({width, width}, f64);
    for (std::int64_t t = 0; t < tokens; ++t)
      for (std::int64_t c = 0; c < width; ++c) {
        // Texts don't see each other: one sweep for all of them.
        const auto row = torch::autograd::grad({z.select(1, t).select(1, c).sum()}, {outputs[0]}, {}, true);
        mean[c] += row[0].select(1, t).sum(0) / static_cast<double>(texts * tokens);
      }
    // One look at 30 tokens is noisy; many networks' worth of signs are not at hand, so many rows are: the
    // same texts again and again, each copy with signs of its own.
    const std::int64_t copies = 400;
    const at::Tensor many = bed.x.repeat({copies, 1});
    NetworkTape tape;
    Judgement judgement;
    const at::Tensor y = bed.y.repeat({copies});
    judge(bed.network, bed.network.forward(many, tape, bed.pass), y, judgement, true);
    Lesson lesson{bed.network, tape, bed.pass, y, judgement.e, bed.gradients};
    QVERIFY(relative_error(mean_jacobians(lesson)[0], mean) < 0.05);
  }

  void the_decoder_gives_the_same_in_slices() {
    const std::int64_t rows = 150, vocabulary = 100000;  // 83 rows at once
    Decoder decoder(4, vocabulary);
    ParameterLayout layout;
    decoder.enlist(layout, 1);
    ParameterBuffer values(layout, f64), gradients(layout, f64);
    at::Tensor flat = values.flat();
    fill_gaussian(flat, RandomKey::of(1, Stream::test));
    decoder.bind(values);
    at::Tensor z = at::empty({rows, 4}, f64), e = at::empty({rows, 4}, f64);
    fill_gaussian(z, RandomKey::of(2, Stream::test));
    const at::Tensor y = at::arange(rows, f64.dtype(at::kLong)) * 613;
    const at::Tensor loss = decoder.loss(z, y, &e, &gradients);
    const at::Tensor leaf = z.clone().set_requires_grad(true),
                     weight = values[0].clone().set_requires_grad(true),
                     bias = values[1].clone().set_requires_grad(true);
    const at::Tensor want = oracle_loss(at::linear(leaf, weight, bias), y);
    const auto wanted = torch::autograd::grad({want}, {leaf, weight, bias});
    QVERIFY(relative_error(loss, want) < exact);
    QVERIFY(relative_error(e, wanted[0]) < exact);
    QVERIFY(relative_error(gradients[0], wanted[1]) < exact);
    QVERIFY(relative_error(gradients[1], wanted[2]) < exact);
  }

  void attention_drops_probabilities_by_one_mask() {
    LayerSpec core;
    core.kind = LayerKind::attention;
    core.features = 4;
    core.heads = 2;
    core.rate = 0.5;
    core.causal = false;
    // Equal scores: every probability is 1/T; v = 1: an output is the kept share of probabilities, doubled.
    Network network({{tokens, 12}, {{core}}, words}, f64);
    const at::Tensor h = at::cat({at::zeros({40, tokens, 8}, f64), at::ones({40, tokens, 4}, f64)}, 2);
    NetworkTape tape;
    const Pass pass = Pass::training(RandomKey::of(3, Stream::dropout));
    const at::Tensor y = network.forward(h, tape, pass).clone() * (static_cast<double>(tokens) / 2);
    QVERIFY((y - y.round()).abs().max().item<double>() < 1e-12);
    QVERIFY(std::abs(y.mean().item<double>() - tokens / 2.0) < 0.2);  // 480 rows of 6 coins
    QVERIFY(at::allclose(network.forward(h, tape, Pass::testing()), at::ones({40 * tokens, 4}, f64)));
  }

  // Rows, shapes and settings that don't go together are refused by name.
  void refuses_what_does_not_fit() {
    const auto refused = [](const Experiment& experiment, const char* what) {
      for (const auto& complaint : experiment.complaints())
        if (complaint.message.find(what) != std::string::npos) return true;
      return false;
    };
    Experiment experiment = small("dfa", "macro");
    QVERIFY(experiment.complaints().empty());
    experiment.set_text("model.heads", "3");
    QVERIFY_EXCEPTION_THROWN(build_model(experiment, shape), InputError);
    QVERIFY(refused(small("drtp", "macro"), "rule.name=drtp"));
    QVERIFY(refused(small("pepita", "macro"), "pepita"));
    Experiment images = small("dfa", "macro");
    images.set_text("data.name", "shapes");
    QVERIFY(refused(images, "shapes"));
    Experiment calibrated = small("dfa", "macro");
    calibrated.set_text("calibration.when", "epochs");
    calibrated.set_text("calibration.batch", "class_balanced");
    QVERIFY(refused(calibrated, "class_balanced"));
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestTransformer)
#include "test_transformer.moc"
