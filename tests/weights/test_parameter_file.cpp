// Parameters as files for other programs, against readers that share no line with the writers: the
// safetensors and .npy formats read from their descriptions, and Python's own where it is installed.
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>
#include <cstring>
#include <limits>

#include "engine/error.h"
#include "engine/weights/parameter_file.h"

using namespace grapevine;

namespace {

template <class T>
Array array_of(const char* type, std::vector<std::int64_t> shape, const std::vector<T>& values) {
  Array array{type, std::move(shape), {}};
  array.bytes.resize(values.size() * sizeof(T));
  if (!values.empty()) std::memcpy(array.bytes.data(), values.data(), array.bytes.size());
  return array;
}

ParameterFile sample() {
  ParameterFile file;
  file.arrays.emplace_back("segments.0.1.weight",
                           array_of<float>("f32", {2, 3}, {1, -2, 3.5F, 0, 1e-30F, 7}));
  file.arrays.emplace_back("segments.0.1.bias", array_of<float>("f32", {2}, {0.25F, -0.5F}));
  file.arrays.emplace_back("feedback.1", array_of<double>("f64", {1, 2}, {3.25, -1}));
  file.arrays.emplace_back("count", array_of<std::int64_t>("i64", {}, {42}));
  file.arrays.emplace_back("none", array_of<float>("f32", {0, 5}, {}));
  file.metadata = {{"layers", "[[{\"type\": \"linear\"}]]"}, {"mean", "[0.5]"}, {"name", "β \"quoted\""}};
  return file;
}

QByteArray bytes_of(const Array& array) {
  return QByteArray(reinterpret_cast<const char*>(array.bytes.data()),
                    static_cast<qsizetype>(array.bytes.size()));
}

std::string refusal(const std::string& path) {
  try {
    read_safetensors(path);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

class TestParameterFile : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // https://github.com/huggingface/safetensors#format
  void safetensors_are_as_the_format_says() {
    const ParameterFile file = sample();
    const QByteArray whole = QByteArray::fromStdString(to_safetensors(file));
    const auto length = qFromLittleEndian<quint64>(whole.constData());
    QCOMPARE(length % 8, quint64{0});
    QJsonParseError error;
    const QJsonObject header =
        QJsonDocument::fromJson(whole.mid(8, static_cast<qsizetype>(length)), &error).object();
    QCOMPARE(error.error, QJsonParseError::NoError);
    const QByteArray data = whole.mid(8 + static_cast<qsizetype>(length));
    qsizetype end = 0;
    for (const auto& [name, array] : file.arrays) {
      const QJsonObject entry = header[QString::fromStdString(name)].toObject();
      const QHash<QString, QString> types{{"f32", "F32"}, {"f64", "F64"}, {"i64", "I64"}};
      QCOMPARE(entry["dtype"].toString(), types[QString::fromStdString(array.type)]);
      QCOMPARE(entry["shape"].toArray().size(), static_cast<qsizetype>(array.shape.size()));
      for (std::size_t i = 0; i < array.shape.size(); ++i)
        QCOMPARE(entry["shape"].toArray()[static_cast<qsizetype>(i)].toInteger(), array.shape[i]);
      const qint64 from = entry["data_offsets"].toArray()[0].toInteger();
      end = entry["data_offsets"].toArray()[1].toInteger();
      QCOMPARE(data.mid(from, end - from), bytes_of(array));
    }
    QCOMPARE(end, data.size());
    const QJsonObject words = header["__metadata__"].toObject();
    QCOMPARE(words.size(), 3);
    QCOMPARE(words["name"].toString(), QString::fromUtf8("β \"quoted\""));
  }

  void what_is_written_is_read_back() {
    const std::string path = write("whole.safetensors", to_safetensors(sample()));
    const ParameterFile back = read_safetensors(path), file = sample();
    QCOMPARE(back.arrays.size(), file.arrays.size());
    for (std::size_t i = 0; i < file.arrays.size(); ++i) {
      QCOMPARE(back.arrays[i].first, file.arrays[i].first);
      QCOMPARE(back.arrays[i].second.type, file.arrays[i].second.type);
      QVERIFY(back.arrays[i].second.shape == file.arrays[i].second.shape);
      QVERIFY(back.arrays[i].second.bytes == file.arrays[i].second.bytes);
    }
    QVERIFY(back.metadata == file.metadata);
  }

  void an_npz_is_read_back_too() {
    const std::string path = write("whole.npz", to_npz(sample()));
    const ParameterFile back = read_parameters(path), file = sample();
    QCOMPARE(back.arrays.size(), file.arrays.size());
    for (const auto& [name, array] : file.arrays) {
      const Array* found = back.find(name);
      QVERIFY2(found && found->type == array.type && found->shape == array.shape, name.c_str());
      QVERIFY2(found->bytes == array.bytes, name.c_str());
    }
    QVERIFY(back.metadata == file.metadata);
    QCOMPARE(read_parameters(write("again.safetensors", to_safetensors(file))).arrays.size(),
             file.arrays.size());
  }

  void numpys_own_file_is_read() {
    const QString python = QStringLiteral("/usr/bin/python3");
    if (QProcess::execute(python, {"-c", "import numpy"}) != 0)
      QSKIP("python3-numpy is not installed: it can't write an npz");
    const QString path = folder_.filePath("theirs.npz");
    const QString script =
        "import numpy, sys\n"
        "numpy.savez(sys.argv[1], **{'segments.0.0.weight': numpy.asfortranarray([[1, 2, 3], [4, 5, 6]], "
        "'f4'),\n"
        "                            'segments.0.0.bias': numpy.array([0.5, -1], '>f8')})\n";
    QCOMPARE(QProcess::execute(python, {"-c", script, path}), 0);
    const ParameterFile file = read_parameters(path.toStdString());
    const std::vector<float> weight{1, 2, 3, 4, 5, 6};
    const std::vector<double> bias{0.5, -1};
    QVERIFY(file.find("segments.0.0.weight")->bytes == array_of<float>("f32", {2, 3}, weight).bytes);
    QVERIFY(file.find("segments.0.0.bias")->bytes == array_of<double>("f64", {2}, bias).bytes);
  }

  // Bits by IEEE 754 (binary16) and by bfloat16's description, the upper half of binary32.
  void half_precision_becomes_float() {
    const QByteArray header =
        "{\"h\": {\"dtype\": \"F16\", \"shape\": [2, 3], \"data_offsets\": [0, 12]}, "
        "\"b\": {\"dtype\": \"BF16\", \"shape\": [2], \"data_offsets\": [12, 16]}, "
        "\"mask\": {\"dtype\": \"BOOL\", \"shape\": [2], \"data_offsets\": [16, 18]}}";
    // 1, -2, 65504 (the largest), 2^-24 (the smallest), infinity, -0 · 1, -3.140625 · true, false
    const char data[] =
        "\x00\x3c\x00\xc0\xff\x7b\x01\x00\x00\x7c\x00\x80"
        "\x80\x3f\x49\xc0"
        "\x01\x00";
    const quint64 length = qToLittleEndian<quint64>(static_cast<quint64>(header.size()));
    const QByteArray whole =
        QByteArray(reinterpret_cast<const char*>(&length), 8) + header + QByteArray(data, 18);
    const ParameterFile file = read_safetensors(write("half.safetensors", whole.toStdString()));
    const float smallest = 1.0F / 16777216;
    const std::vector<float> half{1, -2, 65504, smallest, std::numeric_limits<float>::infinity(), -0.0F};
    const std::vector<float> brain{1, -3.140625F};
    const std::vector<std::uint8_t> mask{1, 0};
    QCOMPARE(QString::fromStdString(file.find("h")->type), QString("f32"));
    QVERIFY(file.find("h")->bytes == array_of<float>("f32", {2, 3}, half).bytes);
    QVERIFY(file.find("h")->shape == (std::vector<std::int64_t>{2, 3}));
    QVERIFY(file.find("b")->bytes == array_of<float>("f32", {2}, brain).bytes);
    QVERIFY(file.find("mask")->bytes == array_of<std::uint8_t>("u8", {2}, mask).bytes);
  }

  void a_damaged_file_is_refused_data() {
    QTest::addColumn<QByteArray>("content");
    const QByteArray whole = QByteArray::fromStdString(to_safetensors(sample()));
    const auto with_header = [](const QByteArray& header, const QByteArray& data = "12345678") {
      const quint64 length = qToLittleEndian<quint64>(static_cast<quint64>(header.size()));
      return QByteArray(reinterpret_cast<const char*>(&length), 8) + header + data;
    };
    const auto entry = [](const char* dtype, const char* shape, const char* offsets) {
      return QByteArray("{\"a\": {\"dtype\": \"") + dtype + "\", \"shape\": " + shape +
             ", \"data_offsets\": " + offsets + "}}";
    };
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("a header longer than the file") << QByteArray(8, '\x7f') + "{}";
    QTest::newRow("a web page") << QByteArray("<!DOCTYPE html><html>not found</html>");
    QTest::newRow("cut") << whole.left(whole.size() - 1);
    QTest::newRow("no object") << with_header("[1, 2]");
    QTest::newRow("no JSON") << with_header("{\"a\": ");
    QTest::newRow("a type of its own") << with_header(entry("F8_E4M3", "[8]", "[0, 8]"));
    // "The byte buffer needs to be entirely indexed, and cannot contain holes."
    const QByteArray first =
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}, \"b\": ";
    QTest::newRow("bytes behind it") << with_header(entry("F32", "[2]", "[0, 8]"), "123456789");
    QTest::newRow("bytes before it") << with_header(entry("F32", "[1]", "[4, 8]"));
    QTest::newRow("a hole") << with_header(first +
                                           "{\"dtype\": \"U8\", \"shape\": [3], \"data_offsets\": [5, 8]}}");
    QTest::newRow("an overlap") << with_header(
        first + "{\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}}");
    QTest::newRow("no arrays, but bytes") << with_header("{}");
    // "Duplicate keys are disallowed."
    QTest::newRow("a name twice") << with_header(
        "{\"a\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [0, 8]}, \"a\": {\"dtype\": \"F32\", "
        "\"shape\": [2], \"data_offsets\": [0, 8]}}");
    QTest::newRow("beyond the end") << with_header(entry("F32", "[4]", "[0, 16]"));
    QTest::newRow("another shape") << with_header(entry("F32", "[3]", "[0, 8]"));
    QTest::newRow("turned round") << with_header(entry("F32", "[2]", "[8, 0]"));
    QTest::newRow("a shape that overflows")
        << with_header(entry("F32", "[4611686018427387904, 4]", "[0, 0]"));
    QTest::newRow("a negative shape") << with_header(entry("F32", "[-2, -1]", "[0, 8]"));
    QTest::newRow("no offsets") << with_header("{\"a\": {\"dtype\": \"F32\", \"shape\": [2]}}");
    QTest::newRow("a number for an array") << with_header("{\"a\": 3}");
    QTest::newRow("nested") << with_header(QByteArray(10000, '[') + QByteArray(10000, ']'));
  }
  void a_damaged_file_is_refused() {
    QFETCH(QByteArray, content);
    const std::string path = write("damaged", content.toStdString());
    const std::string words = refusal(path);
    QVERIFY2(words.find(path) != std::string::npos && words.find("safetensors") != std::string::npos,
             words.c_str());
  }
  void what_is_no_file_is_told() {
    const std::string folder = folder_.path().toStdString();
    QVERIFY(refusal(folder).find("it is a folder") != std::string::npos);
    QVERIFY(refusal("/dev/null").find("it is a pipe or a device") != std::string::npos);
    QVERIFY(refusal(folder + "/none").find("there is no such file") != std::string::npos);
  }
  void a_file_of_early_pytorch_is_told() {
    // pickle.dumps(0x1950a86a20f9469cfc6c, 2), with which torch.save began before 1.6.
    const std::string path = write("early", std::string("\x80\x02\x8a\nl\xfc\x9c"
                                                        "F\xf9 j\xa8P\x19.",
                                                        15));
    QVERIFY(refusal(path).find("a bare pickle, as PyTorch wrote them before 1.6") != std::string::npos);
  }
  void a_missing_file_is_named() {
    QVERIFY(refusal("/nowhere/at.all").find("/nowhere/at.all") != std::string::npos);
  }

  // NEP 1 (the .npy format) inside an uncompressed zip, whose local headers are PKWARE's.
  void npz_is_a_zip_of_npy_files() {
    const ParameterFile file = sample();
    const QByteArray whole = QByteArray::fromStdString(to_npz(file));
    QVERIFY(whole.startsWith("PK\x03\x04"));
    for (const auto& [name, array] : file.arrays) {
      const QByteArray entry = QByteArray::fromStdString(name) + ".npy";
      const qsizetype at = whole.indexOf(entry);
      QVERIFY2(at > 0, name.c_str());
      const qsizetype npy = whole.indexOf(QByteArray("\x93NUMPY\x01\x00", 8), at);
      QVERIFY2(npy > 0, name.c_str());
      const auto length = qFromLittleEndian<quint16>(whole.constData() + npy + 8);
      QCOMPARE((10 + length) % 64, 0);
      const QByteArray header = whole.mid(npy + 10, length);
      QVERIFY(header.endsWith('\n') && header.contains("'fortran_order': False"));
      const char* type = array.type == "f32" ? "'<f4'" : array.type == "f64" ? "'<f8'" : "'<i8'";
      QVERIFY2(header.contains(type), header.constData());
      QCOMPARE(whole.mid(npy + 10 + length, static_cast<qsizetype>(array.bytes.size())), bytes_of(array));
    }
  }

  void numpy_reads_it() {
    const QString python = QStringLiteral("/usr/bin/python3");
    if (QProcess::execute(python, {"-c", "import numpy"}) != 0)
      QSKIP("python3-numpy is not installed: its reader of npz can't be asked");
    const std::string path = write("it.npz", to_npz(sample()));
    const QString script =
        "import json, numpy, sys\n"
        "f = numpy.load(sys.argv[1])\n"
        "assert f['segments.0.1.weight'].tolist() == numpy.array([[1, -2, 3.5], [0, 1e-30, 7]], "
        "'f4').tolist()\n"
        "assert f['segments.0.1.bias'].dtype == numpy.float32 and f['feedback.1'].dtype == numpy.float64\n"
        "assert f['count'].shape == () and int(f['count']) == 42 and f['none'].shape == (0, 5)\n"
        "m = json.loads(bytes(f['metadata']))\n"
        "assert m['mean'] == '[0.5]' and m['name'] == 'β \"quoted\"'\n";
    QProcess process;
    process.start(python, {"-c", script, QString::fromStdString(path)});
    QVERIFY(process.waitForFinished(60000));
    const QByteArray trouble = process.readAllStandardError();
    QVERIFY2(process.exitCode() == 0, trouble.constData());
  }

  void segments_are_counted_from_0_as_in_python() {
    QCOMPARE(pytorch_name("1.0.weight"), std::string("segments.0.0.weight"));
    QCOMPARE(pytorch_name("12.3.body.1.running_mean"), std::string("segments.11.3.body.1.running_mean"));
    QCOMPARE(pytorch_name("decoder.weight"), std::string("decoder.weight"));
  }

 private:
  std::string write(const char* name, const std::string& content) {
    QFile file(folder_.filePath(name));
    if (!file.open(QIODevice::WriteOnly)) return "";
    file.write(content.data(), static_cast<qint64>(content.size()));
    return file.fileName().toStdString();
  }
  QTemporaryDir folder_;
};

QTEST_GUILESS_MAIN(TestParameterFile)
#include "test_parameter_file.moc"
