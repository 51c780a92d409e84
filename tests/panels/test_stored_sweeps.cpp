// What the sweeps of the library came to, below the queue.
#include <QComboBox>
#include <QTableView>
#include <QtTest>
#include <cmath>
#include <tuple>

#include "engine/plans/plan.h"
#include "tests/runs/support.h"
#include "ui/panels/groups_model.h"
#include "ui/panels/library_store.h"
#include "ui/panels/queue_model.h"
#include "ui/panels/queue_page.h"
#include "ui/panels/queue_store.h"
#include "ui/panels/stored_sweeps.h"
#include "ui/panels/sweep_figure.h"

using namespace grapevine;

class TestStoredSweeps : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_stored_sweep_has_its_result_below();
  void the_list_says_what_a_sweep_without_a_name_varies();
  void what_was_trained_again_counts_once();
  void a_sweep_trained_elsewhere_appears();
  void another_database_has_its_own_result();
  void measure_axis_and_form_are_chosen_and_remembered();
  void a_cell_that_failed_has_its_row_and_its_place();
};

namespace {

/// As grapevine-cli sweep leaves it: nothing of it is in the queue.
void store_sweep(const Folder& folder, double first) {
  int count = 0;
  // The last cell failed, and failed again.
  for (const auto& [rule, seed, status] : {std::tuple{"bp", 0, RunStatus::finished},
                                           {"bp", 1, RunStatus::finished},
                                           {"dfa", 0, RunStatus::finished},
                                           {"dfa", 1, RunStatus::failed},
                                           {"dfa", 1, RunStatus::failed}}) {
    const std::string uuid = "0000000" + std::to_string(++count) + "-0000-4000-8000-000000000001";
    StoredRace race = single(uuid.c_str(), rule);
    race.group_uuid = "99999999-0000-4000-8000-000000000001";
    race.group_kind = "sweep";
    race.racers.front().set_text("name", "rules");
    race.racers.front().set("seed", std::int64_t{seed});
    RunWriter writer(folder.database(), race);
    Observations news;
    news.samples = {sample(0, "test_accuracy", 0, 10, first * count)};
    news.step = 10;
    post(writer, news);
    writer.finish(status, status == RunStatus::failed ? "the loss is not a number" : "");
  }
}

}  // namespace

void TestStoredSweeps::a_stored_sweep_has_its_result_below() {
  const Folder folder;
  store_sweep(folder, 0.1);
  QueueStore queue{QString()};
  LibraryStore library;
  QueuePage page(&queue, &library);
  page.show();
  library.set_database(QString::fromStdString(folder.database()));
  queue.set_database(library.database());
  QTRY_COMPARE(page.sweeps()->count(), 2);
  QVERIFY2(page.sweeps()->itemText(1).startsWith(QStringLiteral("rules \u00b7 5 runs")),
           qPrintable(page.sweeps()->itemText(1)));
  QTRY_COMPARE(page.results()->rowCount(), 2);  // one group per rule
  QVERIFY(page.sweeps()->isVisible());
  QTRY_COMPARE(page.left_out(), QStringLiteral("Left out: 1 failed. Run 5: the loss is not a number"));
  const auto column_of = [&](const char* title) {
    for (int i = 0; i < page.results()->columnCount(); ++i)
      if (page.results()->headerData(i, Qt::Horizontal, Qt::DisplayRole) == QLatin1String(title)) return i;
    return -1;
  };
  QTRY_COMPARE(page.results()->index(0, column_of("N")).data().toString(), QStringLiteral("1 (1 failed)"));
  QVERIFY(page.results()
              ->index(0, column_of("N"))
              .data(Qt::ToolTipRole)
              .toString()
              .contains(QStringLiteral("Run 5 (seed 1) failed: the loss is not a number")));
  // An entry of the queue that belongs to no sweep changes nothing of it.
  ExperimentPlan plan;
  plan.racers = {Experiment("dfa")};
  queue.add(queued_plan(plan));
  QTRY_COMPARE(page.model()->rowCount(), 1);
  page.table()->selectRow(0);
  QCOMPARE(page.results()->rowCount(), 2);
}

