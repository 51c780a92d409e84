// A worker: reads a job, trains it, answers, until there are no more.
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/console.h"
#include "app/cli/terminal_run.h"
#include "app/cli/worker_lines.h"
#include "app/cli/worker_pool.h"
#include "engine/error.h"
#include "engine/experiment/measure.h"
#include "engine/runs/run_reader.h"

namespace grapevine::cli {
namespace {

WorkerEnd carry_out_job(const Options& options, const std::string& line, const StopRequests& stops) {
  try {
    const CellEnd end = carry_out_cell(options, read_job(line), stops,
                                       [](std::int64_t run) { std::cout << write_begun(run) << std::endl; });
    WorkerEnd told{end.run, end.status, "", end.exit_status};
    if (end.status == RunStatus::failed)
      told.failure = RunReader(options.database_path()).load(end.run, {family::loss}).failure;
    return told;
  } catch (const Error& error) {
    complain(error.what());
    return {0, RunStatus::failed, error.what(), error.exit_status()};
  }
}

}  // namespace

int serve_jobs(const Options& given) {
  Options options = given;
  options.quiet = options.json = true;  // standard output is the pool's
  const StopRequests stops;
  std::string line;
  while (!stops.stop_asked() && std::getline(std::cin, line)) {
    const WorkerEnd end = carry_out_job(options, line, stops);
    std::cout << write_end(end) << std::endl;
    if (!std::cout) return 1;
  }
  return stops.stop_asked() ? stopped_status : 0;
}

}  // namespace grapevine::cli
