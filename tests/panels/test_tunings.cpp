// A search of one setting in the window: the form says what it is, the queue trains first what is searched
// and then the chosen values, and the page shows what came of it.
#include <QComboBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QtTest>
#include <map>

#include "engine/experiment/settings.h"
#include "tests/runs/support.h"
#include "ui/panels/library_store.h"
#include "ui/panels/queue_page.h"
#include "ui/panels/queue_store.h"
#include "ui/panels/sweep_form.h"
#include "ui/panels/tuning_view.h"
#include "ui/panels/tunings.h"

using namespace grapevine;

namespace {

ExperimentPlan plan_of(const char* rule) {
  ExperimentPlan plan;
  plan.racers = {Experiment(rule)};
  plan.racers.front().set_text("data.name", "shapes");
  return plan;
}

QPushButton* button(const QWidget& form, const QString& text) {
  for (QPushButton* each : form.findChildren<QPushButton*>())
    if (each->text() == text) return each;
  return nullptr;
}

/// Two rules, three rates, two seeds.
constexpr const char* two_rules =
    R"({"experiment": {"data": {"name": "shapes", "validation": 0.1}},
        "grid": {"rule.name": ["bp", "dfa"], "optimizer.lr": [0.1, 0.01, 0.001], "seed": [0, 1]}})";

/// What each cell of it comes to on validation data; the cell that is not here fails.
const std::map<std::string, double> accuracies = {
    {"bp 0.1", 0.5}, {"bp 0.01", 0.9}, {"bp 0.001", 0.7}, {"dfa 0.1", 0.8}, {"dfa 0.01", 0.6}};

/// As the program of the terminal does, in no time. The test's accuracy is a tenth less.
void train_all(const std::string& database) {
  static int number = 0;
  RunQueue queue(database);
  while (const auto turn = queue.take()) {
    const Experiment experiment = make_plan(turn->entry.plan, "the test", {}).racers.front();
    const std::string cell = experiment.rule() + " " + to_text(experiment.value("optimizer.lr"));
    StoredRace race;
    race.racers = {experiment};
    race.uuids = {
        QStringLiteral("11111111-0000-4000-8000-%1").arg(++number, 12, 10, QLatin1Char('0')).toStdString()};
    race.group_uuid = turn->entry.group_uuid;
    race.group_kind = "sweep";
    RunWriter writer(database, race);
    queue.note_run(turn->entry.id, race.uuids.front());
    const auto found = accuracies.find(cell);
    Observations news;
    news.step = 100;
    news.epoch = 1;
    if (found != accuracies.end()) {
      news.samples.push_back(sample(0, "validation_accuracy", 0, 100, found->second));
      news.samples.push_back(sample(0, "test_accuracy", 0, 100, found->second - 0.1));
    }
    post(writer, news);
    writer.finish(found == accuracies.end() ? RunStatus::failed : RunStatus::finished, "");
    if (found == accuracies.end())
      queue.fail(turn->entry.id, "the loss is not finite");
    else
      queue.finish(turn->entry.id);
  }
}

}  // namespace

class TestTunings : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_form_says_what_a_search_is();
  void the_form_describes_the_terminals_search();
  void what_is_wrong_is_said_in_the_windows_words();
  void the_chosen_values_follow_the_search();
  void chosen_values_that_could_not_be_queued_are_not_forgotten();
  void what_waits_after_a_search_is_trained_too();
  void the_page_shows_what_came_of_it();
};

void TestTunings::the_form_says_what_a_search_is() {
  SweepForm form(plan_of("dfa"));  // three rates and three seeds to begin with
  form.show();
  auto* kind = form.findChildren<QComboBox*>().front();
  QTest::keyClick(kind, Qt::Key_End);  // the last of grid, list and search
  QVERIFY2(form.search().has_value(), qPrintable(form.words()));
  QVERIFY(!form.queued());
  // Three rates with the first seed, then the best of them with the other two.
  QVERIFY2(form.words().startsWith("5 runs: 3 to search, then 2 more"), qPrintable(form.words()));
  QVERIFY2(form.words().contains("validation accuracy"), qPrintable(form.words()));
  QVERIFY2(form.words().contains("A tenth of the training data"), qPrintable(form.words()));
  const auto combos = form.findChildren<QComboBox*>();
  const auto searched = std::find_if(combos.begin(), combos.end(), [](const QComboBox* box) {
    return box->accessibleName() == "Setting to search";
  });
  QVERIFY(searched != combos.end() && (*searched)->isVisible());
  QCOMPARE((*searched)->count(), 1);  // seeds are averaged over
  form.add_row("rule.name", "bp, dfa");
  QVERIFY2(form.words().startsWith("10 runs: 6 to search, then 4 more"), qPrintable(form.words()));
  QPushButton* queue = button(form, "Queue the search");
  QVERIFY(queue && queue->isEnabled());
  QSignalSpy accepted(&form, &QDialog::accepted);
  QTest::keyClick(queue, Qt::Key_Space);
  QCOMPARE(accepted.size(), 1);
}

