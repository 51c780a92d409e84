// What release 0.1.0 wrote continues to open: its database and checkpoints in every command, its experiment
// files in a new run. tests/fixtures/0.1.0/make.sh says which run is which; what to expect of each stands in
// the database itself.
#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "tests/app/terminal.h"
#include "tests/fixtures/old_files.h"

class TestOldFiles : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void runs_are_listed();
  void runs_are_shown_data();
  void runs_are_shown();
  void runs_are_compared();
  void runs_are_exported_data();
  void runs_are_exported();
  void stopped_runs_go_on_to_their_end_data();
  void stopped_runs_go_on_to_their_end();
  void a_resumed_run_keeps_the_rise_of_its_release();
  void live_changes_after_the_checkpoint_are_carried_out_again();
  void experiment_files_start_runs_data();
  void experiment_files_start_runs();
  void a_sweep_knows_its_cells();

 private:
  /// Runs a command on the old database.
  Outcome on_old(QStringList arguments) const {
    return home_->run(arguments += {"--db", "old/grapevine.db"});
  }
  QString experiment(const QString& name) const { return "old/experiments/" + name + ".json"; }
  std::vector<QStringList> rows(const QString& sql) const;
  QString ask(const QString& sql) const;

  /// A run's samples by measure, point and step, without what a clock said.
  using Samples = std::map<std::tuple<QString, int, int>, double>;
  Samples samples(int run) const;
  static Samples until(int step, const Samples& all);
  static QString difference(const Samples& these, const Samples& expected);
  /// Of a later release's numbers those of measures that the first life had too, in the same sense: quantiles
  /// of angles leave out samples without a signal since.
  static Samples measured_then(const Samples& all, const Samples& first_life);
  /// A resumed run has the numbers of `whole`, which was never stopped. Not where already `early` is another,
  /// a difference in its first life: there another processor, or a release that reckons in another way, made
  /// it.
  static void compare_resumed(const Samples& resumed, const Samples& whole, const QString& early);
  /// Trains an experiment file from its beginning; returns the first new run.
  int train_anew(const QString& command, const QString& file) const;

  std::unique_ptr<Terminal> home_;
  std::string database_;
};

namespace {

constexpr int killed_racers[] = {18, 19}, same_but_whole[] = {15, 16};

/// A data row for each run.
void add_runs(std::initializer_list<int> runs) {
  QTest::addColumn<int>("run");
  for (const int run : runs) QTest::addRow("run %d", run) << run;
}

bool same(double one, double other) {
  return one == other || (std::isnan(one) && std::isnan(other));
}

/// Every expected setting is there with its value; a later release may have more of them.
bool has_settings(const QJsonObject& these, const QJsonObject& expected) {
  for (auto each = expected.begin(); each != expected.end(); ++each) {
    const QJsonValue value = these[each.key()];
    const bool fits = each->isObject() ? has_settings(value.toObject(), each->toObject()) : value == *each;
    if (!fits) return false;
  }
  return true;
}

}  // namespace

void TestOldFiles::init() {
  home_ = std::make_unique<Terminal>();
  database_ = copy_old_files("0.1.0", home_->path("old").toStdString());
  const std::filesystem::path cache = home_->path("cache/grapevine").toStdString();
  std::filesystem::create_directories(cache);
  // Where an empty data.dir looks for wikitext2.
  std::filesystem::copy(home_->path("old/text").toStdString(), cache / "wikitext2",
                        std::filesystem::copy_options::recursive);
}

std::vector<QStringList> TestOldFiles::rows(const QString& sql) const {
  SQLite::Database file(database_, SQLite::OPEN_READWRITE, 5000);
  SQLite::Statement query(file, sql.toStdString());
  std::vector<QStringList> all;
  while (query.executeStep()) {
    QStringList& row = all.emplace_back();
    for (int i = 0; i < query.getColumnCount(); ++i)
      row += QString::fromStdString(query.getColumn(i).getString());
  }
  return all;
}

