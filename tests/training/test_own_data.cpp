// Runs on a user's own files: what the files say of classes and sizes is what the network has. The files are
// plain PGM and PPM, written here.
#include <QtTest>
#include <algorithm>
#include <filesystem>
#include <fstream>

#include "engine/models/model.h"
#include "engine/nn/norm_values.h"
#include "engine/training/race.h"
#include "tests/support/refusal.h"

namespace grapevine {
namespace {

/// A folder of images, one class per folder.
struct Tree {
  QTemporaryDir folder;
  std::string root() const { return folder.path().toStdString(); }
  void add(const std::string& name, int width, int height, int level, bool colour = false) const {
    const std::filesystem::path path = root() + "/" + name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream file(path);
    file << (colour ? "P3 " : "P2 ") << width << ' ' << height << " 255\n";
    for (int i = 0; i < width * height * (colour ? 3 : 1); ++i) file << (level + 5 * i) % 256 << '\n';
  }
  void add_classes(const std::string& part, int count, int width, int height, bool colour = false) const {
    for (const char* name : {"a", "b", "c"})
      for (int i = 0; i < count; ++i)
        add(part + name + "/" + std::to_string(i) + ".ppm", width, height, 40 * name[0] + i, colour);
  }
};

Experiment experiment_on(const Tree& tree, const std::map<std::string, std::string>& settings = {}) {
  Experiment experiment("dfa");
  for (const auto& [key, value] : std::map<std::string, std::string>{{"data.name", "images"},
                                                                     {"data.dir", tree.root()},
                                                                     {"model.hidden", "8"},
                                                                     {"train.batch", "4"},
                                                                     {"train.epochs", "1"},
                                                                     {"device", "cpu"}})
    experiment.set_text(key, value);
  for (const auto& [key, value] : settings) experiment.set_text(key, value);
  return experiment;
}

// JSON, with the quotation marks that moc reads well.
QByteArray json(QByteArray text) {
  return text.replace('\'', '"');
}
constexpr const char* end = "[{'type': 'flatten'}, {'type': 'linear', 'out': 10}]]";

/// A convolution that leaves maps of 29 − kernel pixels per side, a batch norm on them, and an end.
QByteArray segments_of(int kernel) {
  return json(QByteArray("[[{'type': 'conv2d', 'out': 8, 'kernel': ") + QByteArray::number(kernel) +
              "}, {'type': 'batch_norm2d'}, {'type': 'relu'}], " + end);
}
QByteArray segments_within_a_block() {
  return json(QByteArray("[[{'type': 'conv2d', 'out': 8, 'kernel': 28}, {'type': 'residual', 'body': "
                         "[{'type': 'conv2d', 'out': 8, 'kernel': 1}, {'type': 'batch_norm2d'}]}], ") +
              end);
}

bool notes_have(const RaceInfo& info, const std::string& words) {
  return std::any_of(info.notes.begin(), info.notes.end(),
                     [&](const std::string& note) { return has(note, words); });
}

}  // namespace

class TestOwnData : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_network_has_what_the_files_say() {
    const Tree tree;
    tree.add_classes("train/", 4, 6, 5, true);
    tree.add_classes("test/", 1, 6, 5, true);
    Race race({experiment_on(tree)});
    const RaceInfo info = race.prepare();
    QCOMPARE(info.networks.front().inputs, std::int64_t{3 * 5 * 6});
    QCOMPARE(info.networks.front().features.back(), std::int64_t{3});
    QCOMPARE(info.steps_per_epoch, std::int64_t{3});
    QCOMPARE(race.batches().test_count(), std::int64_t{3});
    Report report;
    race.begin(report);
    while (race.step(report)) {
    }
    QVERIFY(!report.samples.empty());
  }

  void resize_is_the_size_of_the_input() {
    const Tree tree;
    tree.add_classes("", 4, 6, 5);
    tree.add("a/wide.pgm", 9, 4, 1);
    const std::map<std::string, std::string> settings{{"data.validation", "0.25"}, {"data.resize", "4"}};
    QVERIFY(has(refusal([&] {
                  Race({experiment_on(tree, {{"data.validation", "0.25"}})}).prepare();
                }),
                "different sizes"));
    const Experiment experiment = experiment_on(tree, settings);
    Race race({experiment});
    QCOMPARE(race.prepare().networks.front().inputs, std::int64_t{16});
    // The estimate before a run has it from the files' beginnings.
    QVERIFY(data_shape(experiment).sample == (std::vector<std::int64_t>{1, 4, 4}));
    QCOMPARE(data_shape(experiment).classes, std::int64_t{3});
  }

