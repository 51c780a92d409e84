// The library's columns in the window: their widths, their order, and how they are chosen.
#include <QFontMetrics>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
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
  void accents_have_room_in_the_list();
  void a_measure_of_one_layer_is_typed();
  void new_columns_are_seen();
  void enter_keeps_what_is_ticked();

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

// cos(B, J\u0304) and cos(B, J\u0302) differ by what stands above a letter, in a font that may be taller.
void TestLibraryColumns::accents_have_room_in_the_list() {
  ColumnChooser chooser(usual_library_columns());
  chooser.show();
  const QFontMetrics metrics(chooser.list()->font());
  for (int row = 0; row < chooser.list()->count(); ++row) {
    const QString text = chooser.list()->item(row)->text();
    const int height = chooser.list()->visualItemRect(chooser.list()->item(row)).height();
    // A line is in the middle of its row: from its baseline up, this is left for letters and accents.
    const int room = (height - metrics.height()) / 2 + metrics.ascent();
    QVERIFY2(room >= -metrics.tightBoundingRect(text).top(), qPrintable(text));
  }
}

void TestLibraryColumns::a_measure_of_one_layer_is_typed() {
  ColumnChooser chooser(usual_library_columns());
  chooser.show();
  const auto offered = [&] {
    QStringList texts;
    for (int row = 0; row < chooser.list()->count(); ++row)
      if (!chooser.list()->item(row)->isHidden())
        texts << chooser.list()->item(row)->data(Qt::UserRole).toString();
    return texts;
  };
  const qsizetype all = offered().size();
  chooser.search()->setText(QStringLiteral("cos_b_j[1]"));
  QCOMPARE(offered(), (QStringList{QStringLiteral("cos_b_j[1]:best"), QStringLiteral("cos_b_j[1]:last"),
                                   QStringLiteral("cos_b_j[1]:mean"), QStringLiteral("cos_b_j[1]:cursor")}));
  QVERIFY(!chooser.nothing()->isVisible());
  chooser.search()->setText(QStringLiteral("cos_b_j[12]:mean"));
  QCOMPARE(offered(), QStringList{QStringLiteral("cos_b_j[12]:mean")});
  QVERIFY(chooser.list()->item(0)->text().contains(QStringLiteral("layer 12")));
  chooser.list()->item(0)->setCheckState(Qt::Checked);
  // One that the list has is not offered twice.
  chooser.search()->setText(QStringLiteral("best_test_accuracy"));
  QCOMPARE(offered(), QStringList{QStringLiteral("test_accuracy:best")});
  chooser.search()->setText(QStringLiteral("cos_b_j[x]"));
  QVERIFY(offered().isEmpty());
  QVERIFY(chooser.nothing()->isVisible());
  QVERIFY(chooser.nothing()->text().contains(QStringLiteral("cos_b_j[1]")));
  chooser.search()->clear();
  QCOMPARE(offered().size(), all + 1);  // the one ticked; of the others nothing is left
  QVERIFY(!chooser.nothing()->isVisible());
  QVERIFY(texts_of(chooser.chosen()).contains(QStringLiteral("cos_b_j[12]:mean")));
}

// After the last measure; of none, after the name.
void TestLibraryColumns::new_columns_are_seen() {
  const auto with = [](const QStringList& before, const QString& added) {
    ColumnChooser chooser(library_columns(before));
    for (int row = 0; row < chooser.list()->count(); ++row)
      if (chooser.list()->item(row)->data(Qt::UserRole).toString() == added)
        chooser.list()->item(row)->setCheckState(Qt::Checked);
    return texts_of(chooser.chosen());
  };
  const QString name = QStringLiteral("name"), rule = QStringLiteral("rule"), notes = QStringLiteral("notes"),
                last = QStringLiteral("loss:last"), lr = QStringLiteral("optimizer.lr");
  QCOMPARE(with({name, rule, last, notes}, lr), (QStringList{name, rule, last, lr, notes}));
  QCOMPARE(with({name, rule, notes}, lr), (QStringList{name, lr, rule, notes}));
}

void TestLibraryColumns::enter_keeps_what_is_ticked() {
  const LibraryColumns few = library_columns({QStringLiteral("rule"), QStringLiteral("seed")});
  for (int tabs = 0; tabs < 3; ++tabs) {
    ColumnChooser chooser(few);
    chooser.show();
    QVERIFY(QTest::qWaitForWindowActive(&chooser));
    for (int i = 0; i < tabs; ++i) QTest::keyClick(chooser.focusWidget(), Qt::Key_Tab);
    if (chooser.focusWidget()->inherits("QPushButton") &&
        qobject_cast<QPushButton*>(chooser.focusWidget())->text().contains(QStringLiteral("Cancel")))
      continue;
    QTest::keyClick(chooser.focusWidget(), Qt::Key_Return);
    QCOMPARE(chooser.result(), static_cast<int>(QDialog::Accepted));
    QCOMPARE(chooser.chosen(), few);
  }
}

QTEST_MAIN(TestLibraryColumns)
#include "test_library_columns.moc"
