#include "ui/panels/paper_page.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <set>

#include "engine/error.h"
#include "engine/experiment/groups/training_settings.h"
#include "ui/panels/counted.h"
#include "ui/panels/library_store.h"
#include "ui/panels/list_table.h"
#include "ui/panels/window_theme.h"

namespace grapevine {
namespace {

QString spread_text(double mean, double deviation) {
  if (!std::isfinite(mean)) return {};
  const QString text = QLocale().toString(mean, 'f', 2);
  return std::isfinite(deviation) ? QStringLiteral("%1 ± %2").arg(text, QLocale().toString(deviation, 'f', 2))
                                  : text;
}

}  // namespace

void PaperModel::set_cells(std::vector<PaperCell> cells) {
  beginResetModel();
  cells_ = std::move(cells);
  endResetModel();
}

double PaperModel::difference_of(const PaperCell& cell) {
  if (cell.published.empty() || cell.ours.count == 0) return std::nan("");
  return printed(cell, cell.ours.mean) - cell.published.front().mean;
}

bool PaperModel::agrees(const PaperCell& cell) {
  const double difference = difference_of(cell);
  if (!std::isfinite(difference)) return false;
  const auto known = [](double spread) { return std::isfinite(spread) ? spread : 0.0; };
  return std::abs(difference) <=
         2 * std::hypot(known(cell.published.front().spread), known(printed(cell, cell.ours.deviation)));
}

int PaperModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(cells_.size());
}

int PaperModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : Column::count;
}

QString PaperModel::text(const PaperCell& cell, int column) const {
  const bool known = !cell.published.empty();
  switch (column) {
    case Column::preset:
      return QString::fromStdString(cell.preset->title);
    case Column::racer:
      return QString::fromStdString(cell.racer);
    case Column::published:
      return known ? spread_text(cell.published.front().mean, cell.published.front().spread) : QString();
    case Column::ours:
      return spread_text(printed(cell, cell.ours.mean), printed(cell, cell.ours.deviation));
    case Column::difference: {
      const double difference = difference_of(cell);
      if (!std::isfinite(difference)) return {};
      return (difference > 0 ? QStringLiteral("+") : QString()) + QLocale().toString(difference, 'f', 2);
    }
    case Column::seeds:
      return cell.ours.count > 0 ? QString::number(cell.ours.count) : QString();
    case Column::epochs:
      return QString::number(TrainSettings::of(cell.experiment).epochs);
    case Column::kind:
      return cell.preset->lesson ? tr("reduced") : tr("full");
    default:
      return {};
  }
}

QVariant PaperModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const PaperCell& each = cell(index.row());
  const int column = index.column();
  if (role == Qt::DisplayRole) return text(each, column);
  if (role == Qt::TextAlignmentRole && column >= Column::published && column <= Column::epochs)
    return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  const bool dark = is_dark(QApplication::palette());
  if (role == Qt::ForegroundRole) {
    if (column == Column::kind && each.preset->lesson) return tone_colour(Tone::warning, dark);
    if (column != Column::difference && column != Column::ours) return {};
    if (!std::isfinite(difference_of(each))) return {};
    // A reduced experiment is not expected to reach the published number.
    if (each.preset->lesson) return tone_colour(Tone::quiet, dark);
    if (agrees(each)) return tone_colour(Tone::good, dark);
    return tone_colour(std::abs(difference_of(each)) < 1 ? Tone::warning : Tone::problem, dark);
  }
  if (role != Qt::ToolTipRole) return {};
  if (column == Column::preset) {
    QStringList chosen{QString::fromStdString(each.preset->name)};
    for (const std::string& sentence : each.preset->chosen) chosen << QString::fromStdString(sentence);
    return chosen.join(QLatin1Char('\n'));
  }
  if (column == Column::published) {
    QStringList all;
    for (const PublishedResult& one : each.published)
      all << QStringLiteral("%1: %2").arg(QString::fromStdString(one.paper),
                                          spread_text(one.mean, one.spread));
    return all.join(QLatin1Char('\n'));
  }
  if (column == Column::difference && std::isfinite(difference_of(each)))
    return each.preset->lesson
               ? tr("Of an experiment made small: not expected to reach the published number.")
           : agrees(each) ? tr("Within twice the two spreads.")
                          : tr("More than twice the two spreads apart.");
  return {};
}

