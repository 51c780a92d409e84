// Which rows of the library are shown, and in which order: pinned runs first, then as the column says,
// nothing last. The window's thread only.
#pragma once

#include <QSortFilterProxyModel>
#include <string>
#include <vector>

#include "engine/runs/run_filter.h"

namespace grapevine {

class RunLibraryModel;

class RunLibraryFilter : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  explicit RunLibraryFilter(QObject* parent = nullptr);
  void setSourceModel(QAbstractItemModel* model) override;

  void set_filter(const RunFilter& filter);
  void set_status(const QString& status);  ///< "" = any
  void set_archived_shown(bool shown);
  const RunFilter& filter() const { return filter_; }
  /// Whether another filter would show a run.
  bool would_show_any(const RunFilter& filter) const;
  /// Ids of the rows shown, from top to bottom.
  std::vector<std::int64_t> ids() const;

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
  bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

 private:
  bool shows(int row, const RunFilter& filter, bool archived_too) const;

  const RunLibraryModel* model_ = nullptr;
  RunFilter filter_;
  bool asks_for_archived_ = false;  ///< the filter itself names them
  std::string status_;
  bool archived_shown_ = false;
};

}  // namespace grapevine
