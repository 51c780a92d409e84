// The library in the terminal: choose, delete, restore, ask in SQL, compare groups, take curves in and
// out.
#include "engine/runs/colours.h"
#include "tests/app/small_runs.h"
#include "tests/app/terminal.h"
#include "tests/runs/support.h"

using namespace grapevine;

class TestLibrary : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void list_filters_sorts_and_shows_columns();
  void a_wrong_filter_is_one_line_and_status_2();
  void delete_hides_and_restore_brings_back();
  void query_reads_and_prints_cleaned_text();
  void query_cannot_write();
  void compare_groups_over_seeds();
  void compare_by_ids_keeps_its_document();
  void compare_keeps_kinds_of_score_apart();
  void csv_of_several_runs_names_them();
  void curves_go_out_and_come_in();
  void imported_curves_survive_every_reader();
  void a_csv_that_is_wrong_changes_nothing_data();
  void a_csv_that_is_wrong_changes_nothing();
  void tensorboard_files_take_a_folder_each();
  void watch_prints_one_frame_on_a_pipe();
  void a_report_holds_figures_settings_and_commands();
  void runs_of_one_rule_are_known_by_their_dashes();
  void a_report_has_tables_for_a_page();
  void a_list_says_what_differs();

 private:
  std::string database() const { return terminal_->database().toStdString(); }
  std::int64_t add(const char* rule, std::int64_t seed, double accuracy, const char* name = "",
                   const char* measure = "test_accuracy");
  Outcome run(const QStringList& arguments) const { return terminal_->run(arguments); }
  QList<int> listed(const QStringList& arguments) const;

  std::unique_ptr<Terminal> terminal_;
  int count_ = 0;
};

void TestLibrary::init() {
  terminal_ = std::make_unique<Terminal>();
  count_ = 0;
}

std::int64_t TestLibrary::add(const char* rule, std::int64_t seed, double accuracy, const char* name,
                              const char* measure) {
  return store_small_run(database(), ++count_, {rule, seed, accuracy, name, measure});
}

QList<int> TestLibrary::listed(const QStringList& arguments) const {
  QList<int> ids;
  const Outcome outcome = run(QStringList{"list", "--json"} + arguments);
  for (const QJsonValue& one : outcome.json()["runs"_L1].toArray()) ids += one["id"_L1].toInt();
  return ids;
}

void TestLibrary::list_filters_sorts_and_shows_columns() {
  add("bp", 0, 0.9, "first one");
  add("dfa", 1, 0.7);
  add("grape", 2, 0.8);
  QCOMPARE(listed({}), (QList<int>{3, 2, 1}));
  QCOMPARE(listed({"--filter", "rule=grape or best_test_accuracy>0.85"}), (QList<int>{3, 1}));
  QCOMPARE(listed({"--filter", "not rule=bp and seed<2"}), (QList<int>{2}));
  QCOMPARE(listed({"--filter", "\"first one\""}), (QList<int>{1}));
  QCOMPARE(listed({"--sort", "best_test_accuracy"}), (QList<int>{1, 3, 2}));  // the best first
  QCOMPARE(listed({"--sort", "best_test_accuracy", "--reverse", "--limit", "2"}), (QList<int>{2, 3}));
  QCOMPARE(listed({"--sort", "rule"}), (QList<int>{1, 2, 3}));
  const Outcome columns =
      run({"list", "--json", "--columns", "optimizer.lr,cos_b_j:mean", "--filter", "id=1"});
  const QJsonObject values = columns.json()["runs"_L1][0]["values"_L1].toObject();
  QCOMPARE(values["optimizer.lr"_L1].toDouble(), 1e-4);
  QCOMPARE(values["cos_b_j:mean"_L1].toDouble(), 0.375);
  QVERIFY(run({"list", "--filter", "rule=ff"}).out.contains("No runs match"));
  QVERIFY(run({"list", "--columns", "seed"}).out.contains("seed"));
}

void TestLibrary::a_wrong_filter_is_one_line_and_status_2() {
  add("bp", 0, 0.9);
  for (const char* filter : {"rule=", "optimizer.lrr>1", "(rule=bp", "name='x"}) {
    const Outcome outcome = run({"list", "--filter", filter});
    QCOMPARE(outcome.status, 2);
    QVERIFY2(is_one_line(outcome.err), qPrintable(outcome.err));
  }
}

