// The queue, sweeps and the papers' tables in the window.
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>
#include <set>

#include "engine/experiment/settings.h"
#include "engine/files/machine.h"
#include "engine/plans/plan.h"
#include "engine/plans/presets.h"
#include "engine/runs/backup.h"
#include "engine/runs/run_queue.h"
#include "tests/runs/support.h"
#include "ui/panels/groups_model.h"
#include "ui/panels/library_store.h"
#include "ui/panels/paper_page.h"
#include "ui/panels/queue_model.h"
#include "ui/panels/queue_page.h"
#include "ui/panels/queue_store.h"
#include "ui/panels/status_strip.h"
#include "ui/panels/sweep_form.h"

using namespace grapevine;

class TestQueue : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_grid_is_every_combination();
  void the_cells_of_a_race_are_counted_with_its_racers();
  void ranges_are_their_values();
  void a_list_takes_values_together();
  void what_is_wrong_with_a_sweep_is_said();
  void nothing_is_wrong_before_values_are_typed();
  void bare_numbers_of_a_list_are_lists_of_one();
  void a_row_can_be_removed();
  void settings_are_offered_in_words();
  void a_sweeps_entries_say_in_what_they_differ();
  void seeds_follow_each_other();
  void the_page_follows_the_queue();
  void to_look_at_it_writes_nothing();
  void no_more_are_trained_at_once_than_there_are_cores();
  void progress_and_time_left();
  void a_program_trains_what_waits_and_is_stopped();
  void the_papers_cells_are_queued();
  void days_of_work_are_asked_about();
  void a_click_queues_a_papers_row_with_its_settings();

 private:
  ExperimentPlan plan_of(const char* rule) const {
    ExperimentPlan plan;
    plan.racers = {Experiment(rule)};
    plan.racers.front().set_text("data.name", "shapes");
    return plan;
  }
};

void TestQueue::a_grid_is_every_combination() {
  SweepForm form(plan_of("dfa"));  // three rates and three seeds to begin with
  QVERIFY(form.queued().has_value());
  QCOMPARE(form.queued()->plans.size(), std::size_t{9});
  QVERIFY(!form.queued()->group_uuid.empty());
  form.add_row(QStringLiteral("model.hidden"), QStringLiteral("[32, 32], [64, 64]"));
  QCOMPARE(form.queued()->plans.size(), std::size_t{18});
  const ExperimentPlan last = make_plan(form.queued()->plans.back(), "test", {});
  QCOMPARE(to_text(last.racers.front().value("model.hidden")), std::string("64,64"));
}

void TestQueue::the_cells_of_a_race_are_counted_with_its_racers() {
  ExperimentPlan race = plan_of("dfa");
  race.racers.push_back(plan_of("bp").racers.front());
  race.is_race = true;
  const SweepForm form(race);  // three rates and three seeds to begin with
  QVERIFY2(form.queued().has_value(), qPrintable(form.words()));
  QCOMPARE(form.words(), QStringLiteral("9 cells of 2 racers: 18 experiments."));
}

void TestQueue::ranges_are_their_values() {
  SweepForm form(plan_of("dfa"));
  form.set_row(1, QStringLiteral("seed"), QStringLiteral("0..4, 7"));
  QCOMPARE(form.queued()->plans.size(), std::size_t{3 * 6});
  form.set_row(0, QStringLiteral("optimizer.lr"), QStringLiteral("0.1..0.3:0.1"));
  QCOMPARE(form.queued()->plans.size(), std::size_t{3 * 6});
  const ExperimentPlan last = make_plan(form.queued()->plans.back(), "test", {});
  QCOMPARE(std::get<double>(last.racers.front().value("optimizer.lr")), 0.3);
  QCOMPARE(to_text(last.racers.front().value("seed")), std::string("7"));
  for (const char* bad : {"4..0", "0..9:0", "0..1000000"}) {
    form.set_row(1, QStringLiteral("seed"), QString(bad));
    QVERIFY2(!form.queued() && form.words().contains("0..9"), bad);
  }
}

void TestQueue::a_list_takes_values_together() {
  SweepForm form(plan_of("dfa"));
  form.set_list(true);
  QCOMPARE(form.queued()->plans.size(), std::size_t{3});
  const ExperimentPlan second = make_plan(form.queued()->plans[1], "test", {});
  QCOMPARE(std::get<double>(second.racers.front().value("optimizer.lr")), 0.0003);
  QCOMPARE(to_text(second.racers.front().value("seed")), std::string("1"));
  form.add_row(QStringLiteral("train.batch"), QStringLiteral("32"));
  QVERIFY(!form.queued());
  QVERIFY(form.words().contains(QStringLiteral("as many values of train.batch")));
}