void TestStoredSweeps::the_list_says_what_a_sweep_without_a_name_varies() {
  const Folder folder;
  int count = 0;
  for (const double rate : {0.5, 0.25}) {
    const std::string uuid = "0000000" + std::to_string(++count) + "-0000-4000-8000-000000000001";
    StoredRace race = single(uuid.c_str(), "bp");
    race.group_uuid = "99999999-0000-4000-8000-000000000001";
    race.group_kind = "sweep";
    race.racers.front().set("optimizer.lr", rate);
    RunWriter(folder.database(), race).finish(RunStatus::finished, "");
  }
  QueueStore queue{QString()};
  LibraryStore library;
  QueuePage page(&queue, &library);
  library.set_database(QString::fromStdString(folder.database()));
  queue.set_database(library.database());
  QTRY_COMPARE(page.sweeps()->count(), 2);
  // Experiments are read for it where somebody looks.
  QTRY_VERIFY(library.idle());
  QVERIFY2(!page.sweeps()->itemText(1).contains(QStringLiteral("Learning rate")),
           qPrintable(page.sweeps()->itemText(1)));
  page.show();
  QTRY_VERIFY2(page.sweeps()->itemText(1).startsWith(QStringLiteral("BP × Learning rate: 0.5, 0.25, ")),
               qPrintable(page.sweeps()->itemText(1)));
}

void TestStoredSweeps::what_was_trained_again_counts_once() {
  StoredSweep sweep;
  sweep.finished = {1, 4};
  sweep.failed = {{2, "loss nan at step 5"}, {3, "loss nan at step 7"}, {5, "no memory"}};
  sweep.others = {6, 7};
  const StoredSweep once =
      sweep.cell_by_cell({{1, "a"}, {2, "b"}, {3, "c"}, {4, "b"}, {5, "d"}, {6, "c"}, {7, "e"}});
  QCOMPARE(once.failed.size(), std::size_t{1});  // of cell d; b is finished, c was stopped later
  QCOMPARE(once.others, (std::vector<std::int64_t>{6, 7}));
  QCOMPARE(once.left_out(), QStringLiteral("Left out: 1 failed, 2 not finished. Run 5: no memory"));
  QVERIFY2(sweep.left_out().endsWith(QStringLiteral("Run 2: loss nan at step 5 (and another reason)")),
           qPrintable(sweep.left_out()));
  QCOMPARE(sweep.reasons().count(QLatin1Char('\n')), 2);
  QCOMPARE(cell_of(R"({"seed": 1, "threads": 2})"), cell_of(R"({"threads": 1, "seed": 1})"));
  QVERIFY(cell_of(R"({"seed": 1})") != cell_of(R"({"seed": 2})"));
}

void TestStoredSweeps::a_sweep_trained_elsewhere_appears() {
  const Folder folder;
  QueueStore queue{QString()};
  LibraryStore library;
  QueuePage page(&queue, &library);
  const auto* figure = page.findChild<SweepFigure*>();
  QVERIFY(figure->empty_text().startsWith(QStringLiteral("Choose a sweep")));
  page.show();
  library.set_database(QString::fromStdString(folder.database()));
  queue.set_database(library.database());
  store_sweep(folder, 0.1);
  QTRY_COMPARE(page.sweeps()->count(), 2);
  // It was one over rules: the table has the result.
  QTRY_COMPARE(page.results()->rowCount(), 2);
  QVERIFY(figure->empty_text().contains(QStringLiteral("the table has")));
}

// The same experiment, trained there too: groups and numbers are the same.
void TestStoredSweeps::another_database_has_its_own_result() {
  const Folder one, other;
  store_sweep(one, 0.1);
  store_sweep(other, 0.2);
  QueueStore queue{QString()};
  LibraryStore library;
  QueuePage page(&queue, &library);
  page.show();
  const auto bp_has = [&](double mean) {
    const Comparison& shown = page.results()->comparison();
    return !shown.groups.empty() && std::abs(shown.groups.front().spreads.front().mean - mean) < 1e-9;
  };
  library.set_database(QString::fromStdString(one.database()));
  QTRY_VERIFY(bp_has(0.15));
  library.set_database(QString::fromStdString(other.database()));
  QTRY_VERIFY(bp_has(0.3));
}

