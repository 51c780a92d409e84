// A scripted student: goes through a lesson from end to end, trains each of its experiments, gives the
// commands that it asks for and the right answers, and says what the program noticed. Main thread.
#pragma once

#include <string>

#include "app/cli/options.h"
#include "engine/lessons/course.h"

namespace grapevine::cli {

struct StudentResult {
  Course course;
  LessonRuns runs;
  double seconds = 0;  ///< that the trainings took
};

/// Trains with the command line's settings over the lesson's. The runs are kept only where --db names a
/// database. Throws Error where an experiment can't start or fails, and WorkStopped; a stop before a
/// training's first step ends the program, with `left` as its message (stop_requests.h).
StudentResult go_through(const LessonPlan& lesson, const Options& options, const std::string& left);

}  // namespace grapevine::cli
