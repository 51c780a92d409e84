// Every layer's three maps against LibTorch's autograd and forward-mode AD in float64, on random shapes: to
// 1e-10 (learning-rules §8.1). A failure prints the seed that repeats it.
#include <torch/csrc/autograd/autograd.h>

#include <QtTest>
#include <map>
#include <random>

#include "engine/experiment/layer_type.h"
#include "engine/experiment/own_network.h"
#include "oracle.h"

namespace grapevine {
namespace {

constexpr double exact = 1e-10;
const at::TensorOptions f64 = at::TensorOptions().dtype(at::kDouble);

using Generator = std::mt19937_64;
std::int64_t any(Generator& g, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>(low, high)(g);
}

at::Tensor noise(at::IntArrayRef shape, Generator& g) {
  at::Tensor t = at::empty(shape, f64);
  fill_gaussian(t, RandomKey::of(static_cast<std::int64_t>(g() >> 1), Stream::test));
  return t;
}

LayerSpec layer(LayerKind kind) {
  LayerSpec spec;
  spec.kind = kind;
  return spec;
}

// One sample's shape and a layer that fits it.
struct Case {
  std::vector<std::int64_t> shape;
  LayerSpec spec;
};

LayerSpec conv(Generator& g, std::int64_t in, std::int64_t out, std::int64_t stride) {
  LayerSpec spec = layer(LayerKind::conv2d);
  spec.in = in;
  spec.out = out;
  spec.kernel = 2 * any(g, 0, 2) + 1;
  spec.padding = spec.kernel / 2;
  spec.stride = stride;
  spec.bias = any(g, 0, 1) == 1;
  return spec;
}

// A fork or a join of rows of tokens or of images.
void make_block_part(Case& made, std::int64_t channels, std::int64_t side, Generator& g) {
  const bool image = any(g, 0, 1) == 1;
  LayerSpec inner = layer(LayerKind::linear);
  inner.in = any(g, 1, 5);
  inner.out = any(g, 1, 5);
  if (image) inner = conv(g, channels, channels + 1, 1);
  made.shape = image ? std::vector<std::int64_t>{channels, side, side}
                     : std::vector<std::int64_t>{any(g, 1, 4), inner.in};
  made.spec.body = {inner, layer(LayerKind::tanh)};
  if (made.spec.kind == LayerKind::fork) return;
  if (image) {
    LayerSpec wider = layer(LayerKind::subsample_pad);
    wider.in = channels;
    wider.out = channels + 1;
    made.spec.shortcut = {wider};
    made.spec.part_shape = made.spec.carried_shape = made.shape;
    made.spec.in = channels * side * side;
    made.shape = {2 * made.spec.in};
  } else {
    made.spec.in = inner.in;
    made.shape[1] = inner.in + inner.out;
  }
}

Case make_case(LayerKind kind, Generator& g) {
  const std::int64_t channels = any(g, 1, 4), side = any(g, 5, 9);
  Case made{{channels, side, side + any(g, 0, 2)}, layer(kind)};
  LayerSpec& spec = made.spec;
  if (kind == LayerKind::linear) {
    made.shape = {any(g, 1, 9)};
    if (any(g, 0, 2) == 0) made.shape.insert(made.shape.begin(), any(g, 1, 4));  // tokens
    spec.in = made.shape.back();
    spec.out = any(g, 1, 9);
    spec.bias = any(g, 0, 1) == 1;
  } else if (kind == LayerKind::conv2d) {
    spec = conv(g, channels, any(g, 1, 5), any(g, 1, 3));
  } else if (kind == LayerKind::batch_norm2d) {
    spec.features = channels;
  } else if (kind == LayerKind::layer_norm) {
    made.shape = {any(g, 2, 9)};
    if (any(g, 0, 1) == 0) made.shape.insert(made.shape.begin(), any(g, 1, 4));  // tokens
    spec.features = made.shape.back();
  } else if (kind == LayerKind::rms_norm) {
    made.shape = {any(g, 2, 9)};
    spec.eps = 1e-3;
  } else if (kind == LayerKind::subsample_pad) {
    spec.in = channels;
    spec.out = channels + any(g, 0, 3);
    spec.stride = any(g, 1, 3);
  } else if (kind == LayerKind::max_pool2d || kind == LayerKind::avg_pool2d) {
    spec.kernel = any(g, 1, 3);
    spec.stride = any(g, 1, 3);
  } else if (kind == LayerKind::attention) {
    spec.heads = any(g, 1, 3);
    spec.features = spec.heads * any(g, 1, 4);
    spec.causal = any(g, 0, 1) == 1;
    made.shape = {any(g, 1, 6), 3 * spec.features};
  } else if (kind == LayerKind::positions) {
    made.shape = {any(g, 1, 6), any(g, 1, 7)};
  } else if (kind == LayerKind::fork || kind == LayerKind::join) {
    make_block_part(made, channels, side, g);
  } else if (kind == LayerKind::residual) {
    spec.body = {conv(g, channels, channels, 1), layer(LayerKind::tanh), conv(g, channels, channels, 1)};
    if (any(g, 0, 1) == 1) {
      LayerSpec side_way = conv(g, channels, channels, 1);
      spec.shortcut = {side_way};
    }
  }
  return made;
}

/// Layers that other input or another question suits, and where they are asked; all others are asked here.
const std::map<LayerKind, const char*> asked_elsewhere{
    {LayerKind::embedding, "token numbers come in: tests/models/test_transformer.cpp"},
    {LayerKind::dropout, "it draws a mask: below"}};

}  // namespace

class TestLayerMaps : public QObject {
  Q_OBJECT

