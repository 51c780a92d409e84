// CIFAR's python layout. The files in pickles/ were written by Python 3.11's pickle and numpy 1.24; what the
// published files have of Python 2 is written here byte by byte, as pickletools.py names the opcodes.
#include <QtTest>

#include "engine/data/pickle.h"
#include "tests/data/support.h"

using namespace grapevine;

class TestPickle : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void pickles_hold_what_the_binary_files_hold_data();
  void pickles_hold_what_the_binary_files_hold();
  void python_2_wrote_the_published_files();
  void calls_are_refused_by_name_data();
  void calls_are_refused_by_name();
  void values_of_all_kinds_are_read();
  void a_file_cut_anywhere_is_refused();
  void a_changed_byte_never_does_harm();
  void what_is_no_batch_of_images_is_refused();
  void a_folder_without_binary_files_is_read_as_pickles();
  void what_multiplies_is_refused_before_it_fills_the_memory_data();
  void what_multiplies_is_refused_before_it_fills_the_memory();
  void coarse_labels_are_the_groups();
};

namespace {

using Kind = PickleValue::Kind;
const std::string pickles = GRAPEVINE_SOURCE_DIR "/tests/data/pickles/";
constexpr std::size_t image = 3 * 32 * 32;

Bytes both(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Bytes bytes(std::string_view text) {
  return {text.begin(), text.end()};
}

Bytes content(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Opcodes with their arguments, one after the other.
struct Writer {
  Bytes out = bytes("\x80\x02");
  Writer& put(std::string_view text) {
    out = both(std::move(out), bytes(text));
    return *this;
  }
  Writer& byte(unsigned value) {
    out.push_back(static_cast<std::uint8_t>(value));
    return *this;
  }
  Writer& little(std::uint32_t value) {
    for (int shift = 0; shift < 32; shift += 8) byte(value >> shift & 255u);
    return *this;
  }
  Writer& text(std::string_view words) {  // SHORT_BINSTRING
    return put("U").byte(static_cast<unsigned>(words.size())).put(words);
  }
  Writer& shape(std::uint32_t rows, std::uint32_t columns) {
    return put("J").little(rows).put("J").little(columns).put("\x86");
  }
  /// An array as numpy reconstructs it.
  Writer& array(std::uint32_t rows, std::uint32_t columns, std::string_view type, const Bytes& pixels) {
    put("cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n").put("K").byte(0).put("\x85").text("b");
    put("\x87R(").put("K").byte(1).shape(rows, columns);
    put("cnumpy\ndtype\n").text(type).put("K").byte(0).put("K").byte(1).put("\x87R(");
    put("K").byte(3).text("|").put("NNN").put("J\xff\xff\xff\xff").put("J\xff\xff\xff\xff").put("K").byte(0);
    put("tb\x89T").little(static_cast<std::uint32_t>(pixels.size()));
    out = both(std::move(out), pixels);
    return put("tb");
  }
};

/// A batch of two images as Python 2 wrote it.
Bytes batch(unsigned second_label = 9, std::string_view type = "u1", std::uint32_t columns = image,
            std::string_view labels = "labels") {
  Writer w;
  w.put("}q").byte(1).put("(").text("batch_label").put("q").byte(2).text("testing batch 1 of 1");
  w.text(labels).put("]r").little(300).put("(K").byte(3).put("K").byte(second_label).put("e");
  w.text("data").array(2, columns, type, both(pattern(image, 1), pattern(image, 2)));
  return w.put("u.").out;
}

std::string refused(const Bytes& file, const std::string& label_key = "labels") {
  const Folder folder;
  const std::string path = folder.write("a", file);
  const std::string words = refusal([&] { read_cifar_pickles({path}, label_key, 10); });
  return words.starts_with(path + ": ") ? words.substr(path.size() + 2) : words;
}

Bytes record(const Bytes& labels, unsigned first) {
  return both(labels, pattern(image, first));
}

}  // namespace

void TestPickle::pickles_hold_what_the_binary_files_hold_data() {
  QTest::addColumn<QString>("file");
  for (const char* name : {"cifar10_protocol2", "cifar10_protocol4", "cifar10_protocol5",
                           "cifar100_protocol2", "cifar100_protocol4", "cifar100_protocol5"})
    QTest::newRow(name) << QString(name);
}

void TestPickle::pickles_hold_what_the_binary_files_hold() {
  QFETCH(QString, file);
  const Folder folder;
  const std::string pickle = pickles + file.toStdString();
  const bool ten = file.startsWith("cifar10_");
  const ImageSet expected = ten ? read_cifar({folder.write("a", both(record({3}, 1), record({9}, 2)))}, 1, 10)
                                : read_cifar({folder.write("a", record({19, 99}, 5))}, 2, 100);
  const ImageSet set =
      ten ? read_cifar_pickles({pickle}, "labels", 10) : read_cifar_pickles({pickle}, "fine_labels", 100);
  QVERIFY(set.pixels == expected.pixels && set.labels == expected.labels);
  QVERIFY(set.channels == 3 && set.height == 32 && set.width == 32 && set.classes == expected.classes);
  const ImageSet twice = ten ? read_cifar_pickles({pickle, pickle}, "labels", 10) : ImageSet{};
  if (ten) QVERIFY(twice.labels == (std::vector<std::int32_t>{3, 9, 3, 9}));
}

void TestPickle::python_2_wrote_the_published_files() {
  const Folder folder;
  const ImageSet set = read_cifar_pickles({folder.write("a", batch())}, "labels", 10);
  QVERIFY(set.labels == (std::vector<std::int32_t>{3, 9}));
  QVERIFY(set.pixels == both(pattern(image, 1), pattern(image, 2)));
}

void TestPickle::calls_are_refused_by_name_data() {
  QTest::addColumn<QByteArray>("pickle");
  QTest::addColumn<QByteArray>("name");
  QTest::newRow("os.system") << QByteArray(
                                    "\x80\x02"
                                    "cos\nsystem\nU\x04true\x85R.")
                             << QByteArray("'os.system'");
  QTest::newRow("eval") << QByteArray(
                               "\x80\x04\x8c\x08"
                               "builtins\x8c\x04"
                               "eval\x93\x8c\x01"
                               "1\x85R.")
                        << QByteArray("'builtins.eval'");
  QTest::newRow("another of numpy") << QByteArray(
                                           "\x80\x02"
                                           "cnumpy\nload\n.")
                                    << QByteArray("'numpy.load'");
  QTest::newRow("a dotted one") << QByteArray(
                                       "\x80\x02"
                                       "cnumpy\ndtype.fields\n.")
                                << QByteArray("'numpy.dtype.fields'");
  QTest::newRow("a type that is no array") << QByteArray(
                                                  "\x80\x02"
                                                  "cnumpy\nndarray\nK\x01\x85R.",
                                                  21)
                                           << QByteArray("'numpy.ndarray'");
  QTest::newRow("INST") << QByteArray("\x80\x02(ios\nsystem\n.") << QByteArray("opcode 0x69");
  QTest::newRow("NEWOBJ") << QByteArray("\x80\x02)\x81.") << QByteArray("opcode 0x81");
  QTest::newRow("EXT1") << QByteArray("\x80\x02\x82\x01.") << QByteArray("opcode 0x82");
}

void TestPickle::calls_are_refused_by_name() {
  QFETCH(QByteArray, pickle);
  QFETCH(QByteArray, name);
  const std::string words = refused({pickle.begin(), pickle.end()});
  QVERIFY2(words.starts_with("offset ") && has(words, name.toStdString()), words.c_str());
}

void TestPickle::values_of_all_kinds_are_read() {
  const Folder folder;
  Writer w;
  w.put("(N\x88\x89").put("J\xfe\xff\xff\xff").put("M\x01\x02").put("\x8a\x02\x01\xff").text("b\xe9");
  w.put("X").little(3).put("\u20ac").put("G\x3f\xf8").byte(0).byte(0).little(0);
  w.put("]q\x07h\x07t.");
  const Pickle pickle(folder.write("a", w.out));
  QVERIFY(pickle.root().kind == Kind::tuple);
  const auto& items = pickle.root().items;
  QCOMPARE(items.size(), std::size_t{11});
  QVERIFY(items[0]->kind == Kind::none);
  for (const auto& [index, number] :
       {std::pair{1, 1}, std::pair{2, 0}, std::pair{3, -2}, std::pair{4, 513}, std::pair{5, -255}})
    QCOMPARE(items[static_cast<std::size_t>(index)]->number, std::int64_t{number});
  QCOMPARE(items[6]->text, std::string("b\xe9"));
  QCOMPARE(items[7]->text, std::string("\u20ac"));
  QCOMPARE(items[8]->real, 1.5);
  QVERIFY(items[9]->kind == Kind::list && items[9] == items[10]);
}

void TestPickle::a_file_cut_anywhere_is_refused() {
  const Bytes whole = content(pickles + "cifar10_protocol4");
  QVERIFY(!whole.empty());
  const Folder folder;
  for (std::size_t size = 0; size < whole.size(); size += size < 400 ? 3 : 301) {
    const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    const std::string words = refused(part);
    QVERIFY2(has(words, "offset ") || has(words, "cut short"), std::to_string(size).c_str());
  }
}

void TestPickle::a_changed_byte_never_does_harm() {
  const Folder folder;
  int fine = 0, bad = 0;
  for (const char* name : {"cifar10_protocol2", "cifar10_protocol4"}) {
    const Bytes whole = content(pickles + name);
    for (std::size_t at = 0; at < whole.size(); at += at < 480 ? 2 : 401) {
      for (const int change : {1, 0xff}) {
        Bytes other = whole;
        other[at] = static_cast<std::uint8_t>(other[at] ^ change);
        // Anything but a refusal or a set is an exception that fails the test.
        (refused(other).empty() ? fine : bad) += 1;
      }
    }
  }
  QVERIFY2(fine > 50 && bad > 50, qPrintable(QString("%1 %2").arg(fine).arg(bad)));
}

void TestPickle::what_is_no_batch_of_images_is_refused() {
  QVERIFY(refused(batch()).empty());
  QVERIFY(has(refused(batch(10)), "record 1: label 10 is out of range, expected 0 to 9"));
  QVERIFY(has(refused(batch(9, "f4")), "'f4', expected 'u1'"));
  QVERIFY(has(refused(batch(9, "u1", 3000)), "shape announces 6000"));
  QVERIFY(has(refused(batch(), "fine_labels"), "a list 'fine_labels'"));
  QVERIFY(has(refused(batch(9, "u1", image, "fine_labels")), "a list 'labels'"));
  QVERIFY(has(refused(Writer().put("N.").out), "not a dict"));
  QVERIFY(has(refused(bytes("PK\x03\x04")), "offset 0: the opcode 0x50"));
  QVERIFY(has(refused({}), "offset 0: the pickle is damaged or cut short"));
  QVERIFY(has(refused(bytes("\x80\x06N.")), "newer protocol"));
  // A list within itself does no harm either.
  QVERIFY(has(refused(Writer().put("]q").byte(0).put("h").byte(0).put("a.").out), "not a dict"));
}

void TestPickle::a_folder_without_binary_files_is_read_as_pickles() {
  const Folder folder;
  for (int i = 1; i <= 5; ++i) folder.write("data_batch_" + std::to_string(i), batch());
  DataRequest request;
  request.name = "cifar10";
  request.dir = folder.root();
  std::string words = refusal([&] { load_images(request); });
  QVERIFY2(has(words, "test_batch is not in " + folder.root()), words.c_str());
  folder.write("test_batch", batch(7));
  ImageData data = load_images(request);
  QCOMPARE(data.train.count(), std::int64_t{10});
  QVERIFY(data.test.labels == (std::vector<std::int32_t>{3, 7}));
  // Where both are, the binary files count.
  for (int i = 1; i <= 5; ++i) folder.write("data_batch_" + std::to_string(i) + ".bin", record({5}, 1));
  folder.write("test_batch.bin", record({6}, 1));
  data = load_images(request);
  QVERIFY(data.test.labels == std::vector<std::int32_t>{6});
}

// Half a megabyte that asks for gigabytes: copies of a text as arrays, of a list in lists, and values without
// end. Each stops within some tens of megabytes.
void TestPickle::what_multiplies_is_refused_before_it_fills_the_memory_data() {
  QTest::addColumn<QByteArray>("pickle");
  const auto row = [](const char* name, const Bytes& file) {
    QTest::newRow(name) << QByteArray(reinterpret_cast<const char*>(file.data()), std::ssize(file));
  };
  Writer copies;
  const Bytes pixels(400'000, 'x');
  copies.put("]T").little(400'000);
  copies.out = both(std::move(copies.out), pixels);
  copies.put("q").byte(1).put("0");
  for (int i = 0; i < 1000; ++i)
    copies.put("c_codecs\nencode\nh").byte(1).text("latin1").put("\x86R").put("a");
  row("copies of a text", copies.put(".").out);
  Writer lists;
  lists.put("](");
  for (int i = 0; i < 60'000; ++i) lists.put("K").byte(1);
  lists.put("eq").byte(1);
  for (int i = 0; i < 100; ++i) lists.put("0h").byte(1).put("(").put(std::string(10'000, 'N')).put("e");
  row("a list in itself", lists.put(".").out);
  row("values", Writer().put("](").put(std::string(4'000'000, 'N')).put("e.").out);
}

void TestPickle::what_multiplies_is_refused_before_it_fills_the_memory() {
  QFETCH(QByteArray, pickle);
  const std::string words = refused({pickle.begin(), pickle.end()});
  QVERIFY2(has(words, "more memory"), words.c_str());
}

void TestPickle::coarse_labels_are_the_groups() {
  const Folder folder;
  const Bytes both_labels = record({19, 99}, 5);
  folder.write("train.bin", both_labels);
  folder.write("test.bin", both_labels);
  DataRequest request;
  request.name = "cifar100";
  request.dir = folder.root();
  QVERIFY(load_images(request).train.labels == std::vector<std::int32_t>{99});
  request.coarse_labels = true;
  const ImageSet set = load_images(request).train;
  QVERIFY(set.labels == std::vector<std::int32_t>{19});
  QCOMPARE(set.classes, 20);
  const ImageSet pickled = read_cifar_pickles({pickles + "cifar100_protocol5"}, "coarse_labels", 20);
  QVERIFY(pickled.labels == std::vector<std::int32_t>{19});
}

QTEST_APPLESS_MAIN(TestPickle)
#include "test_pickle.moc"
