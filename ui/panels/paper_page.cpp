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
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <set>

#include "engine/error.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/registry.h"
#include "engine/launch/paper_figures.h"
#include "ui/panels/counted.h"
#include "ui/panels/library_store.h"
#include "ui/panels/list_table.h"
#include "ui/panels/study_view.h"
#include "ui/panels/sweep_figure.h"
#include "ui/panels/window_theme.h"
#include "ui/panels/words.h"

namespace grapevine {
namespace {

const QString study_mark = QStringLiteral("study:");

/// What a picture of these numbers leaves to be said.
QString note_of(const std::string& figure) {
  const QString all = PaperPage::tr(
      "Test accuracy in % at the end; of language models the best validation perplexity. Green: within twice "
      "the two spreads. Double click opens the newest run.");
  if (figure == "figure3")
    return PaperPage::tr(
               "Training and test loss of the runs below; the text prints its curves as a picture "
               "alone, without numbers. ") +
           all;
  return figure.empty() ? all
                        : PaperPage::tr(
                              "Lines named published are the text's, the others ours, with the standard "
                              "deviation over seeds. ") +
                              all;
}

QString spread_text(double mean, double deviation) {
  if (!std::isfinite(mean)) return {};
  const QString text = QLocale().toString(mean, 'f', 2);
  return std::isfinite(deviation) ? QStringLiteral("%1 ± %2").arg(text, QLocale().toString(deviation, 'f', 2))
                                  : text;
}

/// "GrAPE"; a racer of a preset's own has its rule's name and what the preset calls it.
QString name_of(const PaperCell& cell) {
  if (find_rule(cell.racer)) return name_of_rule(cell.racer);
  return QStringLiteral("%1 (%2)").arg(name_of_rule(cell.experiment.rule()),
                                       QString::fromStdString(cell.racer));
}

}  // namespace

SweepPlot plot_of(const PaperFigure& figure) {
  SweepPlot plot;
  plot.kind = SweepPlot::Kind::curve;
  plot.x_title = QString::fromStdString(figure.x_title);
  plot.y_title = QString::fromStdString(figure.y_title);
  plot.log_x = figure.log_x;
  std::set<double> ticks;
  // Ours come first: of a rule's lines the second is dashed.
  for (const bool published : {false, true}) {
    for (const PaperLine& line : figure.lines) {
      if (line.published != published) continue;
      const QString name = QString::fromStdString(line.name);
      plot.lines.push_back({published ? PaperPage::tr("%1 (published)").arg(name) : name, line.rule, {}});
      for (const PaperDot& dot : line.dots) {
        const double reach = std::isfinite(dot.deviation) ? dot.deviation : 0;
        plot.lines.back().dots.push_back({dot.x, dot.mean, dot.mean - reach, dot.mean + reach, 1});
        ticks.insert(dot.x);
      }
    }
  }
  plot.x_ticks.assign(ticks.begin(), ticks.end());
  if (ticks.empty()) plot.kind = SweepPlot::Kind::none;
  return plot;
}

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
      return name_of(cell);
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
      words_(new QLabel(this)),
      pages_(new QStackedWidget(this)),
      figures_(new QWidget(this)),
      study_(new StudyView(this)),
      note_(new QLabel(this)) {
  build_row();
  table_->setModel(model_);
  table_->setAccessibleName(tr("The papers' tables"));
  look_like_a_list(*table_);
  table_->horizontalHeader()->setStretchLastSection(false);
  table_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  table_->horizontalHeader()->setSectionResizeMode(PaperModel::Column::preset, QHeaderView::Stretch);
  auto* runs = new QWidget(this);
  auto* below = new QVBoxLayout(runs);
  below->setContentsMargins(0, 0, 0, 0);
  below->addWidget(table_, 1);
  auto* side_by_side = new QHBoxLayout(figures_);
  side_by_side->setContentsMargins(0, 0, 0, 0);
  below->addWidget(figures_, 1);
  figures_->hide();
  note_->setContentsMargins(8, 0, 8, 6);
  note_->setWordWrap(true);
  below->addWidget(note_);
  pages_->addWidget(runs);
  pages_->addWidget(study_);
  layout()->addWidget(pages_);
  connect(tables_, &QComboBox::currentIndexChanged, this, &PaperPage::refresh);
  connect(reduced_, &QCheckBox::toggled, this, &PaperPage::refresh);
  connect(seeds_, &QSpinBox::valueChanged, this, &PaperPage::show_words);
  connect(queue_, &QPushButton::clicked, this, [this] {
    if (Queued all = missing(); !all.plans.empty()) Q_EMIT queue_asked(all);
  });
  connect(table_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &PaperPage::show_words);
  connect(table_, &QTableView::activated, this, [this](const QModelIndex& index) {
    if (const PaperCell& cell = model_->cell(index.row()); !cell.runs.empty())
      Q_EMIT run_chosen(cell.runs.front());
  });
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
  queue_->setToolTip(tr("Of the selected rows, or of all: the seeds that no stored run has"));
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
    show_figures(paper_figures(figure, cells, nullptr));
    note_->setText(note_of(figure));
    show_words();
    store_->find_ours(std::move(cells), [this, question, figure](std::vector<PaperCell> found) {
      if (question != asked_) return;
      model_->set_cells(found);
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
    drawn->show_plot(plot_of(figure), false);
    column->addWidget(drawn, 1);
    figures_->layout()->addWidget(framed);
  }
  figures_->setVisible(!figures.empty());
}

Queued PaperPage::missing() const {
  std::set<int> rows;
  for (const QModelIndex& index : table_->selectionModel()->selectedRows()) rows.insert(index.row());
  std::vector<const PaperCell*> cells;
  for (int row = 0; row < model_->rowCount(); ++row)
    if (rows.empty() || rows.contains(row)) cells.push_back(&model_->cell(row));
  return missing_runs(cells, seeds_->value());
}

void PaperPage::show_words() {
  const int count = static_cast<int>(missing().plans.size());
  queue_->setEnabled(count > 0);
  words_->setText(count == 0
                      ? tr("Nothing is missing.")
                      : counted(count, tr("1 run is missing."), tr("%n runs are missing.", nullptr, count)));
}

}  // namespace grapevine
