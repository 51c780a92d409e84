#include "ui/panels/paper_model.h"

#include <QApplication>
#include <QLocale>
#include <QRegularExpression>
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/registry.h"
#include "engine/launch/paper_figures.h"
#include "ui/panels/sweep_plot.h"
#include "ui/panels/window_theme.h"
#include "ui/panels/words.h"
#include "ui/scope/run_colour.h"

namespace grapevine {
namespace {

QString spread_text(double mean, double deviation) {
  if (!std::isfinite(mean)) return {};
  const QString text = QLocale().toString(mean, 'f', 2);
  return std::isfinite(deviation) ? QStringLiteral("%1 ± %2").arg(text, QLocale().toString(deviation, 'f', 2))
                                  : text;
}

/// Where a rule and its variants are the same in a text, its number is one: it is drawn once.
bool is_repeated(const PaperFigure& figure, const PaperLine& line) {
  const auto same = [](const PaperDot& one, const PaperDot& other) {
    return one.x == other.x && one.mean == other.mean;
  };
  for (const PaperLine& before : figure.lines) {
    if (&before == &line) return false;
    if (before.published && line.published && before.rule == line.rule &&
        std::equal(before.dots.begin(), before.dots.end(), line.dots.begin(), line.dots.end(), same))
      return true;
  }
  return false;
}

/// Its place among the rules of its hue, and that of a second pair of variants behind it: two have dashes.
struct Shades {
  std::map<std::string, std::vector<std::string>> of_hue, variants;

