// The bar beneath the stage.
#include "ui/scope/scrub_bar.h"

#include <QHBoxLayout>
#include <QMouseEvent>
#include <QPainter>
#include <QToolButton>
#include <algorithm>
#include <cmath>

#include "ui/plot/axis.h"
#include "ui/plot/figure.h"
#include "ui/plot/qpainter_painter.h"
#include "ui/plot/theme.h"

namespace grapevine {
namespace {

constexpr double kEnds = 12;    ///< next to the track, half the knob's width and some air
constexpr double kTrackY = 24;  ///< marks above, steps below
constexpr double kHeight = 46;
constexpr int kPlayMs = 70;

}  // namespace

ScrubTrack::ScrubTrack(QWidget* parent) : QAbstractSlider(parent) {
  setOrientation(Qt::Horizontal);
  setFocusPolicy(Qt::StrongFocus);
  setRange(0, 0);
  setAccessibleName(tr("Time on the stage"));
  setToolTip(
      tr("Drag, or use the arrow keys: the stage shows this time. It stops where something was measured."));
}

void ScrubTrack::show_steps(std::vector<std::int64_t> steps, std::vector<ScrubMark> marks) {
  steps_ = std::move(steps);
  marks_ = std::move(marks);
  setRange(0, std::max(0, static_cast<int>(steps_.size()) - 1));
  setPageStep(std::max(1, maximum() / 10));
  setEnabled(steps_.size() > 1);
  update();
}

void ScrubTrack::set_dark(bool dark) {
  dark_ = dark;
  update();
}

void ScrubTrack::set_magnification(double factor) {
  magnification_ = factor;
  updateGeometry();
  update();
}

int ScrubTrack::height_needed() const {
  return static_cast<int>(std::ceil(kHeight * magnification_));
}

double ScrubTrack::place_of(std::int64_t step) const {
  const double first = steps_.empty() ? 0 : static_cast<double>(steps_.front());
  const double last = steps_.empty() ? 1 : static_cast<double>(steps_.back());
  const double share = last > first ? (static_cast<double>(step) - first) / (last - first) : 1;
  return kEnds + share * (drawn_width() - 2 * kEnds);
}

void ScrubTrack::go_to(double x) {
  if (steps_.empty()) return;
  int nearest = 0;
  for (std::size_t i = 1; i < steps_.size(); ++i)
    if (std::abs(place_of(steps_[i]) - x) < std::abs(place_of(steps_[static_cast<std::size_t>(nearest)]) - x))
      nearest = static_cast<int>(i);
  setValue(nearest);
}

void ScrubTrack::mousePressEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton) go_to(event->position().x() / magnification_);
}

void ScrubTrack::mouseMoveEvent(QMouseEvent* event) {
  if (event->buttons() & Qt::LeftButton) go_to(event->position().x() / magnification_);
}

