// The host's own batch norm and max pooling against LibTorch's kernels: in float32 too, on shapes that leave
// remainders everywhere, with ties and NaN. Their maps in float64 are also test_layer_maps' subject.
#include <ATen/ATen.h>

#include <QtTest>
#include <limits>

#include "engine/nn/host_kernels.h"
#include "engine/nn/layer.h"
#include "engine/random/random.h"

namespace grapevine {
namespace {

at::Tensor noise(at::IntArrayRef shape, at::ScalarType type, std::uint64_t word) {
  at::Tensor t = at::empty(shape, type);
  fill_gaussian(t, RandomKey::of(1, Stream::test).with(word));
  return t;
}

// Relative to the largest entry: sums of many float32 numbers differ in their last digits.
bool close(const at::Tensor& a, const at::Tensor& b) {
  const double allowed = a.scalar_type() == at::kFloat ? 2e-6 : 1e-13;
  return a.sizes() == b.sizes() &&
         (a - b).abs().max().item<double>() <= allowed * std::max(1.0, b.abs().max().item<double>());
}

struct BatchNormBed {
  BatchNormBed(std::int64_t features, at::ScalarType type) : options(at::TensorOptions().dtype(type)) {
    LayerSpec spec;
    spec.kind = LayerKind::batch_norm2d;
    spec.features = features;
    layer = make_layer(spec);
    Registration registration{layout, states, options, 1};
    layer->enlist(registration, "norm");
    values = ParameterBuffer(layout, options);
    gradients = ParameterBuffer(layout, options);
    values.flat().copy_(noise({2 * features}, type, 77) + 1.5);
    layer->bind(values);
  }
  at::TensorOptions options;
  ParameterLayout layout;
  std::vector<std::pair<std::string, at::Tensor>> states;
  std::unique_ptr<Layer> layer;
  ParameterBuffer values, gradients;
};

}  // namespace

class TestHostKernels : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void batch_norm_is_libtorch_s() {
    const std::int64_t shapes[][4] = {
        {1, 1, 1, 2}, {3, 5, 1, 1}, {2, 3, 7, 9}, {128, 4, 2, 2}, {7, 2, 33, 31}};
    for (const at::ScalarType type : {at::kFloat, at::kDouble})
      for (const auto& shape : shapes) {
        const at::Tensor h = noise(shape, type, 1) * 3 + 10;  // a mean that is large against the spread
        const at::Tensor v = noise(shape, type, 2);
        BatchNormBed bed(shape[1], type);
        QVERIFY(runs_on_host(h));
        const at::Tensor weight = bed.values[0], bias = bed.values[1];
        at::Tensor mean = at::zeros_like(weight), variance = at::ones_like(weight);
        auto [y, batch_mean, inverse] =
            at::native_batch_norm(h, weight, bias, mean, variance, true, 0.1, 1e-5);
        auto [dh, d_weight, d_bias] = at::native_batch_norm_backward(v, h, weight, mean, variance, batch_mean,
                                                                     inverse, true, 1e-5, {true, true, true});
        Tape tape;
        QVERIFY(close(bed.layer->forward(h, tape, Pass::training({})), y));
        QVERIFY(close(bed.states[0].second, mean) && close(bed.states[1].second, variance));
        AdjointRequest request;
        request.gradients = &bed.gradients;
        QVERIFY(close(bed.layer->adjoint(v, tape, request), dh));
        QVERIFY(close(bed.gradients[0], d_weight) && close(bed.gradients[1], d_bias));
        QVERIFY(close(bed.layer->tangent(v, tape), dh));

        const at::Tensor at_test =
            std::get<0>(at::native_batch_norm(h, weight, bias, mean, variance, false, 0.1, 1e-5));
        QVERIFY(close(bed.layer->forward(h, tape, Pass::testing()), at_test));
        QVERIFY(close(bed.states[0].second, mean));  // left alone
      }
  }

  void max_pooling_is_libtorch_s() {
    struct Case {
      std::int64_t shape[4], kernel, stride;
    };
    const Case cases[] = {{{2, 3, 8, 8}, 2, 2},   {{1, 2, 9, 7}, 2, 2},   {{2, 1, 40, 38}, 2, 2},
                          {{1, 2, 13, 55}, 3, 2}, {{3, 1, 2, 2}, 2, 2},   {{1, 1, 20, 21}, 5, 1},
                          {{2, 2, 9, 9}, 3, 3},   {{1, 1, 16, 16}, 16, 1}};
    for (const at::ScalarType type : {at::kFloat, at::kDouble})
      for (const Case& each : cases) {
        LayerSpec spec;
        spec.kind = LayerKind::max_pool2d;
        spec.kernel = each.kernel;
        spec.stride = each.stride;
        const auto layer = make_layer(spec);
        const std::vector<std::int64_t> size(2, each.kernel), step(2, each.stride);
        // Few different numbers: ties in most windows.
        const at::Tensor h = (noise(each.shape, type, 3) * 2).round();
        auto [y, places] = at::max_pool2d_with_indices(h, size, step);
        Tape tape;
        QVERIFY(at::equal(layer->forward(h, tape, Pass::probing()), y));
        QCOMPARE(tape.saved[0].scalar_type(), at::kByte);
        const at::Tensor h_dot = noise(each.shape, type, 4), dy = noise(y.sizes(), type, 5);
        QVERIFY(at::equal(layer->tangent(h_dot, tape),
                          h_dot.flatten(2).gather(2, places.flatten(2)).view(y.sizes())));
        const at::Tensor dh =
            at::max_pool2d_with_indices_backward(dy, h, size, step, {0, 0}, {1, 1}, false, places);
        QVERIFY(close(layer->adjoint(dy, tape, {}), dh));
      }
  }

  void a_nan_is_the_largest() {
    at::Tensor h = at::zeros({1, 1, 2, 8}, at::kFloat);
    const float nan = std::numeric_limits<float>::quiet_NaN();
    float* pixels = h.data_ptr<float>();
    for (const int place : {0, 3, 8 + 4, 8 + 7})
      pixels[place] = nan;  // one in each window, each at another place
    LayerSpec spec;
    spec.kind = LayerKind::max_pool2d;
    spec.kernel = spec.stride = 2;
    Tape tape;
    QVERIFY(make_layer(spec)->forward(h, tape, Pass::probing()).isnan().all().item<bool>());
  }

  // What is not the host's, or not in one piece, goes to LibTorch.
  void other_layouts_go_another_way() {
    const at::Tensor h = noise({2, 3, 6, 6}, at::kFloat, 6);
    const at::Tensor strided = h.contiguous(at::MemoryFormat::ChannelsLast);
    QVERIFY(!runs_on_host(strided));
    LayerSpec spec;
    spec.kind = LayerKind::max_pool2d;
    spec.kernel = spec.stride = 2;
    const auto layer = make_layer(spec);
    Tape tape, other;
    QVERIFY(
        at::equal(layer->forward(strided, other, Pass::probing()), layer->forward(h, tape, Pass::probing())));
    const at::Tensor v = noise({2, 3, 3, 3}, at::kFloat, 7);
    QVERIFY(at::equal(layer->adjoint(v, other, {}), layer->adjoint(v, tape, {})));
    QVERIFY(at::equal(layer->tangent(h, other), layer->tangent(h, tape)));
  }
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestHostKernels)
#include "test_host_kernels.moc"
