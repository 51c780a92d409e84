// The run library as a table.
#include "ui/panels/run_library_model.h"

#include <QApplication>
#include <QColor>
#include <QPalette>
#include <QPixmap>
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "ui/panels/window_theme.h"
#include "ui/panels/words.h"
#include "ui/scope/run_colour.h"

namespace grapevine {
namespace {

bool same_colour(const RunSummary& a, const RunSummary& b) {
  return a.colour == b.colour && a.colour_chosen == b.colour_chosen && a.rule == b.rule;
}

bool same(const RunSummary& a, const RunSummary& b) {
  const auto equal = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  return a.id == b.id && a.name == b.name && a.status == b.status && a.tags == b.tags && a.notes == b.notes &&
         same_colour(a, b) && a.steps == b.steps && equal(a.epochs, b.epochs) && a.ended == b.ended &&
         a.score == b.score && equal(a.best, b.best) && equal(a.last, b.last) && a.resumable == b.resumable;
}

/// A language model has a perplexity in the accuracy's place.
QString score(const MeasureDescriptor& measure, double value) {
  if (measure.quantity == Quantity::share) return percent(value);
  return QApplication::translate("RunLibrary", "%1 ppl").arg(QLocale().toString(value, 'f', 1));
}

QString text(const std::string& words) {
  return QString::fromStdString(words);
}

}  // namespace

RunLibraryModel::RunLibraryModel(QObject* parent) : QAbstractTableModel(parent) {}

void RunLibraryModel::set_runs(const std::vector<RunSummary>& runs) {
  const auto find = [&](std::int64_t id) {
    return std::find_if(runs.begin(), runs.end(), [&](const RunSummary& run) { return run.id == id; });
  };
  for (int row = static_cast<int>(runs_.size()) - 1; row >= 0; --row) {
    const std::int64_t id = run(row).id;
    if (find(id) != runs.end()) continue;
    beginRemoveRows({}, row, row);
    runs_.erase(runs_.begin() + row);
    endRemoveRows();
    if (ticked_.remove(id)) Q_EMIT ticked_changed(id, false);
  }
  for (const RunSummary& next : runs) {
    const int row = row_of(next.id);
    if (row < 0) {
      const int end = static_cast<int>(runs_.size());
      beginInsertRows({}, end, end);
      runs_.push_back(next);
      endInsertRows();
    } else if (!same(run(row), next)) {
      const RunSummary before = std::exchange(runs_[static_cast<std::size_t>(row)], next);
      // Cell by cell: a view writes the stored text over an editor that stands in a changed cell, and a run
      // that goes on changes every second.
      for (int column = 0; column < Column::count; ++column)
        if (shown(before, column) != shown(next, column) || (column == 0 && !same_colour(before, next)))
          Q_EMIT dataChanged(index(row, column), index(row, column));
    }
  }
}

int RunLibraryModel::row_of(std::int64_t id) const {
  for (std::size_t row = 0; row < runs_.size(); ++row)
    if (runs_[row].id == id) return static_cast<int>(row);
  return -1;
}

void RunLibraryModel::set_ticked(std::int64_t id, bool ticked) {
  if (ticked_.contains(id) == ticked) return;
  if (ticked)
    ticked_.insert(id);
  else
    ticked_.remove(id);
  if (const int row = row_of(id); row >= 0) Q_EMIT dataChanged(index(row, 0), index(row, 0));
  Q_EMIT ticked_changed(id, ticked);
}

int RunLibraryModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(runs_.size());
}

int RunLibraryModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : Column::count;
}

QVariant RunLibraryModel::shown(const RunSummary& run, int column) const {
  switch (column) {
    case Column::name:
      return run.name.empty() ? tr("Run %1").arg(run.id) : text(run.name);
    case Column::status:
      return word_of_status(run.status);
    case Column::rule:
      return name_of_rule(run.rule);
    case Column::model:
      return name_of_choice("model.name", run.model);
    case Column::data:
      return name_of_choice("data.name", run.data);
    case Column::best:
      return score(*run.score, run.best);
    case Column::final_value:
      return score(*run.score, run.last);
    case Column::epochs:
      return QLocale().toString(run.epochs, 'f', run.epochs < 10 ? 1 : 0);
    case Column::steps:
      return grouped(run.steps);
    case Column::seed:
      return QString::number(run.seed);
    case Column::started:
      return local_time(text(run.started));
    case Column::tags:
      return text(run.tags);
    case Column::notes:
      return text(run.notes).section(QLatin1Char('\n'), 0, 0);
    case Column::device:
      return text(run.device);
    default:
      return {};
  }
}

QVariant RunLibraryModel::sort_key(const RunSummary& run, int column) const {
  // Better is larger, language models below all others: their least perplexity is the best.
  const auto score_key = [&](double value) {
    if (std::isnan(value)) return -std::numeric_limits<double>::infinity();
    return run.score->better == Better::up ? value : -value;
  };
  switch (column) {
    case Column::best:
      return score_key(run.best);
    case Column::final_value:
      return score_key(run.last);
    case Column::epochs:
      return run.epochs;
    case Column::steps:
      return static_cast<qlonglong>(run.steps);
    case Column::seed:
      return static_cast<qlonglong>(run.seed);
    case Column::started:
      return text(run.started) + QStringLiteral(" %1").arg(run.id, 12, 10, QLatin1Char('0'));
    default:
      return shown(run, column).toString().toLower();
  }
}

