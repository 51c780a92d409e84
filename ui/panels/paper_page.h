// The papers' tables and figures as a live page: published, ours with its spread and seeds, coloured by the
// distance; a row is queued with a click. The window's thread only.
#pragma once

#include <QAbstractTableModel>
#include <QWidget>
#include <vector>

#include "engine/launch/paper_cells.h"
#include "engine/launch/queueing.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QTableView;

namespace grapevine {

class LibraryStore;
class StudyView;
struct PaperFigure;
struct SweepPlot;

/// A figure of the papers as the window draws it: ours, and next to it, dashed, what the text prints.
SweepPlot plot_of(const PaperFigure& figure);

class PaperModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  struct Column {
    enum : int { preset, racer, published, ours, difference, seeds, epochs, kind, count };
  };
  using QAbstractTableModel::QAbstractTableModel;

  void set_cells(std::vector<PaperCell> cells);
  const PaperCell& cell(int row) const { return cells_.at(static_cast<std::size_t>(row)); }
  /// ours − published as they are printed; NaN where one is missing.
  static double difference_of(const PaperCell& cell);
  /// Is ours within the two spreads of the published number?
  static bool agrees(const PaperCell& cell);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  QString text(const PaperCell& cell, int column) const;
  std::vector<PaperCell> cells_;
};

class PaperPage : public QWidget {
  Q_OBJECT

 public:
  explicit PaperPage(LibraryStore* store, QWidget* parent = nullptr);

  PaperModel* model() const { return model_; }
  QTableView* table() const { return table_; }
  StudyView* study() const { return study_; }
  void set_table(const QString& table, bool reduced);
  void refresh();
  /// The seeds, from 0, that the selected rows lack (all rows where none is selected).
  Queued missing() const;

 Q_SIGNALS:
  void queue_asked(const grapevine::Queued& queued);
  void run_chosen(qint64 id);
  void leave_asked();

 private:
  void build_row();
  void show_words();
  void show_figures(const std::vector<PaperFigure>& figures);
  bool show_study();

  LibraryStore* store_;
  PaperModel* model_;
  QTableView* table_;
  QComboBox* tables_;
  QCheckBox* reduced_;
  QSpinBox* seeds_;
  QPushButton* queue_;
  QLabel* words_;
  QStackedWidget* pages_;
  QWidget* figures_;
  StudyView* study_;
  QLabel* note_;
  int asked_ = 0;
};

}  // namespace grapevine
