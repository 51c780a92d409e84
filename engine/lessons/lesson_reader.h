// Reading lesson files (docs/lessons.md describes them). A file may come from anybody: it holds no code, sets
// no path, and whatever is wrong in it is named with its line. Pure; any thread may call.
#pragma once

#include <string>
#include <string_view>

#include "engine/lessons/lesson_plan.h"

namespace grapevine {

/// Is this document, valid or not, meant as a lesson and not as an experiment?
bool looks_like_lesson(std::string_view document);
/// `source` names the file in messages. Throws InputError.
LessonPlan read_lesson(std::string_view document, const std::string& source, const std::string& name);

}  // namespace grapevine