QString TestOldFiles::ask(const QString& sql) const {
  const auto all = rows(sql);
  return all.empty() ? QString() : all.front().front();
}

TestOldFiles::Samples TestOldFiles::samples(int run) const {
  SQLite::Database file(database_, SQLite::OPEN_READWRITE, 5000);
  SQLite::Statement query(file,
                          "SELECT measure, point, step, value FROM samples JOIN series ON series.id = series "
                          "WHERE run = ? AND measure NOT LIKE '%\\_seconds' ESCAPE '\\'");
  query.bind(1, run);
  Samples all;
  while (query.executeStep()) {
    const double value = query.getColumn(3).isNull() ? std::nan("") : query.getColumn(3).getDouble();
    all[{QString::fromStdString(query.getColumn(0).getString()), query.getColumn(1).getInt(),
         query.getColumn(2).getInt()}] = value;
  }
  return all;
}

TestOldFiles::Samples TestOldFiles::until(int step, const Samples& all) {
  Samples early;
  for (const auto& [key, value] : all)
    if (std::get<2>(key) <= step) early[key] = value;
  return early;
}

/// The first expected sample that is missing or another; "" where all are there and the same. A later release
/// may measure more.
QString TestOldFiles::difference(const Samples& these, const Samples& expected) {
  for (const auto& [key, value] : expected) {
    const auto found = these.find(key);
    if (found != these.end() && same(found->second, value)) continue;
    const auto& [measure, point, step] = key;
    return QString("%1 of point %2 at step %3 is %4, not %5")
        .arg(measure)
        .arg(point)
        .arg(step)
        .arg(found == these.end() ? "missing" : QString::number(found->second, 'g', 17))
        .arg(value, 0, 'g', 17);
  }
  return "";
}

TestOldFiles::Samples TestOldFiles::measured_then(const Samples& all, const Samples& first_life) {
  std::set<QString> known, newer;
  int last = 0;
  for (const auto& [key, value] : first_life) {
    known.insert(std::get<0>(key));
    last = std::max(last, std::get<2>(key));
  }
  for (const auto& [key, value] : until(last, all))
    if (!known.contains(std::get<0>(key))) newer.insert(std::get<0>(key));
  Samples kept;
  for (const auto& [key, value] : all)
    if (const QString& measure = std::get<0>(key);
        !newer.contains(measure) && !measure.startsWith("sample_angle"))
      kept[key] = value;
  return kept;
}

void TestOldFiles::compare_resumed(const Samples& resumed, const Samples& whole, const QString& early) {
  QVERIFY(!whole.empty());
  if (early.isEmpty())
    QCOMPARE(difference(resumed, whole), "");
  else
    qWarning("other numbers here than where it was made: %s", qPrintable(early));
}

int TestOldFiles::train_anew(const QString& command, const QString& file) const {
  const int before = ask("SELECT max(id) FROM runs").toInt();
  on_old({command, file, "--device", "cpu", "--quiet"});
  return before + 1;
}

void TestOldFiles::runs_are_listed() {
  // Nobody holds the lock of the runs that were killed while they paused.
  const auto stored = rows(
      "SELECT id, replace(status, 'paused', 'interrupted'), name, rule, model, data, tags, uuid, (SELECT "
      "max(value) "
      "FROM samples JOIN series ON series.id = series WHERE run = runs.id AND measure = 'test_accuracy') "
      "FROM runs "
      "WHERE NOT deleted ORDER BY id DESC");
  QCOMPARE(stored.size(), std::size_t{18});
  const Outcome outcome = on_old({"list", "--json"});
  QCOMPARE(outcome.status, 0);
  const QJsonArray listed = outcome.json()["runs"_L1].toArray();
  QCOMPARE(static_cast<std::size_t>(listed.size()), stored.size());
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const QJsonObject run = listed[static_cast<qsizetype>(i)].toObject();
    const QStringList& row = stored[i];
    QCOMPARE(QString::number(run["id"_L1].toInt()), row[0]);
    int column = 1;
    for (const char* key : {"status", "name", "rule", "model", "data", "tags", "uuid"})
      QCOMPARE(run[QLatin1StringView(key)].toString(), row[column++]);
    if (!row[8].isEmpty()) QCOMPARE(run["best_test_accuracy"_L1].toDouble(-1), row[8].toDouble());
  }
  const Outcome table = on_old({"list"});
  QCOMPARE(table.status, 0);
  QVERIFY(table.out.contains("a run with a new name") && table.out.contains("old, calibrated"));
}

