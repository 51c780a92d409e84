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

#include "engine/experiment/utf8.h"
#include "engine/runs/setting_differences.h"
#include "ui/panels/window_theme.h"
#include "ui/panels/words.h"
#include "ui/scope/run_colour.h"

namespace grapevine {
namespace {

using Shows = LibraryColumn::Kind;

/// What a row says next to its columns.
bool looks_the_same(const RunSummary& a, const RunSummary& b) {
  return a.colour == b.colour && a.colour_chosen == b.colour_chosen && a.rule == b.rule &&
         a.pinned == b.pinned && a.baseline == b.baseline && a.archived == b.archived;
}

/// A language model has a perplexity in the accuracy's place.
QString score(const MeasureDescriptor& measure, double value) {
  if (std::isnan(value)) return {};
  if (measure.quantity == Quantity::share) return percent(value);
  return QApplication::translate("RunLibrary", "%1 ppl").arg(QLocale().toString(value, 'f', 1));
}

double score_of(const RunSummary& run, Shows kind) {
  return kind == Shows::best ? run.best : run.last;
}

/// Better is larger, language models below all others: their least perplexity is the best.
double rank_of(const RunSummary& run, Shows kind) {
  const double value = score_of(run, kind);
  return run.score->better == Better::up ? value : -value;
}

QString text(const std::string& words) {
  return QString::fromStdString(words);
}

int order(double one, double other) {
  return one < other ? -1 : other < one ? 1 : 0;
}

}  // namespace

RunLibraryModel::RunLibraryModel(QObject* parent)
    : QAbstractTableModel(parent), columns_(usual_library_columns()) {}

void RunLibraryModel::set_columns(const LibraryColumns& columns) {
  if (columns == columns_) return;
  beginResetModel();
  columns_ = columns;
  endResetModel();
}

std::vector<RunKey> RunLibraryModel::keys() const {
  std::vector<RunKey> keys;
  for (const LibraryColumn& each : columns_)
    if (each.kind == Shows::key && each.key.kind != RunKey::Kind::column) keys.push_back(each.key);
  return keys;
}

void RunLibraryModel::take(const LibraryPiece& piece) {
  std::vector<Row> added;
  for (const RunRow& read : piece.rows) {
    seen_.insert(read.summary.id);
    Row next{read.summary, read.cells, piece.keys};
    if (const int place = row_of(read.summary.id); place >= 0)
      update(place, std::move(next));
    else
      added.push_back(std::move(next));
  }
  if (!added.empty()) {
    const int end = static_cast<int>(rows_.size());
    beginInsertRows({}, end, end + static_cast<int>(added.size()) - 1);
    for (Row& row : added) {
      places_.insert(row.run.id, static_cast<int>(rows_.size()));
      rows_.push_back(std::move(row));
    }
    endInsertRows();
  }
  if (piece.ends_list) drop_unseen();
}

// Cell by cell: a view writes the stored text over an editor in a changed cell, and a run that
// continues changes every second.
void RunLibraryModel::update(int place, Row next) {
  Row& row = rows_[static_cast<std::size_t>(place)];
  const Row before = std::exchange(row, std::move(next));
  // Pinned rows come first whatever the order is by: a proxy sorts again where its own column has changed.
  if (before.run.pinned != row.run.pinned) {
    Q_EMIT dataChanged(index(place, 0), index(place, columnCount() - 1));
    return;
  }
  for (int column = 0; column < columnCount(); ++column)
    if (shown(before, column) != shown(row, column) ||
        (column == 0 && !looks_the_same(before.run, row.run)) ||
        (this->column(column).kind == Shows::curve && before.run.steps != row.run.steps))
      Q_EMIT dataChanged(index(place, column), index(place, column));
}

void RunLibraryModel::drop_unseen() {
  QList<qint64> gone;
  for (int row = static_cast<int>(rows_.size()) - 1; row >= 0; --row) {
    if (seen_.contains(run(row).id)) continue;
    int first = row;
    while (first > 0 && !seen_.contains(run(first - 1).id)) --first;
    beginRemoveRows({}, first, row);
    for (int i = first; i <= row; ++i)
      if (ticked_.remove(run(i).id)) gone << run(i).id;
    rows_.erase(rows_.begin() + first, rows_.begin() + row + 1);
    find_places();
    endRemoveRows();
    row = first;
  }
  seen_.clear();
  if (!gone.isEmpty()) Q_EMIT ticked_changed(gone, false);
}

void RunLibraryModel::find_places() {
  places_.clear();
  for (std::size_t row = 0; row < rows_.size(); ++row)
    places_.insert(rows_[row].run.id, static_cast<int>(row));
}

RunCell RunLibraryModel::cell(int row, const RunKey& key) const {
  return cell(rows_.at(static_cast<std::size_t>(row)), key);
}

RunCell RunLibraryModel::cell(const Row& row, const RunKey& key) const {
  // Curves of another program have neither seed nor, mostly, epochs; the tables hold zeros.
  if (row.run.rule.empty() && (key.name == "seed" || (key.name == "epochs" && row.run.epochs == 0)))
    return {};
  if (key.kind == RunKey::Kind::column) return column_of(row.run, key.name);
  const auto known = std::find(row.keys->begin(), row.keys->end(), key);
  if (known == row.keys->end()) return {};
  return row.cells[static_cast<std::size_t>(known - row.keys->begin())];
}

bool RunLibraryModel::has(const RunKey& key) const {
  return key.kind == RunKey::Kind::column || rows_.empty() ||
         std::all_of(rows_.begin(), rows_.end(), [&](const Row& row) {
           return std::find(row.keys->begin(), row.keys->end(), key) != row.keys->end();
         });
}

bool RunLibraryModel::says_nothing(int column, int row) const {
  const Row& each = rows_[static_cast<std::size_t>(row)];
  const LibraryColumn& what = this->column(column);
  if (what.kind == Shows::key) return is_empty(cell(each, what.key));
  if (what.kind == Shows::best || what.kind == Shows::last) return std::isnan(score_of(each.run, what.kind));
  if (what.kind == Shows::curve) return std::isnan(each.run.judged_best);
  return shown(each, column).isEmpty();
}

int RunLibraryModel::compare(int column, int one, int other) const {
  const Row &a = rows_[static_cast<std::size_t>(one)], &b = rows_[static_cast<std::size_t>(other)];
  const LibraryColumn& what = this->column(column);
  switch (what.kind) {
    case Shows::best:
    case Shows::last:
      return order(rank_of(a.run, what.kind), rank_of(b.run, what.kind));
    case Shows::curve:
      return order(a.run.judged_best, b.run.judged_best);
    case Shows::cursor:
      return at_cursor_ ? order(at_cursor_(a.run.id, what.key), at_cursor_(b.run.id, what.key)) : 0;
    case Shows::difference:
      return QString::localeAwareCompare(differences(a), differences(b));
    case Shows::key:
      break;
  }
  if (what.is("started"))
    return a.run.started == b.run.started
               ? order(static_cast<double>(a.run.id), static_cast<double>(b.run.id))
           : a.run.started < b.run.started ? -1
                                           : 1;
  if (what.is("name")) return QString::localeAwareCompare(shown(a, column), shown(b, column));
  return grapevine::compare(cell(a, what.key), cell(b, what.key));
}

void RunLibraryModel::set_ticked(const QList<qint64>& ids, bool ticked) {
  QList<qint64> changed;
  for (const qint64 id : ids) {
    if (ticked_.contains(id) == ticked) continue;
    if (ticked)
      ticked_.insert(id);
    else
      ticked_.remove(id);
    changed << id;
    if (const int row = row_of(id); row >= 0) Q_EMIT dataChanged(index(row, 0), index(row, 0));
  }
  if (!changed.isEmpty()) Q_EMIT ticked_changed(changed, ticked);
}

void RunLibraryModel::all_changed(Shows kind) {
  if (rows_.empty()) return;
  for (int i = 0; i < columnCount(); ++i)
    if (column(i).kind == kind) Q_EMIT dataChanged(index(0, i), index(rowCount() - 1, i));
}

void RunLibraryModel::set_differences(const std::vector<RunKey>& keys) {
  if (keys == differences_) return;
  differences_ = keys;
  all_changed(Shows::difference);
}

void RunLibraryModel::set_at_cursor(std::function<double(std::int64_t id, const RunKey& key)> value) {
  at_cursor_ = std::move(value);
  all_changed(Shows::cursor);
}

void RunLibraryModel::set_sketches(const std::vector<std::int64_t>& ids,
                                   const std::vector<CurveSketch>& sketches) {
  for (std::size_t i = 0; i < ids.size() && i < sketches.size(); ++i) {
    Sketch& sketch = sketches_[ids[i]];
    sketch.curve = sketches[i];
    sketch.read = true;
    const int row = row_of(ids[i]);
    for (int column = 0; row >= 0 && column < columnCount(); ++column)
      if (this->column(column).kind == Shows::curve)
        Q_EMIT dataChanged(index(row, column), index(row, column), {curve_role, Qt::ToolTipRole});
  }
}

int RunLibraryModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int RunLibraryModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(columns_.size());
}

