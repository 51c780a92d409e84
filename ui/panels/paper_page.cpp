#include "ui/panels/paper_page.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <set>

#include "engine/error.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/registry.h"
#include "engine/launch/paper_figures.h"
#include "ui/panels/counted.h"
#include "ui/panels/data_offer.h"
#include "ui/panels/library_store.h"
#include "ui/panels/list_table.h"
#include "ui/panels/status_strip.h"
#include "ui/panels/study_view.h"
#include "ui/panels/sweep_figure.h"
#include "ui/panels/window_theme.h"

namespace grapevine {
namespace {

const QString study_mark = QStringLiteral("study:");

/// What a picture of these numbers leaves to be said.
QString note_of(const std::string& figure) {
  const QString all = PaperPage::tr(
      "Test accuracy in % of the best epoch, as the texts have it; of language models the best validation "
      "perplexity. Green: within twice "
      "the two spreads, yellow: less than 1 apart, red: further; grey: made small, not expected to reach it. "
      "Double click opens "
      "the newest run. GrAPE (literal) is to the letter of the 2026 text; at an experiment's name is where "
      "GrAPE departs from it.");
  if (figure == "figure3")
    return PaperPage::tr(
               "Training (solid) and test loss (dashed) of the runs above; the text prints its curves as a "
               "picture alone, without numbers. ") +
           all;
  return figure.empty() ? all
                        : PaperPage::tr(
                              "Solid: ours, with the standard deviation over seeds; dots and dashes: ours of "
                              "a rule's variant. "
                              "Dashed and hollow: published. "
                              "Thin: never calibrated. ") +
                              all;
}

}  // namespace

PaperPage::PaperPage(LibraryStore* store, QWidget* parent)
    : QWidget(parent),
      store_(store),
      model_(new PaperModel(this)),
      table_(new QTableView(this)),
      tables_(new QComboBox(this)),
      reduced_(new QCheckBox(tr("Made small for lessons"), this)),
      seeds_(new QSpinBox(this)),
      queue_(new QPushButton(tr("Queue what is missing"), this)),
      words_(new QLabel(this)),
      data_(new QLabel(this)),
      pages_(new QStackedWidget(this)),
      figures_(new QWidget(this)),
      study_(new StudyView(this)),
      note_(new QLabel(this)) {
  build_row();
  build_table();
  auto* runs = new QWidget(this);
  auto* below = new QVBoxLayout(runs);
  below->setContentsMargins(0, 0, 0, 0);
  below->addWidget(table_, 1);
  auto* side_by_side = new QHBoxLayout(figures_);
  side_by_side->setContentsMargins(0, 0, 0, 0);
  below->addWidget(figures_, 2);
  figures_->hide();
  data_->setContentsMargins(8, 0, 8, 0);
  data_->setWordWrap(true);
  data_->setObjectName(QStringLiteral("missing_data"));
  QPalette alarming = data_->palette();
  alarming.setColor(QPalette::WindowText, tone_colour(Tone::warning, is_dark(alarming)));
  data_->setPalette(alarming);
  below->insertWidget(0, data_);
  note_->setContentsMargins(8, 0, 8, 6);
  note_->setWordWrap(true);
  below->addWidget(note_);
  pages_->addWidget(runs);
  pages_->addWidget(study_);
  layout()->addWidget(pages_);
  connect(tables_, &QComboBox::currentIndexChanged, this, &PaperPage::refresh);
  connect(reduced_, &QCheckBox::toggled, this, &PaperPage::refresh);
  connect(seeds_, &QSpinBox::valueChanged, this, [this] {
    mark_queued();
    show_words();
  });
  connect(queue_, &QPushButton::clicked, this, &PaperPage::ask_for_missing);
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &PaperPage::show_words);
  connect(table_, &QTableView::activated, this, [this](const QModelIndex& index) {
    if (const PaperCell& cell = model_->cell(index.row()); !cell.runs.empty())
      Q_EMIT run_chosen(cell.runs.front());
  });
}

