// Reads runs from the database, also while another program writes them. One reader belongs to one thread.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/runs/run_data.h"
#include "engine/runs/run_filter.h"
#include "engine/session/checkpoint.h"

namespace grapevine {

/// A row of the run library and of `list`.
struct RunSummary {
  std::int64_t id = 0;
  StatusWord status;
  std::string uuid, name, rule, model, data, started, ended;
  std::string tags, notes, group_uuid, group_kind, device;
  std::uint32_t colour = 0;
  bool colour_chosen = false;  ///< by a user; else the rule's own colour is shown
  std::int64_t seed = 0;
  double epochs = 0;  ///< done
  std::int64_t steps = 0;
  const MeasureDescriptor* score = nullptr;      ///< test_accuracy, or a language model's test_perplexity
  double best = 0, last = 0;                     ///< of the score; NaN when not measured
  const MeasureDescriptor* judged_by = nullptr;  ///< the same on validation data, where it has any
  double judged_best = 0;                        ///< NaN when not measured
  bool resumable = false;                        ///< has a checkpoint whose file is there
  bool pinned = false;
  bool archived = false;  ///< kept, but hidden: lists leave it out unless asked
  bool baseline = false;  ///< the reference for the others, where several could be
  std::string origin;     ///< of an imported run
  std::string failure;    ///< why, of a failed run
};
/// What a run has under the name of one of run_columns(). Throws std::logic_error for another.
RunCell column_of(const RunSummary& run, const std::string& column);

/// A summary of a curve, of its values that are numbers; NaN and -1 where there is none.
struct CurveValues {
  double last = std::numeric_limits<double>::quiet_NaN();
  double best = std::numeric_limits<double>::quiet_NaN();  ///< the earliest where several are; NaN of a
                                                           ///< measure that has no better
  double mean = std::numeric_limits<double>::quiet_NaN();
  std::int64_t best_step = -1;
  std::int64_t n = 0;
};

/// Which runs, what of them, and in which order.
struct RunSelection {
  RunFilter filter;
  std::vector<RunKey> columns;     ///< RunRow::cells
  std::optional<RunKey> order;     ///< without it by number, the newest last
  bool descending = false;         ///< runs without a value stay last
  bool deleted = false;            ///< those that were deleted, instead
  bool archived = true;            ///< also archived ones
  bool experiments = false;        ///< RunRow::experiment, the stored JSON
  std::vector<std::int64_t> only;  ///< of these runs, in their own order; empty = all
};
struct RunRow {
  RunSummary summary;
  std::vector<RunCell> cells;
  std::string experiment;  ///< where it was asked for
};

/// The file's content is checked: a row that can't be read, or an invalid value, is left out and
/// reported by troubles(); where nothing remains, an InputError says what to do.
/// A curve in few points, evenly over its steps: for a drawing the size of a word.
struct CurveSketch {
  const MeasureDescriptor* measure = nullptr;  ///< what the run is judged by, before two evaluations its
                                               ///< batches' score; nullptr where it has nothing
  std::vector<float> values;                   ///< numbers alone, oldest first
};

class RunReader {
 public:
  /// Throws InputError for a file that is missing, no database, or of a newer version. Migrates nothing.
  explicit RunReader(const std::string& database);
  ~RunReader();

  std::vector<RunSummary> list();
  std::vector<RunRow> rows(const RunSelection& selection);
  /// Numbers of all runs that were not deleted, the oldest first: for reading rows in pieces.
  std::vector<std::int64_t> ids();
  std::vector<CurveSketch> sketches(const std::vector<std::int64_t>& ids);
  /// An id, or the beginning of a uuid. Throws InputError when nothing or more than one fits.
  std::int64_t resolve(const std::string& id) { return resolve(id, false); }
  /// The same among the runs that were deleted.
  std::int64_t resolve_deleted(const std::string& id) { return resolve(id, true); }
  RunSummary summary(std::int64_t id);
  RunData load(std::int64_t id) { return load(id, {}); }
  /// With the curves of these measures only; none named = all.
  RunData load(std::int64_t id, const std::vector<std::string>& measures);
  /// All racers of the run's race, itself included, in the order they raced; just itself for a single run.
  std::vector<std::int64_t> race_of(std::int64_t id);
  /// The latest whole checkpoint set of these runs; without racers where none was written yet. Throws
  /// InputError when all files are gone or damaged.
  CheckpointSet checkpoint(const std::vector<std::int64_t>& ids);
  /// Where new runs begin that train these, which are finished, further: their latest whole checkpoints, the
  /// first states of others (begin_new_run()), and what is to be noted of each. Throws InputError when there
  /// are none.
  struct Beginning {
    CheckpointSet set;
    std::vector<RunOrigin> origins;
  };
  Beginning beginning_from(const std::vector<std::int64_t>& ids);
  /// The same of one run, as it stands: for forks of it.
  Beginning fork_from(std::int64_t id);
  /// The state with which these runs began, where that was another one's; without racers where they began at
  /// their own start. Throws InputError when it is gone.
  CheckpointSet first_state(const std::vector<std::int64_t>& ids);
  /// The latest whole checkpoint of one run as a file of its own (runs/checkpoint_file.h says how it is laid
  /// out); returns its size. Throws InputError when there is none, RunError when it can't be written.
  std::int64_t write_checkpoint(std::int64_t id, const std::string& file);
  /// For a replay after a checkpoint of `after_step`: the commands that came later, and those of that step
  /// which the checkpoint does not contain. -1 = all commands. Throws InputError for what is not a command.
  std::vector<CommandRecord> commands(std::int64_t id, std::int64_t after_step);
  /// What was left out so far, a sentence each.
  const std::vector<std::string>& troubles() const;

 private:
  std::int64_t resolve(const std::string& id, bool deleted);
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Is there a database to read? A missing or empty file is a library without runs, not an error, for
/// lists.
bool database_exists(const std::string& database);

/// Stores the summaries of the runs' curves where they are missing: runs of version 0.1.0, runs that were
/// interrupted. In pieces: after so many samples it leaves the rest to the next call, and returns false. Does
/// nothing where nothing can be written: then readers take it from the samples.
bool fill_run_values(const std::string& database, std::int64_t most_samples = 2'000'000);

/// Changes that the library makes, each its own short transaction. Throws InputError.
class RunEditor {
 public:
  explicit RunEditor(const std::string& database);
  ~RunEditor();
  void set_name(std::int64_t id, const std::string& name);
  void set_tags(std::int64_t id, const std::string& tags);
  void set_notes(std::int64_t id, const std::string& notes);
  /// A note at a step that the run has made, in place of an earlier one there; "" removes it. Throws
  /// InputError for a step that it has not made, and where there is no note to remove.
  void set_note_at(std::int64_t id, std::int64_t step, const std::string& text);
  void set_colour(std::int64_t id, std::uint32_t colour);
  void use_rules_colour(std::int64_t id);  ///< whatever was chosen before
  void set_pinned(std::int64_t id, bool pinned);
  void set_archived(std::int64_t id, bool archived);
  void set_baseline(std::int64_t id, bool baseline);
  /// One word, next to those that the run has.
  void add_tag(std::int64_t id, const std::string& tag);
  void remove_tag(std::int64_t id, const std::string& tag);
  /// Hides the runs; undelete brings them back until the database is purged.
  void remove(const std::vector<std::int64_t>& ids);
  void restore(const std::vector<std::int64_t>& ids);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Marks as interrupted what is marked running or paused while its lock is free. Returns how many. Cheap;
/// call at start.
int mark_interrupted(const std::string& database);

}  // namespace grapevine
