#include "engine/nn/device_streams.h"

#include <c10/core/Event.h>
#include <c10/core/Stream.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "engine/error.h"

namespace grapevine {
namespace {

using Guard = c10::impl::VirtualGuardImpl;

// The same streams at every step and for every run: a library's scratch memory belongs to a stream, is made
// on first use, and stays.
std::vector<c10::Stream> streams_of(const Guard& guard, c10::Device device, int count) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  static std::map<std::pair<c10::DeviceType, c10::DeviceIndex>, std::vector<c10::Stream>> kept;
  auto& streams = kept[{device.type(), device.index()}];
  while (static_cast<int>(streams.size()) < count) streams.push_back(guard.getStreamFromGlobalPool(device));
  return streams;
}

// Makes a stream the current one, and the one before it again at the end, whatever happens between.
class Current {
 public:
  Current(const Guard& guard, c10::Stream stream) : guard_(guard), before_(guard.exchangeStream(stream)) {}
  ~Current() { guard_.exchangeStream(before_); }
  Current(const Current&) = delete;
  Current& operator=(const Current&) = delete;

 private:
  const Guard& guard_;
  c10::Stream before_;
};

// At the end, an error's too, `home` waits for what `stream` has been given: memory that is let go of then
// may be home's again at once.
class Joined {
 public:
  Joined(c10::Stream stream, c10::Stream home) : stream_(stream), home_(home) {}
  ~Joined() {
    try {
      join();
    } catch (...) {
      // The device is past help; the error that came first is reported.
    }
  }
  void join() {
    if (std::exchange(joined_, true)) return;
    c10::Event done(stream_.device_type());
    done.record(stream_);
    done.block(home_);
  }
  Joined(const Joined&) = delete;
  Joined& operator=(const Joined&) = delete;

 private:
  c10::Stream stream_, home_;
  bool joined_ = false;
};

}  // namespace

void on_streams(c10::Device device, int parts, const std::function<void(int)>& work) {
  if (parts > most_streams) throw RunError("more parts than streams");
  const Guard guard(device.type());
  const c10::Stream home = guard.getStream(device);
  const std::vector<c10::Stream> streams = streams_of(guard, device, parts);
  c10::Event begun(device.type());
  begun.record(home);
  for (int part = 0; part < parts; ++part) {
    const c10::Stream stream = streams[static_cast<std::size_t>(part)];
    begun.block(stream);
    Joined joined(stream, home);
    {
      const Current current(guard, stream);
      work(part);
    }
    joined.join();
  }
}

}  // namespace grapevine