void TestLibrary::delete_hides_and_restore_brings_back() {
  add("bp", 0, 0.9);
  add("dfa", 0, 0.8);
  QCOMPARE(run({"delete", "1", "--json"}).json()["runs"_L1].toArray(), QJsonArray{1});
  QCOMPARE(listed({}), QList<int>{2});
  QCOMPARE(listed({"--deleted"}), QList<int>{1});
  QVERIFY(run({"show", "1"}).err.contains("grapevine-cli restore 1"));
  QCOMPARE(run({"delete", "1"}).status, 2);
  QCOMPARE(run({"restore", "2"}).status, 2);
  QCOMPARE(run({"restore", "1"}).status, 0);
  QCOMPARE(listed({}), (QList<int>{2, 1}));
  QCOMPARE(run({"show", "1"}).status, 0);
}

void TestLibrary::query_reads_and_prints_cleaned_text() {
  add("bp", 3, 0.9, "a\033[31mb");
  const Outcome outcome = run({"query", "SELECT name, seed, NULL AS none, seed AS seed FROM runs"});
  QCOMPARE(outcome.status, 0);
  for (const QChar c : outcome.out) QVERIFY(c == '\n' || c >= ' ');
  const QJsonObject json = run({"query", "SELECT seed, name, NULL AS none FROM runs", "--json"}).json();
  QCOMPARE(json["columns"_L1].toArray(), (QJsonArray{"seed", "name", "none"}));
  QCOMPARE(json["rows"_L1][0]["seed"_L1].toInt(), 3);
  QVERIFY(json["rows"_L1][0]["none"_L1].isNull());
}

void TestLibrary::query_cannot_write() {
  add("bp", 3, 0.9);
  for (const char* sql : {"DELETE FROM runs", "PRAGMA user_version=7", "ATTACH 'x.db' AS x", "nonsense"}) {
    const Outcome outcome = run({"query", sql});
    QCOMPARE(outcome.status, 2);
    QVERIFY2(is_one_line(outcome.err), qPrintable(outcome.err));
  }
  QVERIFY(!QFile::exists(terminal_->path("x.db")));
  QCOMPARE(listed({}), QList<int>{1});
}

void TestLibrary::compare_groups_over_seeds() {
  for (int seed = 0; seed < 3; ++seed) {
    add("bp", seed, 0.9 + 0.01 * seed);
    add("dfa", seed, 0.7);
    add("grape", seed, 0.8 + 0.01 * seed);
  }
  const QJsonObject json =
      run({"compare", "--group", "rule", "--measures", "test_accuracy:best", "--json"}).json();
  QCOMPARE(json["groups"_L1].toArray().size(), 3);
  const QJsonObject bp = json["groups"_L1][0].toObject();
  QCOMPARE(bp["settings"_L1]["rule"_L1].toString(), QString("bp"));
  QCOMPARE(bp["n"_L1].toInt(), 3);
  QVERIFY(std::abs(bp["values"_L1]["test_accuracy:best"_L1]["mean"_L1].toDouble() - 0.91) < 1e-9);
  QVERIFY(std::abs(bp["values"_L1]["test_accuracy:best"_L1]["std"_L1].toDouble() - 0.01) < 1e-9);
  // Over the seeds: 0.1, 0.11, 0.12 of 0.2, 0.21, 0.22.
  QVERIFY(std::abs(json["gap_closed"_L1][0]["value"_L1].toDouble() - 0.33 / 0.63) < 1e-9);
  QVERIFY(json["gap_closed"_L1][0]["interval"_L1].isArray());
  QCOMPARE(json["paired_differences"_L1].toArray().size(), 3);
  const Outcome table = run({"compare", "--group", "rule"});
  QVERIFY2(table.out.contains("90.00") && table.out.contains("N"), qPrintable(table.out));
  QVERIFY(table.out.contains("52.4 %"));
  QCOMPARE(run({"compare", "--group", "colour"}).status, 2);
  QCOMPARE(run({"compare", "--group", "rule", "--measures", "seed"}).status, 2);
}

