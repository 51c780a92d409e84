// What leaves the database in the terminal: figures on a paper's page, curves as arrays, frames of a watched
// run.
#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>

#include "engine/runs/colours.h"
#include "tests/app/small_runs.h"
#include "tests/app/terminal.h"

using namespace grapevine;

class TestTakingAway : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    terminal_ = std::make_unique<Terminal>();
    count_ = 0;
  }
  void figures_share_a_page_of_a_papers_size();
  void panels_are_read_without_their_neighbours();
  void seeds_of_one_experiment_are_one_line();
  void axes_hold_the_largest_numbers_and_the_smallest();
  void groups_are_made_as_asked_for();
  void a_report_says_in_words_what_was_measured();
  void curves_are_arrays();
  void watching_ends_where_the_database_is_gone();

 private:
  std::string database() const { return terminal_->database().toStdString(); }
  void add(const char* rule, std::int64_t seed, double accuracy, const char* name) {
    store_small_run(database(), ++count_, {rule, seed, accuracy, name});
  }
  Outcome run(const QStringList& arguments) const { return terminal_->run(arguments); }

  std::unique_ptr<Terminal> terminal_;
  int count_ = 0;
};

void TestTakingAway::figures_share_a_page_of_a_papers_size() {
  add("bp", 0, 0.9, "one");
  add("dfa", 0, 0.8, "two");
  const QStringList page{"export",       "1",           "2",         "--measures", "test_accuracy,cos_b_j",
                         "--width",      "17",          "--columns", "2",          "--font",
                         "Nimbus Roman", "--font-size", "9",         "--letters"};
  QCOMPARE(run(page + QStringList{"-o", "page.svg"}).status, 0);
  const QString svg = QString::fromUtf8(terminal_->read("page.svg"));
  QVERIFY2(svg.contains("width=\"17.00cm\""), qPrintable(svg.left(300)));
  QVERIFY(svg.contains("font-family=\"Nimbus Roman, "));
  QVERIFY(svg.contains("font-size=\"12.0\""));  // 9 points are 12 pixels of 96 an inch
  QVERIFY(svg.contains(">a</text>") && svg.contains(">b</text>") && !svg.contains(">c</text>"));
  QCOMPARE(svg.count(">one</text>"), 1);  // one legend for both
  QCOMPARE(run(page + QStringList{"-o", "page.png"}).status, 0);
  // 17 cm at 300 pixels per inch: 17 / 2.54 · 300 = 2007.9.
  QCOMPARE(terminal_->read("page.png").mid(16, 4).toHex(), QByteArray("000007d8"));
  QCOMPARE(run(page + QStringList{"-o", "page.pdf"}).status, 0);
  // 17 / 2.54 · 72 = 481.9 points.
  QVERIFY(terminal_->read("page.pdf").contains("/MediaBox [ 0 0 481.88"));
  for (const QStringList& bad : std::initializer_list<QStringList>{{"--width", "17in"},
                                                                   {"--width", "5", "--columns", "3"},
                                                                   {"--columns", "0"},
                                                                   {"--font-size", "900"},
                                                                   {"--panel-height", "1"},
                                                                   {"--measures", "test_acuracy"},
                                                                   {"--measures", "validation_loss"}})
    QCOMPARE(run(QStringList{"export", "1", "2", "-o", "page.svg"} + bad).status, 2);
  QCOMPARE(run({"export", "1", "--format", "csv", "--letters"}).status, 2);
}

