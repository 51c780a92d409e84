// What a user says of runs in the library: name, tags, notes, colour, pin, baseline, archive; and which runs
// are laid over the figures. Nothing that was computed changes. The window's thread only.
#pragma once

#include <QObject>
#include <QStringList>
#include <cstdint>
#include <functional>
#include <vector>

#include "engine/runs/run_reader.h"

class QAction;
class QWidget;

namespace grapevine {

class LibraryStore;
class RunLibraryFilter;
class RunLibraryModel;

/// What a file dialog offers of the runs: all formats by the file's ending, then each alone.
QStringList export_filters(bool several, bool have_state);
/// The name with the ending of the filter that was chosen; as it is where that takes them all.
QString named_for(const QString& file, const QString& filter);

class LibraryCommands : public QObject {
  Q_OBJECT

 public:
  using Selected = std::function<std::vector<std::int64_t>()>;
  LibraryCommands(LibraryStore* store, RunLibraryModel* model, RunLibraryFilter* filter, Selected selected,
                  QWidget* parent);

  const std::vector<QAction*>& actions() const { return actions_; }
  /// For the selected runs.
  void enable();

  /// Ticks the best runs of those shown, by what each is judged by, and unticks the others.
  void tick_best(int count);
  QString best_by() const;  ///< "by each one's best validation accuracy"
  void untick_all();
  void toggle_pinned();
  void toggle_archived();
  void toggle_baseline();
  void add_tags(const QString& words);
  void remove_tag(const QString& tag);
  QStringList tags() const;  ///< that the selected runs have
  void set_colour(std::uint32_t colour);
  /// Into the database that is open.
  void import_files(const QStringList& files);

 private:
  QAction* add(const QString& text, const QString& help, std::function<void()> action,
               const char* key = nullptr, bool needs_runs = true);
  void toggle(bool RunSummary::*flag, void (RunEditor::*set)(std::int64_t, bool));
  std::vector<const RunSummary*> runs() const;
  using Ids = std::vector<std::int64_t>;
  void add_tags_to(const Ids& ids, const QString& words);
  void remove_tag_of(const Ids& ids, const QString& tag);
  void set_colour_of(const Ids& ids, std::uint32_t colour);
  // Whom an answer is for is settled before the question: the list may be read again meanwhile.
  void ask_best();
  void ask_tags();
  void ask_tag_to_remove();
  void ask_notes();
  void ask_colour();
  void ask_export();
  void ask_import();

  LibraryStore* store_;
  RunLibraryModel* model_;
  RunLibraryFilter* filter_;
  Selected selected_;
  QWidget* window_;
  std::vector<QAction*> actions_;
  std::vector<QAction*> for_runs_;  ///< those that need a selection
  QAction *pin_ = nullptr, *archive_ = nullptr, *baseline_ = nullptr, *notes_ = nullptr, *untag_ = nullptr,
          *import_ = nullptr;
};

}  // namespace grapevine