void TestQueue::what_is_wrong_with_a_sweep_is_said() {
  SweepForm form(plan_of("dfa"));
  form.add_row(QStringLiteral("optimizer.lrr"), QStringLiteral("1"));
  QVERIFY(!form.queued());
  QVERIFY2(form.words().contains(QStringLiteral("optimizer.lr")), qPrintable(form.words()));
}

void TestQueue::nothing_is_wrong_before_values_are_typed() {
  SweepForm form(plan_of("dfa"));
  QLabel* words = nullptr;
  for (QLabel* label : form.findChildren<QLabel*>())
    if (label->text() == form.words()) words = label;
  QVERIFY(words);
  const QColor quiet = words->palette().color(QPalette::WindowText);
  form.add_row(QStringLiteral("model.hidden"), {});
  QVERIFY(!form.queued());
  QVERIFY2(form.words().startsWith(QStringLiteral("Enter the values of Hidden")), qPrintable(form.words()));
  QVERIFY(form.words().contains(QStringLiteral("[64, 64]")));  // as it may be typed
  QCOMPARE(words->palette().color(QPalette::WindowText), quiet);
  form.set_row(2, QStringLiteral("model.hidden"), QStringLiteral("-3"));
  QVERIFY(!form.queued());
  QVERIFY(words->palette().color(QPalette::WindowText) != quiet);
}

void TestQueue::bare_numbers_of_a_list_are_lists_of_one() {
  SweepForm form(plan_of("dfa"));
  form.set_row(0, QStringLiteral("model.hidden"), QStringLiteral("8, 16"));
  QVERIFY2(form.queued().has_value(), qPrintable(form.words()));
  QCOMPARE(form.queued()->plans.size(), std::size_t{2 * 3});
  const ExperimentPlan last = make_plan(form.queued()->plans.back(), "test", {});
  QCOMPARE(to_text(last.racers.front().value("model.hidden")), std::string("16"));
  QVERIFY2(form.words().contains(QStringLiteral("[8, 16] is one list")), qPrintable(form.words()));
  form.set_row(0, QStringLiteral("model.hidden"), QStringLiteral("8, [16, 16]"));
  QCOMPARE(form.queued()->plans.size(), std::size_t{2 * 3});
}

void TestQueue::a_row_can_be_removed() {
  SweepForm form(plan_of("dfa"));
  QCOMPARE(form.queued()->plans.size(), std::size_t{9});
  for (QPushButton* button : form.findChildren<QPushButton*>())
    if (button->text() == QStringLiteral("Remove")) {
      button->click();
      break;
    }
  QCOMPARE(form.queued()->plans.size(), std::size_t{3});  // its seeds are left
  form.remove_row(0);
  QVERIFY(!form.queued());
  QVERIFY2(form.words().startsWith(QStringLiteral("Choose a setting")), qPrintable(form.words()));
}

void TestQueue::settings_are_offered_in_words() {
  SweepForm form(plan_of("dfa"));
  auto* key = form.findChildren<QComboBox*>().at(1);  // the first one is grid or list
  QCOMPARE(key->currentText(), QStringLiteral("Learning rate (optimizer.lr)"));
  form.set_row(0, QStringLiteral("train.batch"), QStringLiteral("32, 64"));
  QCOMPARE(key->currentText(), QStringLiteral("Batch (train.batch)"));
  const auto batch = [&] {
    if (!form.queued()) return form.words();
    const ExperimentPlan last = make_plan(form.queued()->plans.back(), "test", {});
    return QString::fromStdString(to_text(last.racers.front().value("train.batch")));
  };
  for (const char* typed : {"train.batch", "batch (train.batch)"}) {
    key->setEditText(QString::fromLatin1(typed));
    QCOMPARE(batch(), QStringLiteral("64"));
  }
  key->setEditText(QStringLiteral("maximum steps"));  // no other setting is called so
  QVERIFY2(form.queued().has_value(), qPrintable(form.words()));
}