void TestOldFiles::runs_are_shown_data() {
  add_runs({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19});
}

void TestOldFiles::runs_are_shown() {
  QFETCH(const int, run);
  const QString id = QString::number(run);
  const QStringList stored =
      rows("SELECT replace(status, 'paused', 'interrupted'), steps, uuid, failure FROM runs WHERE id = " + id)
          .front();
  const Outcome outcome = on_old({"show", id, "--json"});
  QCOMPARE(outcome.status, 0);
  const QJsonObject shown = outcome.json();
  QCOMPARE(shown["status"_L1].toString(), stored[0]);
  QCOMPARE(shown["steps"_L1].toInt(), stored[1].toInt());
  QCOMPARE(shown["uuid"_L1].toString(), stored[2]);
  QVERIFY(has_settings(
      shown["experiment"_L1].toObject(),
      QJsonDocument::fromJson(ask("SELECT experiment FROM runs WHERE id = " + id).toUtf8()).object()));
  const auto epochs = rows(
      "SELECT value FROM samples JOIN series ON series.id = series WHERE measure = 'test_loss' AND run = " +
      id + " ORDER BY step");
  QCOMPARE(static_cast<std::size_t>(shown["epochs"_L1].toArray().size()), epochs.size());
  for (std::size_t i = 0; i < epochs.size(); ++i)
    QVERIFY(std::abs(shown["epochs"_L1][static_cast<qsizetype>(i)]["test_loss"_L1].toDouble() -
                     epochs[i].front().toDouble()) < 1e-9);
  const auto events = rows("SELECT kind, step, cause FROM events WHERE run = " + id + " ORDER BY id");
  const QJsonArray told = shown["events"_L1].toArray();
  QCOMPARE(static_cast<std::size_t>(told.size()), events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    const QJsonObject event = told[static_cast<qsizetype>(i)].toObject();
    QCOMPARE(event["kind"_L1].toString(), events[i][0]);
    QCOMPARE(event["step"_L1].toInt(), events[i][1].toInt());
    QCOMPARE(event["cause"_L1].toString(), events[i][2]);
  }
  QCOMPARE(shown["calibrations"_L1].toInt(-1),
           static_cast<int>(std::count_if(events.begin(), events.end(),
                                          [](const auto& row) { return row[0] == "calibration"; })));
  const Outcome text = on_old({"show", id});
  QCOMPARE(text.status, 0);
  QVERIFY(text.out.contains(stored[2]) && text.out.contains(stored[3]));
}

void TestOldFiles::runs_are_compared() {
  const Outcome outcome = on_old({"compare", "1", "2", "10", "11", "16", "--json"});
  QCOMPARE(outcome.status, 0);
  const QJsonObject differences = outcome.json()["differences"_L1].toObject();
  for (const char* key : {"model.name", "rule.name", "calibration.when", "schedule.name", "data.name"})
    QVERIFY2(differences.contains(QLatin1StringView(key)), key);
  QCOMPARE(differences["rule.name"_L1].toArray(),
           (QJsonArray{"grape", "residual", "residual", "grape", "grape"}));
  QVERIFY(!differences.contains("threads"));
  QCOMPARE(on_old({"compare", "3", "4", "5"}).status, 0);
}

void TestOldFiles::runs_are_exported_data() {
  add_runs({1, 2, 4, 6, 10, 11, 12, 13, 16, 19});  // one of each kind
}

