// When to paint.
#include "ui/scope/frame_clock.h"

#include <time.h>

#include <algorithm>
#include <vector>

namespace grapevine {
namespace {

double thread_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

}  // namespace

FrameClock::FrameClock(QObject* parent) : QObject(parent) {
  timer_.setSingleShot(true);
  timer_.setTimerType(Qt::PreciseTimer);
  connect(&timer_, &QTimer::timeout, this, [this] {
    if (repaint) repaint();
  });
}

void FrameClock::request() {
  ask_within(kFrameMs);
}

void FrameClock::request_for_data() {
  ask_within(data_gap_ms(usual_ms_));
}

int FrameClock::data_gap_ms(double frame_ms) {
  return std::clamp(static_cast<int>(frame_ms / kShare), kDataMs, kSlowestMs);
}

void FrameClock::ask_within(int gap_ms) {
  const qint64 passed = since_frame_.isValid() ? since_frame_.elapsed() : gap_ms;
  const int wait = static_cast<int>(std::clamp<qint64>(gap_ms - passed, 0, gap_ms));
  if (!timer_.isActive() || timer_.remainingTime() > wait) timer_.start(wait);
}

void FrameClock::begin() {
  timer_.stop();  // the caller has it now
  since_frame_.start();
  began_ms_ = thread_ms();
}

void FrameClock::end() {
  last_ms_ = thread_ms() - began_ms_;
  times_[static_cast<std::size_t>(count_) % times_.size()] = last_ms_;
  usual_ms_ = count_ == 0 ? last_ms_ : 0.8 * usual_ms_ + 0.2 * last_ms_;
  ++count_;
}

double FrameClock::quantile_ms(double share) const {
  const auto held = static_cast<int>(times_.size());
  std::vector<double> sorted;
  for (int frame = std::max(known_from_, count_ - held); frame < count_; ++frame)
    sorted.push_back(times_[static_cast<std::size_t>(frame % held)]);
  if (sorted.empty()) return 0;
  const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(sorted.size() - 1));
  std::nth_element(sorted.begin(), sorted.begin() + place, sorted.end());
  return sorted[static_cast<std::size_t>(place)];
}

}  // namespace grapevine