void TestQueue::a_sweeps_entries_say_in_what_they_differ() {
  const Sweep sweep = make_sweep(
      "{\"experiment\": {\"data\": {\"name\": \"shapes\"}}, \"grid\": {\"rule.name\": "
      "[\"bp\", \"grape\"], \"optimizer.lr\": [0.5, 0.25], \"seed\": [0, 1]}}",
      "the test", {});
  const Queued queued = queued_sweep(sweep);
  std::vector<QueueEntry> entries(queued.plans.size() + 1);
  for (std::size_t i = 0; i < queued.plans.size(); ++i) {
    entries[i].plan = queued.plans[i];
    entries[i].group_uuid = queued.group_uuid;
  }
  entries.back().plan = queued_plan(plan_of("dfa")).plans.front();
  const std::vector<std::string> titles = titles_of(entries);
  QCOMPARE(std::set<std::string>(titles.begin(), titles.end()).size(), titles.size());
  QVERIFY(std::find(titles.begin(), titles.end(), "GrAPE · MLP on Shapes, lr 0.25, seed 1") != titles.end());
  QCOMPARE(titles.back(), std::string("DFA · MLP on Shapes, seed 0"));
  // Single ones that would be called the same, too.
  ExperimentPlan twin = plan_of("dfa");
  twin.racers.front().set_text("optimizer.lr", "0.5");
  entries.back().group_uuid.clear();
  entries.push_back(entries.back());
  entries.back().plan = queued_plan(twin).plans.front();
  QCOMPARE(titles_of(entries).back(), std::string("DFA · MLP on Shapes, lr 0.5, seed 0"));
}

void TestQueue::seeds_follow_each_other() {
  ExperimentPlan plan = plan_of("dfa");
  plan.racers.front().set("seed", std::int64_t{7});
  const Queued queued = queued_plan(plan, 3);
  QCOMPARE(queued.plans.size(), std::size_t{3});
  for (int i = 0; i < 3; ++i)
    QCOMPARE(
        to_text(
            make_plan(queued.plans[static_cast<std::size_t>(i)], "test", {}).racers.front().value("seed")),
        std::to_string(7 + i));
  QVERIFY(!queued.group_uuid.empty());
  QVERIFY(queued_plan(plan).group_uuid.empty());
}

// A backup uses no log: who opens it for writing changes its header.
void TestQueue::to_look_at_it_writes_nothing() {
  const Folder folder;
  const std::string copy = folder.path("copy.db");
  RunQueue(folder.database()).add({"{}", "{}"}, "");
  back_up_database(folder.database(), copy);
  const auto content = [&] {
    QFile file(QString::fromStdString(copy));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  };
  const QByteArray before = content();
  QVERIFY(!before.isEmpty());
  QueueStore queue{QString()};
  std::size_t seen = 0;
  connect(&queue, &QueueStore::listed, this,
          [&](const std::vector<QueueEntry>& entries) { seen = entries.size(); });
  queue.set_database(QString::fromStdString(copy));
  QTRY_COMPARE(seen, std::size_t{2});
  QCOMPARE(content(), before);
  QVERIFY(!QFile::exists(QString::fromStdString(copy + "-wal")));
}

void TestQueue::the_page_follows_the_queue() {
  const Folder folder;
  QueueStore queue{QString()};
  LibraryStore library;
  QueuePage page(&queue, &library);
  page.show();
  queue.set_database(QString::fromStdString(folder.database()));
  QTRY_VERIFY(page.summary().startsWith(QStringLiteral("Nothing waits")));
  queue.add(queued_plan(plan_of("dfa"), 2));
  QTRY_COMPARE(page.model()->rowCount(), 2);
  QCOMPARE(page.model()->index(0, QueueModel::Column::what).data().toString(),
           QStringLiteral("DFA · MLP on Shapes, seed 0"));
  queue.skip({1});
  QTRY_VERIFY(page.model()->entry(0).state == QueueState::skipped);
  queue.retry({1});
  queue.move_to_front({2});
  QTRY_COMPARE(page.model()->entry(0).id, std::int64_t{2});
  RunQueue(folder.database()).fail(2, "the loss is not a number");
  queue.refresh();
  QTRY_COMPARE(page.model()->index(0, QueueModel::Column::why).data().toString(),
               QStringLiteral("the loss is not a number"));
  QVERIFY(page.summary().contains(QStringLiteral("1 failed")));
  queue.remove({1, 2});
  QTRY_COMPARE(page.model()->rowCount(), 0);
  // Nobody is there to train it: said, not ignored.
  QSignalSpy trouble(&queue, &QueueStore::trouble);
  queue.start(1);
  QCOMPARE(trouble.size(), 1);
}

