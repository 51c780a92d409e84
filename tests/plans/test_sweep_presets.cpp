// The sweeps that come with the program, by name, and the page of findings, whose tables they make.
#include <QFile>
#include <QRegularExpression>
#include <QtTest>
#include <set>

#include "engine/experiment/registry.h"
#include "engine/plans/presets.h"
#include "engine/plans/sweep.h"
#include "engine/plans/sweep_presets.h"
#include "engine/plans/tuning.h"
#include "tests/support/refusal.h"

using namespace grapevine;

namespace {

QString page_of_findings() {
  QFile file(GRAPEVINE_SOURCE_DIR "/docs/findings.md");
  return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

}  // namespace

class TestSweepPresets : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void each_is_a_sweep_that_can_work() {
    QVERIFY(!sweep_presets().empty());
    for (const SweepPreset& preset : sweep_presets()) {
      QVERIFY2(!preset.title.empty() && preset.title.find('\n') == std::string::npos, preset.name.c_str());
      QVERIFY2(!find_preset(preset.name), preset.name.c_str());  // one name, one thing
      const Sweep sweep = load_sweep(preset.name, {});           // every cell's settings are checked
      QVERIFY2(!sweep.cells.empty(), preset.name.c_str());
      QCOMPARE(sweep.uuid, make_sweep(preset.document, preset.name, {}).uuid);
    }
  }

  // A ranking is fair where each rule tries the same rates and is judged on validation data.
  void the_fair_comparison_can_be_tuned() {
    int found = 0;
    for (const SweepPreset& preset : sweep_presets()) {
      if (!preset.name.starts_with("fair-")) continue;
      const Tuning tuning = make_tuning(load_sweep(preset.name, {}, "optimizer.lr"), "optimizer.lr");
      QCOMPARE(tuning.judge->key, std::string("validation_accuracy"));
      QVERIFY(tuning.contestants.size() >= 7);
      for (const Contestant& one : tuning.contestants) {
        QCOMPARE(one.values.size(), std::size_t{4});
        QCOMPARE(one.values.front().seeds.size(), std::size_t{3});
      }
      ++found;
    }
    QCOMPARE(found, 4);
  }

  void a_file_goes_before_a_name_and_what_is_neither_is_refused() {
    QTemporaryDir folder;
    QVERIFY(folder.isValid());
    const std::string path = folder.filePath("mine.json").toStdString();
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"title": "two seeds", "grid": {"seed": [0, 1]}})");
    file.close();
    QCOMPARE(load_sweep(path, {}).cells.size(), std::size_t{2});
    const std::string slip = refusal([] { load_sweep("fair-fashion-mpl", {}); });
    QVERIFY2(has(slip, "no sweep preset 'fair-fashion-mpl'") && has(slip, "did you mean fair-fashion-mlp"),
             slip.c_str());
    // A path is a path.
    QVERIFY(has(refusal([] { load_sweep("./fair-fashion-mlp", {}); }), "can't be read"));
    const std::string title = refusal([] { make_sweep(R"({"title": 3})", "grid.json", {}); });
    QVERIFY2(has(title, "title=3") && has(title, "expected text"), title.c_str());
  }

  void an_experiment_that_is_a_sweep_is_told_so() {
    const std::string message = refusal([] { load_plan("fair-fashion-mlp", {}); });
    QVERIFY2(has(message, "is a sweep: grapevine-cli sweep fair-fashion-mlp"), message.c_str());
  }

  // The page has no experiments of its own: what it names comes with the program, and the other way round.
  void the_page_of_findings_names_what_there_is() {
    const QString page = page_of_findings();
    QVERIFY(!page.isEmpty());
    std::set<std::string> named;
    QRegularExpression command("grapevine-cli sweep ([a-z0-9-]+)");
    for (auto match = command.globalMatch(page); match.hasNext();)
      named.insert(match.next().captured(1).toStdString());
    for (const std::string& name : named) QVERIFY2(find_sweep_preset(name), name.c_str());
    for (const SweepPreset& preset : sweep_presets())
      QVERIFY2(named.contains(preset.name), (preset.name + " is not on the page").c_str());
  }
};

QTEST_APPLESS_MAIN(TestSweepPresets)
#include "test_sweep_presets.moc"
