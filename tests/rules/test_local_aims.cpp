// What must hold for the rules that send no error back: PEPITA, local losses, Forward-Forward, DRTP; on
// random networks in float64. A failure prints the seed that repeats it.
#include <torch/csrc/autograd/autograd.h>

#include <QtTest>

#include "engine/probes/cosines.h"
#include "engine/rules/goodness.h"
#include "engine/rules/local_loss.h"
#include "tests/rules/bed.h"

namespace grapevine {

class TestLocalAims : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_calm_projection_teaches_hidden_layers_nothing_even_with_dropout() {
    Generator g(12);
    NetworkSpec spec = random_mlp(g, 2, LayerKind::relu);
    LayerSpec drop = layer(LayerKind::dropout);
    drop.rate = 0.5;
    spec.segments[0].push_back(drop);
    Bed bed(spec, g, 8);
    auto rule = attached("pepita", bed);
    Lesson lesson = bed.lesson();
    SeededDraws draws(1, 1);
    rule->learn(lesson, draws);
    QVERIFY(bed.gradients.segment(bed.network.layout(), 1).abs().max().item<double>() > 0);
    // With F = 0 both passes are one, if and only if they share the dropout mask.
    rule->state()[0].second.zero_();
    rule->learn(lesson, draws);
    QCOMPARE(bed.gradients.segment(bed.network.layout(), 1).abs().max().item<double>(), 0.0);
    QCOMPARE(bed.gradients.segment(bed.network.layout(), 2).abs().max().item<double>(), 0.0);
    QVERIFY(relative_error(bed.gradients.segment(bed.network.layout(), 3), [&] {
              ParameterBuffer buffer(bed.network.layout(), f64);
              Lesson by_bp{bed.network, bed.tape, bed.pass, bed.y, bed.judgement.e, buffer};
              Signals signals;
              backpropagate(by_bp, signals, true);
              return buffer.segment(bed.network.layout(), 3).clone();
            }()) < exact);
  }

  void pepitas_mirrored_projection_turns_towards_the_weights_product() {
    Generator g(13);
    Bed bed(random_mlp(g, 2, LayerKind::relu), g, 64);
    auto rule = attached("pepita", bed, {{"mirror", "true"}, {"mirror_rate", "1"}});
    const at::Tensor projection = rule->state()[0].second;
    const double spread = projection.std(false).item<double>();
    const double wanted = 0.05 * std::sqrt(2.0 / static_cast<double>(projection.size(0)));
    QVERIFY(std::abs(spread - wanted) < exact);
    at::Tensor product = bed.network.values()[bed.network.layout().slot("1.0.weight")].t();
    for (int l = 2; l <= 3; ++l)
      product =
          product.mm(bed.network.values()[bed.network.layout().slot(std::to_string(l) + ".0.weight")].t());
    const double before = cosine(rule->state()[0].second, product);
    Lesson lesson = bed.lesson();
    for (int step = 1; step <= 600; ++step) {
      SeededDraws draws(1, step);
      rule->after_update(lesson, draws);
    }
    const at::Tensor after = rule->state()[0].second;
    QVERIFY(cosine(after, product) > 0.9);
    QVERIFY(before < 0.9);
    QVERIFY(std::abs(after.std(false).item<double>() - wanted) < exact);
  }

  // The local loss by LibTorch's own operations and autograd, on vectors and on maps.
  void local_slopes_are_autograds() {
    for (const std::vector<std::int64_t>& shape : {std::vector<std::int64_t>{6, 9}, {5, 4, 3, 3}}) {
      Generator g(14);
      at::Tensor h = at::empty(shape, f64), decoder = at::empty({3, shape[1]}, f64);
      fill_gaussian(h, Bed::key(g));
      fill_gaussian(decoder, Bed::key(g));
      const at::Tensor y = at::arange(shape[0], at::TensorOptions().dtype(at::kLong)).remainder(3);
      at::Tensor decoder_gradient = at::empty_like(decoder);
      const at::Tensor slope = LocalLoss{0.7}.slope(h, y, decoder, decoder_gradient);
      const at::Tensor leaf = h.clone().set_requires_grad(true), w = decoder.clone().set_requires_grad(true);
      const auto cosines = [](const at::Tensor& f) {
        const at::Tensor z = f - f.mean(1, true);
        const at::Tensor u = z / z.norm(2, {1}, true);
        return u.mm(u.t());
      };
      const bool maps = shape.size() == 4;
      const at::Tensor features = maps ? leaf.flatten(2).std(2, true) : leaf;
      const at::Tensor read = maps ? leaf.mean({2, 3}) : leaf;
      const at::Tensor loss =
          0.7 * (cosines(features) - cosines(at::one_hot(y, 3).to(at::kDouble))).square().mean() +
          0.3 * oracle_loss(read.mm(w.t()), y);
      const auto want = torch::autograd::grad({loss}, {leaf, w});
      QVERIFY(relative_error(slope, want[0]) < exact);
      QVERIFY(relative_error(decoder_gradient, want[1]) < exact);
    }
  }

