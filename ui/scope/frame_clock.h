// When to paint, and how long frames took. What the user does is painted at once, at most 60 times a second;
// what training brings, seldom enough that painting takes no more than a tenth of one core's time, though ten
// times a second at least: the cores belong to the training. Counted is this thread's time on a core, which
// other work on the machine doesn't lengthen. The window's thread only.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <array>
#include <functional>

namespace grapevine {

class FrameClock : public QObject {
 public:
  static constexpr int kFrameMs = 16;
  static constexpr int kDataMs = 33;      ///< smooth enough for curves
  static constexpr int kSlowestMs = 100;  ///< what grows should be seen to grow
  static constexpr double kShare = 0.1;   ///< of one core, for painting new data

  explicit FrameClock(QObject* parent = nullptr);

  /// What asks the toolkit for a repaint.
  std::function<void()> repaint;

  /// Asks for a frame because of something the user did; requests until it comes are one.
  void request();
  /// Asks for a frame because there are new data.
  void request_for_data();
  /// Milliseconds from one frame for new data to the next, when frames take so long.
  static int data_gap_ms(double frame_ms);
  /// Around each painting, whatever asked for it.
  void begin();
  void end();

  int frame_count() const { return count_; }
  double last_ms() const { return last_ms_; }
  double p99_ms() const { return quantile_ms(0.99); }
  double median_ms() const { return quantile_ms(0.5); }
  /// Forgets the times of frames so far; the count continues.
  void forget_times() { known_from_ = count_; }

 private:
  void ask_within(int gap_ms);
  double quantile_ms(double share) const;

  QTimer timer_;
  QElapsedTimer since_frame_;
  double began_ms_ = 0;  ///< of this thread's time
  int count_ = 0;
  int known_from_ = 0;  ///< the first frame whose time counts
  double last_ms_ = 0;
  double usual_ms_ = 0;  ///< a moving average
  std::array<double, 512> times_{};
};

}  // namespace grapevine
