// Work for several processes at once: each opens the engine once and takes one job after the other, so that
// cells train side by side without sharing threads. A job is a launch; its outcome comes back in one
// line. Main thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/cli/options.h"
#include "app/cli/stop_requests.h"
#include "engine/launch/launch.h"

namespace grapevine::cli {

struct WorkerJob {
  std::size_t number = 0;  ///< the caller's
  LaunchRequest request;
  std::string device;  ///< that its run is asked for, as in the setting
};

struct WorkerEnd {
  std::int64_t run = 0;  ///< 0 where nothing was begun
  StatusWord status;     ///< as in the runs table; "failed" also where the process itself ended
  std::string failure;   ///< a sentence; "" when there is none
  int exit_status = 0;
};

/// What runs the jobs: where they come from and who is notified.
struct WorkerOrders {
  std::function<std::optional<WorkerJob>()> next;  ///< nothing: no more at present
  std::function<void(const WorkerJob&)> begun;
  std::function<void(const WorkerJob&, std::int64_t run)> begun_run;  ///< its row is stored; may be empty
  std::function<void(const WorkerJob&, const WorkerEnd&)> ended;
  std::function<void(int busy)> idle;   ///< some times a second
  std::function<bool()> wait_for_more;  ///< may be empty: stay when nothing is left to do?
};

/// Carries jobs out, `workers` at once, until none is left or a stop is asked for: then those in progress are
/// stopped and stored, and it returns false.
bool carry_out_beside(const Options& options, int workers, const StopRequests& stops,
                      const WorkerOrders& orders);

/// The other end: jobs from standard input, a line each, answers to standard output.
int serve_jobs(const Options& options);

/// How many at once where no number is given (launch/gpu_shares.h), of runs with these devices and so many
/// threads each. Opens the engine on a machine with GPUs, to ask which it may use.
int workers_that_fit(int threads, const std::vector<std::string>& devices);

}  // namespace grapevine::cli