void PaperPage::build_table() {
  table_->setModel(model_);
  table_->setAccessibleName(tr("The papers' tables"));
  look_like_a_list(*table_);
  table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  for (const int column : {PaperModel::Column::preset, PaperModel::Column::also})
    table_->horizontalHeader()->setSectionResizeMode(column, QHeaderView::Interactive);
  table_->horizontalHeader()->setSectionResizeMode(PaperModel::Column::source, QHeaderView::Stretch);
  // Of the longest names the end is left to the pointer.
  connect(model_, &PaperModel::modelReset, table_, [this] {
    const int letter = table_->fontMetrics().horizontalAdvance(QLatin1Char('m'));
    const auto at_most = [this](int column, int width) {
      table_->resizeColumnToContents(column);
      table_->setColumnWidth(column, std::min(width, table_->columnWidth(column)));
    };
    at_most(PaperModel::Column::preset, std::max(32 * letter, table_->viewport()->width() * 2 / 5));
    at_most(PaperModel::Column::also, 16 * letter);
  });
  table_->setContextMenuPolicy(Qt::CustomContextMenu);
  connect(table_, &QTableView::customContextMenuRequested, this, &PaperPage::show_menu);
}

void PaperPage::ask_for_missing() {
  constexpr std::size_t days_of_work = 20;
  Queued all = missing();
  if (all.plans.empty()) return;
  if (all.plans.size() > days_of_work) return ask_before(std::move(all));
  Q_EMIT queue_asked(all);
}

/// One click is quickly made, and these take days.
void PaperPage::ask_before(Queued all) {
  const int count = static_cast<int>(all.plans.size());
  auto* box = new QMessageBox(QMessageBox::Question, tr("Queue"), tr("Queue %n runs?", nullptr, count),
                              QMessageBox::NoButton, this);
  box->setObjectName(QStringLiteral("queue_question"));
  box->setInformativeText(QStringList{data_words(), time_words()}.join(QLatin1Char('\n')).trimmed());
  box->setAttribute(Qt::WA_DeleteOnClose);
  QPushButton* queue = box->addButton(tr("Queue them"), QMessageBox::AcceptRole);
  QPushButton* cancel = box->addButton(QMessageBox::Cancel);
  box->setDefaultButton(cancel);
  box->setEscapeButton(cancel);
  connect(box, &QMessageBox::buttonClicked, this, [this, queue, all](QAbstractButton* button) {
    if (button == static_cast<QAbstractButton*>(queue)) Q_EMIT queue_asked(all);
  });
  box->open();
}

/// What the missing runs will take, by the stored ones of their rows.
QString PaperPage::time_words() const {
  double seconds = 0;
  int known = 0, all = 0;
  for (const PaperCell* cell : chosen()) {
    const std::vector<std::string> plans = missing_runs({cell}, seeds_->value()).plans;
    const auto missing = static_cast<int>(std::count_if(
        plans.begin(), plans.end(), [&](const std::string& plan) { return !queued_.contains(plan); }));
    all += missing;
    if (cell->seconds > 0) seconds += missing * cell->seconds, known += missing;
  }
  const QString fewer = tr("Select rows to queue less.");
  if (known == 0) return tr("How long they take is not known: no run of these rows is stored. ") + fewer;
  return (known == all
              ? tr("About %1 of training, one after the other, by the stored runs. ")
                    .arg(duration_text(seconds))
              : tr("%1 of them about %2 of training, one after the other, by the stored runs of their "
                   "rows; of the others it is not known. ")
                    .arg(known)
                    .arg(duration_text(seconds))) +
         fewer;
}

/// What has to be fetched first: else each run fails by itself.
QString PaperPage::data_words() const {
  std::set<std::pair<std::string, std::string>> sets;
  for (const PaperCell* cell : chosen()) {
    const DataSettings data = DataSettings::of(cell->experiment);
    if (static_cast<int>(cell->seeds.size()) < seeds_->value()) sets.emplace(data.name, data.dir);
  }
  QStringList names, keys;
  for (const auto& [name, dir] : sets) {
    if (is_data_there(name, dir)) continue;
    const DataDescriptor* set = find_data(name);
    names << QString::fromStdString(set ? set->name : name);
    keys << QString::fromStdString(name);
  }
  if (names.isEmpty()) return {};
  return tr("Not on this machine: %1. Choose it as the form's data and get it there, or run grapevine-cli "
            "datasets get %2; until then such runs fail.")
      .arg(names.join(QStringLiteral(", ")), keys.front());
}

