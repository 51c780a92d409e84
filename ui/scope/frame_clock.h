// When to paint: once after a request, never more than 60 times a second, and how long frames took. The
// window's thread only.
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

  explicit FrameClock(QObject* parent = nullptr);

  /// What asks the toolkit for a repaint.
  std::function<void()> repaint;

  /// Asks for a frame; requests until it comes are one.
  void request();
  /// Around each painting, whoever asked for it.
  void begin();
  void end();

  int frame_count() const { return count_; }
  double last_ms() const { return last_ms_; }
  double p99_ms() const;

 private:
  QTimer timer_;
  QElapsedTimer since_frame_;
  QElapsedTimer painting_;
  int count_ = 0;
  double last_ms_ = 0;
  std::array<double, 512> times_{};
};

}  // namespace grapevine
