// Groups in the window: a leader board of what is shown, and means with bands in the figures.
#include <QComboBox>
#include <QCompleter>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QTableView>
#include <QToolButton>
#include <QtTest>
#include <memory>

#include "tests/runs/support.h"
#include "ui/panels/filter_field.h"
#include "ui/panels/groups_model.h"
#include "ui/panels/groups_panel.h"
#include "ui/panels/library_store.h"
#include "ui/panels/page_export_dialog.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/run_library_filter.h"
#include "ui/panels/run_library_model.h"
#include "ui/panels/shown_runs.h"

using namespace grapevine;

class TestGroups : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void seeds_are_averaged_and_the_best_leads();
  void a_share_without_an_interval_says_why();
  void other_settings_group_too();
  void numbers_have_digits_that_say_something();
  void a_wrong_key_is_told();
  void the_filter_decides_what_is_grouped();
  void ticked_groups_are_drawn_as_one_run();
  void how_groups_are_made_is_remembered();
  void a_page_offers_means_where_there_are_seeds();
  void a_heading_sorts();
  void measures_and_ranking_are_chosen();
  void headings_stand_over_their_numbers();
  void many_runs_are_grouped_too();
  void a_question_that_failed_is_asked_again();
  void an_older_question_is_not_answered();

 private:
  /// Three seeds each of DFA (0.3, 0.4, 0.5) and GrAPE (0.6, 0.7, 0.8), one BP run that failed.
  void fill(const std::string& database) {
    int number = 0;
    for (const auto& [rule, base] : {std::pair{"dfa", 0.3}, {"grape", 0.6}})
      for (int seed = 0; seed < 3; ++seed)
        add(database, ++number, rule, seed, base + 0.1 * seed, RunStatus::finished);
    add(database, ++number, "bp", 0, 0.99, RunStatus::failed);
  }
  void add(const std::string& database, int number, const char* rule, int seed, double accuracy,
           RunStatus status) {
    const std::string uuid =
        QStringLiteral("22222222-0000-4000-8000-%1").arg(number, 12, 10, QLatin1Char('0')).toStdString();
    StoredRace race = single(uuid.c_str(), rule);
    race.racers.front().set("seed", std::int64_t{seed});
    RunWriter writer(database, race);
    Observations news;
    news.samples.push_back(sample(0, "test_accuracy", 0, 100, accuracy / 2));
    news.samples.push_back(sample(0, "test_accuracy", 0, 200, accuracy));
    news.step = 200;
    post(writer, news);
    writer.finish(status, "");
  }
  QString cell(const GroupsModel& model, int row, const QString& title) const {
    for (int column = 0; column < model.columnCount(); ++column)
      if (model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString().startsWith(title))
        return model.index(row, column).data().toString().simplified();
    return QStringLiteral("no such column");
  }
  void show(RunLibraryDock& dock, LibraryStore& store, const std::string& database, int runs, int groups) {
    dock.resize(900, 300);
    dock.show();
    store.set_database(QString::fromStdString(database));
    QTRY_COMPARE(dock.model()->rowCount(), runs);
    dock.show_groups(true);
    QTRY_COMPARE(dock.groups()->model()->rowCount(), groups);
  }
};

void TestGroups::seeds_are_averaged_and_the_best_leads() {
  const Folder folder;
  fill(folder.database());
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, folder.database(), 7, 2);  // the failed run makes no group
  const GroupsModel& board = *dock.groups()->model();
  QCOMPARE(board.ranked_by(), QStringLiteral("test accuracy, best"));
  QCOMPARE(board.name_of(0), QStringLiteral("GrAPE"));
  QCOMPARE(board.name_of(1), QStringLiteral("DFA"));
  QCOMPARE(cell(board, 0, QStringLiteral("N")), QStringLiteral("3"));
  // By hand: mean 70 and 40, deviation 10 both; the same 30 behind at every seed, so that nothing is
  // uncertain.
  QCOMPARE(cell(board, 0, QStringLiteral("test accuracy, best")), QStringLiteral("70.00 ± 10.00 %"));
  QCOMPARE(cell(board, 1, QStringLiteral("test accuracy, best")), QStringLiteral("40.00 ± 10.00 %"));
  QCOMPARE(cell(board, 0, QStringLiteral("Behind")), QString());
  QCOMPARE(cell(board, 1, QStringLiteral("Behind")), QStringLiteral("30.00 pp [30.00, 30.00]"));
}

