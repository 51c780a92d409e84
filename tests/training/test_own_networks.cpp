// Networks that an experiment lists itself: the same numbers as the built-in model of the same layers, whole
// or resumed.
#include <QtTest>
#include <cstring>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/registry.h"
#include "engine/models/model.h"
#include "engine/nn/network.h"
#include "engine/training/race.h"
#include "tests/training/own_data.h"

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

// models/transformer.cpp's layers: two blocks of 8 features, 2 heads, 12 wide, with the points of macro ...
constexpr const char* block = R"(
  {"type": "residual", "body": [{"type": "linear", "out": 24}, {"type": "attention", "heads": 2},
                                {"type": "linear", "out": 8}]}, {"type": "layer_norm"},
  {"type": "residual", "body": [{"type": "linear", "out": 12}, {"type": "relu"}, {"type": "linear", "out": 8}]},
  {"type": "layer_norm"})";

// ... and of micro.
constexpr const char* forked_block = R"(
  {"type": "residual", "body": [{"type": "linear", "out": 24}, {"type": "attention", "heads": 2},
                                {"type": "linear", "out": 8}]}, {"type": "layer_norm"}],
  [{"type": "fork", "body": [{"type": "linear", "out": 12}, {"type": "relu"}]}],
  [{"type": "join", "body": [{"type": "linear", "out": 8}]}, {"type": "layer_norm"})";

std::string listed_transformer(const std::string& one_block) {
  return R"([[{"type": "embedding", "out": 8}, {"type": "positions"}, )" + one_block + "], [" + one_block +
         "]]";
}

// resnet.cpp's micro points are a fork and a join of images: here the smallest such thing.
constexpr const char* forked_images = R"([
  [{"type": "conv2d", "out": 4, "kernel": 3, "padding": 1, "stride": 4}, {"type": "relu"}],
  [{"type": "fork", "body": [{"type": "conv2d", "out": 8, "kernel": 3, "padding": 1, "stride": 2}, {"type": "relu"}]}],
  [{"type": "join", "body": [{"type": "conv2d", "out": 8, "kernel": 3, "padding": 1}],
    "shortcut": [{"type": "subsample_pad", "out": 8, "stride": 2}]}, {"type": "flatten"}, {"type": "linear", "out": 10}]])";

Experiment own(const char* document) {
  return with_data(Experiment::from_json(nlohmann::json::parse(document)));
}

using Numbers = std::map<std::string, std::uint64_t>;  ///< "measure point step" → the value's bits

struct Run {
  std::vector<Numbers> racers;
  Numbers numbers;  ///< the first racer's
  CheckpointSet end, halfway;
};

