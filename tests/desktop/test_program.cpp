// The desktop program as a subprocess: pictures without a hand on the mouse, and every wrong argument.
#include <QImage>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QtTest>
#include <cstdlib>

class TestProgram : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_picture_has_the_size_and_the_colours_asked_for_data();
  void a_picture_has_the_size_and_the_colours_asked_for();
  void opengl_and_plain_painting_show_the_same_figures();
  void teaching_has_its_views_data();
  void teaching_has_its_views();
  void a_race_of_all_rules_fits_into_one_picture();
  void wrong_input_ends_with_two_and_one_sentence_data();
  void wrong_input_ends_with_two_and_one_sentence();
  void a_loss_that_leaves_the_numbers_ends_with_one();
  void without_a_display_the_terminal_is_named();
  void a_display_that_does_not_answer_is_named();
  void help_and_version_end_with_zero();

 private:
  struct Outcome {
    int status = -1;
    QString out, err;
  };
  Outcome run(const QStringList& arguments, const QStringList& environment = {}) const;
  QString path(const QString& name) const { return folder_.filePath(name); }
  /// A small experiment on synthetic data.
  static QStringList small(QStringList arguments) {
    for (const char* setting :
         {"threads=1", "data.name=shapes", "data.train_limit=640", "data.test_limit=100",
          "model.hidden=16,16", "train.batch=64", "probe.every=5", "probe.batch=32"})
      arguments += {QStringLiteral("--set"), QString::fromLatin1(setting)};
    return arguments;
  }

  QTemporaryDir folder_;
};

namespace {

constexpr const char* offscreen = "QT_QPA_PLATFORM=offscreen";

/// Where the figures are, whatever the docks' exact widths.
QRect middle_of(const QImage& picture) {
  return {picture.width() * 2 / 5, picture.height() / 8, picture.width() / 2, picture.height() / 2};
}

int colours_in(const QImage& picture, const QRect& area) {
  QSet<QRgb> colours;
  for (int y = area.top(); y <= area.bottom(); ++y)
    for (int x = area.left(); x <= area.right(); ++x) colours.insert(picture.pixel(x, y));
  return static_cast<int>(colours.size());
}

/// Share of pixels that differ plainly.
double difference(const QImage& a, const QImage& b, const QRect& area) {
  int different = 0;
  for (int y = area.top(); y <= area.bottom(); ++y)
    for (int x = area.left(); x <= area.right(); ++x) {
      const QColor p = a.pixelColor(x, y), q = b.pixelColor(x, y);
      different +=
          std::abs(p.red() - q.red()) + std::abs(p.green() - q.green()) + std::abs(p.blue() - q.blue()) > 120;
    }
  return static_cast<double>(different) / (area.width() * area.height());
}

}  // namespace