void TestGroups::a_share_without_an_interval_says_why() {
  const Folder folder;
  int number = 0;
  for (const auto& [rule, accuracy] : {std::pair{"bp", 0.9}, {"grape", 0.7}, {"dfa", 0.5}})
    for (const int seed : {0, 1}) add(folder.database(), ++number, rule, seed, accuracy, RunStatus::finished);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, folder.database(), 6, 3);
  const QString share = cell(*dock.groups()->model(), 1, QStringLiteral("Gap closed"));
  QVERIFY2(share.endsWith("(no interval: two seeds)"), qPrintable(share));
}

void TestGroups::other_settings_group_too() {
  const Folder folder;
  fill(folder.database());
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, folder.database(), 7, 2);
  dock.groups()->keys()->setText(QStringLiteral("seed"));
  dock.groups()->refresh();
  QTRY_COMPARE(dock.groups()->model()->rowCount(), 3);
  // What a board is read for stands before the settings, however many there are.
  const auto place = [&](const char* title) {
    const GroupsModel& board = *dock.groups()->model();
    for (int column = 0; column < board.columnCount(); ++column)
      if (board.headerData(column, Qt::Horizontal, Qt::DisplayRole)
              .toString()
              .startsWith(QLatin1String(title)))
        return column;
    return -1;
  };
  QVERIFY(place("test accuracy, best") > 0 && place("test accuracy, best") < place("Seed"));
  // By rule and seed there are six; two ticked of one seed are told apart by their rules alone.
  dock.groups()->keys()->setText(QStringLiteral("rule.name,seed"));
  dock.groups()->refresh();
  QTRY_COMPARE(dock.groups()->model()->rowCount(), 6);
  GroupsModel& six = *dock.groups()->model();
  for (int row = 0; row < 6; ++row)
    if (six.name_of(row).endsWith("seed 1")) six.set_ticked(row, true);
  for (int row = 0; row < 6; ++row)
    if (six.ticked(row))
      QVERIFY2(!six.name_among_ticked(row).contains("seed"), qPrintable(six.name_among_ticked(row)));
  for (int row = 0; row < 6; ++row)
    six.set_ticked(row, six.name_of(row) == "GrAPE · seed 1" || six.name_of(row) == "GrAPE · seed 2");
  for (int row = 0; row < 6; ++row)
    if (six.ticked(row)) QCOMPARE(six.name_among_ticked(row), six.name_of(row));
  dock.groups()->keys()->setText(QStringLiteral("seed"));
  dock.groups()->refresh();
  QTRY_COMPARE(dock.groups()->model()->rowCount(), 3);
  QCOMPARE(dock.groups()->model()->name_of(0), QStringLiteral("seed 2"));  // (0.5 + 0.8) / 2 is the most
}

void TestGroups::numbers_have_digits_that_say_something() {
  const auto shown = [this](std::vector<double> values) {
    RunGroup group;
    group.settings = {RunCell(std::string("bp"))};
    group.rule = "bp";
    group.spreads = {spread_of(values)};
    group.seeds = values.size();
    Comparison all;
    all.keys = {parse_run_key("rule.name")};
    all.measures = {parse_run_key("test_loss:last")};
    all.groups = {group};
    GroupsModel board;
    board.set_comparison(all);
    return cell(board, 0, QStringLiteral("test loss")).remove(QLatin1Char(','));
  };
  QCOMPARE(shown({24000000, 24000002}), QStringLiteral("24000001 ± 1"));
  QCOMPARE(shown({2.25, 2.25}), QStringLiteral("2.2500 ± 0.0000"));
  QCOMPARE(shown({0.00002, 0.00002}), QStringLiteral("2e-05 ± 0"));
}

