// The grammar of filters and the names that they use, against sentences written by hand.
#include <QtTest>

#include "engine/runs/run_filter.h"
#include "tests/runs/support.h"

using namespace grapevine;

class TestRunFilter : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void keys_are_read_as_written_data();
  void keys_are_read_as_written();
  void unknown_keys_are_refused_with_the_nearest();
  void comparisons_data();
  void comparisons();
  void and_binds_before_or_and_not_before_both_data();
  void and_binds_before_or_and_not_before_both();
  void what_is_wrong_is_told_with_its_place_data();
  void what_is_wrong_is_told_with_its_place();
  void an_empty_filter_fits_everything();
  void deep_nesting_is_refused();
  void cells_are_ordered_numbers_texts_nothing();
  void tags_are_words();
};

namespace {

/// What a run of the tests has.
RunCell cell(const RunKey& key) {
  if (key.name == "rule") return "grape";
  if (key.name == "status") return "finished";
  if (key.name == "tags") return "good, for-paper";
  if (key.name == "notes") return "It's Fine";
  if (key.name == "text") return "GrAPE on Shapes";
  if (key.name == "optimizer.lr") return 0.001;
  if (key.name == "model.hidden") return "512,512";
  if (key.name == "started") return "2026-11-21T10:00:00.000Z";
  if (key.name == "test_accuracy" && key.statistic == Statistic::best) return 0.81;
  return {};
}

bool fits(const char* text) {
  const RunFilter filter = RunFilter::parse(text);
  std::vector<RunCell> cells;
  for (const RunKey& key : filter.keys()) cells.push_back(cell(key));
  return filter.accepts(cells);
}

}  // namespace

void TestRunFilter::keys_are_read_as_written_data() {
  QTest::addColumn<QString>("written");
  QTest::addColumn<int>("kind");
  QTest::addColumn<QString>("text");
  const int column = static_cast<int>(RunKey::Kind::column),
            setting = static_cast<int>(RunKey::Kind::setting),
            measure = static_cast<int>(RunKey::Kind::measure);
  QTest::newRow("column") << "status" << column << "status";
  QTest::newRow("setting") << "optimizer.lr" << setting << "optimizer.lr";
  QTest::newRow("a rule's setting") << "rule.align_rate" << setting << "rule.align_rate";
  QTest::newRow("measure") << "test_accuracy" << measure << "test_accuracy:last";
  QTest::newRow("best") << "test_accuracy:best" << measure << "test_accuracy:best";
  QTest::newRow("as in documents") << "best_test_accuracy" << measure << "test_accuracy:best";
  QTest::newRow("final") << "final_test_accuracy" << measure << "test_accuracy:last";
  QTest::newRow("mean of a point") << "cos_b_j[2]:mean" << measure << "cos_b_j[2]:mean";
}

void TestRunFilter::keys_are_read_as_written() {
  QFETCH(QString, written);
  QFETCH(int, kind);
  QFETCH(QString, text);
  const RunKey key = parse_run_key(written.toStdString());
  QCOMPARE(static_cast<int>(key.kind), kind);
  QCOMPARE(QString::fromStdString(key.text()), text);
}

void TestRunFilter::unknown_keys_are_refused_with_the_nearest() {
  const std::string words = refusal([] { parse_run_key("optimizer.lrr"); });
  QVERIFY2(words.find("did you mean optimizer.lr?") != std::string::npos, words.c_str());
  QVERIFY(refusal([] { parse_run_key("test_accuracy:middle"); }).find("last, best or mean") !=
          std::string::npos);
  QVERIFY(refusal([] { parse_run_key("cos_b_j[x]"); }).find("number of a feedback point") !=
          std::string::npos);
}

void TestRunFilter::comparisons_data() {
  QTest::addColumn<bool>("expected");
  QTest::newRow("rule=grape") << true;
  QTest::newRow("rule = grape") << true;
  QTest::newRow("rule==grape") << true;  // as other languages write it
  QTest::newRow("rule == bp") << false;
  QTest::newRow("rule=bp") << false;
  QTest::newRow("rule!=bp") << true;
  QTest::newRow("optimizer.lr=1e-3") << true;  // numbers, not letters
  QTest::newRow("optimizer.lr<0.01") << true;
  QTest::newRow("optimizer.lr<0.001") << false;
  QTest::newRow("optimizer.lr<=0.001") << true;
  QTest::newRow("optimizer.lr>=0.0011") << false;
  QTest::newRow("best_test_accuracy>0.8") << true;
  QTest::newRow("test_accuracy:best>0.81") << false;
  QTest::newRow("test_accuracy>0") << false;  // never measured
  QTest::newRow("test_accuracy!=0") << true;  // nothing is not 0
  QTest::newRow("tags=good") << true;
  QTest::newRow("tags=goo") << false;
  QTest::newRow("tags~goo") << true;
  QTest::newRow("notes~\"it's\"") << true;
  QTest::newRow("notes='It''s Fine'") << true;
  QTest::newRow("notes=\"it's fine\"") << false;
  QTest::newRow("model.hidden=512,512") << true;
  QTest::newRow("started>2026-11-01") << true;
  QTest::newRow("started<2026-11-01") << false;
  QTest::newRow("rule<zzz") << true;
  QTest::newRow("rule>5") << false;  // a word is neither above nor below a number
  QTest::newRow("shapes") << true;
  QTest::newRow("shapes grape") << true;
  QTest::newRow("shapes mnist") << false;
  QTest::newRow("\"GrAPE on\"") << true;
}

