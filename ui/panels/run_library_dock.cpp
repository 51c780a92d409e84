// The run library's dock.
#include "ui/panels/run_library_dock.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "ui/panels/counted.h"
#include "ui/panels/library_store.h"
#include "ui/panels/run_library_model.h"
#include "ui/panels/words.h"
#include "ui/scope/key_table.h"

namespace grapevine {

using Column = RunLibraryModel::Column;

RunLibraryDock::RunLibraryDock(LibraryStore* store, QWidget* parent)
    : QDockWidget(tr("Run library"), parent),
      store_(store),
      model_(new RunLibraryModel(this)),
      filter_(new RunLibraryFilter(this)),
      table_(new QTableView(this)),
      words_(new QLineEdit(this)),
      status_(new QComboBox(this)),
      count_(new QLabel(this)),
      empty_(new QLabel(this)),
      pages_(new QStackedWidget(this)) {
  setObjectName(QStringLiteral("run_library_dock"));
  filter_->setSourceModel(model_);
  words_->setPlaceholderText(tr("Filter runs"));
  words_->setAccessibleName(tr("Filter runs"));
  words_->setClearButtonEnabled(true);
  status_->setAccessibleName(tr("Status of the runs shown"));
  status_->addItem(tr("Any status"), QString());
  for (const StatusWord status : {RunStatus::running, RunStatus::paused, RunStatus::finished,
                                  RunStatus::stopped, RunStatus::failed, RunStatus::interrupted})
    status_->addItem(word_of_status(status), QString::fromStdString(status.text()));
  auto* body = new QWidget(this);
  auto* column = new QVBoxLayout(body);
  column->setContentsMargins(0, 6, 0, 0);
  column->setSpacing(6);
  auto* row = new QHBoxLayout;
  row->setContentsMargins(8, 0, 8, 0);
  row->addWidget(words_, 1);
  row->addWidget(status_);
  row->addWidget(count_);
  column->addLayout(row);
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setWordWrap(true);
  empty_->setMargin(20);
  pages_->addWidget(table_);
  pages_->addWidget(empty_);
  column->addWidget(pages_, 1);
  setWidget(body);
  build_table();
  build_commands();
  connect(words_, &QLineEdit::textChanged, this, [this](const QString& words) {
    filter_->set_words(words);
    show_state();
  });
  connect(status_, &QComboBox::currentIndexChanged, this, [this] {
    filter_->set_status(status_->currentData().toString());
    show_state();
  });
  connect(store_, &LibraryStore::listed, this, &RunLibraryDock::show_list);
  watch_.setInterval(1000);
  connect(&watch_, &QTimer::timeout, this, [this] {
    if (isVisible()) store_->refresh_if_changed();
  });
  watch_.start();
  show_state();
}

void RunLibraryDock::build_table() {
  table_->setModel(filter_);
  table_->setAccessibleName(tr("Run library"));
  table_->setSortingEnabled(true);
  table_->sortByColumn(Column::started, Qt::DescendingOrder);
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  table_->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::SelectedClicked);
  table_->setAlternatingRowColors(true);
  table_->setShowGrid(false);
  table_->setWordWrap(false);
  table_->setTabKeyNavigation(false);
  table_->verticalHeader()->hide();
  table_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
  table_->horizontalHeader()->setSectionsMovable(true);
  table_->horizontalHeader()->setHighlightSections(false);
  table_->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  const int em = fontMetrics().horizontalAdvance(QLatin1Char('m'));
  const int widths[] = {12, 7, 8, 5, 5, 5, 5, 4, 10, 6, 11, 9, 14, 6};
  for (int i = 0; i < Column::count; ++i) table_->setColumnWidth(i, widths[i] * em);
  table_->horizontalHeader()->setStretchLastSection(true);
  // Enter or a double click; no shortcut, which would take Enter from the editor of a name.
  connect(table_, &QTableView::activated, this, [this](const QModelIndex& index) {
    Q_EMIT open_asked(model_->run(filter_->mapToSource(index).row()).id);
  });
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          &RunLibraryDock::enable_commands);
  connect(model_, &RunLibraryModel::ticked_changed, this, &RunLibraryDock::overlay_asked);
  connect(model_, &RunLibraryModel::text_edited, this, [this](qint64 id, int column, const QString& text) {
    if (column == Column::name) store_->set_name(id, text);
    if (column == Column::tags) store_->set_tags(id, text);
    if (column == Column::notes) store_->set_notes(id, text);
  });
  connect(model_, &QAbstractItemModel::dataChanged, this, &RunLibraryDock::enable_commands);
}

QAction* RunLibraryDock::add_command(const QString& text, const QString& help,
                                     void (RunLibraryDock::*action)()) {
  auto* command = new QAction(text, this);
  command->setToolTip(help);
  command->setStatusTip(help);
  connect(command, &QAction::triggered, this, action);
  table_->addAction(command);
  commands_.push_back(command);
  return command;
}

