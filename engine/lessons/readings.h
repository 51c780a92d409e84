// A lesson's numbers: how they are written in its file, and their values in a run.
//
//   [EXPERIMENT:]RACER.MEASURE[POINT][ first|best][ angle]        dfa.cos_delta[1] angle
//
// RACER is a racer's name in its experiment, or its rule where only one has it. Without [POINT] a measure of
// layers means all of them: their mean where it is printed, each of them where it is compared.
// Pure functions; any thread may call.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/lessons/lesson_plan.h"
#include "engine/runs/run_data.h"

namespace grapevine {

/// The results of a lesson's experiments: by their names, the racers in the experiment's order.
using LessonRuns = std::map<std::string, std::vector<RunView>>;

/// `experiment`: of the step that contains it, "" where it has none. Throws InputError.
LessonReading read_reading(std::string_view text, const LessonPlan& lesson, const std::string& experiment);
/// Text with {readings}; braces have no other meaning.
LessonText read_lesson_text(std::string_view text, const LessonPlan& lesson, const std::string& experiment);

/// The curves that a reading names: one, or one per point; empty when nothing was measured yet.
std::vector<const Series*> curves_of(const LessonReading& reading, const LessonRuns& runs);
/// NaN when nothing was measured yet.
double value_of(const LessonReading& reading, const LessonRuns& runs);
/// Writes a number with so many digits behind the point; a window does it by the user's locale.
using NumberText = std::function<std::string(double value, int digits)>;
std::string in_c_locale(double value, int digits);
/// A number as people read it: "84.2 %", "0.37", "68°"; "–" when there is none.
std::string text_of(const LessonReading& reading, double value, const NumberText& number = in_c_locale);
std::string text_of(const LessonText& text, const LessonRuns& runs, const NumberText& number = in_c_locale);
/// A reading's name in a line of the list: "DFA: cos(δ, BP), layer 1".
std::string name_of(const LessonReading& reading, const LessonPlan& lesson);

}  // namespace grapevine
