// The architectures: shapes, numbers of parameters as published or counted by hand, feedback points, and what
// doesn't fit.
#include <QtTest>

#include "engine/batches/image_batches.h"
#include "engine/error.h"
#include "engine/experiment/experiment.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/registry.h"
#include "engine/models/model.h"
#include "engine/nn/network.h"

namespace grapevine {
namespace {

const DataShape mnist{{1, 28, 28}, 10}, cifar10{{3, 32, 32}, 10}, cifar100{{3, 32, 32}, 100},
    large{{3, 224, 224}, 1000};

Experiment model(const std::string& name, const std::map<std::string, std::string>& settings = {}) {
  Experiment experiment("dfa");
  experiment.set_text("model.name", name);
  for (const auto& [key, value] : settings) experiment.set_text(key, value);
  return experiment;
}

std::string refusal(const Experiment& experiment, const DataShape& data) {
  try {
    build_model(experiment, data);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

class TestModels : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void parameters_are_as_counted() {
    QCOMPARE(count_parameters(build_model(model("mlp", {{"model.hidden", "1024,1024,1024"}}), mnist)),
             std::int64_t{784 * 1024 + 1024 + 2 * (1024 * 1024 + 1024) + 1024 * 10 + 10});
    QCOMPARE(count_parameters(build_model(model("lenet5"), cifar10)),
             std::int64_t{(3 * 25 + 1) * 32 + (32 * 25 + 1) * 64 + (64 * 8 * 8 + 1) * 128 + 129 * 10});
    // LeCun's widths on 28 pixels without padding: 4×4 maps before the linear layers.
    QCOMPARE(count_parameters(build_model(model("lenet5", {{"model.width", "classic"}}), mnist)),
             std::int64_t{26 * 6 + (6 * 25 + 1) * 16 + 257 * 120 + 121 * 84 + 85 * 10});
    // He et al. 2016, Table 6: 0.27 and 0.85 million.
    QCOMPARE(count_parameters(build_model(model("resnet20"), cifar10)), std::int64_t{269722});
    QCOMPARE(count_parameters(build_model(model("resnet56"), cifar10)), std::int64_t{853018});
    // torchvision's AlexNet has 61,100,840.
    QCOMPARE(count_parameters(build_model(model("alexnet"), large)), std::int64_t{61100840});
    // 13 convolutions without bias, their norms, and 512 to 100.
    std::int64_t vgg = 512 * 100 + 100, in = 3;
    for (std::int64_t out : {64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512}) {
      vgg += in * out * 9 + 2 * out;
      in = out;
    }
    QCOMPARE(count_parameters(build_model(model("vgg16"), cifar100)), vgg);
  }

  void feedback_points_are_at_the_segments_ends() {
    const auto points = [](const std::string& name, const DataShape& data) {
      return build_model(model(name), data).segments.size() - 1;
    };
    QCOMPARE(points("mlp", mnist), std::size_t{3});
    QCOMPARE(points("lenet5", mnist), std::size_t{3});
    QCOMPARE(points("alexnet", cifar10), std::size_t{5});
    QCOMPARE(points("vgg16", cifar100), std::size_t{13});
    QCOMPARE(points("resnet20", cifar100), std::size_t{10});
    QCOMPARE(points("resnet56", cifar100), std::size_t{28});
  }

  // Everything runs forward, and every direct and sequential rule makes a step on it.
  void every_model_learns_by_every_rule_that_takes_it() {
    for (const auto& descriptor : models()) {
      if (descriptor.key == "custom") continue;  // tests/training/test_own_networks.cpp
      if (descriptor.text) continue;             // test_transformer.cpp
      const DataShape& data = descriptor.key == "mlp" || descriptor.key == "lenet5" ? mnist : cifar10;
      const Experiment experiment = model(descriptor.key);
      Network network(build_model(experiment, data), at::TensorOptions().dtype(at::kFloat));
      initialise(network, WeightInit::he, 1);
      std::vector<std::int64_t> shape{2};
      shape.insert(shape.end(), data.sample.begin(), data.sample.end());
      at::Tensor x = at::empty(shape, at::TensorOptions().dtype(at::kFloat));
      fill_gaussian(x, RandomKey::of(1, Stream::test));
      NetworkTape tape;
      const at::Tensor z = network.forward(x, tape, Pass::training({}));
      QCOMPARE(z.sizes().vec(), (std::vector<std::int64_t>{2, 10}));
      QVERIFY(z.isfinite().all().item<bool>());
      for (int l = 1; l <= network.points(); ++l)
        QCOMPARE(tape.outputs[static_cast<std::size_t>(l - 1)].flatten(1).size(1), network.features(l));
    }
  }

  // Subsampling with padding is linear: ⟨A x, y⟩ = ⟨x, Aᵀ y⟩, and it keeps what it takes.
  void the_option_a_shortcut_is_its_own_transposes_transpose() {
    LayerSpec shortcut = plain_layer(LayerKind::subsample_pad);
    shortcut.in = 3;
    shortcut.out = 8;
    shortcut.stride = 2;
    const at::TensorOptions f64 = at::TensorOptions().dtype(at::kDouble);
    Network network({{3, 5, 6}, {{shortcut}, {plain_layer(LayerKind::flatten)}}}, f64);
    at::Tensor x = at::empty({2, 3, 5, 6}, f64), y = at::empty({2, 8, 3, 3}, f64);
    fill_gaussian(x, RandomKey::of(1, Stream::test));
    fill_gaussian(y, RandomKey::of(2, Stream::test));
    NetworkTape tape;
    network.forward(x, tape, Pass::training({}));
    const at::Tensor& out = tape.outputs[0];
    QVERIFY(at::equal(out.narrow(1, 2, 3), x.slice(2, 0, 5, 2).slice(3, 0, 6, 2)));
    QVERIFY(out.narrow(1, 0, 2).eq(0).all().item<bool>() && out.narrow(1, 5, 3).eq(0).all().item<bool>());
    const at::Tensor back = network.adjoint(1, y, tape, AdjointRequest{});
    QVERIFY(std::abs((out * y).sum().item<double>() - (x * back).sum().item<double>()) < 1e-12);
    QVERIFY(at::equal(network.tangent(1, x, tape), out));
  }

  void what_does_not_fit_is_refused_with_both_names() {
    Experiment vgg = model("vgg16");
    const std::string message = refusal(vgg, mnist);
    QVERIFY2(message.find("vgg16") != std::string::npos && message.find("28×28") != std::string::npos,
             message.c_str());
    QVERIFY(!refusal(model("lenet5", {{"model.width", "classic"}}), {{1, 8, 8}, 10}).empty());
  }

  void forward_forward_gets_its_scaling_layers() {
    Experiment experiment("ff");
    const NetworkSpec spec = build_model(experiment, mnist);
    QVERIFY(spec.segments[0].front().kind != LayerKind::rms_norm);
    for (std::size_t l = 1; l < spec.segments.size(); ++l)
      QCOMPARE(spec.segments[l].front().kind, LayerKind::rms_norm);
  }

  void shapes_come_in_ten_or_a_hundred_classes() {
    Experiment experiment("dfa");
    experiment.set_text("data.name", "shapes");
    experiment.set_text("data.classes", "100");
    experiment.set_text("data.train_limit", "2000");
    experiment.set_text("data.test_limit", "10");
    QCOMPARE(data_shape(experiment).classes, std::int64_t{100});
    const ImageBatches batches(BatchSettings::of(experiment), at::TensorOptions().dtype(at::kFloat));
    const Batch batch = batches.drawn(RandomKey::of(1, Stream::test), 2000);
    QVERIFY(batch.y.max().item<std::int64_t>() > 90);
    QCOMPARE(build_model(experiment, data_shape(experiment)).segments.back().back().out, std::int64_t{100});
    experiment.set_text("data.classes", "50");
    QVERIFY(!experiment.complaints().empty());
  }

  // A crop is a shift with black behind it; a flip mirrors; test images stay; the same epoch gives the same
  // images.
  void augmentation_shifts_and_mirrors_training_images() {
    const auto made = [](const char* augment) {
      Experiment experiment("dfa");
      experiment.set_text("data.name", "shapes");
      experiment.set_text("data.train_limit", "64");
      experiment.set_text("data.test_limit", "16");
      experiment.set_text("data.normalize", "false");
      experiment.set_text("train.batch", "64");
      experiment.set_text("data.augment", augment);
      return make_batches(BatchSettings::of(experiment), at::TensorOptions().dtype(at::kFloat));
    };
    auto plain = made(""), flipped = made("flip"), cropped = made("crop");
    const at::Tensor x = plain->training(0, 0).x.clone(), f = flipped->training(0, 0).x.clone();
    const at::Tensor c = cropped->training(0, 0).x.clone();
    int mirrored = 0, shifted = 0;
    for (std::int64_t n = 0; n < 64; ++n) {
      const bool same = at::equal(f[n], x[n]), other = at::equal(f[n], x[n].flip(2));
      QVERIFY(same || other);
      mirrored += other && !same;
      bool found = false;
      const at::Tensor padded = at::constant_pad_nd(x[n], {4, 4, 4, 4});
      for (std::int64_t dy = 0; dy <= 8 && !found; ++dy)
        for (std::int64_t dx = 0; dx <= 8 && !found; ++dx)
          if (at::equal(padded.narrow(1, dy, 28).narrow(2, dx, 28), c[n])) {
            found = true;
            shifted += dy != 4 || dx != 4;
          }
      QVERIFY(found);
    }
    QVERIFY(mirrored > 16 && mirrored < 48);
    QVERIFY(shifted > 50);
    QVERIFY(at::equal(cropped->training(0, 0).x, c));
    QVERIFY(!at::equal(cropped->training(1, 0).x, c));
    QVERIFY(at::equal(cropped->test(0, 16).x, plain->test(0, 16).x));
  }

  // Twice as large: a pixel's centre lies a quarter of an old pixel from the old centres, so that a new
  // pixel is 3/4 of the nearer and 1/4 of the farther old one, along both axes; borders repeat. Half as large
  // with antialiasing: a triangle two old pixels wide either way, (1 3 3 1)/8 where all four are there.
  void resized_images_are_bilinear_between_the_old_pixels() {
    Experiment experiment("dfa");
    experiment.set_text("data.name", "shapes");
    experiment.set_text("data.train_limit", "20");
    experiment.set_text("data.test_limit", "5");
    experiment.set_text("data.augment", "crop,flip");
    const at::TensorOptions f32 = at::TensorOptions().dtype(at::kFloat);
    const at::Tensor x = ImageBatches(BatchSettings::of(experiment), f32).training(0, 0).x.to(at::kDouble);
    const auto resized = [&](const char* side) {
      experiment.set_text("data.resize", side);
      return ImageBatches(BatchSettings::of(experiment), f32).training(0, 0).x.to(at::kDouble);
    };
    const auto doubled = [](const at::Tensor& t) {  // along the rows of pixels
      const at::Tensor padded = at::replication_pad2d(t, {0, 0, 1, 1});
      const at::Tensor before = padded.narrow(2, 0, t.size(2)), after = padded.narrow(2, 2, t.size(2));
      return at::stack({t * 0.75 + before * 0.25, t * 0.75 + after * 0.25}, 3).flatten(2, 3);
    };
    const auto turned = [](const at::Tensor& t) { return t.transpose(2, 3).contiguous(); };
    QVERIFY(at::allclose(resized("56"), turned(doubled(turned(doubled(x)))), 1e-5, 1e-6));
    QCOMPARE(data_shape(experiment).sample, (std::vector<std::int64_t>{1, 56, 56}));

    const auto halved = [](const at::Tensor& t) {  // all but the first and the last new row
      const auto every_second = [&](std::int64_t first) { return t.slice(2, first, first + 23, 2); };
      return (every_second(1) + every_second(4) + 3 * (every_second(2) + every_second(3))) / 8;
    };
    QVERIFY(at::allclose(resized("14").narrow(2, 1, 12).narrow(3, 1, 12), turned(halved(turned(halved(x)))),
                         1e-5, 1e-6));
  }

  // A device gathers, moves and normalises by tensor operations what the host does pixel by pixel.
  void batches_made_on_the_device_are_those_of_the_host() {
    Experiment experiment("dfa");
    experiment.set_text("data.name", "shapes");
    experiment.set_text("data.train_limit", "70");
    experiment.set_text("data.test_limit", "16");
    experiment.set_text("train.batch", "32");
    for (const char* augment : {"", "flip", "crop", "crop,flip", "resized"}) {
      if (augment == std::string("resized"))
        experiment.set_text("data.resize", "40");
      else
        experiment.set_text("data.augment", augment);
      const at::TensorOptions f32 = at::TensorOptions().dtype(at::kFloat);
      ImageBatches host(BatchSettings::of(experiment), f32), device(BatchSettings::of(experiment), f32);
      device.keep_on(at::kCPU);
      const auto same = [](const Batch& a, const Batch& b) {
        return at::equal(a.x, b.x) && at::equal(a.y, b.y);
      };
      for (std::int64_t epoch = 0; epoch < 2; ++epoch)
        for (std::int64_t index = 0; index < host.per_epoch(); ++index)
          QVERIFY2(same(host.training(epoch, index), device.training(epoch, index)), augment);
      QVERIFY(same(host.test(3, 9), device.test(3, 9)));
      const RandomKey key = RandomKey::of(5, Stream::probe);
      QVERIFY(same(host.drawn(key, 20), device.drawn(key, 20)));
      QVERIFY(same(host.balanced(key, 20, 10), device.balanced(key, 20, 10)));
    }
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestModels)
#include "test_models.moc"
