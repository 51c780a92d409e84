// Reads runs from the database, also while another program writes them. One reader belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/runs/run_data.h"
#include "engine/session/checkpoint.h"

namespace grapevine {

/// A row of the run library and of `list`.
struct RunSummary {
  std::int64_t id = 0;
  std::string uuid, name, status, rule, model, data, started, ended;
  std::string tags, notes, group_uuid, group_kind, device;
  std::uint32_t colour = 0;
  bool colour_chosen = false;  ///< by a user; else the rule's own colour is shown
  std::int64_t seed = 0;
  double epochs = 0;  ///< done
  std::int64_t steps = 0;
  const MeasureDescriptor* score = nullptr;  ///< test_accuracy, or a language model's test_perplexity
  double best = 0, last = 0;                 ///< of the score; NaN when not measured
  bool resumable = false;                    ///< has a checkpoint whose file is there
};

/// What stands in the file is checked: a row that can't be read, or a value that can be none, is left out and
/// told by troubles(); where nothing is left to give an InputError says what to do.
class RunReader {
 public:
  /// Throws InputError for a file that is missing, no database, or of a newer version. Migrates nothing.
  explicit RunReader(const std::string& database);
  ~RunReader();

  std::vector<RunSummary> list();
  /// An id, or the beginning of a uuid. Throws InputError when nothing or more than one fits.
  std::int64_t resolve(const std::string& id);
  RunSummary summary(std::int64_t id);
  RunData load(std::int64_t id);
  /// All racers of the run's race, itself included, in the order they raced; just itself for a single run.
  std::vector<std::int64_t> race_of(std::int64_t id);
  /// The latest whole checkpoint set of these runs; without racers where none was written yet. Throws
  /// InputError when all files are gone or damaged.
  CheckpointSet checkpoint(const std::vector<std::int64_t>& ids);
  /// The latest whole checkpoint of one run as a file of its own (runs/checkpoint_file.h says how it is laid
  /// out); returns its size. Throws InputError when there is none, RunError when it can't be written.
  std::int64_t write_checkpoint(std::int64_t id, const std::string& file);
  /// For a replay after a checkpoint of `after_step`: the commands that came later, and those of that step
  /// which the checkpoint does not contain. -1 = all commands. Throws InputError for what is no command.
  std::vector<CommandRecord> commands(std::int64_t id, std::int64_t after_step);
  /// What was left out so far, a sentence each.
  const std::vector<std::string>& troubles() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// Is there a database to read? A missing or empty file is a library without runs, not an error, for who
/// lists.
bool database_exists(const std::string& database);

/// Changes that the library makes, each its own short transaction. Throws InputError.
class RunEditor {
 public:
  explicit RunEditor(const std::string& database);
  ~RunEditor();
  void set_name(std::int64_t id, const std::string& name);
  void set_tags(std::int64_t id, const std::string& tags);
  void set_notes(std::int64_t id, const std::string& notes);
  void set_colour(std::int64_t id, std::uint32_t colour);
  void use_rules_colour(std::int64_t id);  ///< takes set_colour() back
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
