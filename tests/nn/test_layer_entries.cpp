// Every type of layer has an entry: it can be made, and its maps agree with the shape that its arithmetic
// says.
#include <QtTest>

#include "engine/error.h"
#include "engine/experiment/layer_type.h"
#include "engine/nn/layer_entry.h"
#include "engine/nn/network.h"

namespace grapevine {
namespace {

/// A layer of each type that takes `input`, with sizes that follow left out.
struct Sample {
  LayerSpec layer;
  Shape input;
};

LayerSpec typed(const std::string& type) {
  LayerSpec layer;
  layer.type = type;
  layer.out = 6;
  layer.kernel = 2;
  layer.heads = 2;
  layer.rate = 0.5;
  return layer;
}

Sample sample_of(const std::string& type) {
  if (type == "embedding") return {typed(type), {5}};
  if (type == "positions") return {typed(type), {5, 4}};
  if (type == "attention") return {typed(type), {5, 12}};
  if (type == "linear" || type == "layer_norm") return {typed(type), {4}};
  if (type == "join") {
    LayerSpec layer = typed(type);
    layer.in = 3;
    return {layer, {6}};
  }
  return {typed(type), {4, 6, 6}};
}

}  // namespace

class TestLayerEntries : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void an_entry_makes_what_its_arithmetic_says_data() {
    QTest::addColumn<QString>("type_name");
    for (const LayerType& type : layer_types()) QTest::newRow(type.name) << QString::fromUtf8(type.name);
  }
  void an_entry_makes_what_its_arithmetic_says() {
    QFETCH(QString, type_name);
    const std::string type = type_name.toStdString();
    auto [layer, shape] = sample_of(type);
    const LayerEntry& entry = layer_entry(type);
    std::vector<std::int64_t> whole{3};
    whole.insert(whole.end(), shape.begin(), shape.end());
    LayerCost cost;
    KnownSizes known{7};
    const Site site("1.0", shape, cost);
    if (entry.infer) entry.infer(layer, site, known);
    if (entry.measure) entry.measure(layer, site);

    const at::TensorOptions f64 = at::TensorOptions().dtype(at::kDouble);
    ParameterLayout layout;
    std::vector<std::pair<std::string, at::Tensor>> states;
    const std::unique_ptr<Layer> made = entry.make(layer);
    Registration registration{layout, states, f64, 1};
    made->enlist(registration, "1.0");
    const ParameterBuffer values(layout, f64);
    made->bind(values);
    QCOMPARE(values.flat().numel(), cost.parameters);
    QCOMPARE(made->has_parameters(), cost.parameters > 0);
    Tape tape;
    const at::Tensor h = entry.embeds ? at::randint(0, 7, whole, at::kLong) : at::randn(whole, f64);
    const at::Tensor y = made->forward(h, tape, Pass::testing());
    QCOMPARE(y.sizes().vec().size(), shape.size() + 1);
    for (std::size_t axis = 0; axis < shape.size(); ++axis)
      QCOMPARE(y.size(static_cast<std::int64_t>(axis) + 1), shape[axis]);
  }

  void people_read_each() {
    for (const LayerType& type : layer_types()) {
      const Sample sample = sample_of(type.name);
      QVERIFY2(!describe({sample.layer}).empty(), type.name);
    }
  }

  void an_unknown_type_is_refused_with_those_that_are_known() {
    try {
      layer_entry("convolution");
      QFAIL("nothing was refused");
    } catch (const InputError& error) {
      const std::string words = error.what();
      for (const LayerType& type : layer_types())
        QVERIFY2(words.find(type.name) != std::string::npos, type.name);
    }
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestLayerEntries)
#include "test_layer_entries.moc"
