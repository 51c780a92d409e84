// Downloads from a server of our own, good and bad: what is whole gets its place, nothing else does.
#include <QtTest>

#include "tests/data/download_bench.h"

using namespace grapevine;

class TestDownload : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void plain_files_are_fetched_and_loaded();
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
  void what_has_no_length_ends_somewhere();
  void a_silent_server_is_given_up();
  void nobody_there_is_an_error();
  void a_stop_is_quick_and_the_rest_comes_later();
  void one_at_a_time();
  void every_source_is_a_data_set();
};

void TestDownload::plain_files_are_fetched_and_loaded() {
  Bench bench;
  const Downloaded result = bench.run(small_mnist(bench));
  QCOMPARE(result.folder, bench.folder.path("cache/mnist"));
  QVERIFY(result.summed && !result.stopped && result.kept.empty());
  QVERIFY(load("mnist").train.labels == (std::vector<std::int32_t>{7, 8}));
  QVERIFY(bench.left("mnist").empty());
  QCOMPARE(bench.server.requests.size(), 4);
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

// No published size and none told: twice what is to be unpacked is more than any archive of it has.
void TestDownload::what_has_no_length_ends_somewhere() {
  Bench bench;
  DataSource source = bench.archive(QByteArray(3'000'000, 'x'), "wikitext2", "a.zip");
  source.files.front().size = 0;
  source.files.front().md5 = "";
  for (const bool tells : {false, true}) {
    bench.server.files["a.zip"].tells_length = tells;
    const std::string words = bench.failure(source);
    QVERIFY2(has(words, "more than 2,000,000 bytes"), words.c_str());
    QVERIFY(bench.left("wikitext2").empty());
  }
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
  bench.hooks.stop = [&] { return stop.load(); };
  bench.hooks.progress = [&](const WorkProgress& now) {
    if (now.done > 200) stop = true;
  };
  const Downloaded result = bench.run(source);
  QVERIFY(result.stopped);
  QVERIFY(!bench.installed("mnist"));
  const std::string part = cache_root() + "/partial/mnist/train-images-idx3-ubyte.gz.part";
  const auto size = std::filesystem::file_size(part);
  QVERIFY(size > 200 && size < static_cast<std::uintmax_t>(images.content.size()));
  images.chunk = 0;
  bench.hooks = {};
  bench.server.requests.clear();
  bench.run(source);
  QVERIFY(
      bench.server.requests.first().contains("range: bytes=" + QByteArray::number(qulonglong{size}) + "-"));
  QVERIFY(load("mnist").train.pixels == pattern(2 * 28 * 28));
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
