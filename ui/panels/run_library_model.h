// The run library as a table: a row a run, a column what is known of it. Name, tags and notes can be edited
// in place; the box in the first column lays a run over the figures. The window's thread only.
#pragma once

#include <QAbstractTableModel>
#include <QSet>
#include <QSortFilterProxyModel>
#include <vector>

#include "engine/runs/run_reader.h"

namespace grapevine {

class RunLibraryModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  struct Column {
    enum : int {
      name,
      status,
      rule,
      best,
      final_value,
      epochs,
      steps,
      seed,
      data,
      model,
      started,
      tags,
      notes,
      device,
      count
    };
  };
  static constexpr int sort_role = Qt::UserRole;

  explicit RunLibraryModel(QObject* parent = nullptr);

  /// Takes over a new list; rows that stay keep their place, so that selections survive.
  void set_runs(const std::vector<RunSummary>& runs);
  const RunSummary& run(int row) const { return runs_.at(static_cast<std::size_t>(row)); }
  int row_of(std::int64_t id) const;
  const QSet<qint64>& ticked() const { return ticked_; }
  void set_ticked(std::int64_t id, bool ticked);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;

 Q_SIGNALS:
  void ticked_changed(qint64 id, bool ticked);
  void text_edited(qint64 id, int column, const QString& text);

 private:
  QVariant shown(const RunSummary& run, int column) const;
  QVariant sort_key(const RunSummary& run, int column) const;

  std::vector<RunSummary> runs_;
  QSet<qint64> ticked_;
};

/// Rows whose texts hold all words, and whose status is the chosen one.
class RunLibraryFilter : public QSortFilterProxyModel {
  Q_OBJECT

 public:
  explicit RunLibraryFilter(QObject* parent = nullptr);
  void set_words(const QString& words);
  void set_status(const QString& status);  ///< "" = any

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

 private:
  QStringList words_;
  QString status_;
};

}  // namespace grapevine
