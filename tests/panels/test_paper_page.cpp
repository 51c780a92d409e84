// The papers' page: every published number, names that people read, and what is missing before it is queued.
#include <QLabel>
#include <QTableView>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>

#include "engine/data/places.h"
#include "engine/launch/paper_cells.h"
#include "engine/launch/queueing.h"
#include "ui/panels/library_store.h"
#include "ui/panels/paper_page.h"

using namespace grapevine;

class TestPaperPage : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void all_texts_numbers_are_shown();
  void variants_and_texts_have_names();
  void entries_of_the_queue_name_table_and_row();
  void missing_data_are_said_before_anything_is_queued();
};

namespace {

int row_of(const PaperPage& page, const char* preset, const char* racer) {
  for (int row = 0; row < page.model()->rowCount(); ++row)
    if (page.model()->cell(row).preset->name == preset && page.model()->cell(row).racer == racer) return row;
  return -1;
}

QString text_at(const PaperPage& page, int row, int column) {
  return page.model()->index(row, column).data(Qt::AccessibleTextRole).toString();
}

}  // namespace

// resources/papers/results.json, as the two texts print them.
void TestPaperPage::all_texts_numbers_are_shown() {
  using Column = PaperModel::Column;
  LibraryStore library;
  PaperPage page(&library);
  page.set_table(QStringLiteral("2"), false);
  const int bp = row_of(page, "table2-cifar100-alexnet", "bp");
  QVERIFY(bp >= 0);
  QCOMPARE(text_at(page, bp, Column::published), QStringLiteral("64.61 ± 0.29"));
  QCOMPARE(text_at(page, bp, Column::also), QStringLiteral("60.43 ± 0.35 (GrAPE, 2025 text)"));
  QCOMPARE(text_at(page, row_of(page, "table2-cifar100-alexnet", "dfa"), Column::also),
           QStringLiteral("29.75 ± 0.58 (GrAPE, 2025 text)"));
  page.set_table(QStringLiteral("A.4"), false);
  const QString others = text_at(page, row_of(page, "appendix-a4-cifar100-alexnet", "fdfa"), Column::also);
  QVERIFY2(others.contains(QStringLiteral("55.03 ± 0.16")), qPrintable(others));
  QVERIFY2(others.contains(QStringLiteral("57.27 ± 0.11 (Bacho and Chu 2024)")), qPrintable(others));
  page.set_table(QStringLiteral("1"), false);  // the same number in both
  QVERIFY(text_at(page, row_of(page, "table1-mnist-mlp", "bp"), Column::also).isEmpty());
  // Long ones don't push ours out of sight.
  const auto* table = page.findChild<QTableView*>();
  QVERIFY(table->columnWidth(Column::also) <= 16 * table->fontMetrics().horizontalAdvance(QLatin1Char('m')));
}

void TestPaperPage::variants_and_texts_have_names() {
  using Column = PaperModel::Column;
  LibraryStore library;
  PaperPage page(&library);
  page.set_table(QStringLiteral("1"), false);
  QCOMPARE(text_at(page, row_of(page, "table1-mnist-mlp", "drtp-tanh"), Column::racer),
           QStringLiteral("DRTP (tanh)"));
  const int literal = row_of(page, "table1-mnist-mlp", "literal");
  QCOMPARE(text_at(page, literal, Column::racer), QStringLiteral("GrAPE (literal)"));
  QCOMPARE(text_at(page, literal, Column::source), QStringLiteral("GrAPE, 2026 text"));
  QVERIFY(page.model()
              ->index(literal, Column::racer)
              .data(Qt::ToolTipRole)
              .toString()
              .contains(QStringLiteral("to the letter of the 2026 text")));
  const auto labels = page.findChildren<QLabel*>();
  QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
    return label->text().contains(QStringLiteral("GrAPE (literal) is"));
  }));
}

void TestPaperPage::entries_of_the_queue_name_table_and_row() {
  const std::vector<PaperCell> cells = paper_cells("1", false);
  std::vector<const PaperCell*> all;
  for (const PaperCell& cell : cells) all.push_back(&cell);
  std::vector<QueueEntry> entries;
  for (const std::string& plan : missing_runs(all, 2).plans) {
    entries.emplace_back();
    entries.back().plan = plan;
  }
  const std::vector<std::string> titles = titles_of(entries);
  const auto has = [&](const char* title) {
    return std::find(titles.begin(), titles.end(), title) != titles.end();
  };
  QVERIFY2(has("Table 1: MLP of 3×1024 on MNIST, FA, seed 1"), titles.front().c_str());
  QVERIFY(has("Table 1: MLP of 3×1024 on MNIST, DRTP (tanh), seed 0"));
  QVERIFY(std::none_of(titles.begin(), titles.end(), [](const std::string& title) {
    return title.find("test_limit") != std::string::npos;
  }));
  // Another experiment is not of a table.
  Experiment other = cells.front().experiment;
  QVERIFY(!paper_title_of(other).empty());
  other.set_text("optimizer.lr", "0.123");
  QCOMPARE(paper_title_of(other), std::string());
}

void TestPaperPage::missing_data_are_said_before_anything_is_queued() {
  const QTemporaryDir empty;
  const QByteArray cache = qgetenv("XDG_CACHE_HOME");
  qputenv("XDG_CACHE_HOME", empty.path().toUtf8());
  use_data_dir(empty.path().toStdString());
  {
    LibraryStore library;
    PaperPage page(&library);
    page.show();
    page.set_table(QStringLiteral("A.4"), false);
    const auto* words = page.findChild<QLabel*>(QStringLiteral("missing_data"));
    QVERIFY(words);
    QVERIFY2(words->text().contains(QStringLiteral("CIFAR-100")), qPrintable(words->text()));
    QVERIFY2(words->text().contains(QStringLiteral("datasets get cifar100")), qPrintable(words->text()));
    QVERIFY(words->isVisible());
  }
  use_data_dir({});
  qputenv("XDG_CACHE_HOME", cache);
}

QTEST_MAIN(TestPaperPage)
#include "test_paper_page.moc"
