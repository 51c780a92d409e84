// The lessons that come with the program (resources/lessons), and those in files of one's own. Any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/lessons/lesson_plan.h"

namespace grapevine {

/// All that come with the program, in their order. Throws RunError when they are missing or damaged.
const std::vector<LessonPlan>& lessons();
/// A lesson by its name, or from a file: where the word names a file that is there, or looks like a path.
/// Throws InputError, with the nearest names.
LessonPlan load_lesson(const std::string& name_or_file);

}  // namespace grapevine
