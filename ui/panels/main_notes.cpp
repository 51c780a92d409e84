// What is said of a run without changing it: notes at steps, and lines that measures cross.
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <algorithm>
#include <limits>
#include <map>
#include <memory>

#include "engine/runs/run_reader.h"
#include "ui/panels/library_store.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/main_window.h"
#include "ui/panels/message_bar.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/shown_runs.h"
#include "ui/panels/stored_runs_opener.h"
#include "ui/plot/series_view.h"
#include "ui/scope/scope_widget.h"

namespace grapevine {
namespace {

/// The step of the run's sample nearest to a place on the time axis; without one its last.
std::int64_t step_at(const RunData& run, std::optional<double> time, TimeAxis axis) {
  if (!time) return run.step;
  std::int64_t step = run.step;
  double nearest = std::numeric_limits<double>::infinity();
  for (const auto& [key, series] : run.series) {
    const SeriesView view(series, axis);
    const std::size_t at = view.nearest(*time);
    if (at >= view.size() || std::abs(view.x(at) - *time) >= nearest) continue;
    nearest = std::abs(view.x(at) - *time);
    step = series.step[at];
  }
  return step;
}

/// What is there already: it is what the dialog begins with.
QString note_at(const RunData& run, std::int64_t step) {
  for (auto event = run.events.rbegin(); event != run.events.rend(); ++event)
    if (event->kind == EventKind::note && event->step == step) return QString::fromStdString(event->cause);
  return {};
}

/// What a resumed run brought along was said when it happened.
std::size_t begin_of_this_life(const RunData& run) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < run.events.size(); ++i)
    if (run.events[i].kind == EventKind::resumed) begin = i;
  return begin;
}

void say_alert(MessageBar& messages, const Event& event, const QString& who) {
  const QString words =
      (who.isEmpty() ? who : who + QStringLiteral(": ")) + QString::fromStdString(event.cause);
  messages.show_message(MessageBar::Kind::alert, MainWindow::tr("Step %L1: %2").arg(event.step).arg(words));
  QApplication::alert(messages.window());
}

}  // namespace

void MainWindow::wire_notes() {
  connect(actions_->note, &QAction::triggered, this, &MainWindow::ask_for_note);
  const auto allow = [this] {
    actions_->note->setEnabled(!shown_->in_front().empty() && shown_->in_front().front()->id > 0);
  };
  connect(shown_, &ShownRuns::changed, this, allow);
  connect(run_, &RunController::run_changed, this, allow);
  allow();

  // The run in progress says when a line is crossed, whatever is looked at meanwhile.
  const auto heard = std::make_shared<std::map<std::string, std::size_t>>();
  connect(run_, &RunController::news, this, [this, heard] {
    for (std::size_t i = 0; i < run_->runs().size(); ++i) {
      const RunData& run = *run_->runs()[i];
      std::size_t& next = heard->try_emplace(run.uuid, begin_of_this_life(run)).first->second;
      if (next > run.events.size()) next = begin_of_this_life(run);  // resumed: its end was taken off
      for (; next < run.events.size(); ++next) {
        const QString who =
            run_->runs().size() > 1 ? run_->labels().value(static_cast<qsizetype>(i)) : QString();
        if (run.events[next].kind == EventKind::alert) say_alert(*messages_, run.events[next], who);
      }
    }
  });
}

void MainWindow::ask_for_note() {
  const std::vector<RunView> runs = shown_->in_front();
  if (runs.empty() || runs.front()->id <= 0) return;
  auto* dialog = new QDialog(this);
  dialog->setObjectName(QStringLiteral("note_dialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Note at a step"));
  auto* form = new QFormLayout(dialog);
  auto* of_run = new QComboBox;
  of_run->setObjectName(QStringLiteral("note_run"));
  for (std::size_t i = 0; i < runs.size(); ++i)
    of_run->addItem(shown_->labels_in_front().value(static_cast<qsizetype>(i), QString::number(runs[i]->id)));
  form->addRow(tr("Run"), of_run);
  form->setRowVisible(of_run, runs.size() > 1);
  auto* step = new QSpinBox;
  step->setObjectName(QStringLiteral("note_step"));
  step->setGroupSeparatorShown(true);
  step->setRange(
      0, static_cast<int>(std::min<std::int64_t>(runs.front()->step, std::numeric_limits<int>::max())));
  const std::optional<double> cursor = scope_->model().cursor;
  step->setValue(static_cast<int>(step_at(*runs.front(), cursor, scope_->model().time_axis())));
  form->addRow(tr("Step"), step);
  auto* text = new QLineEdit(note_at(*runs.front(), step->value()));
  text->setObjectName(QStringLiteral("note_text"));
  text->setMinimumWidth(360);
  form->addRow(tr("Note"), text);
  const auto look_up = [=] {
    if (!text->isModified())
      text->setText(note_at(*runs[static_cast<std::size_t>(of_run->currentIndex())], step->value()));
  };
  connect(step, &QSpinBox::valueChanged, dialog, look_up);
  connect(of_run, &QComboBox::currentIndexChanged, dialog, look_up);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
  buttons->button(QDialogButtonBox::Ok)->setText(tr("Note"));
  form->addRow(buttons);
  connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
  connect(buttons, &QDialogButtonBox::accepted, dialog, [=, this] {
    take_note(static_cast<std::size_t>(of_run->currentIndex()), step->value(),
              text->text().trimmed().toStdString());
    dialog->accept();
  });
  text->setFocus();
  dialog->open();
}

// Of the run in progress here the session takes it, so that it is drawn at once; of others the database.
void MainWindow::take_note(std::size_t run, std::int64_t step, const std::string& text) {
  const std::vector<RunView>& runs = shown_->in_front();
  if (run >= runs.size()) return;
  const std::int64_t id = runs[run]->id;
  if (run_->active() && !shown_->shows_stored()) {
    if (!text.empty()) run_->note({static_cast<int>(run), step, text});
    return;
  }
  std::vector<std::int64_t> ids;
  for (const RunView& each : runs) ids.push_back(each->id);
  const std::vector<std::int64_t> of_this_window = run_->ids();
  const bool trained_here =
      std::find(of_this_window.begin(), of_this_window.end(), id) != of_this_window.end();
  const bool together = ids.size() == 1 || std::all_of(runs.begin(), runs.end(), [&](const RunView& each) {
                          return !each->group_uuid.empty() && each->group_uuid == runs.front()->group_uuid;
                        });
  store_->change([id, step, text](RunEditor& editor) { editor.set_note_at(id, step, text); });
  // Read again after the change, a race as the one that it is; of this window's last run that would be the
  // numbers that it has in memory.
  if (together && !trained_here)
    opener_->open(ids.front());
  else
    opener_->open_several(ids);
}

}  // namespace grapevine
