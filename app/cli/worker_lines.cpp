#include "app/cli/worker_lines.h"

#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/plans/plan.h"

namespace grapevine::cli {

using Json = nlohmann::json;

std::string write_job(const LaunchRequest& request) {
  Json job{{"resume", request.resumed_id}, {"sweep", request.sweep_uuid}, {"database", request.database_id}};
  if (request.resumed_id == 0) job["plan"] = plan_to_json(request.plan);
  if (request.device) job["device"] = *request.device;
  if (request.threads) job["threads"] = *request.threads;
  return job.dump();
}

LaunchRequest read_job(const std::string& line) {
  try {
    const Json job = Json::parse(line);
    LaunchRequest request;
    request.resumed_id = job.at("resume").get<std::int64_t>();
    request.sweep_uuid = job.at("sweep").get<std::string>();
    request.database_id = job.at("database").get<std::string>();
    if (job.contains("device")) request.device = job["device"].get<std::string>();
    if (job.contains("threads")) request.threads = job["threads"].get<std::string>();
    if (request.resumed_id == 0) request.plan = make_plan(job.at("plan").dump(), "the job", {});
    return request;
  } catch (const Json::exception&) {
    throw InputError("a worker got a line that is not a job; workers are started by sweep --jobs alone");
  }
}

std::string write_begun(std::int64_t run) {
  return Json{{"begun", run}}.dump();
}

std::optional<std::int64_t> read_begun(const std::string& line) {
  const Json told = Json::parse(line, nullptr, false);
  if (!told.is_object() || !told.contains("begun") || !told["begun"].is_number_integer()) return std::nullopt;
  return told["begun"].get<std::int64_t>();
}

std::string write_end(const WorkerEnd& end) {
  return Json{{"run", end.run},
              {"status", end.status.text()},
              {"failure", end.failure},
              {"exit_status", end.exit_status}}
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

WorkerEnd read_end(const std::string& line) {
  try {
    const Json end = Json::parse(line);
    return {end.at("run").get<std::int64_t>(), StatusWord::read(end.at("status").get<std::string>()),
            end.at("failure").get<std::string>(), end.at("exit_status").get<int>()};
  } catch (const Json::exception&) {
    return {0, RunStatus::failed,
            "a worker answered with a line that is not an answer: " + line.substr(0, 80), 1};
  }
}

}  // namespace grapevine::cli
