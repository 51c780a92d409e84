// A run's numbers for people, made from the result document (engine/runs/export.h): the same after training
// and for stored runs. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "engine/experiment/measure.h"
#include "engine/runs/run_data.h"

namespace grapevine::cli {

/// A member that is a number, NaN where it is missing or null.
double number_at(const nlohmann::json& object, const std::string& key);
/// An accuracy as "84.2 %", a perplexity as "56.3".
std::string score_text(const MeasureDescriptor& score, double value, int digits = 2);
/// What a run is judged by in a phase: the score that `object` has under its key with `before` in front
/// ("final_test_accuracy"); the first of all where it has none.
const MeasureDescriptor& score_in(const nlohmann::json& object, Phase phase, const std::string& before = "");
/// Its value as text.
std::string score_at(const nlohmann::json& object, Phase phase, const std::string& before = "",
                     int digits = 2);
/// The last values of a measure at the points 1, 2, …, as "0.93 0.92 0.97", an estimate's with its error, as
/// "0.93±0.02"; "" where it was not measured.
std::string by_point(const RunData& run, const char* measure_key);
/// Sum of the epochs' training times: the run's own, also in a race.
double own_seconds(const nlohmann::json& result);
/// The phases that an epoch's line reports: training, validation where the run has any, test.
std::vector<Phase> phases_in(const nlohmann::json& epochs);
/// "train", "validation", "test".
std::string phase_name(Phase phase);
/// What a run was begun by: "grapevine 0.1.0, LibTorch 1.13.1".
std::string versions_text(const RunData& run);
/// "3" or "2.31".
std::string epoch_text(double epoch);
/// One row per run: rule, last and best accuracy, on validation data first, losses, alignment, seconds.
std::string result_table(const std::vector<RunView>& runs, const std::vector<std::string>& labels);
/// One row per epoch: training, validation where there is any, test.
std::string epoch_table(const nlohmann::json& result, int indent);
/// One row per feedback point or segment, one column per measure.
std::string alignment_table(const nlohmann::json& result, int indent);

}  // namespace grapevine::cli