 private:
  // A network of the layer alone; weights, norms' too, random.
  static void randomise(Network& network, Generator& g) {
    at::Tensor values = network.values().flat();
    values.copy_(noise(values.sizes(), g));
  }

 private Q_SLOTS:
  void agrees_with_autograd_data() {
    QTest::addColumn<LayerKind>("kind");
    for (const LayerType& type : layer_types())
      if (!asked_elsewhere.contains(type.kind)) QTest::newRow(type.name()) << type.kind;
  }

  // What only has the sizes of a bare layer was not asked about its fields.
  void a_layer_with_fields_is_asked_with_some_data() { agrees_with_autograd_data(); }
  void a_layer_with_fields_is_asked_with_some() {
    QFETCH(LayerKind, kind);
    const std::vector<LayerField>& fields = layer_type(kind).fields;
    bool any_set = fields.empty();
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      Generator g(seed);
      any_set = any_set || write_segments({{make_case(kind, g).spec}}) != write_segments({{layer(kind)}});
    }
    QVERIFY2(any_set, "make_case() needs a case for it");
  }

  void agrees_with_autograd() {
    QFETCH(LayerKind, kind);
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
      Generator g(seed);
      const Case made = make_case(kind, g);
      // A network must end in one number per class; the layer's own segment comes first.
      LayerSpec flatten = layer(LayerKind::flatten);
      NetworkSpec spec{made.shape, {{made.spec}, {flatten}}};
      Network network(spec, f64);
      randomise(network, g);
      std::vector<std::int64_t> shape{any(g, 2, 6)};
      shape.insert(shape.end(), made.shape.begin(), made.shape.end());
      const at::Tensor x = noise(shape, g);
      const auto where = [&] { return qPrintable(QString("%1, seed %2").arg(layer_name(kind)).arg(seed)); };

      NetworkTape tape;
      network.forward(x, tape, Pass::training({}));
      const at::Tensor y = tape.outputs[0].clone();
      NamedParameters parameters = leaves_of(network);
      const at::Tensor leaf = x.clone().set_requires_grad(true);
      const at::Tensor want = oracle_layers(spec.segments[0], "1.", leaf, parameters);
      QVERIFY2(relative_error(y, want) < exact, where());

      const at::Tensor dy = noise(want.sizes(), g), x_dot = noise(x.sizes(), g);
      ParameterBuffer gradients(network.layout(), f64);
      AdjointRequest request;
      request.gradients = &gradients;
      const at::Tensor dx = network.adjoint(1, dy, tape, request).clone();
      std::vector<at::Tensor> inputs{leaf};
      for (const auto& [name, parameter] : parameters) inputs.push_back(parameter);
      const auto wanted = torch::autograd::grad({want}, inputs, {dy}, true);
      QVERIFY2(relative_error(dx, wanted[0]) < exact, where());
      std::size_t i = 1;
      for (const auto& [name, parameter] : parameters)
        QVERIFY2(relative_error(gradients[network.layout().slot(name)], wanted[i++]) < exact, where());

      const at::Tensor tangent = network.tangent(1, x_dot, tape).clone();
      QVERIFY2(relative_error(tangent, forward_mode(spec, x, x_dot, {}, network)) < exact, where());
      const double there = (tangent * dy).sum().item<double>(), back = (x_dot * dx).sum().item<double>();
      QVERIFY2(std::abs(there - back) < exact * std::max(1.0, std::abs(there)), where());

      // The tangent along a direction of the parameters too.
      ParameterBuffer direction(network.layout(), f64);
      at::Tensor flat = direction.flat();
      if (flat.numel() == 0) continue;
      flat.copy_(noise(flat.sizes(), g));
      const at::Tensor joint = network.segment(1).joint_tangent(x_dot, direction, tape.segments[0]);
      QVERIFY2(relative_error(joint, forward_mode(spec, x, x_dot, direction, network)) < exact, where());
    }
  }

  // Batch norm's adjoint with its statistics held constant is a plain scaling.
  void constant_statistics_leave_the_mean_in() {
    Generator g(5);
    LayerSpec norm = layer(LayerKind::batch_norm2d);
    norm.features = 3;
    Network network({{3, 4, 4}, {{norm}, {layer(LayerKind::flatten)}}}, f64);
    randomise(network, g);
    const at::Tensor x = noise({6, 3, 4, 4}, g), dy = noise({6, 3, 4, 4}, g);
    NetworkTape tape;
    network.forward(x, tape, Pass::training({}));
    AdjointRequest request;
    request.constant_statistics = true;
    const at::Tensor variance = x.transpose(0, 1).flatten(1).var(1, false);
    const at::Tensor scale = (network.values()[0] / (variance + norm.eps).sqrt()).view({1, 3, 1, 1});
    QVERIFY(relative_error(network.adjoint(1, dy, tape, request), dy * scale) < exact);
  }

  void batch_norm_keeps_pytorchs_running_statistics() {
    Generator g(6);
    LayerSpec norm = layer(LayerKind::batch_norm2d);
    norm.features = 2;
    Network network({{2, 3, 3}, {{norm}, {layer(LayerKind::flatten)}}}, f64);
    network.values()[0].fill_(1);
    at::Tensor mean = at::zeros({2}, f64), variance = at::ones({2}, f64);
    NetworkTape tape;
    for (int step = 0; step < 3; ++step) {
      const at::Tensor x = noise({4, 2, 3, 3}, g) * 2 + 1;
      network.forward(x, tape, Pass::training({}));
      const at::Tensor rows = x.transpose(0, 1).flatten(1);
      mean = 0.9 * mean + 0.1 * rows.mean(1);
      variance = 0.9 * variance + 0.1 * rows.var(1, true);
    }
    network.forward(noise({4, 2, 3, 3}, g), tape, Pass::probing());  // must leave them alone
    QVERIFY(relative_error(network.states()[0].second, mean) < exact);
    QVERIFY(relative_error(network.states()[1].second, variance) < exact);
    const at::Tensor x = noise({4, 2, 3, 3}, g);
    network.forward(x, tape, Pass::testing());
    const at::Tensor want = (x - mean.view({1, 2, 1, 1})) / (variance.view({1, 2, 1, 1}) + norm.eps).sqrt();
    QVERIFY(relative_error(tape.outputs[0], want) < exact);
  }

  void dropout_is_one_mask_for_all_three_maps() {
    LayerSpec drop = layer(LayerKind::dropout);
    drop.rate = 0.25;
    Network network({{200}, {{drop}, {layer(LayerKind::flatten)}}}, f64);
    NetworkTape tape;
    const Pass pass = Pass::training(RandomKey::of(3, Stream::dropout));
    const at::Tensor mask = network.forward(at::ones({50, 200}, f64), tape, pass).clone();
    const at::Tensor kept = mask.gt(0);
    QVERIFY((mask.eq(0) | (mask - 1 / 0.75).abs().lt(1e-12)).all().item<bool>());
    // 10⁴ draws: the share's deviation is 0.0043.
    QVERIFY(std::abs(kept.to(at::kDouble).mean().item<double>() - 0.75) < 0.02);
    Generator g(9);
    const at::Tensor h = noise({50, 200}, g), t = noise({50, 200}, g);
    QVERIFY(at::equal(network.forward(h, tape, pass), mask * h));
    QVERIFY(at::equal(network.tangent(1, t, tape), mask * t));
    QVERIFY(at::equal(network.adjoint(1, t, tape, AdjointRequest{}), mask * t));
    QVERIFY(at::equal(network.forward(h, tape, Pass::testing()), h));
    const Pass later = Pass::training(RandomKey::of(4, Stream::dropout));
    QVERIFY(!at::equal(network.forward(at::ones({50, 200}, f64), tape, later), mask));
  }

  void two_dropouts_draw_different_masks() {
    LayerSpec drop = layer(LayerKind::dropout);
    drop.rate = 0.5;
    Network network({{64}, {{drop}, {drop}}}, f64);
    NetworkTape tape;
    network.forward(at::ones({8, 64}, f64), tape, Pass::training(RandomKey::of(3, Stream::dropout)));
    const at::Tensor first = tape.outputs[0].ne(0);
    const at::Tensor second = network
                                  .forward_segment(2, at::ones({8, 64}, f64), tape.segments[1],
                                                   Pass::training(RandomKey::of(3, Stream::dropout)))
                                  .ne(0);
    QVERIFY(!at::equal(first, second));
  }

  // A transport takes W's place on the way back, and nowhere else.
  void the_adjoint_takes_a_transport_weight() {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      Generator g(seed);
      for (const LayerKind kind : {LayerKind::linear, LayerKind::conv2d}) {
        const Case made = make_case(kind, g);
        Network network({made.shape, {{made.spec}, {layer(LayerKind::flatten)}}}, f64);
        randomise(network, g);
        std::vector<std::int64_t> shape{3};
        shape.insert(shape.end(), made.shape.begin(), made.shape.end());
        NetworkTape tape;
        network.forward(noise(shape, g), tape, Pass::training({}));
        const at::Tensor dy = noise(tape.outputs[0].sizes(), g);
        ParameterBuffer plain(network.layout(), f64), with(network.layout(), f64);
        std::vector<at::Tensor> transport{noise(network.values()[0].sizes(), g)};
        transport.resize(static_cast<std::size_t>(network.layout().size()));
        AdjointRequest request;
        request.gradients = &with;
        request.transport = &transport;
        const at::Tensor dx = network.adjoint(1, dy, tape, request).clone();
        AdjointRequest exact_way;
        exact_way.gradients = &plain;
        network.adjoint(1, dy, tape, exact_way);
        QVERIFY(at::equal(plain.flat(), with.flat()));
        // The same as the plain adjoint of a layer whose weight is the transport.
        network.values()[0].copy_(transport[0]);
        NetworkTape again;
        network.forward(tape.input, again, Pass::training({}));
        QVERIFY(relative_error(dx, network.adjoint(1, dy, again, AdjointRequest{})) < exact);
      }
    }
  }

 private:
  // Dual numbers through the oracle; LibTorch offers one level, so no two at once.
  static at::Tensor forward_mode(const NetworkSpec& spec, const at::Tensor& x, const at::Tensor& x_dot,
                                 const ParameterBuffer& direction, const Network& network) {
    const std::uint64_t level = torch::autograd::forward_ad::enter_dual_level();
    NamedParameters parameters;
    for (int slot = 0; slot < network.layout().size(); ++slot) {
      const at::Tensor value = network.values()[slot].clone();
      parameters[network.layout()[slot].name] =
          direction.defined() ? at::_make_dual(value, direction[slot].clone(), level) : value;
    }
    const at::Tensor y =
        oracle_layers(spec.segments[0], "1.", at::_make_dual(x.clone(), x_dot, level), parameters);
    const at::Tensor tangent = std::get<1>(at::_unpack_dual(y, level)).clone();
    torch::autograd::forward_ad::exit_dual_level(level);
    return tangent;
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestLayerMaps)
#include "test_layer_maps.moc"
