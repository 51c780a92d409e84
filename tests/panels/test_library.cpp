// The run library in the window: pieces of a long list, columns, order, the filter's field, what is said of
// runs, and that none of it waits for the database.
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QtTest>

#include "tests/panels/stored_library.h"
#include "tests/runs/support.h"
#include "ui/panels/column_chooser.h"
#include "ui/panels/curve_delegate.h"
#include "ui/panels/filter_field.h"
#include "ui/panels/library_commands.h"
#include "ui/panels/library_store.h"
#include "ui/panels/run_library_dock.h"
#include "ui/panels/run_library_filter.h"
#include "ui/panels/run_library_model.h"

using namespace grapevine;

class TestLibrary : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<Folder>();
    database_ = folder_->database();
  }
  void a_long_list_comes_in_pieces();
  void columns_show_any_setting_and_measure();
  void columns_are_chosen_and_remembered();
  void chosen_runs_are_exported();
  void the_best_come_first_and_nothing_last();
  void pinned_runs_stay_on_top();
  void the_filter_is_the_terminals();
  void what_is_wrong_with_a_filter_stands_below_it();
  void names_and_values_complete();
  void the_best_are_ticked();
  void what_is_said_of_runs_is_stored();
  void archived_runs_are_left_out();
  void only_what_differs_is_shown();
  void what_means_nothing_to_a_run_is_no_difference();
  void a_failed_run_says_why();
  void what_differs_is_looked_for_once_it_is_seen();
  void curves_are_read_when_they_are_seen();
  void a_curve_fills_its_own_height();
  void numbers_at_the_cursor_come_from_the_figures();
  void deleted_rows_go_and_come_back();

 private:
  void show(RunLibraryDock& dock, LibraryStore& store, int expected) {
    dock.resize(900, 300);
    dock.show();
    store.set_database(QString::fromStdString(database_));
    QTRY_COMPARE(dock.model()->rowCount(), expected);
  }
  QStringList column_of(const RunLibraryDock& dock, int column) const {
    QStringList texts;
    for (int row = 0; row < dock.filter()->rowCount(); ++row)
      texts << dock.filter()->index(row, column).data().toString().simplified();  // narrow blanks too
    return texts;
  }
  int place_of(const RunLibraryDock& dock, const QString& text) const {
    return static_cast<int>(texts_of(dock.model()->columns()).indexOf(text));
  }

  std::unique_ptr<Folder> folder_;
  std::string database_;
};

void TestLibrary::a_long_list_comes_in_pieces() {
  store_run(database_, 1, "bp", 0.5);
  {
    SQLite::Database file(database_, SQLite::OPEN_READWRITE);
    SQLite::Transaction all(file);
    for (int i = 2; i <= 500; ++i)
      file.exec(
          "INSERT INTO runs (uuid, name, status, started, seed, rule, model, data, experiment) VALUES ('" +
          uuid_of(i) + "', '', 'finished', '2026-01-01T00:00:00Z', 0, 'dfa', 'mlp', 'shapes', '{}')");
    all.commit();
  }
  LibraryStore store;
  QList<qsizetype> sizes;
  QList<qint64> firsts;
  bool ended = false;
  connect(&store, &LibraryStore::piece_read, this, [&](const LibraryPiece& piece) {
    sizes << static_cast<qsizetype>(piece.rows.size());
    firsts << piece.rows.front().summary.id;
    ended = piece.ends_list;
  });
  QSignalSpy listed(&store, &LibraryStore::listed);
  store.set_database(QString::fromStdString(database_));
  QVERIFY(listed.wait(10000));
  // A screen of the newest first, then the rest.
  QCOMPARE(sizes, (QList<qsizetype>{200, 300}));
  QCOMPARE(firsts, (QList<qint64>{500, 300}));
  QVERIFY(ended);
}

