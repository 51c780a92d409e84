// The bar above the figures.
#include "ui/scope/scope_bar.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>
#include <cmath>

namespace grapevine {
namespace {

// Even steps of the slider halve what is left to 1 about every third of its way: 0, …, 0.5, …, 0.75, …,
// 0.999.
constexpr int kSmoothingSteps = 100;
double smoothing_of(int position) {
  return 1 - std::pow(0.001, position / static_cast<double>(kSmoothingSteps));
}
int position_of(double smoothing) {
  return static_cast<int>(std::lround(std::log(1 - smoothing) / std::log(0.001) * kSmoothingSteps));
}

QLabel* label_for(QWidget* buddy, const QString& text) {
  auto* label = new QLabel(text);
  label->setBuddy(buddy);
  return label;
}

}  // namespace

ScopeBar::ScopeBar(QWidget* parent)
    : QWidget(parent),
      follow_(new QToolButton),
      fit_(new QToolButton),
      axis_(new QComboBox),
      smoothing_(new QSlider(Qt::Horizontal)),
      smoothing_value_(new QLabel),
      racer_(new QComboBox),
      menu_(new QToolButton) {
  follow_->setText(tr("&Follow"));
  follow_->setCheckable(true);
  follow_->setStyleSheet(
      "QToolButton:checked { background: palette(highlight); color: palette(highlighted-text); }");
  follow_->setToolTip(tr("Keep the newest data in view (F). Panning or zooming ends it."));
  fit_->setText(tr("Fit"));
  fit_->setToolTip(tr("Show everything (A, or double click on a figure)"));
  axis_->addItems({tr("step"), tr("epoch"), tr("wall time")});
  axis_->setToolTip(tr("What the horizontal axis counts"));
  axis_->setAccessibleName(tr("Horizontal axis"));
  smoothing_->setRange(0, kSmoothingSteps);
  smoothing_->setFixedWidth(110);
  smoothing_->setToolTip(
      tr("Exponential smoothing of all lines (S, Shift+S); the raw line stays faint behind"));
  smoothing_->setAccessibleName(tr("Smoothing"));
  smoothing_value_->setMinimumWidth(smoothing_value_->fontMetrics().horizontalAdvance("0.999"));
  racer_->setToolTip(tr("Whose layers the alignment figures show"));
  racer_->setAccessibleName(tr("Layers of"));
  racer_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  menu_->setText(tr("View"));
  menu_->setPopupMode(QToolButton::InstantPopup);

  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(6, 3, 6, 3);
  row->setSpacing(6);
  row->addWidget(follow_);
  row->addWidget(fit_);
  row->addSpacing(8);
  row->addWidget(label_for(axis_, tr("&X axis")));
  row->addWidget(axis_);
  row->addSpacing(8);
  row->addWidget(label_for(smoothing_, tr("S&moothing")));
  row->addWidget(smoothing_);
  row->addWidget(smoothing_value_);
  row->addSpacing(8);
  row->addWidget(label_for(racer_, tr("&Layers of")));
  row->addWidget(racer_);
  row->addStretch(1);
  row->addWidget(menu_);

  connect(follow_, &QToolButton::toggled, this, &ScopeBar::follow_wished);
  connect(fit_, &QToolButton::clicked, this, &ScopeBar::fit_wished);
  connect(axis_, &QComboBox::currentIndexChanged, this, &ScopeBar::time_axis_wished);
  connect(smoothing_, &QSlider::valueChanged, this,
          [this](int position) { Q_EMIT smoothing_wished(smoothing_of(position)); });
  connect(racer_, &QComboBox::currentIndexChanged, this,
          [this](int index) { Q_EMIT layer_racer_wished(index - 1); });
  show_smoothing(0);
  show_racers({}, -1);
}

void ScopeBar::show_follow(bool follow) {
  const QSignalBlocker quiet(follow_);
  follow_->setChecked(follow);
}

void ScopeBar::show_time_axis(TimeAxis axis) {
  const QSignalBlocker quiet(axis_);
  axis_->setCurrentIndex(static_cast<int>(axis));
}

void ScopeBar::show_smoothing(double smoothing) {
  const QSignalBlocker quiet(smoothing_);
  if (position_of(smoothing) != smoothing_->value()) smoothing_->setValue(position_of(smoothing));
  smoothing_value_->setText(smoothing > 0 ? QString::number(smoothing, 'f', smoothing > 0.95 ? 3 : 2)
                                          : tr("off"));
}

void ScopeBar::show_racers(const QStringList& labels, int chosen) {
  const QSignalBlocker quiet(racer_);
  if (labels != labels_ || racer_->count() == 0) {
    labels_ = labels;
    racer_->clear();
    racer_->addItem(tr("all runs"));
    racer_->addItems(labels);
  }
  racer_->setCurrentIndex(chosen + 1);
}

}  // namespace grapevine
