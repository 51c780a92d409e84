// Byte pairs where memory runs out, at whatever piece: that is said, and nobody is told to install again. The
// test starts itself as the program whose addresses are few (RLIMIT_AS).
#include <sys/resource.h>

#include <QCoreApplication>
#include <QProcess>
#include <QtTest>
#include <fstream>
#include <iostream>

#include "engine/data/bpe.h"
#include "engine/error.h"

using namespace grapevine;

class TestTextMemory : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void lack_of_memory_is_told_data();
  void lack_of_memory_is_told();
};

namespace {

constexpr int worked = 0, refused = 3;

std::size_t addresses_taken() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * 4096;
}

/// What it came to with so many megabytes more than it has; the message on standard output.
int child(const std::string& what, const std::string& megabytes) {
  const std::size_t most = addresses_taken() + (std::stoul(megabytes) << 20);
  const rlimit limit{most, most};
  setrlimit(RLIMIT_AS, &limit);
  try {
    if (what == "--open")
      open_encoding("no encoding");
    else
      train_encoding({{"word", 3}, {"wort", 2}, {"sword", 1}}, 270);
  } catch (const Error& error) {
    std::cout << error.what() << std::endl;
    return refused;
  } catch (const std::bad_alloc&) {
    std::cout << "not enough memory" << std::endl;  // as the caller says
    return refused;
  }
  return worked;
}

}  // namespace

void TestTextMemory::initTestCase() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  QSKIP("sanitizers need more addresses than a limit leaves");
#endif
}

void TestTextMemory::lack_of_memory_is_told_data() {
  QTest::addColumn<QString>("what");
  QTest::newRow("the encoder is opened") << QStringLiteral("--open");
  QTest::newRow("the learner is started") << QStringLiteral("--learn");
}

void TestTextMemory::lack_of_memory_is_told() {
  QFETCH(QString, what);
  bool once_refused = false;
  for (int megabytes = 0;; ++megabytes) {
    QProcess program;
    program.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    program.start(QCoreApplication::applicationFilePath(), {what, QString::number(megabytes)});
    QVERIFY(program.waitForFinished(60000));
    const QString words = QString::fromUtf8(program.readAllStandardOutput());
    QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    if (program.exitCode() == worked) break;
    QCOMPARE(program.exitCode(), refused);
    QVERIFY2(words.contains(QStringLiteral("memory")) && !words.contains(QStringLiteral("reinstall")),
             qPrintable(QStringLiteral("%1 MB: ").arg(megabytes) + words));
    once_refused = true;
  }
  QVERIFY(once_refused);
}

int main(int argc, char** argv) {
  if (argc == 3 && std::string(argv[1]).starts_with("--")) return child(argv[1], argv[2]);
  QCoreApplication application(argc, argv);
  TestTextMemory test;
  return QTest::qExec(&test, argc, argv);
}
#include "test_text_memory.moc"