void TestLibrary::compare_by_ids_keeps_its_document() {
  add("bp", 0, 0.9);
  add("dfa", 0, 0.8);
  const QJsonObject json = run({"compare", "1", "2", "--json"}).json();
  QCOMPARE(json["runs"_L1].toArray().size(), 2);
  QVERIFY(json["differences"_L1].toObject().contains("rule.name"));
  QVERIFY(!json["differences"_L1].toObject().contains("seed"));
  QCOMPARE(run({"compare", "1"}).status, 2);
}

// A perplexity is not an accuracy: one row per score, blank where a run has none.
void TestLibrary::compare_keeps_kinds_of_score_apart() {
  add("bp", 0, 0.9);
  add("bp", 0, 300, "", "test_perplexity");
  const Outcome outcome = run({"compare", "1", "2"});
  const auto row = [&](const QString& what) {
    const QStringList lines = outcome.out.split('\n');
    const auto found = std::find_if(lines.begin(), lines.end(),
                                    [&](const QString& line) { return line.trimmed().startsWith(what); });
    return found == lines.end() ? QString() : *found;
  };
  QVERIFY2(row("test accuracy").contains("89.00 %") && !row("test accuracy").contains("299"),
           qPrintable(outcome.out));
  QVERIFY2(row("test perplexity").contains("299.99") && !row("test perplexity").contains('%'),
           qPrintable(outcome.out));
}

void TestLibrary::csv_of_several_runs_names_them() {
  add("bp", 4, 0.9, "with, comma");
  add("dfa", 5, 0.8, "second");
  const QStringList lines = run({"export", "1", "2", "--format", "csv"}).out.split('\n');
  QCOMPARE(lines[0], QString("run,name,rule,seed,measure,point,step,epoch,seconds,value"));
  QCOMPARE(lines.size(), 1 + 8 + 1);
  QVERIFY2(lines[1].startsWith("1,\"with, comma\",bp,4,"), qPrintable(lines[1]));
  QVERIFY(lines[8].startsWith("2,second,dfa,5,"));
  QCOMPARE(run({"export", "1", "2", "--format", "json"}).json()["runs"_L1].toArray().size(), 2);
  // One run's file stays as it was.
  QVERIFY(run({"export", "1", "--format", "csv"}).out.startsWith("measure,point,step,epoch,seconds,value\n"));
  QCOMPARE(run({"export", "1", "2", "--format", "checkpoint", "-o", "x.checkpoint"}).status, 2);
}

void TestLibrary::curves_go_out_and_come_in() {
  add("bp", 4, 0.9, "one");
  add("dfa", 5, 0.8, "two");
  QCOMPARE(run({"export", "1", "2", "-o", "both.csv"}).status, 0);
  const Outcome taken = run({"import", "both.csv", "--json", "--db", terminal_->path("other.db")});
  QCOMPARE(taken.status, 0);
  QCOMPARE(taken.json()["runs"_L1].toArray().size(), 2);
  const Outcome again = run({"import", "both.csv", "--json", "--db", terminal_->path("other.db")});
  QVERIFY(again.json()["runs"_L1].toArray().isEmpty());
  QCOMPARE(again.json()["known"_L1].toInt(), 2);
  const QStringList before = samples_of(run({"export", "2", "--format", "csv"}).out.toUtf8());
  QCOMPARE(
      samples_of(run({"export", "2", "--format", "csv", "--db", terminal_->path("other.db")}).out.toUtf8()),
      before);
  QCOMPARE(QString::fromStdString(ask(terminal_->path("other.db").toStdString(),
                                      "SELECT group_concat(name || rule || seed || origin, ';') FROM runs")),
           QString("onebp4CSV: both.csv;twodfa5CSV: both.csv"));
}

void TestLibrary::imported_curves_survive_every_reader() {
  terminal_->write("curves.csv", "step,test_accuracy,cos_b_j[2]\n1,0.5,\n2,0.75,0.25\n3,nan,0.5\n");
  QCOMPARE(run({"import", "curves.csv"}).status, 0);
  QCOMPARE(listed({"--filter", "best_test_accuracy=0.75 and origin~curves"}), QList<int>{1});
  add("bp", 0, 0.9);
  for (const QStringList& arguments : {QStringList{"list"},
                                       {"show", "1"},
                                       {"show", "1", "--json"},
                                       {"compare", "1", "2"},
                                       {"compare", "--group", "rule,optimizer.lr"},
                                       {"export", "1", "--format", "json"},
                                       {"export", "1", "--format", "csv"},
                                       {"db", "check"},
                                       {"query", "SELECT * FROM runs"}}) {
    const Outcome outcome = run(arguments);
    QVERIFY2(outcome.status == 0, qPrintable(arguments.join(' ') + ": " + outcome.err));
  }
  for (const QStringList& arguments : {QStringList{"resume", "1"},
                                       {"resume", "1", "--set", "train.epochs=1"},
                                       {"export", "1", "-o", "one.pt"},
                                       {"export", "1", "-o", "one.safetensors"},
                                       {"export", "1", "-o", "one.checkpoint"}}) {
    const Outcome refused = run(arguments);
    QCOMPARE(refused.status, 2);
    QVERIFY2(is_one_line(refused.err) && refused.err.contains("it has no experiment and no parameters"),
             qPrintable(refused.err));
  }
}

