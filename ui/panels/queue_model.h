// The queue as a table: what waits, what is being trained and the results of the rest, with progress and time
// left. The window's thread only.
#pragma once

#include <QAbstractTableModel>
#include <QHash>
#include <vector>

#include "engine/runs/run_queue.h"

namespace grapevine {

class QueueModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  struct Column {
    enum : int { what, state, progress, left, run, why, count };
  };
  using QAbstractTableModel::QAbstractTableModel;

  void set_entries(const std::vector<QueueEntry>& entries);
  const QueueEntry& entry(int row) const { return entries_.at(static_cast<std::size_t>(row)); }
  int count_of(QueueState state) const;
  /// Of all that waits and is being trained, by what those that are done took, and before one is by how far
  /// those in progress are; NaN before they are anywhere.
  double seconds_left(int at_once) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  struct Plan {
    QString title;
    double epochs = 0;
    std::string read;  ///< from this; another database has other plans under the same numbers
  };
  void read_plans();
  double share_done(const QueueEntry& entry) const;
  double seconds_left_of(const QueueEntry& entry) const;
  QString text(const QueueEntry& entry, int column) const;

  std::vector<QueueEntry> entries_;
  QHash<qint64, Plan> plans_;  ///< by entry; read where one is new, for titles say in what a sweep's differ
};

}  // namespace grapevine