void TestGroups::a_wrong_key_is_told() {
  const Folder folder;
  fill(folder.database());
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, folder.database(), 7, 2);
  dock.groups()->keys()->setText(QStringLiteral("optimizer.lrr"));
  dock.groups()->refresh();
  bool told = false;
  for (const QLabel* label : dock.groups()->findChildren<QLabel*>())
    told = told || label->text().contains(QStringLiteral("did you mean optimizer.lr?"));
  QVERIFY(told);
}

void TestGroups::the_filter_decides_what_is_grouped() {
  const Folder folder;
  fill(folder.database());
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, folder.database(), 7, 2);
  dock.field()->edit()->setText(QStringLiteral("rule=dfa and seed<2"));
  QTRY_COMPARE(dock.groups()->model()->rowCount(), 1);
  QCOMPARE(dock.groups()->model()->ids(0).size(), std::size_t{2});
  // Nothing but the seed differs: it is called by what it is.
  QCOMPARE(dock.groups()->model()->name_of(0), QStringLiteral("DFA, MLP, Fashion-MNIST"));
}

void TestGroups::ticked_groups_are_drawn_as_one_run() {
  const Folder folder;
  fill(folder.database());
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, folder.database(), 7, 2);
  std::vector<WantedGroup> wanted;
  connect(dock.groups(), &GroupsPanel::wanted_changed, this,
          [&](const std::vector<WantedGroup>& groups, Band) { wanted = groups; });
  dock.groups()->model()->set_ticked(1, true);
  QCOMPARE(wanted.size(), std::size_t{1});
  QCOMPARE(wanted.front().name, QStringLiteral("DFA"));
  ShownRuns shown;
  bool there = false;
  store.load_means({wanted.front().ids}, Band::range, [&](const std::vector<MeanView>& means) {
    shown.set_groups({{wanted.front().name, means.front()}});
    there = true;
  });
  QTRY_VERIFY(there);
  QCOMPARE(shown.labels(), std::vector<QString>{QStringLiteral("DFA (N 3)")});
  QCOMPARE(shown.means().front()->members.size(), std::size_t{3});
  // N are seeds, as in the table: a fourth run here is of a seed that another has too.
  auto twice = std::make_shared<MeanRun>(*shown.means().front());
  twice->members.push_back(twice->members.front());
  ShownRuns with_twin;
  with_twin.set_groups({{QStringLiteral("DFA"), twice}});
  QCOMPARE(with_twin.labels(), std::vector<QString>{QStringLiteral("DFA (N 3, 4 runs)")});
  const RunView mean = shown.runs().front();
  QVERIFY(std::abs(mean->last("test_accuracy") - 0.4) < 1e-12);
  const MeanCurve& curve = shown.means().front()->curves.at({measure_index("test_accuracy"), 0});
  QVERIFY(std::abs(curve.low.value.back() - 0.3) < 1e-12 && std::abs(curve.high.value.back() - 0.5) < 1e-12);
  QVERIFY(shown.kept().empty());  // a view: nothing to be remembered by number
  shown.set_groups({});
  QVERIFY(shown.runs().empty());
}

void TestGroups::how_groups_are_made_is_remembered() {
  LibraryStore store;
  GroupsPanel one(&store, [] { return std::vector<std::int64_t>(); });
  one.set_layout_text(QStringLiteral("rule.name,optimizer.lr;range"));
  QCOMPARE(one.band(), Band::range);
  QCOMPARE(one.keys()->text(), QStringLiteral("rule.name,optimizer.lr"));
  QCOMPARE(one.layout_text(), QStringLiteral("rule.name,optimizer.lr;range"));
  const QString all = QStringLiteral("rule.name;error;cos_b_j:mean;cos_b_j:mean;-N");
  one.set_layout_text(all);
  QCOMPARE(one.layout_text(), all);
  one.set_layout_text(QStringLiteral("rule.name;range"));
  one.set_layout_text(QStringLiteral(";nonsense"));
  QCOMPARE(one.band(), Band::range);
}