QVariant PaperModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  const QStringList titles{tr("Experiment"), tr("Rule"),  tr("Published"), tr("Ours"),
                           tr("Difference"), tr("Seeds"), tr("Epochs"),    tr("Size")};
  return titles.value(section);
}

PaperPage::PaperPage(LibraryStore* store, QWidget* parent)
    : QWidget(parent),
      store_(store),
      model_(new PaperModel(this)),
      table_(new QTableView(this)),
      tables_(new QComboBox(this)),
      reduced_(new QCheckBox(tr("Made small for lessons"), this)),
      seeds_(new QSpinBox(this)),
      queue_(new QPushButton(tr("Queue what is missing"), this)),
      words_(new QLabel(this)) {
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
  row->addWidget(tables_);
  row->addWidget(reduced_);
  auto* seeds = new QLabel(tr("Seeds"), this);
  seeds->setBuddy(seeds_);
  seeds_->setAccessibleName(seeds->text());
  seeds_->setRange(1, 100);
  seeds_->setValue(3);
  row->addWidget(seeds);
  row->addWidget(seeds_);
  queue_->setToolTip(tr("Of the selected rows, or of all: the seeds that no stored run has"));
  row->addWidget(queue_);
  row->addStretch(1);
  row->addWidget(words_);
  auto* close = new QPushButton(tr("Close"), this);
  row->addWidget(close);
  table_->setModel(model_);
  table_->setAccessibleName(tr("The papers' tables"));
  look_like_a_list(*table_);
  column->addWidget(table_, 1);
  auto* note = new QLabel(tr("Test accuracy in % at the end; of language models the best validation "
                             "perplexity. Green: within twice "
                             "the two spreads. Double click opens the newest run."),
                          this);
  note->setContentsMargins(8, 0, 8, 6);
  note->setWordWrap(true);
  column->addWidget(note);
  connect(tables_, &QComboBox::currentIndexChanged, this, &PaperPage::refresh);
  connect(reduced_, &QCheckBox::toggled, this, &PaperPage::refresh);
  connect(seeds_, &QSpinBox::valueChanged, this, &PaperPage::show_words);
  connect(close, &QPushButton::clicked, this, &PaperPage::leave_asked);
  connect(queue_, &QPushButton::clicked, this, [this] {
    if (Queued all = missing(); !all.plans.empty()) Q_EMIT queue_asked(all);
  });
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &PaperPage::show_words);
  connect(table_, &QTableView::activated, this, [this](const QModelIndex& index) {
    if (const PaperCell& cell = model_->cell(index.row()); !cell.runs.empty())
      Q_EMIT run_chosen(cell.runs.front());
  });
}

void PaperPage::set_table(const QString& table, bool reduced) {
  tables_->setCurrentIndex(std::max(0, tables_->findData(table)));
  reduced_->setChecked(reduced);
}

void PaperPage::refresh() {
  const int question = ++asked_;
  try {
    auto cells = paper_cells(tables_->currentData().toString().toStdString(), reduced_->isChecked());
    model_->set_cells(cells);  // what is published stands at once
    table_->resizeColumnsToContents();
    show_words();
    store_->find_ours(std::move(cells), [this, question](std::vector<PaperCell> found) {
      if (question != asked_) return;
      model_->set_cells(std::move(found));
      table_->resizeColumnsToContents();
      show_words();
    });
  } catch (const Error& error) {
    words_->setText(QString::fromUtf8(error.what()));
  }
}

Queued PaperPage::missing() const {
  std::set<int> rows;
  for (const QModelIndex& index : table_->selectionModel()->selectedRows()) rows.insert(index.row());
  Queued queued;
  for (std::int64_t seed = 0; seed < seeds_->value(); ++seed) {
    for (int row = 0; row < model_->rowCount(); ++row) {
      const PaperCell& cell = model_->cell(row);
      if ((!rows.empty() && !rows.contains(row)) ||
          std::find(cell.seeds.begin(), cell.seeds.end(), seed) != cell.seeds.end())
        continue;
      ExperimentPlan plan;
      plan.racers = {cell.experiment};
      plan.racers.front().set("seed", seed);
      queued.plans.push_back(queued_plan(plan).plans.front());
    }
  }
  return queued;
}

void PaperPage::show_words() {
  const int count = static_cast<int>(missing().plans.size());
  queue_->setEnabled(count > 0);
  words_->setText(count == 0
                      ? tr("Nothing is missing.")
                      : counted(count, tr("1 run is missing."), tr("%n runs are missing.", nullptr, count)));
}

}  // namespace grapevine
