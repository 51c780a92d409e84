// The queue over the whole window: what waits and is trained, started and stopped here, and what a sweep came
// to below it, also one that grapevine-cli sweep has trained. The window's thread only.
#pragma once

#include <QTimer>
#include <QWidget>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/runs/run_queue.h"
#include "ui/panels/stored_sweeps.h"
#include "ui/panels/sweep_choices.h"

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QTableView;

namespace grapevine {

class GroupsModel;
class LibraryStore;
class QueueModel;
class QueueStore;
class SweepFigure;
class Tunings;
class TuningView;

class QueuePage : public QWidget {
  Q_OBJECT

 public:
  /// The stores stay the caller's.
  QueuePage(QueueStore* queue, LibraryStore* library, QWidget* parent = nullptr);

  /// Searches are shown as such; they stay the caller's.
  void set_tunings(Tunings* tunings);
  QueueModel* model() const { return model_; }
  QTableView* table() const { return table_; }
  GroupsModel* results() const { return results_; }
  QString summary() const;
  /// The sweep that is shown below: that of the queue, or one of the library's.
  QComboBox* sweeps() const { return sweeps_; }
  TuningView* tuning() const { return tuning_; }
  QString left_out() const;  ///< runs of it without a result
  SweepChoices* choices() const { return choices_; }
  SweepFigure* figure() const { return figure_; }
  /// What is remembered from one start to the next: how many are trained at once, what each sweep shows.
  QString layout_text() const;
  void set_layout_text(const QString& text);
  std::vector<std::int64_t> selected() const;

 Q_SIGNALS:
  void sweep_asked();
  void run_chosen(qint64 id);
  void runs_chosen(const std::vector<std::int64_t>& ids);  ///< to be shown next to each other
  void leave_asked();

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  QPushButton* add_button(const QString& text, const QString& help, std::function<void()> action);
  void show_entries(const std::vector<QueueEntry>& entries);
  void show_state();
  void make_results();
  void take_sweeps(const std::vector<RunSummary>& runs);
  void name_sweeps();
  QString varied_in(const StoredSweep& sweep, std::vector<std::int64_t>& unknown);
  void show_result();
  void compare_again();
  void draw_result();
  void draw(const Comparison& comparison, std::optional<std::size_t> measure);
  void show_search(const std::string& group);
  std::optional<StoredSweep> cell_by_cell(const StoredSweep& sweep);
  void find_cells(const StoredSweep& sweep);
  void find_cells(const std::vector<std::int64_t>& runs, std::function<void()> then);
  void leave_other_cells();  ///< those of another database
  StoredSweep queued_sweep() const;

  QueueStore* queue_;
  LibraryStore* library_;
  QueueModel* model_;
  GroupsModel* results_;
  QTableView *table_, *result_table_;
  SweepFigure* figure_;
  SweepChoices* choices_;
  ChoicesBySweep chosen_;
  TuningView* tuning_;
  Tunings* tunings_ = nullptr;
  QPushButton* start_ = nullptr;
  QSpinBox* at_once_;
  QComboBox* sweeps_;
  QLabel *summary_, *empty_, *left_out_;
  QWidget *parts_ = nullptr, *results_part_ = nullptr;  ///< hidden while they have nothing to show
  std::vector<StoredSweep> stored_;                     ///< the items of sweeps_ behind the first
  std::map<std::int64_t, std::string> cells_;           ///< of runs of `cells_in_`, as far as asked for
  QString cells_in_;                                    ///< a database
  std::vector<std::int64_t> asked_cells_;               ///< the last question
  std::vector<std::int64_t> asked_names_;               ///< the same for the sweeps' names
  /// What varies in a sweep without a name, as it was found in these runs.
  struct Varied {
    std::vector<std::int64_t> runs;
    QString words;
  };
  std::map<std::string, Varied> varied_;  ///< by group, in `cells_in_`
  std::vector<QPushButton*> for_selected_;
  /// What is shown. Numbers and groups are the same in another database of the same sweep.
  struct Shown {
    QString database;
    std::string group;
    std::vector<std::int64_t> runs;
    std::vector<std::int64_t> failed;
    bool operator==(const Shown&) const = default;
  };
  Shown shown_;
  QTimer watch_;
};

}  // namespace grapevine