namespace {

/// A long list keeps its ends: "512,512…512,512".
QString shortened(const QString& value) {
  constexpr qsizetype most = 28, kept = 12;
  return value.size() <= most ? value : value.left(kept) + QStringLiteral("\u2026") + value.right(kept);
}

/// As the form has it, within a line: "learning rate", "measures: every".
QString label_within(const RunKey& key) {
  LibraryColumn column;
  column.key = key;
  QString label = column.title();
  if (label.size() > 1 && label[1].isLower()) label[0] = label[0].toLower();
  return label;
}

/// "learning rate 0.01"; a name says of what it is: "Shapes", "schedule cosine".
QString difference_text(const RunKey& key, const QString& value) {
  const QStringList parts = QString::fromStdString(key.name).split(QLatin1Char('.'));
  if (parts.last() != QLatin1String("name")) return label_within(key) + QLatin1Char(' ') + value;
  const bool speaks = parts.first() == QLatin1String("rule") || parts.first() == QLatin1String("data") ||
                      parts.first() == QLatin1String("model");
  return speaks ? value : parts.first() + QLatin1Char(' ') + value;
}

}  // namespace

const std::string& RunLibraryModel::choice_behind(const RunKey& key, const std::string& rule) const {
  const auto [place, is_new] = choices_.try_emplace({key.name, rule});
  if (is_new && key.kind == RunKey::Kind::setting) place->second = deciding_choice(key.name, rule);
  return place->second;
}

