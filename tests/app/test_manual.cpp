// The man page and the help of each command are made from one description: nothing that one of them names is
// missing in the other, and troff takes the page as it is. A command is one file and one line.
#include <QDir>
#include <QRegularExpression>
#include <set>

#include "tests/app/terminal.h"

namespace {

std::set<QString> words_in(const QString& text, const char* pattern) {
  std::set<QString> found;
  const QRegularExpression word(QString::fromUtf8(pattern), QRegularExpression::MultilineOption);
  for (auto all = word.globalMatch(text); all.hasNext();) found.insert(all.next().captured(1));
  return found;
}

/// The options that a help text has a line for.
std::set<QString> options_of_help(const QString& help) {
  return words_in(help, "^  (?:-\\w,)?(--[a-z-]+)");
}

std::set<QString> options_of_page(const QString& page) {
  return words_in(QString(page).replace("\\-", "-"), "^\\\\fB(?:-\\w, )?(--[a-z-]+)\\\\fR");
}

/// What the page says about one command: from its entry to the next, without what is nested in others.
QString entry_of(const QString& page, const QString& command) {
  const qsizetype begin = page.indexOf("\n.TP\n\\fB" + command + "\\fR");
  if (begin < 0) return {};
  return page.mid(begin, page.indexOf("\n.RE\n", begin) - begin);
}

QStringList listed_commands() {
  QFile list(GRAPEVINE_SOURCE_DIR "/app/cli/commands.def");
  if (!list.open(QIODevice::ReadOnly)) return {};
  QStringList names;
  const QRegularExpression line("^GRAPEVINE_COMMAND\\((\\w+)\\)", QRegularExpression::MultilineOption);
  for (auto all = line.globalMatch(QString::fromUtf8(list.readAll())); all.hasNext();)
    names += all.next().captured(1);
  return names;
}

}  // namespace

class TestManual : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void each_file_of_a_command_is_listed();
  void help_lists_the_commands_in_order();
  void help_and_page_have_the_same_options();
  void troff_takes_the_page();

 private:
  QString page_;
  const Terminal terminal_;
};

void TestManual::initTestCase() {
  const Outcome outcome = terminal_.run({"--manual"});
  QCOMPARE(outcome.status, 0);
  page_ = outcome.out;
  QVERIFY(page_.startsWith(".TH GRAPEVINE\\-CLI 1 "));
}

void TestManual::each_file_of_a_command_is_listed() {
  QStringList files;
  const QDir folder(GRAPEVINE_SOURCE_DIR "/app/cli");
  for (QString file : folder.entryList({"*_command.cpp"})) files += file.remove("_command.cpp");
  QStringList listed = listed_commands();
  listed.sort();
  QCOMPARE(listed, files);
}

void TestManual::help_lists_the_commands_in_order() {
  const QString help = terminal_.run({"--help"}).out;
  qsizetype before = help.indexOf("Commands:");
  for (const QString& command : listed_commands()) {
    const qsizetype place = help.indexOf("\n  " + command + " ");
    QVERIFY2(place > before, qPrintable(command));
    before = place;
  }
}

void TestManual::help_and_page_have_the_same_options() {
  const std::set<QString> common = options_of_page(page_.mid(page_.indexOf("\n.SH OPTIONS OF ALL COMMANDS")));
  QVERIFY(common.count("--db") && common.count("--set") && common.count("--json"));
  for (const QString& command : listed_commands()) {
    const QString entry = entry_of(page_, command);
    QVERIFY2(!entry.isEmpty(), qPrintable(command));
    const QString help = terminal_.run({command, "--help"}).out;
    std::set<QString> in_page = options_of_page(entry);
    for (const QString& option : options_of_help(help)) {
      if (option == "--help" || common.count(option)) continue;
      QVERIFY2(in_page.erase(option) == 1, qPrintable(command + " " + option));
    }
    for (const QString& option : in_page) QFAIL(qPrintable(command + "'s help lacks " + option));
  }
}

void TestManual::troff_takes_the_page() {
  QProcess groff;
  groff.start("groff", {"-man", "-Tutf8", "-Kutf8", "-ww", "-z"});
  if (!groff.waitForStarted()) QSKIP("groff is not installed (Debian: groff-base)");
  groff.write(page_.toUtf8());
  groff.closeWriteChannel();
  QVERIFY(groff.waitForFinished());
  QCOMPARE(QString::fromUtf8(groff.readAllStandardError()), QString());
}

QTEST_GUILESS_MAIN(TestManual)
#include "test_manual.moc"
