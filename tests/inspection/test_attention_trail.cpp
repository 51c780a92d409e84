// One head's answer to one query in written arithmetic, against the formula of attention computed again.
#include <QtTest>
#include <cmath>
#include <map>

#include "engine/inspection/attention_trail.h"
#include "tests/nn/bed.h"

#include "tests/inspection/calculator.h"

using namespace grapevine;

namespace {

constexpr std::int64_t tokens = 11, width = 2, heads = 2, features = width * heads, words = 5;

LayerSpec attention(bool causal) {
  LayerSpec spec = layer(LayerKind::attention);
  spec.features = features;
  spec.heads = heads;
  spec.causal = causal;
  return spec;
}

/// The layer's input stands in x as [q | k | v].
NetworkSpec network_of(const LayerSpec& core) {
  return {{tokens, 3 * features}, {{core}}, words};
}

}  // namespace

class TestAttentionTrail : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void scores_shares_and_the_weighted_sum_are_those_of_the_formula_data() {
    QTest::addColumn<bool>("causal");
    QTest::newRow("causal") << true;
    QTest::newRow("of all tokens") << false;
  }
  void scores_shares_and_the_weighted_sum_are_those_of_the_formula() {
    QFETCH(bool, causal);
    Network network(network_of(attention(causal)), f64);
    const at::Tensor x = noise({3, tokens, 3 * features}, 4);
    NetworkTape tape;
    const at::Tensor y = network.forward(x, tape, Pass::probing()).clone();
    for (const std::int64_t row : {std::int64_t{0}, std::int64_t{5}, 2 * tokens + 10})
      for (std::int64_t unit = 0; unit < features; ++unit) {
        const std::int64_t n = row / tokens, t = row % tokens, seen = causal ? t + 1 : tokens;
        const std::int64_t begin = unit / width * width;
        const at::Tensor q = x[n][t].narrow(0, begin, width);
        const at::Tensor k = x[n].narrow(0, 0, seen).narrow(1, features + begin, width);
        const at::Tensor scores = k.matmul(q) / std::sqrt(2.0);
        const NumberTrail trail = attention_trail(network, 1, tape, row, unit);
        QCOMPARE(trail.numbers.size(), std::size_t{3});
        QVERIFY(std::abs(trail.numbers[0].value - scores.max().item<double>()) < 1e-12);
        QVERIFY(std::abs(trail.numbers[1].value - scores.softmax(0).max().item<double>()) < 1e-12);
        QVERIFY(std::abs(trail.numbers[2].value - y.reshape({-1, features})[row][unit].item<double>()) <
                1e-12);
        for (const WorkedNumber& number : trail.numbers) try {
            QVERIFY2(std::abs(Calculator(number.arithmetic).value() - number.value) < 5e-3,
                     qPrintable(QString::fromStdString(number.name + ": " + number.arithmetic)));
          } catch (const std::string& error) {
            QFAIL(error.c_str());
          }
      }
  }

  void a_segment_without_attention_has_none() {
    ForwardBed bed(tanh_mlp, Pass::probing(), 4, 0.6);
    QVERIFY(attention_trail(bed.network, 1, bed.tape, 0, 0).numbers.empty());
  }

  void attention_within_a_residual_block_is_found() {
    LayerSpec block = layer(LayerKind::residual);
    block.body = {linear(features, 3 * features), attention(true), linear(features, features)};
    Network network({{tokens, features}, {{block}}, words}, f64);
    network.values().flat().copy_(noise(network.values().flat().sizes(), 1) * 0.5);
    NetworkTape tape;
    network.forward(noise({2, tokens, features}, 2), tape, Pass::probing());
    const NumberTrail trail = attention_trail(network, 1, tape, tokens + 3, 1);
    QCOMPARE(trail.numbers.size(), std::size_t{3});
    // What the block's last layer took in.
    const double given = tape.segments[0][0].body[2].input[1][3][1].item<double>();
    QVERIFY(std::abs(trail.numbers[2].value - given) < 1e-12);
    QVERIFY(trail.words.find("head 0") != std::string::npos);
  }
};

QTEST_GUILESS_MAIN(TestAttentionTrail)
#include "test_attention_trail.moc"
