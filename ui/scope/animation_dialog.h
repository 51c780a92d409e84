// Asks for a stretch of the run, and writes it as an animation of the stage. The window's thread only.
#pragma once

#include <QDialog>
#include <QTimer>
#include <memory>

#include "ui/scope/animation_work.h"

class QLabel;
class QProgressBar;
class QPushButton;
class QSpinBox;

namespace grapevine {

class AnimationDialog : public QDialog {
  Q_OBJECT

 public:
  /// The model is read when the pictures begin to be drawn, and stays the caller's.
  AnimationDialog(const ScopeModel& model, const ScopeLook& look, QWidget* parent);

  AnimationWish wish() const;
  /// Draws and writes off the window's own thread; `written` or `trouble` tells the end. Who cancels goes
  /// on at once.
  void begin(const QString& file);

 Q_SIGNALS:
  void written(const QString& file);
  void trouble(const QString& sentence);

 private:
  void ask_for_file();
  void look();
  void show_estimate();
  void end();

  const ScopeModel& model_;
  const ScopeLook& look_;
  QSpinBox *from_, *to_, *pictures_, *width_, *rate_;
  QLabel* estimate_;
  QProgressBar* progress_;
  QPushButton* save_;
  QString file_;
  std::unique_ptr<AnimationWork> work_;
  QTimer look_at_it_;
};

}  // namespace grapevine
