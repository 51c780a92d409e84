// The run library's dock.
#include "ui/panels/run_library_dock.h"

#include <QAction>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "ui/panels/counted.h"
#include "ui/panels/curve_delegate.h"
#include "ui/panels/filter_field.h"
#include "ui/panels/groups_panel.h"
#include "ui/panels/library_commands.h"
#include "ui/panels/library_store.h"
#include "ui/panels/list_table.h"
#include "ui/panels/run_library_filter.h"
#include "ui/panels/run_library_model.h"
#include "ui/panels/words.h"
#include "ui/scope/asking.h"
#include "ui/scope/key_table.h"

namespace grapevine {

using Column = RunLibraryModel::Column;

RunLibraryDock::RunLibraryDock(LibraryStore* store, QWidget* parent)
    : QDockWidget(tr("Run library"), parent),
      store_(store),
      model_(new RunLibraryModel(this)),
      filter_(new RunLibraryFilter(this)),
      table_(new QTableView(this)),
      curves_(new CurveDelegate(this)),
      body_(new QWidget(this)),
      field_(new FilterField(this)),
      status_(new QComboBox(this)),
      groups_(new GroupsPanel(
          store, [this] { return finished_ids(); }, this)),
      as_groups_(new QToolButton(this)),
      only_differences_(new QToolButton(this)),
      archived_(new QToolButton(this)),
      choose_(new QToolButton(this)),
      page_(new QToolButton(this)),
      count_(new QLabel(this)),
      empty_(new QLabel(this)),
      pages_(new QStackedWidget(this)) {
  setObjectName(QStringLiteral("run_library_dock"));
  filter_->setSourceModel(model_);
  auto* column = new QVBoxLayout(body_);
  column->setContentsMargins(0, 6, 0, 0);
  column->setSpacing(6);
  bar_ = new QBoxLayout(QBoxLayout::LeftToRight);
  build_bar();
  column->addLayout(bar_);
  body_->installEventFilter(this);
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setWordWrap(true);
  empty_->setMargin(20);
  pages_->addWidget(table_);
  pages_->addWidget(empty_);
  pages_->addWidget(groups_);
  column->addWidget(pages_, 1);
  setWidget(body_);
  build_table();
  build_commands();
  connect(store_, &LibraryStore::piece_read, this, &RunLibraryDock::take);
  connect(store_, &LibraryStore::listed, this, [this] {
    use_filter();
    settle_.start();
  });
  watch_.setInterval(1000);
  connect(&watch_, &QTimer::timeout, this, [this] {
    if (body_->isVisible()) store_->refresh_if_changed();
  });
  watch_.start();
  // What differs is looked for when nobody types any more; sketches of one screen are read together.
  settle_.setSingleShot(true);
  settle_.setInterval(300);
  connect(&settle_, &QTimer::timeout, this, [this] {
    look_for_differences();
    groups_->refresh();
  });
  sketches_.setSingleShot(true);
  sketches_.setInterval(30);
  connect(&sketches_, &QTimer::timeout, this, &RunLibraryDock::read_sketches);
  connect(model_, &RunLibraryModel::sketch_wanted, this, [this](qint64 id) {
    wanted_sketches_.insert(id);
    if (!sketches_.isActive()) sketches_.start();
  });
  ask_for_keys();
  show_state();
}

QWidget* RunLibraryDock::lend() {
  page_->setChecked(true);
  setWidget(new QWidget(this));
  return body_;
}

void RunLibraryDock::take_back() {
  if (!lent()) return;
  page_->setChecked(false);
  QWidget* placeholder = widget();
  setWidget(body_);
  body_->show();
  delete placeholder;
}

void RunLibraryDock::build_bar() {
  status_->setAccessibleName(tr("Status of the runs shown"));
  status_->addItem(tr("Any status"), QString());
  for (const StatusWord status : {RunStatus::running, RunStatus::paused, RunStatus::finished,
                                  RunStatus::stopped, RunStatus::failed, RunStatus::interrupted})
    status_->addItem(word_of_status(status), QString::fromStdString(status.text()));
  const auto make = [](QToolButton* button, const QString& text, const QString& help, bool checkable) {
    button->setText(text);
    button->setToolTip(help);
    button->setCheckable(checkable);
    button->setAutoRaise(true);
  };
  make(as_groups_, tr("Groups"),
       tr("Runs that share settings as one: mean, spread, how far behind the first"), true);
  make(only_differences_, tr("Differences"), tr("Only the columns in which the runs shown differ"), true);
  make(archived_, tr("Archived"), tr("Also show archived runs"), true);
  make(choose_, tr("Columns\u2026"), tr("Which settings and measures are shown"), false);
  make(page_, tr("Maximize"),
       tr("The library over the whole window, and back (%1)").arg(key_text(keys_of("library_page"))), true);
  bar_->setContentsMargins(8, 0, 8, 0);
  bar_->addWidget(field_, 1);
  auto* row = new QHBoxLayout;
  for (QWidget* widget : std::initializer_list<QWidget*>{status_, as_groups_, only_differences_, archived_,
                                                         choose_, page_, count_})
    row->addWidget(widget, 0, Qt::AlignTop);
  bar_->addLayout(row);
  count_->setMinimumHeight(status_->sizeHint().height());
  field_->set_values([this](const RunKey& key) { return values_of(key); });
  connect(field_, &FilterField::filter_changed, this, [this](const RunFilter& filter) {
    wanted_filter_ = filter;
    unfinished_ = field_->unfinished();
    filter_waits_ = true;
    ask_for_keys();
    use_filter();
    settle_.start();
  });
  connect(status_, &QComboBox::currentIndexChanged, this, [this] {
    filter_->set_status(status_->currentData().toString());
    show_state();
    settle_.start();
  });
  connect(archived_, &QToolButton::toggled, this, [this](bool shown) {
    filter_->set_archived_shown(shown);
    show_state();
    settle_.start();
  });
  connect(as_groups_, &QToolButton::toggled, this, &RunLibraryDock::show_groups);
  connect(only_differences_, &QToolButton::toggled, this, &RunLibraryDock::show_differences_only);
  connect(choose_, &QToolButton::clicked, this, &RunLibraryDock::choose_columns);
  connect(page_, &QToolButton::clicked, this, &RunLibraryDock::page_asked);
}

/// The filter has a line of its own where a few words would not fit next to the buttons.
bool RunLibraryDock::eventFilter(QObject* watched, QEvent* event) {
  if (watched == body_ && event->type() == QEvent::Resize) {
    const int letters = 40 * fontMetrics().averageCharWidth();
    const int buttons = bar_->itemAt(1)->sizeHint().width();
    const bool narrow = body_->width() < buttons + letters;
    bar_->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  }
  // Nobody looked for what differs while the start page or another dock was in front.
  if (watched == body_ && event->type() == QEvent::Show) settle_.start();
  return QDockWidget::eventFilter(watched, event);
}

void RunLibraryDock::build_table() {
  table_->setModel(filter_);
  table_->setAccessibleName(tr("Run library"));
  look_like_a_list(*table_);
  table_->setSortingEnabled(true);
  table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  table_->setEditTriggers(QAbstractItemView::EditKeyPressed);  // a click selects, and letters are commands
  table_->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  table_->verticalHeader()->setSectionResizeMode(
      QHeaderView::Fixed);  // 10,000 rows are not measured one by one
  table_->horizontalHeader()->setSectionsMovable(true);
  tell_columns();
  // Enter or a double click; no shortcut, which would take Enter from the editor of a name.
  connect(table_, &QTableView::activated, this, [this](const QModelIndex& index) {
    if (selected().size() > 1) return open_selected();
    Q_EMIT open_asked(model_->run(filter_->mapToSource(index).row()).id);
  });
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          &RunLibraryDock::enable_commands);
  connect(model_, &RunLibraryModel::ticked_changed, this, &RunLibraryDock::overlay_asked);
  connect(model_, &RunLibraryModel::text_edited, this,
          [this](qint64 id, const QString& column, const QString& text) {
            store_->change([id, column, words = text.toStdString()](RunEditor& editor) {
              if (column == QLatin1String("name")) editor.set_name(id, words);
              if (column == QLatin1String("tags")) editor.set_tags(id, words);
              if (column == QLatin1String("notes")) editor.set_notes(id, words);
            });
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
  tick_ = add_command(tr("Overlay in figures"), tr("Show the run in the figures too, or remove it"),
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
  edits_ = new LibraryCommands(
      store_, model_, filter_, [this] { return selected(); }, this);
  for (QAction* action : edits_->actions()) {
    table_->addAction(action);
    commands_.push_back(action);
  }
  remove_ =
      add_command(tr("Delete"), tr("Delete the runs; this can be undone"), &RunLibraryDock::remove_selected);
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
  field_->find();
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
  if (const RunSummary* run = current()) return Q_EMIT open_asked(run->id);
  if (const std::vector<std::int64_t> ids = selected(); !ids.empty()) Q_EMIT several_asked(ids);
}

void RunLibraryDock::resume_selected() {
  if (const RunSummary* run = current()) Q_EMIT resume_asked(run->id);
}

void RunLibraryDock::train_selected_further() {
  const RunSummary* run = current();
  if (!run) return;
  const qint64 id = run->id;  // the list may be read again meanwhile
  const auto epochs = ask_number({tr("Train further"), tr("More epochs")},
                                 {.usual = 10, .least = 1, .most = 1'000'000}, this);
  if (epochs) Q_EMIT further_asked(id, static_cast<int>(*epochs));
}

void RunLibraryDock::ask_settings() {
  if (const RunSummary* run = current()) Q_EMIT settings_asked(run->id);
}

void RunLibraryDock::ask_command() {
  if (const RunSummary* run = current()) Q_EMIT command_asked(run->id);
}

void RunLibraryDock::tick_selected() {
  QList<qint64> on, off;
  for (const std::int64_t id : selected()) (model_->ticked().contains(id) ? off : on) << id;
  model_->set_ticked(on, true);
  model_->set_ticked(off, false);
}

void RunLibraryDock::remove_selected() {
  std::vector<std::int64_t> ids = selected();
  const auto held = [this](std::int64_t id) { return held_.contains(id); };
  if (std::any_of(ids.begin(), ids.end(), held)) {
    Q_EMIT refused(tr("A run in progress can't be deleted. Stop it first."));
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
  const std::vector<std::int64_t> ids = removed_.back();
  removed_.pop_back();
  store_->restore(ids);
  enable_commands();
  Q_EMIT restored(ids);
}

void RunLibraryDock::take(const LibraryPiece& piece) {
  model_->take(piece);
  show_state();
  enable_commands();
}

/// Once the store has brought what the filter asks for.
void RunLibraryDock::use_filter() {
  if (!filter_waits_) return;
  for (const RunKey& key : wanted_filter_.keys())
    if (!model_->has(key)) return;
  filter_waits_ = false;
  // A name half typed is a word that no run has: what was asked before stays until it is finished.
  if (!unfinished_.isEmpty() && !filter_->would_show_any(wanted_filter_)) return field_->explain(unfinished_);
  filter_->set_filter(wanted_filter_);
  show_state();
}

std::vector<std::int64_t> RunLibraryDock::finished_ids() const {
  std::vector<std::int64_t> ids = filter_->ids();
  std::erase_if(
      ids, [this](std::int64_t id) { return model_->run(model_->row_of(id)).status != RunStatus::finished; });
  return ids;
}

void RunLibraryDock::show_groups(bool groups) {
  as_groups_->setChecked(groups);
  for (QToolButton* button : {only_differences_, choose_}) button->setEnabled(!groups);
  show_state();
  groups_->refresh();
}

void RunLibraryDock::show_state() {
  const int all = model_->rowCount(), shown = filter_->rowCount();
  count_->setText(shown == all ? counted(all, tr("1 run"), tr("%n runs", nullptr, all))
                               : tr("%1 of %2").arg(shown).arg(all));
  count_->setVisible(all > 0);
  empty_->setText(all == 0 ? tr("No runs yet. Press Play: every run is kept here.")
                           : tr("No runs match. Change or clear the filter."));
  pages_->setCurrentIndex(shown == 0 ? 1 : as_groups_->isChecked() ? 2 : 0);
}

void RunLibraryDock::enable_commands() {
  const std::vector<std::int64_t> ids = selected();
  const RunSummary* one = current();
  open_->setEnabled(!ids.empty());
  settings_->setEnabled(one);
  command_->setEnabled(one);
  tick_->setEnabled(!ids.empty());
  remove_->setEnabled(!ids.empty());
  undo_->setEnabled(can_undo());
  edits_->enable();
  further_->setEnabled(one && !held_.contains(one->id) && one->status == RunStatus::finished);
  resume_->setEnabled(one && one->resumable && !held_.contains(one->id) &&
                      one->status != RunStatus::finished && !is_going_on(one->status));
}

}  // namespace grapevine
