// Downloads from a server of our own, good and bad: what is whole gets its place, nothing else does.
#include <signal.h>
#include <sys/resource.h>

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QtTest>
#include <atomic>
#include <exception>
#include <thread>

#include "engine/data/download.h"
#include "engine/data/places.h"
#include "engine/data/text_set.h"
#include "engine/training/registry.h"
#include "tests/data/http_server.h"
#include "tests/data/packed.h"
#include "tests/data/support.h"

using namespace grapevine;

class TestDownload : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void plain_files_are_fetched_and_loaded();
  void an_archive_is_unpacked_and_loaded();
  void a_zip_is_unpacked_too();
  void progress_reaches_the_end();
  void a_torn_connection_goes_on_where_it_ended();
  void a_server_without_ranges_sends_it_all_again();
  void a_file_that_changed_is_begun_anew();
  void a_redirection_is_followed();
  void another_sum_is_refused_and_removed();
  void the_second_address_helps_out();
  void a_missing_file_is_named_and_not_asked_for_again();
  void a_server_in_trouble_is_asked_again();
  void a_false_length_is_seen();
  void more_than_was_published_is_refused();
  void a_silent_server_is_given_up();
  void nobody_there_is_an_error();
  void a_stop_is_quick_and_the_rest_comes_later();
  void what_leaves_its_folder_refuses_the_archive_data();
  void what_leaves_its_folder_refuses_the_archive();
  void a_damaged_archive_is_refused();
  void an_archive_that_grows_too_large_is_refused();
  void an_archive_of_something_else_is_refused();
  void too_little_space_is_told_before_anything_is_fetched();
  void a_full_disk_while_unpacking_is_named_and_cleaned();
  void an_incomplete_folder_is_moved_aside();
  void one_at_a_time();
  void every_source_is_a_data_set();
};

namespace {

std::string md5(const QByteArray& content) {
  return QCryptographicHash::hash(content, QCryptographicHash::Md5).toHex().toStdString();
}

QByteArray from(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}

/// A server, a data folder of our own, and a download that runs beside the server's event loop.
struct Bench {
  Folder folder;
  HttpServer server;
  DownloadOptions options;
  WorkHooks hooks;

  Bench() {
    use_data_dir(folder.root());
    options.attempts = 3;
    options.pause = 0.01;
  }

  /// A source of one archive that the server has.
  DataSource archive(const QByteArray& content, const std::string& key = "cifar10",
                     const char* name = "a.tar.gz") {
    server.files[name] = {content};
    return {key, {{name, {server.address()}, content.size(), md5(content)}}, true, 1'000'000};
  }