void TestGroups::a_page_offers_means_where_there_are_seeds() {
  std::vector<RunView> runs;
  for (const int seed : {0, 1}) {
    Experiment experiment("dfa");
    experiment.set("seed", std::int64_t{seed});
    RunData run;
    run.rule = "dfa";
    run.experiment = experiment.to_json().dump();
    runs.push_back(std::make_shared<const RunData>(run));
  }
  ScopeModel model;
  model.set_runs(runs, {"one", "two"});
  const PageExportDialog several(model, nullptr);
  QCOMPARE(several.over_seeds(), std::optional(Band::deviation));
  model.set_runs({runs.front()}, {"one"});
  const PageExportDialog one(model, nullptr);
  QVERIFY(!one.over_seeds());
}

void TestGroups::a_heading_sorts() {
  const Folder folder;
  fill(folder.database());
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, folder.database(), 7, 2);
  const GroupsModel& board = *dock.groups()->model();
  QTableView& table = *dock.groups()->table();
  QVERIFY(table.isSortingEnabled());
  int accuracy = -1;
  for (int column = 0; column < board.columnCount(); ++column)
    if (board.measure_in(column)) accuracy = accuracy < 0 ? column : accuracy;
  table.sortByColumn(accuracy, Qt::AscendingOrder);
  QCOMPARE(board.name_of(0), QStringLiteral("DFA"));  // the least first; the places stay
  QCOMPARE(cell(board, 0, QStringLiteral("Place")), QStringLiteral("2"));
  QCOMPARE(cell(board, 0, QStringLiteral("Behind")), QStringLiteral("30.00 pp [30.00, 30.00]"));
  QCOMPARE(cell(board, 1, QStringLiteral("Behind")), QString());
  QVERIFY(dock.groups()->layout_text().endsWith(QStringLiteral(";test_accuracy:best")));
  table.sortByColumn(accuracy, Qt::DescendingOrder);
  QCOMPARE(board.name_of(0), QStringLiteral("GrAPE"));
  QVERIFY(dock.groups()->layout_text().endsWith(QStringLiteral(";-test_accuracy:best")));
}

void TestGroups::measures_and_ranking_are_chosen() {
  const Folder folder;
  fill(folder.database());
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, folder.database(), 7, 2);
  GroupsPanel& panel = *dock.groups();
  const GroupsModel& board = *panel.model();
  panel.measures()->setText(QStringLiteral("test_accuracy:last, test_accuracy:mean"));
  panel.refresh();
  QTRY_COMPARE(board.ranked_by(), QStringLiteral("test accuracy, last"));
  // A run's mean is three quarters of its last number: half of it, then the whole.
  QCOMPARE(cell(board, 1, QStringLiteral("test accuracy, mean")), QStringLiteral("30.00 ± 7.50 %"));
  QCOMPARE(panel.ranking()->count(), 3);  // automatic, and both
  for (int column = 0; column < board.columnCount(); ++column) {
    if (board.measure_in(column) != parse_run_key("test_accuracy:mean")) continue;
    const std::unique_ptr<QMenu> menu(panel.heading_menu(column));
    menu->actions().constFirst()->trigger();
    break;
  }
  QCOMPARE(board.ranked_by(), QStringLiteral("test accuracy, mean"));
  QCOMPARE(panel.ranking()->currentText(), QStringLiteral("test accuracy, mean"));
  QVERIFY(panel.layout_text().contains(QStringLiteral(";test_accuracy:mean")));
  // The last of several is completed.
  const QCompleter& completer = *panel.measures()->completer();
  panel.measures()->setText(QStringLiteral("test_loss:last, cos_b"));
  QCOMPARE(completer.splitPath(panel.measures()->text()), QStringList{QStringLiteral("cos_b")});
  QVERIFY(
      completer.pathFromIndex(completer.model()->index(0, 0)).startsWith(QStringLiteral("test_loss:last,")));
  // A setting is not a measure.
  panel.measures()->setText(QStringLiteral("seed"));
  panel.refresh();
  bool told = false;
  for (const QLabel* label : panel.findChildren<QLabel*>())
    told = told || label->text().contains(QStringLiteral("seed is a setting"));
  QVERIFY(told);
}