void RunLibraryDock::build_commands() {
  open_ = add_command(tr("Open\tEnter"), tr("Show the run (its whole race) in the figures"),
                      &RunLibraryDock::open_selected);
  tick_ = add_command(tr("Overlay in figures"), tr("Add the run to what is shown, or take it away"),
                      &RunLibraryDock::tick_selected);
  resume_ = add_command(tr("Resume"), tr("Continue training from the last checkpoint"),
                        &RunLibraryDock::resume_selected);
  further_ = add_command(tr("Train further\u2026"),
                         tr("Train a finished run more epochs, as a new run that begins where it ended"),
                         &RunLibraryDock::train_selected_further);
  settings_ = add_command(tr("Use these settings"), tr("Fill the experiment form with this run's settings"),
                          &RunLibraryDock::ask_settings);
  command_ = add_command(tr("Copy as command"), tr("Copy the grapevine-cli line that repeats the run"),
                         &RunLibraryDock::ask_command);
  remove_ = add_command(tr("Delete"), tr("Take the runs out of the library; this can be undone"),
                        &RunLibraryDock::remove_selected);
  undo_ =
      add_command(tr("Undo delete"), tr("Bring back what was deleted last"), &RunLibraryDock::undo_remove);
  refresh_ = new QAction(tr("Refresh"), this);
  refresh_->setToolTip(tr("Read the library again"));
  connect(refresh_, &QAction::triggered, store_, &LibraryStore::refresh);
  table_->addAction(refresh_);
  commands_.push_back(refresh_);
  for (const auto& [action, command] : {std::pair{tick_, "overlay"},
                                        {remove_, "delete_run"},
                                        {undo_, "undo_delete"},
                                        {refresh_, "refresh_library"}}) {
    action->setShortcuts(keys_of(command));
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
  }
  table_->setContextMenuPolicy(Qt::ActionsContextMenu);
  enable_commands();
}

void RunLibraryDock::set_held(const std::vector<std::int64_t>& ids) {
  held_ = {ids.begin(), ids.end()};
  enable_commands();
}

void RunLibraryDock::find() {
  words_->setFocus(Qt::ShortcutFocusReason);
  words_->selectAll();
}

std::vector<std::int64_t> RunLibraryDock::selected() const {
  std::vector<std::int64_t> ids;
  for (const QModelIndex& index : table_->selectionModel()->selectedRows())
    ids.push_back(model_->run(filter_->mapToSource(index).row()).id);
  return ids;
}

const RunSummary* RunLibraryDock::current() const {
  const QModelIndexList rows = table_->selectionModel()->selectedRows();
  return rows.size() == 1 ? &model_->run(filter_->mapToSource(rows.front()).row()) : nullptr;
}

std::int64_t RunLibraryDock::newest_interrupted() const {
  std::int64_t newest = 0;
  for (int row = 0; row < model_->rowCount(); ++row) {
    const RunSummary& run = model_->run(row);
    if (run.status == RunStatus::interrupted && run.resumable && !held_.contains(run.id))
      newest = std::max(newest, run.id);
  }
  return newest;
}

void RunLibraryDock::open_selected() {
  if (const RunSummary* run = current()) Q_EMIT open_asked(run->id);
}

void RunLibraryDock::resume_selected() {
  if (const RunSummary* run = current()) Q_EMIT resume_asked(run->id);
}

void RunLibraryDock::train_selected_further() {
  const RunSummary* run = current();
  if (!run) return;
  const qint64 id = run->id;  // the list may be read anew meanwhile
  bool chosen = false;
  const int epochs =
      QInputDialog::getInt(this, tr("Train further"), tr("More epochs"), 10, 1, 1000000, 1, &chosen);
  if (chosen) Q_EMIT further_asked(id, epochs);
}

void RunLibraryDock::ask_settings() {
  if (const RunSummary* run = current()) Q_EMIT settings_asked(run->id);
}

void RunLibraryDock::ask_command() {
  if (const RunSummary* run = current()) Q_EMIT command_asked(run->id);
}

void RunLibraryDock::tick_selected() {
  for (const std::int64_t id : selected()) model_->set_ticked(id, !model_->ticked().contains(id));
}

void RunLibraryDock::remove_selected() {
  std::vector<std::int64_t> ids = selected();
  const auto held = [this](std::int64_t id) { return held_.contains(id); };
  if (std::any_of(ids.begin(), ids.end(), held)) {
    Q_EMIT refused(tr("A run that is going on can't be deleted. Stop it first."));
    std::erase_if(ids, held);
  }
  if (ids.empty()) return;
  removed_.push_back(ids);
  store_->remove(ids);
  enable_commands();
  Q_EMIT removed(ids);
}

void RunLibraryDock::undo_remove() {
  if (removed_.empty()) return;
  store_->restore(removed_.back());
  removed_.pop_back();
  enable_commands();
}

void RunLibraryDock::show_list(const std::vector<RunSummary>& runs) {
  model_->set_runs(runs);
  show_state();
  enable_commands();
}

void RunLibraryDock::show_state() {
  const int all = model_->rowCount(), shown = filter_->rowCount();
  count_->setText(shown == all ? counted(all, tr("1 run"), tr("%n runs", nullptr, all))
                               : tr("%1 of %2").arg(shown).arg(all));
  count_->setVisible(all > 0);
  empty_->setText(all == 0 ? tr("No runs yet. Press Play: every run is kept here.")
                           : tr("No runs match. Change or clear the filter."));
  pages_->setCurrentIndex(shown > 0 ? 0 : 1);
}

void RunLibraryDock::enable_commands() {
  const std::vector<std::int64_t> ids = selected();
  const RunSummary* one = current();
  open_->setEnabled(one);
  settings_->setEnabled(one);
  command_->setEnabled(one);
  tick_->setEnabled(!ids.empty());
  remove_->setEnabled(!ids.empty());
  undo_->setEnabled(can_undo());
  further_->setEnabled(one && !held_.contains(one->id) && one->status == RunStatus::finished);
  resume_->setEnabled(one && one->resumable && !held_.contains(one->id) &&
                      one->status != RunStatus::finished && !is_going_on(one->status));
}

}  // namespace grapevine