  Downloaded run(const DataSource& source) {
    Downloaded result;
    std::exception_ptr trouble;
    std::atomic<bool> done = false;
    std::thread worker([&] {
      try {
        result = download(source, options, hooks);
      } catch (...) {
        trouble = std::current_exception();
      }
      done = true;
    });
    while (!done) QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
    worker.join();
    if (trouble) std::rethrow_exception(trouble);
    return result;
  }
  /// The words of the error, of whichever kind.
  std::string failure(const DataSource& source) {
    try {
      run(source);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  bool installed(const std::string& key) const { return std::filesystem::exists(download_folder(key)); }
  /// The files that are left of a download that isn't complete.
  std::vector<std::string> left(const std::string& key) const {
    std::vector<std::string> names;
    const std::filesystem::path work = cache_root() + "/partial/" + key;
    if (std::filesystem::exists(work))
      for (const auto& entry : std::filesystem::directory_iterator(work))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
};

/// MNIST with two training images and one of the test, as four files on the server.
DataSource small_mnist(Bench& bench) {
  DataSource source{"mnist", {}, false, 0};
  const auto add = [&](const char* name, const Bytes& bytes) {
    const QByteArray content = from(bytes);
    bench.server.files[QByteArray("m/") + name] = {content};
    source.files.push_back({name, {bench.server.address() + "/m"}, content.size(), md5(content)});
  };
  add("train-images-idx3-ubyte.gz", idx({2, 28, 28}, pattern(2 * 28 * 28)));
  add("train-labels-idx1-ubyte.gz", idx({2}, {7, 8}));
  add("t10k-images-idx3-ubyte.gz", idx({1, 28, 28}, pattern(28 * 28)));
  add("t10k-labels-idx1-ubyte.gz", idx({1}, {9}));
  return source;
}

ImageData load(const std::string& key) {
  DataRequest request;
  request.name = key;
  return load_images(request);
}

}  // namespace

void TestDownload::plain_files_are_fetched_and_loaded() {
  Bench bench;
  const Downloaded result = bench.run(small_mnist(bench));
  QCOMPARE(result.folder, bench.folder.path("cache/mnist"));
  QVERIFY(result.summed && !result.stopped && result.kept.empty());
  QVERIFY(load("mnist").train.labels == (std::vector<std::int32_t>{7, 8}));
  QVERIFY(bench.left("mnist").empty());
  QCOMPARE(bench.server.requests.size(), 4);
}

void TestDownload::an_archive_is_unpacked_and_loaded() {
  Bench bench;
  const QByteArray content = packed(cifar_entries());
  const Downloaded result = bench.run(bench.archive(content));
  QCOMPARE(result.bytes, std::int64_t{content.size()});
  QVERIFY(load("cifar10").test.labels == std::vector<std::int32_t>{3});
  QVERIFY(bench.left("cifar10").empty());
}

void TestDownload::a_zip_is_unpacked_too() {
  Bench bench;
  bench.run(bench.archive(packed({{"wikitext-2/wiki.train.tokens", "a b\n"},
                                  {"wikitext-2/wiki.valid.tokens", "a\n"},
                                  {"wikitext-2/wiki.test.tokens", "b\n"}},
                                 Packing::zip),
                          "wikitext2", "a.zip"));
  DataRequest request;
  request.name = "wikitext2";
  request.vocabulary = 300;
  QCOMPARE(load_text(request).train.words, std::int64_t{3});
}

void TestDownload::progress_reaches_the_end() {
  Bench bench;
  QList<WorkProgress> told;
  bench.hooks.progress = [&](const WorkProgress& now) { told += now; };
  DataSource source = bench.archive(packed(cifar_entries()));
  bench.run(source);
  QStringList steps;
  for (const WorkProgress& now : told) {
    QVERIFY(now.done <= now.total);
    const QString step = QString::fromStdString(now.what);
    if (steps.isEmpty() || steps.last() != step) steps += step;
    if (now.what == "downloading") QCOMPARE(now.total, source.files.front().size);
  }
  QCOMPARE(steps, (QStringList{"downloading", "checking", "unpacking"}));
  QCOMPARE(told.last().done, told.last().total);
}

void TestDownload::a_torn_connection_goes_on_where_it_ended() {
  Bench bench;
  DataSource source = small_mnist(bench);
  Served& images = bench.server.files["m/train-images-idx3-ubyte.gz"];
  images.cuts = 4;  // more than the attempts without news that are allowed
  images.cut_after = 300;
  std::vector<QByteArray> ranges;
  bench.run(source);
  QCOMPARE(bench.server.count("m/train-images-idx3-ubyte.gz"), 5);
  for (const QByteArray& head : bench.server.requests) {
    const auto at = head.indexOf("\nrange: ");
    if (at >= 0) ranges.push_back(head.mid(at + 8, head.indexOf('\r', at) - at - 8));
    if (at >= 0) QVERIFY(head.contains("if-range: \"one\""));
  }
  QVERIFY(ranges == (std::vector<QByteArray>{"bytes=300-", "bytes=600-", "bytes=900-", "bytes=1200-"}));
  QVERIFY(load("mnist").train.pixels == pattern(2 * 28 * 28));
}

void TestDownload::a_server_without_ranges_sends_it_all_again() {
  Bench bench;
  DataSource source = small_mnist(bench);
  Served& images = bench.server.files["m/train-images-idx3-ubyte.gz"];
  images.cuts = 1;
  images.cut_after = 300;
  images.ranges = false;
  bench.run(source);
  QVERIFY(load("mnist").train.pixels == pattern(2 * 28 * 28));
}

void TestDownload::a_file_that_changed_is_begun_anew() {
  Bench bench;
  DataSource source = small_mnist(bench);
  Served& images = bench.server.files["m/train-images-idx3-ubyte.gz"];
  const Served good = images;
  images.content.fill('x');
  images.cuts = 100;
  images.cut_after = 300;
  bench.options.attempts = 1;
  QVERIFY(!bench.failure(source).empty());
  QVERIFY(bench.left("mnist") == (std::vector<std::string>{"train-images-idx3-ubyte.gz.part",
                                                           "train-images-idx3-ubyte.gz.part.json"}));
  images = good;
  images.etag = "\"two\"";
  bench.run(source);
  QVERIFY(load("mnist").train.pixels == pattern(2 * 28 * 28));
}

void TestDownload::a_redirection_is_followed() {
  Bench bench;
  const QByteArray content = packed(cifar_entries());
  const DataSource source = bench.archive(content);
  bench.server.files["elsewhere"] = {content};
  bench.server.files["a.tar.gz"].redirect = "elsewhere";
  bench.run(source);
  QVERIFY(bench.installed("cifar10"));
}

void TestDownload::another_sum_is_refused_and_removed() {
  Bench bench;
  const QByteArray content = packed(cifar_entries());
  DataSource source = bench.archive(content);
  QByteArray other = content;
  other[100] = static_cast<char>(other[100] ^ 1);
  bench.server.files["a.tar.gz"].content = other;
  const std::string words = bench.failure(source);
  QVERIFY2(has(words, md5(other) + ", expected " + md5(content)) && has(words, "/a.tar.gz"), words.c_str());
  QVERIFY(!bench.installed("cifar10") && bench.left("cifar10").empty());
}

void TestDownload::the_second_address_helps_out() {
  Bench bench;
  const QByteArray content = packed(cifar_entries());
  DataSource source = bench.archive(content);
  bench.server.files["bad/a.tar.gz"] = {QByteArray(content.size(), 'x')};
  const std::string address = bench.server.address();
  source.files.front().folders = {address + "/none", address + "/bad/", address};
  bench.run(source);
  QVERIFY(bench.installed("cifar10"));
  // And a mirror stands in for all of them.
  Bench other;
  DataSource mirrored = other.archive(content);
  mirrored.files.front().folders = {"http://127.0.0.1:9/nobody"};
  other.options.from = other.server.address();
  other.run(mirrored);
  QVERIFY(other.installed("cifar10"));
}

void TestDownload::a_missing_file_is_named_and_not_asked_for_again() {
  Bench bench;
  DataSource source = bench.archive(packed(cifar_entries()));
  bench.server.files.clear();
  const std::string words = bench.failure(source);
  QVERIFY2(has(words, bench.server.address() + "/a.tar.gz: ") && has(words, "status 404"), words.c_str());
  QCOMPARE(bench.server.count("a.tar.gz"), 1);
  QVERIFY(!bench.installed("cifar10"));
}

void TestDownload::a_server_in_trouble_is_asked_again() {
  Bench bench;
  const DataSource source = bench.archive(packed(cifar_entries()));
  bench.server.files["a.tar.gz"].status = 503;
  QVERIFY(has(bench.failure(source), "status 503"));
  QCOMPARE(bench.server.count("a.tar.gz"), 3);
}

void TestDownload::a_false_length_is_seen() {
  Bench bench;
  const QByteArray content = packed(cifar_entries());
  DataSource source = bench.archive(content);
  bench.server.files["a.tar.gz"].claimed_length = content.size() + 10;
  std::string words = bench.failure(source);
  QVERIFY2(has(words, "the server offers") && has(words, "the published file has"), words.c_str());
  // Without a published size the connection's end tells.
  source.files.front().size = 0;
  bench.server.files["a.tar.gz"].ranges = false;
  words = bench.failure(source);
  QVERIFY2(has(words, "/a.tar.gz: "), words.c_str());
  // Too short a length: the rest is not read, and the sum tells.
  bench.server.files["a.tar.gz"].claimed_length = content.size() - 10;
  words = bench.failure(source);
  QVERIFY2(has(words, "MD5"), words.c_str());
  QVERIFY(!bench.installed("cifar10"));
}

void TestDownload::more_than_was_published_is_refused() {
  Bench bench;
  DataSource source = bench.archive(packed(cifar_entries()));
  bench.server.files["a.tar.gz"].content += QByteArray(100000, 'x');
  bench.server.files["a.tar.gz"].tells_length = false;
  const std::string words = bench.failure(source);
  QVERIFY2(has(words, "sends more than"), words.c_str());
  QVERIFY(bench.left("cifar10").empty());
}

void TestDownload::a_silent_server_is_given_up() {
  Bench bench;
  DataSource source = bench.archive(packed(cifar_entries()));
  bench.server.files["a.tar.gz"].silent = true;
  bench.options.attempts = 2;
  bench.options.stall = 0.2;
  const std::string words = bench.failure(source);
  QVERIFY2(has(words, "/a.tar.gz: ") && has(words, "Timeout"), words.c_str());
  QCOMPARE(bench.server.count("a.tar.gz"), 2);
}

void TestDownload::nobody_there_is_an_error() {
  Bench bench;
  DataSource source = bench.archive(packed(cifar_entries()));
  source.files.front().folders = {"http://127.0.0.1:9"};
  QVERIFY(has(bench.failure(source), "http://127.0.0.1:9/a.tar.gz: "));
  source.files.front().folders = {"file:///etc"};
  QVERIFY(has(bench.failure(source), "file:///etc/a.tar.gz: "));
}

void TestDownload::a_stop_is_quick_and_the_rest_comes_later() {
  Bench bench;
  const DataSource source = small_mnist(bench);
  Served& images = bench.server.files["m/train-images-idx3-ubyte.gz"];
  images.chunk = 10;
  std::atomic<bool> stop = false;
  QElapsedTimer since;
  bench.hooks.stop = [&] { return stop.load(); };
  bench.hooks.progress = [&](const WorkProgress& now) {
    if (now.done > 200 && !stop.exchange(true)) since.start();
  };
  const Downloaded result = bench.run(source);
  QVERIFY(result.stopped);
  QVERIFY2(since.elapsed() < 200, qPrintable(QString::number(since.elapsed())));
  QVERIFY(!bench.installed("mnist"));
  const std::string part = cache_root() + "/partial/mnist/train-images-idx3-ubyte.gz.part";
  const auto size = std::filesystem::file_size(part);
  QVERIFY(size > 200 && size < 1000);
  images.chunk = 0;
  bench.hooks = {};
  bench.server.requests.clear();
  bench.run(source);
  QVERIFY(
      bench.server.requests.first().contains("range: bytes=" + QByteArray::number(qulonglong{size}) + "-"));
  QVERIFY(load("mnist").train.pixels == pattern(2 * 28 * 28));
}

void TestDownload::what_leaves_its_folder_refuses_the_archive_data() {
  QTest::addColumn<QByteArray>("name");
  QTest::addColumn<QByteArray>("symlink");
  QTest::addColumn<QByteArray>("hardlink");
  QTest::newRow("up") << QByteArray("../../evil") << QByteArray() << QByteArray();
  QTest::newRow("up from below") << QByteArray("a/../../evil") << QByteArray() << QByteArray();
  QTest::newRow("absolute") << QByteArray("/grapevine-evil") << QByteArray() << QByteArray();
  QTest::newRow("symlink") << QByteArray("link") << QByteArray("/etc") << QByteArray();
  QTest::newRow("hard link") << QByteArray("link") << QByteArray()
                             << QByteArray("cifar-10-batches-bin/test_batch.bin");
}

void TestDownload::what_leaves_its_folder_refuses_the_archive() {
  QFETCH(QByteArray, name);
  QFETCH(QByteArray, symlink);
  QFETCH(QByteArray, hardlink);
  Bench bench;
  QList<PackedEntry> entries = cifar_entries();
  entries += PackedEntry{name, "evil", symlink, hardlink};
  const std::string words = bench.failure(bench.archive(packed(entries)));
  QVERIFY2(has(words, "is refused: the entry '" + name.toStdString()) && has(words, "nothing was unpacked"),
           words.c_str());
  QVERIFY(!bench.installed("cifar10"));
  QVERIFY(bench.left("cifar10") == std::vector<std::string>{"a.tar.gz"});
  QVERIFY(!std::filesystem::exists(bench.folder.path("cache/evil")) &&
          !std::filesystem::exists(bench.folder.path("cache/partial/evil")) &&
          !std::filesystem::exists("/grapevine-evil"));
}

void TestDownload::a_damaged_archive_is_refused() {
  Bench bench;
  QByteArray content = packed(cifar_entries());
  content.truncate(content.size() / 2);
  std::string words = bench.failure(bench.archive(content));
  QVERIFY2(has(words, "damaged or cut short"), words.c_str());
  words = bench.failure(bench.archive("this is no archive at all"));
  QVERIFY2(has(words, "damaged or cut short"), words.c_str());
  QVERIFY(!bench.installed("cifar10"));
}

void TestDownload::an_archive_that_grows_too_large_is_refused() {
  Bench bench;
  QList<PackedEntry> entries = cifar_entries();
  entries += PackedEntry{"zeros", QByteArray(5'000'000, '\0')};
  const std::string words = bench.failure(bench.archive(packed(entries)));
  QVERIFY2(has(words, "more than 2,000,000 bytes"), words.c_str());
  QVERIFY(bench.left("cifar10") == std::vector<std::string>{"a.tar.gz"});
}

void TestDownload::an_archive_of_something_else_is_refused() {
  Bench bench;
  QList<PackedEntry> entries = cifar_entries();
  entries.removeLast();
  const std::string words = bench.failure(bench.archive(packed(entries)));
  QVERIFY2(has(words, "does not hold the data set's files"), words.c_str());
  QVERIFY(!bench.installed("cifar10") && bench.left("cifar10").empty());
}

void TestDownload::too_little_space_is_told_before_anything_is_fetched() {
  Bench bench;
  DataSource source = bench.archive(packed(cifar_entries()));
  source.unpacked = std::int64_t{1} << 60;
  const std::string words = bench.failure(source);
  QVERIFY2(has(words, "the data set needs 1,152,921,504") && has(words, "MB are free"), words.c_str());
  QVERIFY(bench.server.requests.isEmpty());
}

void TestDownload::a_full_disk_while_unpacking_is_named_and_cleaned() {
  Bench bench;
  QList<PackedEntry> entries = cifar_entries();
  entries += PackedEntry{"cifar-10-batches-bin/zeros", QByteArray(900'000, '\0')};
  const DataSource source = bench.archive(packed(entries));
  // Files may not grow beyond what the archive needs: to the program it is a disk without space.
  signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  const rlimit before = limit;
  limit.rlim_cur = 100'000;
  setrlimit(RLIMIT_FSIZE, &limit);
  const std::string words = bench.failure(source);
  setrlimit(RLIMIT_FSIZE, &before);
  QVERIFY2(has(words, "zeros: can't be written while unpacking: File too large"), words.c_str());
  QVERIFY(!bench.installed("cifar10"));
  QVERIFY(bench.left("cifar10") == std::vector<std::string>{"a.tar.gz"});
  // With space again, the archive that was kept is enough.
  bench.server.requests.clear();
  bench.run(source);
  QVERIFY(bench.server.requests.isEmpty() && bench.installed("cifar10"));
}

void TestDownload::an_incomplete_folder_is_moved_aside() {
  Bench bench;
  std::filesystem::create_directories(bench.folder.path("cache/cifar10"));
  bench.folder.write("cache/cifar10/mine", {1, 2, 3});
  const Downloaded result = bench.run(bench.archive(packed(cifar_entries())));
  QCOMPARE(result.kept, bench.folder.path("cache/cifar10.before"));
  QVERIFY(std::filesystem::exists(bench.folder.path("cache/cifar10.before/mine")));
  QVERIFY(load("cifar10").test.labels == std::vector<std::int32_t>{3});
}

void TestDownload::one_at_a_time() {
  Bench bench;
  const DataSource source = bench.archive(packed(cifar_entries()));
  std::string words;
  bench.hooks.progress = [&](const WorkProgress&) {
    if (words.empty()) words = refusal([&] { download(source, bench.options, {}); });
  };
  bench.run(source);
  QVERIFY2(has(words, "another program is just getting cifar10"), words.c_str());
}

void TestDownload::every_source_is_a_data_set() {
  const std::vector<std::string> keys = source_keys();
  QVERIFY(keys == (std::vector<std::string>{"fashion_mnist", "mnist", "cifar10", "cifar100", "tiny_imagenet",
                                            "wikitext2", "wikitext103"}));
  for (const std::string& key : keys) {
    const DataSource& source = *find_source(key);
    QVERIFY(find_data(key) && !source.files.empty());
    QCOMPARE(source.archive, source.files.size() == 1);
    for (const SourceFile& file : source.files) {
      QVERIFY(!file.folders.empty());
      QCOMPARE(file.md5.size(), std::size_t{32});
    }
  }
  QVERIFY(!find_source("shapes"));
  use_data_dir("");
  QCOMPARE(get_command("mnist"), std::string("grapevine-cli datasets get mnist"));
  use_data_dir("/a b");
  QCOMPARE(get_command("mnist"), std::string("grapevine-cli datasets get mnist --data-dir '/a b'"));
}

QTEST_GUILESS_MAIN(TestDownload)
#include "test_download.moc"