void ScrubTrack::paintEvent(QPaintEvent*) {
  const Theme& theme = dark_ ? dark_theme() : light_theme();
  QPainter qt(this);
  qt.fillRect(rect(), QColor::fromRgb(theme.plot));
  qt.scale(magnification_, magnification_);
  QPainterPainter painter(qt);
  const double right = drawn_width() - kEnds;
  painter.fill_rect({kEnds, kTrackY - 2, right - kEnds, 4}, isEnabled() ? theme.muted : theme.grid, 2);
  if (steps_.empty()) return;
  Axis axis;
  axis.lo = static_cast<double>(steps_.front());
  axis.hi = std::max(axis.lo + 1, static_cast<double>(steps_.back()));
  axis.unit = Unit::count;
  for (const Tick& tick : make_ticks(axis, right - kEnds, 110)) {
    if (tick.value > static_cast<double>(steps_.back())) continue;  // of a single step there is one
    const double x = crisp(place_of(static_cast<std::int64_t>(std::llround(tick.value))));
    painter.line({x, kTrackY + 5}, {x, kTrackY + 9}, {theme.tick, 1, Dash::solid});
    const double half = painter.measure(tick.label, TextSize::small).width / 2;
    painter.text({std::clamp(x, half + 1, drawn_width() - half - 1), kTrackY + 10}, tick.label,
                 {theme.muted, TextSize::small, AlignX::centre, AlignY::top});
  }
  double words_until = -1;
  for (const ScrubMark& mark : marks_) {
    const double x = place_of(mark.step);
    const Colour colour = mark.colour != 0 ? mark.colour : theme.text;
    painter.fill_triangle({x - 5, 6}, {x + 5, 6}, {x, 13}, colour);
    const double wide = painter.measure(mark.words.toStdString(), TextSize::small).width;
    // The words where there is room for them; the mark's help says them always.
    const bool left = x + 9 + wide > drawn_width();
    const double from = left ? x - 9 - wide : x + 9;
    if (marks_.size() > 4 || from < words_until) continue;
    painter.text({from, 10}, mark.words.toStdString(),
                 {colour, TextSize::small, AlignX::left, AlignY::middle});
    words_until = std::max(x + 9, from + wide + 12);
  }
  const double x = place_of(steps_[static_cast<std::size_t>(std::clamp(value(), 0, maximum()))]);
  painter.fill_circle({x, kTrackY}, hasFocus() ? 9 : 8, hasFocus() ? theme.accent : theme.text);
  painter.fill_circle({x, kTrackY}, 5.5, theme.plot);
}

ScrubBar::ScrubBar(QWidget* parent) : QWidget(parent), play_(new QToolButton), track_(new ScrubTrack) {
  play_->setText(QStringLiteral("▶"));
  play_->setAccessibleName(tr("Play the run back"));
  play_->setToolTip(tr("Play the run back on the stage, from measurement to measurement"));
  play_->setAutoRaise(true);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 0, 12, 0);
  row->setSpacing(6);
  row->addWidget(play_);
  row->addWidget(track_, 1);
  setAutoFillBackground(true);
  clock_.setInterval(kPlayMs);
  connect(play_, &QToolButton::clicked, this, &ScrubBar::play_or_stop);
  connect(&clock_, &QTimer::timeout, this, &ScrubBar::advance);
  connect(track_, &QAbstractSlider::valueChanged, this, &ScrubBar::tell);
  set_dark(false);
}

void ScrubBar::set_dark(bool dark) {
  QPalette colours = palette();
  colours.setColor(QPalette::Window, QColor::fromRgb((dark ? dark_theme() : light_theme()).plot));
  setPalette(colours);
  track_->set_dark(dark);
}

void ScrubBar::set_magnification(double factor) {
  QFont face = font();
  if (face.pointSizeF() > 0) face.setPointSizeF(face.pointSizeF() * factor);
  play_->setFont(face);
  track_->set_magnification(factor);
}

void ScrubBar::show_steps(std::vector<std::int64_t> steps, std::vector<ScrubMark> marks) {
  quiet_ = true;
  const bool at_end = at_end_;
  track_->show_steps(std::move(steps), std::move(marks));
  if (at_end) track_->setValue(track_->maximum());
  quiet_ = false;
  play_->setEnabled(track_->steps().size() > 1);
}

void ScrubBar::show_newest() {
  quiet_ = true;
  at_end_ = true;
  track_->setValue(track_->maximum());
  quiet_ = false;
}

void ScrubBar::tell() {
  if (quiet_) return;
  at_end_ = track_->value() == track_->maximum();
  if (at_end_) {
    Q_EMIT newest();
  } else {
    Q_EMIT held(track_->steps()[static_cast<std::size_t>(track_->value())]);
  }
}

void ScrubBar::play_or_stop() {
  if (clock_.isActive()) {
    clock_.stop();
  } else {
    if (at_end_) track_->setValue(0);
    clock_.start();
  }
  play_->setText(clock_.isActive() ? QStringLiteral("❚❚") : QStringLiteral("▶"));
}

void ScrubBar::advance() {
  track_->setValue(track_->value() + 1);
  if (track_->value() == track_->maximum()) play_or_stop();
}

}  // namespace grapevine