// A measure that one rule alone has leaves the others' panel as it is: no line means two things. 0.11 to 0.93
// hold one multiple of 0.5 alone, and four of 0.2. Letters of 9 points leave 283 of 302 pixels beside the
// panel's own for a title of some 265.
void TestTakingAway::panels_are_read_without_their_neighbours() {
  store_small_run(database(), ++count_, {"bp", 0, 0.12, "one"});
  store_small_run(database(), ++count_, {"dfa", 0, 0.93, "two"});
  store_small_run(database(), ++count_, {"fa", 0, 0.5, "three", "test_loss"});
  const auto page = [&](const QStringList& more) {
    const QStringList words{"export",      "1", "2",         "3",  "--measures", "test_accuracy,cos_b_j",
                            "--font-size", "9", "--letters", "-o", "page.svg"};
    return run(words + more).status == 0 ? QString::fromUtf8(terminal_->read("page.svg")) : QString();
  };
  const QString wide = page({"--width", "17", "--columns", "2"});
  for (const char* name : {">one</text>", ">two</text>", ">three</text>"}) QCOMPARE(wide.count(name), 1);
  QCOMPARE(wide.count(" %</text>"), 4);
  QVERIFY(page({"--width", "8", "--columns", "1"}).contains("mean over the layers</text>"));
}

namespace {

/// Places along the height that a path of these attributes has, in the order in which it is written.
QList<double> heights_of(const QString& svg, const QString& attributes) {
  const QRegularExpression path("<path d=\"([^\"]+)\" " + attributes);
  const QRegularExpression place("[ML][-0-9.]+ ([-0-9.]+)");
  QList<double> heights;
  const QRegularExpressionMatch found = path.match(svg);
  for (auto each = place.globalMatch(found.captured(1)); each.hasNext();)
    heights << each.next().captured(1).toDouble();
  return heights;
}

QString hue_of(const char* rule) {
  return "#" + QString::number(rule_hue(rule)->light, 16).rightJustified(6, '0');
}

}  // namespace

// Two seeds with 0.5 and 0.7 (a hundredth less at the end): the mean is 0.6, the deviation √0.02, the
// standard error 0.1, and so far is each of the two from the mean. The other runs hold the axis.
void TestTakingAway::seeds_of_one_experiment_are_one_line() {
  add("dfa", 0, 0.5, "one");
  add("dfa", 1, 0.7, "two");
  add("bp", 0, 0.95, "three");
  add("drtp", 0, 0.05, "four");
  const QStringList words{"export", "1", "2", "3", "4", "--measures", "test_accuracy"};
  const auto drawn = [&](const QStringList& more) {
    if (run(words + more + QStringList{"-o", "groups.svg"}).status != 0) return QString();
    return QString::fromUtf8(terminal_->read("groups.svg"));
  };
  const QString svg = drawn({});
  const QString mean = "fill=\"none\" stroke-width=\"1.5\" stroke=\"" + hue_of("dfa") + "\"",
                thin = "fill=\"none\" stroke-width=\"0.75\"", band = "fill=\"" + hue_of("dfa") + "\"";
  for (const char* text : {">DFA, N 2</text>", ">BP</text>", ">Band: mean ± standard deviation</text>"})
    QVERIFY2(svg.contains(text), text);
  QVERIFY(!svg.contains(">one</text>"));
  QCOMPARE(svg.count("fill-opacity"), 1);  // a run alone has no band
  QCOMPARE(svg.count(thin), 2);
  QCOMPARE(svg.count("text-anchor=\"start\">DFA"), 1);  // thin lines are not in the legend
  const auto reach = [&](const QString& drawing) {
    const QList<double> middle = heights_of(drawing, mean), edges = heights_of(drawing, band);
    if (middle.size() != 2 || edges.size() != 4) return -1.0;
    // Along the lower edge and back along the upper one.
    return std::abs((edges[0] - middle[0]) - (middle[0] - edges[3])) < 0.25 ? edges[0] - middle[0] : -1.0;
  };
  const QString errors = drawn({"--band", "error"}), ranges = drawn({"--band", "range"});
  QVERIFY(errors.contains(">Band: mean ± standard error</text>"));
  QVERIFY(ranges.contains(">Band: least to largest</text>"));
  QVERIFY(reach(ranges) > 0);
  QVERIFY(std::abs(reach(errors) - reach(ranges)) < 0.25);
  QVERIFY(std::abs(reach(svg) - std::sqrt(2) * reach(ranges)) < 0.4);
  QVERIFY(std::abs(heights_of(ranges, thin).value(0) - heights_of(ranges, band).value(0)) < 0.25);
  for (const char* file : {"groups.pdf", "groups.png"})
    QCOMPARE(run(words + QStringList{"-o", file}).status, 0);
}

