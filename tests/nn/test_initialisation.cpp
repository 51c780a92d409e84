// How weights start: each of model.init's choices, read from an experiment as a run has it, against the
// deviation that its definition gives.
#include <QtTest>
#include <cmath>
#include <numbers>

#include "engine/experiment/experiment.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/settings.h"
#include "engine/nn/network.h"
#include "tests/nn/bed.h"

namespace grapevine {
namespace {

constexpr double in = 400, out = 300;

/// U(±b) deviates by b/√3.
struct Expected {
  double deviation, largest;  ///< 0 = no bound
};

Expected expected(WeightInit scheme) {
  const auto uniform = [](double bound) { return Expected{bound / std::numbers::sqrt3, bound}; };
  switch (scheme) {
    case WeightInit::uniform_fan_in:
      return uniform(1 / std::sqrt(in));
    case WeightInit::he:  // N(0, 2/in)
      return {std::sqrt(2 / in), 0};
    case WeightInit::xavier:
      return uniform(std::sqrt(6 / (in + out)));
    case WeightInit::zero:
      return {0, 0};
  }
  return {-1, -1};
}

}  // namespace

class TestInitialisation : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_choice_starts_as_it_says_data() {
    QTest::addColumn<QByteArray>("choice");
    for (const std::string& choice : find_setting("model.init", "")->choices)
      QTest::newRow(choice.c_str()) << QByteArray::fromStdString(choice);
  }
  void every_choice_starts_as_it_says() {
    QFETCH(QByteArray, choice);
    Experiment experiment;
    experiment.set_text("model.init", choice.toStdString());
    const WeightInit scheme = ModelSettings::of(experiment).init;
    LayerSpec norm = layer(LayerKind::layer_norm);
    norm.features = 300;
    Network network({{400}, {{linear(400, 300), norm}, {linear(300, 10)}}}, f64);
    network.values().flat().fill_(7);
    initialise(network, scheme, 5);
    const at::Tensor weight = network.values()[network.layout().slot("1.0.weight")];
    const Expected wanted = expected(scheme);
    // Of 120000 values the deviation is known to 0.2 %: five times that is the margin.
    QVERIFY(std::abs(weight.std(false).item<double>() - wanted.deviation) <= 0.01 * wanted.deviation);
    QVERIFY(std::abs(weight.mean().item<double>()) <= 5 * wanted.deviation / std::sqrt(in * out));
    if (wanted.largest > 0) {
      const double largest = weight.abs().max().item<double>();
      QVERIFY(largest <= wanted.largest && largest > 0.99 * wanted.largest);
    }
    for (int slot = 0; slot < network.layout().size(); ++slot) {
      const at::Tensor value = network.values()[slot];
      const ParameterRole role = network.layout()[slot].role;
      if (role == ParameterRole::norm_weight) QVERIFY(value.eq(1).all().item<bool>());
      if (role == ParameterRole::bias || role == ParameterRole::norm_bias)
        QVERIFY(value.eq(0).all().item<bool>());
    }
  }

  void no_two_choices_start_alike() {
    std::vector<at::Tensor> starts;
    for (const std::string& choice : find_setting("model.init", "")->choices) {
      Experiment experiment;
      experiment.set_text("model.init", choice);
      Network network(tanh_mlp, f64);
      initialise(network, ModelSettings::of(experiment).init, 5);
      for (const at::Tensor& other : starts)
        QVERIFY2(!at::equal(other, network.values().flat()), choice.c_str());
      starts.push_back(network.values().flat().clone());
    }
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestInitialisation)
#include "test_initialisation.moc"