void TestLibrary::columns_show_any_setting_and_measure() {
  store_run(database_, 1, "dfa", 0.6, 0.25);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 1);
  dock.set_columns(library_columns({QStringLiteral("optimizer.lr"), QStringLiteral("test_accuracy:best"),
                                    QStringLiteral("test_accuracy:mean"), QStringLiteral("nonsense"),
                                    QStringLiteral("rule")}));
  QCOMPARE(texts_of(dock.model()->columns()),
           (QStringList{QStringLiteral("name"), QStringLiteral("optimizer.lr"),
                        QStringLiteral("test_accuracy:best"), QStringLiteral("test_accuracy:mean"),
                        QStringLiteral("rule")}));
  // By hand: 0.2, 0.4, 0.6.
  QTRY_COMPARE(column_of(dock, 1), QStringList{QStringLiteral("0.25")});
  QTRY_COMPARE(column_of(dock, 2), QStringList{QStringLiteral("60.0 %")});
  QCOMPARE(column_of(dock, 3), QStringList{QStringLiteral("40.0 %")});
  QCOMPARE(column_of(dock, 4), QStringList{QStringLiteral("DFA")});
  QVERIFY(dock.model()
              ->headerData(1, Qt::Horizontal, Qt::DisplayRole)
              .toString()
              .contains(QStringLiteral("earning rate")));
}

void TestLibrary::chosen_runs_are_exported() {
  store_run(database_, 1, "dfa", 0.6);
  store_run(database_, 2, "bp", 0.75);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 2);
  QTemporaryDir folder;
  QSignalSpy written(&store, &LibraryStore::exported), trouble(&store, &LibraryStore::trouble);
  for (const char* name : {"runs.csv", "runs.json", "runs.run"}) {
    store.export_runs({1, 2}, folder.filePath(name));
    QTRY_COMPARE(written.count(), 1);
    QCOMPARE(written.takeFirst().first().toString(), folder.filePath(name));
  }
  QFile csv(folder.filePath("runs.csv")), run(folder.filePath("runs.run"));
  QVERIFY(csv.open(QIODevice::ReadOnly) && run.open(QIODevice::ReadOnly));
  QVERIFY(csv.readLine().startsWith("run,name,rule,seed,measure"));
  QVERIFY(csv.readAll().contains("0.75"));
  QVERIFY(run.readAll().startsWith("SQLite format 3"));
  store.export_runs({1}, folder.filePath("runs.docx"));
  QTRY_COMPARE(trouble.count(), 1);
  QVERIFY(!QFile::exists(folder.filePath("runs.docx")));
}

void TestLibrary::columns_are_chosen_and_remembered() {
  store_run(database_, 1, "dfa", 0.6);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 1);
  ColumnChooser chooser(dock.model()->columns());
  chooser.search()->setText(QStringLiteral("weight_decay"));
  int shown = 0;
  for (int row = 0; row < chooser.list()->count(); ++row) {
    QListWidgetItem* item = chooser.list()->item(row);
    if (item->isHidden()) continue;
    ++shown;
    if (item->data(Qt::UserRole).toString() == QLatin1String("optimizer.weight_decay"))
      item->setCheckState(Qt::Checked);
  }
  QVERIFY(shown >= 1 && shown < 5);
  dock.set_columns(chooser.chosen());
  QCOMPARE(place_of(dock, QStringLiteral("optimizer.weight_decay")),
           place_of(dock, QStringLiteral("score:last")) + 1);
  dock.table()->setColumnWidth(1, 123);
  dock.table()->sortByColumn(place_of(dock, QStringLiteral("seed")), Qt::AscendingOrder);

  LibraryStore other_store;
  RunLibraryDock other(&other_store);
  other.set_layout_text(dock.layout_text());
  QCOMPARE(texts_of(other.model()->columns()), texts_of(dock.model()->columns()));
  QCOMPARE(other.table()->columnWidth(1), 123);
  QCOMPARE(other.layout_text(), dock.layout_text());
  // What another version, or somebody's hand, left there.
  other.set_layout_text(QStringLiteral("gone=5;=;rule=99999999999;sort=gone;;seed"));
  QVERIFY(place_of(other, QStringLiteral("rule")) > 0);
}

