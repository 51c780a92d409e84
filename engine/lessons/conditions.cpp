#include "engine/lessons/conditions.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/experiment/settings.h"

namespace grapevine {
namespace {

using Step = std::optional<std::int64_t>;

/// A curve's value at a step, or the last one before; NaN before the first.
double value_until(const Series& series, std::int64_t step) {
  const auto after = std::upper_bound(series.step.begin(), series.step.end(), step) - series.step.begin();
  return after == 0 ? std::nan("") : series.value[static_cast<std::size_t>(after) - 1];
}

class Bound {
 public:
  Bound(const MeasureCondition& condition, const LessonRuns& runs) {
    if (const double* number = std::get_if<double>(&condition.bound)) {
      number_ = *number;
    } else {
      curves_ = curves_of(std::get<LessonReading>(condition.bound), runs);
      number_ = std::nan("");
    }
  }
  /// Of several curves the mean.
  double at(std::int64_t step) const {
    if (curves_.empty()) return number_;
    double sum = 0;
    for (const Series* curve : curves_) sum += value_until(*curve, step);
    return sum / static_cast<double>(curves_.size());
  }

 private:
  double number_ = 0;
  std::vector<const Series*> curves_;
};

Step first_in(const Series& series, const MeasureCondition& condition, const Bound& bound) {
  int in_a_row = 0;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const double limit = bound.at(series.step[i]);
    // Comparisons with what is not a number are false: it breaks a row.
    const bool holds = condition.above ? series.value[i] > limit : series.value[i] < limit;
    in_a_row = holds ? in_a_row + 1 : 0;
    if (in_a_row >= condition.samples) return series.step[i];
  }
  return std::nullopt;
}

Step step_of(const MeasureCondition& condition, const LessonRuns& runs) {
  const std::vector<const Series*> curves = curves_of(condition.reading, runs);
  const Bound bound(condition, runs);
  Step latest;
  for (const Series* curve : curves) {
    const Step step = first_in(*curve, condition, bound);
    if (!step) return std::nullopt;
    latest = std::max(latest, step);
  }
  return latest;
}

template <typename Accept>
Step nth_event(const std::string& experiment, int times, const LessonRuns& runs, const Accept& accept) {
  const auto found = runs.find(experiment);
  if (found == runs.end()) return std::nullopt;
  Step earliest;
  for (const RunView& run : found->second) {
    int seen = 0;
    for (const Event& event : run->events) {
      if (!accept(event) || ++seen < times) continue;
      earliest = earliest ? std::min(*earliest, event.step) : event.step;
      break;
    }
  }
  return earliest;
}

Step step_of(const EventCondition& condition, const LessonRuns& runs) {
  return nth_event(condition.experiment, condition.times, runs,
                   [&](const Event& event) { return event.kind == condition.kind; });
}

EventKind event_after(LiveChange::Kind command) {
  switch (command) {
    case LiveChange::Kind::calibrate:
      return EventKind::calibration;
    case LiveChange::Kind::set:
      return EventKind::setting;
    case LiveChange::Kind::lesion:
      return EventKind::lesion;
    case LiveChange::Kind::freeze:
    case LiveChange::Kind::unfreeze:
      return EventKind::freeze;
  }
  return EventKind::other;
}

Step step_of(const CommandCondition& condition, const LessonRuns& runs) {
  return nth_event(condition.experiment, 1, runs, [&](const Event& event) {
    if (event.kind != event_after(condition.kind)) return false;
    if (condition.kind != LiveChange::Kind::set) return true;
    const auto data = nlohmann::json::parse(event.data, nullptr, false);
    return data.is_object() && data.value("key", nlohmann::json()) == condition.key;
  });
}

Step step_of(const AnswerCondition&, const LessonRuns&) {
  return std::nullopt;
}

std::string words_of(const MeasureCondition& condition, const LessonPlan& lesson, const NumberText& written) {
  std::string words = name_of(condition.reading, lesson) + (condition.above ? " above " : " below ");
  if (const double* number = std::get_if<double>(&condition.bound))
    words += text_of(condition.reading, *number, written);
  else
    words += name_of(std::get<LessonReading>(condition.bound), lesson);
  if (condition.samples > 1) words += ", " + std::to_string(condition.samples) + " times in a row";
  return words;
}

std::string words_of(const EventCondition& condition, const LessonPlan&, const NumberText&) {
  if (condition.kind == EventKind::finished) return "The run has finished";
  const std::string times = condition.times > 1 ? " " + std::to_string(condition.times) + " times" : "";
  return "The run reports \"" + OpenWord(condition.kind).text() + "\"" + times;
}

std::string words_of(const CommandCondition& condition, const LessonPlan&, const NumberText&) {
  switch (condition.kind) {
    case LiveChange::Kind::calibrate:
      return "Press Calibrate now while the run is in progress";
    case LiveChange::Kind::lesion:
      return "Lesion a layer's feedback while the run is in progress";
    case LiveChange::Kind::freeze:
    case LiveChange::Kind::unfreeze:
      return "Freeze a layer's feedback while the run is in progress";
    case LiveChange::Kind::set:
      return "Change " + label_of(condition.key) + " while the run is in progress";
  }
  return "";
}

std::string words_of(const AnswerCondition&, const LessonPlan&, const NumberText&) {
  return "The question is answered";
}

}  // namespace

std::optional<std::int64_t> met_at(const LessonCondition& condition, const LessonRuns& runs) {
  return std::visit([&](const auto& what) { return step_of(what, runs); }, condition.what);
}

std::string words_of(const LessonCondition& condition, const LessonPlan& lesson, const NumberText& number) {
  if (!condition.says.empty()) return condition.says;
  return std::visit([&](const auto& what) { return words_of(what, lesson, number); }, condition.what);
}

}  // namespace grapevine