void TestStoredSweeps::measure_axis_and_form_are_chosen_and_remembered() {
  const Folder folder;
  store_sweep(folder, 0.1);
  QueueStore queue{QString()};
  LibraryStore library;
  QString kept;
  const auto choose = [](QComboBox* box, const QVariant& data) {
    QVERIFY2(box->findData(data) >= 0, qPrintable(data.toString()));
    box->setCurrentIndex(box->findData(data));
  };
  {
    QueuePage page(&queue, &library);
    page.resize(900, 700);
    page.show();
    library.set_database(QString::fromStdString(folder.database()));
    QTRY_COMPARE(page.results()->rowCount(), 2);
    // Rules have no order: they are drawn where somebody chooses them.
    QCOMPARE(page.figure()->plot().kind, SweepPlot::Kind::none);
    for (QComboBox* box : {page.choices()->measure(), page.choices()->axis(), page.choices()->form()})
      QVERIFY((box->focusPolicy() & Qt::TabFocus) != 0 && !box->accessibleName().isEmpty());
    choose(page.choices()->axis(), QStringLiteral("rule.name"));
    QTRY_COMPARE(page.figure()->plot().kind, SweepPlot::Kind::curve);
    QCOMPARE(page.figure()->plot().x_names, (QStringList{"BP", "DFA"}));
    choose(page.choices()->measure(), QStringLiteral("test_accuracy:last"));
    QTRY_VERIFY(page.figure()->plot().y_title.contains(QStringLiteral("last")));
    // One that the table does not have, and no run either.
    choose(page.choices()->measure(), QStringLiteral("cos_b_j:last"));
    QTRY_VERIFY(page.figure()->empty_text().contains(QStringLiteral("None of these runs")));
    choose(page.choices()->measure(), QStringLiteral("test_accuracy:last"));
    choose(page.choices()->form(), static_cast<int>(SweepView::Form::table));
    QVERIFY(!page.figure()->isVisible());
    kept = page.layout_text();
  }
  QueuePage again(&queue, &library);
  again.set_layout_text(kept);
  again.show();
  library.set_database(QString::fromStdString(folder.database()));
  QTRY_COMPARE(again.results()->rowCount(), 2);
  const SweepChoice choice = again.choices()->chosen();
  QCOMPARE(choice.measure, std::string("test_accuracy:last"));
  QCOMPARE(choice.view.x, std::string("rule.name"));
  QVERIFY(choice.view.form == SweepView::Form::table);
  again.set_layout_text(QStringLiteral("[1"));  // what can't be read changes nothing
  QVERIFY(read_choices("{\"a\": 1}").at("a") == SweepChoice());
}

void TestStoredSweeps::a_cell_that_failed_has_its_row_and_its_place() {
  const Folder folder;
  const std::string reason =
      "the loss is not a number or infinite (NaN/Inf) at step 3, first in layer 2; a "
      "smaller learning rate (optimizer.lr) often helps";
  int count = 0;
  for (const double rate : {0.1, 0.2, 1e9}) {
    const std::string uuid = "0000000" + std::to_string(++count) + "-0000-4000-8000-000000000001";
    StoredRace race = single(uuid.c_str(), "bp");
    race.group_uuid = "99999999-0000-4000-8000-000000000001";
    race.group_kind = "sweep";
    race.racers.front().set("optimizer.lr", rate);
    RunWriter writer(folder.database(), race);
    Observations news;
    news.samples = {sample(0, "test_accuracy", 0, 10, rate < 1 ? rate : 0)};
    news.step = 10;
    post(writer, news);
    writer.finish(rate < 1 ? RunStatus::finished : RunStatus::failed, rate < 1 ? "" : reason);
  }
  QueueStore queue{QString()};
  LibraryStore library;
  QueuePage page(&queue, &library);
  page.resize(900, 700);
  page.show();
  library.set_database(QString::fromStdString(folder.database()));
  QTRY_COMPARE(page.results()->rowCount(), 3);
  QStringList cells;
  for (int column = 0; column < page.results()->columnCount(); ++column)
    cells << page.results()->index(2, column).data().toString();
  QVERIFY2(cells.contains(QStringLiteral("failed: ") + QString::fromStdString(reason)),
           qPrintable(cells.join('|')));
  QVERIFY2(cells.contains(QStringLiteral("1e+09")), qPrintable(cells.join('|')));
  const SweepPlot& plot = page.figure()->plot();
  QCOMPARE(plot.x_ticks, (std::vector<double>{0.1, 0.2, 1e9}));
  QCOMPARE(plot.lines.size(), std::size_t{1});
  QVERIFY(plot.lines[0].name.endsWith(QStringLiteral("N 1")));  // what failed does not count
  QVERIFY(plot.lines[0].dots[2].failed.contains(QString::fromStdString(reason)));
  QVERIFY(sweep_json(plot).contains(QStringLiteral("\"failed\"")));
  // The line that says why uses what width there is, and says all of it.
  QVERIFY(page.left_out().endsWith(QString::fromStdString(reason)));
}

QTEST_MAIN(TestStoredSweeps)
#include "test_stored_sweeps.moc"