void TestGroups::headings_stand_over_their_numbers() {
  const Folder folder;
  fill(folder.database());
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, folder.database(), 7, 2);
  const GroupsModel& board = *dock.groups()->model();
  for (int column = 0; column < board.columnCount(); ++column)
    QCOMPARE(board.headerData(column, Qt::Horizontal, Qt::TextAlignmentRole),
             board.index(0, column).data(Qt::TextAlignmentRole));
  QVERIFY(!dock.groups()->table()->horizontalHeader()->stretchLastSection());
}

void TestGroups::many_runs_are_grouped_too() {
  const Folder folder;
  fill(folder.database());
  LibraryStore store;
  store.set_database(QString::fromStdString(folder.database()));
  // 10,000 runs are promised; here the six that are finished, again and again.
  GroupsPanel panel(&store, [] {
    std::vector<std::int64_t> ids(6000);
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = 1 + static_cast<std::int64_t>(i % 6);
    return ids;
  });
  panel.show();
  panel.refresh();
  const auto* stop = panel.findChild<QToolButton*>({}, Qt::FindDirectChildrenOnly);
  QVERIFY(stop->isVisibleTo(&panel));  // while it is under way
  QTRY_COMPARE_WITH_TIMEOUT(panel.model()->rowCount(), 2, 60000);
  QVERIFY(!stop->isVisibleTo(&panel));
  QCOMPARE(cell(*panel.model(), 0, QStringLiteral("N")), QStringLiteral("3 (3000 runs)"));
}

void TestGroups::a_question_that_failed_is_asked_again() {
  const Folder folder;
  fill(folder.database());
  QFile other(QString::fromStdString(folder.path("other.db")));
  QVERIFY(other.open(QIODevice::WriteOnly));
  other.write(QByteArray(8192, 'x'));  // no database
  other.close();
  LibraryStore store;
  GroupsPanel panel(&store, [] {
    std::vector<std::int64_t> ids(1200);
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = 1 + static_cast<std::int64_t>(i % 6);
    return ids;
  });
  panel.show();
  const auto says = [&](const char* words) {
    for (const QLabel* label : panel.findChildren<QLabel*>())
      if (label->text().contains(QLatin1String(words))) return true;
    return false;
  };
  store.set_database(other.fileName());
  panel.refresh();
  const auto* stop = panel.findChild<QToolButton*>({}, Qt::FindDirectChildrenOnly);
  QVERIFY(stop->isVisibleTo(&panel));
  QTRY_VERIFY(says("could not be grouped"));
  QVERIFY(!stop->isVisibleTo(&panel));
  store.set_database(QString::fromStdString(folder.database()));
  panel.refresh();
  QTRY_COMPARE_WITH_TIMEOUT(panel.model()->rowCount(), 2, 60000);
  QVERIFY(!says("could not be grouped"));
}

void TestGroups::an_older_question_is_not_answered() {
  const Folder folder;
  fill(folder.database());
  LibraryStore store;
  store.set_database(QString::fromStdString(folder.database()));
  ComparisonRequest request;
  request.keys = {parse_run_key("rule.name")};
  QStringList answers;
  store.compare(this, request, [&](const Comparison&) { answers << QStringLiteral("first"); });
  store.compare(this, request, [&](const Comparison&) { answers << QStringLiteral("second"); });
  QTRY_COMPARE(answers, QStringList{QStringLiteral("second")});
  store.compare(this, request, [&](const Comparison&) { answers << QStringLiteral("third"); });
  store.stop_comparing(this);
  // What is asked after it is answered after it.
  store.find_differences({1}, [&](const std::vector<RunKey>&) { answers << QStringLiteral("last"); });
  QTRY_COMPARE(answers, (QStringList{QStringLiteral("second"), QStringLiteral("last")}));
  // Another asker's question is another one.
  store.compare(this, request, [&](const Comparison&) { answers << QStringLiteral("this"); });
  store.compare(&store, request, [&](const Comparison&) { answers << QStringLiteral("other"); });
  QTRY_COMPARE(answers.mid(2), (QStringList{QStringLiteral("this"), QStringLiteral("other")}));
}

QTEST_MAIN(TestGroups)
#include "test_groups.moc"
