// Questions in SQL read, and do nothing else.
#include <QtTest>

#include "engine/runs/sql_query.h"
#include "tests/runs/support.h"

using namespace grapevine;

class TestSqlQuery : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void answers_come_with_their_types();
  void columns_have_names_of_their_own();
  void nothing_can_be_changed_data();
  void nothing_can_be_changed();
  void what_is_not_sql_is_refused_data();
  void what_is_not_sql_is_refused();
  void an_answer_without_end_ends();
  void a_view_of_the_users_own_is_a_question();
  void the_tables_can_be_looked_at();

 private:
  Folder folder_;
};

void TestSqlQuery::initTestCase() {
  RunWriter writer(folder_.database(), single());
  Observations news;
  news.samples = {sample(0, "loss", 0, 1, 0.5), sample(0, "loss", 0, 2, std::nan(""))};
  post(writer, news);
  writer.finish(RunStatus::finished, "");
}

void TestSqlQuery::answers_come_with_their_types() {
  const SqlAnswer answer = ask_in_sql(
      folder_.database(), "SELECT value, step, 'a' || char(0) || 'b', x'00ff' FROM samples ORDER BY step;");
  QCOMPARE(answer.rows.size(), std::size_t{2});
  QCOMPARE(std::get<double>(answer.rows[0][0]), 0.5);
  QVERIFY(std::holds_alternative<std::monostate>(answer.rows[1][0]));
  QCOMPARE(std::get<std::int64_t>(answer.rows[1][1]), 2);
  QCOMPARE(std::get<std::string>(answer.rows[0][2]), std::string("a\0b", 3));
  QCOMPARE(std::get<std::string>(answer.rows[0][3]), std::string("x'00ff'"));
}

void TestSqlQuery::columns_have_names_of_their_own() {
  const SqlAnswer answer = ask_in_sql(folder_.database(), "SELECT a.id, b.id FROM runs a, runs b WHERE 0");
  QCOMPARE(answer.columns, (std::vector<std::string>{"id", "id_2"}));
  QVERIFY(answer.rows.empty());
}

void TestSqlQuery::nothing_can_be_changed_data() {
  QTest::addColumn<QString>("sql");
  const QString other = QString::fromStdString(folder_.path("other.db"));
  for (const QString& sql :
       {QString("UPDATE runs SET name = 'x'"), QString("DELETE FROM runs"), QString("DROP TABLE runs"),
        QString("INSERT INTO runs (id) VALUES (9)"), QString("CREATE TABLE mine (a)"),
        QString("CREATE TEMP TABLE mine (a)"), "ATTACH '" + other + "' AS other",
        "VACUUM INTO '" + other + "'", QString("PRAGMA journal_mode = DELETE"),
        QString("PRAGMA user_version = 9"), QString("PRAGMA query_only = OFF"),
        QString("PRAGMA writable_schema = ON"), QString("REINDEX"), QString("ANALYZE"),
        QString("BEGIN IMMEDIATE"), QString("SAVEPOINT a"), QString("SELECT load_extension('x')"),
        QString("WITH a AS (SELECT 1) DELETE FROM runs"), QString("UPDATE runs SET name = 'x' RETURNING id")})
    QTest::addRow("%s", qPrintable(sql.left(40))) << sql;
}

void TestSqlQuery::nothing_can_be_changed() {
  QFETCH(QString, sql);
  const std::string before =
      ask(folder_.database(), "SELECT name || user_version FROM runs, pragma_user_version");
  const std::string words = refusal([&] { ask_in_sql(folder_.database(), sql.toStdString()); });
  QVERIFY(!words.empty());
  QCOMPARE(ask(folder_.database(), "SELECT name || user_version FROM runs, pragma_user_version"), before);
  QCOMPARE(ask(folder_.database(), "PRAGMA journal_mode"), std::string("wal"));
  QVERIFY(!QFile::exists(QString::fromStdString(folder_.path("other.db"))));
}

void TestSqlQuery::what_is_not_sql_is_refused_data() {
  QTest::addColumn<QString>("words");
  QTest::newRow("SELECT nought FROM runs") << "no such column: nought";
  QTest::newRow("SELEC 1") << "syntax error";
  QTest::newRow("") << "there is no query";
  QTest::newRow("-- only a comment") << "there is no query";
  QTest::newRow("SELECT 1; SELECT 2") << "one statement";
  QTest::newRow("SELECT 1; DELETE FROM runs") << "changes nothing";
}

void TestSqlQuery::what_is_not_sql_is_refused() {
  QFETCH(QString, words);
  const std::string refused = refusal([&] { ask_in_sql(folder_.database(), QTest::currentDataTag()); });
  QVERIFY2(QString::fromStdString(refused).contains(words), refused.c_str());
}

void TestSqlQuery::an_answer_without_end_ends() {
  const char* endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n";
  const std::string refused = refusal([&] { ask_in_sql(folder_.database(), endless, 100'000); });
  QVERIFY2(has(refused, "ask for less, as with LIMIT"), refused.c_str());
  QCOMPARE(ask_in_sql(folder_.database(), endless + std::string(" LIMIT 1000"), 100'000).rows.size(),
           std::size_t{1000});
}

void TestSqlQuery::a_view_of_the_users_own_is_a_question() {
  tell(folder_.database(), "CREATE VIEW mine AS SELECT id, rule FROM runs");
  QCOMPARE(std::get<std::string>(ask_in_sql(folder_.database(), "SELECT rule FROM mine").rows.at(0).at(0)),
           std::string("dfa"));
}

void TestSqlQuery::the_tables_can_be_looked_at() {
  QVERIFY(ask_in_sql(folder_.database(), "PRAGMA table_info(runs)").rows.size() > 20);
  QVERIFY(ask_in_sql(folder_.database(), "SELECT name FROM pragma_table_info('samples')").rows.size() == 5);
  QCOMPARE(
      ask_in_sql(folder_.database(), "SELECT value FROM runs, json_each(runs.experiment) WHERE key = 'seed'")
          .rows.size(),
      std::size_t{1});
  QCOMPARE(std::get<std::int64_t>(ask_in_sql(folder_.database(), "PRAGMA user_version").rows.at(0).at(0)), 2);
  QCOMPARE(ask_in_sql(folder_.database(), "SELECT 1;; -- and a comment").rows.size(), std::size_t{1});
}

QTEST_APPLESS_MAIN(TestSqlQuery)
#include "test_sql_query.moc"
