#include "ui/panels/slow_motion/slow_motion_dock.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QSpinBox>
#include <QTabBar>
#include <QTextBrowser>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/panels/slow_motion/rehearsal_page.h"
#include "ui/panels/words.h"
#include "ui/scope/key_table.h"

namespace grapevine {
namespace {

QString with_key(const QString& text, const char* command) {
  return QStringLiteral("%1 (%2)").arg(text, key_text(keys_of(command)));
}

}  // namespace

SlowMotionDock::SlowMotionDock(QWidget* parent) : QDockWidget(tr("Slow motion"), parent) {
  setObjectName(QStringLiteral("slow_motion"));
  auto* body = new QWidget(this);
  auto* column = new QVBoxLayout(body);
  column->setContentsMargins(10, 6, 10, 8);
  build_choices(body);
  state_ = new QLabel(body);
  state_->setWordWrap(true);
  state_->setForegroundRole(QPalette::PlaceholderText);
  column->addWidget(state_);
  phases_ = new QTabBar(body);
  phases_->setExpanding(false);
  phases_->setDrawBase(false);
  phases_->setAccessibleName(tr("Phases of the step"));
  column->addWidget(phases_);
  page_ = new QTextBrowser(body);
  page_->setFrameShape(QFrame::NoFrame);
  page_->setOpenLinks(false);
  page_->setAccessibleName(tr("Phase"));
  page_->viewport()->setAutoFillBackground(false);
  column->addWidget(page_, 1);
  auto* row = new QHBoxLayout;
  back_ = new QPushButton(tr("Back"), body);
  next_ = new QPushButton(tr("Next"), body);
  row->addStretch(1);
  row->addWidget(back_);
  row->addWidget(next_);
  column->addLayout(row);
  setWidget(body);
  setMinimumWidth(320);

  connect(back_, &QPushButton::clicked, this, [this] { whole() ? reveal(-1) : go(-1); });
  connect(next_, &QPushButton::clicked, this, [this] { whole() ? reveal(1) : go(1); });
  connect(phases_, &QTabBar::currentChanged, this, [this] {
    refresh();
    Q_EMIT part_changed();
  });
  const auto keys = [this](const char* command, auto act) {
    QList<QShortcut*> made;
    for (const QKeySequence& sequence : keys_of(command)) {
      made << new QShortcut(sequence, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
      connect(made.back(), &QShortcut::activated, this, act);
    }
    return made;
  };
  keys("next_phase", [this] { go(1); });
  keys("previous_phase", [this] { go(-1); });
  number_keys_ << keys("next_number", [this] { reveal(1); })
               << keys("previous_number", [this] { reveal(-1); });
  keys("close_slow_motion", [this] {
    hide();
    Q_EMIT left();
  });
  connect(this, &QDockWidget::visibilityChanged, this, [this] {
    Q_EMIT request_changed();
    Q_EMIT part_changed();
  });
  show_nothing({});
}

void SlowMotionDock::build_choices(QWidget* body) {
  auto* line = new QHBoxLayout;
  const auto box = [&](const QString& name, int low, const QString& help) {
    auto* label = new QLabel(name, body);
    auto* spin = new QSpinBox(body);
    spin->setRange(low, low);
    spin->setAccessibleName(name);
    spin->setToolTip(help);
    spin->setKeyboardTracking(false);
    label->setBuddy(spin);
    line->addWidget(label);
    line->addWidget(spin);
    connect(spin, &QSpinBox::valueChanged, this, &SlowMotionDock::ask);
    return spin;
  };
  racer_ = new QComboBox(body);
  racer_->setAccessibleName(tr("Racer"));
  racer_->setToolTip(tr("Whose step is shown"));
  line->addWidget(racer_);
  connect(racer_, &QComboBox::activated, this, &SlowMotionDock::ask);
  layer_ = box(tr("Layer"), 1, tr("The layer whose numbers are written out"));
  unit_ = box(tr("Unit"), 0, tr("Which of the layer's features"));
  sample_ = box(tr("Sample"), 0, tr("Which sample of the batch"));
  whole_ = new QToolButton(body);
  whole_->setText(tr("All numbers"));
  whole_->setCheckable(true);
  whole_->setToolTip(
      with_key(tr("Every number of this small network on one page, one at a time"), "next_number"));
  line->addWidget(whole_);
  line->addStretch(1);
  connect(whole_, &QToolButton::toggled, this, [this] {
    revealed_ = 1;
    ask();
  });
  static_cast<QVBoxLayout*>(body->layout())->addLayout(line);
}

void SlowMotionDock::set_racers(const QStringList& names) {
  const int before = std::max(0, racer_->currentIndex());
  racer_->clear();
  racer_->addItems(names);
  racer_->setCurrentIndex(std::min<int>(before, static_cast<int>(names.size()) - 1));
  racer_->setVisible(names.size() > 1);
}

std::optional<RehearsalRequest> SlowMotionDock::request() const {
  if (!isVisible()) return std::nullopt;
  return RehearsalRequest{std::max(0, racer_->currentIndex()), layer_->value(), sample_->value(),
                          unit_->value(), whole_->isChecked()};
}

void SlowMotionDock::set_place(int racer, int point) {
  const QSignalBlocker quiet(layer_);
  if (racer >= 0 && racer < racer_->count()) racer_->setCurrentIndex(racer);
  if (point > 0) {
    layer_->setMaximum(std::max(layer_->maximum(), point));
    layer_->setValue(point);
  }
}

void SlowMotionDock::ask() {
  Q_EMIT request_changed();
}

/// The boxes follow what there is; the phase stays where it has the same name.
void SlowMotionDock::show_rehearsal(std::shared_ptr<const Rehearsal> step) {
  if (!step) return show_nothing({});
  if (!step->trouble.empty()) return show_nothing(QString::fromStdString(step->trouble));
  const int before = phases_->currentIndex();
  step_ = std::move(step);
  const auto set = [](QSpinBox* box, std::int64_t last, std::int64_t value, int low) {
    const QSignalBlocker quiet(box);
    box->setRange(low, static_cast<int>(last));
    box->setValue(static_cast<int>(value));
  };
  set(layer_, step_->points, step_->request.point, 1);
  set(unit_, step_->units - 1, step_->request.unit, 0);
  set(sample_, step_->samples - 1, step_->request.sample, 0);
  {
    const QSignalBlocker quiet(phases_), calm(whole_);
    whole_->setChecked(step_->request.whole);
    while (phases_->count() > 0) phases_->removeTab(0);
    for (const RehearsedPhase& phase : step_->phases) phases_->addTab(QString::fromStdString(phase.title));
    phases_->setCurrentIndex(std::clamp(before, 0, std::max(0, phases_->count() - 1)));
  }
  whole_->setVisible(step_->can_be_whole);
  revealed_ = std::clamp<std::size_t>(revealed_, 1, std::max<std::size_t>(1, count_of_numbers(*step_)));
  refresh();
  Q_EMIT part_changed();
}

void SlowMotionDock::show_nothing(const QString& why) {
  step_.reset();
  while (phases_->count() > 0) phases_->removeTab(0);
  state_->setText(why.isEmpty() ? tr("Pause a run: then its next step can be gone through slowly.") : why);
  page_->clear();
  whole_->hide();
  back_->setEnabled(false);
  next_->setEnabled(false);
  Q_EMIT part_changed();
}

bool SlowMotionDock::whole() const {
  return step_ && step_->request.whole;
}

int SlowMotionDock::phase() const {
  if (!step_) return -1;
  return whole() ? static_cast<int>(phase_of_number(*step_, revealed_ - 1)) : phases_->currentIndex();
}

void SlowMotionDock::go(int by) {
  if (!step_) return;
  if (!whole())
    return phases_->setCurrentIndex(std::clamp(phases_->currentIndex() + by, 0, phases_->count() - 1));
  // To the first number of another phase.
  const auto last = static_cast<int>(step_->phases.size()) - 1;
  const auto wanted = static_cast<std::size_t>(std::clamp(phase() + by, 0, last));
  std::size_t first = 0;
  for (std::size_t i = 0; i < wanted; ++i) first += step_->phases[i].numbers.size();
  revealed_ = first + 1;
  reveal(0);
}

void SlowMotionDock::reveal(int by) {
  if (!whole()) return;
  const auto most = static_cast<std::ptrdiff_t>(count_of_numbers(*step_));
  revealed_ = static_cast<std::size_t>(
      std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(revealed_) + by, 1, most));
  refresh();
  Q_EMIT part_changed();
}

void SlowMotionDock::refresh() {
  if (!step_) return;
  state_->setText(tr("Step %1, rehearsed: nothing of the run changes.").arg(grouped(step_->step)));
  phases_->setVisible(!whole());
  for (QShortcut* key : number_keys_) key->setEnabled(whole());
  unit_->setEnabled(!whole());
  sample_->setEnabled(!whole());
  layer_->setEnabled(!whole());
  if (whole()) {
    page_->setHtml(whole_page(*step_, revealed_, palette()));
    page_->scrollToAnchor(QStringLiteral("newest"));
    const std::size_t most = count_of_numbers(*step_);
    next_->setText(tr("Next number"));
    next_->setToolTip(with_key(tr("The next number appears"), "next_number"));
    back_->setToolTip(with_key(tr("The newest number goes"), "previous_number"));
    back_->setEnabled(revealed_ > 1);
    next_->setEnabled(revealed_ < most);
    return;
  }
  page_->setHtml(
      phase_page(*step_, static_cast<std::size_t>(std::max(0, phases_->currentIndex())), palette()));
  next_->setText(tr("Next"));
  next_->setToolTip(with_key(tr("The next phase"), "next_phase"));
  back_->setToolTip(with_key(tr("The previous phase"), "previous_phase"));
  back_->setEnabled(phases_->currentIndex() > 0);
  next_->setEnabled(phases_->currentIndex() + 1 < phases_->count());
}

QString SlowMotionDock::text() const {
  return page_->toPlainText().remove(QChar(0x2060));  // what keeps numbers in one piece
}

void SlowMotionDock::set_magnification(double factor) {
  QFont face = font();
  if (face.pointSizeF() > 0) face.setPointSizeF(face.pointSizeF() * factor);
  page_->document()->setDefaultFont(face);
}

}  // namespace grapevine
