// Curves as other programs write them. What is right follows from what the texts say.
#include <QStringConverter>
#include <QtTest>
#include <fstream>

#include "engine/runs/curve_import.h"
#include "tests/runs/support.h"

using namespace grapevine;

class TestCurveImport : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_spelling_is_read_data();
  void every_spelling_is_read();
  void a_curve_of_tensorboard_has_its_files_name();
  void numbers_beyond_numbers_are_read();
  void percent_become_shares();
  void what_is_no_number_is_told_with_its_place();
};

namespace {

ImportedCurves imported(const Folder& folder, const char* name, const QByteArray& content) {
  std::ofstream(folder.path(name), std::ios::binary).write(content.data(), content.size());
  return import_curves(folder.database(), folder.path(name));
}

/// The one run's measure as "step:value step:value".
std::string curve_of(const Folder& folder, const char* measure) {
  SQLite::Database database(folder.database());
  SQLite::Statement query(
      database,
      "SELECT group_concat(step || ':' || value, ' ') FROM (SELECT step, value FROM samples "
      "JOIN series ON series.id = samples.series WHERE measure = ? ORDER BY step)");
  query.bind(1, measure);
  return query.executeStep() ? query.getColumn(0).getString() : "";
}

}  // namespace

void TestCurveImport::every_spelling_is_read_data() {
  QTest::addColumn<QByteArray>("content");
  const auto row = [](const char* name, const char* content) { QTest::newRow(name) << QByteArray(content); };
  row("commas", "step,test_loss\n1,0.5\n2,0.25\n");
  row("semicolons, decimal commas and a mark", "\xef\xbb\xbfstep;test_loss\r\n1;0,5\r\n2;0,25\r\n");
  row("semicolons and decimal points", "step;test_loss\n1;0.5\n2;0.25\n");
  row("a line that names the separator", "sep=;\nstep;test_loss\n1;0,5\n2;0,25\n");
  row("tabs", "step\ttest_loss\n1\t0.5\n2\t0.25\n");
  row("capitals and blanks", "Step, Test loss\n1, 0.5\n2, 0.25\n");
  row("a slash", "step,test/loss\n1,0.5\n2,0.25\n");
  row("a data frame's index", ",step,test_loss\n0,1,0.5\n1,2,0.25\n");
  row("an empty column at the end", "step,test_loss,\n1,0.5,\n2,0.25,\n");
  row("one value per line", "Measure,Step,Value\ntest_loss,1,0.5\ntest_loss,2,0.25\n");
  for (const auto& [name, encoding] : {std::pair("UTF-16, little end first", QStringConverter::Utf16LE),
                                       {"UTF-16, big end first", QStringConverter::Utf16BE},
                                       {"UTF-32", QStringConverter::Utf32LE}}) {
    QStringEncoder encoder(encoding, QStringConverter::Flag::WriteBom);
    QTest::newRow(name) << QByteArray(encoder(QStringLiteral("step,test_loss\n1,0.5\n2,0.25\n")));
  }
}

void TestCurveImport::every_spelling_is_read() {
  QFETCH(QByteArray, content);
  const Folder folder;
  const ImportedCurves result = imported(folder, "a.csv", content);
  QCOMPARE(result.taken.size(), std::size_t{1});
  QVERIFY(result.notes.empty());
  QCOMPARE(curve_of(folder, "test_loss"), std::string("1:0.5 2:0.25"));
}

void TestCurveImport::a_curve_of_tensorboard_has_its_files_name() {
  const Folder folder;
  imported(folder, "run-first-tag-Test_Loss.csv",
           "Wall time,Step,Value\n1700000000.5,1,0.5\n1700000002,2,0.25\n");
  QCOMPARE(curve_of(folder, "test_loss"), std::string("1:0.5 2:0.25"));
  SQLite::Database database(folder.database());
  // The time of day becomes seconds since the first value.
  QCOMPARE(database.execAndGet("SELECT max(seconds) FROM samples").getDouble(), 1.5);
}

// The nearest number that there is; none, as for inf, where it is too large for one.
void TestCurveImport::numbers_beyond_numbers_are_read() {
  const Folder folder;
  imported(folder, "a.csv", "step,test_loss\n1,1e-400\n2,-1e309\n3,+1e400\n4,0.5\n");
  SQLite::Database database(folder.database());
  SQLite::Statement row(database, "SELECT step, value FROM samples ORDER BY step");
  std::string values;
  while (row.executeStep())
    values += row.getColumn(0).getString() + ":" +
              (row.getColumn(1).isNull() ? "none" : row.getColumn(1).getString()) + " ";
  QCOMPARE(values, std::string("1:0.0 2:none 3:none 4:0.5 "));
}

void TestCurveImport::percent_become_shares() {
  const Folder folder;
  const ImportedCurves result =
      imported(folder, "a.csv", "step,test_accuracy,test_loss\n1,50,2\n2,93.75,3\n");
  QCOMPARE(curve_of(folder, "test_accuracy"), std::string("1:0.5 2:0.9375"));
  QCOMPARE(curve_of(folder, "test_loss"), std::string("1:2.0 2:3.0"));
  QCOMPARE(result.notes.size(), std::size_t{1});
  QVERIFY2(result.notes.front().find("93.75 and is taken for percent") != std::string::npos,
           result.notes.front().c_str());
}

void TestCurveImport::what_is_no_number_is_told_with_its_place() {
  const Folder folder;
  const auto told = [&](const QByteArray& content) {
    return refusal([&] { imported(folder, "odd.csv", content); });
  };
  const std::string comma = told("step,train_loss\n1,\"0,5\"\n");
  QVERIFY2(has(comma, "line 2: '0,5' in the column 'train_loss' is not a number: write 0.5, with a point"),
           comma.c_str());
  const std::string thousands = told("step,train_loss\n\"1,000\",1\n");
  QVERIFY2(has(thousands, "line 2: '1,000' in the column 'step' is not a number: write 1000"),
           thousands.c_str());
  const std::string hex = told("step,train_loss\n0x10,1\n");
  QVERIFY2(has(hex, "write it in decimal"), hex.c_str());
  const std::string zeroth = told("step,cos_b_j[1],cos_b_j[0]\n1,0.5,0.25\n");
  QVERIFY2(has(zeroth, "'cos_b_j[0]': feedback points are numbered from 1"), zeroth.c_str());
}

QTEST_APPLESS_MAIN(TestCurveImport)
#include "test_curve_import.moc"
