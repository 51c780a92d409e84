// Asks for a stretch of the run, and writes it as an animation.
#include "ui/scope/animation_dialog.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <limits>

#include "engine/error.h"

namespace grapevine {
namespace {

constexpr int kLookMs = 50;

QSpinBox* number(QWidget* parent, int least, int most, int value, const QString& name) {
  auto* box = new QSpinBox(parent);
  box->setRange(least, most);
  box->setValue(value);
  box->setAccessibleName(name);
  return box;
}

/// What was cancelled ends with the picture that is being drawn; nobody waits for it.
void leave_alone(std::shared_ptr<AnimationWork> work) {
  work->cancel();
  auto* look = new QTimer(QCoreApplication::instance());
  QObject::connect(look, &QTimer::timeout, look, [look, work] {
    if (work->is_over()) look->deleteLater();
  });
  look->start(kLookMs);
}

int as_int(std::int64_t step) {
  return static_cast<int>(std::clamp<std::int64_t>(step, 0, std::numeric_limits<int>::max()));
}

}  // namespace

AnimationDialog::AnimationDialog(const ScopeModel& model, const ScopeLook& look, QWidget* parent)
    : QDialog(parent),
      model_(model),
      look_(look),
      estimate_(new QLabel(this)),
      progress_(new QProgressBar(this)) {
  setWindowTitle(tr("The stage as an animation"));
  const auto stretch = measured_stretch(model);
  const int first = stretch ? as_int(stretch->first) : 0;
  const int last = stretch ? as_int(stretch->second) : 0;
  from_ = number(this, first, last, first, tr("From step"));
  to_ = number(this, first, last, last, tr("To step"));
  pictures_ = number(this, 2, 400, 40, tr("Pictures"));
  width_ = number(this, 400, 2600, 1000, tr("Width"));
  width_->setSuffix(tr(" px"));
  rate_ = number(this, 1, 30, 8, tr("Pictures per second"));
  auto* form = new QFormLayout;
  for (QSpinBox* box : {from_, to_, pictures_, width_, rate_}) {
    form->addRow(box->accessibleName(), box);
    connect(box, &QSpinBox::valueChanged, this, &AnimationDialog::show_estimate);
  }
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
  save_ = buttons->addButton(tr("Save as GIF…"), QDialogButtonBox::ActionRole);
  save_->setDefault(true);
  save_->setEnabled(stretch.has_value());
  progress_->hide();
  estimate_->setWordWrap(true);
  auto* layout = new QVBoxLayout(this);
  layout->addLayout(form);
  layout->addWidget(estimate_);
  layout->addWidget(progress_);
  layout->addWidget(buttons);
  connect(save_, &QPushButton::clicked, this, &AnimationDialog::ask_for_file);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(this, &QDialog::finished, this, &AnimationDialog::end);
  connect(&look_at_it_, &QTimer::timeout, this, &AnimationDialog::look);
  show_estimate();
}

AnimationWish AnimationDialog::wish() const {
  return {from_->value(), to_->value(), pictures_->value(), width_->value(), 1000 / rate_->value()};
}

void AnimationDialog::show_estimate() {
  const std::size_t pictures = animation_steps(model_, wish()).size();
  estimate_->setText(pictures == 0 ? tr("Nothing was measured there yet.")
                                   : tr("%n pictures of measured times, %1 seconds and two at the end.",
                                        nullptr, static_cast<int>(pictures))
                                         .arg(static_cast<double>(pictures) / rate_->value(), 0, 'f', 1));
  save_->setEnabled(pictures > 0);
}

void AnimationDialog::ask_for_file() {
  QString file = QFileDialog::getSaveFileName(this, tr("Save the animation"), QStringLiteral("stage.gif"),
                                              tr("Animations (*.gif)"));
  if (file.isEmpty()) return;
  if (!file.endsWith(QLatin1String(".gif"), Qt::CaseInsensitive)) file += QStringLiteral(".gif");
  begin(file);
}

void AnimationDialog::begin(const QString& file) {
  file_ = file;
  try {
    work_ = std::make_unique<AnimationWork>(std::make_unique<StageAnimation>(model_, look_, wish()), file);
  } catch (const Error& error) {
    Q_EMIT trouble(QString::fromUtf8(error.what()));
    return;
  }
  progress_->setRange(0, work_->pictures());
  progress_->setValue(0);
  progress_->show();
  save_->setEnabled(false);
  for (QSpinBox* box : {from_, to_, pictures_, width_, rate_}) box->setEnabled(false);
  look_at_it_.start(kLookMs);
}

void AnimationDialog::look() {
  progress_->setValue(work_->drawn());
  if (!work_->is_over()) return;
  const QString what = work_->trouble();
  end();
  if (!what.isEmpty()) {
    Q_EMIT trouble(what);
    return;
  }
  Q_EMIT written(file_);
  accept();
}

void AnimationDialog::end() {
  look_at_it_.stop();
  if (work_) leave_alone(std::move(work_));
  progress_->hide();
  save_->setEnabled(true);
  for (QSpinBox* box : {from_, to_, pictures_, width_, rate_}) box->setEnabled(true);
}

}  // namespace grapevine
