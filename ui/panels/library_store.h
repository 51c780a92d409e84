// The run library's way to the database: lists, loads and changes runs on another thread than the window's,
// so that a large or a locked database never stops the window. Public functions and signals: the window's
// thread.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QStringList>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/launch/paper_cells.h"
#include "engine/launch/paper_figures.h"
#include "engine/runs/aggregate.h"
#include "engine/runs/comparison.h"
#include "engine/runs/run_data.h"
#include "engine/runs/run_reader.h"

namespace grapevine {

class Background;
class TerminalExport;

/// A part of the list as it was read: the newest runs come first.
struct LibraryPiece {
  std::shared_ptr<const std::vector<RunKey>> keys;  ///< of the rows' cells
  std::vector<RunRow> rows;
  bool ends_list = false;  ///< of a list read whole: what was in none of its pieces is gone
};

class LibraryStore : public QObject {
  Q_OBJECT

 public:
  explicit LibraryStore(QObject* parent = nullptr);
  ~LibraryStore() override;

  /// grapevine-cli, which writes most formats; "" = there is none.
  void set_program(const QString& file);
  /// Changes the file; the list follows.
  void set_database(const QString& file);
  const QString& database() const { return database_; }

  /// Settings and measures that each row brings along; what is new is read.
  void set_keys(const std::vector<RunKey>& keys);
  /// Reads the list again, in pieces. Calls while one is under way are merged.
  void refresh();
  /// As refresh(), but only if the file has changed since the last reading. Of a list that takes long, the
  /// runs in progress and new ones are read at once, the rest now and then.
  void refresh_if_changed();
  /// Says once, at the start, which runs were interrupted.
  void mark_interrupted();

  using Loaded = std::function<void(std::vector<RunData>)>;
  /// `whole_race`: with all racers of each one's race.
  void load(std::vector<std::int64_t> ids, bool whole_race, Loaded then);
  void sketch(std::vector<std::int64_t> ids, std::function<void(std::vector<CurveSketch>)> then);
  void find_differences(std::vector<std::int64_t> ids, std::function<void(std::vector<RunKey>)> then);
  /// Of runs of sweeps: by number, which cell each is of (stored_sweeps.h).
  void find_cells(std::vector<std::int64_t> ids,
                  std::function<void(std::map<std::int64_t, std::string>)> then);
  /// Groups of runs, each as one.
  void load_means(std::vector<std::vector<std::int64_t>> groups, Band band,
                  std::function<void(std::vector<MeanView>)> then);
  /// An earlier one of the same asker that is not answered yet ends without an answer.
  /// `failed`: after trouble() has said why.
  void compare(const void* asker, ComparisonRequest request, std::function<void(Comparison)> then,
               std::function<void()> failed = {});
  void stop_comparing(const void* asker);

  /// The values of stored runs, in the papers' cells.
  void find_ours(std::vector<PaperCell> cells, std::function<void(std::vector<PaperCell>)> then);

  /// Runs with their states as one file (runs/run_file.h); `then` gets its size.
  void write_runs(std::vector<std::string> uuids, const QString& file, std::function<void(qint64)> then);

  /// In the format that the file's name ends in (runs/export_formats.h): csv, json and run, with the states,
  /// here, the others by the terminal's program. It says when the file is written.
  void export_runs(std::vector<std::int64_t> ids, const QString& file);
  /// Runs of other files taken in (runs/import_file.h); what was taken in stays where the program ends
  /// meanwhile.
  void import_files(const QStringList& files);
  bool importing() const { return !importing_.expired(); }
  /// What a figure of the papers shows of them.
  void draw_paper(std::string figure, std::vector<PaperCell> cells,
                  std::function<void(std::vector<PaperFigure>)> then);
  /// Changes what is stored; the list follows.
  void change(std::function<void(RunEditor&)> edit);
  void remove(const std::vector<std::int64_t>& ids);
  void restore(const std::vector<std::int64_t>& ids);

  /// Nothing is being read or changed, and nothing waits for it.
  bool idle() const;
  /// A file of runs is being written, or waits for it.
  bool writing() const;
  /// For the end of the program: that file stays what it was, and so does nothing else begin; changes are
  /// still carried out.
  void stop();

 Q_SIGNALS:
  void idled();  ///< nothing is asked of the database just now
  void piece_read(const grapevine::LibraryPiece& piece);
  /// After the last piece: all runs, the oldest first.
  void listed(const std::vector<grapevine::RunSummary>& runs);
  void trouble(const QString& sentence);
  void exported(const QString& file);
  void import_begun();
  /// What came of it; `notes`: what was made of numbers, what was left out.
  void imported(const QString& sentence, const QStringList& notes);
  void interrupted_found(int count);

 private:
  struct Side;     ///< what only the other thread uses
  struct Reading;  ///< of one list
  void begin(bool whole);
  void read_piece(const std::shared_ptr<Reading>& reading);
  void take(Reading& reading);
  void end(Reading& reading);
  /// Asks the reader on its thread, then calls `then` on this one; after an error `failed`.
  template <class Answer>
  void ask(std::function<Answer(RunReader&)> question, std::function<void(Answer)> then,
           std::function<void()> failed = {});
  QString file_mark() const;

  QString database_;
  void stop_all_comparing();
  void end_comparing(const void* asker, const std::shared_ptr<std::atomic<bool>>& stop);
  QString seen_mark_;
  std::shared_ptr<Side> side_;
  Background* background_;
  std::map<const void*, std::shared_ptr<std::atomic<bool>>>
      comparing_;  ///< by asker, until it is answered; true = not wanted any more
  TerminalExport* terminal_;
  std::shared_ptr<const std::vector<RunKey>> keys_;
  std::vector<RunSummary> runs_;  ///< by number
  bool refreshing_ = false;
  bool again_ = false;
  QElapsedTimer since_whole_;
  qint64 whole_took_ = 0;                ///< ms
  std::weak_ptr<const bool> writing_;    ///< held by the last file's work
  std::weak_ptr<const bool> importing_;  ///< the same of an import
};

}  // namespace grapevine