void TestOldFiles::runs_are_exported() {
  QFETCH(const int, run);
  const QString id = QString::number(run);
  const Samples stored = samples(run);
  const Outcome table = on_old({"export", id, "--format", "csv"});
  QCOMPARE(table.status, 0);
  Samples exported;
  const QStringList lines = table.out.split('\n', Qt::SkipEmptyParts);
  QCOMPARE(lines.front(), QString("measure,point,step,epoch,seconds,value"));
  for (qsizetype i = 1; i < lines.size(); ++i) {
    const QStringList cells = lines[i].split(',');
    if (cells[0].endsWith("_seconds")) continue;
    bool is_number = false;
    const double value = cells[5].toDouble(&is_number);
    exported[{cells[0], cells[1].toInt(), cells[2].toInt()}] = is_number ? value : std::nan("");
  }
  QCOMPARE(exported.size(), stored.size());
  QCOMPARE(difference(exported, stored), "");
  const Outcome document = on_old({"export", id, "--format", "json"});
  QCOMPARE(document.status, 0);
  qsizetype points = 0;
  for (const QJsonValue& one : document.json()["series"_L1].toArray())
    points += one["value"_L1].toArray().size();
  QCOMPARE(points, lines.size() - 1);
  QCOMPARE(on_old({"export", id, "-o", "last.checkpoint"}).status, 0);
  QVERIFY(home_->read("last.checkpoint").startsWith("GRAPEVCK"));
}

void TestOldFiles::stopped_runs_go_on_to_their_end_data() {
  QTest::addColumn<int>("run");
  QTest::addColumn<int>("racers");
  QTest::addColumn<QString>("file");
  QTest::newRow("calibrated by event") << 2 << 1 << "stopped";
  QTest::newRow("transformer") << 10 << 1 << "language-model";
  QTest::newRow("custom network") << 11 << 1 << "own-network";
  QTest::newRow("race with a fallen racer") << 12 << 3 << "stopped-race";
}

void TestOldFiles::stopped_runs_go_on_to_their_end() {
  QFETCH(const int, run);
  QFETCH(const int, racers);
  QFETCH(const QString, file);
  const auto stored =
      rows(QString("SELECT status, steps, epochs, experiment FROM runs WHERE id >= %1 AND id < %2")
               .arg(run)
               .arg(run + racers));
  std::vector<Samples> before;
  for (int i = 0; i < racers; ++i) before.push_back(samples(run + i));
  const Outcome outcome = on_old({"resume", QString::number(run), "--device", "cpu", "--json"});
  QCOMPARE(outcome.status, racers > 1 ? 1 : 0);  // 1: one of them had failed
  const int again = train_anew(racers > 1 ? "race" : "train", experiment(file));
  for (int i = 0; i < racers; ++i) {
    const QStringList& old = stored[static_cast<std::size_t>(i)];
    const Samples& first_life = before[static_cast<std::size_t>(i)];
    const QStringList now =
        rows("SELECT status, steps FROM runs WHERE id = " + QString::number(run + i)).front();
    const Samples resumed = samples(run + i), whole = measured_then(samples(again + i), first_life);
    QCOMPARE(difference(resumed, first_life), "");
    if (old[0] == "failed") {
      QCOMPARE(now, (QStringList{"failed", old[1]}));
      continue;
    }
    const QJsonObject settings = QJsonDocument::fromJson(old[3].toUtf8()).object();
    const double of_an_epoch = old[1].toDouble() / old[2].toDouble();
    const int all_steps =
        static_cast<int>(std::lround(of_an_epoch * settings["train"_L1]["epochs"_L1].toInt()));
    QCOMPARE(now, (QStringList{"finished", QString::number(all_steps)}));
    QVERIFY(resumed.contains({"loss", 0, all_steps}));
    compare_resumed(resumed, whole, difference(whole, measured_then(first_life, first_life)));
  }
}

