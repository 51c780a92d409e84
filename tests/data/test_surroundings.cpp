// What is said where files are not what or where they should be: what is there, and what to set.
#include <QtTest>

#include "engine/data/locate.h"
#include "engine/data/sniff.h"
#include "engine/data/text_set.h"
#include "tests/data/support.h"

using namespace grapevine;

class TestSurroundings : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void files_further_down_are_named();
  void of_several_the_one_with_the_sets_name_is_meant();
  void one_folder_too_deep_is_told();
  void names_with_something_added_are_told_data();
  void names_with_something_added_are_told();
  void another_sets_files_are_told();
  void the_raw_wikitext_is_told();
  void an_archive_is_told();
  void a_link_to_nowhere_is_told();
  void else_the_content_is_listed();
  void a_folder_that_is_none_is_told();
  void a_tilde_is_the_home_folder();
  void what_lies_in_a_files_place_is_told_data();
  void what_lies_in_a_files_place_is_told();
  void a_web_page_is_no_wikitext();
};

namespace {

const std::vector<std::string> stems{"train-images-idx3-ubyte", "train-labels-idx1-ubyte",
                                     "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"};

void write_mnist(const Folder& folder, const std::string& where, const std::string& added = "") {
  std::filesystem::create_directories(folder.path(where));
  for (const std::string& stem : stems) folder.write(where + "/" + stem + added, {1});
}

std::string refused(const std::string& name, const std::string& dir) {
  DataRequest request;
  request.name = name;
  request.dir = dir;
  return refusal([&] { locate_data(request); });
}

}  // namespace

void TestSurroundings::files_further_down_are_named() {
  const Folder folder;
  write_mnist(folder, "MNIST/raw");
  const std::string words = refused("mnist", folder.root());
  QVERIFY2(has(words, "train-images-idx3-ubyte is not in " + folder.root()), words.c_str());
  QVERIFY2(has(words, "set data.dir=" + folder.path("MNIST/raw")), words.c_str());
}

// As torchvision lays them next to one another.
void TestSurroundings::of_several_the_one_with_the_sets_name_is_meant() {
  const Folder folder;
  write_mnist(folder, "FashionMNIST/raw");
  write_mnist(folder, "MNIST/raw");
  QVERIFY(has(refused("mnist", folder.root()), "set data.dir=" + folder.path("MNIST/raw")));
  QVERIFY(has(refused("fashion_mnist", folder.root()), "set data.dir=" + folder.path("FashionMNIST/raw")));
}

void TestSurroundings::one_folder_too_deep_is_told() {
  const Folder folder;
  write_mnist(folder, "set");
  std::filesystem::create_directories(folder.path("set/extra"));
  for (const char* end : {"", "/"})
    QVERIFY(has(refused("mnist", folder.path("set/extra") + end), "set data.dir=" + folder.path("set")));
}

void TestSurroundings::names_with_something_added_are_told_data() {
  QTest::addColumn<QByteArray>("name");
  for (const char* name :
       {"train-images-idx3-ubyte (1)", "train-images-idx3-ubyte(2)", "train images-idx3-ubyte",
        "train-images-idx3-ubyte.txt", "Train-Images-IDX3-ubyte", "train-images-idx3-ubyte - Copy"})
    QTest::newRow(name) << QByteArray(name);
}

void TestSurroundings::names_with_something_added_are_told() {
  QFETCH(QByteArray, name);
  const Folder folder;
  write_mnist(folder, ".");
  std::filesystem::rename(folder.path(stems[0]), folder.path(name.toStdString()));
  const std::string words = refused("mnist", folder.root());
  QVERIFY2(has(words, "'" + name.toStdString() + "' (expected 'train-images-idx3-ubyte')"), words.c_str());
}

void TestSurroundings::another_sets_files_are_told() {
  const Folder folder;
  for (const char* name : {"train.bin", "test.bin"}) folder.write(name, {1});
  QVERIFY(has(refused("cifar10", folder.root()), "data.name=cifar100"));
}

void TestSurroundings::the_raw_wikitext_is_told() {
  const Folder folder;
  std::filesystem::create_directories(folder.path("wikitext-2-raw"));
  for (const char* name : {"wiki.train.raw", "wiki.valid.raw", "wiki.test.raw"})
    folder.write("wikitext-2-raw/" + std::string(name), {'a'});
  const std::string words = refused("wikitext2", folder.root());
  QVERIFY2(
      has(words, "raw version") && has(words, "data.name=text") && has(words, folder.path("wikitext-2-raw")),
      words.c_str());
}

