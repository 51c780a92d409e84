// Groups of runs as a leader board: one row per group, the best first, with N, mean and deviation of each
// measure, how far it is behind the first, and how much of the gap between DFA and BP it closes. The window's
// thread only.
#pragma once

#include <QAbstractTableModel>
#include <QSet>
#include <optional>
#include <vector>

#include "engine/runs/comparison.h"
#include "engine/runs/standings.h"

namespace grapevine {

class GroupsModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;

  void set_comparison(Comparison comparison);
  /// The measure to give places by, of the comparison's; nullopt, and where nothing is ranked by that: the
  /// score that most groups have.
  void rank_by(const std::optional<RunKey>& measure);
  /// Can places be given by it?
  static bool can_rank(const RunKey& measure);
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
  /// By what its cells say: means by size, and what has none last.
  void sort(int column, Qt::SortOrder order) override;
  int sorted_column() const;
  Qt::SortOrder sort_order() const { return sort_order_; }
  /// "place", "N", a key, a measure …, with "-" before it where the largest comes first; to be remembered.
  QString sorting() const;
  void set_sorting(const QString& text);
  /// The measure of a column; nullopt where it shows none.
  std::optional<RunKey> measure_in(int column) const;
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
  struct Row {
    Standing standing;
    int place = 0;  ///< from 0; of those without a value as well
  };
  void rank();
  void make_columns();
  void put_in_order();
  QString name_of(const Column& column) const;
  const Standing& standing(int row) const { return rows_[static_cast<std::size_t>(row)].standing; }
  const GapClosed* gap_of(std::size_t group) const;
  /// Is the one row's before the other's, from least to largest? What has no value is told apart elsewhere.
  int compare_rows(const Row& one, const Row& other, const Column& column) const;
  bool has_value(const Row& row, const Column& column) const;
  bool is_number(const Column& column) const;
  QString behind_help(int row) const;
  QString text(int row, const Column& column) const;
  QString failure_text(int row, const Column& column) const;
  QString failure_help(int row) const;
  QString behind_text(int row) const;
  QString gap_text(int row) const;

  Comparison comparison_;
  std::vector<Row> rows_;                         ///< of all groups, in the order in which they are shown
  std::vector<std::optional<std::size_t>> gaps_;  ///< by group, of the measure that ranks
  std::optional<RunKey> wanted_;
  std::optional<std::size_t> ranked_by_;
  QString sorted_by_ = QStringLiteral("place");
  Qt::SortOrder sort_order_ = Qt::AscendingOrder;
  std::vector<Column> columns_;
  QSet<QString> ticked_;  ///< by name: a group is a view, made again each time
};

}  // namespace grapevine
