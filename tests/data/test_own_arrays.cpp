// IDX files of any type and rank, and their labels: right values come from the format's description; the
// files are written here byte by byte.
#include <QtTest>
#include <cstring>

#include "engine/data/array_images.h"
#include "engine/data/idx.h"
#include "engine/data/npz.h"
#include "tests/data/packed.h"
#include "tests/data/support.h"

#include "tests/data/own_arrays.h"

using namespace grapevine;

namespace {

/// IDX of any type: `content` big-endian already.
Bytes idx_of(unsigned type, const std::vector<std::uint32_t>& extents, const Bytes& content) {
  Bytes bytes;
  put_word(bytes, type << 8 | static_cast<std::uint32_t>(extents.size()));
  for (const std::uint32_t extent : extents) put_word(bytes, extent);
  bytes.insert(bytes.end(), content.begin(), content.end());
  return bytes;
}

}  // namespace

class TestOwnArrays : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void every_idx_type_is_read_data();
  void every_idx_type_is_read();
  void ranks_become_images_data();
  void ranks_become_images();
  void qmnist_has_its_class_in_the_first_of_eight_columns();
  void emnist_counts_from_one_and_lies_on_its_side();
  void one_column_a_class_is_read();
  void values_become_levels();
  void labels_that_are_values_are_refused();
  void a_single_class_is_refused();
  void training_without_test_data_needs_validation();
  void test_data_that_are_gone_are_not_passed_over();
  void several_sets_in_a_folder_are_told();
  void what_a_header_announces_takes_no_memory();
  void shape_and_classes_stand_before_the_pixels_are_read();
};

void TestOwnArrays::every_idx_type_is_read_data() {
  QTest::addColumn<unsigned>("type");
  QTest::addColumn<QByteArray>("content");
  QTest::addColumn<double>("second");
  QTest::newRow("unsigned byte") << 0x08u << chars({1, 200}) << 200.0;
  QTest::newRow("signed byte") << 0x09u << chars({1, 200}) << -56.0;
  QTest::newRow("short") << 0x0Bu << chars({0, 1, 0xff, 0xfe}) << -2.0;
  QTest::newRow("int") << 0x0Cu << chars({0, 0, 0, 1, 0, 1, 0, 2}) << 65538.0;
  QTest::newRow("float") << 0x0Du << chars({0, 0, 0, 0, 0xc0, 0x20, 0, 0}) << -2.5;
  QTest::newRow("double") << 0x0Eu << chars({0, 0, 0, 0, 0, 0, 0, 0, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0}) << 0.5;
}

void TestOwnArrays::every_idx_type_is_read() {
  QFETCH(unsigned, type);
  QFETCH(QByteArray, content);
  QFETCH(double, second);
  const Folder folder;
  const NumberArray array = read_idx(folder.write("a", idx_of(type, {2}, {content.begin(), content.end()})));
  QVERIFY(array.shape == std::vector<std::int64_t>{2});
  QCOMPARE(array.at(1), second);
}

void TestOwnArrays::ranks_become_images_data() {
  QTest::addColumn<QList<unsigned>>("extents");
  QTest::addColumn<QList<int>>("shape");
  const auto row = [](const char* name, const QList<unsigned>& extents, const QList<int>& shape) {
    QTest::newRow(name) << extents << shape;
  };
  row("N", {4}, {1, 1, 1});
  row("a square in a row", {2, 9}, {1, 3, 3});
  row("three squares in a row", {2, 12}, {3, 2, 2});
  row("numbers in a row", {2, 7}, {1, 1, 7});
  row("grey", {2, 3, 5}, {1, 3, 5});
  row("colours first", {2, 3, 4, 5}, {3, 4, 5});
  row("colours last", {2, 8, 5, 3}, {3, 8, 5});
}

