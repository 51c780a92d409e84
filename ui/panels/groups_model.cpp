// The leader board's cells, and its order.
#include "ui/panels/groups_model.h"

#include <QApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>

#include "engine/experiment/groups/rule_name.h"
#include "engine/experiment/registry.h"
#include "engine/runs/spread_digits.h"
#include "ui/panels/counted.h"
#include "ui/panels/group_words.h"
#include "ui/panels/library_column.h"
#include "ui/panels/window_theme.h"
#include "ui/panels/words.h"
#include "ui/scope/run_colour.h"

namespace grapevine {
namespace {

const MeasureDescriptor& measure_of(const RunKey& key) {
  return *find_measure(key.name);
}

/// As a setting, or the library's column.
bool names_the_rule(const RunKey& key) {
  return key.name == rule_name_key() || key.name == "rule";
}

/// What a share has behind it: a percentage, or points of it where two are subtracted.
enum class Unit { none, percent, points };

/// Shares in percent. Others in the digits of the mean that the number belongs to.
QString number(const RunKey& key, double value, double mean, Unit unit) {
  const MeasureDescriptor& measure = measure_of(key);
  if (measure.quantity == Quantity::share)
    return QLocale().toString(100 * value, 'f', 2) + (unit == Unit::percent  ? QStringLiteral(" %")
                                                      : unit == Unit::points ? GroupsModel::tr(" pp")
                                                                             : QString());
  if (measure.quantity == Quantity::perplexity) return QLocale().toString(value, 'f', 2);
  const int digits = digits_behind_point(mean);
  return digits < 0 ? QLocale().toString(value, 'g', 4) : QLocale().toString(value, 'f', digits);
}

QString spread_text(const RunKey& key, const Spread& spread) {
  if (spread.count == 0) return {};
  if (spread.count == 1) return number(key, spread.mean, spread.mean, Unit::percent);
  return QStringLiteral("%1 ± %2").arg(number(key, spread.mean, spread.mean, Unit::none),
                                       number(key, spread.deviation, spread.mean, Unit::percent));
}

}  // namespace

bool GroupsModel::can_rank(const RunKey& measure) {
  return measure_of(measure).better != Better::none;
}

void GroupsModel::set_comparison(Comparison comparison) {
  beginResetModel();
  comparison_ = std::move(comparison);
  rank();
  endResetModel();
}

void GroupsModel::rank_by(const std::optional<RunKey>& measure) {
  beginResetModel();
  wanted_ = measure;
  rank();
  endResetModel();
}

void GroupsModel::rank() {
  ranked_by_ = ranking_measure(comparison_);
  for (std::size_t i = 0; i < comparison_.measures.size(); ++i)
    if (wanted_ && comparison_.measures[i] == *wanted_ && can_rank(*wanted_)) ranked_by_ = i;
  std::vector<Standing> order = ranked_by_ ? standings(comparison_, *ranked_by_) : std::vector<Standing>{};
  std::vector<bool> has_place(comparison_.groups.size(), false);
  for (const Standing& standing : order) has_place[standing.group] = true;
  for (std::size_t group = 0; group < has_place.size(); ++group) {
    if (has_place[group]) continue;
    Standing last;
    last.group = group;
    last.mean = last.behind = std::nan("");
    order.push_back(last);
  }
  rows_.clear();
  for (const Standing& standing : order) rows_.push_back({standing, static_cast<int>(rows_.size())});
  gaps_.assign(comparison_.groups.size(), std::nullopt);
  for (std::size_t i = 0; i < comparison_.gaps.size(); ++i)
    if (comparison_.gaps[i].measure == ranked_by_) gaps_[comparison_.gaps[i].group] = i;
  make_columns();
  put_in_order();
}

/// What a board is read for stands in view, however many settings differ: the rule and the result first.
void GroupsModel::make_columns() {
  const auto is_rule = [&](std::size_t key) { return names_the_rule(comparison_.keys[key]); };
  columns_ = {{Part::place, 0}};
  for (std::size_t i = 0; i < comparison_.keys.size(); ++i)
    if (is_rule(i)) columns_.push_back({Part::key, i});
  if (ranked_by_) columns_.push_back({Part::measure, *ranked_by_});
  columns_.push_back({Part::count, 0});
  if (ranked_by_ && rows_.size() > 1) columns_.push_back({Part::behind, 0});
  if (!comparison_.gaps.empty()) columns_.push_back({Part::gap, 0});
  for (std::size_t i = 0; i < comparison_.keys.size(); ++i)
    if (!is_rule(i)) columns_.push_back({Part::key, i});
  for (std::size_t i = 0; i < comparison_.measures.size(); ++i)
    if (i != ranked_by_) columns_.push_back({Part::measure, i});
}

QString GroupsModel::ranked_by() const {
  if (!ranked_by_) return {};
  LibraryColumn same;
  same.key = comparison_.measures[*ranked_by_];
  return same.title();
}

const RunGroup& GroupsModel::group(int row) const {
  return comparison_.groups[rows_.at(static_cast<std::size_t>(row)).standing.group];
}

QString GroupsModel::name_of(int row) const {
  return name_by(row, std::vector<bool>(comparison_.keys.size(), true));
}

QString GroupsModel::name_among_ticked(int row) const {
  std::vector<bool> told;
  for (std::size_t i = 0; i < comparison_.keys.size(); ++i) {
    const auto is_other = [&](int other) {
      return ticked(other) && to_text(group(other).settings[i]) != to_text(group(row).settings[i]);
    };
    bool differs = names_the_rule(comparison_.keys[i]);
    for (int other = 0; other < rowCount() && !differs; ++other) differs = is_other(other);
    told.push_back(differs);
  }
  const bool any = std::find(told.begin(), told.end(), true) != told.end();
  return any ? name_by(row, told) : name_of(row);  // one alone, grouped by something else than the rule
}

/// By the keys that are shown.
QString GroupsModel::name_by(int row, const std::vector<bool>& told) const {
  QStringList parts;
  QString rule;
  for (std::size_t i = 0; i < comparison_.keys.size(); ++i) {
    if (!told[i]) continue;
    const RunKey& key = comparison_.keys[i];
    const QString value = cell_text(key, group(row).settings[i]);
    if (value.isEmpty()) continue;
    if (names_the_rule(key))
      rule = value;
    else
      parts << QString::fromStdString(key.name).section(QLatin1Char('.'), -1) + QLatin1Char(' ') + value;
  }
  if (rule.isEmpty() && parts.isEmpty()) return name_without_values(comparison_, group(row));
  const QString rest = parts.join(QStringLiteral(", "));
  return rule.isEmpty() || rest.isEmpty() ? rule + rest : rule + QStringLiteral(" · ") + rest;
}

std::vector<std::int64_t> GroupsModel::ids(int row) const {
  std::vector<std::int64_t> all;
  for (const ComparedRun& run : group(row).runs) all.push_back(run.id);
  return all;
}

void GroupsModel::set_ticked(int row, bool ticked) {
  if (this->ticked(row) == ticked) return;
  if (ticked)
    ticked_.insert(name_of(row));
  else
    ticked_.remove(name_of(row));
  Q_EMIT dataChanged(index(row, 0), index(row, 0));
  Q_EMIT ticked_changed();
}

int GroupsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int GroupsModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(columns_.size());
}

