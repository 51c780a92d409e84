// The tool bar.
#include "ui/panels/main_toolbar.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>

#include "engine/experiment/registry.h"
#include "ui/panels/main_actions.h"
#include "ui/scope/scope_widget.h"

namespace grapevine {
namespace {

constexpr int smoothing_steps = 100;  // of the slider; its end is 0.99, for 1 would be a flat line
constexpr double most_smoothing = 0.99;

}  // namespace

MainToolbar::MainToolbar(const MainActions& actions, ScopeWidget* scope, QWidget* parent)
    : QToolBar(tr("Tools"), parent),
      scope_(scope),
      count_(new QSpinBox(this)),
      axis_(new QComboBox(this)),
      measure_(new QComboBox(this)),
      smoothing_(new QSlider(Qt::Horizontal, this)),
      smoothing_value_(new QLabel(this)) {
  setObjectName(QStringLiteral("main_toolbar"));
  setMovable(false);
  setIconSize({16, 16});
  setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  addAction(actions.play);
  addAction(actions.step);
  addAction(actions.steps);
  count_->setRange(1, 1000000);
  count_->setValue(100);
  count_->setAccessibleName(tr("Number of steps"));
  count_->setToolTip(tr("How many steps “Several steps” takes"));
  addWidget(count_);
  addAction(actions.stop);
  addAction(actions.reset);
  addAction(actions.calibrate);
  // Signs are enough where the sign is everybody's.
  for (QAction* action : {actions.step, actions.steps, actions.stop, actions.reset})
    if (auto* button = qobject_cast<QToolButton*>(widgetForAction(action)))
      button->setToolButtonStyle(Qt::ToolButtonIconOnly);
  addSeparator();
  addAction(actions.stage);
  addAction(actions.follow);
  addAction(actions.fit);
  if (auto* button = qobject_cast<QToolButton*>(widgetForAction(actions.fit)))
    button->setToolButtonStyle(Qt::ToolButtonIconOnly);
  axis_->addItem(tr("Steps"), static_cast<int>(TimeAxis::step));
  axis_->addItem(tr("Epochs"), static_cast<int>(TimeAxis::epoch));
  axis_->addItem(tr("Seconds"), static_cast<int>(TimeAxis::seconds));
  axis_->addItem(tr("Samples"), static_cast<int>(TimeAxis::samples));
  add_labelled(tr("Axis"), axis_, tr("What the horizontal axis counts"));
  for (const MeasureDescriptor& measure : measures()) {
    if (!measure.per_point) continue;
    measure_->addItem(QString::fromStdString(measure.name), QString::fromStdString(measure.key));
    measure_->setItemData(measure_->count() - 1, QString::fromStdString(measure.help), Qt::ToolTipRole);
  }
  add_labelled(tr("Measure"), measure_, tr("What is shown of each layer"));
  smoothing_->setRange(0, smoothing_steps);
  smoothing_->setFixedWidth(90);
  smoothing_->setPageStep(10);
  add_labelled(tr("Smoothing"), smoothing_,
               tr("How much the lines are smoothed; the raw lines stay faint behind"));
  smoothing_value_->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("0.000")));
  smoothing_->parentWidget()->layout()->addWidget(smoothing_value_);
  auto* gap = new QWidget(this);
  gap->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  addWidget(gap);
  addAction(actions.dark);
  if (auto* button = qobject_cast<QToolButton*>(widgetForAction(actions.dark)))
    button->setToolButtonStyle(Qt::ToolButtonIconOnly);

  connect(axis_, &QComboBox::activated, this,
          [this] { scope_->change()->set_time_axis(static_cast<TimeAxis>(axis_->currentData().toInt())); });
  connect(measure_, &QComboBox::activated, this,
          [this] { scope_->change()->set_layer_measure(measure_->currentData().toString().toStdString()); });
  connect(smoothing_, &QSlider::valueChanged, this, [this](int value) {
    scope_->change()->set_smoothing(most_smoothing * value / smoothing_steps);
    show_scope();
  });
  connect(scope_, &ScopeWidget::time_axis_changed, this, &MainToolbar::show_scope);
  connect(scope_, &ScopeWidget::measure_changed, this, &MainToolbar::show_scope);
  connect(scope_, &ScopeWidget::smoothing_changed, this, &MainToolbar::show_scope);
  show_scope();
}

void MainToolbar::add_labelled(const QString& text, QWidget* widget, const QString& help) {
  // One part, so that a narrow window never shows a label without its control.
  auto* both = new QWidget(this);
  both->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
  auto* row = new QHBoxLayout(both);
  row->setContentsMargins(8, 0, 2, 0);
  auto* label = new QLabel(text, both);
  label->setBuddy(widget);
  widget->setAccessibleName(text);
  widget->setToolTip(help);
  row->addWidget(label);
  row->addWidget(widget);
  addWidget(both);
}

int MainToolbar::step_count() const {
  return count_->value();
}

void MainToolbar::next_axis() {
  axis_->setCurrentIndex((axis_->currentIndex() + 1) % axis_->count());
  scope_->change()->set_time_axis(static_cast<TimeAxis>(axis_->currentData().toInt()));
}

const QWidget* MainToolbar::measure_choice() const {
  return measure_;
}

void MainToolbar::next_measure() {
  if (measure_->count() == 0) return;
  measure_->setCurrentIndex((measure_->currentIndex() + 1) % measure_->count());
  scope_->change()->set_layer_measure(measure_->currentData().toString().toStdString());
}

void MainToolbar::change_smoothing(int by) {
  smoothing_->setValue(smoothing_->value() + by);
}

void MainToolbar::show_scope() {
  axis_->setCurrentIndex(axis_->findData(static_cast<int>(scope_->model().time_axis())));
  measure_->setCurrentIndex(measure_->findData(QString::fromStdString(scope_->model().layer_measure_key())));
  const QSignalBlocker quiet(smoothing_);
  smoothing_->setValue(qRound(scope_->model().smoothing() / most_smoothing * smoothing_steps));
  smoothing_value_->setText(QLocale().toString(scope_->model().smoothing(), 'f', 2));
}

}  // namespace grapevine
