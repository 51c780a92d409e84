// When to paint.
#include "ui/scope/frame_clock.h"

#include <algorithm>
#include <vector>

namespace grapevine {

FrameClock::FrameClock(QObject* parent) : QObject(parent) {
  timer_.setSingleShot(true);
  timer_.setTimerType(Qt::PreciseTimer);
  connect(&timer_, &QTimer::timeout, this, [this] {
    if (repaint) repaint();
  });
}

void FrameClock::request() {
  if (timer_.isActive()) return;
  const qint64 passed = since_frame_.isValid() ? since_frame_.elapsed() : kFrameMs;
  timer_.start(static_cast<int>(std::clamp<qint64>(kFrameMs - passed, 0, kFrameMs)));
}

void FrameClock::begin() {
  since_frame_.start();
  painting_.start();
}

void FrameClock::end() {
  last_ms_ = static_cast<double>(painting_.nsecsElapsed()) * 1e-6;
  times_[static_cast<std::size_t>(count_) % times_.size()] = last_ms_;
  ++count_;
}

double FrameClock::p99_ms() const {
  const std::size_t known = std::min(static_cast<std::size_t>(count_), times_.size());
  if (known == 0) return 0;
  std::vector<double> sorted(times_.begin(), times_.begin() + static_cast<std::ptrdiff_t>(known));
  const auto place = static_cast<std::ptrdiff_t>((known - 1) * 99 / 100);
  std::nth_element(sorted.begin(), sorted.begin() + place, sorted.end());
  return sorted[static_cast<std::size_t>(place)];
}

}  // namespace grapevine
