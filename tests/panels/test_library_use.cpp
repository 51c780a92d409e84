// What a hand does in the run library: a filter half typed, a click on a name, a first click on a heading,
// the squares of selected rows, tags taken away, groups ticked by their key.
#include <QAction>
#include <QHeaderView>
#include <QInputDialog>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableView>
#include <QTimer>
#include <QtTest>

#include "tests/panels/stored_library.h"
#include "tests/runs/support.h"
#include "ui/panels/filter_field.h"
#include "ui/panels/groups_model.h"
#include "ui/panels/groups_panel.h"
#include "ui/panels/library_commands.h"
#include "ui/panels/library_store.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/run_library_filter.h"
#include "ui/panels/run_library_model.h"
#include "ui/panels/window_theme.h"

using namespace grapevine;

class TestLibraryUse : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<Folder>();
    database_ = folder_->database();
  }
  void a_half_typed_filter_keeps_the_list();
  void what_is_entered_is_meant();
  void a_click_on_a_selected_name_is_no_edit();
  void the_best_come_first_at_the_first_click();
  void a_square_keeps_its_colour_when_selected();
  void a_tag_is_taken_away();
  void an_answer_is_for_the_runs_that_were_asked_about();
  void groups_are_ticked_by_their_key();
  void it_is_known_when_all_is_read();

 private:
  void show(RunLibraryDock& dock, LibraryStore& store, int expected) {
    dock.resize(1200, 400);
    dock.show();
    store.set_database(QString::fromStdString(database_));
    QTRY_COMPARE(dock.model()->rowCount(), expected);
  }
  static int place_of(const RunLibraryDock& dock, const QString& text) {
    return static_cast<int>(texts_of(dock.model()->columns()).indexOf(text));
  }

  std::unique_ptr<Folder> folder_;
  std::string database_;
};

void TestLibraryUse::a_half_typed_filter_keeps_the_list() {
  store_run(database_, 1, "grape", 0.9);
  store_run(database_, 2, "dfa", 0.3);
  store_run(database_, 3, "bp", 0.9);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 3);
  const QString whole = QStringLiteral("rule=grape and best_test_accuracy>0.8");
  const auto grape = static_cast<int>(QStringLiteral("rule=grape").size());
  // Letter by letter: never empty, and grape's run alone once its name is there.
  for (int typed = 1; typed <= whole.size(); ++typed) {
    dock.field()->edit()->setText(whole.left(typed));
    QTest::qWait(20);
    QVERIFY2(dock.filter()->rowCount() > 0, qPrintable(whole.left(typed)));
    if (typed >= grape) QTRY_COMPARE(dock.filter()->rowCount(), 1);
  }
  // What is missing is said once nobody types any more.
  dock.field()->edit()->setText(QStringLiteral("rule=grape and best_test_accuracy"));
  QTRY_VERIFY(dock.field()->error().contains(QStringLiteral("comparison has to follow best_test_accuracy")));
  QCOMPARE(dock.filter()->rowCount(), 1);
  // A word that begins nothing is a word.
  dock.field()->edit()->setText(QStringLiteral("rule=grape and zebra"));
  QTRY_COMPARE(dock.filter()->rowCount(), 0);
  QCOMPARE(dock.field()->error(), QString());
}

void TestLibraryUse::what_is_entered_is_meant() {
  store_run(database_, 1, "grape", 0.9);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 1);
  dock.field()->edit()->setText(QStringLiteral("rule=gra"));
  QTRY_VERIFY(dock.field()->error().contains(QStringLiteral("complete the value")));
  QCOMPARE(dock.filter()->rowCount(), 1);
  QTest::keyClick(dock.field()->edit(), Qt::Key_Return);
  QTRY_COMPARE(dock.filter()->rowCount(), 0);
  QCOMPARE(dock.field()->error(), QString());
}

void TestLibraryUse::a_click_on_a_selected_name_is_no_edit() {
  store_run(database_, 1, "grape", 0.9);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 1);
  QTableView& table = *dock.table();
  table.selectRow(0);
  table.setCurrentIndex(dock.filter()->index(0, 0));
  const QRect cell = table.visualRect(dock.filter()->index(0, 0));
  QTest::mouseClick(table.viewport(), Qt::LeftButton, {}, QPoint(cell.right() - 5, cell.center().y()));
  QTest::qWait(QApplication::doubleClickInterval() + 100);  // until then a click might become two
  QVERIFY(!table.viewport()->findChild<QLineEdit*>());
  table.edit(dock.filter()->index(0, 0));  // as F2 does
  QVERIFY(table.viewport()->findChild<QLineEdit*>());
}

void TestLibraryUse::the_best_come_first_at_the_first_click() {
  const auto low = store_run(database_, 1, "grape", 0.3), high = store_run(database_, 2, "dfa", 0.9);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 2);
  const QString accuracy = QStringLiteral("test_accuracy:best"), loss = QStringLiteral("test_loss:best");
  dock.set_columns(library_columns({QStringLiteral("score:best"), accuracy, loss}));
  const auto order = [&](const QString& column) {
    return dock.model()->headerData(place_of(dock, column), Qt::Horizontal, Qt::InitialSortOrderRole).toInt();
  };
  QCOMPARE(order(accuracy), static_cast<int>(Qt::DescendingOrder));
  QCOMPARE(order(loss), static_cast<int>(Qt::AscendingOrder));  // less is better
  QCOMPARE(order(QStringLiteral("name")), static_cast<int>(Qt::AscendingOrder));
  QHeaderView& header = *dock.table()->horizontalHeader();
  for (const QString& column : {accuracy, QStringLiteral("score:best")}) {
    dock.table()->sortByColumn(0, Qt::AscendingOrder);
    const int x = header.sectionViewportPosition(place_of(dock, column)) + 10;
    QTest::mouseClick(header.viewport(), Qt::LeftButton, {}, QPoint(x, header.height() / 2));
    QTRY_COMPARE(dock.filter()->ids(), (std::vector<std::int64_t>{high, low}));
  }
}