TestProgram::Outcome TestProgram::run(const QStringList& arguments, const QStringList& environment) const {
  QProcess program;
  QProcessEnvironment all = QProcessEnvironment::systemEnvironment();
  all.insert(QStringLiteral("HOME"), folder_.path());
  for (const char* name : {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"})
    all.insert(QString::fromLatin1(name), path(QString::fromLatin1(name)));
  for (const QString& each : environment) {
    const QString name = each.section(QLatin1Char('='), 0, 0), value = each.section(QLatin1Char('='), 1);
    if (value.isEmpty())
      all.remove(name);
    else
      all.insert(name, value);
  }
  program.setProcessEnvironment(all);
  program.start(QStringLiteral(GRAPEVINE_BIN_DIR "/grapevine"), arguments);
  Outcome outcome;
  if (!program.waitForFinished(120000)) return outcome;
  if (program.exitStatus() == QProcess::NormalExit) outcome.status = program.exitCode();
  outcome.out = QString::fromUtf8(program.readAllStandardOutput());
  // What Qt remarks on the platform is not the program's.
  for (const QString& line :
       QString::fromUtf8(program.readAllStandardError()).split(QLatin1Char('\n'), Qt::SkipEmptyParts))
    if (!line.startsWith(QLatin1String("This plugin does not support")) &&
        !line.startsWith(QLatin1String("QStandardPaths:")))
      outcome.err += line + QLatin1Char('\n');
  return outcome;
}

void TestProgram::a_picture_has_the_size_and_the_colours_asked_for_data() {
  QTest::addColumn<QSize>("size");
  QTest::addColumn<QStringList>("options");
  QTest::addColumn<QStringList>("environment");
  QTest::addColumn<bool>("dark");
  QTest::newRow("light") << QSize(1100, 720) << QStringList{"--light"} << QStringList{} << false;
  QTest::newRow("dark") << QSize(1100, 720) << QStringList{"--dark"} << QStringList{} << true;
  QTest::newRow("no OpenGL") << QSize(1300, 800) << QStringList{"--no-opengl"} << QStringList{} << false;
  QTest::newRow("OpenGL") << QSize(1300, 800) << QStringList{} << QStringList{"GRAPEVINE_OPENGL=1"} << false;
  QTest::newRow("offscreen") << QSize(1600, 1000) << QStringList{} << QStringList{offscreen} << false;
}

void TestProgram::a_picture_has_the_size_and_the_colours_asked_for() {
  QFETCH(QSize, size);
  QFETCH(QStringList, options);
  QFETCH(QStringList, environment);
  QFETCH(bool, dark);
  const QString file = path("picture.png");
  QFile::remove(file);
  const QString wanted = QStringLiteral("%1x%2").arg(size.width()).arg(size.height());
  const Outcome outcome =
      run(small({"--screenshot", file, "--steps", "12", "--size", wanted}) + options, environment);
  QCOMPARE(outcome.err, QString());
  QCOMPARE(outcome.status, 0);
  const QImage picture(file);
  QCOMPARE(picture.size(), size);
  QCOMPARE(picture.pixelColor(size.width() / 2, 3).lightness() < 128, dark);
  // Empty figures have a handful; antialiased lines of four racers have hundreds.
  QVERIFY2(colours_in(picture, middle_of(picture)) > 100,
           qPrintable(QString::number(colours_in(picture, middle_of(picture)))));
}

void TestProgram::opengl_and_plain_painting_show_the_same_figures() {
  QImage pictures[3];
  const QStringList ways[3] = {{"GRAPEVINE_OPENGL=1"}, {"GRAPEVINE_OPENGL=0"}, {"GRAPEVINE_OPENGL=0"}};
  const char* steps[3] = {"40", "40", "8"};
  for (int i = 0; i < 3; ++i) {
    const QString file = path(QStringLiteral("way%1.png").arg(i));
    const Outcome outcome = run(
        small({"--screenshot", file, "--view", "scope", "--steps", steps[i], "--size", "1200x800"}), ways[i]);
    QCOMPARE(outcome.status, 0);
    pictures[i] = QImage(file);
  }
  const double same = difference(pictures[0], pictures[1], middle_of(pictures[0]));
  const double other = difference(pictures[1], pictures[2], middle_of(pictures[0]));
  // Fonts and edges differ a little; another stretch of the run differs more.
  QVERIFY2(same < other, qPrintable(QStringLiteral("%1 %2").arg(same).arg(other)));
  QVERIFY2(same < 0.04, qPrintable(QString::number(same)));
}

void TestProgram::a_race_of_all_rules_fits_into_one_picture() {
  const QString file = path("empty.png");
  const Outcome outcome = run({"--screenshot", file, "--steps", "0", "--size", "1024x700"}, {offscreen});
  QCOMPARE(outcome.status, 0);
  QCOMPARE(QImage(file).size(), QSize(1024, 700));
}

void TestProgram::wrong_input_ends_with_two_and_one_sentence_data() {
  QTest::addColumn<QStringList>("arguments");
  QTest::addColumn<QString>("words");
  QTest::newRow("a size") << QStringList{"--size", "5x5"} << "5x5";
  QTest::newRow("no number") << QStringList{"--screenshot", "a.png", "--steps", "many"} << "many";
  QTest::newRow("an option") << QStringList{"--colour"} << "--colour";
  QTest::newRow("light and dark") << QStringList{"--light", "--dark"} << "--dark";
  QTest::newRow("a missing file") << QStringList{"nowhere.json"} << "nowhere.json";
  QTest::newRow("a misspelt setting") << QStringList{"--set", "optimizer.lrr=1"} << "optimizer.lr";
  QTest::newRow("a misspelt key") << QStringList{"misspelt.json"} << "optimizer.lr";
  QTest::newRow("a broken file") << QStringList{"broken.json"} << "broken.json";
  QTest::newRow("no such lesson") << QStringList{"--lesson", "dirct"} << "did you mean direct";
  QTest::newRow("no such layer") << small({"--screenshot", "a.png", "--steps", "1", "--view", "inspector:99"})
                                 << "there is no layer 99";
  QTest::newRow("no such layer, slowly")
      << small({"--screenshot", "a.png", "--steps", "1", "--view", "slow-motion:99"})
      << "there is no layer 99";
  QTest::newRow("no such view") << QStringList{"--view", "desk"}
                                << "stage, scope, start, library, queue, paper";
  QTest::newRow("a lesson with a mistake") << QStringList{"lesson.json"} << "lesson.json: line 1";
  QTest::newRow("two databases") << QStringList{"two.json", "--db", "other.db"} << "Library > Import";
  QTest::newRow("a link to a folder") << QStringList{"grapevine:?data.dir=/etc"} << "data.dir";
  QTest::newRow("a link that starts") << QStringList{"grapevine:?seed=1", "--play"} << "starts nothing";
  QTest::newRow("a folder that is not there")
      << small({"--screenshot", "/nowhere/a.png", "--steps", "1"}) << "/nowhere/a.png";
  QTest::newRow("data that are not there")
      << QStringList{"--set",        "data.name=mnist", "--set",   "data.dir=/nowhere",
                     "--screenshot", "a.png",           "--steps", "1"}
      << "/nowhere";
}

void TestProgram::wrong_input_ends_with_two_and_one_sentence() {
  QFETCH(QStringList, arguments);
  QFETCH(QString, words);
  for (const auto& [name, text] :
       {std::pair("misspelt.json", R"({"optimizer": {"lrate": 0.1}})"),
        std::pair("lesson.json", R"({"lesson": 1, "steps": 3})"), std::pair("two.json", "SQLite format 3\n"),
        std::pair("broken.json", R"({"optimizer": )")}) {
    QFile file(path(QString::fromLatin1(name)));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
  }
  for (QString& each : arguments)
    if (each.endsWith(QLatin1String(".json")) && !each.startsWith(QLatin1Char('n'))) each = path(each);
  const Outcome outcome = run(arguments, {offscreen});
  QVERIFY2(outcome.err.startsWith(QLatin1String("grapevine: ")), qPrintable(outcome.err));
  QCOMPARE(outcome.err.count(QLatin1Char('\n')), 1);
  QVERIFY2(outcome.err.contains(words), qPrintable(outcome.err));
  QCOMPARE(outcome.status, 2);
}

void TestProgram::teaching_has_its_views_data() {
  QTest::addColumn<QStringList>("options");
  QTest::newRow("start page") << QStringList{"--view", "start"};
  QTest::newRow("lesson") << QStringList{"--view", "lesson:direct"};
  QTest::newRow("lecture, small") << QStringList{"--lesson", "direct", "--present", "--size", "1280x720"};
  QTest::newRow("lecture, 4K") << QStringList{"--lesson", "direct", "--present", "--size", "3840x2160"};
  QTest::newRow("link") << QStringList{"grapevine:?seed=3&racer&rule.name=bp&racer&rule.name=dfa"};
}

void TestProgram::teaching_has_its_views() {
  QFETCH(QStringList, options);
  const QString file = path("view.png");
  QFile::remove(file);
  const Outcome outcome = run(QStringList{"--screenshot", file} + options, {offscreen});
  QCOMPARE(outcome.err, QString());
  QCOMPARE(outcome.status, 0);
  const QImage picture(file);
  const qsizetype size = options.indexOf(QStringLiteral("--size"));
  if (size >= 0)
    QCOMPARE(QStringLiteral("%1x%2").arg(picture.width()).arg(picture.height()), options[size + 1]);
  QVERIFY(colours_in(picture, picture.rect()) > 100);
}

void TestProgram::a_loss_that_leaves_the_numbers_ends_with_one() {
  const QString file = path("nan.png");
  const Outcome outcome = run(small({"--screenshot", file, "--steps", "30", "--set", "optimizer.name=sgd",
                                     "--set", "optimizer.lr=1e6"}),
                              {offscreen});
  QCOMPARE(outcome.status, 1);
  const QRegularExpression sentence(QStringLiteral(
      "the loss is not a number or infinite \\(NaN/Inf\\) at step \\d+, first in segment \\d+"));
  QVERIFY2(sentence.match(outcome.err).hasMatch(), qPrintable(outcome.err));
}

// Nobody serves display 9999; Qt itself would end the program with a core dump.
void TestProgram::a_display_that_does_not_answer_is_named() {
  for (const char* platform : {"QT_QPA_PLATFORM=", "QT_QPA_PLATFORM=xcb"}) {
    const QStringList none{QStringLiteral("DISPLAY=:9999"), QStringLiteral("WAYLAND_DISPLAY="),
                           QString::fromLatin1(platform)};
    const Outcome outcome = run({}, none);
    QCOMPARE(outcome.status, 2);
    QVERIFY2(
        outcome.err.contains(QStringLiteral("DISPLAY=:9999")) && outcome.err.count(QLatin1Char('\n')) == 1,
        qPrintable(outcome.err));
    QCOMPARE(run({QStringLiteral("--has-display")}, none).status, 2);
  }
  QCOMPARE(run({QStringLiteral("--has-display")}, {QString::fromLatin1(offscreen)}).status, 0);
}

void TestProgram::without_a_display_the_terminal_is_named() {
  const Outcome outcome = run({}, {"DISPLAY=", "WAYLAND_DISPLAY=", "QT_QPA_PLATFORM="});
  QCOMPARE(outcome.status, 2);
  QVERIFY(outcome.err.contains(QLatin1String("grapevine-cli")));
}

void TestProgram::help_and_version_end_with_zero() {
  const Outcome help = run({"--help"}, {"DISPLAY=", "QT_QPA_PLATFORM="});
  QCOMPARE(help.status, 0);
  for (const char* option : {"--db", "--data-dir", "--no-opengl", "--play", "--screenshot", "--steps",
                             "--size", "--dark", "--light"})
    QVERIFY2(help.out.contains(QLatin1String(option)), option);
  const Outcome version = run({"--version"}, {"DISPLAY=", "QT_QPA_PLATFORM="});
  QCOMPARE(version.status, 0);
  QVERIFY(version.out.startsWith(QLatin1String("grapevine ")));
}

QTEST_GUILESS_MAIN(TestProgram)
#include "test_program.moc"
