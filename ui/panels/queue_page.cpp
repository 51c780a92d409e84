#include "ui/panels/queue_page.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/files/machine.h"
#include "ui/panels/counted.h"
#include "ui/panels/elided_label.h"
#include "ui/panels/groups_model.h"
#include "ui/panels/library_store.h"
#include "ui/panels/list_table.h"
#include "ui/panels/queue_model.h"
#include "ui/panels/queue_store.h"
#include "ui/panels/status_strip.h"
#include "ui/panels/sweep_figure.h"
#include "ui/panels/tuning_view.h"
#include "ui/panels/tunings.h"
#include "ui/scope/key_table.h"

namespace grapevine {
namespace {

void set_up(QTableView* table, const QString& name) {
  table->setAccessibleName(name);
  table->setEditTriggers(QAbstractItemView::NoEditTriggers);
  look_like_a_list(*table);
}

/// In the place of a picture.
QString words_for_nothing(const std::string& sweep, std::size_t finished) {
  if (sweep.empty())
    return QueuePage::tr(
        "Choose a sweep that has finished runs: what was varied over numbers is drawn here.");
  if (finished == 0)
    return QueuePage::tr("None of this sweep's runs has finished yet: their result is drawn here.");
  return QueuePage::tr(
      "No number has more than one value among the finished runs, so that there is nothing to draw: "
      "the table has their result, and Against draws it over names.");
}

}  // namespace

QueuePage::QueuePage(QueueStore* queue, LibraryStore* library, QWidget* parent)
    : QWidget(parent),
      queue_(queue),
      library_(library),
      model_(new QueueModel(this)),
      results_(new GroupsModel(this)),
      table_(new QTableView(this)),
      result_table_(new QTableView(this)),
      figure_(new SweepFigure(this)),
      choices_(new SweepChoices(this)),
      tuning_(new TuningView(this)),
      at_once_(new QSpinBox(this)),
      sweeps_(new QComboBox(this)),
      summary_(new QLabel(this)),
      empty_(new QLabel(this)),
      left_out_(new ElidedLabel(this)) {
  figure_->set_empty_text(words_for_nothing({}, 0));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 6, 0, 0);
  auto* row = new QHBoxLayout;
  row->setContentsMargins(8, 0, 8, 0);
  column->addLayout(row);
  start_ = new QPushButton(this);
  connect(start_, &QPushButton::clicked, this, [this] {
    if (queue_->at_work())
      queue_->stop();
    else
      queue_->start(at_once_->value());
  });
  row->addWidget(start_);
  auto* at_once = new QLabel(tr("At once"), this);
  at_once->setBuddy(at_once_);
  at_once_->setAccessibleName(at_once->text());
  const int cores = usable_cores();
  at_once_->setRange(0, cores);
  at_once_->setValue(0);
  at_once_->setSpecialValueText(tr("all GPUs or cores"));
  at_once_->setToolTip(
      tr("Experiments to train at once, each in its own process; several run on one thread each. No more "
         "of them than cores that may be used here (%1): others would only slow each other down")
          .arg(cores));
  row->addWidget(at_once);
  row->addWidget(at_once_);
  row->addSpacing(12);
  row->addWidget(add_button(tr("Sweep\u2026"), tr("Queue the form's experiment over a grid or a list"),
                            [this] { Q_EMIT sweep_asked(); }));
  const auto for_selected = [&](const QString& text, const QString& help, std::function<void()> action) {
    for_selected_.push_back(add_button(text, help, std::move(action)));
    row->addWidget(for_selected_.back());
  };
  for_selected(tr("To the front"), tr("Move to the front of the queue"),
               [this] { queue_->move_to_front(selected()); });
  for_selected(tr("Skip"), tr("Skip waiting entries"), [this] { queue_->skip(selected()); });
  for_selected(tr("Retry"), tr("Queue failed or skipped entries again"),
               [this] { queue_->retry(selected()); });
  for_selected(tr("Remove"), tr("Remove entries from the queue; their runs stay in the library"),
               [this] { queue_->remove(selected()); });
  row->addStretch(1);
  row->addWidget(add_button(tr("Close"), tr("Back to the figures"), [this] { Q_EMIT leave_asked(); }));
  summary_->setContentsMargins(8, 0, 8, 0);
  summary_->setWordWrap(true);
  column->addWidget(summary_);
  table_->setModel(model_);
  set_up(table_, tr("Queue"));
  const int em = fontMetrics().horizontalAdvance(QLatin1Char('m'));
  for (const auto& [place, width] : {std::pair{0, 34}, {1, 8}, {2, 6}, {3, 6}, {4, 5}})
    table_->setColumnWidth(place, std::max(width * em, table_->horizontalHeader()->sectionSizeHint(place)));
  make_results();
  auto* parts = new QSplitter(Qt::Vertical, this);
  parts->addWidget(table_);
  parts->addWidget(results_part_);
  parts->setStretchFactor(0, 3);
  parts->setStretchFactor(1, 2);
  parts_ = parts;
  empty_->setAlignment(Qt::AlignCenter);
  empty_->setWordWrap(true);
  const auto keys = [](const char* command) { return key_text(keys_of(command)); };
  empty_->setText(
      tr("Nothing waits.\n\nPut the form's experiment into the queue (%1), a sweep of it over values "
         "and seeds (%2), or what is missing of the papers' tables (%3). What is begun when the "
         "program ends waits here, and Start continues it.")
          .arg(keys("queue"), keys("sweep"), keys("paper_page")));
  constexpr int readable = 60;  // letters in a line
  empty_->setFixedWidth(readable * em);
  column->addWidget(empty_, 1, Qt::AlignCenter);
  column->addWidget(parts, 2);
  connect(queue_, &QueueStore::listed, this, &QueuePage::show_entries);
  connect(queue_, &QueueStore::at_work_changed, this, &QueuePage::show_state);
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
    sweeps_->setCurrentIndex(0);
    show_state();
    show_result();
  });
  connect(table_, &QTableView::activated, this, [this](const QModelIndex& index) {
    if (const QueueEntry& entry = model_->entry(index.row()); entry.run != 0) Q_EMIT run_chosen(entry.run);
  });
  watch_.setInterval(1000);
  connect(&watch_, &QTimer::timeout, this, [this] {
    if (!isVisible()) return;
    queue_->refresh();
    library_->refresh_if_changed();  // a sweep may be trained elsewhere
  });
  watch_.start();
  show_state();
}

