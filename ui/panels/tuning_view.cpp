#include "ui/panels/tuning_view.h"

#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "engine/experiment/groups/rule_name.h"
#include "engine/experiment/registry.h"
#include "ui/panels/list_table.h"
#include "ui/panels/tunings.h"
#include "ui/panels/words.h"

namespace grapevine {
namespace {

QString number_text(const MeasureDescriptor& measure, double value, bool unit) {
  if (!std::isfinite(value)) return QStringLiteral("–");
  if (measure.quantity != Quantity::share) return QLocale().toString(value, 'f', 2);
  return QLocale().toString(100 * value, 'f', 2) + (unit ? QStringLiteral(" %") : QString());
}

QString spread_text(const MeasureDescriptor& measure, const Spread& spread) {
  if (spread.count == 0) return {};
  if (spread.count == 1) return number_text(measure, spread.mean, true);
  return QStringLiteral("%1 ± %2").arg(number_text(measure, spread.mean, false),
                                       number_text(measure, spread.deviation, true));
}

/// "GrAPE, Batch 32"
QString name_of(const Contestant& contestant) {
  QStringList parts;
  for (const auto& [key, value] : contestant.settings) {
    if (key == rule_name_key())
      parts << name_of_rule(value);
    else if (key == "racer")
      parts << QString::fromStdString(value);
    else
      parts << label_of_key(key) + QLatin1Char(' ') + QString::fromStdString(value);
  }
  return parts.isEmpty() ? TuningView::tr("The experiment") : parts.join(QStringLiteral(", "));
}

/// "0.001: 91.20 %, 0.01: 93.10 %"; a dash where a value gave no number.
QString tried_text(const TuningStanding& standing, const MeasureDescriptor& judge) {
  QStringList parts;
  for (std::size_t i = 0; i < standing.tried.size(); ++i)
    parts << QStringLiteral("%1: %2").arg(QString::fromStdString(standing.contestant->values[i].value),
                                          number_text(judge, standing.tried[i], true));
  return parts.join(QStringLiteral(", "));
}

QStringList headings_of(const Tuning& tuning) {
  const MeasureDescriptor& test = *find_measure(key_in(Phase::test, tuning.judge->family));
  return {TuningView::tr("Rule or variant"),
          TuningView::tr("Best %1").arg(label_of_key(tuning.key).toLower()),
          TuningView::tr("Best %1").arg(QString::fromStdString(tuning.judge->name)),
          TuningView::tr("%1 at the end").arg(sentence_case(QString::fromStdString(test.name))),
          TuningView::tr("N"),
          TuningView::tr("Tried")};
}

QString how_far(const TuningReport& report) {
  const std::vector<std::size_t> search = report.ordered.tuning.search_cells();
  const auto tried = std::count_if(search.begin(), search.end(), [&](std::size_t i) {
    return report.cells[i].status == RunStatus::finished || report.cells[i].status == RunStatus::failed;
  });
  const QString key = label_of_key(report.ordered.tuning.key).toLower();
  if (!report.search_over)
    return TuningView::tr(
               "Search of %1: %2 of %3 values tried; the best ones are trained with the other "
               "seeds then.")
        .arg(key)
        .arg(tried)
        .arg(search.size());
  const std::vector<std::size_t> last = chosen_cells(report.ordered.tuning, report.chosen);
  const auto left = missing_of(last, report.cells).size();
  if (left > 0)
    return TuningView::tr("Search of %1: all values tried; %2 of %3 runs with the best ones are finished.")
        .arg(key)
        .arg(last.size() - left)
        .arg(last.size());
  return TuningView::tr("Search of %1: complete.").arg(key);
}

}  // namespace

TuningView::TuningView(QWidget* parent)
    : QWidget(parent),
      words_(new QLabel(this)),
      table_(new QTableView(this)),
      rows_(new QStandardItemModel(this)),
      overlay_(new QPushButton(tr("Show the best ones' runs"), this)) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  words_->setTextFormat(Qt::PlainText);
  words_->setWordWrap(true);
  words_->setContentsMargins(8, 0, 8, 0);
  column->addWidget(words_);
  table_->setModel(rows_);
  table_->setAccessibleName(tr("Result of the search"));
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  look_like_a_list(*table_);
  column->addWidget(table_, 1);
  overlay_->setToolTip(
      tr("Open the finished runs of the best values next to each other, as several runs of the library"));
  column->addWidget(overlay_, 0, Qt::AlignLeft);
  connect(overlay_, &QPushButton::clicked, this, [this] { Q_EMIT runs_asked(winners_); });
}

QString TuningView::words() const {
  return words_->text();
}

void TuningView::show_report(const TuningReport& report) {
  const Tuning& tuning = report.ordered.tuning;
  const MeasureDescriptor& test = *find_measure(key_in(Phase::test, tuning.judge->family));
  rows_->clear();
  rows_->setHorizontalHeaderLabels(headings_of(tuning));
  QStringList at_the_end;
  for (const TuningStanding& standing : tuning_standings(tuning, report.chosen, report.cells)) {
    const QString name = name_of(*standing.contestant);
    const QStringList texts{name,
                            standing.chosen ? QString::fromStdString(standing.chosen->value) : tr("none yet"),
                            spread_text(*tuning.judge, standing.validation),
                            spread_text(test, standing.test),
                            QString::number(standing.test.count),
                            tried_text(standing, *tuning.judge)};
    QList<QStandardItem*> items;
    for (const QString& text : texts) {
      items << new QStandardItem(text);
      items.back()->setToolTip(text);
    }
    rows_->appendRow(items);
    if (standing.at_the_end_of_the_list) at_the_end << name;
  }
  table_->resizeColumnsToContents();
  QStringList words{how_far(report),
                    tr("Each value was tried with the first seed and judged by its best %1; the test is of "
                       "the best value's runs alone. N: its runs, one for each seed.")
                        .arg(QString::fromStdString(tuning.judge->name))};
  if (report.search_over && !at_the_end.isEmpty())
    words << tr("Best at the end of the list, so that a wider one may hold a better value: %1.")
                 .arg(at_the_end.join(QStringLiteral(", ")));
  words_->setText(words.join(QLatin1Char(' ')));
  winners_.clear();
  for (const std::size_t i : chosen_cells(tuning, report.chosen))
    if (report.cells[i].status == RunStatus::finished) winners_.push_back(report.cells[i].run);
  overlay_->setEnabled(report.search_over && !winners_.empty());
}

}  // namespace grapevine
