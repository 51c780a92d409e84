// The library's columns in the window: their widths, their order, and how they are chosen.
#include <QHeaderView>
#include <QLineEdit>
#include <QListWidget>
#include <QTableView>
#include <QtTest>

#include "tests/panels/stored_library.h"
#include "tests/runs/support.h"
#include "ui/panels/column_chooser.h"
#include "ui/panels/library_store.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/run_library_filter.h"
#include "ui/panels/run_library_model.h"

using namespace grapevine;

class TestLibraryColumns : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<Folder>();
    database_ = folder_->database();
  }
  void a_stretched_column_is_no_choice_of_width();
  void columns_moved_by_hand_stay_there();

 private:
  void show(RunLibraryDock& dock, LibraryStore& store, int expected) {
    dock.resize(900, 300);
    dock.show();
    store.set_database(QString::fromStdString(database_));
    QTRY_COMPARE(dock.model()->rowCount(), expected);
  }
  static int place_of(const RunLibraryDock& dock, const QString& text) {
    return static_cast<int>(texts_of(dock.model()->columns()).indexOf(text));
  }
  static int width_of(const RunLibraryDock& dock, const QString& text) {
    return dock.table()->columnWidth(place_of(dock, text));
  }
  /// As they stand on the screen.
  static QStringList shown(const RunLibraryDock& dock) {
    QStringList texts;
    const QHeaderView* header = dock.table()->horizontalHeader();
    for (int place = 0; place < header->count(); ++place)
      texts << dock.model()->columns()[static_cast<std::size_t>(header->logicalIndex(place))].text();
    return texts;
  }

  std::unique_ptr<Folder> folder_;
  std::string database_;
};

// The last column fills what the table leaves: among others it would push them off the screen.
void TestLibraryColumns::a_stretched_column_is_no_choice_of_width() {
  store_run(database_, 1, "dfa", 0.3, 0.5);
  store_run(database_, 2, "dfa", 0.9, 0.125);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 2);
  const QString lr = QStringLiteral("optimizer.lr"), rule = QStringLiteral("rule");
  dock.set_columns(library_columns({lr, rule, QStringLiteral("data"), QStringLiteral("device")}));
  dock.table()->setColumnWidth(place_of(dock, lr), 177);
  dock.table()->setColumnWidth(place_of(dock, rule), 166);
  dock.show_differences_only(true);
  QTRY_COMPARE(shown(dock).back(), lr);
  QTRY_VERIFY(width_of(dock, lr) > 300);  // stretched
  dock.show_differences_only(false);
  QCOMPARE(width_of(dock, lr), 177);
  QCOMPARE(width_of(dock, rule), 166);  // which the differences did not show

  // Nor where it was the last when the window closed.
  dock.set_columns(library_columns({lr, QStringLiteral("data")}));
  QTRY_VERIFY(width_of(dock, QStringLiteral("data")) > 300);
  LibraryStore other_store;
  RunLibraryDock other(&other_store);
  other.resize(900, 300);
  other.show();
  other.set_layout_text(dock.layout_text());
  QCOMPARE(width_of(other, lr), 177);
  other.set_columns(library_columns({lr, QStringLiteral("data"), rule, QStringLiteral("device")}));
  QVERIFY(width_of(other, QStringLiteral("data")) < 300);
}

void TestLibraryColumns::columns_moved_by_hand_stay_there() {
  store_run(database_, 1, "dfa", 0.3, 0.5);
  store_run(database_, 2, "dfa", 0.9, 0.125);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 2);
  dock.table()->horizontalHeader()->moveSection(3, 1);
  const QStringList moved = shown(dock);
  QCOMPARE(moved.mid(0, 3),
           (QStringList{QStringLiteral("name"), QStringLiteral("score:best"), QStringLiteral("difference")}));
  dock.show_differences_only(true);
  QTRY_COMPARE(shown(dock).size(), 4);
  dock.show_differences_only(false);
  QCOMPARE(shown(dock), moved);
}

QTEST_MAIN(TestLibraryColumns)
#include "test_library_columns.moc"
