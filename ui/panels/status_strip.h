// The status bar: state, progress and time left on the left; steps per second, frame time, rows waiting,
// device and threads on the right. The window's thread only.
#pragma once

#include <QStatusBar>

class QLabel;
class QProgressBar;

namespace grapevine {

class RunController;
class ScopeWidget;

class StatusStrip : public QStatusBar {
  Q_OBJECT

 public:
  explicit StatusStrip(QWidget* parent = nullptr);
  /// Reads it and shows what it says.
  void show_run(const RunController& run);
  /// Whether the figures show another run than the live one, which the bar describes.
  void set_elsewhere(bool elsewhere) { elsewhere_ = elsewhere; }
  /// For a while, on the left; what has no room ends in an ellipsis.
  void say(const QString& sentence, int milliseconds = 0);
  QString text() const;  ///< all of it in a line

 private:
  QLabel *state_, *progress_text_, *speed_, *rows_, *device_;
  QProgressBar* progress_;
  bool elsewhere_ = false;
};

/// 75 → "1 min 15 s".
QString duration_text(double seconds);
/// "3.4 steps/s"; slow ones have digits that say something, as "0.02 steps/s".
QString speed_text(double steps_per_second);

}  // namespace grapevine