void TestLibrary::the_best_come_first_and_nothing_last() {
  store_run(database_, 1, "dfa", 0.3);
  store_run(database_, 2, "bp", 0.9);
  {
    const std::string uuid = uuid_of(3);
    RunWriter writer(database_, single(uuid.c_str(), "fa"));  // nothing measured
    writer.finish(RunStatus::failed, "for a reason");
  }
  store_run(database_, 4, "grape", 0.6);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 4);
  const int best = place_of(dock, QStringLiteral("score:best")),
            rule = place_of(dock, QStringLiteral("rule"));
  // Of the test, also where runs have validation.
  QCOMPARE(dock.model()->headerData(best, Qt::Horizontal, Qt::DisplayRole).toString(),
           QStringLiteral("Best test accuracy"));
  dock.table()->sortByColumn(best, Qt::DescendingOrder);
  QCOMPARE(column_of(dock, rule), (QStringList{QStringLiteral("BP"), QStringLiteral("GrAPE"),
                                               QStringLiteral("DFA"), QStringLiteral("FA")}));
  dock.table()->sortByColumn(best, Qt::AscendingOrder);
  QCOMPARE(column_of(dock, rule), (QStringList{QStringLiteral("DFA"), QStringLiteral("GrAPE"),
                                               QStringLiteral("BP"), QStringLiteral("FA")}));
}

void TestLibrary::pinned_runs_stay_on_top() {
  const auto low = store_run(database_, 1, "dfa", 0.3);
  store_run(database_, 2, "bp", 0.9);
  RunEditor(database_).set_pinned(low, true);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 2);
  for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
    dock.table()->sortByColumn(place_of(dock, QStringLiteral("score:best")), order);
    QCOMPARE(dock.filter()->ids().front(), low);
  }
  // At once, not at the next start: both ways.
  dock.table()->selectRow(0);
  dock.edits()->toggle_pinned();
  QTRY_COMPARE(dock.filter()->ids().back(), low);
  QCOMPARE(dock.selected(), std::vector<std::int64_t>{low});
  dock.edits()->toggle_pinned();
  QTRY_COMPARE(dock.filter()->ids().front(), low);
}

void TestLibrary::the_filter_is_the_terminals() {
  store_run(database_, 1, "dfa", 0.3, 0.5);
  store_run(database_, 2, "bp", 0.9, 0.5);
  store_run(database_, 3, "dfa", 0.8, 0.125);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 3);
  for (const char* text : {"rule=dfa", "rule=dfa and best_test_accuracy>0.5", "optimizer.lr<0.3 or rule=bp",
                           "not rule=dfa", "DFA", ""}) {
    dock.field()->edit()->setText(QLatin1String(text));
    RunSelection selection;
    selection.filter = RunFilter::parse(text);
    std::vector<std::int64_t> expected;
    for (const RunRow& row : RunReader(database_).rows(selection)) expected.push_back(row.summary.id);
    const auto shown = [&] {
      auto ids = dock.filter()->ids();
      std::sort(ids.begin(), ids.end());
      return ids;
    };
    QTRY_VERIFY2(shown() == expected, text);
  }
}

void TestLibrary::what_is_wrong_with_a_filter_stands_below_it() {
  store_run(database_, 1, "dfa", 0.3);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 1);
  dock.field()->edit()->setText(QStringLiteral("rule=bp"));
  QTRY_COMPARE(dock.filter()->rowCount(), 0);
  dock.field()->edit()->setText(QStringLiteral("rul=bp"));
  QCOMPARE(dock.field()->error(), QString());  // it may only be half typed
  QTRY_VERIFY(dock.field()->error().endsWith(QStringLiteral("did you mean rule?")));
  QCOMPARE(dock.filter()->rowCount(), 0);  // the last valid one stays in force
  dock.field()->edit()->setText(QStringLiteral("rule=dfa"));
  QCOMPARE(dock.field()->error(), QString());
  QTRY_COMPARE(dock.filter()->rowCount(), 1);
}