// Numbers whose distance is more than the largest number, or so little that a fifth of it is none: 0 is half
// way from -1.5e308 to 1.5e308, and the smallest number is at the upper end of an axis that begins with 0.
void TestTakingAway::axes_hold_the_largest_numbers_and_the_smallest() {
  const auto drawn = [&](const QByteArray& name, const QByteArray& curve) {
    terminal_->write(name + ".csv", "step,test_loss\n" + curve);
    if (run({"import", name + ".csv"}).status != 0) return QString();
    const QString id = QString::number(++count_);
    if (run({"export", id, "--measures", "test_loss", "-o", name + ".svg"}).status != 0) return QString();
    return QString::fromUtf8(terminal_->read(name + ".svg"));
  };
  const QString line = "fill=\"none\" stroke-width=\"1.5\"";
  const QString large = drawn("large", "1,-1.5e308\n2,0\n3,1.5e308\n");
  QVERIFY2(large.contains(">-1.5e+308</text>") && large.contains(">1.5e+308</text>"), qPrintable(large));
  const QList<double> rising = heights_of(large, line);
  QCOMPARE(rising.size(), 3);
  QVERIFY(rising[0] > rising[1] && std::abs(rising[0] - 2 * rising[1] + rising[2]) < 0.25);
  for (const QString& svg : {drawn("flat", "1,1.5e308\n2,1.5e308\n"), drawn("small", "1,0\n2,5e-324\n")})
    QCOMPARE(heights_of(svg, line).size(), 2);
}

void TestTakingAway::groups_are_made_as_asked_for() {
  add("dfa", 0, 0.5, "one");
  add("dfa", 1, 0.7, "two");
  add("bp", 0, 0.9, "three");
  const auto drawn = [&](const QStringList& more, const char* file) {
    if (run(QStringList{"export", "1", "2", "3", "-o", file} + more).status != 0) return QString();
    return QString::fromUtf8(terminal_->read(file));
  };
  const QString apart = drawn({"--group", "id"}, "apart.svg");
  QVERIFY(!apart.contains("fill-opacity") && !apart.contains("Band:"));
  // Nothing makes groups of what all of them have: the name says what they are.
  const QString all = drawn({"--group", "data.train_limit"}, "all.svg");
  QVERIFY2(all.contains("N 2 (3 runs)</text>"),
           qPrintable(all.right(600)));  // of seed 0 one number, the mean of two
  const QString page = drawn({"--band", "range"}, "report.html");
  QVERIFY(page.contains(">DFA, N 2</text>") && page.contains(">Band: least to largest</text>"));
  QCOMPARE(run({"export", "1", "2", "-o", "two.svg"}).status, 0);
  const QString two = QString::fromUtf8(terminal_->read("two.svg"));
  QVERIFY(two.contains(">DFA, MLP, Fashion-MNIST, N 2</text>"));
  for (const QStringList& bad :
       std::initializer_list<QStringList>{{"-o", "x.csv", "--group", "rule"},
                                          {"-o", "x.json", "--band", "range"},
                                          {"-o", "x.svg", "--band", "wide"},
                                          {"-o", "x.svg", "--group", "optimizer.rate"}})
    QCOMPARE(run(QStringList{"export", "1", "2"} + bad).status, 2);
}

// As NumPy's format has it: a dictionary with type and shape, then the numbers row by row.
void TestTakingAway::a_report_says_in_words_what_was_measured() {
  for (int seed = 0; seed < 3; ++seed)
    for (const char* rule : {"bp", "dfa"})
      store_small_run(database(), ++count_, {rule, seed, 0.5 + 0.1 * seed, "", "validation_accuracy"});
  QCOMPARE(run({"export", "1", "2", "3", "4", "5", "6", "-o", "report.html"}).status, 0);
  const QString page = QString::fromUtf8(terminal_->read("report.html"));
  for (const char* text :
       {"<th>validation accuracy, last</th><th>validation accuracy, best</th>",
        "<td>49.00 %</td><td>50.00 %</td>", "<th>validation accuracy, best (%)</th>",
        "60.00&nbsp;±&nbsp;10.00", "<td>validation accuracy, best (percentage points)</td>",
        "<h2>Groups by rule.name</h2>", "<th>DFA − BP</th>"})
    QVERIFY2(page.contains(text), text);
  QVERIFY(!page.contains("validation_accuracy:"));
}