void TestOwnArrays::ranks_become_images() {
  QFETCH(QList<unsigned>, extents);
  QFETCH(QList<int>, shape);
  const Folder folder;
  std::size_t size = 1;
  for (const unsigned extent : extents) size *= extent;
  const NumberArray images =
      read_idx(folder.write("a", idx_of(0x08, {extents.begin(), extents.end()}, pattern(size))));
  Bytes classes(extents.front());
  for (std::size_t i = 0; i < classes.size(); ++i) classes[i] = static_cast<std::uint8_t>(i % 2);
  const NumberArray labels = read_idx(folder.write("b", idx_of(0x08, {extents.front()}, classes)));
  const ImageSet set = image_data_from({images, labels}, std::nullopt, {}).train;
  QCOMPARE((QList<int>{set.channels, set.height, set.width}), shape);
  QCOMPARE(set.classes, 2);
  QCOMPARE(set.pixels.size(), size);
  if (extents.size() != 4 || extents.back() != 3) {
    QVERIFY(set.pixels == pattern(size));
    return;
  }
  // Row y, column x, colour c of the second image, 8×5×3, lies at ((8 + y) · 5 + x) · 3 + c.
  QCOMPARE(set.pixels[(1 * 3 + 2) * 40 + 6 * 5 + 4], pattern(size)[((8 + 6) * 5 + 4) * 3 + 2]);
}

void TestOwnArrays::qmnist_has_its_class_in_the_first_of_eight_columns() {
  const Folder folder;
  for (const char* part : {"train", "test"}) {
    const std::string stem = "qmnist-" + std::string(part);
    folder.write(stem + "-images-idx3-ubyte", idx({3, 2, 2}, pattern(12)));
    folder.write_gz(stem + "-labels-idx2-int.gz", idx_of(0x0C, {3, 8}, words({2, 4, 2424, 33, 34, 9, 7, 8,  //
                                                                              0, 4, 2424, 33, 34, 9, 7, 8,  //
                                                                              1, 4, 2424, 33, 34, 9, 7, 8})));
  }
  const ImageData data = load_images(request_for("idx", folder.root()));
  QVERIFY(data.train.labels == (std::vector<std::int32_t>{2, 0, 1}));
  QCOMPARE(data.test.classes, 3);
  QVERIFY2(has(data.train.note, "8 columns"), data.train.note.c_str());
}

void TestOwnArrays::emnist_counts_from_one_and_lies_on_its_side() {
  const Folder folder;
  folder.write("emnist-letters-train-images-idx3-ubyte", idx({3, 2, 3}, pattern(18)));
  folder.write("emnist-letters-train-labels-idx1-ubyte", idx({3}, {1, 26, 7}));
  folder.write("emnist-letters-test-images-idx3-ubyte", idx({1, 2, 3}, pattern(6)));
  folder.write("emnist-letters-test-labels-idx1-ubyte", idx({1}, {3}));
  DataRequest request = request_for("idx", folder.root());
  request.transpose = true;
  for (const std::optional<std::int64_t> offset :
       {std::optional<std::int64_t>(1), std::optional<std::int64_t>()}) {
    request.label_offset = offset;
    const ImageData data = load_images(request);
    QCOMPARE(data.train.classes, 26);
    QVERIFY(data.train.labels == (std::vector<std::int32_t>{0, 25, 6}));
    QVERIFY(data.test.labels == std::vector<std::int32_t>{2});
    QVERIFY(data.train.height == 3 && data.train.width == 2);
    // 0 1 2 / 3 4 5 becomes 0 3 / 1 4 / 2 5.
    const Bytes as_they_lie = pattern(6);
    const Bytes turned{as_they_lie[0], as_they_lie[3], as_they_lie[1],
                       as_they_lie[4], as_they_lie[2], as_they_lie[5]};
    QVERIFY(data.test.pixels == turned);
    QCOMPARE(has(data.train.note, "labels count from 1"), !offset);
  }
  request.label_offset = 2;
  QVERIFY(has(refusal([&] { load_images(request); }), "label 1 is out of range"));
  // As MNIST they are refused with the name that reads them.
  const std::string words = refusal([&] {
    read_idx_pair(folder.path("emnist-letters-train-images-idx3-ubyte"),
                  folder.path("emnist-letters-train-labels-idx1-ubyte"), 10);
  });
  QVERIFY2(has(words, "offset 9: label 26") && has(words, "data.name=idx"), words.c_str());
}

