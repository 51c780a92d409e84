// The run library as a table: one row per run, columns as the user chose them. Name, tags and notes can be
// edited in place; the box in the first column lays a run over the figures. The window's thread only.
#pragma once

#include <QAbstractTableModel>
#include <QHash>
#include <QSet>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "ui/panels/library_column.h"
#include "ui/panels/library_store.h"

namespace grapevine {

class RunLibraryModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  struct Column {
    enum : int { name };  ///< always the first; the others are columns()
  };
  static constexpr int curve_role = Qt::UserRole;  ///< CurveSketch*, nullptr while it is being read

  explicit RunLibraryModel(QObject* parent = nullptr);

  void set_columns(const LibraryColumns& columns);
  const LibraryColumns& columns() const { return columns_; }
  /// Settings and measures that the columns show: what the store has to bring.
  std::vector<RunKey> keys() const;

  /// Takes over a piece of the list; rows that stay keep their place, so that selections survive.
  void take(const LibraryPiece& piece);
  const RunSummary& run(int row) const { return rows_.at(static_cast<std::size_t>(row)).run; }
  int row_of(std::int64_t id) const { return places_.value(id, -1); }
  /// Under any key; nothing where the store did not bring it (yet).
  RunCell cell(int row, const RunKey& key) const;
  bool has(const RunKey& key) const;  ///< did the store bring it?
  /// Before, equal, after, by what a column says; nothing comes last.
  int compare(int column, int one, int other) const;
  bool says_nothing(int column, int row) const;

  const QSet<qint64>& ticked() const { return ticked_; }
  void set_ticked(std::int64_t id, bool ticked) { set_ticked(QList<qint64>{id}, ticked); }
  void set_ticked(const QList<qint64>& ids, bool ticked);

  void set_differences(const std::vector<RunKey>& keys);
  /// The choices that decide whether these settings mean something to the runs: their values are to be read
  /// too.
  std::vector<RunKey> keys_deciding(const std::vector<RunKey>& keys) const;
  /// What a column of kind `cursor` says of a run; NaN for nothing.
  void set_at_cursor(std::function<double(std::int64_t id, const RunKey& key)> value);
  void set_sketches(const std::vector<std::int64_t>& ids, const std::vector<CurveSketch>& sketches);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;

 Q_SIGNALS:
  void ticked_changed(const QList<qint64>& ids, bool ticked);
  void text_edited(qint64 id, const QString& column, const QString& text);
  void sketch_wanted(qint64 id) const;

 private:
  struct Row {
    RunSummary run;
    std::vector<RunCell> cells;
    std::shared_ptr<const std::vector<RunKey>> keys;
  };
  const LibraryColumn& column(int index) const { return columns_.at(static_cast<std::size_t>(index)); }
  QString shown(const Row& row, int column) const;
  /// In which settings the run differs, as far as they mean something to it; lists shortened, or whole.
  QString differences(const Row& row, bool whole = false) const;
  bool counts(const Row& row, const RunKey& key) const;
  /// The key of the choice with which alone a setting counts; "" = it always does.
  const std::string& choice_behind(const RunKey& key, const std::string& rule) const;
  RunCell cell(const Row& row, const RunKey& key) const;
  QString tool_tip(const Row& row, int column) const;
  void update(int place, Row next);
  void drop_unseen();
  void find_places();
  void all_changed(LibraryColumn::Kind kind);

  LibraryColumns columns_;
  std::vector<Row> rows_;
  QHash<qint64, int> places_;
  QSet<qint64> seen_;  ///< in the pieces of the present list
  QSet<qint64> ticked_;
  std::vector<RunKey> differences_;
  mutable std::map<std::pair<std::string, std::string>, std::string> choices_;  ///< by key and rule
  std::function<double(std::int64_t, const RunKey&)> at_cursor_;
  struct Sketch {
    std::int64_t steps = 0;  ///< when it was asked for
    CurveSketch curve;
    bool read = false;
  };
  mutable QHash<qint64, Sketch> sketches_;
};

}  // namespace grapevine
