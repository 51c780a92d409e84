// Where data sets are looked for, what is said when they are not there, limits and slices.
#include <QtTest>

#include "engine/experiment/registry.h"
#include "tests/data/support.h"

using namespace grapevine;

class TestFolders : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_folder_of_idx_files_is_loaded_with_its_slice_noted();
  void a_limit_takes_the_first_records();
  void dotted_names_and_gzip_count_too();
  void a_missing_folder_says_how_to_get_the_data();
  void a_missing_file_is_named_with_its_folder();
  void images_of_another_size_are_refused();
  void cifar_needs_all_its_files();
  void an_unknown_set_is_refused();
  void the_cache_folder_is_looked_into();
};

namespace {

constexpr std::uint32_t side = 28;

void write_pair(const Folder& folder, const std::string& part, std::uint32_t count,
                std::uint32_t width = side) {
  folder.write(part + "-images-idx3-ubyte",
               idx({count, side, width}, pattern(std::size_t{count} * side * width)));
  Bytes labels(count);
  for (std::uint32_t i = 0; i < count; ++i) labels[i] = static_cast<std::uint8_t>(i % 10);
  folder.write(part + "-labels-idx1-ubyte", idx({count}, labels));
}

std::string refused(const std::string& name, const std::string& dir) {
  return refusal([&] { load_images({name, dir, 0, 0, 0}); });
}

}  // namespace

void TestFolders::a_folder_of_idx_files_is_loaded_with_its_slice_noted() {
  const Folder folder;
  write_pair(folder, "train", 1200);
  write_pair(folder, "t10k", 30);
  const ImageData data = load_images({"mnist", folder.root(), 0, 0, 0});
  QCOMPARE(data.train.count(), std::int64_t{1200});
  QCOMPARE(data.test.count(), std::int64_t{30});
  QCOMPARE(data.train.note, std::string("1,200 of 60,000: a slice"));
  QCOMPARE(data.test.note, std::string("30 of 10,000: a slice"));
}

void TestFolders::a_limit_takes_the_first_records() {
  const Folder folder;
  write_pair(folder, "train", 12);
  write_pair(folder, "t10k", 12);
  const ImageData data = load_images({"fashion_mnist", folder.root(), 5, 20, 0});
  QVERIFY(data.train.labels == (std::vector<std::int32_t>{0, 1, 2, 3, 4}));
  QVERIFY(data.train.pixels == pattern(5 * side * side));
  QCOMPARE(data.test.count(), std::int64_t{12});
}

void TestFolders::dotted_names_and_gzip_count_too() {
  const Folder folder;
  write_pair(folder, "t10k", 3);
  folder.write_gz("train-images.idx3-ubyte.gz", idx({2, side, side}, pattern(2 * side * side)));
  folder.write("train-labels.idx1-ubyte", idx({2}, {7, 8}));
  const ImageData data = load_images({"mnist", folder.root(), 0, 0, 0});
  QVERIFY(data.train.labels == (std::vector<std::int32_t>{7, 8}));
}

void TestFolders::a_missing_folder_says_how_to_get_the_data() {
  for (const char* name : {"fashion_mnist", "mnist", "cifar10"}) {
    const std::string words = refused(name, "/no/such/folder");
    QVERIFY2(has(words, "data.dir=/no/such/folder"), words.c_str());
    QVERIFY2(has(words, find_data(name)->how_to_get), words.c_str());
    QVERIFY2(has(words, "data.name=shapes"), words.c_str());
  }
}

void TestFolders::a_missing_file_is_named_with_its_folder() {
  const Folder folder;
  write_pair(folder, "train", 2);
  write_pair(folder, "t10k", 2);
  std::filesystem::remove(folder.path("t10k-labels-idx1-ubyte"));
  const std::string words = refused("mnist", folder.root());
  QVERIFY2(has(words, "t10k-labels-idx1-ubyte is not in " + folder.root()), words.c_str());
  QVERIFY2(has(words, "data.name=shapes"), words.c_str());
}

void TestFolders::images_of_another_size_are_refused() {
  const Folder folder;
  write_pair(folder, "train", 2, 20);
  write_pair(folder, "t10k", 2);
  const std::string words = refused("mnist", folder.root());
  QVERIFY2(has(words, "1×28×20") && has(words, "expected 1×28×28"), words.c_str());
}

void TestFolders::cifar_needs_all_its_files() {
  const Folder folder;
  const Bytes record(3073);
  for (int i = 1; i <= 5; ++i) folder.write("data_batch_" + std::to_string(i) + ".bin", record);
  QVERIFY(has(refused("cifar10", folder.root()), "test_batch.bin is not in " + folder.root()));
  folder.write("test_batch.bin", record);
  QCOMPARE(load_images({"cifar10", folder.root(), 0, 0, 0}).train.count(), std::int64_t{5});
}

void TestFolders::an_unknown_set_is_refused() {
  QVERIFY(has(refused("imagenet", ""), "imagenet"));
}

void TestFolders::the_cache_folder_is_looked_into() {
  const Folder cache;
  qputenv("XDG_CACHE_HOME", QByteArray::fromStdString(cache.root()));
  std::filesystem::create_directories(cache.path("grapevine/mnist"));
  for (const char* part : {"train", "t10k"}) {
    cache.write("grapevine/mnist/" + std::string(part) + "-images-idx3-ubyte",
                idx({1, side, side}, pattern(side * side)));
    cache.write("grapevine/mnist/" + std::string(part) + "-labels-idx1-ubyte", idx({1}, {4}));
  }
  QVERIFY(load_images({"mnist", "", 0, 0, 0}).train.labels == std::vector<std::int32_t>{4});
}

QTEST_APPLESS_MAIN(TestFolders)
#include "test_folders.moc"
