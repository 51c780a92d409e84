// From experiments, races and sweeps to entries of the queue, and from an entry to a launch. Any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/launch/launch.h"
#include "engine/plans/sweep.h"
#include "engine/runs/run_queue.h"

namespace grapevine {

/// What goes into the queue together.
struct Queued {
  std::vector<std::string> plans;  ///< JSON
  std::string group_uuid;          ///< "" for a single experiment
  bool once = false;               ///< what waits, or is trained, already is not queued again
};
/// Puts it into the queue, and returns the new entries' ids.
std::vector<std::int64_t> add_to_queue(RunQueue& queue, const Queued& queued);
/// The plan as it is, or, with more than one seed, again with each of the next ones.
Queued queued_plan(const ExperimentPlan& plan, int seeds = 1);
/// An entry a cell.
Queued queued_sweep(const Sweep& sweep);
/// The same of some of its cells.
Queued queued_cells(const Sweep& sweep, const std::vector<std::size_t>& which);

/// What trains an entry; `beside`: several entries at once, so that it gets one thread where no number is
/// given. Throws InputError for a plan that is none.
LaunchRequest request_of(const QueueTurn& turn, bool beside);
/// "GrAPE · MLP on Shapes, seed 3": what an entry is, in a line; "" for one that can't be read.
std::string title_of_plan(const std::string& plan);
/// One an entry; entries of a sweep, and others whose titles would be the same, also say in what else they
/// differ: "GrAPE · MLP on Shapes, lr 0.01, seed 3".
std::vector<std::string> titles_of(const std::vector<QueueEntry>& entries);
/// The device that it is asked for; "" for one that can't be read.
std::string device_of_plan(const std::string& plan);
/// How many epochs its training takes; 0 for one that can't be read.
double epochs_of_plan(const std::string& plan);

}  // namespace grapevine