void TestLibrary::names_and_values_complete() {
  store_run(database_, 1, "residual", 0.3);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 1);
  const auto offered = [&](const char* before) { return dock.field()->offer(QLatin1String(before)).words; };
  QVERIFY(offered("status=finished and test_ac").contains(QStringLiteral("test_accuracy")));
  QVERIFY(offered("optimizer.mom").contains(QStringLiteral("optimizer.momentum")));
  QCOMPARE(offered("rule="), QStringList{QStringLiteral("residual")});
  QCOMPARE(offered("x"), QStringList{});
  QCOMPARE(offered("nothing_known="), QStringList{});
}

void TestLibrary::the_best_are_ticked() {
  const auto worst = store_run(database_, 1, "dfa", 0.3), best = store_run(database_, 2, "bp", 0.9),
             second = store_run(database_, 3, "grape", 0.8);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 3);
  QCOMPARE(dock.edits()->best_by(), QStringLiteral("by each one's best test accuracy"));
  dock.model()->set_ticked(worst, true);
  QSignalSpy overlaid(&dock, &RunLibraryDock::overlay_asked);
  dock.edits()->tick_best(2);
  QCOMPARE(dock.model()->ticked(), (QSet<qint64>{best, second}));
  QCOMPARE(overlaid.size(), 2);  // one that goes, two that come: not one signal per run
  dock.field()->edit()->setText(QStringLiteral("rule=dfa"));
  QTRY_COMPARE(dock.filter()->rowCount(), 1);
  dock.edits()->tick_best(2);  // of those shown
  QCOMPARE(dock.model()->ticked(), QSet<qint64>{worst});
}

void TestLibrary::what_is_said_of_runs_is_stored() {
  const auto one = store_run(database_, 1, "dfa", 0.3), other = store_run(database_, 2, "bp", 0.9);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 2);
  dock.table()->selectAll();
  dock.edits()->toggle_pinned();
  dock.edits()->toggle_baseline();
  dock.edits()->add_tags(QStringLiteral("good, paper"));
  dock.edits()->set_colour(0x123456);
  for (const std::int64_t id : {one, other}) {
    const auto run = [&] { return RunReader(database_).summary(id); };
    QTRY_COMPARE(run().colour, std::uint32_t{0x123456});
    QVERIFY(run().pinned && run().baseline && run().colour_chosen);
    QCOMPARE(run().tags, std::string("good, paper"));
  }
  QTRY_VERIFY(dock.model()->run(0).pinned && dock.model()->run(1).pinned);
  dock.edits()->toggle_pinned();
  QTRY_VERIFY(!RunReader(database_).summary(one).pinned);
  // A name of blanks is none: the run is called by its number, at once and stored.
  const int row = dock.model()->row_of(one);
  const QModelIndex name = dock.model()->index(row, RunLibraryModel::Column::name);
  QVERIFY(dock.model()->setData(name, QStringLiteral(" a\n name "), Qt::EditRole));
  QTRY_COMPARE(RunReader(database_).summary(one).name, std::string("a name"));
  QVERIFY(dock.model()->setData(name, QStringLiteral("   "), Qt::EditRole));
  QVERIFY(name.data().toString().contains(QStringLiteral("Run %1").arg(one)));
  QTRY_COMPARE(RunReader(database_).summary(one).name, std::string());
}

void TestLibrary::archived_runs_are_left_out() {
  const auto one = store_run(database_, 1, "dfa", 0.3);
  store_run(database_, 2, "bp", 0.9);
  RunEditor(database_).set_archived(one, true);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 2);
  QCOMPARE(dock.filter()->rowCount(), 1);
  dock.field()->edit()->setText(QStringLiteral("archived=1"));
  QTRY_COMPARE(dock.filter()->ids(), std::vector<std::int64_t>{one});
  dock.field()->edit()->clear();
  dock.filter()->set_archived_shown(true);
  QCOMPARE(dock.filter()->rowCount(), 2);
}