void TestTunings::the_form_describes_the_terminals_search() {
  ExperimentPlan plan = plan_of("bp");
  plan.racers.front().set("data.validation", 0.1);
  SweepForm form(plan);
  form.set_row(0, "optimizer.lr", "0.1, 0.01, 0.001");
  form.set_row(1, "seed", "0, 1");
  form.add_row("rule.name", "bp, dfa");
  form.findChildren<QComboBox*>().front()->setCurrentIndex(2);
  QVERIFY2(form.search().has_value(), qPrintable(form.words()));
  QVERIFY(!form.words().contains("A tenth"));
  const OrderedTuning window = make_tuning(*form.search());
  const Sweep sweep = make_sweep(two_rules, "grid.json", {}, "optimizer.lr");
  const Tuning terminal = make_tuning(sweep, "optimizer.lr");
  QCOMPARE(window.tuning.search_cells(), terminal.search_cells());
  QCOMPARE(window.sweep.cells.size(), sweep.cells.size());
  for (std::size_t i = 0; i < sweep.cells.size(); ++i)
    QCOMPARE(window.sweep.cells[i].label(), sweep.cells[i].label());
}

void TestTunings::what_is_wrong_is_said_in_the_windows_words() {
  SweepForm form(plan_of("dfa"));
  form.findChildren<QComboBox*>().front()->setCurrentIndex(2);
  form.set_row(0, "optimizer.lr", "0.1");
  QVERIFY(!form.search());
  QVERIFY2(form.words().contains("at least two values"), qPrintable(form.words()));
  QVERIFY2(!form.words().contains("--tune"), qPrintable(form.words()));
  QVERIFY(!button(form, "Queue the search")->isEnabled());
}

void TestTunings::the_chosen_values_follow_the_search() {
  const Folder folder;
  QueueStore queue{QString()};
  queue.set_database(QString::fromStdString(folder.database()));
  const std::string kept_in = folder.folder.path().toStdString();
  std::string group;
  {
    Tunings tunings(&queue, kept_in);
    tunings.begin({two_rules, "optimizer.lr"});
    const auto entries = [&] { return RunQueue(folder.database()).list(); };
    QTRY_COMPARE(entries().size(), std::size_t{6});  // with the first seed alone
    for (const QueueEntry& entry : entries())
      QCOMPARE(to_text(make_plan(entry.plan, "", {}).racers.front().value("seed")), std::string("0"));
    group = entries().front().group_uuid;
    QVERIFY(tunings.knows(group));
    train_all(folder.database());
  }
  // The window was closed meanwhile.
  Tunings tunings(&queue, kept_in);
  QVERIFY(tunings.knows(group));
  queue.refresh();
  const auto waiting = [&] {
    std::vector<std::string> cells;
    for (const QueueEntry& entry : RunQueue(folder.database()).list()) {
      if (entry.state != QueueState::waiting) continue;
      const Experiment experiment = make_plan(entry.plan, "", {}).racers.front();
      cells.push_back(experiment.rule() + " " + to_text(experiment.value("optimizer.lr")) + " " +
                      to_text(experiment.value("seed")));
    }
    return cells;
  };
  QTRY_COMPARE(waiting(), (std::vector<std::string>{"bp 0.01 1", "dfa 0.1 1"}));
  // Taken out of the queue, they are not queued again.
  RunQueue(folder.database()).remove({7, 8});
  QSignalSpy listed(&queue, &QueueStore::listed), read(&tunings, &Tunings::result_read);
  queue.refresh();
  QTRY_VERIFY(!listed.empty());
  tunings.read(group);
  QTRY_VERIFY(!read.empty());
  QVERIFY(waiting().empty());
  // The same search again takes up what is missing, and trains what failed once more.
  tunings.begin({two_rules, "optimizer.lr"});
  QTRY_COMPARE(waiting(), std::vector<std::string>{"dfa 0.001 0"});
}

