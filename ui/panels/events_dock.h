// What happened, as a list to jump by: calibrations, changes, warnings of the runs that are shown. The
// window's thread.
#pragma once

#include <QAbstractTableModel>
#include <QDockWidget>
#include <QString>
#include <cstdint>
#include <vector>

#include "engine/runs/run_data.h"
#include "ui/scope/run_colour.h"

class QLabel;
class QStackedWidget;
class QTableView;

namespace grapevine {

class EventsModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  struct Column {
    enum : int { step, run, kind, cause, count };
  };
  struct Row {
    int racer = 0;
    std::int64_t step = 0;
    double epoch = 0;
    QString run, cause;
    OpenWord<EventKind> kind = EventKind::other;
  };
  explicit EventsModel(QObject* parent = nullptr);

  /// The runs that are shown and their names; reads all their events.
  void set_runs(std::vector<RunView> runs, std::vector<QString> labels);
  /// Appends what the runs have got since.
  void refresh();
  const Row& row(int number) const { return rows_.at(static_cast<std::size_t>(number)); }
  int row_of(int racer, std::int64_t step) const;  ///< -1 when there is none

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<RunView> runs_;
  std::vector<QString> labels_;
  std::vector<HueBearer> bearers_;
  std::vector<std::size_t> seen_;  ///< events taken over, a run
  std::vector<Row> rows_;
};

class EventsDock : public QDockWidget {
  Q_OBJECT

 public:
  explicit EventsDock(QWidget* parent = nullptr);
  EventsModel* model() const { return model_; }
  QTableView* table() const { return table_; }
  void set_runs(std::vector<RunView> runs, std::vector<QString> labels);
  void refresh();
  void select(int racer, std::int64_t step);

 Q_SIGNALS:
  void chosen(qint64 step);

 private:
  void show_state();
  EventsModel* model_;
  QTableView* table_;
  QLabel* empty_;
  QStackedWidget* pages_;
};

}  // namespace grapevine
