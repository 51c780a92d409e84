// Which records a limit takes.
#include <QtTest>

#include "engine/data/limits.h"
#include "tests/data/support.h"

using namespace grapevine;

class TestLimits : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_first_or_as_many_of_each_class();
  void what_a_class_lacks_the_others_give();
  void records_keep_their_labels();
  void a_sorted_set_is_told_and_balanced();
};

using Labels = std::vector<std::int32_t>;
using Places = std::vector<std::size_t>;

void TestLimits::the_first_or_as_many_of_each_class() {
  const Labels sorted{0, 0, 0, 1, 1, 1, 2, 2, 2};
  QVERIFY(chosen_records(sorted, 4, false) == (Places{0, 1, 2, 3}));
  QVERIFY(chosen_records(sorted, 6, true) == (Places{0, 1, 3, 4, 6, 7}));
  QVERIFY(chosen_records(sorted, 4, true) == (Places{0, 1, 3, 6}));  // the first class has the odd one
  QVERIFY(chosen_records(sorted, 0, true).size() == 9 && chosen_records(sorted, 99, true).size() == 9);
}

void TestLimits::what_a_class_lacks_the_others_give() {
  const Labels uneven{0, 1, 1, 1, 1, 2, 2, 2, 2};
  QVERIFY(chosen_records(uneven, 7, true) == (Places{0, 1, 2, 3, 5, 6, 7}));
}

void TestLimits::records_keep_their_labels() {
  ImageSet set;
  set.height = set.width = 1;
  set.classes = 2;
  set.labels = {0, 0, 0, 1, 1, 1};
  set.pixels = {10, 11, 12, 20, 21, 22};
  limit_records(set, 4, true);
  QVERIFY(set.labels == (Labels{0, 0, 1, 1}));
  QVERIFY(set.pixels == (Bytes{10, 11, 20, 21}));
}

void TestLimits::a_sorted_set_is_told_and_balanced() {
  const Folder folder;
  for (const char* part : {"train", "t10k"}) {
    folder.write(std::string(part) + "-images-idx3-ubyte", idx({20, 28, 28}, pattern(20 * 28 * 28)));
    Bytes labels;
    for (int i = 0; i < 20; ++i) labels.push_back(static_cast<std::uint8_t>(i / 2));
    folder.write(std::string(part) + "-labels-idx1-ubyte", idx({20}, labels));
  }
  DataRequest request;
  request.name = "mnist";
  request.dir = folder.root();
  request.train_limit = 10;
  const std::string words = load_images(request).train.note;
  QVERIFY2(has(words, "no training images of 5 of 10 classes (5, 6, 7, 8, 9)") &&
               has(words, "data.limit_order=balanced"),
           words.c_str());
  request.balanced = true;
  const ImageSet even = load_images(request).train;
  QVERIFY(even.labels == (Labels{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  QVERIFY(!has(even.note, "classes"));
}

QTEST_APPLESS_MAIN(TestLimits)
#include "test_limits.moc"