void PaperPage::take_queue(const std::vector<QueueEntry>& entries) {
  std::set<std::string> plans;
  for (const QueueEntry& entry : entries)
    if (entry.state == QueueState::waiting || entry.state == QueueState::running) plans.insert(entry.plan);
  if (plans == queued_) return;
  queued_ = std::move(plans);
  if (!isVisible()) return;  // refresh() comes first
  mark_queued();
  show_words();
}

void PaperPage::mark_queued() {
  std::vector<int> counts;
  for (int row = 0; row < model_->rowCount() && !queued_.empty(); ++row) {
    const std::vector<std::string> plans = missing_runs({&model_->cell(row)}, seeds_->value()).plans;
    counts.push_back(static_cast<int>(std::count_if(
        plans.begin(), plans.end(), [&](const std::string& plan) { return queued_.contains(plan); })));
  }
  model_->set_queued(std::move(counts));
}

void PaperPage::show_menu(const QPoint& at) {
  const QModelIndex index = table_->indexAt(at);
  if (!index.isValid()) return;
  QMenu menu(this);
  QAction* queue = menu.addAction(queue_->text(), this, &PaperPage::ask_for_missing);
  queue->setEnabled(queue_->isEnabled());
  const std::vector<std::int64_t> runs = model_->cell(index.row()).runs;
  QAction* open = menu.addAction(tr("Open the newest run"));
  open->setEnabled(!runs.empty());
  if (menu.exec(table_->viewport()->mapToGlobal(at)) == open && !runs.empty())
    Q_EMIT run_chosen(runs.front());
}

void PaperPage::build_row() {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 6, 0, 0);
  auto* row = new QHBoxLayout;
  row->setContentsMargins(8, 0, 8, 0);
  column->addLayout(row);
  tables_->setAccessibleName(tr("Table"));
  tables_->addItem(tr("All tables"), QString());
  try {
    for (const std::string& table : paper_tables())
      tables_->addItem(title_of_table(table).c_str(), QString::fromStdString(table));
  } catch (const Error& error) {
    words_->setText(QString::fromUtf8(error.what()));
  }
  tables_->insertSeparator(tables_->count());
  for (const Study& study : studies()) tables_->addItem(study.title, study_mark + study.key);
  row->addWidget(tables_);
  row->addWidget(reduced_);
  auto* with_words = new QWidget(this);  // shown and hidden as one
  auto* pair = new QHBoxLayout(with_words);
  pair->setContentsMargins(0, 0, 0, 0);
  auto* seeds = new QLabel(tr("Seeds"), with_words);
  seeds->setBuddy(seeds_);
  seeds_->setAccessibleName(seeds->text());
  seeds_->setRange(1, 100);
  seeds_->setValue(3);
  pair->addWidget(seeds);
  pair->addWidget(seeds_);
  row->addWidget(with_words);
  queue_->setToolTip(tr(
      "Of the selected rows, or of all: the seeds that no stored run has and that do not wait in the queue"));
  row->addWidget(queue_);
  row->addStretch(1);
  row->addWidget(words_);
  auto* close = new QPushButton(tr("Close"), this);
  row->addWidget(close);
  connect(close, &QPushButton::clicked, this, &PaperPage::leave_asked);
}

void PaperPage::set_table(const QString& table, bool reduced) {
  tables_->setCurrentIndex(std::max(0, tables_->findData(table)));
  reduced_->setChecked(reduced);
}

/// Of what is computed and not trained, the row's other controls say nothing.
bool PaperPage::show_study() {
  const QString chosen = tables_->currentData().toString();
  const Study* wanted = nullptr;
  for (const Study& study : studies())
    if (study_mark + study.key == chosen) wanted = &study;
  pages_->setCurrentIndex(wanted ? 1 : 0);
  for (QWidget* control : std::initializer_list<QWidget*>{reduced_, seeds_->parentWidget(), queue_, words_})
    control->setVisible(!wanted);
  if (wanted) study_->show_study(*wanted);
  return wanted != nullptr;
}