// The next start tries it again.
void TestTunings::chosen_values_that_could_not_be_queued_are_not_forgotten() {
  const Folder folder;
  QueueStore queue{QString()};
  queue.set_database(QString::fromStdString(folder.database()));
  const std::string kept_in = folder.folder.path().toStdString();
  const auto entries = [&] { return RunQueue(folder.database()).list().size(); };
  {
    Tunings tunings(&queue, kept_in);
    QSignalSpy added(&queue, &QueueStore::added), listed(&queue, &QueueStore::listed),
        trouble(&queue, &QueueStore::trouble);
    tunings.begin({two_rules, "optimizer.lr"});
    QTRY_COMPARE(added.size(), 1);
    QTRY_VERIFY(listed.size() >= 2);  // of the queue with what is searched in it
    // Both chosen values are of one group: the second is refused, and so are both.
    tell(folder.database(), "CREATE UNIQUE INDEX no_room ON queue (group_uuid) WHERE id > 6");
    train_all(folder.database());
    queue.refresh();
    QTRY_COMPARE(trouble.size(), 1);
    QCOMPARE(entries(), std::size_t{6});
  }
  tell(folder.database(), "DROP INDEX no_room");
  Tunings tunings(&queue, kept_in);
  queue.refresh();
  QTRY_COMPARE(entries(), std::size_t{8});
}

void TestTunings::what_waits_after_a_search_is_trained_too() {
  const Folder folder;
  const QString told = QString::fromStdString(folder.path("told"));
  QFile script(QString::fromStdString(folder.path("cli")));
  QVERIFY(script.open(QIODevice::WriteOnly));
  script.write("#!/bin/sh\necho \"$@\" >> '" + told.toUtf8() + "'\n");
  script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
  script.close();
  QueueStore queue(script.fileName());
  queue.set_database(QString::fromStdString(folder.database()));
  Tunings tunings(&queue, "");
  QSignalSpy added(&queue, &QueueStore::added), listed(&queue, &QueueStore::listed);
  tunings.begin({two_rules, "optimizer.lr"});
  QTRY_COMPARE(added.size(), 1);
  QTRY_VERIFY(listed.size() >= 2);  // of the queue with what is searched in it
  train_all(folder.database());
  queue.start(2);  // ends at once: nothing waits
  const auto starts = [&] {
    QFile file(told);
    return file.open(QIODevice::ReadOnly) ? file.readAll().count("queue run --quiet --jobs 2") : 0;
  };
  QTRY_COMPARE(starts(), 2);  // and again for the chosen values
  QCOMPARE(added.size(), 2);
}

void TestTunings::the_page_shows_what_came_of_it() {
  const Folder folder;
  QueueStore queue{QString()};
  LibraryStore library;
  QueuePage page(&queue, &library);
  Tunings tunings(&queue, "");
  page.set_tunings(&tunings);
  page.resize(1200, 800);
  page.show();
  queue.set_database(QString::fromStdString(folder.database()));
  library.set_database(QString::fromStdString(folder.database()));
  tunings.begin({two_rules, "optimizer.lr"});
  QTRY_VERIFY(page.tuning()->isVisible());
  QTRY_VERIFY2(page.tuning()->words().contains("0 of 6 values tried"), qPrintable(page.tuning()->words()));
  train_all(folder.database());
  queue.refresh();
  QTRY_COMPARE(RunQueue(folder.database()).list().size(), std::size_t{8});
  train_all(folder.database());
  queue.refresh();
  QTRY_VERIFY2(page.tuning()->words().contains("complete"), qPrintable(page.tuning()->words()));
  // DFA's best rate is the list's first; BP's is in the middle of it.
  QVERIFY2(page.tuning()->words().contains("better value: DFA."), qPrintable(page.tuning()->words()));
  const QAbstractItemModel* rows = page.tuning()->table()->model();
  QCOMPARE(rows->rowCount(), 2);
  const auto text = [&](int row, int column) { return rows->index(row, column).data().toString(); };
  QCOMPARE(text(0, 0), QStringLiteral("BP"));  // the better one in the test
  QCOMPARE(text(0, 1), QStringLiteral("0.01"));
  QCOMPARE(text(0, 2), QLocale().toString(90.0, 'f', 2) + " ± " + QLocale().toString(0.0, 'f', 2) + " %");
  QCOMPARE(text(0, 3), QLocale().toString(80.0, 'f', 2) + " ± " + QLocale().toString(0.0, 'f', 2) + " %");
  QCOMPARE(text(0, 4), QStringLiteral("2"));
  QCOMPARE(text(1, 0), QStringLiteral("DFA"));
  QVERIFY2(text(1, 5).endsWith("0.001: –"), qPrintable(text(1, 5)));  // that one failed
  QSignalSpy chosen(&page, &QueuePage::runs_chosen);
  QTest::keyClick(button(*page.tuning(), "Show the best ones' runs"), Qt::Key_Space);
  QCOMPARE(chosen.size(), 1);
  QCOMPARE(chosen.front().front().value<std::vector<std::int64_t>>().size(), std::size_t{4});
}

QTEST_MAIN(TestTunings)
#include "test_tunings.moc"
