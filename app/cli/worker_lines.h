// What a pool and its workers tell each other: one JSON object a line. Pure functions.
#pragma once

#include <string>

#include "app/cli/worker_pool.h"

namespace grapevine::cli {

std::string write_job(const LaunchRequest& request);
/// Throws InputError for a line that is none.
LaunchRequest read_job(const std::string& line);
/// A row is in the database: reported once, before the end.
std::string write_begun(std::int64_t run);
std::optional<std::int64_t> read_begun(const std::string& line);
std::string write_end(const WorkerEnd& end);
WorkerEnd read_end(const std::string& line);

}  // namespace grapevine::cli
