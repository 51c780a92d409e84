// Parameters out and in: PyTorch rebuilds the network from what leaves (docs/python), a network starts from
// what comes, and what does not fit is told name by name.
#include <QCryptographicHash>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/own_network.h"
#include "engine/exports/pickle.h"
#include "engine/models/model.h"
#include "engine/nn/arrays.h"
#include "engine/training/parameters.h"
#include "engine/training/race.h"
#include "tests/support/refusal.h"

namespace grapevine {
namespace {

const QString python = QStringLiteral("/usr/bin/python3");  // Debian's, to which python3-torch belongs

Experiment small(const std::string& rule, const std::map<std::string, std::string>& settings = {}) {
  Experiment experiment(rule);
  const std::map<std::string, std::string> base{{"data.name", "shapes"},    {"data.train_limit", "160"},
                                                {"data.test_limit", "200"}, {"model.hidden", "16,12"},
                                                {"train.batch", "32"},      {"train.epochs", "1"},
                                                {"threads", "1"},           {"probe.every", "0"}};
  for (const auto& [key, value] : base) experiment.set_text(key, value);
  for (const auto& [key, value] : settings) experiment.set_text(key, value);
  return experiment;
}

Checkpoint trained(Race& race) {
  race.prepare();
  Report report;
  while (race.step(report)) {
  }
  return race.checkpoint().racers.front();
}

}  // namespace

class TestParameters : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void what_leaves_has_pytorchs_names_and_describes_itself() {
    const Experiment experiment = small("grape", {{"model.name", "lenet5"}, {"model.batch_norm", "true"}});
    Race race({experiment});
    const Checkpoint state = trained(race);
    const ParameterFile file = parameters_of(experiment, state);
    const Network& network = race.trainer(0).network();
    for (const ParameterInfo& info : network.layout().infos()) {
      const Array* array = file.find(pytorch_name(info.name));
      QVERIFY2(array, info.name.c_str());
      at::Tensor back = at::empty(info.shape);
      from_array(*array, info.name, back);
      QVERIFY2(at::equal(back, network.values()[network.layout().slot(info.name)]), info.name.c_str());
    }
    QVERIFY(file.find("segments.0.1.running_mean") && file.find("segments.0.1.running_var"));
    for (int l = 1; l <= network.points(); ++l) {
      const Array* b = file.find("feedback." + std::to_string(l));
      QVERIFY(b);
      QVERIFY(b->shape == (std::vector<std::int64_t>{network.classes(), network.features(l)}));
      at::Tensor back = at::empty(b->shape);
      from_array(*b, "b", back);
      QVERIFY(at::equal(back, (*race.trainer(0).rule().feedback())[static_cast<std::size_t>(l - 1)]));
    }
    const auto layers = read_segments(file.metadata.at("layers"));
    QCOMPARE(layers.size(), static_cast<std::size_t>(network.segments()));
    QCOMPARE(write_segments(layers), write_segments(network.spec().segments));
    const Normalisation taken_off = race.batches().normalisation();
    QVERIFY(nlohmann::json::parse(file.metadata.at("mean")) == nlohmann::json(taken_off.mean));
    QVERIFY(nlohmann::json::parse(file.metadata.at("deviation")) == nlohmann::json(taken_off.deviation));
  }

  // What carries a structure leaves as the dense matrix that it means.
  void structured_matrices_leave_whole() {
    const Experiment experiment = small("residual", {{"rule.structure", "low_rank"}, {"rule.rank", "2"}});
    Race race({experiment});
    const ParameterFile file = parameters_of(experiment, trained(race));
    Rule& rule = race.trainer(0).rule();
    for (std::size_t l = 0; l < rule.feedback()->size(); ++l) {
      const Array* b = file.find("feedback." + std::to_string(l + 1));
      QVERIFY(b);
      at::Tensor back = at::empty(b->shape);
      from_array(*b, "b", back);
      QVERIFY(at::allclose(back, rule.structure(l).expand((*rule.feedback())[l])));
    }
  }

