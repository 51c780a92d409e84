// NumPy's .npz: which array is what, in either order, and what is refused. Right values come from the
// format's description; the files are written here byte by byte, the zip by libarchive.
#include <QProcess>
#include <QtTest>
#include <cstring>

#include "engine/data/array_images.h"
#include "engine/data/npz.h"
#include "tests/data/packed.h"
#include "tests/data/support.h"

#include "tests/data/own_arrays.h"

using namespace grapevine;

class TestOwnNpz : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void npz_is_read_data();
  void npz_is_read();
  void npz_in_fortran_s_order_is_turned();
  void npz_of_numpy_itself_is_read();
  void npz_of_objects_and_text_is_refused();
  void a_second_file_that_is_gone_is_not_passed_over();
  void npz_without_the_arrays_says_what_it_holds();
};

void TestOwnNpz::npz_is_read_data() {
  QTest::addColumn<QStringList>("names");
  QTest::newRow("keras") << QStringList{"x_train", "y_train", "x_test", "y_test"};
  QTest::newRow("medmnist") << QStringList{"train_images", "train_labels", "test_images", "test_labels"};
  QTest::newRow("capitals") << QStringList{"X_train", "Y_train", "X_test", "Y_test"};
  QTest::newRow("validation for test")
      << QStringList{"train_images", "train_labels", "val_images", "val_labels"};
  QTest::newRow("no names") << QStringList{"arr_0", "arr_1", "arr_2", "arr_3"};
}

void TestOwnNpz::npz_is_read() {
  QFETCH(QStringList, names);
  const Folder folder;
  const QList<QByteArray> contents{npy("|u1", "(2, 2, 2)", chars({1, 2, 3, 4, 5, 6, 7, 8})),
                                   npy(">i2", "(2,)", chars({0, 1, 0, 0}), false, 2),
                                   npy("<f4", "(1, 2, 2)", QByteArray(16, '\0'), false, 3),
                                   npy("<i8", "(1, 1)", chars({1, 0, 0, 0, 0, 0, 0, 0}))};
  QList<PackedEntry> entries;
  for (int i = 0; i < 4; ++i) entries += {names[i].toUtf8() + ".npy", contents[i]};
  const std::string file = write_npz(folder, entries);
  for (const std::string& place : {folder.root(), file}) {
    const ImageData data = load_images(request_for("npz", place));
    QVERIFY(data.train.pixels == (Bytes{1, 2, 3, 4, 5, 6, 7, 8}));
    QVERIFY(data.train.labels == (std::vector<std::int32_t>{1, 0}));
    QVERIFY(data.test.labels == std::vector<std::int32_t>{1});
    QVERIFY(data.test.pixels == Bytes(4));
    QCOMPARE(data.train.classes, 2);
  }
}

void TestOwnNpz::npz_in_fortran_s_order_is_turned() {
  const Folder folder;
  // The element (i, j, k) of 2×3×2 is 100 i + 10 j + k; the first index varies fastest in the file.
  QByteArray content;
  for (int k = 0; k < 2; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 0; i < 2; ++i) content += static_cast<char>(100 * i + 10 * j + k);
  const std::string file = write_npz(folder, {{"a.npy", npy("|u1", "(2, 3, 2)", content, true)}});
  const NumberArray array = read_npz(file, {"a"}).front();
  QVERIFY(array.bytes == (Bytes{0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121}));
}

void TestOwnNpz::npz_of_objects_and_text_is_refused() {
  const Folder folder;
  const QByteArray images = npy("|u1", "(1, 1, 1)", chars({1}));
  const auto refused = [&](const char* type) {
    write_npz(folder, {{"x_train.npy", images}, {"y_train.npy", npy(type, "(1,)", QByteArray(8, '\0'))}});
    return refusal([&] { load_images(request_for("npz", folder.root())); });
  };
  QVERIFY(has(refused("|O"), "Python objects"));
  QVERIFY(has(refused("<U2"), "holds text"));
  QVERIFY(has(refused("<c8"), "'<c8', expected numbers"));
}

// numpy announces zip64 for each array (zipfile's force_zip64), packed or not.
void TestOwnNpz::npz_of_numpy_itself_is_read() {
  const QString python = QStringLiteral("/usr/bin/python3");
  QProcess process;
  process.start(python, {"-c", "import numpy"});
  if (!process.waitForFinished() || process.exitCode() != 0)
    QSKIP("numpy isn't installed for /usr/bin/python3 (Debian: python3-numpy): no file of its own to read");
  for (const char* save : {"savez", "savez_compressed"}) {
    const Folder folder;
    const std::string file = folder.root() + "/set.npz";
    process.start(python, {"-c",
                           QString("import sys, numpy as np\n"
                                   "np.%1(sys.argv[1], x=np.arange(24).reshape(2, 3, 4).astype('>i2'),\n"
                                   "      f=np.asfortranarray(np.arange(6.).reshape(2, 3)))")
                               .arg(QString::fromLatin1(save)),
                           QString::fromStdString(file)});
    QVERIFY(process.waitForFinished() && process.exitCode() == 0);
    const std::vector<NumberArray> arrays = read_npz(file, {"x", "f"});
    QCOMPARE(arrays[0].shape, (std::vector<std::int64_t>{2, 3, 4}));
    QCOMPARE(arrays[1].shape, (std::vector<std::int64_t>{2, 3}));
    for (int i = 0; i < 24; ++i) {
      std::int16_t value = 0;
      std::memcpy(&value, arrays[0].bytes.data() + 2 * i, 2);
      QCOMPARE(int(value), i);
    }
    for (int i = 0; i < 6; ++i) {
      double value = 0;
      std::memcpy(&value, arrays[1].bytes.data() + 8 * i, 8);
      QCOMPARE(value, double(i));
    }
  }
}

void TestOwnNpz::a_second_file_that_is_gone_is_not_passed_over() {
  const Folder folder;
  write_npz(folder, {});
  std::filesystem::create_symlink("/nowhere/new.npz", folder.path("new.npz"));
  const std::string words = refusal([&] { load_images(request_for("npz", folder.root())); });
  QVERIFY2(has(words, folder.path("new.npz") + " is a link to /nowhere/new.npz, where nothing is"),
           words.c_str());
}

void TestOwnNpz::npz_without_the_arrays_says_what_it_holds() {
  const Folder folder;
  write_npz(folder, {{"weights.npy", npy("<f4", "(2, 2)", QByteArray(16, '\0'))}});
  const std::string words = refusal([&] { load_images(request_for("npz", folder.root())); });
  QVERIFY2(has(words, "weights (2×2)") && has(words, "x_train"), words.c_str());
  write_npz(folder, {{"weights.npy", npy("<f4", "(-2, 2)", QByteArray(16, '\0'))}});
  QVERIFY(has(refusal([&] { load_images(request_for("npz", folder.root())); }),
              "weights, which has no shape in its header"));
  folder.write("set.npz", Bytes(100, 'a'));
  QVERIFY(has(refusal([&] { load_images(request_for("npz", folder.root())); }), "set.npz: it is damaged"));
}

QTEST_APPLESS_MAIN(TestOwnNpz)
#include "test_own_npz.moc"
