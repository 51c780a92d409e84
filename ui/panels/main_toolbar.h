// The tool bar: the run's commands, and what the figures show. The window's thread only.
#pragma once

#include <QToolBar>

class QComboBox;
class QLabel;
class QSlider;
class QSpinBox;

namespace grapevine {

class ScopeWidget;
struct MainActions;

class MainToolbar : public QToolBar {
  Q_OBJECT

 public:
  MainToolbar(const MainActions& actions, ScopeWidget* scope, QWidget* parent = nullptr);

  int step_count() const;
  void next_axis();
  void next_measure();
  void change_smoothing(int by);
  /// Whose help is that of the measure it shows.
  const QWidget* measure_choice() const;

 private:
  void add_labelled(const QString& text, QWidget* widget, const QString& help);
  void show_scope();

  ScopeWidget* scope_;
  QSpinBox* count_;
  QComboBox* axis_;
  QComboBox* measure_;
  QSlider* smoothing_;
  QLabel* smoothing_value_;
};

}  // namespace grapevine