void TestLibrary::a_csv_that_is_wrong_changes_nothing_data() {
  QTest::addColumn<QByteArray>("content");
  QTest::addColumn<QString>("words");
  QTest::newRow("no step") << QByteArray("epoch,loss\n1,2\n") << "no column 'step'";
  QTest::newRow("what is there") << QByteArray("epoch,loss\n1,2\n")
                                 << "columns epoch, loss, separated by commas";
  QTest::newRow("a step twice") << QByteArray("step,loss\n3,1\n1,2\n\n1,5\n")
                                << "line 5: step 1 appears a second time";
  QTest::newRow("a column twice") << QByteArray("step,loss,Loss\n1,2,3\n")
                                  << "'loss' appears twice, as number 2 and 3";
  QTest::newRow("no name") << QByteArray("step,\n1,2\n") << "column 2 has values and no name";
  QTest::newRow("beyond percent") << QByteArray("step,test_accuracy\n1,150\n") << "from 0 to 150";
  QTest::newRow("negative share") << QByteArray("step,test_accuracy\n1,-0.5\n") << "from -0.5 to 0";
  QTest::newRow("JSON") << QByteArray("{\"threads\": 1}\n") << "it is JSON";
  QTest::newRow("events") << QByteArray(
                                 "\x18\0\0\0\0\0\0\0\xa3\x7f\x4b\x22\x09\0\0\xc0\xb4\x89\x1a\xda\x41\x1a\x0d"
                                 "brain.Event:2",
                                 36)
                          << "TensorBoard event file";
  QTest::newRow("Latin-1") << QByteArray("step,caf\xe9\n1,2\n") << "Latin-1";
  QTest::newRow("no measure named") << QByteArray("Wall time,Step,Value\n1,2,3\n")
                                    << "name the file after it";
  QTest::newRow("no measure") << QByteArray("step,test_acuracy\n1,2\n") << "did you mean test_accuracy?";
  QTest::newRow("no number") << QByteArray("step,loss\n1,two\n") << "line 2";
  QTest::newRow("half a step") << QByteArray("step,loss\n1.5,2\n") << "whole number";
  QTest::newRow("too many fields") << QByteArray("step,loss\n1,2,3\n") << "3 fields";
  QTest::newRow("open quote") << QByteArray("step,loss\n1,\"2\n") << "quote";
  QTest::newRow("empty") << QByteArray() << "no curves";
  QTest::newRow("zeros") << QByteArray(100, '\0') << "";
}

void TestLibrary::a_csv_that_is_wrong_changes_nothing() {
  QFETCH(QByteArray, content);
  QFETCH(QString, words);
  terminal_->write("wrong.csv", content);
  const Outcome outcome = run({"import", "wrong.csv"});
  QCOMPARE(outcome.status, 2);
  QVERIFY2(is_one_line(outcome.err) && outcome.err.contains(words), qPrintable(outcome.err));
  QVERIFY(!QFile::exists(terminal_->database()));
}

