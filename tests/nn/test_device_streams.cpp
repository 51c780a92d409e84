// Work on a device's streams: what may run side by side, and who waits for whom. The device is made up: it
// computes nothing, and keeps for each stream what must have happened before its next order (a vector clock).
#include <c10/core/impl/DeviceGuardImplInterface.h>

#include <QtTest>
#include <map>
#include <memory>
#include <stdexcept>

#include "engine/error.h"
#include "engine/nn/device_streams.h"

namespace grapevine {
namespace {

using Clock = std::map<c10::StreamId, int>;  ///< how many orders of each stream

struct MadeUpDevice {
  std::map<c10::StreamId, Clock> clocks;
  c10::StreamId current = 0, made = 0;
  int events = 0;
  int records_left = 1 << 30;  ///< until the device is past help

  void merge(Clock& into, const Clock& from) {
    for (const auto& [stream, count] : from) into[stream] = std::max(into[stream], count);
  }
  /// An order given to the current stream now: what it runs after, itself included.
  Clock order() {
    ++clocks[current][current];
    return clocks[current];
  }
};

MadeUpDevice made_up;

bool before(const Clock& a, const Clock& b) {
  for (const auto& [stream, count] : a) {
    const auto found = b.find(stream);
    if (found == b.end() || found->second < count) return false;
  }
  return true;
}

constexpr c10::DeviceType type_of_device = c10::DeviceType::PrivateUse1;
const c10::Device device(type_of_device, 0);

c10::Stream stream_of(c10::StreamId id) {
  return c10::Stream(c10::Stream::UNSAFE, device, id);
}

struct MadeUpGuard final : c10::impl::DeviceGuardImplInterface {
  c10::DeviceType type() const override { return type_of_device; }
  c10::Device exchangeDevice(c10::Device) const override { return device; }
  c10::Device getDevice() const override { return device; }
  void setDevice(c10::Device) const override {}
  void uncheckedSetDevice(c10::Device) const noexcept override {}
  c10::Stream getStream(c10::Device) const noexcept override { return stream_of(made_up.current); }
  c10::Stream getStreamFromGlobalPool(c10::Device, bool) const override { return stream_of(++made_up.made); }
  c10::Stream exchangeStream(c10::Stream stream) const noexcept override {
    return stream_of(std::exchange(made_up.current, stream.id()));
  }
  c10::DeviceIndex deviceCount() const noexcept override { return 1; }
  void record(void** event, const c10::Stream& stream, const c10::DeviceIndex,
              const c10::EventFlag) const override {
    if (made_up.records_left-- <= 0) throw std::runtime_error("the device is lost");
    if (!*event) {
      *event = new Clock;
      ++made_up.events;
    }
    *static_cast<Clock*>(*event) = made_up.clocks[stream.id()];
  }
  void block(void* event, const c10::Stream& stream) const override {
    made_up.merge(made_up.clocks[stream.id()], *static_cast<Clock*>(event));
  }
  void destroyEvent(void* event, const c10::DeviceIndex) const noexcept override {
    if (event) --made_up.events;
    delete static_cast<Clock*>(event);
  }
};

C10_REGISTER_GUARD_IMPL(PrivateUse1, MadeUpGuard);

}  // namespace

class TestDeviceStreams : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { made_up.current = 0; }

  void parts_run_side_by_side_after_what_was_and_before_what_follows() {
    for (int round = 0; round < 3; ++round) {  // a training's steps
      const Clock earlier = made_up.order();
      std::vector<Clock> parts;
      on_streams(device, 4, [&](int part) {
        QCOMPARE(part, static_cast<int>(parts.size()));
        made_up.order();  // a part gives several orders
        parts.push_back(made_up.order());
      });
      QCOMPARE(made_up.current, c10::StreamId{0});
      const Clock later = made_up.order();
      QCOMPARE(parts.size(), std::size_t{4});
      for (std::size_t a = 0; a < parts.size(); ++a) {
        QVERIFY2(before(earlier, parts[a]), qPrintable(QString::number(a)));
        QVERIFY2(before(parts[a], later), qPrintable(QString::number(a)));
        for (std::size_t b = 0; b < parts.size(); ++b)
          QVERIFY2(a == b || !before(parts[a], parts[b]), qPrintable(QString("%1 %2").arg(a).arg(b)));
      }
    }
  }

  // A stream brings a library's scratch memory with it.
  void uses_the_same_streams_again() {
    on_streams(device, 4, [](int) {});
    const c10::StreamId made = made_up.made;
    on_streams(device, 4, [](int) {});
    QCOMPARE(made_up.made, made);
    on_streams(device, most_streams, [](int) {});
    QCOMPARE(made_up.made, c10::StreamId{most_streams});
    QCOMPARE(made_up.events, 0);
  }

  void errors_come_through_and_leave_order_behind() {
    Clock failed;
    const auto fail = [&](int part) {
      failed = made_up.order();
      if (part == 1) throw std::runtime_error("part 1");
    };
    QVERIFY_EXCEPTION_THROWN(on_streams(device, 3, fail), std::runtime_error);
    QCOMPARE(made_up.current, c10::StreamId{0});
    QVERIFY(before(failed, made_up.order()));
    QVERIFY_EXCEPTION_THROWN(on_streams(device, most_streams + 1, [](int) {}), RunError);
  }

  // An error of the device surfaces where the next thing is asked of it; whose error is told, the program
  // lives.
  void a_lost_device_is_an_error_like_others() {
    for (const int records : {0, 1, 2}) {
      made_up.records_left = records;
      QVERIFY_EXCEPTION_THROWN(on_streams(device, 3, [](int) {}), std::runtime_error);
      made_up.records_left = records;
      QVERIFY_EXCEPTION_THROWN(on_streams(device, 3, [](int) { throw RunError("a kernel's"); }),
                               std::runtime_error);
    }
    made_up.records_left = 1 << 30;
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestDeviceStreams)
#include "test_device_streams.moc"
