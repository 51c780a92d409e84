// datasets get: from a server of our own to a run's data, as a user sees it.
#include <QCryptographicHash>
#include <QElapsedTimer>

#include "tests/app/terminal.h"
#include "tests/data/http_server.h"
#include "tests/data/packed.h"

using namespace grapevine;

class TestGetData : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init();
  void what_is_missing_names_the_command();
  void a_data_set_is_fetched_found_and_listed();
  void a_damaged_data_set_is_fetched_again();
  void a_text_that_was_damaged_is_fetched_again();
  void the_data_folder_of_the_command_line_counts();
  void a_mirror_stands_in();
  void a_log_has_lines_without_control_characters();
  void an_error_is_one_line_and_leaves_nothing();
  void ctrl_c_keeps_what_has_come();
  void mistakes_are_named();

 private:
  /// The program, while the server's event loop runs.
  Outcome run(const QStringList& arguments);
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<Terminal> terminal_;
  QByteArray archive_ = packed(cifar_entries());
};

void TestGetData::init() {
  server_ = std::make_unique<HttpServer>();
  terminal_ = std::make_unique<Terminal>();
  server_->files["cifar.tar.gz"].content = archive_;
  const QByteArray sum = QCryptographicHash::hash(archive_, QCryptographicHash::Md5).toHex();
  const QByteArray table =
      "{\"cifar10\": {\"archive\": true, \"unpacked\": 1000000, \"files\": [{\"name\": "
      "\"cifar.tar.gz\", \"folders\": [\"" +
      QByteArray::fromStdString(server_->address()) +
      "\"], \"size\": " + QByteArray::number(archive_.size()) + ", \"md5\": \"" + sum + "\"}]}}";
  qputenv("GRAPEVINE_DATA_SOURCES", terminal_->write("sources.json", table).toUtf8());
}

Outcome TestGetData::run(const QStringList& arguments) {
  const auto process = terminal_->start(arguments);
  QElapsedTimer since;
  since.start();
  while (process->state() != QProcess::NotRunning && since.elapsed() < 60000) QTest::qWait(5);
  return Terminal::end_of(*process);
}

void TestGetData::what_is_missing_names_the_command() {
  const Outcome train = run({"train", "--set", "data.name=cifar10", "--set", "model.name=lenet5"});
  QCOMPARE(train.status, 2);
  QVERIFY2(
      is_one_line(train.err) && train.err.contains("grapevine-cli datasets get cifar10, or set data.dir"),
      qPrintable(train.err));
  const Outcome list = run({"datasets"});
  QVERIFY(list.out.contains("cifar10: looked for in " + terminal_->path("cache/grapevine/cifar10")));
  QVERIFY(list.out.contains("grapevine-cli datasets get cifar10"));
  QVERIFY(!list.out.contains("get shapes"));
}

void TestGetData::a_data_set_is_fetched_found_and_listed() {
  const Outcome outcome = run({"datasets", "get", "cifar10"});
  QCOMPARE(outcome.status, 0);
  const QString folder = terminal_->path("cache/grapevine/cifar10");
  QVERIFY2(outcome.out.contains("cifar10 is there: " + folder) && outcome.out.contains("MD5"),
           qPrintable(outcome.out));
  QVERIFY(run({"datasets"}).out.contains("cifar10: in " + folder));
  for (const QJsonValue& entry : run({"datasets", "--json"}).json()["datasets"_L1].toArray()) {
    if (entry["name"_L1].toString() != "cifar10"_L1) continue;
    QVERIFY(entry["present"_L1].toBool());
    QCOMPARE(entry["folder"_L1].toString(), folder);
  }
  // A second time nothing is asked for.
  server_->requests.clear();
  const Outcome again = run({"datasets", "get", "cifar10", "--json"});
  QCOMPARE(again.status, 0);
  QVERIFY(again.json()["already_there"_L1].toBool() && server_->requests.isEmpty());
  // And a run trains on it.
  const Outcome train = run({"train", "--json", "--threads", "1", "--set", "data.name=cifar10", "--set",
                             "model.hidden=8", "--set", "train.epochs=1", "--set", "probe.every=0"});
  QVERIFY2(train.status == 0, qPrintable(train.err));
}