void TestLibraryUse::a_square_keeps_its_colour_when_selected() {
  const QIcon icon = swatch(0xD55E00);
  for (const QIcon::Mode mode : {QIcon::Normal, QIcon::Active, QIcon::Selected})
    QCOMPARE(icon.pixmap(QSize(12, 12), mode).toImage().pixelColor(5, 5),
             icon.pixmap(QSize(12, 12), QIcon::Normal).toImage().pixelColor(5, 5));
}

void TestLibraryUse::a_tag_is_taken_away() {
  const auto one = store_run(database_, 1, "grape", 0.3), other = store_run(database_, 2, "dfa", 0.9);
  RunEditor(database_).set_tags(one, "good, old");
  RunEditor(database_).set_tags(other, "good");
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 2);
  dock.table()->selectAll();
  QCOMPARE(dock.edits()->tags(), (QStringList{QStringLiteral("good"), QStringLiteral("old")}));
  dock.edits()->remove_tag(QStringLiteral("good"));
  QTRY_COMPARE(dock.edits()->tags(), QStringList{QStringLiteral("old")});
  const auto& actions = dock.edits()->actions();
  const auto remove = std::find_if(actions.begin(), actions.end(), [](const QAction* action) {
    return action->text().startsWith(QStringLiteral("Remove tag"));
  });
  QVERIFY(remove != actions.end() && (*remove)->isEnabled());
  dock.edits()->remove_tag(QStringLiteral("old"));
  QTRY_VERIFY(dock.edits()->tags().isEmpty());
  QTRY_VERIFY(!(*remove)->isEnabled());  // nothing to take away
}

void TestLibraryUse::an_answer_is_for_the_runs_that_were_asked_about() {
  const auto one = store_run(database_, 1, "grape", 0.3), other = store_run(database_, 2, "dfa", 0.9);
  RunEditor(database_).set_tags(other, "good");
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 2);
  const auto select = [&](std::int64_t id) {
    const std::vector<std::int64_t> ids = dock.filter()->ids();
    dock.table()->selectRow(static_cast<int>(std::find(ids.begin(), ids.end(), id) - ids.begin()));
  };
  const auto tags_of = [&](std::int64_t id) { return RunReader(database_).summary(id).tags; };
  /// While the question stands, another run is selected.
  const auto ask = [&](const char* action, std::int64_t about, std::int64_t then, const char* answer) {
    select(about);
    QTimer::singleShot(0, &dock, [&select, then, answer] {
      auto* dialog = qobject_cast<QInputDialog*>(QApplication::activeModalWidget());
      QVERIFY(dialog);
      select(then);
      dialog->setTextValue(QLatin1String(answer));
      dialog->accept();
    });
    for (QAction* each : dock.edits()->actions())
      if (each->text().startsWith(QLatin1String(action))) return each->trigger();
  };
  ask("Add tags", one, other, "mine");
  QTRY_COMPARE(tags_of(one), std::string("mine"));
  QCOMPARE(tags_of(other), std::string("good"));
  select(one);
  QTRY_COMPARE(dock.edits()->tags(), QStringList{QStringLiteral("mine")});
  ask("Remove tag", one, other, "mine");
  QTRY_COMPARE(tags_of(one), std::string());
  QCOMPARE(tags_of(other), std::string("good"));
}

void TestLibraryUse::groups_are_ticked_by_their_key() {
  store_run(database_, 1, "grape", 0.3);
  store_run(database_, 2, "dfa", 0.9);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 2);
  dock.show_groups(true);
  QTRY_COMPARE(dock.groups()->model()->rowCount(), 2);
  QTableView& table = *dock.groups()->table();
  table.selectRow(1);
  const QList<QAction*> actions = table.actions();
  const auto tick = std::find_if(actions.begin(), actions.end(), [](const QAction* action) {
    return action->shortcuts().contains(QKeySequence(Qt::Key_T));
  });
  QVERIFY(tick != actions.end());
  (*tick)->trigger();
  QVERIFY(!dock.groups()->model()->ticked(0));
  QVERIFY(dock.groups()->model()->ticked(1));
  (*tick)->trigger();
  QVERIFY(!dock.groups()->model()->ticked(1));
}

void TestLibraryUse::it_is_known_when_all_is_read() {
  for (int number = 1; number <= 300; ++number) store_run(database_, number, "dfa", 0.5);
  LibraryStore store;
  RunLibraryDock dock(&store);
  dock.resize(1200, 400);
  dock.show();
  store.set_database(QString::fromStdString(database_));
  QVERIFY(!dock.is_settled());
  QTRY_VERIFY(dock.is_settled());
  QCOMPARE(dock.model()->rowCount(), 300);  // more than one piece
  dock.grab();                              // asks for the curves of the rows that are seen
  QTRY_VERIFY(dock.is_settled());
  const QModelIndex curve = dock.filter()->index(0, place_of(dock, QStringLiteral("curve")));
  QVERIFY(curve.data(RunLibraryModel::curve_role).value<const void*>() != nullptr);
}

QTEST_MAIN(TestLibraryUse)
#include "test_library_use.moc"
