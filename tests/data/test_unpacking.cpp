// Archives that a server of our own sends, good and bad: nothing leaves its folder, nothing half-unpacked
// stays.
#include <QRandomGenerator>
#include <QtTest>
#include <fstream>

#include "engine/data/unpack.h"
#include "tests/data/download_bench.h"

using namespace grapevine;

class TestUnpacking : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void an_archive_is_unpacked_and_loaded();
  void a_zip_is_unpacked_too();
  void what_leaves_its_folder_refuses_the_archive_data();
  void what_leaves_its_folder_refuses_the_archive();
  void a_damaged_archive_is_refused();
  void an_archive_that_grows_too_large_is_refused();
  void an_archive_of_folders_is_refused();
  void folders_within_folders_are_refused();
  void an_archive_of_something_else_is_refused();
  void too_little_space_is_told_before_anything_is_fetched();
  void a_full_disk_while_unpacking_is_named_and_cleaned();
  void an_incomplete_folder_is_moved_aside();
  void a_stop_is_heard_while_a_large_file_is_skipped();
  void a_stop_while_unpacking_leaves_nothing_half();
};

void TestUnpacking::an_archive_is_unpacked_and_loaded() {
  Bench bench;
  const QByteArray content = packed(cifar_entries());
  const Downloaded result = bench.run(bench.archive(content));
  QCOMPARE(result.bytes, std::int64_t{content.size()});
  QVERIFY(load("cifar10").test.labels == std::vector<std::int32_t>{3});
  QVERIFY(bench.left("cifar10").empty());
}

void TestUnpacking::a_zip_is_unpacked_too() {
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

void TestUnpacking::what_leaves_its_folder_refuses_the_archive_data() {
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

void TestUnpacking::what_leaves_its_folder_refuses_the_archive() {
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

void TestUnpacking::a_damaged_archive_is_refused() {
  Bench bench;
  QByteArray content = packed(cifar_entries());
  content.truncate(content.size() / 2);
  std::string words = bench.failure(bench.archive(content));
  QVERIFY2(has(words, "damaged or cut short"), words.c_str());
  words = bench.failure(bench.archive("this is not an archive at all"));
  QVERIFY2(has(words, "damaged or cut short"), words.c_str());
  QVERIFY(!bench.installed("cifar10"));
}

void TestUnpacking::an_archive_that_grows_too_large_is_refused() {
  Bench bench;
  QList<PackedEntry> entries = cifar_entries();
  entries += PackedEntry{"zeros", QByteArray(5'000'000, '\0')};
  const std::string words = bench.failure(bench.archive(packed(entries)));
  QVERIFY2(has(words, "more than 2,000,000 bytes"), words.c_str());
  QVERIFY(bench.left("cifar10") == std::vector<std::string>{"a.tar.gz"});
}

void TestUnpacking::an_archive_of_folders_is_refused() {
  Bench bench;
  QList<PackedEntry> entries = cifar_entries();
  for (int i = 0; i < 10'001; ++i) entries += PackedEntry{"d" + QByteArray::number(i) + "/x", ""};
  const std::string words = bench.failure(bench.archive(packed(entries)));
  QVERIFY2(has(words, "more than 10,000 folders"), words.c_str());
  QVERIFY(!bench.installed("cifar10"));
}

void TestUnpacking::folders_within_folders_are_refused() {
  Bench bench;
  QList<PackedEntry> entries = cifar_entries();
  entries += PackedEntry{QByteArray("a/").repeated(40) + "x", ""};
  const std::string words = bench.failure(bench.archive(packed(entries)));
  QVERIFY2(has(words, "folders within folders"), words.c_str());
}

void TestUnpacking::an_archive_of_something_else_is_refused() {
  Bench bench;
  QList<PackedEntry> entries = cifar_entries();
  entries.removeLast();
  const std::string words = bench.failure(bench.archive(packed(entries)));
  QVERIFY2(has(words, "does not hold the data set's files"), words.c_str());
  QVERIFY(!bench.installed("cifar10") && bench.left("cifar10").empty());
}

void TestUnpacking::too_little_space_is_told_before_anything_is_fetched() {
  Bench bench;
  DataSource source = bench.archive(packed(cifar_entries()));
  source.unpacked = std::int64_t{1} << 60;
  const std::string words = bench.failure(source);
  QVERIFY2(has(words, "the data set needs 1,152,921,504") && has(words, "MB are free"), words.c_str());
  QVERIFY(bench.server.requests.isEmpty());
}

void TestUnpacking::a_full_disk_while_unpacking_is_named_and_cleaned() {
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

void TestUnpacking::an_incomplete_folder_is_moved_aside() {
  Bench bench;
  std::filesystem::create_directories(bench.folder.path("cache/cifar10"));
  bench.folder.write("cache/cifar10/mine", {1, 2, 3});
  const Downloaded result = bench.run(bench.archive(packed(cifar_entries())));
  QCOMPARE(result.kept, bench.folder.path("cache/cifar10.before"));
  QVERIFY(std::filesystem::exists(bench.folder.path("cache/cifar10.before/mine")));
  QVERIFY(load("cifar10").test.labels == std::vector<std::int32_t>{3});
}

// The names come first; for them libarchive unpacks, and forgets, all of what stands between them.
void TestUnpacking::a_stop_is_heard_while_a_large_file_is_skipped() {
  Bench bench;
  QByteArray noise(4 << 20, '\0');  // which stays as large as it is when packed
  QRandomGenerator(7).fillRange(reinterpret_cast<quint32*>(noise.data()), noise.size() / 4);
  std::ofstream(bench.folder.path("a.tar.gz"), std::ios::binary) << packed({{"large", noise}}).toStdString();
  int asked = 0;
  WorkHooks hooks;
  hooks.stop = [&] { return !std::filesystem::exists(bench.folder.path("unpacked")) && ++asked > 10; };
  QVERIFY_THROWS_EXCEPTION(
      WorkStopped, unpack(bench.folder.path("a.tar.gz"), bench.folder.path("unpacked"), 1 << 30, hooks));
  QVERIFY(!std::filesystem::exists(bench.folder.path("unpacked")));
}

void TestUnpacking::a_stop_while_unpacking_leaves_nothing_half() {
  int stop_at = 1;
  for (;; ++stop_at) {
    Bench bench;
    const DataSource source = bench.archive(packed(cifar_entries()));
    bool unpacking = false;
    int asked = 0;
    bench.hooks.progress = [&](const WorkProgress& now) { unpacking = unpacking || now.what == "unpacking"; };
    bench.hooks.stop = [&] { return unpacking && ++asked >= stop_at; };
    const Downloaded result = bench.run(source);
    if (!result.stopped) break;
    QVERIFY(!bench.installed("cifar10"));
    QVERIFY(bench.left("cifar10") == std::vector<std::string>{"a.tar.gz"});
    bench.hooks = {};
    QVERIFY(!bench.run(source).stopped);
    QVERIFY(bench.left("cifar10").empty());
    QCOMPARE(bench.server.count("a.tar.gz"), 1);  // what had come was kept
  }
  QVERIFY(stop_at > cifar_entries().size());  // it was heard between the files
}

QTEST_GUILESS_MAIN(TestUnpacking)
#include "test_unpacking.moc"
