// The papers' cells as a table, and their figures as plots. The window's thread only.
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "engine/launch/paper_cells.h"

namespace grapevine {

struct PaperFigure;
struct SweepPlot;

/// A figure of the papers as the window draws it: ours, and next to it, dashed, what the text prints.
SweepPlot plot_of(const PaperFigure& figure);

/// "GrAPE, 2026 text", "Bacho and Chu 2024".
QString name_of_text(const std::string& paper);
/// What other texts print for the cell, where that is another number: "60.43 ± 0.35 (GrAPE, 2025 text)".
QString other_values(const PaperCell& cell);

class PaperModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  struct Column {
    enum : int { preset, racer, published, also, ours, difference, seeds, epochs, kind, source, count };
  };
  using QAbstractTableModel::QAbstractTableModel;

  void set_cells(std::vector<PaperCell> cells);
  /// Of each row, how many of its runs wait in the queue or are being trained.
  void set_queued(std::vector<int> queued);
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
  QString text(int row, int column) const;
  QString seeds_text(int row) const;

  std::vector<PaperCell> cells_;
  std::vector<int> queued_;
};

}  // namespace grapevine
