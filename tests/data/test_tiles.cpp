// The tiles: four features in fifths, two classes told apart by where it is light, and nothing shared between
// training and test.
#include <QtTest>

#include "tests/data/support.h"

using namespace grapevine;

class TestTiles : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_tile_is_light_where_its_class_says() {
    const ImageData data = load_images({"tiles", "", 60, 40, 5});
    QCOMPARE(data.train.count(), std::int64_t{60});
    QCOMPARE(data.test.count(), std::int64_t{40});
    QCOMPARE(data.train.sample_size(), std::int64_t{4});
    int of_class[2] = {0, 0};
    for (std::size_t i = 0; i < 60; ++i) {
      const int label = data.train.labels[i];
      QVERIFY(label == 0 || label == 1);
      ++of_class[label];
      for (std::size_t pixel = 0; pixel < 4; ++pixel) {
        const int value = data.train.pixels[4 * i + pixel];
        QCOMPARE(value % 51, 0);
        QCOMPARE(value >= 3 * 51, static_cast<int>(pixel / 2) == label);
      }
    }
    QVERIFY(of_class[0] > 15 && of_class[1] > 15);
  }

  void a_seed_says_which() {
    const ImageData one = load_images({"tiles", "", 20, 20, 3}), two = load_images({"tiles", "", 40, 20, 3}),
                    other = load_images({"tiles", "", 20, 20, 4});
    QVERIFY(std::equal(one.train.pixels.begin(), one.train.pixels.end(), two.train.pixels.begin()));
    QVERIFY(one.train.pixels != other.train.pixels);
    QVERIFY(one.train.pixels != one.test.pixels);
  }
};

QTEST_GUILESS_MAIN(TestTiles)
#include "test_tiles.moc"
