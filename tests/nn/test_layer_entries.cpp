// Every type of layer has an entry: it can be made, and its maps agree with the shape that its arithmetic
// says.
#include <QtTest>

#include "engine/error.h"
#include "engine/experiment/layer_type.h"
#include "engine/nn/layer_entry.h"
#include "engine/nn/network.h"
#include "engine/nn/norm_values.h"

namespace grapevine {
namespace {

const at::TensorOptions f64 = at::TensorOptions().dtype(at::kDouble);

/// A layer of each type that takes `input`, with sizes that follow left out.
struct Sample {
  LayerSpec layer;
  Shape input;
};

LayerSpec sized(LayerKind kind) {
  LayerSpec layer;
  layer.kind = kind;
  layer.out = 6;
  layer.kernel = 2;
  layer.heads = 2;
  layer.rate = 0.5;
  return layer;
}

Sample sample_of(LayerKind kind) {
  if (kind == LayerKind::embedding) return {sized(kind), {5}};
  if (kind == LayerKind::positions) return {sized(kind), {5, 4}};
  if (kind == LayerKind::attention) return {sized(kind), {5, 12}};
  if (kind == LayerKind::linear || kind == LayerKind::layer_norm) return {sized(kind), {4}};
  if (kind == LayerKind::join) {
    LayerSpec layer = sized(kind);
    layer.in = 3;
    return {layer, {6}};
  }
  return {sized(kind), {4, 6, 6}};
}

}  // namespace

class TestLayerEntries : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void an_entry_makes_what_its_arithmetic_says_data() {
    QTest::addColumn<LayerKind>("kind");
    for (const LayerType& type : layer_types()) QTest::newRow(type.name()) << type.kind;
  }
  void an_entry_makes_what_its_arithmetic_says() {
    QFETCH(LayerKind, kind);
    auto [layer, shape] = sample_of(kind);
    const LayerEntry& entry = layer_entry(kind);
    std::vector<std::int64_t> whole{3};
    whole.insert(whole.end(), shape.begin(), shape.end());
    LayerCost cost;
    KnownSizes known{7};
    const Site site("1.0", shape, cost);
    if (entry.infer) entry.infer(layer, site, known);
    if (entry.measure) entry.measure(layer, site);

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
      const Sample sample = sample_of(type.kind);
      QVERIFY2(!describe({sample.layer}).empty(), type.name());
    }
  }

  void activations_take_each_feature_alone() {
    for (const LayerType& type : layer_types())
      if (type.is_activation) QVERIFY2(layer_entry(type.kind).features == Features::alone, type.name());
  }

  // 8×8 values come to the fork's norm, 4×4 to the one behind a pool in the join's shortcut.
  void norms_are_found_inside_blocks() {
    LayerSpec norm, pool, fork, join;
    norm.kind = LayerKind::batch_norm2d;
    pool.kind = LayerKind::avg_pool2d;
    pool.kernel = pool.stride = 2;
    fork.kind = LayerKind::fork;
    fork.body = {norm};
    join.kind = LayerKind::join;
    join.body = {pool};
    join.shortcut = {pool, norm};
    NetworkSpec spec{{3, 8, 8}, {{fork}, {join}}};
    infer_sizes(spec);
    QCOMPARE(least_norm_values(spec), std::int64_t{16});
    spec.segments.pop_back();
    QCOMPARE(least_norm_values(spec), std::int64_t{64});
  }

  // A small change of one feature of one sample: what else changes behind the layer?
  void features_become_what_the_entry_says_data() { an_entry_makes_what_its_arithmetic_says_data(); }
  void features_become_what_the_entry_says() {
    QFETCH(LayerKind, kind);
    const LayerEntry& entry = layer_entry(kind);
    if (entry.features == Features::mixed) return;
    const auto [layer, shape] = sample_of(kind);
    const std::unique_ptr<Layer> made = make_layer(layer);
    QVERIFY(!made->has_parameters());
    QCOMPARE(product(shape_behind(layer, shape)), product(shape));
    std::vector<std::int64_t> whole{3};
    whole.insert(whole.end(), shape.begin(), shape.end());
    Tape tape;
    const at::Tensor h = at::randn(whole, f64);
    const at::Tensor y = made->forward(h, tape, Pass::testing()).flatten(1).clone();
    const at::Tensor rows = h.flatten(1), factor = y / rows;
    if (entry.features == Features::kept)
      QVERIFY(at::allclose(factor, factor.narrow(1, 0, 1).expand_as(factor)));
    if (entry.features != Features::alone) return;
    at::Tensor change = at::zeros_like(h);
    change.flatten(1).select(1, 2).fill_(1);
    const at::Tensor changed = made->tangent(change, tape).flatten(1);
    QVERIFY(at::equal(changed, changed * change.flatten(1)));
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestLayerEntries)
#include "test_layer_entries.moc"