void TestSurroundings::a_link_to_nowhere_is_told() {
  const Folder folder;
  for (const std::string& stem : stems) folder.write(stem, {1});
  const std::string gone = folder.path(stems[2]);
  std::filesystem::remove(gone);
  std::filesystem::create_symlink("/nowhere/" + stems[2], gone);
  const std::string words = refused("mnist", folder.root());
  QVERIFY2(has(words, "'" + stems[2] + "' there is a link to /nowhere/" + stems[2] + ", where nothing is"),
           words.c_str());
}

void TestSurroundings::an_archive_is_told() {
  const Folder folder;
  folder.write("cifar-10-binary.tar.gz", {1});
  const std::string words = refused("cifar10", folder.root());
  QVERIFY2(has(words, "archive 'cifar-10-binary.tar.gz'") && has(words, "unpack"), words.c_str());
}

void TestSurroundings::else_the_content_is_listed() {
  const Folder folder;
  QVERIFY(has(refused("mnist", folder.root()), "It holds nothing"));
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g"}) folder.write(name, {1});
  QVERIFY(has(refused("mnist", folder.root()), "It holds 'a', 'b', 'c', 'd', 'e', 'f' and 1 more"));
}

void TestSurroundings::a_folder_that_is_none_is_told() {
  const Folder folder;
  const std::string file = folder.write("file", {1});
  QVERIFY(has(refused("mnist", file), "this is a file; name the folder that holds it, " + folder.root()));
  QVERIFY(has(refused("mnist", folder.path("nowhere")), folder.root() + " holds 'file'"));
  QVERIFY(has(refused("mnist", " " + folder.root() + " "), "without the blanks"));
}

void TestSurroundings::a_tilde_is_the_home_folder() {
  const Folder folder;
  write_mnist(folder, "mnist");
  const QByteArray before = qgetenv("HOME");
  qputenv("HOME", QByteArray::fromStdString(folder.root()));
  DataRequest request;
  request.name = "mnist";
  request.dir = "~/mnist";
  const std::string found = locate_data(request);
  qputenv("HOME", before);
  QCOMPARE(found, folder.path("mnist"));
}

void TestSurroundings::what_lies_in_a_files_place_is_told_data() {
  QTest::addColumn<QByteArray>("content");
  QTest::addColumn<QByteArray>("word");
  const auto row = [](const char* name, const QByteArray& content, const char* word) {
    QTest::newRow(name) << content << QByteArray(word);
  };
  row("a web page", "<!DOCTYPE html><html>not found</html>", "a web page (HTML)");
  row("in capitals", "\n <HTML>", "a web page (HTML)");
  row("a zip", QByteArray("PK\x03\x04xx"), "zip archive");
  row("a PNG", QByteArray("\x89PNG\r\n\x1a\n", 8), "PNG image");
  row("a pointer", "version https://git-lfs.github.com/spec/v1\n", "Git LFS pointer");
  row("an array", QByteArray("\x93NUMPY\x01"), "data.name=npz");
}

void TestSurroundings::what_lies_in_a_files_place_is_told() {
  QFETCH(QByteArray, content);
  QFETCH(QByteArray, word);
  const Folder folder;
  const Bytes bytes(content.begin(), content.end());
  const std::string labels = folder.write("labels", idx({1}, {0}));
  const std::string plain = folder.write("plain", bytes);
  std::string words = refusal([&] { read_idx_pair(plain, labels, 10); });
  QVERIFY2(has(words, plain + ": offset 0") && has(words, word.toStdString()), words.c_str());
  words = refusal([&] { read_cifar({plain}, 1, 10); });
  QVERIFY2(has(words, word.toStdString()), words.c_str());
  words = refusal([&] { read_cifar_pickles({plain}, "labels", 10); });
  QVERIFY2(has(words, word.toStdString()), words.c_str());
  // Packed twice: what is unpacked is a gzip file once more.
  const std::string once = folder.write_gz("once.gz", bytes);
  std::ifstream in(once, std::ios::binary);
  const Bytes packed{std::istreambuf_iterator<char>(in), {}};
  words = refusal([&] { read_idx_pair(folder.write_gz("twice.gz", packed), labels, 10); });
  QVERIFY2(has(words, "packed twice"), words.c_str());
  words = refusal([&] { read_text(folder.write_gz("text.gz", packed), {}); });
  QVERIFY2(has(words, "packed twice"), words.c_str());
}

void TestSurroundings::a_web_page_is_no_wikitext() {
  const Folder folder;
  const std::string page = "<!doctype html><html>page</html>";
  for (const char* name : {"wiki.train.tokens", "wiki.valid.tokens", "wiki.test.tokens"})
    folder.write(name, {page.begin(), page.end()});
  DataRequest request;
  request.name = "wikitext2";
  request.dir = folder.root();
  const std::string words = refusal([&] { check_text(request); });
  QVERIFY2(has(words, "wiki.train.tokens") && has(words, "web page"), words.c_str());
}

QTEST_APPLESS_MAIN(TestSurroundings)
#include "test_surroundings.moc"