// Release 0.1.0 let a schedule's clock run while the rate rose: epoch e of 20 had lr·(1 + cos(πe/20))/2, the
// first of them, in which it rose, lr/2. Also when it is resumed twice.
void TestOldFiles::a_resumed_run_keeps_the_rise_of_its_release() {
  QCOMPARE(ask("SELECT json_extract(experiment, '$.schedule.warmup') FROM runs WHERE id = 2"), QString("1"));
  const auto first = home_->start({"resume", "2", "--device", "cpu", "--db", "old/grapevine.db"});
  QTRY_VERIFY_WITH_TIMEOUT(
      first->state() == QProcess::NotRunning || ask("SELECT steps > 900 FROM runs WHERE id = 2") == "1",
      60000);
  first->terminate();
  Terminal::end_of(*first);
  if (ask("SELECT status FROM runs WHERE id = 2") == "stopped")
    QCOMPARE(on_old({"resume", "2", "--device", "cpu", "--quiet"}).status, 0);
  const Samples all = samples(2);
  int epochs = 0;
  for (const auto& [key, rate] : all) {
    const auto& [measure, point, step] = key;
    if (measure != "learning_rate") continue;
    const double epoch = (step - 1) / 400;  // 3,200 records, 8 a step
    const double want = epoch < 1 ? 0.5 : (1 + std::cos(M_PI * epoch / 20)) / 2;
    QVERIFY2(std::abs(rate - 0.003 * want) < 1e-12, qPrintable(QString::number(step)));
    ++epochs;
  }
  QCOMPARE(epochs, 20);
}

void TestOldFiles::live_changes_after_the_checkpoint_are_carried_out_again() {
  const QString changes =
      "SELECT run, step, command, value FROM commands WHERE run IN (18, 19) ORDER BY run, step, id";
  const auto given = rows(changes);
  QCOMPARE(given.size(), std::size_t{6});
  const Outcome outcome = on_old({"resume", "18", "--device", "cpu", "--json"});
  QCOMPARE(outcome.status, 0);
  QCOMPARE(rows(changes), given);
  QCOMPARE(ask("SELECT count(*) FROM commands WHERE replay"), QString("0"));
  const int again = train_anew("race", experiment("live"));
  for (int i = 0; i < 2; ++i) {
    const QString id = QString::number(killed_racers[i]);
    QCOMPARE(ask("SELECT status || ' ' || steps FROM runs WHERE id = " + id), QString("finished 80"));
    // The same at the same steps as in the race that was never killed.
    const QString told =
        "SELECT step, kind, cause FROM events WHERE kind IN ('setting', 'calibration') AND run = ";
    QCOMPARE(rows(told + id), rows(told + QString::number(same_but_whole[i])));
    const Samples whole = samples(same_but_whole[i]);
    compare_resumed(samples(killed_racers[i]), whole, difference(samples(again + i), until(29, whole)));
  }
}

void TestOldFiles::experiment_files_start_runs_data() {
  QTest::addColumn<QString>("command");
  for (const char* alone : {"finished", "stopped", "language-model", "own-network"})
    QTest::newRow(alone) << "train";
  for (const char* race : {"race", "stopped-race", "live"}) QTest::newRow(race) << "race";
  QTest::newRow("sweep") << "sweep";
}

void TestOldFiles::experiment_files_start_runs() {
  QFETCH(const QString, command);
  const Outcome outcome = home_->run({command, experiment(QTest::currentDataTag()), "--device", "cpu",
                                      "--set", "train.max_steps=1", "--quiet"});
  QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
  const QJsonArray runs = home_->run({"list", "--json"}).json()["runs"_L1].toArray();
  QVERIFY(!runs.isEmpty());
  for (const QJsonValue& run : runs) QCOMPARE(run["status"_L1].toString(), QString("finished"));
}

void TestOldFiles::a_sweep_knows_its_cells() {
  const Outcome outcome = on_old({"sweep", experiment("sweep"), "--dry-run"});
  QCOMPARE(outcome.status, 0);
  QVERIFY2(outcome.out.contains("4 cells, 4 of them done"), qPrintable(outcome.out));
}

QTEST_GUILESS_MAIN(TestOldFiles)
#include "test_old_files.moc"