void TestLibrary::only_what_differs_is_shown() {
  store_run(database_, 1, "dfa", 0.3, 0.5);
  store_run(database_, 2, "dfa", 0.9, 0.125);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 2);
  const QStringList before = texts_of(dock.model()->columns());
  // The column that says it in words is there by itself.
  const int words = place_of(dock, QStringLiteral("difference"));
  QTRY_COMPARE(column_of(dock, words),
               (QStringList{QStringLiteral("learning rate 0.125"), QStringLiteral("learning rate 0.5")}));
  dock.show_differences_only(true);
  QTRY_COMPARE(texts_of(dock.model()->columns()),
               (QStringList{QStringLiteral("name"), QStringLiteral("curve"), QStringLiteral("score:best"),
                            QStringLiteral("optimizer.lr")}));
  dock.show_differences_only(false);
  QCOMPARE(texts_of(dock.model()->columns()), before);
}

// schedule.decay counts with some schedules alone.
void TestLibrary::what_means_nothing_to_a_run_is_no_difference() {
  int number = 0;
  for (const auto& [schedule, decay] :
       {std::pair{"constant", 0.5}, {"exponential", 0.25}, {"exponential", 0.75}}) {
    const std::string uuid = uuid_of(++number);
    StoredRace race = single(uuid.c_str(), "dfa");
    race.racers.front().set_text("schedule.name", schedule);
    race.racers.front().set("schedule.decay", decay);
    race.racers.front().set_text("model.hidden",
                                 number == 1 ? "64" : "512,512,512,512,512,512,512,512,512,510");
    RunWriter(database_, race).finish(RunStatus::finished, "");
  }
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 3);
  const int words = place_of(dock, QStringLiteral("difference"));
  QTRY_VERIFY(column_of(dock, words).join(QLatin1Char(';')).contains(QStringLiteral("decay 0.75")));
  QTRY_VERIFY(!column_of(dock, words).join(QLatin1Char(';')).contains(QStringLiteral("decay 0.5")));
  QVERIFY(column_of(dock, words).join(QLatin1Char(';')).contains(QStringLiteral("decay 0.25")));
  // A long list keeps its ends, and is whole under the pointer.
  const QString cut = QStringLiteral("hidden 512,512,512,\u2026,512,512,510");
  QVERIFY2(column_of(dock, words).join(QLatin1Char(';')).contains(cut),
           qPrintable(column_of(dock, words).join(QLatin1Char(';'))));
  QStringList whole;
  for (int row = 0; row < 3; ++row)
    whole << dock.filter()->index(row, words).data(Qt::ToolTipRole).toString();
  QVERIFY(whole.join(QLatin1Char(';')).contains(QStringLiteral("512,512,512,512,512,512,512,512,512,510")));
}

void TestLibrary::a_failed_run_says_why() {
  RunWriter(database_, single(uuid_of(1).c_str(), "dfa")).finish(RunStatus::failed, "the loss is not finite");
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 1);
  const QModelIndex status = dock.filter()->index(0, place_of(dock, QStringLiteral("status")));
  QCOMPARE(status.data().toString(), QStringLiteral("Failed"));
  QCOMPARE(status.data(Qt::ToolTipRole).toString(), QStringLiteral("the loss is not finite"));
}

// The list is read while the start page stands in front of the dock.
void TestLibrary::what_differs_is_looked_for_once_it_is_seen() {
  store_run(database_, 1, "dfa", 0.3, 0.5);
  store_run(database_, 2, "dfa", 0.9, 0.125);
  LibraryStore store;
  RunLibraryDock dock(&store);
  dock.resize(900, 300);
  store.set_database(QString::fromStdString(database_));
  QTRY_COMPARE(dock.model()->rowCount(), 2);
  QTest::qWait(400);  // longer than the pause after which it is looked for
  dock.show();
  const int words = place_of(dock, QStringLiteral("difference"));
  QTRY_COMPARE(column_of(dock, words),
               (QStringList{QStringLiteral("learning rate 0.125"), QStringLiteral("learning rate 0.5")}));
}

