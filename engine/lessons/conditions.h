// What a run has shown of a lesson. Pure functions on the runs' numbers; any thread may call.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/lessons/lesson_plan.h"
#include "engine/lessons/readings.h"

namespace grapevine {

/// The training step at which the condition was first met; nothing while it is not. An answer's is never met
/// by a run.
std::optional<std::int64_t> met_at(const LessonCondition& condition, const LessonRuns& runs);
/// What is waited for, where the file doesn't say: "DFA: cos(δ, BP), layer 1 above 0.5".
std::string words_of(const LessonCondition& condition, const LessonPlan& lesson,
                     const NumberText& number = in_c_locale);

}  // namespace grapevine