QString GroupsModel::behind_text(int row) const {
  const Standing& own = standing(row);
  if (rows_[static_cast<std::size_t>(row)].place == 0 || std::isnan(own.behind)) return {};
  const RunKey& key = comparison_.measures[*ranked_by_];
  QString text = number(key, own.behind, own.behind, Unit::points);
  if (own.interval)
    text += QStringLiteral(" [%1, %2]")
                .arg(number(key, own.interval->low, own.behind, Unit::none),
                     number(key, own.interval->high, own.behind, Unit::none));
  return text;
}

const GapClosed* GroupsModel::gap_of(std::size_t group) const {
  return gaps_[group] ? &comparison_.gaps[*gaps_[group]] : nullptr;
}

QString GroupsModel::gap_text(int row) const {
  const GapClosed* gap = gap_of(standing(row).group);
  if (!gap) return {};
  if (!gap->words.empty()) return tr(gap->words.c_str());
  const QString text = percent(gap->value);
  if (gap->interval)
    return text + QStringLiteral(" [%1, %2]").arg(percent(gap->interval->low), percent(gap->interval->high));
  return gap->seeds == 1   ? tr("%1 (no interval: one seed)").arg(text)
         : gap->seeds == 2 ? tr("%1 (no interval: two seeds)").arg(text)
                           : tr("%1 (no interval)").arg(text);
}

QString GroupsModel::text(int row, const Column& column) const {
  if (const QString words = failure_text(row, column); !words.isEmpty()) return words;
  switch (column.part) {
    case Part::place:
      return std::isnan(standing(row).mean) ? QString()
                                            : QString::number(rows_[static_cast<std::size_t>(row)].place + 1);
    case Part::key:
      return cell_text(comparison_.keys[column.index], group(row).settings[column.index]);
    case Part::count:
      return group(row).runs.size() > group(row).seeds
                 ? tr("%1 (%2 runs)").arg(group(row).seeds).arg(group(row).runs.size())
                 : QString::number(group(row).seeds);
    case Part::measure: {
      const Spread& spread = group(row).spreads[column.index];
      QString text = spread_text(comparison_.measures[column.index], spread);
      // Some of the seeds may lack it.
      if (spread.count > 0 && spread.count != static_cast<int>(group(row).seeds))
        text += QStringLiteral(" (%1)").arg(spread.count);
      return text;
    }
    case Part::behind:
      return behind_text(row);
    case Part::gap:
      return gap_text(row);
  }
  return {};
}