void QueuePage::make_results() {
  result_table_->setModel(results_);
  set_up(result_table_, tr("Result of the sweep"));
  result_table_->horizontalHeader()->setSortIndicator(0, Qt::AscendingOrder);
  result_table_->setSortingEnabled(true);
  auto* result = new QSplitter(Qt::Horizontal, this);
  result->addWidget(tuning_);
  tuning_->hide();
  connect(tuning_, &TuningView::runs_asked, this, &QueuePage::runs_chosen);
  result->addWidget(figure_);
  result->addWidget(result_table_);
  // The figure needs its room for the lines' names, and the table scrolls.
  const int table = result->indexOf(result_table_), figure = result->indexOf(figure_);
  result->setStretchFactor(figure, 1);
  result->setStretchFactor(table, 1);
  result->setSizes({600, 1000, 1000});  // shares; the first is a search's, hidden in others
  auto* row = new QHBoxLayout;
  row->setContentsMargins(8, 0, 8, 0);
  auto* of_what = new QLabel(tr("Result of"), this);
  of_what->setBuddy(sweeps_);
  sweeps_->setAccessibleName(of_what->text());
  sweeps_->setToolTip(tr("The sweep of the entry selected above, or a stored one, from this queue or not"));
  sweeps_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  sweeps_->addItem(tr("the queue's sweep"));
  row->addWidget(of_what);
  row->addWidget(sweeps_);
  row->addWidget(left_out_, 1);
  auto* choices = new QHBoxLayout;
  choices->setContentsMargins(8, 0, 8, 0);
  choices->addWidget(choices_);
  choices->addStretch(1);
  choices->addWidget(
      add_button(tr("Export figure…"), tr("Save this figure or its numbers"), [this] { figure_->save(); }));
  results_part_ = new QWidget(this);
  auto* column = new QVBoxLayout(results_part_);
  column->setContentsMargins(0, 0, 0, 0);
  column->addLayout(row);
  column->addLayout(choices);
  connect(choices_, &SweepChoices::changed, this, [this] {
    chosen_[shown_.group] = choices_->chosen();
    draw_result();
  });
  column->addWidget(result, 1);
  connect(sweeps_, &QComboBox::currentIndexChanged, this, &QueuePage::show_result);
  connect(library_, &LibraryStore::listed, this, &QueuePage::take_sweeps);
}

