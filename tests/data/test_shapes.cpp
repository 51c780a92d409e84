// The synthetic set: every image depends on (seed, index) alone, all classes occur, train and test share
// nothing.
#include <QtTest>
#include <array>
#include <set>

#include "tests/data/support.h"

using namespace grapevine;

class TestShapes : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_same_seed_gives_the_same_images();
  void an_image_does_not_depend_on_how_many_are_made();
  void another_seed_gives_other_images();
  void every_class_occurs_about_equally_often();
  void a_hundred_classes_are_in_range();
  void train_and_test_share_no_image();
  void limits_give_so_many();
};

namespace {

std::vector<std::uint8_t> image(const ImageSet& set, std::int64_t index) {
  const auto begin = set.pixels.begin() + index * set.sample_size();
  return {begin, begin + set.sample_size()};
}

}  // namespace

void TestShapes::the_same_seed_gives_the_same_images() {
  const ImageSet one = make_shapes(3, 0, 50, 10), two = make_shapes(3, 0, 50, 10);
  QCOMPARE(one.count(), std::int64_t{50});
  QCOMPARE(one.pixels.size(), std::size_t{50 * 28 * 28});
  QVERIFY(one.pixels == two.pixels && one.labels == two.labels);
}

void TestShapes::an_image_does_not_depend_on_how_many_are_made() {
  const ImageSet many = make_shapes(3, 0, 50, 10), one = make_shapes(3, 17, 1, 10);
  QVERIFY(image(many, 17) == image(one, 0));
  QCOMPARE(many.labels[17], one.labels[0]);
}

void TestShapes::another_seed_gives_other_images() {
  const ImageSet one = make_shapes(3, 0, 20, 10), two = make_shapes(4, 0, 20, 10);
  for (std::int64_t i = 0; i < 20; ++i) QVERIFY(image(one, i) != image(two, i));
}

void TestShapes::every_class_occurs_about_equally_often() {
  constexpr int count = 4000, classes = 10;
  std::array<int, classes> seen{};
  for (const std::int32_t label : make_shapes(0, 0, count, classes).labels)
    ++seen.at(static_cast<std::size_t>(label));
  // Binomial with p = 1/10: mean 400, deviation 19; five deviations to either side.
  for (const int n : seen) QVERIFY2(n > 305 && n < 495, std::to_string(n).c_str());
}

void TestShapes::a_hundred_classes_are_in_range() {
  const ImageSet set = make_shapes(0, 0, 2000, 100);
  std::set<std::int32_t> seen(set.labels.begin(), set.labels.end());
  QVERIFY(*seen.begin() >= 0 && *seen.rbegin() < 100);
  // Each class is missed with probability 0.99^2000 = 2e-9.
  QCOMPARE(seen.size(), std::size_t{100});
}

void TestShapes::train_and_test_share_no_image() {
  const ImageData data = load_images({"shapes", "", 300, 300, 5});
  std::set<std::vector<std::uint8_t>> train;
  for (std::int64_t i = 0; i < data.train.count(); ++i) train.insert(image(data.train, i));
  for (std::int64_t i = 0; i < data.test.count(); ++i) QVERIFY(!train.contains(image(data.test, i)));
}

void TestShapes::limits_give_so_many() {
  const ImageData data = load_images({"shapes", "", 12, 7, 0});
  QCOMPARE(data.train.count(), std::int64_t{12});
  QCOMPARE(data.test.count(), std::int64_t{7});
  const ImageData other = load_images({"shapes", "", 12, 7, 1});
  QVERIFY(data.train.pixels != other.train.pixels);
}

QTEST_APPLESS_MAIN(TestShapes)
#include "test_shapes.moc"
