// Networks that an experiment lists itself: the same numbers as the built-in model of the same layers, whole
// or resumed, and shapes that don't fit are refused where they don't.
#include <QtTest>
#include <cstring>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/models/model.h"
#include "engine/nn/network.h"
#include "engine/training/race.h"
#include "engine/training/registry.h"

namespace grapevine {
namespace {

// LeCun's widths without padding, as models/lenet5.cpp describes model.width=classic.
constexpr const char* classic_lenet = R"({"model": {"segments": [
  [{"type": "conv2d", "out": 6, "kernel": 5}, {"type": "relu"}, {"type": "max_pool2d", "kernel": 2}],
  [{"type": "conv2d", "out": 16, "kernel": 5}, {"type": "relu"}, {"type": "max_pool2d", "kernel": 2}],
  [{"type": "flatten"}, {"type": "linear", "out": 120}, {"type": "relu"}],
  [{"type": "linear", "out": 84}, {"type": "relu"}],
  [{"type": "linear", "out": 10}]]}})";

// Everything that a file may list and a residual block with a shortcut.
constexpr const char* varied = R"({"model": {"segments": [
  [{"type": "conv2d", "out": 4, "kernel": 3, "padding": 1, "bias": false}, {"type": "batch_norm2d"}, {"type": "gelu"}],
  [{"type": "residual",
    "body": [{"type": "conv2d", "out": 8, "kernel": 3, "stride": 2, "padding": 1}, {"type": "batch_norm2d"}],
    "shortcut": [{"type": "subsample_pad", "out": 8, "stride": 2}]}, {"type": "tanh"}],
  [{"type": "avg_pool2d", "kernel": 2}, {"type": "flatten"}, {"type": "rms_norm"}, {"type": "linear", "out": 20},
   {"type": "layer_norm"}, {"type": "sigmoid"}, {"type": "dropout", "rate": 0.2}],
  [{"type": "linear", "out": 10}]]}})";

Experiment with_data(Experiment experiment) {
  const std::map<std::string, std::string> settings{{"data.name", "shapes"},   {"data.train_limit", "96"},
                                                    {"data.test_limit", "40"}, {"train.batch", "32"},
                                                    {"train.epochs", "2"},     {"threads", "1"},
                                                    {"optimizer.lr", "0.001"}, {"probe.every", "3"},
                                                    {"probe.batch", "20"},     {"seed", "3"}};
  for (const auto& [key, value] : settings) experiment.set_text(key, value);
  return experiment;
}

Experiment own(const char* document) {
  return with_data(Experiment::from_json(nlohmann::json::parse(document)));
}

struct Run {
  std::map<std::string, std::uint64_t> numbers;  ///< "measure point step" → the value's bits
  CheckpointSet end, halfway;
};

/// From the start, or from a checkpoint.
Run run(const Experiment& experiment, const CheckpointSet* from = nullptr) {
  Race race({experiment});
  const RaceInfo info = race.prepare();
  Run result;
  Report report;
  if (from)
    race.restore(*from);
  else
    race.begin(report);
  while (race.step_count() < info.total_steps) {
    race.step(report);
    if (race.step_count() == info.total_steps / 2) result.halfway = race.checkpoint();
  }
  for (const Sample& sample : report.samples) {
    const std::string& key = measures()[sample.measure].key;
    if (key.ends_with("_seconds")) continue;
    std::uint64_t bits = 0;
    std::memcpy(&bits, &sample.value, sizeof bits);
    result.numbers[key + " " + std::to_string(sample.point) + " " + std::to_string(sample.step)] = bits;
  }
  result.end = race.checkpoint();
  return result;
}

bool same_arrays(const CheckpointSet& a, const CheckpointSet& b) {
  auto one = a.racers.front().arrays, other = b.racers.front().arrays;
  for (auto* arrays : {&one, &other}) arrays->erase("experiment");  // the settings' text, no state
  if (one.empty() || one.size() != other.size()) return false;
  for (const auto& [name, array] : one)
    if (!other.count(name) || other.at(name).bytes != array.bytes) return false;
  return true;
}

