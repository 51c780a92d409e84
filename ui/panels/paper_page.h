// The papers' tables and figures as a live page: published, ours with its spread and seeds, coloured by the
// distance; a row is queued with a click. The window's thread only.
#pragma once

#include <QWidget>
#include <set>
#include <string>
#include <vector>

#include "engine/launch/queueing.h"
#include "ui/panels/paper_model.h"

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
  /// Those that wait in the queue, or are being trained, are left out.
  Queued missing() const;
  void take_queue(const std::vector<QueueEntry>& entries);

 Q_SIGNALS:
  void queue_asked(const grapevine::Queued& queued);
  void run_chosen(qint64 id);
  void leave_asked();

 private:
  void build_row();
  void build_table();
  void ask_for_missing();
  void ask_before(Queued all);
  QString time_words() const;
  QString data_words() const;
  std::vector<const PaperCell*> chosen() const;
  void mark_queued();
  void show_menu(const QPoint& at);
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
  QLabel *words_, *data_;  ///< data_: sets of the chosen rows that are not on this machine
  QStackedWidget* pages_;
  QWidget* figures_;
  StudyView* study_;
  QLabel* note_;
  std::set<std::string> queued_;  ///< plans
  int asked_ = 0;
};

}  // namespace grapevine
