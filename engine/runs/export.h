// A run as documents: the result of `train --json`, CSV and JSON exports, the library's list. Any thread may
// call.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "engine/runs/run_data.h"
#include "engine/runs/run_reader.h"

namespace grapevine {

/// The document of `train --json` (contract: run, uuid, status, experiment, seconds, steps, epochs,
/// best_test_accuracy, final_test_accuracy (of a language model: …_perplexity), alignment, calibrations,
/// events). Values that are not numbers become null.
nlohmann::json run_result(const RunData& run);
/// The document of `list --json`.
nlohmann::json list_result(const std::vector<RunSummary>& runs);
/// All samples as CSV: measure,point,step,epoch,seconds,value. A NaN is an empty field.
std::string run_to_csv(const RunData& run);
/// The same of several in one file, with the columns run,name,rule,seed before; of one run as above.
std::string runs_to_csv(const std::vector<RunData>& runs);
/// run_result with every series in columns under "series".
nlohmann::json run_to_json(const RunData& run);
/// Of several: {"runs": [the same, one per run]}.
nlohmann::json runs_to_json(const std::vector<RunData>& runs);

}  // namespace grapevine