void TestLibrary::tensorboard_files_take_a_folder_each() {
  add("bp", 0, 0.9);
  add("dfa", 0, 0.8);
  QVERIFY(QDir(terminal_->path("")).mkdir("board"));
  const Outcome outcome = run({"export", "1", "2", "--format", "tensorboard", "-o", "board"});
  QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
  QStringList folders =
      QDir(terminal_->path("board")).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
  QCOMPARE(folders, (QStringList{"run-1-bp", "run-2-dfa"}));
  const QStringList files = QDir(terminal_->path("board/run-1-bp")).entryList(QDir::Files);
  QCOMPARE(files.size(), 1);
  QVERIFY(files[0].startsWith("events.out.tfevents."));
  QCOMPARE(run({"export", "1", "--format", "tensorboard", "-o", "events.out.tfevents.1"}).status, 0);
  QCOMPARE(run({"export", "1", "2", "--format", "tensorboard", "-o", "one.tfevents"}).status, 2);
  // A folder that isn't there yet is made.
  QCOMPARE(run({"export", "1", "2", "--format", "tensorboard", "-o", "new"}).status, 0);
  QCOMPARE(run({"export", "1", "--format", "tensorboard", "-o", "alone/"}).status, 0);
  QVERIFY(QDir(terminal_->path("new/run-2-dfa")).exists() &&
          QDir(terminal_->path("alone/run-1-bp")).exists());
}

void TestLibrary::watch_prints_one_frame_on_a_pipe() {
  QVERIFY(run({"watch"}).err.contains("no runs yet"));
  add("bp", 0, 0.9, "a\033[31mb");
  add("dfa", 0, 0.8);
  const Outcome newest = run({"watch"});
  QCOMPARE(newest.status, 0);
  QVERIFY2(newest.out.startsWith("Run 2 "), qPrintable(newest.out));
  const Outcome both = run({"watch", "1", "2"});
  for (const QChar c : both.out) QVERIFY(c == '\n' || c >= ' ');
  QVERIFY(both.out.contains("89.0 %"));
  QVERIFY2(both.out.contains("  BP  ") && both.out.contains("  DFA  "), qPrintable(both.out));
  // Two layers, of cosines 0.5 and 0.25, as digits.
  QVERIFY2(QRegularExpression("0\\.500 +5\n.* 0\\.250 +2\n").match(both.out).hasMatch(),
           qPrintable(both.out));
  QCOMPARE(both.out.count("A digit is a cosine's first decimal"), 1);
  // A run's document is the one that show gives, with nothing left out.
  const QJsonValue watched = run({"watch", "1", "--json"}).json()["runs"_L1][0];
  const QJsonObject shown = run({"show", "1", "--json"}).json();
  for (const char* member : {"alignment", "network", "final_test_accuracy"}) {
    QVERIFY2(!shown[QLatin1String(member)].isUndefined(), member);
    QCOMPARE(watched[QLatin1String(member)], shown[QLatin1String(member)]);
  }
  QCOMPARE(run({"watch", "7"}).status, 2);
}

void TestLibrary::a_report_holds_figures_settings_and_commands() {
  add("bp", 0, 0.9, "<script>alert(1)</script>");
  add("dfa", 0, 0.8);
  QCOMPARE(run({"export", "1", "2", "-o", "report.html"}).status, 0);
  const QString page = QString::fromUtf8(terminal_->read("report.html"));
  QVERIFY(!page.contains("<script"));
  QVERIFY(page.contains("&lt;script&gt;"));
  QVERIFY(page.count("<svg ") >= 2);  // test accuracy, alignment
  for (const char* words :
       {"rule.name", "grapevine-cli train", "Settings that differ", "data digest", "run 2"})
    QVERIFY2(page.contains(words), words);
  // Every element that opens closes: as XML but for what HTML leaves open.
  for (const char* tag : {"table", "svg", "pre", "h2", "body", "tr", "text"})
    QCOMPARE(page.count("<" + QString(tag) + ">") + page.count("<" + QString(tag) + " "),
             page.count("</" + QString(tag) + ">"));
  QCOMPARE(run({"export", "1", "-o", "figures.svg"}).status, 0);
  QVERIFY(terminal_->read("figures.svg").startsWith("<svg "));
  // In a list runs have the names that were given them where these differ, and their rules' colours.
  QCOMPARE(run({"export", "1", "2", "-o", "two.svg"}).status, 0);
  const QByteArray two = terminal_->read("two.svg");
  for (const char* rule : {"bp", "dfa"})
    QVERIFY2(two.contains("#" + QByteArray::number(rule_hue(rule)->light, 16).rightJustified(6, '0')), rule);
  QVERIFY(two.contains(">&lt;script&gt;"));
  QCOMPARE(run({"export", "1", "2", "-o", "figures.pdf"}).status, 0);
  QVERIFY(terminal_->read("figures.pdf").startsWith("%PDF-"));
  QCOMPARE(run({"export", "1", "-o", "figures.png"}).status, 0);
  const QByteArray picture = terminal_->read("figures.png");
  QVERIFY(picture.startsWith("\x89PNG\r\n"));
  QCOMPARE(picture.mid(16, 4).toHex(), QByteArray("00000500"));  // 640 pixels of 96 an inch, at 192
  QCOMPARE(run({"export", "1", "--format", "png"}).status, 2);   // not into a terminal
  // Macrons are drawn above their letters, of whatever script, and also where there is none.
  add("bp", 1, 0.9, "\u0304x\u03b4\u0304\u0304");
  QCOMPARE(run({"export", "3", "-o", "barred.png"}).status, 0);
}

