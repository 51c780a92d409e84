// Text: words counted as the published perplexities count them, a lossless encoding, and what is refused.
#include <QtTest>
#include <cerrno>
#include <sstream>

#include "engine/data/bpe.h"
#include "engine/data/places.h"
#include "engine/data/text_set.h"
#include "engine/experiment/utf8.h"
#include "tests/data/support.h"

#include "tests/data/texts.h"

using namespace grapevine;

namespace {

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

}  // namespace

class TestText : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void words_and_lines_are_counted();
  void every_text_is_decoded_to_what_it_was();
  void the_unknown_word_is_one_token();
  void a_limit_takes_the_first_tokens_and_their_words();
  void a_missing_split_is_named();
  void a_folder_of_images_is_none_of_text();
  void an_empty_file_is_refused();
  void bytes_that_are_no_utf8_are_named_with_their_offset_data();
  void bytes_that_are_no_utf8_are_named_with_their_offset();
  void no_more_is_read_than_shows_that_it_is_no_text();
  void too_few_tokens_for_the_characters_are_refused();
  void a_byte_order_mark_is_no_word();
  void wikitext2_has_the_published_counts();
};

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
  QTest::newRow("a zero byte before another's") << QByteArray("ab\0\xe9", 4) << 2;
  QTest::newRow("a zero byte before a character that two pieces share")
      << QByteArray(2, 'a') + QByteArray(1, '\0') + QByteArray((1 << 14) - 4, 'a') + "\xc3\xa9" << 2;
  QTest::newRow("far behind") << QByteArray("\xc3\xa9 ").repeated(10000) + "\xff" << 30000;
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

// A terabyte without content: read to its end it would fill the memory.
void TestText::no_more_is_read_than_shows_that_it_is_no_text() {
  const Texts texts;
  const std::string file = texts.data.write("wiki.train.tokens", bytes("a b\n"));
  std::error_code failed;
  std::filesystem::resize_file(file, std::uintmax_t{1} << 40, failed);
  if (failed) QSKIP("no sparse file of a terabyte here");
  const std::string words = texts.refused();
  QVERIFY2(has(words, file + ": offset 4: a zero byte"), words.c_str());
}

// 200 characters, the mark that begins a word, the unknown word, the end of a line and 256 bytes.
void TestText::too_few_tokens_for_the_characters_are_refused() {
  std::string text;
  for (char32_t c = 0x4e00; c < 0x4e00 + 200; ++c) text += QString::fromUcs4(&c, 1).toStdString() + " ";
  Texts texts(text + "\n");
  texts.request.vocabulary = 300;
  QCOMPARE(texts.refused(), std::string("data.vocabulary=300: too few tokens for this text, whose characters "
                                        "each need one: set data.vocabulary=459 or more"));
  texts.request.vocabulary = 459;
  QCOMPARE(texts.load().vocabulary, 459);
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