  void without_test_data_the_validation_data_stand_for_them() {
    const Tree tree;
    tree.add_classes("", 4, 3, 3);
    Race race({experiment_on(tree, {{"data.validation", "0.25"}})});
    const RaceInfo info = race.prepare();
    QVERIFY(notes_have(info, "there are no test data"));
    Batches& batches = race.batches();
    QCOMPARE(batches.train_count(), std::int64_t{9});
    QCOMPARE(batches.validation_count(), std::int64_t{3});
    QCOMPARE(batches.test_count(), std::int64_t{3});
    QVERIFY(at::equal(batches.test(0, 3).x, batches.validation(0, 3).x));
    QVERIFY(at::equal(batches.test(1, 2).y, batches.validation(1, 2).y));
  }

  void a_limit_that_leaves_classes_out_is_told_before_the_start() {
    const Tree tree;
    tree.add_classes("train/", 2, 3, 3);
    tree.add_classes("test/", 1, 3, 3);
    Race race({experiment_on(tree, {{"data.train_limit", "2"}})});
    QVERIFY(notes_have(race.prepare(), "no training images of 1 of 3 classes"));
  }

  void blocks_with_points_inside_are_looked_through_too() {
    Experiment deep("dfa");
    for (const auto& [key, value] : {std::pair{"data.name", "cifar10"}, std::pair{"model.name", "resnet20"}})
      deep.set_text(key, value);
    Experiment text("dfa");
    for (const auto& [key, value] : {std::pair{"data.name", "wikitext2"},
                                     std::pair{"model.name", "transformer"}, std::pair{"data.context", "12"}})
      text.set_text(key, value);
    for (const char* points : {"macro", "micro"}) {
      deep.set_text("model.feedback_points", points);
      text.set_text("model.feedback_points", points);
      // ResNet's smallest maps are 8×8.
      QCOMPARE(least_norm_values(build_model(deep, data_shape(deep))), std::int64_t{64});
      QCOMPARE(least_norm_values(build_model(text, data_shape(text))), std::int64_t{0});
    }
  }

  void a_batch_norm_over_one_value_is_told_data() {
    QTest::addColumn<QByteArray>("segments");
    QTest::addColumn<int>("batch");
    QTest::addColumn<int>("records");
    QTest::addColumn<QByteArray>("words");
    QTest::newRow("batches of one") << segments_of(28) << 1 << 40 << QByteArray("batches of 1");
    QTest::newRow("within a block") << segments_within_a_block() << 1 << 40 << QByteArray("batches of 1");
    QTest::newRow("the last batch") << segments_of(28) << 3 << 40 << QByteArray("last batch of each epoch");
    QTest::newRow("no odd batch") << segments_of(28) << 4 << 40 << QByteArray();
    QTest::newRow("maps of 24×24") << segments_of(5) << 1 << 40 << QByteArray();
  }

  void a_batch_norm_over_one_value_is_told() {
    QFETCH(QByteArray, segments);
    QFETCH(int, batch);
    QFETCH(int, records);
    QFETCH(QByteArray, words);
    Experiment experiment("bp");
    experiment.set_text("data.name", "shapes");
    experiment.set_text("data.train_limit", std::to_string(records));
    experiment.set_text("data.test_limit", "20");
    experiment.set_text("model.name", "custom");
    experiment.set_text("model.segments", segments.toStdString());
    experiment.set_text("train.batch", std::to_string(batch));
    experiment.set_text("device", "cpu");
    Race race({experiment});
    const RaceInfo info = race.prepare();
    QCOMPARE(notes_have(info, "batch norm has a single value"), !words.isEmpty());
    QVERIFY(words.isEmpty() || notes_have(info, words.toStdString()));
  }
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestOwnData)
#include "test_own_data.moc"
