// Groups of runs as a leader board: one row per group, the best first, with N, mean and deviation of each
// measure, how far it is behind the first, and how much of the gap between DFA and BP it closes. The window's
// thread only.
#pragma once

#include <QAbstractTableModel>
#include <QSet>
#include <vector>

#include "engine/runs/comparison.h"
#include "engine/runs/standings.h"

namespace grapevine {

class GroupsModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;

  void set_comparison(Comparison comparison);
  const Comparison& comparison() const { return comparison_; }
  /// What places are given by; "" where nothing is ranked.
  QString ranked_by() const;
  /// The group of a row.
  const RunGroup& group(int row) const;
  /// "GrAPE · lr 0.01"; rule, model and data where nothing differs.
  QString name_of(int row) const;
  /// The same of a ticked group among all that are ticked: without what is alike in them.
  QString name_among_ticked(int row) const;
  std::vector<std::int64_t> ids(int row) const;
  bool ticked(int row) const { return ticked_.contains(name_of(row)); }
  void set_ticked(int row, bool ticked);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;

 Q_SIGNALS:
  void ticked_changed();

 private:
  QString name_by(int row, const std::vector<bool>& told) const;
  enum class Part { place, key, count, measure, behind, gap };
  struct Column {
    Part part;
    std::size_t index = 0;
  };
  QString text(int row, const Column& column) const;
  QString failure_text(int row, const Column& column) const;
  QString failure_help(int row) const;
  QString behind_text(int row) const;
  QString gap_text(int row) const;

  Comparison comparison_;
  std::vector<Standing> order_;  ///< of all groups; those without a value last
  std::optional<std::size_t> ranked_by_;
  std::vector<Column> columns_;
  QSet<QString> ticked_;  ///< by name: a group is a view, made again each time
};

}  // namespace grapevine