void TestRunFilter::comparisons() {
  QFETCH(bool, expected);
  QCOMPARE(fits(QTest::currentDataTag()), expected);
}

void TestRunFilter::and_binds_before_or_and_not_before_both_data() {
  QTest::addColumn<bool>("expected");
  // T = rule=grape, F = rule=bp.
  QTest::newRow("rule=grape or rule=bp and rule=bp") << true;
  QTest::newRow("(rule=grape or rule=bp) and rule=bp") << false;
  QTest::newRow("rule=bp and rule=bp or rule=grape") << true;
  QTest::newRow("not rule=bp and rule=grape") << true;
  QTest::newRow("not (rule=bp or rule=grape)") << false;
  QTest::newRow("not not rule=grape") << true;
  QTest::newRow("NOT rule=grape OR rule=grape AND status=finished") << true;
  QTest::newRow("rule=bp or not status=failed") << true;
}

void TestRunFilter::and_binds_before_or_and_not_before_both() {
  QFETCH(bool, expected);
  QCOMPARE(fits(QTest::currentDataTag()), expected);
}

void TestRunFilter::what_is_wrong_is_told_with_its_place_data() {
  QTest::addColumn<QString>("words");
  QTest::newRow("rule=") << "at character 6";
  QTest::newRow("=grape") << "at character 1";
  QTest::newRow("(rule=grape") << "a ) is missing";
  QTest::newRow("rule=grape)") << "at character 11";
  QTest::newRow("rule=grape and") << "something has to follow";
  QTest::newRow("or rule=grape") << "";
  QTest::newRow("notes='open") << "the quote is not closed";
  QTest::newRow("! rule") << "";
  QTest::newRow("test_accuracy>abc") << "at character 15: test_accuracy is a number, and 'abc' is not one";
  QTest::newRow("rule=bp and epochs=many") << "at character 20: epochs is a number";
  QTest::newRow("optimizer.lr!=''") << "optimizer.lr is a number";
  QTest::newRow("rule.align_rate<high") << "rule.align_rate is a number";
  QTest::newRow("best_test_accuracy>80%") << "for 80% write 0.8";
  QTest::newRow("best_test_accuracy>0,8") << "write 0.8, with a point";
  QTest::newRow("test_accuracy>1,000.5") << "'1,000.5' is not one;";
  QTest::newRow("colour=3") << "no run has 'colour'";
}

void TestRunFilter::what_is_wrong_is_told_with_its_place() {
  QFETCH(QString, words);
  const std::string refused = refusal([] { RunFilter::parse(QTest::currentDataTag()); });
  if (words.isEmpty()) return;  // read as words; must not crash
  QVERIFY2(QString::fromStdString(refused).contains(words), refused.c_str());
}

void TestRunFilter::an_empty_filter_fits_everything() {
  QVERIFY(fits(""));
  QVERIFY(fits(" \t\n"));
  QVERIFY(RunFilter().accepts({}));
}

void TestRunFilter::deep_nesting_is_refused() {
  const std::string deep(100000, '(');
  QVERIFY(refusal([&] { RunFilter::parse(deep + "rule=bp"); }).find("too deep") != std::string::npos);
  std::string many_nots;
  for (int i = 0; i < 100000; ++i) many_nots += "not ";
  QVERIFY(refusal([&] { RunFilter::parse(many_nots + "rule=bp"); }).find("too deep") != std::string::npos);
}

void TestRunFilter::cells_are_ordered_numbers_texts_nothing() {
  QVERIFY(compare(RunCell(2.0), RunCell(10.0)) < 0);
  QVERIFY(compare(RunCell(10.0), RunCell(std::string("1"))) < 0);
  QVERIFY(compare(RunCell(std::string("b")), RunCell(std::string("a"))) > 0);
  QVERIFY(compare(RunCell(std::string("b")), RunCell()) < 0);
  QCOMPARE(compare(RunCell(), RunCell()), 0);
}

void TestRunFilter::tags_are_words() {
  QCOMPARE(tags_in("a, b  c,,d"), (std::vector<std::string>{"a", "b", "c", "d"}));
  QVERIFY(tags_in(" , ").empty());
}

QTEST_APPLESS_MAIN(TestRunFilter)
#include "test_run_filter.moc"
