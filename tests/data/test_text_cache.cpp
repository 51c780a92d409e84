// What is kept of a text that was read, where it can't be kept, and how long work is stopped.
#include <sys/wait.h>

#include <QtTest>
#include <cerrno>

#include "engine/data/bpe.h"
#include "engine/data/places.h"
#include "engine/data/text_set.h"
#include "tests/data/support.h"

#include "tests/data/texts.h"

using namespace grapevine;

class TestTextCache : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_second_load_reads_what_was_kept();
  void a_damaged_file_of_the_cache_is_made_anew();
  void long_work_says_what_it_does();
  void long_work_can_be_stopped_anywhere();
  void learning_the_byte_pairs_is_ended_by_stop();
  void another_text_or_vocabulary_is_kept_apart();
  void without_a_place_to_keep_it_the_text_is_there_all_the_same();
};

void TestTextCache::long_work_says_what_it_does() {
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

void TestTextCache::long_work_can_be_stopped_anywhere() {
  const TextData whole = Texts().load();
  for (int looks = 0; looks < 7; ++looks) {
    Texts texts;
    int left = looks;
    QVERIFY_EXCEPTION_THROWN(load_text(texts.request, {{}, [&] { return left-- == 0; }}), WorkStopped);
    QVERIFY(texts.load().train.tokens == whole.train.tokens);
    QVERIFY(texts.load().test.tokens == whole.test.tokens);
  }
}

void TestTextCache::learning_the_byte_pairs_is_ended_by_stop() {
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

void TestTextCache::the_second_load_reads_what_was_kept() {
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
  // And nothing was put next to the data.
  QCOMPARE(std::distance(std::filesystem::directory_iterator(texts.data.root()), {}), std::ptrdiff_t{3});
}

void TestTextCache::a_damaged_file_of_the_cache_is_made_anew() {
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

void TestTextCache::another_text_or_vocabulary_is_kept_apart() {
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

void TestTextCache::without_a_place_to_keep_it_the_text_is_there_all_the_same() {
  const Texts texts;
  use_data_dir(texts.data.path("wiki.test.tokens"));  // a file is not a folder
  const TextData data = texts.load();
  QCOMPARE(data.train.words, std::int64_t{27});
  QVERIFY2(has(data.train.note, "could not be kept in") && has(data.train.note, "Not a directory"),
           data.train.note.c_str());
}

QTEST_APPLESS_MAIN(TestTextCache)
#include "test_text_cache.moc"