std::vector<RunKey> RunLibraryModel::keys_deciding(const std::vector<RunKey>& keys) const {
  std::vector<RunKey> deciding;
  for (const Row& row : rows_)
    for (const RunKey& key : keys) {
      const RunKey needed{RunKey::Kind::setting, choice_behind(key, row.run.rule)};
      if (!needed.name.empty() && std::find(deciding.begin(), deciding.end(), needed) == deciding.end())
        deciding.push_back(needed);
    }
  return deciding;
}

bool RunLibraryModel::counts(const Row& row, const RunKey& key) const {
  const std::string& choice = choice_behind(key, row.run.rule);
  if (choice.empty()) return true;
  const RunCell chosen = cell(row, {RunKey::Kind::setting, choice});
  return is_empty(chosen) || counts_beside(key.name, row.run.rule, to_text(chosen));
}

QString RunLibraryModel::differences(const Row& row, bool whole) const {
  QStringList parts;
  for (const RunKey& key : differences_) {
    if (!counts(row, key)) continue;
    const QString value = cell_text(key, cell(row, key));
    if (value.isEmpty()) continue;
    parts << difference_text(key, whole ? value : shortened(value));
  }
  return parts.join(QStringLiteral(", "));
}

QString RunLibraryModel::shown(const Row& row, int column) const {
  const LibraryColumn& what = this->column(column);
  switch (what.kind) {
    case Shows::best:
    case Shows::last:
      return score(*row.run.score, score_of(row.run, what.kind));
    case Shows::curve:
      return {};
    case Shows::difference:
      return differences(row);
    case Shows::cursor: {
      const double value = at_cursor_ ? at_cursor_(row.run.id, what.key) : std::nan("");
      return std::isnan(value) ? QString() : cell_text(what.key, value);
    }
    case Shows::key:
      break;
  }
  if (what.is("name")) return row.run.name.empty() ? tr("Run %1").arg(row.run.id) : text(row.run.name);
  return cell_text(what.key, cell(row, what.key));
}

QString RunLibraryModel::tool_tip(const Row& row, int column) const {
  const LibraryColumn& what = this->column(column);
  if (what.is("notes")) return text(row.run.notes);
  if (what.is("started")) return text(row.run.started);
  if (what.kind == Shows::difference) return differences(row, true);
  if (what.is("status")) return text(row.run.failure);
  if (what.kind == Shows::curve) {
    const Sketch& sketch = sketches_[row.run.id];
    if (sketch.curve.values.empty()) return {};
    const MeasureDescriptor& measure = *sketch.curve.measure;
    const auto number = [&](double value) { return score(measure, value); };
    return tr("%1: from %2 to %3")
        .arg(text(measure.name), number(sketch.curve.values.front()), number(sketch.curve.values.back()));
  }
  if (!what.is("name")) return {};
  QStringList words{tr("Run %1").arg(row.run.id)};
  if (row.run.pinned) words << tr("pinned");
  if (row.run.baseline) words << tr("baseline");
  if (row.run.archived) words << tr("archived");
  return words.join(QStringLiteral(", "));
}