QPushButton* QueuePage::add_button(const QString& text, const QString& help, std::function<void()> action) {
  auto* button = new QPushButton(text, this);
  button->setToolTip(help);
  connect(button, &QPushButton::clicked, this, std::move(action));
  return button;
}

QString QueuePage::summary() const {
  return summary_->text();
}

QString QueuePage::left_out() const {
  return left_out_->text();
}

std::vector<std::int64_t> QueuePage::selected() const {
  std::vector<std::int64_t> ids;
  for (const QModelIndex& index : table_->selectionModel()->selectedRows())
    ids.push_back(model_->entry(index.row()).id);
  return ids;
}

void QueuePage::show_entries(const std::vector<QueueEntry>& entries) {
  model_->set_entries(entries);
  show_state();
  show_result();
}

void QueuePage::show_state() {
  start_->setText(queue_->at_work() ? tr("Stop") : tr("Start"));
  start_->setToolTip(queue_->at_work() ? tr("Stop and store what is being trained; Start continues it")
                                       : tr("Train what waits"));
  start_->setEnabled(queue_->at_work() || model_->count_of(QueueState::waiting) > 0);
  at_once_->setEnabled(!queue_->at_work());
  const bool any = table_->selectionModel()->hasSelection();
  for (QPushButton* button : for_selected_) button->setEnabled(any);
  const int all = model_->rowCount(), done = model_->count_of(QueueState::done),
            failed = model_->count_of(QueueState::failed), going = model_->count_of(QueueState::running);
  parts_->setVisible(all > 0 || !stored_.empty());
  table_->setVisible(all > 0);
  empty_->setVisible(all == 0);
  summary_->setVisible(all > 0);
  if (all == 0) return summary_->setText(tr("Nothing waits: queue the form's experiment, or a sweep."));
  QStringList words{tr("%1 of %2 done").arg(done).arg(all)};
  if (going > 0) words << tr("%1 in training").arg(going);
  if (failed > 0) words << tr("%1 failed").arg(failed);
  const double left = model_->seconds_left(std::max(1, going));
  if (queue_->at_work() && std::isfinite(left)) words << tr("about %1 left").arg(duration_text(left));
  summary_->setText(words.join(QStringLiteral(", ")));
}

/// The list of sweeps follows the library; what is chosen stays chosen.
void QueuePage::take_sweeps(const std::vector<RunSummary>& runs) {
  const std::string chosen = sweeps_->currentData().toString().toStdString();
  stored_ = stored_sweeps(runs);
  {
    const QSignalBlocker quiet(sweeps_);
    while (sweeps_->count() > 1) sweeps_->removeItem(1);
    for (const StoredSweep& sweep : stored_) {
      sweeps_->addItem(sweep.title(), QString::fromStdString(sweep.group));
      if (sweep.group == chosen) sweeps_->setCurrentIndex(sweeps_->count() - 1);
    }
  }
  name_sweeps();
  show_state();
  show_result();
}

/// That of the selected entry, else of the first one that has any.
StoredSweep QueuePage::queued_sweep() const {
  StoredSweep sweep;
  const QModelIndexList rows = table_->selectionModel()->selectedRows();
  if (!rows.isEmpty()) sweep.group = model_->entry(rows.front().row()).group_uuid;
  for (int row = 0; row < model_->rowCount() && sweep.group.empty() && rows.isEmpty(); ++row)
    sweep.group = model_->entry(row).group_uuid;
  for (int row = 0; row < model_->rowCount() && !sweep.group.empty(); ++row) {
    const QueueEntry& entry = model_->entry(row);
    if (entry.group_uuid != sweep.group) continue;
    if (entry.run != 0 && entry.state == QueueState::done)
      sweep.finished.push_back(entry.run);
    else if (entry.state == QueueState::failed)
      sweep.failed.push_back({entry.run, entry.note});
    else
      sweep.others.push_back(entry.run);
  }
  return sweep;
}

