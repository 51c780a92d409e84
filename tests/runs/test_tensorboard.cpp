// Event files read by a reader of its own, written from the formats' descriptions: TFRecord's framing with
// CRC-32C bit by bit, and Protocol Buffers' wire types.
#include <QtTest>
#include <cmath>
#include <cstring>
#include <map>

#include "engine/runs/tensorboard.h"
#include "tests/runs/support.h"

using namespace grapevine;

class TestTensorboard : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_checksum_is_castagnolis_data();
  void the_checksum_is_castagnolis();
  void another_reader_finds_every_value();
  void steps_come_in_order();
};

namespace {

/// By its definition: polynomial division, a bit at a time.
std::uint32_t slow_crc(std::string_view bytes) {
  std::uint32_t crc = ~0u;
  for (const char c : bytes)
    for (int bit = 0; bit < 8; ++bit) {
      const bool one = ((crc ^ (static_cast<unsigned char>(c) >> bit)) & 1) != 0;
      crc = (crc >> 1) ^ (one ? 0x82f63b78u : 0);
    }
  return ~crc;
}

std::uint64_t fixed(std::string_view bytes, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

bool unmasks(std::uint32_t stored, std::string_view bytes) {
  const std::uint32_t rotated = stored - 0xa282ead8u;
  return ((rotated >> 17) | (rotated << 15)) == slow_crc(bytes);
}

std::uint64_t take_varint(std::string_view& bytes) {
  std::uint64_t value = 0;
  for (int shift = 0; !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return value;
}

/// Fields of a message: number → contents, in order.
std::multimap<int, std::string> fields_of(std::string_view message) {
  std::multimap<int, std::string> fields;
  while (!message.empty()) {
    const std::uint64_t key = take_varint(message);
    std::string content;
    switch (key & 7) {
      case 0:
        content = std::to_string(take_varint(message));
        break;
      case 1:
        content = message.substr(0, 8);
        message.remove_prefix(8);
        break;
      case 2: {
        const auto length = static_cast<std::size_t>(take_varint(message));
        content = message.substr(0, length);
        message.remove_prefix(length);
        break;
      }
      case 5:
        content = message.substr(0, 4);
        message.remove_prefix(4);
        break;
      default:
        qFatal("a wire type that is none");
    }
    fields.emplace(static_cast<int>(key >> 3), content);
  }
  return fields;
}

template <class T>
T number(const std::string& bytes) {
  T value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

std::string only(const std::multimap<int, std::string>& fields, int field) {
  return fields.count(field) == 1 ? fields.find(field)->second : "";
}

struct Read {
  std::string version;
  std::vector<std::int64_t> steps;
  std::vector<double> times;
  std::map<std::string, std::map<std::int64_t, float>> curves;
  bool sound = true;
};

Read read_events(std::string_view file) {
  Read read;
  while (!file.empty()) {
    const auto length = static_cast<std::size_t>(fixed(file, 8));
    read.sound =
        read.sound && file.size() >= length + 16 &&
        unmasks(static_cast<std::uint32_t>(fixed(file.substr(8), 4)), file.substr(0, 8)) &&
        unmasks(static_cast<std::uint32_t>(fixed(file.substr(12 + length), 4)), file.substr(12, length));
    if (!read.sound) return read;
    const auto event = fields_of(file.substr(12, length));
    file.remove_prefix(length + 16);
    if (event.count(3) > 0) {
      read.version = only(event, 3);
      continue;
    }
    const std::int64_t step = std::stoll(only(event, 2));
    read.steps.push_back(step);
    read.times.push_back(number<double>(only(event, 1)));
    const auto summary = fields_of(only(event, 5));
    for (auto [value, end] = summary.equal_range(1); value != end; ++value) {
      const auto members = fields_of(value->second);
      read.curves[only(members, 1)][step] = number<float>(only(members, 2));
    }
  }
  return read;
}

RunData made_run() {
  RunData run;
  run.started = "2026-11-21T10:00:00.000Z";
  Observations news;
  for (int step = 1; step <= 300; ++step) news.samples.push_back(sample(0, "loss", 0, step, 1.0 / step));
  news.samples.push_back(sample(0, "cos_b_j", 2, 300, -0.25));
  news.samples.push_back(sample(0, "test_accuracy", 0, 300, std::nan("")));
  RunData* racers[] = {&run};
  absorb(std::span<RunData* const>(racers), news);
  return run;
}

}  // namespace

void TestTensorboard::the_checksum_is_castagnolis_data() {
  QTest::addColumn<QByteArray>("bytes");
  QTest::addColumn<quint32>("crc");
  // RFC 3720, B.4, and the check value of the catalogue of CRCs.
  QTest::newRow("check") << QByteArray("123456789") << 0xe3069283u;
  QTest::newRow("zeros") << QByteArray(32, '\0') << 0x8a9136aau;
  QTest::newRow("ones") << QByteArray(32, '\xff') << 0x62a8ab43u;
}

void TestTensorboard::the_checksum_is_castagnolis() {
  QFETCH(QByteArray, bytes);
  QFETCH(quint32, crc);
  const std::string_view view(bytes.constData(), static_cast<std::size_t>(bytes.size()));
  QCOMPARE(crc32c(view), crc);
  QCOMPARE(slow_crc(view), crc);
}

void TestTensorboard::another_reader_finds_every_value() {
  const Read read = read_events(run_to_events(made_run()));
  QVERIFY(read.sound);
  QCOMPARE(read.version, std::string("brain.Event:2"));
  QCOMPARE(read.curves.size(), std::size_t{2});  // what is not a number is left out
  QCOMPARE(read.curves.at("loss").size(), std::size_t{300});
  QCOMPARE(read.curves.at("loss").at(300), 1.0f / 300);
  QCOMPARE(read.curves.at("cos_b_j/2").at(300), -0.25f);
  // 2026-11-21 10:00 UTC, and 0.3 s of training (tests/runs/support.h).
  QCOMPARE(read.times.back(), 1795255200.0 + 0.3);
  QCOMPARE(events_file_name(made_run()), std::string("events.out.tfevents.1795255200.grapevine.0"));
}

void TestTensorboard::steps_come_in_order() {
  const Read read = read_events(run_to_events(made_run()));
  QCOMPARE(read.steps.size(), std::size_t{300});
  QVERIFY(std::is_sorted(read.steps.begin(), read.steps.end()));
}

QTEST_APPLESS_MAIN(TestTensorboard)
#include "test_tensorboard.moc"
