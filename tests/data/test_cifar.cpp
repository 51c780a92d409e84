// CIFAR's binary records: one label byte (CIFAR-100: coarse, then fine), then 3 × 32 × 32 bytes, channel
// first.
#include <QtTest>

#include "tests/data/support.h"

using namespace grapevine;

class TestCifar : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void records_of_several_files_follow_one_another();
  void the_fine_label_counts();
  void a_part_of_a_record_is_refused_with_its_offset();
  void an_empty_file_is_refused();
  void a_label_out_of_range_is_named_with_its_offset();
};

namespace {

constexpr std::size_t image = 3 * 32 * 32;

Bytes record(const Bytes& labels, unsigned first) {
  Bytes bytes = labels;
  const Bytes pixels = pattern(image, first);
  bytes.insert(bytes.end(), pixels.begin(), pixels.end());
  return bytes;
}

Bytes both(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

void TestCifar::records_of_several_files_follow_one_another() {
  const Folder folder;
  const std::string one = folder.write("one", both(record({3}, 1), record({0}, 2)));
  const std::string two = folder.write("two", record({9}, 3));
  const ImageSet set = read_cifar({one, two}, 1, 10);
  QVERIFY(set.labels == (std::vector<std::int32_t>{3, 0, 9}));
  QVERIFY(set.channels == 3 && set.height == 32 && set.width == 32);
  QVERIFY(set.pixels == both(both(pattern(image, 1), pattern(image, 2)), pattern(image, 3)));
}

void TestCifar::the_fine_label_counts() {
  const Folder folder;
  const ImageSet set = read_cifar({folder.write("a", record({19, 99}, 0))}, 2, 100);
  QVERIFY(set.labels == std::vector<std::int32_t>{99});
  QVERIFY(set.pixels == pattern(image));
}

void TestCifar::a_part_of_a_record_is_refused_with_its_offset() {
  const Folder folder;
  const std::string file = folder.write("a", both(record({1}, 0), Bytes(100)));
  const std::string words = refusal([&] { read_cifar({file}, 1, 10); });
  // The first record is whole: 3,073 bytes.
  QVERIFY2(has(words, file + ": offset 3073") && has(words, "3173 bytes"), words.c_str());
}

void TestCifar::an_empty_file_is_refused() {
  const Folder folder;
  const std::string file = folder.write("a", {});
  const std::string words = refusal([&] { read_cifar({file}, 1, 10); });
  QVERIFY2(has(words, file + ": offset 0"), words.c_str());
}

void TestCifar::a_label_out_of_range_is_named_with_its_offset() {
  const Folder folder;
  const std::string ten = folder.write("ten", both(record({9}, 0), record({10}, 0)));
  std::string words = refusal([&] { read_cifar({ten}, 1, 10); });
  QVERIFY2(has(words, ten + ": offset 3073: label 10") && has(words, "expected 0 to 9"), words.c_str());
  const std::string hundred = folder.write("hundred", record({0, 100}, 0));
  words = refusal([&] { read_cifar({hundred}, 2, 100); });
  QVERIFY2(has(words, hundred + ": offset 1: label 100") && has(words, "expected 0 to 99"), words.c_str());
}

QTEST_APPLESS_MAIN(TestCifar)
#include "test_cifar.moc"
