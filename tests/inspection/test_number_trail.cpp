// The way of one number through a network, in written arithmetic, against the network itself.
#include <torch/csrc/autograd/autograd.h>

#include <QRegularExpression>
#include <QtTest>
#include <cmath>

#include "engine/experiment/registry.h"
#include "engine/inspection/step_rehearsal.h"
#include "tests/nn/bed.h"
#include "tests/nn/oracle.h"

#include "tests/inspection/calculator.h"

using namespace grapevine;

namespace {

LayerSpec of_features(LayerKind kind, std::int64_t features) {
  LayerSpec spec = layer(kind);
  spec.features = features;
  return spec;
}

LayerSpec window(LayerKind kind, std::int64_t kernel, std::int64_t stride) {
  LayerSpec spec = layer(kind);
  spec.kernel = kernel;
  spec.stride = stride;
  return spec;
}

LayerSpec strided(LayerSpec spec, std::int64_t stride) {
  spec.stride = stride;
  return spec;
}

LayerSpec around(LayerKind kind, std::vector<LayerSpec> body, std::vector<LayerSpec> shortcut) {
  LayerSpec spec = layer(kind);
  spec.body = std::move(body);
  spec.shortcut = std::move(shortcut);
  return spec;
}

/// Networks of the parts of which a number's way is written out.
std::map<std::string, NetworkSpec> networks_of_parts() {
  std::map<std::string, NetworkSpec> all;
  all["norm and pool"] = {
      {2, 6, 6},
      {{conv(2, 3), of_features(LayerKind::batch_norm2d, 3), layer(LayerKind::relu),
        window(LayerKind::max_pool2d, 2, 2)},
       {strided(conv(3, 4), 2), layer(LayerKind::tanh), window(LayerKind::avg_pool2d, 2, 2)},
       {layer(LayerKind::flatten), linear(4, 2)}}};
  all["norms of rows"] = {{5},
                          {{linear(5, 6), of_features(LayerKind::layer_norm, 6), layer(LayerKind::relu)},
                           {linear(6, 4), layer(LayerKind::sigmoid), layer(LayerKind::rms_norm)},
                           {linear(4, 3), layer(LayerKind::gelu)}}};
  LayerSpec pad = window(LayerKind::subsample_pad, 0, 2);
  pad.in = 3;
  pad.out = 5;
  all["residual"] = {{3, 4, 4},
                     {{around(LayerKind::residual, {conv(3, 3), of_features(LayerKind::batch_norm2d, 3)}, {}),
                       layer(LayerKind::relu)},
                      {around(LayerKind::residual, {strided(conv(3, 5), 2)}, {pad}), layer(LayerKind::relu)},
                      {layer(LayerKind::flatten), linear(20, 2)}}};
  LayerSpec side = strided(conv(3, 4), 2);
  side.kernel = 1;
  side.padding = 0;
  all["points within a block"] = {
      {3, 4, 4},
      {{around(LayerKind::fork,
               {strided(conv(3, 4), 2), of_features(LayerKind::batch_norm2d, 4), layer(LayerKind::relu)},
               {})},
       {around(LayerKind::join, {conv(4, 4)}, {side}), layer(LayerKind::relu)},
       {layer(LayerKind::flatten), linear(16, 2)}}};
  for (auto& [name, spec] : all) infer_sizes(spec);
  return all;
}

}  // namespace

class TestNumberTrail : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // Each part by the calculator, and the whole by the network's own forward pass.
  void a_numbers_way_comes_to_what_the_network_has_data() {
    QTest::addColumn<QString>("network");
    for (const auto& [name, spec] : networks_of_parts()) QTest::addRow("%s", name.c_str()) << name.c_str();
  }

  void a_numbers_way_comes_to_what_the_network_has() {
    QFETCH(QString, network);
    const NetworkSpec spec = networks_of_parts().at(network.toStdString());
    ForwardBed bed(spec, Pass::probing(), 4, 0.6);
    for (int l = 1; l <= bed.network.segments(); ++l) {
      const at::Tensor h = l == bed.network.segments()
                               ? bed.tape.outputs.back()
                               : bed.network.rows(l, bed.tape.outputs[static_cast<std::size_t>(l - 1)]);
      for (std::int64_t unit = 0; unit < h.size(1); ++unit) {
        const std::int64_t n = unit % 4;
        const NumberTrail trail = trail_of(bed.network, l, bed.tape, n, unit);
        QVERIFY(!trail.numbers.empty());
        QVERIFY2(std::abs(trail.numbers.back().value - h[n][unit].item<double>()) < 1e-9,
                 qPrintable(QStringLiteral("segment %1, unit %2").arg(l).arg(unit)));
        for (const WorkedNumber& number : trail.numbers) {
          if (number.arithmetic.empty()) continue;
          try {
            const double found = Calculator(number.arithmetic).value();
            QVERIFY2(std::abs(found - number.value) <= 5e-3 * std::max(1.0, std::abs(number.value)),
                     qPrintable(QString::fromStdString(number.name + ": " + number.arithmetic)));
          } catch (const std::string& error) {
            QFAIL(error.c_str());
          }
        }
      }
    }
  }

  // At a corner a window of 3×3 loses five of its nine places.
  void a_windows_place_is_told() {
    const NetworkSpec spec = networks_of_parts().at("norm and pool");
    ForwardBed bed(spec, Pass::probing(), 4, 0.6);
    const NumberTrail trail = trail_of(bed.network, 1, bed.tape, 0, 0);
    const QString words = QString::fromStdString(trail.words);
    QVERIFY2(words.contains(QStringLiteral("channels 0–1")) && words.contains(QStringLiteral("products")),
             qPrintable(words));
    QCOMPARE(trail.weight_slot, bed.network.layout().slot("1.0.weight"));
    QVERIFY(trail.weight_index >= 0 && trail.weight_index < 3 * 2 * 9);
    QVERIFY(trail_of(bed.network, 2, bed.tape, 1, 0).numbers.size() >= 3);
  }

  void sums_are_written_as_people_write_them() {
    QCOMPARE(written_sum({{0.5, 0.25}, {0.1, -1}}, 0.2), std::string("0.5·0.25 + 0.1·(−1) + 0.2"));
    QCOMPARE(written(-0.25), std::string("−0.25"));
    QCOMPARE(written(0), std::string("0"));
    QCOMPARE(written(1234), std::string("1234"));
    QCOMPARE(written(-1.3e-5), std::string("−1.3e-05"));
    std::vector<Term> many(40, Term{1, 0.5});
    const std::string text = written_sum(many);
    QVERIFY(text.find("34 smaller terms: 17") != std::string::npos);
    QCOMPARE(with_index("h", 12), std::string("h₁₂"));
    QCOMPARE(entry("h", 1, std::nullopt, 3), std::string("h₁[3]"));
  }
};

QTEST_GUILESS_MAIN(TestNumberTrail)
#include "test_number_trail.moc"