void TestOwnArrays::one_column_a_class_is_read() {
  const Folder folder;
  const NumberArray images = read_idx(folder.write("a", idx({3, 1, 1}, {1, 2, 3})));
  const NumberArray labels =
      read_idx(folder.write("b", idx_of(0x08, {3, 4}, {0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1})));
  const ImageSet set = image_data_from({images, labels}, std::nullopt, {}).train;
  QVERIFY(set.labels == (std::vector<std::int32_t>{2, 0, 3}));
  QVERIFY(set.classes == 4 && set.note.empty());
}

void TestOwnArrays::values_become_levels() {
  const auto of = [](const std::vector<float>& values, const std::vector<float>& test) {
    NumberArray train{"train", Element::f32, {static_cast<std::int64_t>(values.size()), 1, 1}, {}, 0},
        other = train;
    train.bytes.resize(values.size() * 4);
    std::memcpy(train.bytes.data(), values.data(), train.bytes.size());
    other.shape[0] = static_cast<std::int64_t>(test.size());
    other.bytes.resize(test.size() * 4);
    std::memcpy(other.bytes.data(), test.data(), other.bytes.size());
    NumberArray labels{"labels", Element::u8, {train.rows()}, Bytes(values.size(), 0), 0}, none = labels;
    labels.bytes.back() = 1;  // a single class is refused
    none.shape[0] = other.rows();
    none.bytes.resize(test.size());
    return image_data_from({train, labels}, ArrayPair{other, none}, {});
  };
  // Within [0, 1]: times 255.
  QVERIFY(of({0, 0.2f, 0.4f}, {1}).train.pixels == (Bytes{0, 51, 102}));
  // Whole numbers up to 255 are levels already.
  QVERIFY(of({0, 128, 255}, {3}).train.pixels == (Bytes{0, 128, 255}));
  // Anything else: from the training data's least to their largest; what lies beyond in test is cut.
  const ImageData shifted = of({-1, 0, 1}, {-5, 0.5f});
  QVERIFY(shifted.train.pixels == (Bytes{0, 128, 255}));
  QVERIFY(shifted.test.pixels == (Bytes{0, 191}));
  QVERIFY2(has(shifted.train.note, "from -1 to 1"), shifted.train.note.c_str());
  QVERIFY(has(refusal([&] { of({0, NAN}, {0}); }), "image 1: a value that is not a number"));
}

void TestOwnArrays::labels_that_are_values_are_refused() {
  NumberArray images{"x", Element::u8, {2, 1, 1}, {1, 2}, 0}, labels{"y", Element::f32, {2}, Bytes(8), 0};
  const float values[] = {0.5f, 1.25f};
  std::memcpy(labels.bytes.data(), values, 8);
  const std::string words = refusal([&] { image_data_from({images, labels}, std::nullopt, {}); });
  QVERIFY2(has(words, "y: record 0: label 0.5") && has(words, "classes"), words.c_str());
  NumberArray far{"y", Element::i32, {2}, Bytes(8), 0};
  const std::int32_t counts[] = {0, 70000};
  std::memcpy(far.bytes.data(), counts, 8);
  QVERIFY(has(refusal([&] { image_data_from({images, far}, std::nullopt, {}); }), "65536 classes"));
}

void TestOwnArrays::a_single_class_is_refused() {
  const NumberArray images{"x", Element::u8, {2, 1, 1}, {1, 2}, 0}, labels{"y", Element::u8, {2}, {3, 3}, 0};
  const std::string words = refusal([&] { image_data_from({images, labels}, std::nullopt, {}); });
  QVERIFY2(has(words, "y: all 2 labels are 3: a single class"), words.c_str());
  // Before anything is read, too, and whatever the first class's label is.
  ArrayOptions options;
  options.label_offset = 0;
  QVERIFY(has(refusal([&] { outline_of({images, labels}, std::nullopt, options); }), "a single class"));
}

