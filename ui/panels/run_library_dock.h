// The run library: every stored run in a table that follows the database, with a filter, columns to choose,
// in-place editing, overlays, resuming and a delete that can be undone. It is in a dock, or lends what is
// in it to a page over the whole window. The window's thread only.
#pragma once

#include <QDockWidget>
#include <QHash>
#include <QTimer>
#include <cstdint>
#include <set>
#include <vector>

#include "engine/runs/run_reader.h"
#include "ui/panels/library_column.h"

class QAbstractItemDelegate;
class QAction;
class QComboBox;
class QBoxLayout;
class QLabel;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace grapevine {

class CurveDelegate;
class FilterField;
class GroupsPanel;
class LibraryCommands;
struct LibraryPiece;
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
  LibraryCommands* edits() const { return edits_; }
  FilterField* field() const { return field_; }
  GroupsPanel* groups() const { return groups_; }
  void show_groups(bool groups);  ///< in the runs' place

  /// What is in the dock, for a page of the window; take_back() puts it where it was.
  QWidget* lend();
  void take_back();
  bool lent() const { return widget() != body_; }

  void set_columns(const LibraryColumns& columns);
  /// Columns in their order, their widths, and by what is sorted: "name=180;score:best=60;…;sort=-started".
  QString layout_text() const;
  void set_layout_text(const QString& text);
  /// Only the name, the curve, the best value and what differs between the runs shown.
  void show_differences_only(bool only);

  /// Runs that are being written now: they can be neither deleted nor resumed.
  void set_held(const std::vector<std::int64_t>& ids);
  /// All that is seen has been read.
  bool is_settled() const;
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
  void several_asked(const std::vector<std::int64_t>& ids);  ///< to be opened side by side
  void resume_asked(qint64 id);
  void further_asked(qint64 id, int epochs);
  void overlay_asked(const QList<qint64>& ids, bool shown);
  void settings_asked(qint64 id);  ///< into the form
  void command_asked(qint64 id);   ///< to the clipboard
  void removed(const std::vector<std::int64_t>& ids);
  void restored(const std::vector<std::int64_t>& ids);  ///< that were removed
  void refused(const QString& sentence);
  void page_asked();  ///< over the whole window, or back

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void build_bar();
  void build_table();
  void tell_columns();
  void choose_columns();
  void narrow_columns();
  QStringList layout_columns() const;  ///< as they stand on the screen
  QHash<QString, int> chosen_widths() const;
  void ask_for_keys();
  void look_for_differences();
  std::vector<std::int64_t> finished_ids() const;  ///< of those shown
  void read_sketches();
  QStringList values_of(const RunKey& key) const;
  void build_commands();
  QAction* add_command(const QString& text, const QString& help, void (RunLibraryDock::*action)());
  void take(const LibraryPiece& piece);
  void use_filter();
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
  CurveDelegate* curves_;
  QAbstractItemDelegate* names_ = nullptr;
  QWidget* body_;
  QBoxLayout* bar_ = nullptr;
  FilterField* field_;
  QComboBox* status_;
  GroupsPanel* groups_;
  QToolButton* as_groups_;
  QToolButton *only_differences_, *archived_, *choose_, *page_;
  QLabel* count_;
  QLabel* empty_;
  QStackedWidget* pages_;
  std::vector<QAction*> commands_;
  LibraryCommands* edits_ = nullptr;
  QAction *open_ = nullptr, *tick_ = nullptr, *resume_ = nullptr, *further_ = nullptr, *settings_ = nullptr,
          *command_ = nullptr, *remove_ = nullptr, *undo_ = nullptr, *refresh_ = nullptr;
  std::set<std::int64_t> held_;
  std::vector<std::vector<std::int64_t>> removed_;
  RunFilter wanted_filter_;  ///< in force once its keys have been read
  QString unfinished_;       ///< what is still missing of its text
  bool filter_waits_ = false;
  LibraryColumns all_columns_;     ///< while only what differs is shown
  QHash<QString, int> widths_;     ///< of columns that have been shown, for when they are back
  std::vector<RunKey> differing_;  ///< between the runs shown
  std::set<std::int64_t> wanted_sketches_;
  QTimer watch_, settle_, sketches_;
};

}  // namespace grapevine
