// The status bar.
#include "ui/panels/status_strip.h"

#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "ui/panels/counted.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/words.h"

namespace grapevine {

QString duration_text(double seconds) {
  const auto whole = static_cast<qlonglong>(std::ceil(seconds));
  if (whole < 60) return StatusStrip::tr("%1 s").arg(whole).replace(QLatin1Char(' '), QChar::Nbsp);
  const QString text = whole < 3600 ? StatusStrip::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60)
                                    : StatusStrip::tr("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60);
  return QString(text).replace(QLatin1Char(' '), QChar::Nbsp);  // a time stays on its line
}

QString speed_text(double speed) {
  const QString number = speed > 0 && speed < 0.95 ? QLocale().toString(speed, 'g', 2)
                                                   : QLocale().toString(speed, 'f', speed < 10 ? 1 : 0);
  return StatusStrip::tr("%1 steps/s").arg(number);
}

StatusStrip::StatusStrip(QWidget* parent)
    : QStatusBar(parent),
      state_(new QLabel(this)),
      progress_text_(new QLabel(this)),
      speed_(new QLabel(this)),
      rows_(new QLabel(this)),
      device_(new QLabel(this)),
      progress_(new QProgressBar(this)) {
  setSizeGripEnabled(false);
  QFont bold = state_->font();
  bold.setBold(true);
  state_->setFont(bold);
  state_->setAccessibleName(tr("State of the run"));
  progress_->setRange(0, 1000);
  progress_->setTextVisible(false);
  progress_->setFixedSize(140, 10);
  progress_->setAccessibleName(tr("Progress"));
  speed_->setToolTip(tr("Training steps per second, all racers together taking one"));
  rows_->setToolTip(tr("Rows that wait to be written to the database"));
  device_->setToolTip(tr("Where the run computes, and with how many threads"));
  for (QLabel* label : {state_, progress_text_, speed_, rows_, device_})
    label->setContentsMargins(8, 0, 8, 0);
  // Numbers that grow by a digit would push into what is being said on the left.
  const auto keep_room = [](QLabel* label, const QString& widest) {
    label->setMinimumWidth(label->fontMetrics().horizontalAdvance(widest) + 20);
    label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  };
  keep_room(speed_, tr("%1 steps/s").arg(grouped(9999)));
  addPermanentWidget(speed_);
  addPermanentWidget(rows_);
  addPermanentWidget(device_);
  addPermanentWidget(progress_text_);
  addPermanentWidget(progress_);
  addPermanentWidget(state_);
  setContentsMargins(4, 0, 10, 0);
}

void StatusStrip::show_run(const RunController& run) {
  // What is here is the live run's, whatever the figures show.
  state_->setText(elsewhere_ && run.has_run() ? tr("Live run: %1").arg(run.state_text()) : run.state_text());
  const auto& info = run.info();
  const std::optional<WorkProgress> preparing = info ? std::nullopt : run.preparing();
  const std::int64_t total = info ? info->total_steps : preparing ? preparing->total : 0;
  const std::int64_t done = preparing ? preparing->done : run.step_now();
  QString progress;
  if (preparing) {
    progress = QString::fromStdString(words_of(*preparing));
    progress[0] = progress[0].toUpper();
  } else if (run.has_run()) {
    progress = total > 0 ? tr("Step %1 of %2").arg(grouped(run.step_now()), grouped(total))
                         : tr("Step %1").arg(grouped(run.step_now()));
    // One pass per class: of many classes it takes a while.
    if (run.step_now() == 0 && run.state() == SessionState::running && run.steps_per_second() <= 0 && info &&
        std::any_of(info->beginnings.begin(), info->beginnings.end(),
                    [](const Beginning& racer) { return racer.probe_every > 0; }))
      progress = tr("Measuring alignment before the first step");
    if (run.state() == SessionState::running && run.pace() > 0 && total > run.step_now())
      progress +=
          tr(", %1 left").arg(duration_text(static_cast<double>(total - run.step_now()) / run.pace()));
  }
  progress_text_->setText(progress);
  progress_text_->setVisible(!progress.isEmpty());
  progress_->setVisible(total > 0);
  if (total > 0)
    progress_->setValue(static_cast<int>(1000.0 * static_cast<double>(done) / static_cast<double>(total)));
  const double speed = run.steps_per_second();
  speed_->setText(speed_text(speed));
  speed_->setVisible(speed > 0);
  rows_->setText(tr("%1 rows waiting").arg(grouped(run.rows_waiting())));
  // Only a disk that can't follow is news.
  rows_->setVisible(run.rows_waiting() > 5000);
  device_->setText(
      info ? counted(info->threads, tr("%1, 1 thread"), tr("%1, %n threads", nullptr, info->threads))
                 .arg(QString::fromStdString(info->device))
           : QString());
  device_->setVisible(info.has_value());
}

void StatusStrip::say(const QString& sentence, int milliseconds) {
  int room = width() - 12;
  for (const QWidget* each :
       std::initializer_list<const QWidget*>{state_, progress_text_, speed_, rows_, device_, progress_})
    // Also what comes later than the sentence; of rows waiting there is seldom something to say.
    if (each->isVisible() || each != rows_)
      room -= std::max(each->sizeHint().width(), each->minimumWidth()) + 8;
  showMessage(fontMetrics().elidedText(sentence, Qt::ElideRight, std::max(room, 120)), milliseconds);
}

QString StatusStrip::text() const {
  QStringList parts;
  for (const QLabel* label : {state_, progress_text_, speed_, rows_, device_})
    if (!label->text().isEmpty()) parts << label->text();
  return parts.join(QStringLiteral(" · "));
}

}  // namespace grapevine