  void forward_forward_gradients_are_autograds_of_its_loss() {
    Generator g(15);
    NetworkSpec spec = random_mlp(g, 2, LayerKind::relu);
    spec.input[0] = spec.segments[0][0].in = 8;
    spec.segments[1].insert(spec.segments[1].begin(), layer(LayerKind::rms_norm));
    spec.segments[2].insert(spec.segments[2].begin(), layer(LayerKind::rms_norm));
    Bed bed(spec, g, 6);
    auto rule = attached("ff", bed, {{"threshold", "1.5"}});
    Lesson lesson = bed.lesson();
    SeededDraws draws(3, 5);
    rule->learn(lesson, draws);

    const at::Tensor both = with_labels(bed.x, bed.y, bed.network.classes(), draws.key(Stream::negatives));
    NamedParameters leaves = leaves_of(bed.network);
    at::Tensor h = both, loss = at::zeros({}, f64);
    for (int l = 0; l < 2; ++l) {
      // Layers learn by themselves: nothing flows to the one before.
      h = oracle_layers(spec.segments[static_cast<std::size_t>(l)], std::to_string(l + 1) + ".", h.detach(),
                        leaves);
      const at::Tensor goodness = h.square().mean(1);
      loss = loss + at::softplus(1.5 - goodness.narrow(0, 0, 6)).mean() +
             at::softplus(goodness.narrow(0, 6, 6) - 1.5).mean();
    }
    loss = loss +
           oracle_loss(oracle_layers(spec.segments[2], "3.", bed.tape.outputs[1].detach(), leaves), bed.y);
    loss.backward();
    for (const auto& [name, leaf] : leaves)
      QVERIFY2(relative_error(bed.gradients[bed.network.layout().slot(name)], leaf.grad()) < exact,
               name.c_str());
  }

  void negatives_carry_a_wrong_label_and_positives_the_right_one() {
    Generator g(16);
    at::Tensor x = at::empty({500, 12}, f64);
    fill_gaussian(x, Bed::key(g));
    const at::Tensor y = at::arange(500, at::TensorOptions().dtype(at::kLong)).remainder(4);
    const at::Tensor both = with_labels(x, y, 4, Bed::key(g));
    const at::Tensor marks = both.narrow(1, 0, 4);
    QVERIFY(at::equal(marks.narrow(0, 0, 500).argmax(1), y));
    const at::Tensor wrong = marks.narrow(0, 500, 500).argmax(1);
    QVERIFY(wrong.ne(y).all().item<bool>());
    for (int shift = 1; shift <= 3; ++shift) {  // each wrong label a third of the time; deviation 10.5
      const double count = (wrong - y).remainder(4).eq(shift).sum().item<double>();
      QVERIFY(std::abs(count - 500.0 / 3) < 55);
    }
    QVERIFY(at::equal(both.narrow(1, 4, 8), at::cat({x, x}).narrow(1, 4, 8)));
  }

  void drtp_needs_no_error_for_its_hidden_layers() {
    Generator g(17);
    Bed bed(random_mlp(g, 2, LayerKind::tanh), g, 6);
    auto rule = attached("drtp", bed);
    Lesson lesson = bed.lesson();
    SeededDraws draws(1, 1);
    rule->learn(lesson, draws);
    const at::Tensor& b = (*rule->feedback())[0];
    for (std::int64_t n = 0; n < 6; ++n)
      QVERIFY(relative_error(rule->signals_of_step()[0][n], b[bed.y[n].item<std::int64_t>()] / 6) < exact);
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestLocalAims)
#include "test_local_aims.moc"
