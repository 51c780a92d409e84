// A user's own text: which file is which, and what is held out where names don't say.
#include <sys/stat.h>

#include <QtTest>

#include "engine/data/data_set.h"
#include "engine/data/locate.h"
#include "engine/data/text_set.h"
#include "tests/data/support.h"

using namespace grapevine;

class TestOwnText : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void names_say_which_is_which();
  void else_the_last_tenth_is_held_out();
  void a_single_file_is_enough();
  void what_is_no_text_is_named();
  void a_name_that_no_file_bears_is_not_passed_over_data();
  void a_name_that_no_file_bears_is_not_passed_over();
  void another_folder_is_advised_only_where_text_lies();
  void it_is_cut_into_tokens();
};

namespace {

Bytes bytes(const std::string& text) {
  return {text.begin(), text.end()};
}
std::string text(const Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

DataRequest request_for(const std::string& dir) {
  DataRequest request;
  request.name = "text";
  request.dir = dir;
  return request;
}

TextParts parts_of(const std::string& dir) {
  const DataRequest request = request_for(dir);
  return find_data_set("text")->texts(request, find_data_files(request), {});
}

/// Lines of ten bytes: "line 0000\n" …
std::string lines(int count) {
  std::string all;
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(10000 + i).substr(1);
    all += "line " + number + "\n";
  }
  return all;
}

}  // namespace

void TestOwnText::names_say_which_is_which() {
  const Folder folder;
  folder.write("train-1.txt", bytes("one\n"));
  folder.write("train-2.txt", bytes("two"));
  folder.write("my_valid.txt", bytes("three\n"));
  folder.write("Test.md", bytes("\xef\xbb\xbf"
                                "four\n"));
  folder.write(".hidden", {0xff});
  const TextParts parts = parts_of(folder.root());
  QCOMPARE(text(parts.train), std::string("one\ntwo"));
  QCOMPARE(text(parts.validation), std::string("three\n"));
  QCOMPARE(text(parts.test), std::string("four\n"));
  QVERIFY(parts.note.empty());
}

void TestOwnText::else_the_last_tenth_is_held_out() {
  const Folder folder;
  const std::string all = lines(1000);
  folder.write("a.txt", bytes(all.substr(0, 4000)));
  folder.write("b.txt", bytes(all.substr(4000)));
  const TextParts parts = parts_of(folder.root());
  // Nothing is lost, and every part ends with a line.
  QCOMPARE(text(parts.train) + text(parts.validation) + text(parts.test), all);
  QVERIFY(parts.test.size() >= 490 && parts.test.size() <= 500);
  QVERIFY(parts.validation.size() >= 460 && parts.validation.size() <= 480);
  for (const Bytes& part : {parts.train, parts.validation}) QVERIFY(part.back() == '\n');
  QVERIFY(has(parts.note, "the last twentieth"));
}

void TestOwnText::a_single_file_is_enough() {
  const Folder folder;
  const std::string file = folder.write("test of mine.txt", bytes(lines(100)));
  QVERIFY(!parts_of(file).train.empty());
  folder.write("short.txt", bytes("word"));
  QVERIFY(has(refusal([&] { parts_of(folder.path("short.txt")); }), "too little text"));
}

void TestOwnText::what_is_no_text_is_named() {
  const Folder folder;
  const std::string file = folder.write("a.txt", {'a', 0xff, 'b'});
  QVERIFY(has(refusal([&] { parts_of(folder.root()); }), file + ": offset 1"));
  const Folder empty;
  QVERIFY(has(refusal([&] { parts_of(empty.root()); }), "no files in " + empty.root()));
}

// A run on the test text, or on less text than is meant, would look like any other.
void TestOwnText::a_name_that_no_file_bears_is_not_passed_over_data() {
  QTest::addColumn<QString>("kind");
  QTest::addColumn<QString>("words");
  QTest::newRow("moved") << "moved.txt"
                         << "a link to moved.txt, where nothing is";
  QTest::newRow("circle") << "circle"
                          << "a link that leads in a circle";
  QTest::newRow("fifo") << ""
                        << "a FIFO";
  QTest::newRow("device") << "/dev/null"
                          << "a device";
  QTest::newRow("folder") << "folder"
                          << "a folder";
}

void TestOwnText::a_name_that_no_file_bears_is_not_passed_over() {
  QFETCH(QString, kind);
  QFETCH(QString, words);
  const Folder folder;
  const auto put = [&](const std::string& name) {
    const std::string path = folder.path(name);
    if (kind == "folder")
      std::filesystem::create_directory(path);
    else if (kind.isEmpty())
      mkfifo(path.c_str(), 0600);
    else
      std::filesystem::create_symlink(kind == "circle" ? name : kind.toStdString(), path);
  };
  folder.write("test.txt", bytes(lines(100)));
  put("train.txt");
  const std::string refused = refusal([&] { parts_of(folder.root()); });
  QVERIFY2(has(refused, folder.path("train.txt") + " is " + words.toStdString()), refused.c_str());
  std::filesystem::remove(folder.path("train.txt"));
  folder.write("train.txt", bytes(lines(100)));
  put("book.txt");  // says no part: named, and the rest is read
  const std::string note = parts_of(folder.root()).note;
  QVERIFY2(has(note, "1 name that can't be read as a file left out, as book.txt (" + words.toStdString()),
           note.c_str());
}

void TestOwnText::another_folder_is_advised_only_where_text_lies() {
  const Folder folder;
  const std::string inner = folder.path("inner");
  std::filesystem::create_directories(inner);
  folder.write("runs.db", bytes(std::string("SQLite format 3") + '\0'));
  folder.write("train.log", bytes("step 1\n"));
  folder.write("latin.txt", {'c', 'a', 'f', 0xe9, ' ', 'x', 'y', 'z'});
  folder.write("page.txt", bytes("<!DOCTYPE html>"));
  const auto refused = [&] { return refusal([&] { parts_of(inner); }); };
  QVERIFY2(!has(refused(), "set data.dir=" + folder.root()), refused().c_str());
  folder.write("notes.md", bytes("caf\xc3\xa9\n"));
  QVERIFY2(has(refused(), "set data.dir=" + folder.root()), refused().c_str());
}

void TestOwnText::it_is_cut_into_tokens() {
  const Folder folder, cache;
  use_data_dir(cache.root());
  folder.write("book.txt", bytes(lines(400)));
  DataRequest request = request_for(folder.root());
  request.vocabulary = 300;
  const TextData data = load_text(request);
  QVERIFY(data.vocabulary > 0 && data.vocabulary <= 300);
  // Two words a line and its end.
  QCOMPARE(data.train.words + data.validation.words + data.test.words, std::int64_t{3 * 400});
}

QTEST_APPLESS_MAIN(TestOwnText)
#include "test_own_text.moc"