void TestLibrary::curves_are_read_when_they_are_seen() {
  store_run(database_, 1, "dfa", 0.6);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 1);
  const int curve = place_of(dock, QStringLiteral("curve"));
  const auto sketch = [&] {
    return static_cast<const CurveSketch*>(
        dock.filter()->index(0, curve).data(RunLibraryModel::curve_role).value<const void*>());
  };
  QTRY_VERIFY(sketch() != nullptr);
  QCOMPARE(sketch()->values.size(), std::size_t{3});
  QCOMPARE(sketch()->measure->key, std::string("test_accuracy"));
  QVERIFY(std::abs(sketch()->values.back() - 0.6) < 1e-6);
  QVERIFY(dock.filter()
              ->index(0, curve)
              .data(Qt::AccessibleTextRole)
              .toString()
              .simplified()
              .contains(QStringLiteral("from 20.0 % to 60.0 %")));
}

void TestLibrary::a_curve_fills_its_own_height() {
  const QRectF place(10, 20, 100, 40);
  const CurveSketch share{find_measure("test_accuracy"), {0.0f, 0.25f, 1.0f}};
  QCOMPARE(CurveDelegate::line_of(share, place),
           (QList<QPointF>{QPointF(10, 60), QPointF(60, 50), QPointF(110, 20)}));
  // What hardly moves stays flat: a twentieth is the whole height.
  const CurveSketch flat{find_measure("test_accuracy"), {0.5f, 0.50625f}};
  const QList<QPointF> level = CurveDelegate::line_of(flat, place);
  QVERIFY(std::abs(level[0].y() - 42.5) < 1e-3 && std::abs(level[1].y() - 37.5) < 1e-3);
  // A perplexity fills its own height; a single value stands in the middle.
  const CurveSketch number{find_measure("test_perplexity"), {30.0f, 10.0f}};
  QCOMPARE(CurveDelegate::line_of(number, place), (QList<QPointF>{QPointF(10, 20), QPointF(110, 60)}));
  QCOMPARE(CurveDelegate::line_of({find_measure("test_perplexity"), {5.0f}}, place),
           QList<QPointF>{QPointF(60, 40)});
  QVERIFY(CurveDelegate::line_of({}, place).isEmpty());
}

void TestLibrary::numbers_at_the_cursor_come_from_the_figures() {
  const auto id = store_run(database_, 1, "dfa", 0.6);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 1);
  dock.set_columns(library_columns({QStringLiteral("test_accuracy:cursor")}));
  QCOMPARE(column_of(dock, 1), QStringList{QString()});
  dock.model()->set_at_cursor([&](std::int64_t asked, const RunKey& key) {
    return asked == id && key.name == "test_accuracy" ? 0.4 : std::nan("");
  });
  QCOMPARE(column_of(dock, 1), QStringList{QStringLiteral("40.0 %")});
  dock.model()->set_at_cursor({});
  QCOMPARE(column_of(dock, 1), QStringList{QString()});
}

void TestLibrary::deleted_rows_go_and_come_back() {
  for (int i = 1; i <= 5; ++i) store_run(database_, i, "dfa", 0.1 * i);
  LibraryStore store;
  RunLibraryDock dock(&store);
  show(dock, store, 5);
  dock.model()->set_ticked(2, true);
  store.remove({1, 2, 4});
  QTRY_COMPARE(dock.model()->rowCount(), 2);
  QVERIFY(dock.model()->ticked().isEmpty());
  QCOMPARE(dock.model()->row_of(5), 1 - dock.model()->row_of(3));
  store.restore({2});
  QTRY_COMPARE(dock.model()->rowCount(), 3);
  for (const std::int64_t id : {2, 3, 5}) QCOMPARE(dock.model()->run(dock.model()->row_of(id)).id, id);
}

QTEST_MAIN(TestLibrary)
#include "test_library.moc"