void TestGetData::a_damaged_data_set_is_fetched_again() {
  const QString folder = terminal_->path("cache/grapevine/cifar10");
  QCOMPARE(run({"datasets", "get", "cifar10"}).status, 0);
  QVERIFY(QFile::resize(folder + "/data_batch_2.bin", 100));
  QVERIFY(run({"datasets"}).out.contains("cifar10: looked for in"_L1) ||
          run({"datasets"}).out.contains("data_batch_2.bin"_L1));
  const Outcome again = run({"datasets", "get", "cifar10", "--json"});
  QCOMPARE(again.status, 0);
  QVERIFY(!again.json()["already_there"_L1].toBool());
  QVERIFY(QFileInfo(again.json()["moved_aside"_L1].toString()).isDir());
  QVERIFY(run({"datasets"}).out.contains("cifar10: in " + folder));
}

// Large sets are listed by their files' names alone; get reads them through.
void TestGetData::a_text_that_was_damaged_is_fetched_again() {
  QList<PackedEntry> entries;
  for (const char* split : {"train", "valid", "test"})
    entries += {QByteArray("wikitext-2/wiki.") + split + ".tokens", QByteArray(" the same words \n")};
  const QByteArray archive = packed(entries);
  server_->files["wikitext.tar.gz"].content = archive;
  const QByteArray table =
      "{\"wikitext2\": {\"archive\": true, \"unpacked\": 1000000, \"files\": [{\"name\": "
      "\"wikitext.tar.gz\", \"folders\": [\"" +
      QByteArray::fromStdString(server_->address()) + "\"], \"size\": " + QByteArray::number(archive.size()) +
      ", \"md5\": \"" + QCryptographicHash::hash(archive, QCryptographicHash::Md5).toHex() + "\"}]}}";
  qputenv("GRAPEVINE_DATA_SOURCES", terminal_->write("sources.json", table).toUtf8());
  const QStringList get = {"datasets", "get", "wikitext2", "--json"};
  QCOMPARE(run(get).status, 0);
  QVERIFY(run(get).json()["already_there"_L1].toBool());
  QFile text(terminal_->path("cache/grapevine/wikitext2/wiki.valid.tokens"));
  QVERIFY(text.open(QIODevice::WriteOnly));
  text.write(" the same \xff\xfe words \n");
  text.close();
  QVERIFY(run({"datasets"}).out.contains("wikitext2: in "_L1));
  const Outcome again = run(get);
  QCOMPARE(again.status, 0);
  QVERIFY2(again.err.contains("wiki.valid.tokens: offset 10"), qPrintable(again.err));
  QVERIFY(!again.json()["already_there"_L1].toBool());
  QVERIFY(run(get).json()["already_there"_L1].toBool());
}

void TestGetData::the_data_folder_of_the_command_line_counts() {
  const QString folder = terminal_->path("own folder");
  const Outcome outcome = run({"datasets", "get", "cifar10", "--json", "--data-dir", folder});
  QCOMPARE(outcome.status, 0);
  QCOMPARE(outcome.json()["folder"_L1].toString(), folder + "/cache/cifar10");
  QCOMPARE(outcome.json()["checked"_L1].toString(), "md5"_L1);
  QVERIFY(run({"datasets", "--data-dir", folder}).out.contains("cifar10: in " + folder + "/cache/cifar10"));
  QVERIFY(!run({"datasets"}).out.contains("cifar10: in "));
  const QStringList train = {"train",        "--threads",      "1",     "--set",          "data.name=cifar10",
                             "--set",        "model.hidden=8", "--set", "train.epochs=1", "--set",
                             "probe.every=0"};
  QCOMPARE(run(train + QStringList{"--data-dir", folder}).status, 0);
  const Outcome without = run({"train", "--set", "data.name=cifar10", "--data-dir", terminal_->path("x y")});
  QVERIFY2(without.err.contains("datasets get cifar10 --data-dir '" + terminal_->path("x y") + "'"),
           qPrintable(without.err));
}