  static int place(std::vector<std::string>& known, const std::string& name) {
    const auto found = std::find(known.begin(), known.end(), name);
    const auto place = static_cast<int>(found - known.begin());
    if (found == known.end()) known.push_back(name);
    return place;
  }
  int variant(const PaperLine& line) {
    return line.variant.empty() ? 0 : 1 + place(variants[line.rule], line.variant);
  }
  int shade(const PaperLine& line) {
    return place(of_hue[hue_family(line.rule)], line.rule + std::to_string(variant(line) / 2));
  }
};

}  // namespace

SweepPlot plot_of(const PaperFigure& figure) {
  SweepPlot plot;
  plot.kind = SweepPlot::Kind::curve;
  plot.x_title = QString::fromStdString(figure.x_title);
  plot.y_title = QString::fromStdString(figure.y_title);
  plot.log_x = figure.log_x;
  std::set<double> ticks;
  // What is ours and what is published of the same has one colour and one entry in the legend; a loss in
  // training and in the test too. A rule's variants have its colour and other dashes.
  const auto base_of = [](const PaperLine& line) { return line.name.substr(0, line.name.rfind(", t")); };
  const auto is_second = [](const PaperLine& line) {
    return line.published || line.name.ends_with(", test");
  };
  Shades shades;
  std::set<std::string> in_legend;
  for (const bool published : {false, true}) {
    for (const PaperLine& line : figure.lines) {
      if (line.published != published || is_repeated(figure, line)) continue;
      const std::string base = base_of(line);
      const QString name = QString::fromStdString(base);
      SweepPlot::Line drawn;
      drawn.name = published ? QObject::tr("%1 (published)").arg(name) : name;
      drawn.rule = line.rule;
      drawn.shade = shades.shade(line);
      drawn.dashed = is_second(line);
      drawn.variant = shades.variant(line) % 2 == 1;
      drawn.level = line.level;
      drawn.in_legend = in_legend.insert(base).second;
      for (const PaperDot& dot : line.dots) {
        const double reach = std::isfinite(dot.deviation) ? dot.deviation : 0;
        drawn.dots.push_back({dot.x, dot.mean, dot.mean - reach, dot.mean + reach, 1});
        ticks.insert(dot.x);
      }
      plot.lines.push_back(std::move(drawn));
    }
  }
  plot.x_ticks.assign(ticks.begin(), ticks.end());
  if (ticks.empty()) plot.kind = SweepPlot::Kind::none;
  return plot;
}

QString name_of_text(const std::string& paper) {
  static const QRegularExpression ours(QStringLiteral("^grape-(20[0-9]{2})(.*)$"));
  const QRegularExpressionMatch found = ours.match(QString::fromStdString(paper));
  return found.hasMatch() ? QObject::tr("GrAPE, %1 text").arg(found.captured(1)) + found.captured(2)
                          : QString::fromStdString(paper);
}

QString other_values(const PaperCell& cell) {
  QStringList others;
  for (std::size_t i = 1; i < cell.published.size(); ++i) {
    const PublishedResult& one = cell.published[i];
    if (spread_text(one.mean, one.spread) !=
        spread_text(cell.published.front().mean, cell.published.front().spread))
      others << QStringLiteral("%1 (%2)").arg(spread_text(one.mean, one.spread), name_of_text(one.paper));
  }
  return others.join(QStringLiteral("; "));
}

void PaperModel::set_cells(std::vector<PaperCell> cells) {
  beginResetModel();
  cells_ = std::move(cells);
  queued_.clear();
  endResetModel();
}

void PaperModel::set_queued(std::vector<int> queued) {
  queued.resize(cells_.size());
  if (queued == queued_) return;
  queued_ = std::move(queued);
  if (!cells_.empty()) Q_EMIT dataChanged(index(0, Column::seeds), index(rowCount() - 1, Column::seeds));
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

QString PaperModel::seeds_text(int row) const {
  const auto place = static_cast<std::size_t>(row);
  const int trained = cells_[place].ours.count, queued = place < queued_.size() ? queued_[place] : 0;
  QStringList parts;
  if (trained > 0) parts << QString::number(trained);
  if (queued > 0) parts << tr("%1 queued").arg(queued);
  return parts.join(QStringLiteral(", "));
}

QString PaperModel::text(int row, int column) const {
  const PaperCell& cell = this->cell(row);
  const bool known = !cell.published.empty();
  switch (column) {
    case Column::preset:
      return QString::fromStdString(cell.preset->title);
    case Column::racer:
      return QString::fromStdString(title_of_racer(cell));
    case Column::published:
      return known ? spread_text(cell.published.front().mean, cell.published.front().spread) : QString();
    case Column::also:
      return other_values(cell);
    case Column::ours:
      return spread_text(printed(cell, cell.ours.mean), printed(cell, cell.ours.deviation));
    case Column::difference: {
      const double difference = difference_of(cell);
      if (!std::isfinite(difference)) return {};
      const QString number =
          (difference > 0 ? QStringLiteral("+") : QString()) + QLocale().toString(difference, 'f', 2);
      return find_measure(cell.quantity.name)->quantity == Quantity::share ? tr("%1 pp").arg(number) : number;
    }
    case Column::seeds:
      return seeds_text(row);
    case Column::epochs:
      return QString::number(TrainSettings::of(cell.experiment).epochs);
    case Column::kind:
      return cell.preset->lesson ? tr("reduced") : tr("full");
    case Column::source:
      return known ? name_of_text(cell.published.front().paper) : QString();
    default:
      return {};
  }
}

QVariant PaperModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const PaperCell& each = cell(index.row());
  const int column = index.column();
  if (role == Qt::AccessibleTextRole) return text(index.row(), column);
  if (role == Qt::DisplayRole) {
    // An experiment's name appears once, at the first of its rows.
    const bool again =
        column == Column::preset && index.row() > 0 && cell(index.row() - 1).preset == each.preset;
    return again ? QString() : text(index.row(), column);
  }
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
    QStringList chosen{QString::fromStdString(each.preset->title), QString::fromStdString(each.preset->name)};
    for (const std::string& sentence : each.preset->chosen) chosen << QString::fromStdString(sentence);
    return chosen.join(QLatin1Char('\n'));
  }
  if (column == Column::racer && each.racer == "literal")
    return tr(
        "GrAPE to the letter of the 2026 text; at the experiment's name is where GrAPE departs from it.");
  if (column == Column::published || column == Column::also) {
    QStringList all;
    for (const PublishedResult& one : each.published)
      all << QStringLiteral("%1: %2").arg(name_of_text(one.paper), spread_text(one.mean, one.spread));
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
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole && section >= Column::published && section <= Column::epochs)
    return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  const QStringList titles{tr("Experiment"), tr("Rule"),        tr("Published"), tr("Other values"),
                           tr("Ours"),       tr("Difference"),  tr("Seeds"),     tr("Epochs"),
                           tr("Size"),       tr("Published in")};
  return titles.value(section);
}

}  // namespace grapevine
