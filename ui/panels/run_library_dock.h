// The run library's dock: every stored run in a table that follows the database, with a text filter, in-place
// editing, overlays, resuming and a delete that can be undone. The window's thread only.
#pragma once

#include <QDockWidget>
#include <QTimer>
#include <cstdint>
#include <set>
#include <vector>

#include "engine/runs/run_reader.h"

class QAction;
class QComboBox;
class QLabel;
class QLineEdit;
class QMenu;
class QStackedWidget;
class QTableView;

namespace grapevine {

class LibraryStore;
class RunLibraryFilter;
class RunLibraryModel;

class RunLibraryDock : public QDockWidget {
  Q_OBJECT

 public:
  /// The store stays the caller's.
  explicit RunLibraryDock(LibraryStore* store, QWidget* parent = nullptr);

  RunLibraryModel* model() const { return model_; }
  RunLibraryFilter* filter() const { return filter_; }
  QTableView* table() const { return table_; }
  const std::vector<QAction*>& commands() const { return commands_; }

  /// Runs that are being written now: they can be neither deleted nor resumed.
  void set_held(const std::vector<std::int64_t>& ids);
  void find();  ///< puts the cursor into the filter
  std::vector<std::int64_t> selected() const;
  /// The newest interrupted run that can be resumed; 0 = there is none.
  std::int64_t newest_interrupted() const;
  void open_selected();
  void resume_selected();
  void train_selected_further();
  void remove_selected();
  void undo_remove();
  bool can_undo() const { return !removed_.empty(); }

 Q_SIGNALS:
  void open_asked(qint64 id);
  void resume_asked(qint64 id);
  void further_asked(qint64 id, int epochs);
  void overlay_asked(qint64 id, bool shown);
  void settings_asked(qint64 id);  ///< into the form
  void command_asked(qint64 id);   ///< to the clipboard
  void removed(const std::vector<std::int64_t>& ids);
  void refused(const QString& sentence);

 private:
  void build_table();
  void build_commands();
  QAction* add_command(const QString& text, const QString& help, void (RunLibraryDock::*action)());
  void show_list(const std::vector<RunSummary>& runs);
  void show_state();
  void enable_commands();
  const RunSummary* current() const;
  void ask_settings();
  void ask_command();
  void tick_selected();

  LibraryStore* store_;
  RunLibraryModel* model_;
  RunLibraryFilter* filter_;
  QTableView* table_;
  QLineEdit* words_;
  QComboBox* status_;
  QLabel* count_;
  QLabel* empty_;
  QStackedWidget* pages_;
  std::vector<QAction*> commands_;
  QAction *open_ = nullptr, *tick_ = nullptr, *resume_ = nullptr, *further_ = nullptr, *settings_ = nullptr,
          *command_ = nullptr, *remove_ = nullptr, *undo_ = nullptr, *refresh_ = nullptr;
  std::set<std::int64_t> held_;
  std::vector<std::vector<std::int64_t>> removed_;
  QTimer watch_;
};

}  // namespace grapevine