void PaperPage::refresh() {
  const int question = ++asked_;
  if (show_study()) return;
  const std::string table = tables_->currentData().toString().toStdString();
  try {
    auto cells = paper_cells(table, reduced_->isChecked());
    const std::string figure = table.empty() ? "" : figure_key(table);
    model_->set_cells(cells);  // what is published stands at once
    mark_queued();
    show_figures(paper_figures(figure, cells, nullptr));
    note_->setText(note_of(figure));
    show_words();
    store_->find_ours(std::move(cells), [this, question, figure](std::vector<PaperCell> found) {
      if (question != asked_) return;
      model_->set_cells(found);
      mark_queued();
      show_words();
      if (figure.empty()) return;
      store_->draw_paper(figure, std::move(found), [this, question](std::vector<PaperFigure> figures) {
        if (question == asked_) show_figures(figures);
      });
    });
  } catch (const Error& error) {
    words_->setText(QString::fromUtf8(error.what()));
  }
}

void PaperPage::show_figures(const std::vector<PaperFigure>& figures) {
  qDeleteAll(figures_->findChildren<QWidget*>(Qt::FindDirectChildrenOnly));
  for (const PaperFigure& figure : figures) {
    auto* framed = new QWidget(figures_);
    auto* column = new QVBoxLayout(framed);
    auto* title = new QLabel(QString::fromStdString(figure.title), framed);
    title->setAlignment(Qt::AlignCenter);
    column->addWidget(title);
    auto* drawn = new SweepFigure(framed);
    drawn->setAccessibleName(title->text());
    drawn->set_empty_text(
        tr("No run of these rows has finished yet, and the text prints no numbers of this "
           "figure: queue what is missing, and it is drawn here."));
    drawn->show_plot(plot_of(figure), false);
    column->addWidget(drawn, 1);
    figures_->layout()->addWidget(framed);
  }
  figures_->setVisible(!figures.empty());
  // Next to a figure the table is not higher than its rows.
  const int rows = table_->horizontalHeader()->sizeHint().height() + table_->verticalHeader()->length() +
                   2 * table_->frameWidth();
  table_->setMaximumHeight(figures.empty() ? QWIDGETSIZE_MAX : rows);
}

std::vector<const PaperCell*> PaperPage::chosen() const {
  std::set<int> rows;
  for (const QModelIndex& index : table_->selectionModel()->selectedRows()) rows.insert(index.row());
  std::vector<const PaperCell*> cells;
  for (int row = 0; row < model_->rowCount(); ++row)
    if (rows.empty() || rows.contains(row)) cells.push_back(&model_->cell(row));
  return cells;
}

Queued PaperPage::missing() const {
  Queued all = missing_runs(chosen(), seeds_->value());
  std::erase_if(all.plans, [&](const std::string& plan) { return queued_.contains(plan); });
  return all;
}

void PaperPage::show_words() {
  const int count = static_cast<int>(missing().plans.size());
  const bool chosen = table_->selectionModel()->hasSelection();
  queue_->setEnabled(count > 0);
  const QString data = count > 0 ? data_words() : QString();
  data_->setText(data);
  data_->setVisible(!data.isEmpty());
  queue_->setText(count == 0 ? tr("Queue what is missing")
                             : counted(count, tr("Queue 1 run"), tr("Queue %n runs", nullptr, count)));
  if (model_->rowCount() == 0)
    words_->setText(tr("No experiment of these is made small."));
  else if (count == 0 && !missing_runs(this->chosen(), seeds_->value()).plans.empty())
    words_->setText(tr("What is missing waits in the queue."));
  else if (count == 0)
    words_->setText(chosen ? tr("Nothing is missing of the selected rows.") : tr("Nothing is missing."));
  else
    words_->setText(chosen ? tr("Missing of the selected rows.")
                           : tr("Missing of all rows; select some to queue less."));
}

}  // namespace grapevine
