// The dock around the experiment form.
#include "ui/panels/experiment_dock.h"

#include <QClipboard>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QThread>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/groups/probe_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/measured_times.h"
#include "engine/experiment/registry.h"
#include "engine/files/careful_file.h"
#include "engine/plans/plan.h"
#include "ui/panels/background.h"
#include "ui/panels/counted.h"
#include "ui/panels/experiment_form.h"
#include "ui/panels/status_strip.h"
#include "ui/panels/window_theme.h"
#include "ui/panels/words.h"

namespace grapevine {

ExperimentDock::ExperimentDock(Estimator estimate, QWidget* parent)
    : QDockWidget(tr("Experiment"), parent),
      estimate_(std::move(estimate)),
      background_(new Background(this)),
      form_(new ExperimentForm(this)),
      cost_(new QLabel(this)),
      problems_(new QLabel(this)),
      pause_(new QTimer(this)) {
  setObjectName(QStringLiteral("experiment_dock"));
  auto* body = new QWidget(this);
  auto* column = new QVBoxLayout(body);
  column->setContentsMargins(0, 6, 0, 0);
  column->setSpacing(6);
  column->addWidget(form_, 1);
  auto* foot = new QWidget(body);
  auto* foot_column = new QVBoxLayout(foot);
  foot_column->setContentsMargins(8, 0, 8, 8);
  foot_column->setSpacing(6);
  for (QLabel* label : {problems_, cost_}) {
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    foot_column->addWidget(label);
  }
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(6);
  const auto add_button = [&](const QString& text, const QString& help, void (ExperimentDock::*action)()) {
    auto* button = new QPushButton(text, foot);
    button->setToolTip(help);
    buttons->addWidget(button);
    connect(button, &QPushButton::clicked, this, action);
  };
  add_button(tr("Open…"), tr("Read an experiment from a file"), &ExperimentDock::open);
  add_button(tr("Save…"), tr("Write this experiment to a file"), &ExperimentDock::save);
  add_button(tr("Copy as command"), tr("Copy the grapevine-cli line that does the same"),
             &ExperimentDock::copy_as_command);
  foot_column->addLayout(buttons);
  column->addWidget(foot);
  setWidget(body);
  cost_->setAccessibleName(tr("What the experiment costs"));
  problems_->setAccessibleName(tr("What keeps the experiment from starting"));
  problems_->hide();
  cost_->hide();
  pause_->setSingleShot(true);
  pause_->setInterval(250);
  connect(pause_, &QTimer::timeout, this, &ExperimentDock::ask_for_estimate);
  connect(form_, &ExperimentForm::edited, this, &ExperimentDock::edited);
  edited();
}

void ExperimentDock::open() {
  const QString file = QFileDialog::getOpenFileName(this, tr("Open an experiment"), {},
                                                    tr("Experiments (*.json);;All files (*)"));
  if (!file.isEmpty()) open_file(file);
}

void ExperimentDock::save() {
  QString file =
      QFileDialog::getSaveFileName(this, tr("Save the experiment"), QStringLiteral("experiment.json"),
                                   tr("Experiments (*.json);;All files (*)"));
  if (!file.isEmpty()) save_file(file);
}

bool ExperimentDock::show_plan(const std::string& file_or_preset) {
  try {
    form_->set_plan(load_plan(file_or_preset, {}));
  } catch (const Error& error) {
    Q_EMIT message(QString::fromUtf8(error.what()));
    return false;
  }
  return true;
}

bool ExperimentDock::open_preset(const QString& name) {
  if (!show_plan(name.toStdString())) return false;
  Q_EMIT note(tr("The next run's settings are those of %1").arg(name));
  return true;
}

bool ExperimentDock::open_file(const QString& file) {
  if (!show_plan(file.toStdString())) return false;
  Q_EMIT file_opened(file);
  Q_EMIT note(tr("Opened %1").arg(QFileInfo(file).fileName()));
  return true;
}

bool ExperimentDock::save_file(const QString& file) {
  const auto plan = form_->plan();
  if (!plan) {
    Q_EMIT message(tr("The experiment can't be saved yet. %1").arg(form_->problems().value(0)));
    return false;
  }
  try {
    write_carefully(file.toStdString(), plan_to_json(*plan).dump(2) + "\n");
  } catch (const Error& error) {
    Q_EMIT message(tr("The experiment could not be written: %1").arg(QString::fromStdString(error.what())));
    return false;
  }
  Q_EMIT note(tr("Saved %1").arg(QFileInfo(file).fileName()));
  return true;
}

void ExperimentDock::copy_as_command() {
  const auto plan = form_->plan();
  if (!plan) {
    Q_EMIT message(tr("There is no command yet. %1").arg(form_->problems().value(0)));
    return;
  }
  QGuiApplication::clipboard()->setText(QString::fromStdString(plan_to_command(*plan)));
  Q_EMIT note(tr("The command is on the clipboard"));
}

QString ExperimentDock::estimate_text() const {
  return cost_->text();
}

void ExperimentDock::edited() {
  const QStringList problems = form_->problems();
  problems_->setVisible(!problems.isEmpty());
  problems_->setText(problems.join(QLatin1Char('\n')));
  problems_->setStyleSheet(
      QStringLiteral("color: %1;").arg(tone_colour(Tone::problem, is_dark(palette())).name()));
  if (problems.isEmpty())
    pause_->start();
  else
    cost_->hide();
}

void ExperimentDock::ask_for_estimate() {
  const auto plan = form_->plan();
  if (!estimate_ || !plan) return;
  if (!background_->idle()) return pause_->start();  // the answer under way is for an older form
  auto answer = std::make_shared<std::vector<CostEstimate>>();
  background_->run(
      [answer, racers = plan->racers, estimate = estimate_] {
        for (const Experiment& racer : racers) answer->push_back(estimate(racer));
      },
      [this, answer](const QString& error) {
        if (error.isEmpty()) return show_estimate(*answer);
        const QString first = error.section(QLatin1Char('\n'), 0, 0).section(QStringLiteral(", so "), 0, 0);
        cost_->setText(tr("No estimate: %1").arg(first));
        cost_->setToolTip(error);
        cost_->show();
      });
}

void ExperimentDock::learn_speed(const ExperimentPlan& plan, double steps_per_second) {
  if (!estimated_ || estimated_->racers != plan.racers || !(estimated_flops_ > 0)) return;
  flops_per_second_ = estimated_flops_ * steps_per_second;
  if (time_text(*estimated_, estimated_flops_) != told_time_)
    show_estimate(std::vector<CostEstimate>(estimates_));
}

void ExperimentDock::set_flops_per_second(double speed) {
  flops_per_second_ = std::isfinite(speed) && speed > 0 ? speed : 0;
}

namespace {

/// 0 where only the data can tell.
std::int64_t steps_of(const ExperimentPlan& plan) {
  const Experiment& first = plan.racers.front();
  const TrainSettings train = TrainSettings::of(first);
  const DataSettings data = DataSettings::of(first);
  const DataDescriptor* set = find_data(data.name);
  const std::int64_t all = set ? set->train_count : 0;
  const std::int64_t count =
      data.train_limit > 0 && (all == 0 || data.train_limit < all) ? data.train_limit : all;
  // Text is cut into sequences, whose number its count of words does not tell.
  if (count == 0 || set->text) return 0;
  std::int64_t steps = train.epochs * ((count + train.batch - 1) / train.batch);
  return train.max_steps > 0 ? std::min(steps, train.max_steps) : steps;
}

/// "measured every 512 steps", and how often that is where it is seldom.
QString measured_text(const ExperimentPlan* plan, std::int64_t every) {
  const QString text =
      counted(every, ExperimentDock::tr("measured every step"),
              ExperimentDock::tr("measured every %n steps", nullptr, static_cast<int>(every)));
  const std::int64_t steps = plan ? steps_of(*plan) : 0;
  const std::int64_t times = measured_times(steps, every);
  if (steps == 0 || times >= few_measurements || ProbeSettings::of(plan->racers.front()).every) return text;
  return ExperimentDock::tr(
             "%1, %2 times in this run (automatic: 5 % of the work); set Measures: every to see more")
      .arg(text)
      .arg(times);
}

}  // namespace

// A guess leaves out what measuring and testing take; a run's own pace has them.
QString ExperimentDock::time_text(const ExperimentPlan& plan, double step_flops) const {
  const Experiment& first = plan.racers.front();
  const std::int64_t steps = steps_of(plan);
  if (steps == 0) return {};
  const double work = static_cast<double>(steps) * step_flops;
  if (flops_per_second_ > 0)
    return tr("about %1 at the last run's speed").arg(duration_text(work / flops_per_second_));
  // What such machines mostly reach in small networks; twenty steps of the first run correct it.
  constexpr double guess_per_core = 5e9, guess_on_gpu = 1e12;
  const double guess = RunSettings::of(first).device.starts_with("cuda")
                           ? guess_on_gpu
                           : guess_per_core * std::max(1, QThread::idealThreadCount());
  return tr("roughly %1 of training, a guess until a run has shown this machine's speed")
      .arg(duration_text(work / guess));
}

void ExperimentDock::show_estimate(const std::vector<CostEstimate>& estimates) {
  if (estimates.empty()) return;
  std::int64_t parameters = 0, feedback = 0, with_all = 0, activations = 0;
  double flops = 0;
  for (const CostEstimate& each : estimates) {
    parameters = std::max(parameters, each.parameters);
    activations = std::max(activations, each.activation_bytes);
    feedback += each.feedback_bytes;
    with_all += each.feedback_state_bytes;
    flops += each.step_flops;
  }
  QStringList parts;
  parts << tr("%1 parameters").arg(short_count(static_cast<double>(parameters)));
  parts << tr("%1 a step").arg(short_count(flops, QStringLiteral("FLOP")));
  const std::int64_t limit = estimates.front().feedback_limit_bytes;
  const bool too_much = limit > 0 && with_all > limit;
  if (too_much)
    parts << tr("%1 of feedback including optimizer state: exceeds the %2 limit")
                 .arg(short_bytes(static_cast<double>(with_all)), short_bytes(static_cast<double>(limit)));
  else if (feedback > 0)
    parts << tr("%1 of feedback").arg(short_bytes(static_cast<double>(feedback)));
  constexpr std::int64_t worth_a_word = 1'000'000'000;
  if (activations >= worth_a_word)
    parts << tr("%1 of activations a batch").arg(short_bytes(static_cast<double>(activations)));
  const auto plan = form_->plan();
  if (estimates.front().probe_every > 0)
    parts << measured_text(plan ? &*plan : nullptr, estimates.front().probe_every);
  estimated_ = plan;
  estimated_flops_ = flops;
  estimates_ = estimates;
  told_time_ = plan ? time_text(*plan, flops) : QString();
  if (!told_time_.isEmpty()) parts << told_time_;
  QString text = parts.join(QStringLiteral(" · "));
  // A network of one's own is read back, one line per segment, with the sizes that were inferred.
  if (plan && ModelSettings::of(plan->racers.front()).name == model_keys::custom)
    for (std::size_t l = 0; l < estimates.front().segments.size(); ++l)
      text += tr("\n%1: %2").arg(l + 1).arg(QString::fromStdString(estimates.front().segments[l]));
  cost_->setText(text);
  QString tip = tr("Parameters of one network; arithmetic and feedback memory of all racers together");
  for (const CostEstimate& each : estimates)
    if (!each.feedback_refusal.empty()) tip = QString::fromStdString(each.feedback_refusal);
  cost_->setToolTip(tip);
  cost_->show();
}

}  // namespace grapevine
