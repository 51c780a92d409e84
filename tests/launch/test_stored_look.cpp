// Stored runs looked into: what the last checkpoint holds, without a step, a row or a file of the run being
// another one afterwards. With a fake stepper.
#include <QCryptographicHash>
#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>

#include "engine/launch/launch.h"
#include "engine/launch/stored_look.h"
#include "engine/runs/run_reader.h"
#include "tests/session/fake_stepper.h"
#include "tests/support/eventually.h"

using namespace grapevine;

class TestStoredLook : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    look_.reset();
    folder_ = std::make_unique<QTemporaryDir>();
    world_ = std::make_shared<FakeWorld>();
  }

  void it_is_the_last_checkpoint() {
    train({"dfa", "grape"}, 120);
    const QByteArray before = everything();
    const auto answer = asked({1, 2}, 2);
    QCOMPARE(answer->layers.size(), std::size_t{2});
    QCOMPARE(answer->points, world_->layers);
    for (int i = 0; i < 2; ++i) {
      const Inspection& layer = answer->layers[static_cast<std::size_t>(i)];
      QVERIFY2(layer.trouble.empty(), layer.trouble.c_str());
      QCOMPARE(layer.racer, i);
      QCOMPARE(layer.point, 2);
      QCOMPARE(layer.step, std::int64_t{120});
      QCOMPARE(layer.feedback.at(0, 0), 120.0F);
    }
    QCOMPARE(everything(), before);
  }

  // The networks stand once; another layer is another look into them.
  void another_layer_builds_nothing_anew() {
    train({"dfa"}, 50);
    look();
    QCOMPARE(asked({1}, 1)->layers.front().point, 1);
    const int made = world_->made;
    QCOMPARE(asked({1}, 3)->layers.front().point, 3);
    QCOMPARE(world_->made.load(), made);
    QVERIFY(!asked({1}, 9)->layers.front().trouble.empty());
  }

  void a_run_that_went_on_is_looked_at_anew() {
    train({"dfa"}, 50);
    look();
    QCOMPARE(asked({1}, 1)->layers.front().step, std::int64_t{50});
    LaunchRequest on;
    on.resumed_id = 1;
    run(std::move(on));
    look_->ask({});
    QCOMPARE(asked({1}, 1)->layers.front().step, world_->total_steps);
  }

  void a_finished_run_can_be_looked_into() {
    train({"dfa"}, world_->total_steps);
    QCOMPARE(RunReader(database()).summary(1).status.text(), std::string("finished"));
    QCOMPARE(asked({1}, 1)->layers.front().step, world_->total_steps);
  }

  void without_a_checkpoint_it_says_so() {
    train({"dfa"}, 50);
    for (const QString& file : checkpoints()) QVERIFY(QFile::remove(file));
    const std::string gone = asked({1}, 1)->layers.front().trouble;
    QVERIFY2(gone.find("run 1 has no intact checkpoint") != std::string::npos, gone.c_str());
    world_->fail_at = 1;  // before there is anything to store
    LaunchRequest request;
    request.plan = make_plan("{}", "test", {.sets = {}, .rules = {"bp"}});
    run(std::move(request));
    const std::string never = asked({2}, 1)->layers.front().trouble;
    QVERIFY2(never.find("run 2 has no checkpoint") != std::string::npos, never.c_str());
    QVERIFY(asked({7}, 1)->layers.front().trouble.find("7") != std::string::npos);
  }

  // Data that can't be loaded, and data that are not those it was trained on.
  void what_is_wrong_with_one_run_is_told_in_its_place() {
    train({"dfa"}, 50);
    world_->fail_to_prepare = true;
    QVERIFY(asked({1}, 1)->layers.front().trouble.find("install it") != std::string::npos);
    world_->fail_to_prepare = false;
    look_->ask({});
    QVERIFY(asked({1}, 1)->layers.front().trouble.empty());
  }

  // The newest question counts, and leaving waits for nobody.
  void a_question_is_left_for_the_next() {
    train({"dfa"}, 50);
    std::atomic<bool> began = false;
    world_->long_work = [&](const WorkHooks& hooks) {
      began = true;
      while (!hooks.stopped()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      throw WorkStopped{};
    };
    look();
    look_->ask({database(), {1}, 1});
    QVERIFY(eventually([&] { return began.load(); }));
    QVERIFY(!look_->answer());
    look_.reset();
  }

 private:
  std::string database() const { return folder_->filePath(QStringLiteral("runs.db")).toStdString(); }
  QStringList checkpoints() const {
    QStringList all;
    QDirIterator files(folder_->path(), {QStringLiteral("*.checkpoint")}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) all << files.next();
    return all;
  }
  /// Every file there is, but what SQLite keeps for its own readers.
  QByteArray everything() const {
    QStringList names;
    QDirIterator files(folder_->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) names << files.next();
    names.sort();
    QCryptographicHash sum(QCryptographicHash::Sha256);
    for (const QString& name : names) {
      if (name.endsWith(QStringLiteral("-shm")) || name.endsWith(QStringLiteral("-wal"))) continue;
      QFile file(name);
      if (!file.open(QIODevice::ReadOnly)) continue;
      sum.addData(name.toUtf8());
      sum.addData(file.readAll());
    }
    return sum.result();
  }
  void run(LaunchRequest request) {
    Launch launch(std::move(request), database(), fake_factory(world_));
    eventually([&] {
      launch.look(std::chrono::milliseconds(5));
      return launch.phase() == LaunchPhase::over;
    });
  }
  /// Until so many steps; stopped there unless that is the end.
  void train(const std::vector<std::string>& rules, std::int64_t steps) {
    LaunchRequest request;
    request.plan = make_plan("{}", "test", {.sets = {}, .rules = rules});
    const std::int64_t whole = world_->total_steps;
    request.steps = steps < whole ? steps : 0;
    Launch launch(std::move(request), database(), fake_factory(world_));
    eventually([&] {
      const Observations* news = launch.look(std::chrono::milliseconds(5));
      if (news && news->step >= steps && steps < whole) launch.stop();
      return launch.phase() == LaunchPhase::over;
    });
  }
  void look() {
    look_ = std::make_unique<StoredLook>(fake_factory(world_), [] {});
  }
  std::shared_ptr<const StoredAnswer> asked(std::vector<std::int64_t> runs, int point) {
    if (!look_) look();
    look_->ask({database(), std::move(runs), point});
    eventually([&] { return look_->answer() != nullptr; });
    return look_->answer();
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<FakeWorld> world_;
  std::unique_ptr<StoredLook> look_;
};

QTEST_GUILESS_MAIN(TestStoredLook)
#include "test_stored_look.moc"
