// Text: words counted as the published perplexities count them, a lossless encoding, what is kept of it, and
// what is refused.
#include <sys/wait.h>

#include <QtTest>
#include <cerrno>
#include <sstream>

#include "engine/data/bpe.h"
#include "engine/data/places.h"
#include "engine/data/text_set.h"
#include "engine/experiment/utf8.h"
#include "tests/data/support.h"

using namespace grapevine;

class TestText : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void words_and_lines_are_counted();
  void every_text_is_decoded_to_what_it_was();
  void the_unknown_word_is_one_token();
  void a_limit_takes_the_first_tokens_and_their_words();
  void the_second_load_reads_what_was_kept();
  void a_damaged_file_of_the_cache_is_made_anew();
  void long_work_says_what_it_does();
  void long_work_can_be_stopped_anywhere();
  void learning_the_byte_pairs_is_ended_by_stop();
  void another_text_or_vocabulary_is_kept_apart();
  void without_a_place_to_keep_it_the_text_is_there_all_the_same();
  void a_missing_split_is_named();
  void a_folder_of_images_is_none_of_text();
  void an_empty_file_is_refused();
  void bytes_that_are_no_utf8_are_named_with_their_offset_data();
  void bytes_that_are_no_utf8_are_named_with_their_offset();
  void a_byte_order_mark_is_no_word();
  void wikitext2_has_the_published_counts();
};

namespace {

Bytes bytes(const std::string& text) {
  return {text.begin(), text.end()};
}

const std::string article =
    " \n = Valkyria = \n \n the cat and the <unk> dog ran to the cat 's hat \n the other cat is on the mat "
    "\n";

/// A data folder, and a cache of its own for what is made of it.
struct Texts {
  Folder data, cache;
  DataRequest request;
  explicit Texts(const std::string& train = article, const std::string& test = " the cat sat \n") {
    use_data_dir(cache.root());
    data.write("wiki.train.tokens", bytes(train));
    data.write("wiki.valid.tokens", bytes(" = A = \n"));
    data.write("wiki.test.tokens", bytes(test));
    request.name = "wikitext2";
    request.dir = data.root();
    request.vocabulary = 320;
  }
  TextData load() const { return load_text(request); }
  std::string refused() const {
    return refusal([&] { load(); });
  }
  std::vector<std::filesystem::path> kept() const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(cache.root()))
      if (entry.is_regular_file()) files.push_back(entry.path());
    return files;
  }
  std::unique_ptr<Encoding> encoding() const {
    for (const auto& file : kept()) {
      if (file.extension() != ".model") continue;
      std::ifstream in(file, std::ios::binary);
      std::string content((std::istreambuf_iterator<char>(in)), {});
      return open_encoding(content.substr(24));  // after the header
    }
    return nullptr;
  }
};

std::int64_t count(const std::vector<std::int32_t>& tokens, std::int32_t id) {
  return std::count(tokens.begin(), tokens.end(), id);
}

/// The text of each line: words with one blank between them.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string joined;
    for (std::string word; words >> word;) joined += (joined.empty() ? "" : " ") + word;
    lines.push_back(joined);
  }
  return lines;
}

std::vector<std::string> decoded_lines(const std::vector<std::int32_t>& tokens, const Encoding& encoding) {
  std::vector<std::string> lines;
  std::vector<std::int32_t> line;
  for (const std::int32_t token : tokens) {
    if (token != Encoding::end_of_line_id) {
      line.push_back(token);
      continue;
    }
    lines.push_back(encoding.decode(line));
    line.clear();
  }
  return lines;
}

}  // namespace

void TestText::words_and_lines_are_counted() {
  // Line by line, with its <eos>: 1, 4, 1, 13, 8.
  const TextData data = Texts().load();
  QCOMPARE(data.train.words, std::int64_t{27});
  QCOMPARE(count(data.train.tokens, Encoding::end_of_line_id), std::int64_t{5});
  QCOMPARE(data.validation.words, std::int64_t{4});
  QCOMPARE(data.test.words, std::int64_t{4});
  QCOMPARE(data.train.note, std::string("27 of 2,088,628 words: a slice"));
  QVERIFY(data.vocabulary > 258 && data.vocabulary <= 320);
  // A last line without its end is a line, other white space parts words too.
  QCOMPARE(Texts(article, "a\tb\r\nc").load().test.words, std::int64_t{5});
}

void TestText::every_text_is_decoded_to_what_it_was() {
  const std::string strange =
      " na\u00efve \u00e9t\u00e9 \u65e5\u672c \U0001F600 <eos> </s> <0x41> x\u00a0y \uff21 \n\n b \n";
  const Texts texts(article, strange);
  const TextData data = texts.load();
  const auto encoding = texts.encoding();
  QVERIFY(encoding);
  QVERIFY(decoded_lines(data.test.tokens, *encoding) == lines_of(strange));
  // Nothing in it is the unknown word, and none of its words ends a line.
  QCOMPARE(count(data.test.tokens, Encoding::unknown_id), std::int64_t{0});
  QCOMPARE(count(data.test.tokens, Encoding::end_of_line_id), std::int64_t{3});
}