void TestOwnArrays::training_without_test_data_needs_validation() {
  const Folder folder;
  folder.write("train-images.idx", idx({4, 1, 1}, {1, 2, 3, 4}));
  folder.write("train-labels.idx", idx({4}, {0, 1, 0, 1}));
  DataRequest request = request_for("idx", folder.root());
  QVERIFY(has(refusal([&] { load_images(request); }), "data.validation=0.1"));
  request.validation = 0.5;
  QCOMPARE(load_images(request).test.count(), std::int64_t{0});
}

void TestOwnArrays::test_data_that_are_gone_are_not_passed_over() {
  const Folder folder;
  folder.write("train-images-idx3-ubyte", idx({2, 1, 1}, {1, 2}));
  folder.write("train-labels-idx1-ubyte", idx({2}, {0, 1}));
  for (const char* name : {"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"})
    std::filesystem::create_symlink("/nowhere/test", folder.path(name));
  DataRequest request = request_for("idx", folder.root());
  request.validation = 0.5;
  const std::string words = refusal([&] { load_images(request); });
  QVERIFY2(has(words, "t10k-images-idx3-ubyte is a link to /nowhere/test, where nothing is"), words.c_str());
}

void TestOwnArrays::several_sets_in_a_folder_are_told() {
  const Folder folder;
  for (const char* name : {"emnist-letters-train-images-idx3-ubyte", "emnist-digits-train-images-idx3-ubyte"})
    folder.write(name, idx({1, 1, 1}, {1}));
  QVERIFY(has(refusal([&] { load_images(request_for("idx", folder.root())); }), "holds several sets"));
  const Folder empty;
  std::filesystem::create_directories(empty.path("raw"));
  empty.write("raw/train-images-idx3-ubyte", idx({1, 1, 1}, {1}));
  empty.write("raw/train-labels-idx1-ubyte", idx({1}, {1}));
  QVERIFY(has(refusal([&] { load_images(request_for("idx", empty.root())); }),
              "set data.dir=" + empty.path("raw")));
  QVERIFY(has(refusal([&] { load_images(request_for("idx", "")); }), "set data.dir to a folder"));
}

void TestOwnArrays::what_a_header_announces_takes_no_memory() {
  const Folder folder;
  // More bytes than any machine has, and more than 64 bits count.
  for (const char* shape : {"(1000000000, 1000000, 1)", "(9000000000000000000, 9000000000000000000)"}) {
    const std::string file = write_npz(folder, {{"a.npy", npy("<f8", shape, chars({1, 2}))}});
    QVERIFY(has(refusal([&] { read_npz(file, {"a"}); }), "more than this machine's memory takes"));
  }
  const std::string cut = write_npz(folder, {{"a.npy", npy("<f8", "(10000000,)", chars({1, 2}))}});
  QVERIFY(has(refusal([&] { read_npz(cut, {"a"}); }), "it ends before the 10000000"));
  const std::string images = folder.write("a", idx_of(0x0E, {0x7fffffff, 0x7fff}, {1}));
  QVERIFY(has(refusal([&] { read_idx(images); }), "memory"));
}

void TestOwnArrays::shape_and_classes_stand_before_the_pixels_are_read() {
  const Folder folder;
  write_npz(folder, {{"x_train.npy", npy("|u1", "(2, 4, 5)", QByteArray(40, 'x'))},
                     {"y_train.npy", npy("|u1", "(2,)", chars({0, 6}))}});
  const ImageFacts facts = image_facts(request_for("npz", folder.root()));
  QVERIFY(facts.channels == 1 && facts.height == 4 && facts.width == 5);
  QCOMPARE(facts.classes, 7);
  const ImageFacts known = image_facts(request_for("cifar100", ""));
  QVERIFY(known.channels == 3 && known.classes == 100);
  DataRequest coarse = request_for("cifar100", "");
  coarse.coarse_labels = true;
  QCOMPARE(image_facts(coarse).classes, 20);
}

QTEST_APPLESS_MAIN(TestOwnArrays)
#include "test_own_arrays.moc"
