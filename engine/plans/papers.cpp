#include "engine/plans/papers.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/files/memory.h"
#include "engine/plans/resource_files.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

constexpr const char* tables_file = "papers/results.json";

const Json& tables() {
  static const Json all = [] {
    const Json document = within_memory(
        "", tables_file, [] { return Json::parse(read_resource(tables_file), nullptr, false); });
    const auto found = document.is_object() ? document.find("tables") : document.end();
    if (found == document.end() || !found->is_array())
      throw RunError(std::string(tables_file) + " is damaged; install Grapevine again");
    return *found;
  }();
  return all;
}

bool is_of(const Json& table, const PublishedCell& cell) {
  return table.value("dataset", "") == cell.data && table.value("model", "") == cell.model &&
         table.value("feedback", "") == cell.feedback;
}

bool is_of_row(const Json& row, const PublishedCell& cell) {
  return row.value("method", "") == cell.method &&
         row.value("calibration_every_epochs", 0) == cell.calibration;
}

}  // namespace

std::vector<PublishedResult> published_results(const PublishedCell& cell) {
  std::vector<PublishedResult> found;
  for (const Json& table : tables()) {
    if (!is_of(table, cell)) continue;
    for (const Json& row : table.at("rows")) {
      if (!is_of_row(row, cell)) continue;
      PublishedResult result{table.at("paper"), table.at("table"), table.at("metric"), row.at("mean")};
      if (row.contains("std")) result.spread = row.at("std");
      found.push_back(std::move(result));
    }
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& one, const auto& other) { return one.paper > other.paper; });
  return found;
}

double published_milliseconds(const std::string& method, int depth) {
  for (const Json& table : tables()) {
    if (table.value("metric", "") != "milliseconds_per_batch") continue;
    for (const Json& row : table.at("rows"))
      if (row.value("method", "") == method && row.value("depth", 0) == depth) return row.at("mean");
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace grapevine