std::string refusal(const std::string& segments) {
  Experiment experiment = with_data(Experiment("dfa"));
  experiment.set_text("model.name", "custom");
  experiment.set_text("model.segments", segments);
  try {
    build_model(experiment, data_shape(experiment));
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

class TestOwnNetworks : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_listed_lenet_is_the_built_in_one() {
    const Experiment listed = own(classic_lenet);
    Experiment built = with_data(Experiment());
    built.set_text("model.name", "lenet5");
    built.set_text("model.width", "classic");
    const NetworkSpec one = build_model(listed, data_shape(listed)),
                      other = build_model(built, data_shape(built));
    QCOMPARE(count_parameters(one), count_parameters(other));
    QCOMPARE(one.segments.size(), other.segments.size());
    for (std::size_t l = 0; l < one.segments.size(); ++l)
      QCOMPARE(describe(one.segments[l]), describe(other.segments[l]));
    const Run first = run(listed), second = run(built);
    QVERIFY(first.numbers.size() > 20);
    QVERIFY(first.numbers == second.numbers);
    QVERIFY(same_arrays(first.end, second.end));
  }

  void it_is_stored_and_resumed_bit_for_bit_data() {
    QTest::addColumn<QString>("rule");
    for (const char* rule : {"bp", "fa", "dfa", "grape", "residual"}) QTest::newRow(rule) << rule;
  }
  void it_is_stored_and_resumed_bit_for_bit() {
    QFETCH(QString, rule);
    Experiment experiment = own(varied);
    experiment.set_text("rule.name", rule.toStdString());
    const Experiment stored = Experiment::from_json(nlohmann::json::parse(experiment.to_json().dump()));
    QVERIFY(stored == experiment);
    const Run whole = run(experiment);
    const Run rest = run(stored, &whole.halfway);
    QVERIFY(!rest.numbers.empty());
    for (const auto& [place, bits] : rest.numbers) {
      QVERIFY2(whole.numbers.count(place), place.c_str());
      QVERIFY2(whole.numbers.at(place) == bits, place.c_str());
    }
    QVERIFY(same_arrays(whole.end, rest.end));
  }

  // Shapes that don't fit: the message names the segment, the layer, and what there is instead.
  void what_does_not_fit_is_refused_at_its_place_data() {
    QTest::addColumn<QString>("segments");
    QTest::addColumn<QStringList>("words");
    QTest::newRow("wrong in") << R"([[{"type":"flatten"},{"type":"linear","in":99,"out":10}]])"
                              << QStringList{"segment 1, layer 2 (linear)", "99 features", "784"};
    QTest::newRow("no image") << R"([[{"type":"flatten"}],[{"type":"conv2d","out":4,"kernel":3}]])"
                              << QStringList{"segment 2, layer 1 (conv2d)", "784"};
    QTest::newRow("too small") << R"([[{"type":"max_pool2d","kernel":29}]])"
                               << QStringList{"segment 1, layer 1 (max_pool2d)", "29 pixels"};
    QTest::newRow("in a body")
        << R"([[{"type":"residual","body":[{"type":"relu"},{"type":"linear","in":7,"out":28}]}]])"
        << QStringList{"segment 1, layer 1, body layer 2 (linear)", "7 features"};
    QTest::newRow("unequal branches")
        << R"([[{"type":"residual","body":[{"type":"conv2d","out":2,"kernel":1}]}],[{"type":"flatten"}]])"
        << QStringList{"segment 1, layer 1 (residual)", "2×28×28"};
    QTest::newRow("other classes") << R"([[{"type":"flatten"},{"type":"linear","out":12}]])"
                                   << QStringList{"12 numbers", "10 classes"};
    QTest::newRow("no vector") << R"([[{"type":"conv2d","out":4,"kernel":3}]])"
                               << QStringList{"one number a class"};
    QTest::newRow("fewer channels")
        << R"([[{"type":"conv2d","out":4,"kernel":1}],[{"type":"subsample_pad","out":2}]])"
        << QStringList{"segment 2, layer 1 (subsample_pad)", "out=2"};
  }
  void what_does_not_fit_is_refused_at_its_place() {
    QFETCH(QString, segments);
    QFETCH(QStringList, words);
    const QString message = QString::fromStdString(refusal(segments.toStdString()));
    for (const QString& word : words) QVERIFY2(message.contains(word), qPrintable(message));
    QVERIFY2(message.contains("model.segments") && message.contains("shapes"), qPrintable(message));
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestOwnNetworks)
#include "test_own_networks.moc"
