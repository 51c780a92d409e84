// The window's man page and its help are made from one description; neither needs a display.
#include <QProcess>
#include <QRegularExpression>
#include <QtTest>
#include <set>

class TestManual : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void help_and_page_have_the_same_options();
};

namespace {

QString output_of(const QString& option) {
  QProcess program;
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  for (const char* display : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
    environment.remove(QString::fromLatin1(display));
  program.setProcessEnvironment(environment);
  program.start(QStringLiteral(GRAPEVINE_BIN_DIR "/grapevine"), {option});
  if (!program.waitForFinished() || program.exitCode() != 0) return {};
  return QString::fromUtf8(program.readAllStandardOutput());
}

std::set<QString> words_in(const QString& text, const char* pattern) {
  std::set<QString> found;
  const QRegularExpression word(QString::fromUtf8(pattern), QRegularExpression::MultilineOption);
  for (auto all = word.globalMatch(text); all.hasNext();) found.insert(all.next().captured(1));
  return found;
}

}  // namespace

void TestManual::help_and_page_have_the_same_options() {
  std::set<QString> help = words_in(output_of("--help"), "^  (?:-\\w,)?(--[a-z-]+)");
  help.erase("--help");
  help.erase("--version");
  QVERIFY(help.count("--screenshot"));
  const QString page = output_of("--manual").replace("\\-", "-");
  QCOMPARE(words_in(page, "^\\\\fB(--[a-z-]+)\\\\fR"), help);
}

QTEST_GUILESS_MAIN(TestManual)
#include "test_manual.moc"