void TestText::the_unknown_word_is_one_token() {
  const TextData data = Texts(article, "<unk> <unk>\n").load();
  QVERIFY(data.test.tokens ==
          (std::vector<std::int32_t>{Encoding::unknown_id, Encoding::unknown_id, Encoding::end_of_line_id}));
  QCOMPARE(data.test.words, std::int64_t{3});
  QCOMPARE(count(data.train.tokens, Encoding::unknown_id), std::int64_t{1});
}

void TestText::a_limit_takes_the_first_tokens_and_their_words() {
  Texts texts;
  const TextData whole = texts.load();
  texts.request.train_limit = 3;
  texts.request.test_limit = 2;
  const TextData data = texts.load();
  QVERIFY(std::equal(data.train.tokens.begin(), data.train.tokens.end(), whole.train.tokens.begin()));
  QCOMPARE(data.train.tokens.size(), std::size_t{3});
  QCOMPARE(data.validation.tokens.size(), std::size_t{2});
  QCOMPARE(data.test.tokens.size(), std::size_t{2});
  // "<eos> = Valkyria": the line's end, "=", and at least a part of the name.
  QCOMPARE(data.train.words, std::int64_t{3});
}

void TestText::long_work_says_what_it_does() {
  Texts texts;
  std::vector<std::string> told;
  const WorkHooks hooks{[&](const WorkProgress& now) {
                          told.push_back(now.what + " " + now.file);
                          QVERIFY(now.done >= 0 && now.done <= now.total);
                        },
                        {}};
  load_text(texts.request, hooks);
  const std::vector<std::string> read{"reading wiki.train.tokens", "reading wiki.valid.tokens",
                                      "reading wiki.test.tokens"};
  std::vector<std::string> all = read;
  for (const char* more :
       {"counting the words of wiki.train.tokens", "learning the byte pairs of wiki.train.tokens",
        "encoding wiki.train.tokens", "encoding wiki.valid.tokens", "encoding wiki.test.tokens"})
    all.push_back(more);
  QVERIFY(told == all);
  told.clear();
  load_text(texts.request, hooks);
  QVERIFY(told == read);
}

void TestText::long_work_can_be_stopped_anywhere() {
  const TextData whole = Texts().load();
  for (int looks = 0; looks < 7; ++looks) {
    Texts texts;
    int left = looks;
    QVERIFY_EXCEPTION_THROWN(load_text(texts.request, {{}, [&] { return left-- == 0; }}), WorkStopped);
    QVERIFY(texts.load().train.tokens == whole.train.tokens);
    QVERIFY(texts.load().test.tokens == whole.test.tokens);
  }
}

void TestText::learning_the_byte_pairs_is_ended_by_stop() {
  WordCounts words;  // enough for the learning to be at work when it is looked at a second time
  for (int i = 0; i < 40000; ++i)
    words.emplace_back("w" + std::to_string(7919LL * i * i % 1000003), 1 + i % 7);
  int looks = 0;
  QVERIFY_EXCEPTION_THROWN(train_encoding(words, 8000, {{}, [&] { return ++looks == 2; }}), WorkStopped);
  QCOMPARE(looks, 2);
  // The program that was learning is gone, and waited for.
  QCOMPARE(waitpid(-1, nullptr, WNOHANG), -1);
  QCOMPARE(errno, ECHILD);
}

void TestText::the_second_load_reads_what_was_kept() {
  const Texts texts;
  const TextData first = texts.load();
  const auto files = texts.kept();
  QCOMPARE(files.size(), std::size_t{4});  // the encoding, three splits
  // Nothing is written a second time.
  std::vector<std::filesystem::file_time_type> times;
  for (const auto& file : files) times.push_back(std::filesystem::last_write_time(file));
  const TextData second = texts.load();
  QVERIFY(second.train.tokens == first.train.tokens && second.test.tokens == first.test.tokens);
  QCOMPARE(second.train.words, first.train.words);
  for (std::size_t i = 0; i < files.size(); ++i)
    QVERIFY(std::filesystem::last_write_time(files[i]) == times[i]);
  // And nothing was put beside the data.
  QCOMPARE(std::distance(std::filesystem::directory_iterator(texts.data.root()), {}), std::ptrdiff_t{3});
}

void TestText::a_damaged_file_of_the_cache_is_made_anew() {
  const Texts texts;
  const TextData first = texts.load();
  for (const auto& file : texts.kept()) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(-1, std::ios::end);
    stream.put('\x7f');
  }
  QVERIFY(texts.load().train.tokens == first.train.tokens);
  for (const auto& file : texts.kept()) std::filesystem::resize_file(file, 10);
  QVERIFY(texts.load().train.tokens == first.train.tokens);
  for (const auto& file : texts.kept()) QVERIFY(std::filesystem::file_size(file) > 24);
}

