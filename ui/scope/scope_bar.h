// The bar above the figures: Follow, fit, what the axis counts, smoothing, whose layers are shown. The
// window's thread only.
#pragma once

#include <QStringList>
#include <QWidget>

#include "ui/plot/time_axis.h"

class QComboBox;
class QLabel;
class QSlider;
class QToolButton;

namespace grapevine {

class ScopeBar : public QWidget {
  Q_OBJECT

 public:
  explicit ScopeBar(QWidget* parent = nullptr);

  // Showing the state; none of these sends a signal.
  void show_follow(bool follow);
  void show_time_axis(TimeAxis axis);
  void show_smoothing(double smoothing);
  void show_racers(const QStringList& labels, int chosen);
  QToolButton& menu_button() { return *menu_; }

 Q_SIGNALS:
  void follow_wished(bool follow);
  void fit_wished();
  void time_axis_wished(int axis);
  void smoothing_wished(double smoothing);
  void layer_racer_wished(int racer);

 private:
  QToolButton* follow_;
  QToolButton* fit_;
  QComboBox* axis_;
  QSlider* smoothing_;
  QLabel* smoothing_value_;
  QComboBox* racer_;
  QToolButton* menu_;
  QStringList labels_;
};

}  // namespace grapevine
