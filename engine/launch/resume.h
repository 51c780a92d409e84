// What a stored run needs to be continued, or trained further as a new one: its settings, its checkpoint, the
// commands since. Reads the database only. Private to launch/; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/launch/launch.h"
#include "engine/runs/run_reader.h"
#include "engine/runs/run_writer.h"

namespace grapevine {

struct Continuation {
  ExperimentPlan plan;
  StoredRace race;                          ///< its rows, their step among them
  std::optional<CheckpointSet> checkpoint;  ///< none was written yet: from the start, which is known
  std::vector<CommandRecord> replay;
  std::vector<Beginning> beginnings;  ///< what each racer keeps
  std::int64_t trained = 0;           ///< the run that was trained on these data so far
  std::string data_digest;            ///< of them; "" = not known, of version 0.1.0
  std::vector<RunData> past;          ///< what is stored of each racer; of new runs nothing
  std::string begins_from;            ///< of new runs: whose state they begin with, in words; else ""
};

/// Of the run `id` with its whole race. `device` and `threads`, where given, take the place of the stored
/// ones. Throws InputError when it is finished, held by another program, or its checkpoints are damaged.
Continuation read_continuation(const std::string& database, std::int64_t id,
                               const std::optional<std::string>& device,
                               const std::optional<std::string>& threads);

/// Of new runs that train the finished run `id`, with its whole race, further: `sets` are KEY=VALUE of
/// train.epochs and train.max_steps, which count from the checkpoint's step. Throws InputError when it is not
/// finished, or has no checkpoint.
Continuation read_further_training(const std::string& database, std::int64_t id,
                                   const std::vector<std::string>& sets,
                                   const std::optional<std::string>& device,
                                   const std::optional<std::string>& threads);
/// Of forks of one run (launch/fork.cpp). Throws InputError when it has no checkpoint, and for a setting that
/// a fork can't change.
Continuation read_fork(const std::string& database, const ForkRequest& fork,
                       const std::optional<std::string>& device, const std::optional<std::string>& threads);
/// Makes of a run's state the first one of a fork with these settings: what belongs to another rule, or to
/// another optimizer, starts over.
void begin_fork(Checkpoint& state, const Experiment& fork);

// What both kinds of new runs do.
/// What was changed while the run was in progress applies to every continuation from there.
void take_live_changes(Experiment& experiment, const Checkpoint& checkpoint);
/// Where to compute, as far as it was given.
void set_machine(Experiment& experiment, const std::optional<std::string>& device,
                 const std::optional<std::string>& threads);
std::string words_of(const RunOrigin& origin);
/// The state is a checkpoint's: the file that a run once started from need not be there any more.
void forget_starting_weights(ExperimentPlan& plan);

/// Throws InputError where the data that were loaded are not those that the run began with. Of a run of
/// version 0.1.0 that is not known.
void check_data(const Continuation& continued, const RaceInfo& now);
/// The note that says so; "" where it is known.
std::string unknown_data(const Continuation& continued);

}  // namespace grapevine