void TestQueue::no_more_are_trained_at_once_than_there_are_cores() {
  QueueStore queue{QString()};
  LibraryStore library;
  const QueuePage page(&queue, &library);
  auto* at_once = page.findChild<QSpinBox*>();
  at_once->setValue(usable_cores() + 7);
  QCOMPARE(at_once->value(), usable_cores());
  const QString kept = page.layout_text();
  QueuePage again(&queue, &library);
  auto* other = again.findChild<QSpinBox*>();
  QCOMPARE(other->value(), 0);  // as many as there are GPUs, or as the cores allow
  again.set_layout_text(kept);
  QCOMPARE(other->value(), usable_cores());
  QVERIFY(at_once->toolTip().contains(QString::number(usable_cores())));
}

void TestQueue::progress_and_time_left() {
  const std::string plan = queued_plan(plan_of("dfa")).plans.front();  // 10 epochs
  QueueEntry done, going, waiting;
  int id = 0;
  for (const auto& [entry, state] :
       {std::pair{&done, QueueState::done}, {&going, QueueState::running}, {&waiting, QueueState::waiting}}) {
    entry->id = ++id;
    entry->plan = plan;
    entry->state = state;
  }
  done.run = 1;
  done.run_seconds = 100;
  going.run = 2;
  going.run_epochs = 4;
  going.run_seconds = 20;
  QueueModel model;
  model.set_entries({done, going, waiting});
  QCOMPARE(model.index(1, QueueModel::Column::progress).data().toString().simplified(),
           QStringLiteral("40.0 %"));
  QCOMPARE(model.index(1, QueueModel::Column::left).data().toString(), QStringLiteral("30\u00a0s"));
  // 30 s of the one in progress, 100 s of the one that waits; two at once take half.
  QCOMPARE(model.seconds_left(1), 130.0);
  QCOMPARE(model.seconds_left(2), 65.0);
  // Before one is done: 20 s for 40 % make 50 s for each that waits.
  model.set_entries({going, waiting});
  QCOMPARE(model.seconds_left(1), 80.0);
  QCOMPARE(duration_text(3725), QStringLiteral("1\u00a0h\u00a02\u00a0min"));
  model.set_entries({waiting});
  QVERIFY(std::isnan(model.seconds_left(1)));
}

void TestQueue::a_program_trains_what_waits_and_is_stopped() {
  const Folder folder;
  const QString told = QString::fromStdString(folder.path("told"));
  QFile script(QString::fromStdString(folder.path("cli")));
  QVERIFY(script.open(QIODevice::WriteOnly));
  script.write("#!/bin/sh\necho \"$@\" > '" + told.toUtf8() + "'\ntrap 'echo stopped >> \"" + told.toUtf8() +
               "\"; exit 130' TERM\nwhile :; do sleep 0.05; done\n");
  script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
  script.close();
  QueueStore queue(script.fileName());
  queue.set_database(QString::fromStdString(folder.database()));
  queue.start(2);
  const auto words = [&] {
    QFile file(told);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
  };
  QTRY_VERIFY(words().contains(QStringLiteral("queue run --quiet --jobs 2 --db ")));
  QVERIFY(queue.at_work());
  queue.stop();
  QTRY_VERIFY(!queue.at_work());
  QVERIFY(words().contains(QStringLiteral("stopped")));
}

void TestQueue::the_papers_cells_are_queued() {
  LibraryStore library;
  PaperPage page(&library);
  page.show();
  page.set_table(QStringLiteral("1"), true);
  page.refresh();
  QVERIFY(page.model()->rowCount() > 3);
  const PaperCell first = page.model()->cell(0);
  QVERIFY(first.preset->lesson);
  const auto labels = page.findChildren<QLabel*>();
  QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
    return label->text().contains(QStringLiteral("grey: made small"));
  }));
  page.table()->selectRow(0);
  const Queued queued = page.missing();
  QCOMPARE(queued.plans.size(), std::size_t{3});  // three seeds that nobody trained
  QCOMPARE(make_plan(queued.plans[1], "test", {}).racers.front().rule(), first.experiment.rule());
  // What waits already is marked, and not asked for again.
  std::vector<QueueEntry> waiting(1);
  waiting.front().plan = queued.plans.front();
  waiting.front().state = QueueState::waiting;
  page.take_queue(waiting);
  QCOMPARE(page.missing().plans.size(), std::size_t{2});
  QCOMPARE(page.model()->index(0, PaperModel::Column::seeds).data().toString(), QStringLiteral("1 queued"));
  page.take_queue({});
  QCOMPARE(page.missing().plans.size(), std::size_t{3});
  QVERIFY(page.model()->index(0, PaperModel::Column::seeds).data().toString().isEmpty());
  // By hand: published 98.73 ± 0.04, ours 98.70 ± 0.02: within 2·√(0.04² + 0.02²) = 0.089; 98.5 is not.
  PaperCell cell = first;
  cell.published = {{"p", "1", "accuracy_percent", 98.73, 0.04}};
  cell.ours = {0.9870, 0.0002, 3};
  QVERIFY(std::abs(PaperModel::difference_of(cell) + 0.03) < 1e-9);
  QVERIFY(PaperModel::agrees(cell));
  cell.ours.mean = 0.985;
  QVERIFY(!PaperModel::agrees(cell));
  cell.ours.count = 0;
  QVERIFY(std::isnan(PaperModel::difference_of(cell)) && !PaperModel::agrees(cell));
}

