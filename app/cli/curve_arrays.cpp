#include "app/cli/curve_arrays.h"

#include <cstring>
#include <nlohmann/json.hpp>

#include "engine/experiment/registry.h"
#include "engine/runs/run_key.h"
#include "engine/weights/parameter_file.h"

namespace grapevine::cli {
namespace {

Array array_of(const Series& series) {
  constexpr std::size_t columns = 4;
  std::vector<double> values;
  values.reserve(series.size() * columns);
  for (std::size_t i = 0; i < series.size(); ++i)
    values.insert(values.end(),
                  {static_cast<double>(series.step[i]), series.epoch[i], series.seconds[i], series.value[i]});
  Array array{"f64", {static_cast<std::int64_t>(series.size()), columns}, {}};
  array.bytes.resize(values.size() * sizeof(double));
  if (!values.empty()) std::memcpy(array.bytes.data(), values.data(), array.bytes.size());
  return array;
}

nlohmann::json words_of(const RunData& run) {
  return {{"run", run.id},
          {"uuid", run.uuid},
          {"name", run.name},
          {"rule", run.rule},
          {"experiment", run.experiment}};
}

}  // namespace

std::string curves_npz(const std::vector<RunData>& runs) {
  ParameterFile file;
  nlohmann::json all = nlohmann::json::array();
  for (const RunData& run : runs) {
    all.push_back(words_of(run));
    const std::string before = runs.size() == 1 ? "" : std::to_string(run.id) + "/";
    for (const auto& [key, series] : run.series) {
      const std::string point = key.second > 0 ? "[" + std::to_string(key.second) + "]" : "";
      file.arrays.emplace_back(before + measures().at(static_cast<std::size_t>(key.first)).key + point,
                               array_of(series));
    }
  }
  file.metadata["columns"] = R"(["step", "epoch", "seconds", "value"])";
  file.metadata["runs"] = all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return to_npz(file);
}

}  // namespace grapevine::cli