QVariant RunLibraryModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const RunSummary& each = run(index.row());
  const int column = index.column();
  switch (role) {
    case Qt::DisplayRole:
      return shown(each, column);
    case Qt::EditRole:
      return column == Column::name    ? text(each.name)
             : column == Column::notes ? text(each.notes)
                                       : shown(each, column);
    case sort_role:
      return sort_key(each, column);
    case Qt::CheckStateRole:
      if (column == Column::name) return ticked_.contains(each.id) ? Qt::Checked : Qt::Unchecked;
      return {};
    case Qt::DecorationRole:
      if (column == Column::name) return swatch(run_colour(each, 0, theme_of(QApplication::palette())));
      return {};
    case Qt::TextAlignmentRole:
      if (column >= Column::best && column <= Column::seed)
        return QVariant(Qt::AlignRight | Qt::AlignVCenter);
      return {};
    case Qt::ForegroundRole: {
      if (column != Column::status) return {};
      const bool dark = is_dark(QApplication::palette());
      if (each.status == RunStatus::failed) return tone_colour(Tone::problem, dark);
      if (each.status == RunStatus::interrupted) return tone_colour(Tone::warning, dark);
      if (each.status == RunStatus::running) return tone_colour(Tone::good, dark);
      return {};
    }
    case Qt::ToolTipRole:
      if (column == Column::notes && !each.notes.empty()) return text(each.notes);
      if (column == Column::name) return tr("Run %1, %2").arg(each.id).arg(text(each.uuid));
      return {};
    default:
      return {};
  }
}

QVariant RunLibraryModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole && section >= Column::best && section <= Column::seed)
    return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role == Qt::ToolTipRole) {
    if (section == Column::name) return tr("Tick a run to lay it over the figures; double click opens it");
    if (section == Column::best) return tr("Best test accuracy so far (a language model's perplexity)");
    if (section == Column::final_value) return tr("Latest test accuracy (a language model's perplexity)");
    return {};
  }
  if (role != Qt::DisplayRole) return {};
  const QStringList titles{tr("Name"),    tr("Status"), tr("Rule"),  tr("Best"),  tr("Last"),
                           tr("Epochs"),  tr("Steps"),  tr("Seed"),  tr("Data"),  tr("Model"),
                           tr("Started"), tr("Tags"),   tr("Notes"), tr("Device")};
  return titles.value(section);
}

Qt::ItemFlags RunLibraryModel::flags(const QModelIndex& index) const {
  Qt::ItemFlags flags = QAbstractTableModel::flags(index);
  if (index.column() == Column::name) flags |= Qt::ItemIsUserCheckable;
  if (index.column() == Column::name || index.column() == Column::tags || index.column() == Column::notes)
    flags |= Qt::ItemIsEditable;
  return flags;
}

bool RunLibraryModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (!index.isValid()) return false;
  RunSummary& each = runs_[static_cast<std::size_t>(index.row())];
  if (role == Qt::CheckStateRole && index.column() == Column::name) {
    set_ticked(each.id, value.toInt() == Qt::Checked);
    return true;
  }
  if (role != Qt::EditRole) return false;
  std::string* field = index.column() == Column::name    ? &each.name
                       : index.column() == Column::tags  ? &each.tags
                       : index.column() == Column::notes ? &each.notes
                                                         : nullptr;
  if (!field || *field == value.toString().toStdString()) return false;
  *field = value.toString().toStdString();
  Q_EMIT dataChanged(index, index);
  Q_EMIT text_edited(each.id, index.column(), value.toString());
  return true;
}

RunLibraryFilter::RunLibraryFilter(QObject* parent) : QSortFilterProxyModel(parent) {
  setSortRole(RunLibraryModel::sort_role);
  setDynamicSortFilter(true);
}

void RunLibraryFilter::set_words(const QString& words) {
  words_ = words.split(QLatin1Char(' '), Qt::SkipEmptyParts);
  invalidateFilter();
}

void RunLibraryFilter::set_status(const QString& status) {
  status_ = status;
  invalidateFilter();
}

bool RunLibraryFilter::filterAcceptsRow(int row, const QModelIndex&) const {
  const auto* model = qobject_cast<const RunLibraryModel*>(sourceModel());
  if (!model) return true;
  const RunSummary& run = model->run(row);
  if (!status_.isEmpty() && text(run.status.text()) != status_) return false;
  const QString all =
      QStringList{text(run.name),         text(run.status.text()), text(run.rule),
                  name_of_rule(run.rule), text(run.model),         text(run.data),
                  text(run.tags),         text(run.notes),         local_time(text(run.started)),
                  text(run.device),       QString::number(run.id)}
          .join(QLatin1Char('\n'));
  return std::all_of(words_.begin(), words_.end(),
                     [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
}

}  // namespace grapevine
