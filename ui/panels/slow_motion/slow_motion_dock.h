// Slow motion: the next step of a paused run, phase by phase, back and forth, with another layer, unit or
// sample; of a network small enough every number on one page, one at a time. The window's thread only.
#pragma once

#include <QDockWidget>
#include <QList>
#include <cstddef>
#include <memory>
#include <optional>

#include "engine/session/rehearsal.h"

class QComboBox;
class QLabel;
class QPushButton;
class QShortcut;
class QSpinBox;
class QTabBar;
class QTextBrowser;
class QToolButton;

namespace grapevine {

class SlowMotionDock : public QDockWidget {
  Q_OBJECT

 public:
  explicit SlowMotionDock(QWidget* parent = nullptr);

  void set_racers(const QStringList& names);
  /// Which step of what is shown; nothing while it is hidden.
  std::optional<RehearsalRequest> request() const;
  /// −1 = as it is.
  void set_place(int racer, int point);
  void show_rehearsal(std::shared_ptr<const Rehearsal> step);
  /// Why there is no step to show, in place of one.
  void show_nothing(const QString& why);

  int phase() const;
  const Rehearsal* shown() const { return step_.get(); }
  QString text() const;
  void set_magnification(double factor);

 Q_SIGNALS:
  void request_changed();
  /// The part of the stage that the phase is about; or the panel was closed.
  void part_changed();
  void left();

 private:
  void build_choices(QWidget* body);
  void ask();
  void go(int by);
  void reveal(int by);
  void refresh();
  bool whole() const;

  std::shared_ptr<const Rehearsal> step_;
  std::size_t revealed_ = 1;
  QComboBox* racer_;
  QSpinBox *layer_, *unit_, *sample_;
  QToolButton* whole_;
  QLabel* state_;
  QTabBar* phases_;
  QTextBrowser* page_;
  QPushButton *back_, *next_;
  QList<QShortcut*> number_keys_;  ///< elsewhere their keys change the boxes
};

}  // namespace grapevine