/// Entries of the queue are cells; of stored runs it is asked which of them are of the same one, and nothing
/// is returned until that is known.
std::optional<StoredSweep> QueuePage::cell_by_cell(const StoredSweep& sweep) {
  leave_other_cells();
  if (sweeps_->currentIndex() == 0 || (sweep.failed.empty() && sweep.others.empty())) return sweep;
  const std::vector<std::int64_t> runs = sweep.runs();
  if (std::all_of(runs.begin(), runs.end(), [&](std::int64_t run) { return cells_.contains(run); }))
    return sweep.cell_by_cell(cells_);
  find_cells(sweep);
  return std::nullopt;
}

void QueuePage::leave_other_cells() {
  if (cells_in_ == library_->database()) return;
  cells_in_ = library_->database();
  cells_.clear();
  asked_cells_.clear();
  asked_names_.clear();
  varied_.clear();
}

void QueuePage::find_cells(const StoredSweep& sweep) {
  const std::vector<std::int64_t> runs = sweep.runs();
  if (runs == asked_cells_) return;
  asked_cells_ = runs;
  left_out_->clear();
  find_cells(runs, [this] { show_result(); });
}

void QueuePage::find_cells(const std::vector<std::int64_t>& runs, std::function<void()> then) {
  library_->find_cells(runs, [this, runs, then = std::move(then),
                              database = cells_in_](std::map<std::int64_t, std::string> found) {
    if (database != cells_in_) return;
    cells_.merge(found);
    for (const std::int64_t run : runs) cells_.try_emplace(run, std::to_string(run));  // gone meanwhile
    then();
  });
}

/// What else varies in sweeps without a name is asked for once: the list of runs does not say it. Comparing
/// hundreds of experiments takes its time on the window's thread, and the library is listed often: it is done
/// where somebody looks, and once for the same runs.
void QueuePage::name_sweeps() {
  if (!isVisible()) return;
  leave_other_cells();
  std::vector<std::int64_t> unknown;
  for (std::size_t i = 0; i < stored_.size(); ++i) {
    if (stored_[i].varied_at < 0) continue;
    const QString varied = varied_in(stored_[i], unknown);
    sweeps_->setItemText(static_cast<int>(i) + 1, stored_[i].title(varied));
  }
  if (unknown.empty() || unknown == asked_names_) return;
  asked_names_ = unknown;
  find_cells(unknown, [this] { name_sweeps(); });
}

/// What varies in a sweep; until all its runs are known, what was known of it. `unknown` gets those that are
/// to be asked for.
QString QueuePage::varied_in(const StoredSweep& sweep, std::vector<std::int64_t>& unknown) {
  constexpr std::size_t most = 500;  // runs of a sweep that are looked at
  std::vector<std::int64_t> runs = sweep.runs();
  if (runs.size() > most) runs.resize(most);
  std::sort(runs.begin(), runs.end());
  Varied& kept = varied_[sweep.group];
  if (kept.runs == runs) return kept.words;
  std::vector<std::string> experiments;
  const std::size_t asked_before = unknown.size();
  for (const std::int64_t run : runs) {
    if (const auto known = cells_.find(run); known != cells_.end())
      experiments.push_back(known->second);
    else
      unknown.push_back(run);
  }
  if (unknown.size() == asked_before) kept = {std::move(runs), varied_settings(experiments)};
  return kept.words;
}

void QueuePage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  name_sweeps();
}

void QueuePage::set_tunings(Tunings* tunings) {
  tunings_ = tunings;
  connect(tunings_, &Tunings::result_read, this, [this](const std::shared_ptr<const TuningReport>& report) {
    if (report->group != shown_.group) return;
    tuning_->show_report(*report);
    tuning_->show();
  });
  connect(tunings_, &Tunings::begun, this, [this] { show_search(shown_.group); });
}

/// Of a search more is to be said than of a sweep: which value was chosen, and of what.
void QueuePage::show_search(const std::string& group) {
  if (tunings_ && tunings_->knows(group))
    tunings_->read(group);
  else
    tuning_->hide();
}

