// The bar beneath the stage: play, and a track that stops where something was measured. Its steps and marks
// come from outside. The window's thread only.
#pragma once

#include <QAbstractSlider>
#include <QString>
#include <QTimer>
#include <QWidget>
#include <cstdint>
#include <optional>
#include <vector>

#include "ui/plot/geometry.h"

class QToolButton;

namespace grapevine {

/// An exact step on the track.
struct ScrubMark {
  std::int64_t step = 0;
  Colour colour = 0;  ///< 0 = the text's
  QString words;
  bool operator==(const ScrubMark&) const = default;
};

/// A slider whose value is an index into the measured steps: arrows, Home and End walk along them.
class ScrubTrack : public QAbstractSlider {
  Q_OBJECT

 public:
  explicit ScrubTrack(QWidget* parent = nullptr);
  void show_steps(std::vector<std::int64_t> steps, std::vector<ScrubMark> marks);
  void set_dark(bool dark);
  const std::vector<std::int64_t>& steps() const { return steps_; }
  /// Everything so many times larger.
  void set_magnification(double factor);
  QSize sizeHint() const override { return {400, height_needed()}; }
  QSize minimumSizeHint() const override { return {120, height_needed()}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;

 private:
  int height_needed() const;
  /// Places are of the drawing, which may be magnified.
  double drawn_width() const { return width() / magnification_; }
  double place_of(std::int64_t step) const;
  void go_to(double x);
  std::vector<std::int64_t> steps_;
  std::vector<ScrubMark> marks_;
  double magnification_ = 1;
  bool dark_ = false;
};

class ScrubBar : public QWidget {
  Q_OBJECT

 public:
  explicit ScrubBar(QWidget* parent = nullptr);
  /// At the last step the newest is shown, and stays the newest.
  void show_steps(std::vector<std::int64_t> steps, std::vector<ScrubMark> marks);
  void show_newest();
  void set_dark(bool dark);
  void set_magnification(double factor);
  ScrubTrack* track() const { return track_; }

 Q_SIGNALS:
  void held(std::int64_t step);
  void newest();

 private:
  void play_or_stop();
  void advance();
  void tell();
  QToolButton* play_;
  ScrubTrack* track_;
  QTimer clock_;
  bool at_end_ = true;
  bool quiet_ = false;
};

}  // namespace grapevine