void TestText::another_text_or_vocabulary_is_kept_apart() {
  Texts texts;
  texts.load();
  texts.request.vocabulary = 310;
  const TextData small = texts.load();
  QVERIFY(small.vocabulary <= 310);
  QCOMPARE(texts.kept().size(), std::size_t{8});
  texts.data.write("wiki.train.tokens", bytes("quite another text of other words \n"));
  const TextData other = texts.load();
  QCOMPARE(other.train.words, std::int64_t{7});
  QVERIFY(decoded_lines(other.train.tokens, *texts.encoding()).size() == 1);
}

void TestText::without_a_place_to_keep_it_the_text_is_there_all_the_same() {
  const Texts texts;
  use_data_dir(texts.data.path("wiki.test.tokens"));  // a file is no folder
  const TextData data = texts.load();
  QCOMPARE(data.train.words, std::int64_t{27});
  QVERIFY2(has(data.train.note, "could not be kept in") && has(data.train.note, "Not a directory"),
           data.train.note.c_str());
}

void TestText::a_missing_split_is_named() {
  const Texts texts;
  std::filesystem::remove(texts.data.path("wiki.valid.tokens"));
  const std::string words = texts.refused();
  QVERIFY2(has(words, "wiki.valid.tokens is not in " + texts.data.root()), words.c_str());
}

void TestText::a_folder_of_images_is_none_of_text() {
  DataRequest request;
  request.name = "cifar10";
  QVERIFY(has(refusal([&] { load_text(request); }), "'cifar10' is not a text data set"));
  request.name = "wikitext103";
  QVERIFY(has(refusal([&] { load_images(request); }), "WikiText-103 is text"));
}

void TestText::an_empty_file_is_refused() {
  const Texts texts;
  const std::string file = texts.data.write("wiki.test.tokens", {});
  QVERIFY(has(texts.refused(), file + ": offset 0: the file is empty"));
  texts.data.write("wiki.test.tokens", bytes(" \n \n"));
  QVERIFY(has(texts.refused(), file + ": offset 0: the file holds no words"));
}

void TestText::bytes_that_are_no_utf8_are_named_with_their_offset_data() {
  QTest::addColumn<QByteArray>("text");
  QTest::addColumn<int>("offset");
  // RFC 3629, section 4.
  QTest::newRow("Latin-1") << QByteArray("caf\xe9 au lait\n") << 3;
  QTest::newRow("a continuation alone") << QByteArray("a\x80") << 1;
  QTest::newRow("cut short") << QByteArray("ab\xe2\x82") << 2;
  QTest::newRow("overlong slash") << QByteArray("\xc0\xaf") << 0;
  QTest::newRow("overlong of three") << QByteArray("x\xe0\x9f\xbf") << 1;
  QTest::newRow("surrogate") << QByteArray("x\xed\xa0\x80") << 1;
  QTest::newRow("above U+10FFFF") << QByteArray("x\xf4\x90\x80\x80") << 1;
  QTest::newRow("UTF-16") << QByteArray("\xff\xfeh\0", 4) << 0;
  QTest::newRow("UTF-16 without a mark") << QByteArray("h\0i\0", 4) << 1;
  QTest::newRow("a word without an end") << QByteArray("some words ") + QByteArray(40000, 'a') << 11;
}

void TestText::bytes_that_are_no_utf8_are_named_with_their_offset() {
  QFETCH(QByteArray, text);
  QFETCH(int, offset);
  const Texts texts(article, text.toStdString());
  const std::string words = texts.refused();
  QVERIFY2(has(words, texts.data.path("wiki.test.tokens") + ": offset " + std::to_string(offset) + ":"),
           words.c_str());
  const std::string good = "\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\U00010000\U0010ffff";
  QCOMPARE(valid_utf8(good), good.size());
}

void TestText::a_byte_order_mark_is_no_word() {
  const TextData plain = Texts().load();
  QVERIFY(Texts("\xef\xbb\xbf" + article).load().train.tokens == plain.train.tokens);
}

void TestText::wikitext2_has_the_published_counts() {
  const std::string folder = std::string(GRAPEVINE_SOURCE_DIR) + "/../shared/data/wikitext-2";
  if (!std::filesystem::is_directory(folder)) QSKIP("WikiText-2's files are not beside the source");
  Texts texts;
  texts.request.dir = folder;
  texts.request.vocabulary = 1000;
  const TextData data = texts.load();
  QCOMPARE(data.train.words, std::int64_t{2088628});
  QCOMPARE(data.validation.words, std::int64_t{217646});
  QCOMPARE(data.test.words, std::int64_t{245569});
  QCOMPARE(data.vocabulary, 1000);
  QVERIFY(data.train.note.empty() && data.test.note.empty());
  std::ifstream in(folder + "/wiki.test.tokens", std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  // The text's own <unk> decodes as the library writes its unknown token.
  std::vector<std::string> lines = decoded_lines(data.test.tokens, *texts.encoding()),
                           expected = lines_of(text.str());
  QCOMPARE(lines.size(), expected.size());
  std::size_t same = 0, without_unknown = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (has(expected[i], "<unk>")) continue;
    ++without_unknown;
    same += lines[i] == expected[i];
  }
  QVERIFY(without_unknown > 2000);
  QCOMPARE(same, without_unknown);
}

QTEST_APPLESS_MAIN(TestText)
#include "test_text.moc"