void TestTakingAway::curves_are_arrays() {
  add("bp", 0, 0.75, "one");
  add("dfa", 0, 0.5, "two");
  QCOMPARE(run({"export", "1", "-o", "run.curves.npz"}).status, 0);
  const QByteArray one = terminal_->read("run.curves.npz");
  for (const char* name : {"test_accuracy.npy", "metadata.npy"}) QVERIFY2(one.contains(name), name);
  const qsizetype header = one.indexOf("'descr': '<f8'");
  QVERIFY(header > 0 && one.indexOf(", 4, )", header) > 0);
  double accuracy = 0.75;
  QVERIFY(one.contains(QByteArray(reinterpret_cast<const char*>(&accuracy), sizeof accuracy)));
  QCOMPARE(run({"export", "1", "2", "--format", "curves.npz", "-o", "both.npz"}).status, 0);
  const QByteArray both = terminal_->read("both.npz");
  for (const char* name : {"1/test_accuracy.npy", "2/test_accuracy.npy"}) QVERIFY2(both.contains(name), name);
  QCOMPARE(run({"export", "1", "--format", "curves.npz"}).status, 2);  // not into a terminal
}

// In a terminal of few lines a frame says what it leaves out, and a file that is moved is watched no more.
void TestTakingAway::watching_ends_where_the_database_is_gone() {
  StoredRace race = single("00000009-0000-4000-8000-000000000001", "dfa");
  RunWriter writer(database(), race);  // this process trains it, as far as others can see
  Observations news;
  news.samples = {sample(0, "train_loss", 0, 10, 1.0), sample(0, "cos_b_j", 1, 10, 0.5),
                  sample(0, "cos_b_j", 2, 10, 0.25), sample(0, "cos_b_j", 3, 10, 0.125)};
  news.step = 10;
  post(writer, news);
  QTRY_VERIFY_WITH_TIMEOUT(run({"show", "1"}).out.contains("train"), 60000);
  int display = -1;
  winsize size{6, 60, 0, 0};
  const QByteArray program = GRAPEVINE_BIN_DIR "/grapevine-cli", file = terminal_->database().toUtf8(),
                   home = terminal_->path("home").toUtf8();
  const pid_t process = forkpty(&display, nullptr, nullptr, &size);
  if (process == 0) {
    setenv("TERM", "xterm", 1);
    setenv("HOME", home.constData(), 1);
    execl(program.constData(), program.constData(), "watch", "--db", file.constData(), nullptr);
    _exit(127);
  }
  QVERIFY(process > 0);
  fcntl(display, F_SETFL, O_NONBLOCK);
  QByteArray seen;
  const auto read_on = [&] {
    char bytes[4096];
    for (ssize_t count = 0; (count = read(display, bytes, sizeof bytes)) > 0;)
      seen.append(bytes, static_cast<qsizetype>(count));
    return seen;
  };
  QTRY_VERIFY_WITH_TIMEOUT(read_on().contains("more: name a run"), 60000);
  QVERIFY(QFile::rename(terminal_->database(), terminal_->path("elsewhere.db")));
  QTRY_VERIFY_WITH_TIMEOUT(read_on().contains("was moved, deleted or replaced"), 60000);
  int status = 0;
  bool ended = false;
  const auto has_ended = [&] { return ended = ended || waitpid(process, &status, WNOHANG) == process; };
  QTRY_VERIFY_WITH_TIMEOUT(has_ended(), 60000);
  QVERIFY(WIFEXITED(status));
  QCOMPARE(WEXITSTATUS(status), 1);
  ::close(display);
}

QTEST_GUILESS_MAIN(TestTakingAway)
#include "test_taking_away.moc"