  void a_run_starts_from_what_left() {
    const Experiment experiment = small("dfa", {{"model.name", "lenet5"}, {"model.batch_norm", "true"}});
    Race race({experiment});
    const Checkpoint state = trained(race);
    const std::string path = write("w.safetensors", to_safetensors(parameters_of(experiment, state)));
    Experiment next = experiment;
    next.set_text("rule.name", "bp");
    next.set("model.weights", path);
    next.set("seed", std::int64_t{77});
    Race begun({next});
    const RaceInfo info = begun.prepare();
    // What it starts from stands in the run: the file, with its sum.
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray sum = QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256).toHex();
    QVERIFY(std::any_of(info.notes.begin(), info.notes.end(), [&](const std::string& note) {
      return note.find(path) != std::string::npos && note.find(sum.toStdString()) != std::string::npos;
    }));
    const Checkpoint start = begun.checkpoint().racers.front();
    QVERIFY(start.arrays.at("weights").bytes == state.arrays.at("weights").bytes);
    QVERIFY(start.arrays.at("states/1.1.running_mean").bytes ==
            state.arrays.at("states/1.1.running_mean").bytes);
  }

  // The state_dict of a network that PyTorch made: the names are its own, the numbers come over to the bit.
  void a_run_starts_from_what_torch_saved_data() {
    QTest::addColumn<QString>("save");
    QTest::newRow("a state_dict") << "torch.save(net.state_dict(), path)";
    QTest::newRow("a script's checkpoint")
        << "torch.save({'epoch': 3, 'state_dict': net.state_dict()}, path)";
    QTest::newRow("half precision") << "torch.save({k: v.half() for k, v in net.state_dict().items()}, path)";
  }
  void a_run_starts_from_what_torch_saved() {
    QFETCH(QString, save);
    if (QProcess::execute(python, {"-c", "import torch"}) != 0)
      QSKIP("python3-torch is not installed: there is nobody to save a state_dict");
    const std::string path = write("torch.pt", "");
    const QString script =
        "import sys, torch\n"
        "path = sys.argv[1]\n"
        "layer = lambda o, i: torch.nn.Sequential(torch.nn.Linear(i, o))\n"
        "class Net(torch.nn.Module):\n"
        "  def __init__(self):\n"
        "    super().__init__()\n"
        "    first = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 16))\n"
        "    self.segments = torch.nn.ModuleList([first, layer(12, 16), layer(10, 12)])\n"
        "net = Net()\n"
        "with torch.no_grad():\n"
        "  for p in net.parameters():\n"
        "    p.copy_((torch.arange(p.numel()) % 61 - 30).view_as(p) / 64)\n" +
        save;
    QCOMPARE(QProcess::execute(python, {"-c", script, QString::fromStdString(path)}), 0);
    Experiment experiment = small("bp");
    experiment.set("model.weights", path);
    Race race({experiment});
    race.prepare();
    const ParameterBuffer& values = race.trainer(0).network().values();
    const ParameterLayout& layout = race.trainer(0).network().layout();
    for (const ParameterInfo& info : layout.infos()) {
      const at::Tensor value = values[layout.slot(info.name)];
      const at::Tensor expected =
          (at::arange(value.numel()).remainder(61) - 30).to(at::kFloat).view(value.sizes()) / 64;
      QVERIFY2(at::equal(value, expected), info.name.c_str());
    }
  }

  void what_torch_saved_that_is_no_dictionary_is_refused() {
    if (QProcess::execute(python, {"-c", "import torch"}) != 0)
      QSKIP("python3-torch is not installed: there is nobody to save a module");
    const std::string path = write("module.pt", "");
    for (const char* what : {"torch.nn.Linear(2, 3)", "torch.zeros(3)", "{'lr': 0.1}"}) {
      QCOMPARE(QProcess::execute(python,
                                 {"-c", QString("import sys, torch; torch.save(%1, sys.argv[1])").arg(what),
                                  QString::fromStdString(path)}),
               0);
      try {
        read_parameters(path);
        QFAIL(what);
      } catch (const InputError& error) {
        QVERIFY2(std::string(error.what()).find("state_dict") != std::string::npos, error.what());
      }
    }
  }

  void what_left_for_torch_comes_back() {
    const Experiment experiment = small("grape");
    Race race({experiment});
    const ParameterFile left = parameters_of(experiment, trained(race));
    const ParameterFile back = read_parameters(write("own.pt", to_pickle(left)));
    QCOMPARE(back.arrays.size(), left.arrays.size());
    for (const auto& [name, array] : left.arrays) {
      const Array* found = back.find(name);
      QVERIFY2(
          found && found->type == array.type && found->shape == array.shape && found->bytes == array.bytes,
          name.c_str());
    }
    QVERIFY(back.metadata == left.metadata);
  }

  void what_does_not_fit_is_told_name_by_name() {
    const Experiment experiment = small("bp");
    Race race({experiment});
    ParameterFile file = parameters_of(experiment, trained(race));
    file.arrays[0].first = "fc1.weight";
    file.arrays[2].second.shape = {16, 12};  // 12×16 before
    Experiment next = experiment;
    next.set("model.weights", write("odd.safetensors", to_safetensors(file)));
    std::string words;
    try {
      Race({next}).prepare();
    } catch (const InputError& error) {
      words = error.what();
    }
    for (const char* part : {"model.weights=", "segments.0.1.weight, 16×784: not in the file",
                             "segments.1.0.weight, 12×16: the file has 16×12",
                             "the file's fc1.weight, 16×784: the network has no place for it"})
      QVERIFY2(words.find(part) != std::string::npos, words.c_str());
    QVERIFY(words.find("segments.2.0.weight") == std::string::npos);  // which fits
  }

  void what_is_no_number_is_refused_as_a_start() {
    const Experiment experiment = small("bp");
    Race race({experiment});
    ParameterFile file = parameters_of(experiment, trained(race));
    const float none = std::numeric_limits<float>::infinity();
    std::memcpy(file.arrays[2].second.bytes.data() + 4, &none, sizeof none);
    Experiment next = experiment;
    next.set("model.weights", write("infinite.safetensors", to_safetensors(file)));
    const std::string words = refusal([&] { Race({next}).prepare(); });
    QVERIFY2(words.find("model.weights=") != std::string::npos &&
                 words.find("segments.1.0.weight holds values that are not numbers") != std::string::npos,
             words.c_str());
  }

  void pytorch_rebuilds_the_network_data() {
    QTest::addColumn<QString>("rule");
    QTest::addColumn<QString>("model");
    QTest::newRow("mlp") << "grape"
                         << "mlp";
    QTest::newRow("lenet5 with batch norm") << "bp"
                                            << "lenet5";
  }
  void pytorch_rebuilds_the_network() {
    QFETCH(QString, rule);
    QFETCH(QString, model);
    if (QProcess::execute(python, {"-c", "import numpy, torch"}) != 0)
      QSKIP("python3-torch is not installed: it can't be asked to rebuild the network");
    Experiment experiment = small(rule.toStdString(), {{"model.name", model.toStdString()}});
    if (model == "lenet5") experiment.set("model.batch_norm", true);
    Race race({experiment});
    const ParameterFile file = parameters_of(experiment, trained(race));
    const std::string pickle = write("run.pt", to_pickle(file));
    const Batch batch = race.batches().test(0, race.batches().test_count());
    Network& network = race.trainer(0).network();
    NetworkTape tape;
    const at::Tensor logits = network.forward(batch.x, tape, Pass::testing());
    const std::string images = write("images.npz", to_npz(images_of(race, batch, logits)));
    // The script as it stands in the docs, and then what it must have found.
    const QString check =
        "import runpy, sys, numpy\n"
        "sys.argv = sys.argv[1:]\n"
        "found = runpy.run_path(sys.argv[0])\n"
        "ours = numpy.load(sys.argv[2])\n"
        "assert abs(found['logits'].numpy() - ours['logits']).max() < 1e-4\n"
        "assert found['right'] == int(ours['right']), (found['right'], int(ours['right']))\n"
        "assert found['about']['rule'] == sys.argv[3]\n";
    QProcess process;
    process.start(python, {"-c", check, GRAPEVINE_SOURCE_DIR "/docs/python/rebuild_network.py",
                           QString::fromStdString(pickle), QString::fromStdString(images), rule});
    QVERIFY(process.waitForFinished(120000));
    const QByteArray trouble = process.readAllStandardError();
    QVERIFY2(process.exitCode() == 0, trouble.constData());
  }

 private:
  /// The test images as bytes, their classes, our logits and how many were right.
  static ParameterFile images_of(Race& race, const Batch& batch, const at::Tensor& logits) {
    const Normalisation taken_off = race.batches().normalisation();
    const at::Tensor mean = at::tensor(taken_off.mean).view({1, -1, 1, 1}),
                     deviation = at::tensor(taken_off.deviation).view({1, -1, 1, 1});
    const at::Tensor bytes = ((batch.x * deviation + mean) * 255).round().to(at::kByte);
    ParameterFile images;
    images.arrays.emplace_back("x", to_array(bytes));
    images.arrays.emplace_back("y", to_array(batch.y));
    images.arrays.emplace_back("logits", to_array(logits));
    images.arrays.emplace_back("right", to_array(logits.argmax(1).eq(batch.y).sum()));
    return images;
  }
  std::string write(const char* name, const std::string& content) {
    QFile file(folder_.filePath(name));
    if (!file.open(QIODevice::WriteOnly)) return "";
    file.write(content.data(), static_cast<qint64>(content.size()));
    return file.fileName().toStdString();
  }
  QTemporaryDir folder_;
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestParameters)
#include "test_parameters.moc"
