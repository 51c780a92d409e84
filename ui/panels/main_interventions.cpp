// What is changed in a run in progress: lesions and settings, taking one back, forks.
#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <algorithm>

#include "engine/experiment/registry.h"
#include "ui/panels/live_dock.h"
#include "ui/panels/main_actions.h"
#include "ui/panels/main_window.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/shown_runs.h"
#include "ui/panels/words.h"
#include "ui/scope/scope_widget.h"

namespace grapevine {

void MainWindow::wire_interventions() {
  connect(scope_, &ScopeWidget::change_requested, run_, &RunController::change);
  connect(scope_, &ScopeWidget::fork_requested, this, &MainWindow::ask_to_fork);
  connect(actions_->fork, &QAction::triggered, this, [this] { ask_to_fork(0); });
  connect(live_, &LiveDock::changed, run_, &RunController::set_live);

  connect(scope_, &ScopeWidget::undo_requested, run_, &RunController::undo);
  connect(actions_->undo_change, &QAction::triggered, run_, &RunController::undo);
  const auto show_undo = [this] {
    const QString& what = run_->undoable();
    actions_->undo_change->setEnabled(!what.isEmpty());
    actions_->undo_change->setText(what.isEmpty() ? tr("Undo the last change") : tr("Undo: %1").arg(what));
  };
  connect(run_, &RunController::undoable_changed, this, show_undo);
  show_undo();

  connect(actions_->live_settings, &QAction::triggered, live_, [this](bool shown) {
    live_->setVisible(shown);
    if (shown) live_->raise();
  });
  connect(live_->toggleViewAction(), &QAction::toggled, actions_->live_settings, &QAction::setChecked);
  connect(run_, &RunController::run_changed, this,
          [this] { live_->set_race(run_->plan().racers, run_->labels()); });
  connect(run_, &RunController::news, this, [this] { live_->follow(run_->runs()); });
  const auto show_what_goes_on = [this] {
    const bool active = run_->active() && run_->state() != SessionState::idle;
    live_->set_running(active);
    const bool in_front = active && !shown_->shows_stored();
    scope_->set_changeable(in_front ? static_cast<int>(run_->runs().size()) : 0);
    actions_->fork->setEnabled(!shown_->in_front().empty() && shown_->in_front().front()->id > 0);
  };
  connect(run_, &RunController::state_changed, this, show_what_goes_on);
  connect(run_, &RunController::run_changed, this, show_what_goes_on);
  connect(shown_, &ShownRuns::changed, this, show_what_goes_on);
  show_what_goes_on();
}

// A run in progress here is stopped and stored first: its last checkpoint is where it has arrived.
void MainWindow::ask_to_fork(int racer) {
  const std::vector<RunView> runs = shown_->runs();
  if (racer < 0 || static_cast<std::size_t>(racer) >= runs.size() ||
      runs[static_cast<std::size_t>(racer)]->id <= 0)
    return;
  const RunData& parent = *runs[static_cast<std::size_t>(racer)];
  auto* dialog = new QDialog(this);
  dialog->setObjectName(QStringLiteral("fork_dialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Fork from here"));
  auto* form = new QFormLayout(dialog);
  const std::vector<std::int64_t> going_on = run_->ids();
  const bool is_live =
      run_->busy() && std::find(going_on.begin(), going_on.end(), parent.id) != going_on.end();
  auto* words = new QLabel(
      (is_live
           ? tr("The run is stopped and stored here, and continues as new runs, with the same weights, "
                "batches "
                "and clock.")
           : tr("New runs continue from the last checkpoint of run %1, with the same weights, batches and "
                "clock.")
                 .arg(parent.id)) +
      QLatin1Char(' ') + tr("What belongs to another rule starts afresh; the old run stays."));
  words->setWordWrap(true);
  form->addRow(words);
  auto* rule = new QComboBox;
  rule->setObjectName(QStringLiteral("fork_rule"));
  for (const RuleDescriptor& each : rules()) {
    if (each.key == parent.rule) continue;
    rule->addItem(QString::fromStdString(each.name), QString::fromStdString(each.key));
    rule->setItemData(rule->count() - 1, QString::fromStdString(each.help), Qt::ToolTipRole);
  }
  form->addRow(tr("Learning rule"), rule);
  auto* both = new QCheckBox(tr("Race it against %1 as it was").arg(name_of_rule(parent.rule)));
  both->setObjectName(QStringLiteral("fork_both"));
  both->setChecked(true);
  form->addRow(QString(), both);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
  buttons->button(QDialogButtonBox::Ok)->setText(tr("Fork"));
  form->addRow(buttons);
  connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
  connect(buttons, &QDialogButtonBox::accepted, dialog, [this, dialog, rule, both, id = parent.id] {
    run_->fork({id, {"rule.name=" + rule->currentData().toString().toStdString()}, !both->isChecked()});
    if (shown_->shows_stored()) shown_->back_to_live();
    dialog->accept();
  });
  dialog->open();
}

}  // namespace grapevine
