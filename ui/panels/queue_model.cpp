#include "ui/panels/queue_model.h"

#include <QApplication>
#include <algorithm>
#include <cmath>

#include "engine/launch/queueing.h"
#include "ui/panels/status_strip.h"
#include "ui/panels/window_theme.h"
#include "ui/panels/words.h"

namespace grapevine {
namespace {

QString word_of(const QueueWord& state) {
  switch (state.kind()) {
    case QueueState::waiting:
      return QueueModel::tr("Waiting");
    case QueueState::running:
      return QueueModel::tr("Training");
    case QueueState::done:
      return QueueModel::tr("Done");
    case QueueState::failed:
      return QueueModel::tr("Failed");
    case QueueState::skipped:
      return QueueModel::tr("Skipped");
    case QueueState::other:
      break;
  }
  return QString::fromStdString(state.text());
}

}  // namespace

void QueueModel::set_entries(const std::vector<QueueEntry>& entries) {
  const bool same_rows =
      entries.size() == entries_.size() && std::equal(entries.begin(), entries.end(), entries_.begin(),
                                                      [](const QueueEntry& one, const QueueEntry& other) {
                                                        return one.id == other.id && one.plan == other.plan;
                                                      });
  if (!same_rows) beginResetModel();
  entries_ = entries;
  if (!same_rows) read_plans();
  if (!same_rows) return endResetModel();
  if (!entries_.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, Column::count - 1));
}

void QueueModel::read_plans() {
  const bool all_known = std::all_of(entries_.begin(), entries_.end(), [&](const QueueEntry& entry) {
    const auto known = plans_.constFind(entry.id);
    return known != plans_.constEnd() && known->read == entry.plan;
  });
  if (all_known) return;
  const std::vector<std::string> titles = titles_of(entries_);
  for (std::size_t i = 0; i < entries_.size(); ++i)
    plans_.insert(entries_[i].id, {titles[i].empty() ? tr("An experiment that can't be read")
                                                     : QString::fromStdString(titles[i]),
                                   epochs_of_plan(entries_[i].plan), entries_[i].plan});
}

int QueueModel::count_of(QueueState state) const {
  return static_cast<int>(std::count_if(entries_.begin(), entries_.end(),
                                        [&](const QueueEntry& entry) { return entry.state == state; }));
}

double QueueModel::share_done(const QueueEntry& entry) const {
  if (entry.state == QueueState::done) return 1;
  const double epochs = plans_[entry.id].epochs;
  return entry.run == 0 || epochs <= 0 ? 0 : std::clamp(entry.run_epochs / epochs, 0.0, 1.0);
}

double QueueModel::seconds_left_of(const QueueEntry& entry) const {
  const double done = share_done(entry);
  if (entry.state != QueueState::running || done <= 0) return std::nan("");
  return entry.run_seconds / done * (1 - done);
}

double QueueModel::seconds_left(int at_once) const {
  double took = 0, foreseen = 0, going_on = 0;
  int done = 0, going = 0, waiting = 0;
  for (const QueueEntry& entry : entries_) {
    if (entry.state == QueueState::done) took += entry.run_seconds, ++done;
    if (entry.state == QueueState::waiting) ++waiting;
    const double left = seconds_left_of(entry);
    if (!std::isfinite(left)) continue;
    going_on += left;
    foreseen += entry.run_seconds + left;
    ++going;
  }
  if (done == 0) took = foreseen, done = going;
  if (done == 0 && waiting > 0) return std::nan("");
  return (going_on + (done > 0 ? took / done * waiting : 0)) / std::max(1, at_once);
}

int QueueModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(entries_.size());
}

int QueueModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : Column::count;
}

QString QueueModel::text(const QueueEntry& entry, int column) const {
  switch (column) {
    case Column::what:
      return plans_[entry.id].title;
    case Column::state:
      return word_of(entry.state);
    case Column::progress:
      return entry.state == QueueState::running || (entry.run != 0 && entry.state != QueueState::done)
                 ? percent(share_done(entry))
                 : QString();
    case Column::left:
      return std::isfinite(seconds_left_of(entry)) ? duration_text(seconds_left_of(entry)) : QString();
    case Column::run:
      return entry.run == 0 ? QString() : QString::number(entry.run);
    case Column::why:
      return QString::fromStdString(entry.note);
    default:
      return {};
  }
}

QVariant QueueModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const QueueEntry& each = entry(index.row());
  if (role == Qt::DisplayRole) return text(each, index.column());
  if (role == Qt::ToolTipRole && (index.column() == Column::why || index.column() == Column::what))
    return text(each, index.column());
  if (role == Qt::TextAlignmentRole && index.column() >= Column::progress && index.column() <= Column::run)
    return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role != Qt::ForegroundRole) return {};
  const bool dark = is_dark(QApplication::palette());
  if (each.state == QueueState::skipped) return tone_colour(Tone::quiet, dark);
  if (index.column() != Column::state && index.column() != Column::why) return {};
  if (each.state == QueueState::failed) return tone_colour(Tone::problem, dark);
  return each.state == QueueState::running ? QVariant(tone_colour(Tone::good, dark)) : QVariant();
}

QVariant QueueModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  const QStringList titles{tr("Experiment"), tr("State"), tr("Done"),
                           tr("Time left"),  tr("Run"),   tr("Reason")};
  return titles.value(section);
}

}  // namespace grapevine