void TestGetData::a_mirror_stands_in() {
  server_->files["mirror/cifar.tar.gz"].content = archive_;
  server_->files.remove("cifar.tar.gz");
  QCOMPARE(
      run({"datasets", "get", "cifar10", "--from", QString::fromStdString(server_->address()) + "/mirror/"})
          .status,
      0);
  QCOMPARE(server_->count("mirror/cifar.tar.gz"), 1);
}

void TestGetData::a_log_has_lines_without_control_characters() {
  const Outcome outcome = run({"datasets", "get", "cifar10"});
  QVERIFY(outcome.err.contains("downloading cifar.tar.gz") && outcome.err.contains("unpacking cifar.tar.gz"));
  for (const QChar c : outcome.err) QVERIFY(c == u'\n' || c >= u' ');
  QVERIFY(run({"datasets", "get", "cifar10", "--quiet"}).err.isEmpty());
}

void TestGetData::an_error_is_one_line_and_leaves_nothing() {
  server_->files["cifar.tar.gz"].content[200] = static_cast<char>(archive_[200] ^ 1);
  const Outcome outcome = run({"datasets", "get", "cifar10", "--quiet"});
  QCOMPARE(outcome.status, 1);
  QVERIFY2(is_one_line(outcome.err) && outcome.err.contains("its MD5 sum is"), qPrintable(outcome.err));
  QVERIFY(!std::filesystem::exists(terminal_->path("cache/grapevine/cifar10").toStdString()));
}

void TestGetData::ctrl_c_keeps_what_has_come() {
  server_->files["cifar.tar.gz"].chunk = 20;
  const auto process = terminal_->start({"datasets", "get", "cifar10"});
  const std::string part = terminal_->path("cache/grapevine/partial/cifar10/cifar.tar.gz.part").toStdString();
  std::error_code none;
  QTRY_VERIFY_WITH_TIMEOUT(
      std::filesystem::exists(part, none) && std::filesystem::file_size(part, none) > 100, 20000);
  QElapsedTimer since;
  since.start();
  ::kill(static_cast<pid_t>(process->processId()), SIGINT);
  while (process->state() != QProcess::NotRunning && since.elapsed() < 20000) QTest::qWait(1);
  const Outcome stopped = Terminal::end_of(*process);
  QCOMPARE(stopped.status, 130);
  QVERIFY2(stopped.err.contains("grapevine-cli datasets get cifar10 continues"), qPrintable(stopped.err));
  QVERIFY(std::filesystem::file_size(part) > 100);
  QVERIFY(std::filesystem::file_size(part) < static_cast<std::uintmax_t>(archive_.size()));
  server_->files["cifar.tar.gz"].chunk = 0;
  QCOMPARE(run({"datasets", "get", "cifar10"}).status, 0);
  QVERIFY(server_->last("range").startsWith("bytes="));
}

void TestGetData::mistakes_are_named() {
  for (const auto& [arguments, words] :
       {std::pair{QStringList{"datasets", "get"}, "Name one of"},
        std::pair{QStringList{"datasets", "get", "cifar11"}, "did you mean cifar10?"},
        std::pair{QStringList{"datasets", "get", "shapes"}, "no such data set to fetch"},
        std::pair{QStringList{"datasets", "fetch", "mnist"}, "the one action is get NAME"},
        std::pair{QStringList{"datasets", "--from", "http://a"}, "--from goes with get"}}) {
    const Outcome outcome = run(arguments);
    QCOMPARE(outcome.status, 2);
    QVERIFY2(is_one_line(outcome.err) && outcome.err.contains(words), qPrintable(outcome.err));
  }
}

QTEST_GUILESS_MAIN(TestGetData)
#include "test_get_data.moc"
