// IDX files, plain and gzip, whole and damaged. The format: big-endian magic 0x00000803 (images) or
// 0x00000801 (labels), extents of 32 bits, bytes.
#include <QtTest>

#include "tests/data/support.h"

using namespace grapevine;

class TestIdx : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_pair_is_read_byte_for_byte();
  void gzip_is_told_by_its_content();
  void a_wrong_magic_is_refused_with_both_numbers();
  void a_header_that_ends_early_is_refused();
  void a_short_and_a_long_file_are_refused();
  void extents_that_overflow_are_refused();
  void a_file_without_records_is_refused();
  void a_label_out_of_range_is_named_with_its_offset();
  void unequal_counts_are_refused();
  void a_cut_gzip_stream_is_refused();
  void a_damaged_gzip_stream_is_refused();
  void a_missing_file_is_named();
};

namespace {

/// Three images of 2×4 with labels 0, 9, 5.
struct Pair : Folder {
  std::string images = write("images", idx({3, 2, 4}, pattern(24)));
  std::string labels = write("labels", idx({3}, {0, 9, 5}));
  std::string refused() const {
    return refusal([&] { read_idx_pair(images, labels, 10); });
  }
};

void expect_whole(const ImageSet& set) {
  QCOMPARE(set.count(), std::int64_t{3});
  QCOMPARE(set.channels, 1);
  QCOMPARE(set.height, 2);
  QCOMPARE(set.width, 4);
  QCOMPARE(set.classes, 10);
  QVERIFY(set.labels == (std::vector<std::int32_t>{0, 9, 5}));
  QVERIFY(set.pixels == pattern(24));
}

}  // namespace

void TestIdx::a_pair_is_read_byte_for_byte() {
  const Pair pair;
  expect_whole(read_idx_pair(pair.images, pair.labels, 10));
}

void TestIdx::gzip_is_told_by_its_content() {
  const Pair pair;
  // Under names that say nothing, and a plain file under a gzip's name.
  const std::string packed = pair.write_gz("packed", idx({3, 2, 4}, pattern(24)));
  const std::string plain = pair.write("plain.gz", idx({3}, {0, 9, 5}));
  expect_whole(read_idx_pair(packed, plain, 10));
}

void TestIdx::a_wrong_magic_is_refused_with_both_numbers() {
  Pair pair;
  std::swap(pair.images, pair.labels);
  const std::string words = pair.refused();
  QVERIFY2(has(words, pair.images + ": offset 0"), words.c_str());
  QVERIFY2(has(words, "0x00000801") && has(words, "expected 0x00000803"), words.c_str());
}

void TestIdx::a_header_that_ends_early_is_refused() {
  const Pair pair;
  const Bytes whole = idx({3, 2, 4}, {});
  for (const std::size_t size : {0, 3, 4, 9, 15}) {
    pair.write("images", Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    const std::string words = pair.refused();
    // The first extent or magic that is not there, at a multiple of 4.
    QVERIFY2(has(words, pair.images + ": offset " + std::to_string(size / 4 * 4)), words.c_str());
    QVERIFY2(has(words, "(" + std::to_string(size) + " bytes)"), words.c_str());
  }
}

void TestIdx::a_short_and_a_long_file_are_refused() {
  const Pair pair;
  pair.write("images", idx({3, 2, 4}, pattern(23)));
  std::string words = pair.refused();
  QVERIFY2(has(words, "offset 16: 23 bytes") && has(words, "announces 24") && has(words, "cut short"),
           words.c_str());
  pair.write("images", idx({3, 2, 4}, pattern(25)));
  words = pair.refused();
  QVERIFY2(has(words, "offset 16: 25 bytes") && has(words, "announces 24") && !has(words, "cut short"),
           words.c_str());
}

void TestIdx::extents_that_overflow_are_refused() {
  const Pair pair;
  // 2³¹ · 2³¹ · 4 = 2⁶⁴, which is 0 in 64 bits: the size of the empty content.
  pair.write("images", idx({0x80000000u, 0x80000000u, 4}, {}));
  const std::string words = pair.refused();
  QVERIFY2(has(words, "cut short"), words.c_str());
}

void TestIdx::a_file_without_records_is_refused() {
  const Pair pair;
  pair.write("images", idx({0, 2, 4}, {}));
  pair.write("labels", idx({0}, {}));
  const std::string words = pair.refused();
  QVERIFY2(has(words, pair.images + ": offset 4") && has(words, "no records"), words.c_str());
}

void TestIdx::a_label_out_of_range_is_named_with_its_offset() {
  const Pair pair;
  pair.write("labels", idx({3}, {0, 10, 5}));
  const std::string words = pair.refused();
  // 8 bytes of header, then label 0.
  QVERIFY2(has(words, pair.labels + ": offset 9: label 10") && has(words, "expected 0 to 9"), words.c_str());
}

void TestIdx::unequal_counts_are_refused() {
  const Pair pair;
  pair.write("labels", idx({2}, {0, 9}));
  const std::string words = pair.refused();
  QVERIFY2(has(words, pair.labels + ": offset 4: 2 labels for the 3 images of " + pair.images),
           words.c_str());
}

void TestIdx::a_cut_gzip_stream_is_refused() {
  const Pair pair;
  const std::string packed = pair.write_gz("images", idx({3, 2, 4}, pattern(24)));
  const auto size = std::filesystem::file_size(packed);
  std::filesystem::resize_file(packed, size - 9);  // the sum, the length and a byte of the data
  const std::string words = pair.refused();
  QVERIFY2(has(words, pair.images + ": offset ") && has(words, "gzip data is damaged or cut short"),
           words.c_str());
}

void TestIdx::a_damaged_gzip_stream_is_refused() {
  const Pair pair;
  const std::string packed = pair.write_gz("images", idx({3, 2, 4}, pattern(24)));
  std::fstream file(packed, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(-8, std::ios::end);  // the CRC-32 of the content
  const char wrong[4] = {1, 2, 3, 4};
  file.write(wrong, 4);
  file.close();
  const std::string words = pair.refused();
  QVERIFY2(has(words, pair.images) && has(words, "gzip data is damaged or cut short"), words.c_str());
}

void TestIdx::a_missing_file_is_named() {
  Pair pair;
  pair.images = pair.path("nothing");
  const std::string words = pair.refused();
  QVERIFY2(has(words, pair.images) && has(words, "can't be opened"), words.c_str());
}

QTEST_APPLESS_MAIN(TestIdx)
#include "test_idx.moc"