void QueuePage::show_result() {
  StoredSweep sweep = queued_sweep();
  const int chosen = sweeps_->currentIndex();
  if (chosen == 0 && sweep.group.empty() && !stored_.empty()) return sweeps_->setCurrentIndex(1);
  if (chosen > 0) sweep = stored_[static_cast<std::size_t>(chosen - 1)];
  results_part_->setVisible(!sweep.group.empty() || !stored_.empty());
  Shown now{library_->database(), sweep.group, sweep.finished, {}};
  if (const auto settled = cell_by_cell(sweep)) {
    left_out_->setText(settled->left_out());
    left_out_->setToolTip(settled->reasons());
    for (const StoredSweep::Failed& one : settled->failed)
      if (one.run != 0) now.failed.push_back(one.run);
  }
  if (now == shown_) return;
  const bool other = now.group != shown_.group || now.database != shown_.database;
  shown_ = std::move(now);
  if (other) {
    tuning_->hide();
    choices_->choose(chosen_[shown_.group]);
  }
  show_search(shown_.group);
  compare_again();
}

void QueuePage::compare_again() {
  if (shown_.runs.empty() && shown_.failed.empty()) {
    results_->set_comparison({});
    return draw_result();
  }
  ComparisonRequest request;
  request.ids = shown_.runs;
  request.failed = shown_.failed;
  library_->compare(results_, std::move(request), [this, asked = shown_](Comparison comparison) {
    if (asked != shown_) return;
    choices_->offer(comparison, ranking_measure(comparison));
    results_->set_comparison(std::move(comparison));
    result_table_->resizeColumnsToContents();
    draw_result();
  });
}

/// A measure that the table does not have is asked for.
void QueuePage::draw_result() {
  const SweepChoice choice = choices_->chosen();
  const Comparison& all = results_->comparison();
  figure_->setVisible(choice.view.form != SweepView::Form::table);
  if (choice.measure.empty() || shown_.runs.empty()) return draw(all, ranking_measure(all));
  for (std::size_t i = 0; i < all.measures.size(); ++i)
    if (all.measures[i].text() == choice.measure) return draw(all, i);
  ComparisonRequest request;
  request.ids = shown_.runs;
  request.failed = shown_.failed;
  try {
    request.measures = {parse_run_key(choice.measure)};
  } catch (const InputError&) {
    return draw(all, std::nullopt);  // of a program that knew more of them
  }
  library_->compare(figure_, std::move(request),
                    [this, asked = shown_, choice](const Comparison& comparison) {
                      if (asked == shown_ && choice == choices_->chosen()) draw(comparison, 0);
                    });
}

void QueuePage::draw(const Comparison& comparison, std::optional<std::size_t> measure) {
  const bool has_any =
      measure && std::any_of(comparison.groups.begin(), comparison.groups.end(),
                             [&](const RunGroup& group) { return group.spreads[*measure].count > 0; });
  figure_->set_empty_text(has_any || shown_.runs.empty() ? words_for_nothing(shown_.group, shown_.runs.size())
                                                         : tr("None of these runs has this measure."));
  const bool share = has_any && find_measure(comparison.measures[*measure].name)->quantity == Quantity::share;
  figure_->show_plot(has_any ? sweep_plot(comparison, *measure, choices_->chosen().view) : SweepPlot{},
                     share);
}

QString QueuePage::layout_text() const {
  const nlohmann::json kept = {{"at_once", at_once_->value()}, {"sweeps", choices_text(chosen_)}};
  return QString::fromStdString(kept.dump());
}

void QueuePage::set_layout_text(const QString& text) {
  const auto kept = nlohmann::json::parse(text.toStdString(), nullptr, false);
  if (!kept.is_object()) return;
  if (const auto at_once = kept.find("at_once"); at_once != kept.end() && at_once->is_number_integer())
    at_once_->setValue(at_once->get<int>());
  if (const auto sweeps = kept.find("sweeps"); sweeps != kept.end() && sweeps->is_string())
    chosen_ = read_choices(sweeps->get<std::string>());
}

}  // namespace grapevine