void TestQueue::days_of_work_are_asked_about() {
  LibraryStore library;
  PaperPage page(&library);
  page.show();
  page.set_table({}, false);
  page.refresh();
  std::size_t queued = 0;
  connect(&page, &PaperPage::queue_asked, this, [&](const Queued& all) { queued = all.plans.size(); });
  const std::size_t missing = page.missing().plans.size();
  QVERIFY(missing > 20);
  QPushButton* button = nullptr;
  for (QPushButton* each : page.findChildren<QPushButton*>())
    if (each->text() == QStringLiteral("Queue %1 runs").arg(missing)) button = each;
  QVERIFY(button);
  const auto question = [&] { return page.findChild<QMessageBox*>(QStringLiteral("queue_question")); };
  button->click();
  QVERIFY(question());
  QVERIFY(question()->text().contains(QString::number(missing)));
  QCOMPARE(question()->defaultButton(), question()->button(QMessageBox::Cancel));
  question()->defaultButton()->click();
  QTRY_VERIFY(!question());
  QCOMPARE(queued, std::size_t{0});
  button->click();
  const QMessageBox* box = question();
  QAbstractButton* accept = nullptr;
  for (QAbstractButton* each : box->buttons())
    if (box->buttonRole(each) == QMessageBox::AcceptRole) accept = each;
  QVERIFY(accept);
  accept->click();
  QCOMPARE(queued, missing);
}

// A row of Figure 2, chosen and queued by mouse, waits in the database with exactly its preset's settings.
void TestQueue::a_click_queues_a_papers_row_with_its_settings() {
  QTemporaryDir folder;
  const std::string database = folder.filePath("g.db").toStdString();
  LibraryStore library;
  PaperPage page(&library);
  page.resize(1200, 800);
  page.show();
  connect(&page, &PaperPage::queue_asked, this, [&](const Queued& queued) {
    RunQueue queue(database);
    add_to_queue(queue, queued);
  });
  page.set_table(QStringLiteral("figure2"), false);
  page.refresh();
  int row = 0;
  while (page.model()->cell(row).preset->name != "figure2-cifar100-alexnet-t5" ||
         page.model()->cell(row).racer != "grape")
    ++row;
  // An experiment's name stands at its first row alone, and the row says how large it is.
  QVERIFY(page.model()->index(row, PaperModel::Column::preset).data().toString().isEmpty());
  QVERIFY(
      page.model()->index(row - 1, PaperModel::Column::preset).data().toString().contains("every 5 epochs"));
  QCOMPARE(page.model()->index(row, PaperModel::Column::kind).data().toString(), QString("full"));
  QTableView* table = page.table();
  table->scrollTo(page.model()->index(row, PaperModel::Column::racer));
  QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                    table->visualRect(page.model()->index(row, PaperModel::Column::racer)).center());
  QPushButton* button = nullptr;
  for (QPushButton* each : page.findChildren<QPushButton*>())
    if (each->text() == "Queue 3 runs") button = each;
  QVERIFY(button);
  QTest::mouseClick(button, Qt::LeftButton);
  RunQueue queue(database);
  const std::vector<QueueEntry> waiting = queue.list();
  QCOMPARE(waiting.size(), std::size_t{3});
  const ExperimentPlan preset =
      make_plan(preset_document("figure2-cifar100-alexnet-t5:grape"), "", {{"seed=2"}, {}});
  const ExperimentPlan queued = make_plan(waiting[2].plan, "the queue", {});
  QCOMPARE(queued.racers.size(), std::size_t{1});
  QVERIFY(queued.racers.front() == preset.racers.front());
}

QTEST_MAIN(TestQueue)
#include "test_queue.moc"
