#include "app/cli/lesson_student.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "app/cli/console.h"
#include "app/cli/stop_requests.h"
#include "engine/door/engine_api.h"
#include "engine/error.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/files/abandoned.h"
#include "engine/files/work_folder.h"
#include "engine/launch/launch.h"
#include "engine/session/interruption.h"

namespace grapevine::cli {
namespace {

constexpr auto patience = std::chrono::milliseconds(50);

/// What any step of the lesson wants to be done while this experiment runs.
void give_commands(const LessonPlan& lesson, const std::string& experiment, Launch& launch) {
  for (const LessonStep& step : lesson.steps)
    for (const LessonCondition& condition : step.until) {
      const auto* command = std::get_if<CommandCondition>(&condition.what);
      if (!command || command->experiment != experiment) continue;
      if (command->kind == LiveChange::Kind::calibrate) launch.calibrate();
      if (command->kind == LiveChange::Kind::set) launch.set(command->key, command->example);
    }
}

bool is_of_a_layer(LiveChange::Kind kind) {
  return kind != LiveChange::Kind::calibrate && kind != LiveChange::Kind::set;
}

/// What is to be done to a layer at a step of its own.
std::vector<std::string> timed_commands(const LessonPlan& lesson, const std::string& experiment) {
  std::vector<std::string> at;
  for (const LessonStep& step : lesson.steps)
    for (const LessonCondition& condition : step.until)
      if (const auto* command = std::get_if<CommandCondition>(&condition.what);
          command && command->experiment == experiment && is_of_a_layer(command->kind))
        at.push_back(command->example);
  return at;
}

/// Experiments of a lesson that differ in their seeds continue to do so: the first has the seed that was
/// asked for.
Overrides overrides_of(const LessonPlan& lesson, const ExperimentPlan& plan, const Options& options) {
  Overrides overrides = options.overrides();
  if (!options.seed) return overrides;
  std::int64_t asked = 0;
  const char* const end = options.seed->data() + options.seed->size();
  // What is not a number is reported where the plan is made.
  if (std::from_chars(options.seed->data(), end, asked).ptr != end) return overrides;
  const auto own = RunSettings::of(plan.racers.front()).seed;
  auto first = own;
  for (const auto& [name, other] : lesson.experiments)
    first = std::min(first, RunSettings::of(other.racers.front()).seed);
  if (own > first) overrides.sets.push_back("seed=" + std::to_string(asked + own - first));
  return overrides;
}

/// Trains to the end, or until it is stopped. The racers stay alive with who holds them.
std::vector<RunView> train(const LessonPlan& lesson, const std::string& experiment, LaunchRequest request,
                           const std::string& database, const std::function<void()>& leave) {
  Launch launch(std::move(request), database, engine_steppers());
  while (launch.phase() == LaunchPhase::preparing) {
    launch.look(patience);
    if (interruption_requested()) leave();
  }
  if (launch.phase() == LaunchPhase::going) give_commands(lesson, experiment, launch);
  bool stopped = false;
  while (launch.phase() != LaunchPhase::over) {
    launch.look(patience);
    if (!stopped && interruption_requested()) {
      launch.stop();
      stopped = true;
    }
  }
  launch.look();
  const LaunchEnd end = launch.end();
  if (end.status == RunStatus::failed && end.wrong_input) throw InputError(experiment + ": " + end.failure);
  if (end.status == RunStatus::failed) throw RunError(experiment + ": " + end.failure);
  interruption_point();
  return launch.runs().views();
}

void answer_correctly(Course& course, const LessonRuns& runs) {
  if (!course.step().question) return;
  const LessonQuestion& question = *course.step().question;
  for (std::size_t i = 0; i < question.choices.size(); ++i)
    if (question.choices[i].right && course.answer(i)) return;
  if (!question.number) return;
  double value = value_of(*question.number, runs);
  if (text_of(*question.number, value).ends_with("%")) value *= 100;
  course.answer(value, runs);
}

}  // namespace

StudentResult go_through(const LessonPlan& lesson, const Options& options, const std::string& left) {
  StudentResult result{Course(lesson), {}, 0};
  Console console(options);
  // For runs that nobody keeps.
  const std::string start = (std::filesystem::temp_directory_path() / "grapevine-lesson-").string();
  remove_abandoned_folders(start);
  const WorkFolder scratch(start);
  if (scratch.error() != 0)
    throw RunError("no folder can be made in " + std::filesystem::temp_directory_path().string() + ": " +
                   std::strerror(scratch.error()));
  const std::string database =
      options.database.empty() ? (scratch.path() / "runs.db").string() : options.database_path();
  for (;;) {
    const std::string& experiment = result.course.experiment();
    if (!experiment.empty() && !result.runs.contains(experiment)) {
      console.line("training " + experiment + " …");
      LaunchRequest request;
      const ExperimentPlan& plan = lesson.experiments.at(experiment);
      request.plan = make_plan(plan_to_json(plan).dump(), experiment, overrides_of(lesson, plan, options));
      request.at = timed_commands(lesson, experiment);
      result.runs[experiment] =
          train(lesson, experiment, std::move(request), database, [&] { leave_stopped(options, left); });
      result.seconds += result.runs[experiment].front()->seconds;
      result.course.look(result.runs);
    }
    answer_correctly(result.course, result.runs);
    if (result.course.at_end()) break;
    result.course.next();
  }
  return result;
}

}  // namespace grapevine::cli
