// The digest of data against sha256sum over bytes put together by hand.
#include <QProcess>
#include <QTest>

#include "engine/data/data_digest.h"

namespace grapevine {
namespace {

/// "" where there is no such program.
std::string sum_by_another_program(const QByteArray& bytes) {
  QProcess program;
  program.start(QStringLiteral("sha256sum"), QStringList());
  if (!program.waitForStarted()) return {};
  program.write(bytes);
  program.closeWriteChannel();
  program.waitForFinished();
  return program.readAll().left(64).toStdString();
}

QByteArray little_endian(const std::vector<std::int32_t>& numbers) {
  QByteArray bytes;
  for (const std::int32_t number : numbers)
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>((number >> shift) & 255);
  return bytes;
}

ImageSet images(std::vector<std::int32_t> labels, std::vector<std::uint8_t> pixels) {
  ImageSet set;
  set.channels = 1;
  set.height = 1;
  set.width = 2;
  set.classes = 300;
  set.labels = std::move(labels);
  set.pixels = std::move(pixels);
  return set;
}

}  // namespace

class TestDataDigest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void images_with_their_shape_and_labels() {
    const ImageData data{images({1, 258}, {0, 255, 7, 8}), images({3}, {9, 10})};
    const QByteArray bytes = "train images 2 1 1 2\n" + little_endian({1, 258}) +
                             QByteArray("\x00\xff\x07\x08", 4) + "test images 1 1 1 2\n" +
                             little_endian({3}) + QByteArray("\x09\x0a", 2);
    const std::string want = sum_by_another_program(bytes);
    if (want.empty()) QSKIP("there is no sha256sum to compare with");
    QCOMPARE(digest_of(data), want);
  }

  void texts_by_their_tokens() {
    TextData data;
    data.train.tokens = {5, 70000};
    data.validation.tokens = {1};
    data.test.tokens = {};
    const QByteArray bytes = "train tokens 2\n" + little_endian({5, 70000}) + "validation tokens 1\n" +
                             little_endian({1}) + "test tokens 0\n";
    const std::string want = sum_by_another_program(bytes);
    if (want.empty()) QSKIP("there is no sha256sum to compare with");
    QCOMPARE(digest_of(data), want);
  }

  void one_pixel_one_label_or_the_shape_makes_another() {
    const ImageData data{images({1, 2}, {0, 255, 7, 8}), images({3}, {9, 10})};
    std::vector<ImageData> others(4, data);
    others[0].train.pixels[3] = 9;
    others[1].test.labels[0] = 4;
    std::swap(others[2].train.height, others[2].train.width);
    std::swap(others[3].train, others[3].test);
    for (const ImageData& other : others) QVERIFY(digest_of(other) != digest_of(data));
    ImageData noted = data;
    noted.train.note = "a slice";
    QCOMPARE(digest_of(noted), digest_of(data));
  }

  void long_sums_hear_stop() {
    const ImageData data{images({1}, std::vector<std::uint8_t>(16 << 20)), images({3}, {9, 10})};
    int asked = 0;
    WorkHooks hooks;
    hooks.stop = [&] { return ++asked == 3; };
    QVERIFY_THROWS_EXCEPTION(WorkStopped, digest_of(data, hooks));
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestDataDigest)
#include "test_data_digest.moc"