/// From the start, or from a checkpoint.
Run run(const std::vector<Experiment>& racers, const CheckpointSet* from = nullptr) {
  Race race(racers);
  const RaceInfo info = race.prepare();
  Run result;
  result.racers.resize(racers.size());
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
    result
        .racers[sample.racer][key + " " + std::to_string(sample.point) + " " + std::to_string(sample.step)] =
        bits;
  }
  result.numbers = result.racers.front();
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
    const Run first = run({listed}), second = run({built});
    QVERIFY(first.numbers.size() > 20);
    QVERIFY(first.numbers == second.numbers);
    QVERIFY(same_arrays(first.end, second.end));
  }

  void a_listed_transformer_is_the_built_in_one_data() {
    QTest::addColumn<QString>("points");
    QTest::addColumn<QString>("segments");
    QTest::newRow("macro") << "macro" << QString::fromStdString(listed_transformer(block));
    QTest::newRow("micro") << "micro" << QString::fromStdString(listed_transformer(forked_block));
  }

  void a_listed_transformer_is_the_built_in_one() {
    QFETCH(QString, points);
    QFETCH(QString, segments);
    Experiment built("dfa");
    for (const auto& [key, value] : std::map<std::string, std::string>{{"data.name", "wikitext2"},
                                                                       {"data.vocabulary", "500"},
                                                                       {"data.context", "6"},
                                                                       {"model.name", "transformer"},
                                                                       {"model.d_model", "8"},
                                                                       {"model.d_ff", "12"},
                                                                       {"model.depth", "2"},
                                                                       {"model.heads", "2"}})
      built.set_text(key, value);
    built.set_text("model.feedback_points", points.toStdString());
    Experiment listed = built;
    listed.set_text("model.feedback_points", "macro");
    listed.set_text("model.name", "custom");
    listed.set_text("model.segments", segments.toStdString());
    QVERIFY(listed.complaints().empty());
    const NetworkSpec one = build_model(listed, data_shape(listed)),
                      other = build_model(built, data_shape(built));
    QCOMPARE(one.words, std::int64_t{500});
    QCOMPARE(one.segments.size(), other.segments.size());
    for (std::size_t l = 0; l < one.segments.size(); ++l)
      QCOMPARE(describe(one.segments[l]), describe(other.segments[l]));
    // The same weights of one seed, the same tokens: the same numbers.
    const at::NoGradGuard no_grad;
    const at::Tensor tokens = at::arange(24).mul(37).remainder(500).view({4, 6});
    const auto result = [&](const NetworkSpec& spec) {
      Network network(spec, at::TensorOptions().dtype(at::kFloat));
      initialise(network, WeightInit::uniform_fan_in, 3);
      NetworkTape tape;
      return network.forward(tokens, tape, Pass::probing()).clone();
    };
    QVERIFY(at::equal(result(one), result(other)));
  }

  // h ↦ body(h) along with h, then J of both: the join's sizes follow from the fork.
  void a_fork_of_images_is_joined_again() {
    Experiment experiment = with_data(Experiment("dfa"));
    experiment.set_text("model.name", "custom");
    experiment.set_text("model.segments", forked_images);
    const NetworkSpec spec = build_model(experiment, data_shape(experiment));
    const LayerSpec& join = spec.segments[2][0];
    QCOMPARE(join.in, std::int64_t{8 * 4 * 4});
    QVERIFY(join.part_shape == (std::vector<std::int64_t>{8, 4, 4}));
    QVERIFY(join.carried_shape == (std::vector<std::int64_t>{4, 7, 7}));
    const Run trained = run({experiment});
    QVERIFY(trained.numbers.size() > 20);
  }

  // The later fork is joined first.
  void forks_inside_forks_are_joined_in_turn() {
    Experiment experiment = with_data(Experiment("dfa"));
    experiment.set_text("model.name", "custom");
    experiment.set_text("model.segments", R"([[{"type": "flatten"}, {"type": "linear", "out": 64}],
      [{"type": "fork", "body": [{"type": "linear", "out": 32}]}],
      [{"type": "fork", "body": [{"type": "linear", "out": 16}]}],
      [{"type": "join", "body": [{"type": "linear", "out": 96}]}],
      [{"type": "join", "body": [{"type": "linear", "out": 64}]}, {"type": "linear", "out": 10}]])");
    const NetworkSpec spec = build_model(experiment, data_shape(experiment));
    QCOMPARE(spec.segments[3][0].in, std::int64_t{16});
    QCOMPARE(spec.segments[4][0].in, std::int64_t{32});
  }

  // Racers of the same layers share what layers leave between their maps: pools' choices, norms' statistics,
  // forks' parts. A shorter last batch (98 samples in batches of 32) changes its size.
  void a_racer_does_what_the_run_alone_does() {
    for (const std::string& segments :
         {std::string(forked_images), nlohmann::json::parse(varied)["model"]["segments"].dump()}) {
      std::vector<Experiment> racers;
      for (const char* rule : {"bp", "dfa", "grape", "residual"}) {
        racers.push_back(with_data(Experiment(rule)));
        racers.back().set_text("data.train_limit", "98");
        racers.back().set_text("model.name", "custom");
        racers.back().set_text("model.segments", segments);
      }
      const Run race = run(racers);
      for (std::size_t i = 0; i < racers.size(); ++i) {
        const Run alone = run({racers[i]});
        QVERIFY(alone.numbers.size() > 20);
        QVERIFY2(race.racers[i] == alone.numbers, racers[i].rule().c_str());
      }
    }
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
    const Run whole = run({experiment});
    const Run rest = run({stored}, &whole.halfway);
    QVERIFY(!rest.numbers.empty());
    for (const auto& [place, bits] : rest.numbers) {
      QVERIFY2(whole.numbers.count(place), place.c_str());
      QVERIFY2(whole.numbers.at(place) == bits, place.c_str());
    }
    QVERIFY(same_arrays(whole.end, rest.end));
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestOwnNetworks)
#include "test_own_networks.moc"