void TestLibrary::runs_of_one_rule_are_known_by_their_dashes() {
  QStringList ids;
  for (int seed = 0; seed < 6; ++seed) ids << QString::number(add("dfa", seed, 0.5 + 0.05 * seed));
  QCOMPARE(run(QStringList{"export"} + ids + QStringList{"--group", "id", "-o", "six.svg"}).status, 0);
  const QString drawing = QString::fromUtf8(terminal_->read("six.svg"));
  QSet<QString> dashes;
  const QRegularExpression dash("stroke-dasharray=\"([^\"]+)\"");
  for (auto found = dash.globalMatch(drawing); found.hasNext();) dashes << found.next().captured(1);
  QCOMPARE(dashes.size(), 5);  // and the solid one
}

void TestLibrary::a_report_has_tables_for_a_page() {
  const auto page = [&](const QStringList& ids) {
    if (run(QStringList{"export"} + ids + QStringList{"-o", "report.html"}).status != 0) return QString();
    return QString::fromUtf8(terminal_->read("report.html"));
  };
  add("bp", 0, 0.9);
  add("dfa", 0, 0.8);
  const QString one_seed = page({"1", "2"});
  // What would be text in columns breaks where the page ends: only commands are.
  QCOMPARE(one_seed.count("<pre>"), 1);
  QVERIFY(one_seed.contains("<th>rule.name</th><th>N</th>"));
  QVERIFY(!one_seed.contains("DFA − BP"));
  QVERIFY(one_seed.contains("without an interval"));
  add("bp", 1, 0.85);
  add("dfa", 1, 0.7);
  add("bp", 2, 0.87);
  add("dfa", 2, 0.74);
  const QString three_seeds = page({"1", "2", "3", "4", "5", "6"});
  QVERIFY(three_seeds.contains("<th>DFA − BP</th>"));
  QVERIFY(!three_seeds.contains("without an interval"));
}

void TestLibrary::a_list_says_what_differs() {
  add("bp", 0, 0.75);
  add("bp", 1, 0.5);
  add("dfa", 1, 0.5);
  const QString differences = run({"list", "--differences"}).out;
  QVERIFY2(differences.section('\n', 0, 0).contains(" seed"), qPrintable(differences));
  QVERIFY(!differences.contains("rule.name"));  // the column rule says it
  const QJsonArray runs = run({"list", "--differences", "--json"}).json()["runs"_L1].toArray();
  QCOMPARE(runs.last()["values"_L1]["seed"_L1].toInt(-1), 0);
  QVERIFY(!run({"list", "--differences", "--filter", "seed=1 and rule=bp"}).out.contains("seed"));
  // Momentum is SGD's: with Adam, the default, the cell is empty.
  tell(database(),
       "UPDATE runs SET experiment = json_set(experiment, '$.optimizer.name', 'sgd', '$.optimizer.momentum', "
       "id / 4.0) WHERE id < 3; "
       "UPDATE runs SET experiment = json_set(experiment, '$.optimizer.momentum', 0.75) WHERE id = 3");
  QHash<int, QJsonValue> momenta;
  for (const QJsonValue& one : run({"list", "--differences", "--json"}).json()["runs"_L1].toArray())
    momenta[one["id"_L1].toInt()] = one["values"_L1]["optimizer.momentum"_L1];
  QCOMPARE(momenta[1].toDouble(), 0.25);
  QCOMPARE(momenta[2].toDouble(), 0.5);
  QVERIFY(momenta[3].isNull());
}

QTEST_GUILESS_MAIN(TestLibrary)
#include "test_library.moc"