QString GroupsModel::behind_help(int row) const {
  const Standing& own = standing(row);
  if (rows_[static_cast<std::size_t>(row)].place == 0 || std::isnan(own.behind)) return {};
  QString over = own.paired ? tr("over the %1 seeds that both have").arg(own.seeds)
                            : tr("of means, with nothing that is paired");
  if (own.matched > own.seeds)
    over = tr("%1, of each the mean of the runs that agree in all settings but the groups' (%2 each)")
               .arg(over)
               .arg(own.matched);
  if (measure_of(comparison_.measures[*ranked_by_]).quantity == Quantity::perplexity)
    over = tr("of logarithms of perplexities, %1").arg(over);
  if (!own.interval) return tr("%1; fewer than three seeds give no interval").arg(over);
  return own.told_apart() ? tr("%1, with a 95 % interval").arg(over)
                          : tr("%1; the 95 % interval contains 0: no significant difference").arg(over);
}

/// In the place of the number that is missing; next to N where a part of the seeds failed.
QString GroupsModel::failure_text(int row, const Column& column) const {
  const RunGroup& own = group(row);
  if (own.failed.empty()) return {};
  const auto failed = static_cast<int>(own.failed.size());
  if (column.part == Part::count && (ranked_by_ || !own.runs.empty()))
    return counted(failed, tr("%1 (1 failed)"), tr("%1 (%n failed)", nullptr, failed)).arg(own.seeds);
  const bool here =
      ranked_by_ ? column.part == Part::measure && column.index == *ranked_by_ : column.part == Part::count;
  return here && own.runs.empty() ? failure_in_words(own) : QString();
}

/// Of each run that failed why; "" where none did.
QString GroupsModel::failure_help(int row) const {
  constexpr std::size_t most = 12;
  QStringList lines;
  for (const FailedRun& run : group(row).failed) {
    if (lines.size() == most) {
      lines << QStringLiteral("…");
      break;
    }
    lines << (run.why.empty() ? tr("Run %1 (seed %2) failed.").arg(run.id).arg(run.seed)
                              : tr("Run %1 (seed %2) failed: %3")
                                    .arg(run.id)
                                    .arg(run.seed)
                                    .arg(QString::fromStdString(run.why)));
  }
  return lines.join(QLatin1Char('\n'));
}

QVariant GroupsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Column& column = columns_[static_cast<std::size_t>(index.column())];
  const int row = index.row();
  if (role == Qt::ToolTipRole && !failure_text(row, column).isEmpty()) return failure_help(row);
  switch (role) {
    case Qt::DisplayRole:
      return text(row, column);
    case Qt::CheckStateRole:
      if (column.part != Part::place) return {};
      return ticked(row) ? Qt::Checked : Qt::Unchecked;
    case Qt::DecorationRole: {
      if (column.part != Part::place || group(row).rule.empty()) return {};
      return swatch(run_colour(group(row).rule, 0, false, 0, theme_of(QApplication::palette())));
    }
    case Qt::TextAlignmentRole:
      return is_number(column) ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case Qt::ForegroundRole: {
      const bool open = column.part == Part::behind && standing(row).interval && !standing(row).told_apart();
      return open ? QVariant(tone_colour(Tone::quiet, is_dark(QApplication::palette()))) : QVariant();
    }
    case Qt::ToolTipRole: {
      if (column.part == Part::place) return name_of(row);
      if (column.part == Part::behind) return behind_help(row);
      return {};
    }
    default:
      return {};
  }
}

QVariant GroupsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
  const Column& column = columns_[static_cast<std::size_t>(section)];
  if (role == Qt::TextAlignmentRole)  // over its numbers
    return is_number(column) ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
  if (role == Qt::InitialSortOrderRole) {  // the best first
    if (column.part != Part::measure)
      return column.part == Part::gap ? Qt::DescendingOrder : Qt::AscendingOrder;
    LibraryColumn same;
    same.key = comparison_.measures[column.index];
    return same.first_order();
  }
  const bool title = role == Qt::DisplayRole;
  if (!title && role != Qt::ToolTipRole) return {};
  switch (column.part) {
    case Part::place:
      return title ? tr("Place") : tr("By the mean; a tick draws mean and band in the figures");
    case Part::key:
    case Part::measure: {
      LibraryColumn same;
      same.key =
          column.part == Part::key ? comparison_.keys[column.index] : comparison_.measures[column.index];
      if (!title) return same.help();
      return same.title();
    }
    case Part::count:
      return title ? tr("N") : tr("Seeds in the group");
    case Part::behind:
      return title ? tr("Behind the first [95 %]")
                   : tr("Differences over the same seeds where there are any; of percentages in percentage "
                        "points (pp)");
    case Part::gap:
      return title ? tr("Gap closed [95 %]") : tr("(value − DFA) / (BP − DFA), of means");
  }
  return {};
}

Qt::ItemFlags GroupsModel::flags(const QModelIndex& index) const {
  Qt::ItemFlags flags = QAbstractTableModel::flags(index);
  return index.column() == 0 ? flags | Qt::ItemIsUserCheckable : flags;
}

bool GroupsModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (!index.isValid() || index.column() != 0 || role != Qt::CheckStateRole) return false;
  set_ticked(index.row(), value.toInt() == Qt::Checked);
  return true;
}

}  // namespace grapevine