QVariant RunLibraryModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Row& row = rows_.at(static_cast<std::size_t>(index.row()));
  const LibraryColumn& what = column(index.column());
  const bool is_name = index.column() == Column::name;
  switch (role) {
    case Qt::DisplayRole: {
      QString words = shown(row, index.column());
      if (is_name && row.run.baseline) words += tr(" · baseline");
      if (is_name && row.run.pinned) words.prepend(QStringLiteral("\u2605 "));
      return words;
    }
    case Qt::EditRole:
      return is_name            ? text(row.run.name)
             : what.is("notes") ? text(row.run.notes)
                                : shown(row, index.column());
    case curve_role: {
      if (what.kind != Shows::curve) return {};
      Sketch& sketch = sketches_[row.run.id];
      if (sketch.steps != row.run.steps || (!sketch.read && sketch.steps == 0)) {
        sketch.steps = row.run.steps;
        Q_EMIT sketch_wanted(row.run.id);
      }
      return QVariant::fromValue(static_cast<const void*>(sketch.read ? &sketch.curve : nullptr));
    }
    case Qt::ToolTipRole: {
      const QString tip = tool_tip(row, index.column());
      return tip.isEmpty() ? QVariant() : tip;
    }
    case Qt::AccessibleTextRole:
      return what.kind == Shows::curve ? tool_tip(row, index.column()) : QVariant();
    case Qt::CheckStateRole:
      if (is_name) return ticked_.contains(row.run.id) ? Qt::Checked : Qt::Unchecked;
      return {};
    case Qt::DecorationRole:
      if (is_name) return swatch(run_colour(row.run, 0, theme_of(QApplication::palette())));
      return {};
    case Qt::TextAlignmentRole:
      return what.is_number() ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case Qt::ForegroundRole: {
      if (what.kind == Shows::curve)
        return QColor::fromRgb(QRgb(run_colour(row.run, 0, theme_of(QApplication::palette()))));
      const bool dark = is_dark(QApplication::palette());
      if (row.run.archived) return tone_colour(Tone::quiet, dark);
      if (!what.is("status")) return {};
      if (row.run.status == RunStatus::failed) return tone_colour(Tone::problem, dark);
      if (row.run.status == RunStatus::interrupted) return tone_colour(Tone::warning, dark);
      if (row.run.status == RunStatus::running) return tone_colour(Tone::good, dark);
      return {};
    }
    default:
      return {};
  }
}

QVariant RunLibraryModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
  if (role == Qt::ToolTipRole) return column(section).help();
  if (role == Qt::InitialSortOrderRole) return column(section).first_order();
  if (role == Qt::TextAlignmentRole && column(section).is_number())
    return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  return role == Qt::DisplayRole ? column(section).title() : QVariant();
}

Qt::ItemFlags RunLibraryModel::flags(const QModelIndex& index) const {
  Qt::ItemFlags flags = QAbstractTableModel::flags(index);
  if (!index.isValid()) return flags;
  if (index.column() == Column::name) flags |= Qt::ItemIsUserCheckable;
  if (column(index.column()).is_editable()) flags |= Qt::ItemIsEditable;
  return flags;
}

bool RunLibraryModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (!index.isValid()) return false;
  RunSummary& each = rows_[static_cast<std::size_t>(index.row())].run;
  const LibraryColumn& what = column(index.column());
  if (role == Qt::CheckStateRole && index.column() == Column::name) {
    set_ticked(each.id, value.toInt() == Qt::Checked);
    return true;
  }
  if (role != Qt::EditRole || !what.is_editable()) return false;
  std::string& field = what.is("name") ? each.name : what.is("tags") ? each.tags : each.notes;
  std::string words = value.toString().toStdString();
  if (what.is("name")) words = in_one_line(words);  // as it is stored; of blanks alone none is left
  if (field == words) return false;
  field = std::move(words);
  Q_EMIT dataChanged(index, index);
  Q_EMIT text_edited(each.id, what.text(), text(field));
  return true;
}

}  // namespace grapevine
