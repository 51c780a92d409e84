#include "engine/lessons/readings.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numbers>
#include <optional>

#include "engine/error.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/registry.h"

namespace grapevine {
namespace {

constexpr int most_points = 1000;

[[noreturn]] void refuse(const std::string& what, std::string_view word,
                         const std::vector<std::string>& known) {
  std::string near;
  for (const std::string& name : nearest_words(word, known, 3)) near += (near.empty() ? "" : ", ") + name;
  if (near.empty())
    for (const std::string& name : known) near += (near.empty() ? "" : ", ") + name;
  throw InputError(what + "; there " + (known.size() == 1 ? "is " : "are ") + near);
}

std::size_t racer_named(std::string_view word, const ExperimentPlan& plan) {
  std::vector<std::string> known;
  std::vector<std::size_t> with_rule;
  for (std::size_t i = 0; i < plan.racers.size(); ++i) {
    const Experiment& racer = plan.racers[i];
    if (plan.is_race && RunSettings::of(racer).name == word) return i;
    if (racer.rule() == word) with_rule.push_back(i);
    known.push_back(plan.is_race && !RunSettings::of(racer).name.empty() ? RunSettings::of(racer).name
                                                                         : racer.rule());
  }
  if (with_rule.size() == 1) return with_rule.front();
  if (!with_rule.empty())
    throw InputError("several racers have the rule " + std::string(word) +
                     ": give them a name each, and use it here");
  refuse("there is no racer '" + std::string(word) + "' in this experiment", word, known);
}

int measure_named(std::string_view word) {
  const int index = measure_index(word);
  if (index >= 0) return index;
  std::vector<std::string> near;
  for (const MeasureDescriptor& measure : measures()) near.push_back(measure.key);
  near = nearest_words(word, near, 3);
  std::string hint;
  for (const std::string& name : near) hint += (hint.empty() ? "" : ", ") + name;
  throw InputError("there is no measure '" + std::string(word) + "'" +
                   (hint.empty() ? "" : "; did you mean " + hint + "?"));
}

int point_in(std::string_view text) {
  int point = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || point > most_points) return -1;
    point = point * 10 + (c - '0');
  }
  return text.empty() || point > most_points ? -1 : point;
}

/// Takes the last word off a text that ends with it.
bool take_word(std::string_view& text, std::string_view word) {
  if (!text.ends_with(word) || text.size() <= word.size() || text[text.size() - word.size() - 1] != ' ')
    return false;
  text.remove_suffix(word.size() + 1);
  return true;
}

double of_series(const Series& series, const LessonReading& reading) {
  if (series.size() == 0) return std::numeric_limits<double>::quiet_NaN();
  if (reading.which == LessonReading::Which::first) return series.value.front();
  if (reading.which == LessonReading::Which::last) return series.value.back();
  const MeasureDescriptor& measure = measures()[static_cast<std::size_t>(reading.measure)];
  double best = series.value.front();
  for (const double value : series.value)
    if (std::isnan(best) || measure.is_ahead(value, best)) best = value;
  return best;
}

double in_degrees(double cosine) {
  return std::acos(std::clamp(cosine, -1.0, 1.0)) * 180 / std::numbers::pi;
}

/// What rounds to nothing has no sign.
std::string written(double value, int digits, const NumberText& number) {
  return number(std::abs(value) < 0.5 * std::pow(10.0, -digits) ? 0.0 : value, digits);
}

}  // namespace

LessonReading read_reading(std::string_view text, const LessonPlan& lesson, const std::string& experiment) {
  LessonReading reading;
  std::string_view rest = text;
  reading.as_angle = take_word(rest, "angle");
  if (take_word(rest, "first")) reading.which = LessonReading::Which::first;
  if (take_word(rest, "best")) reading.which = LessonReading::Which::best;
  reading.experiment = experiment;
  if (const std::size_t colon = rest.find(':'); colon != std::string_view::npos) {
    reading.experiment = std::string(rest.substr(0, colon));
    rest.remove_prefix(colon + 1);
  }
  const auto plan = lesson.experiments.find(reading.experiment);
  if (plan == lesson.experiments.end()) {
    std::vector<std::string> known;
    for (const auto& [name, unused] : lesson.experiments) known.push_back(name);
    if (known.empty() || reading.experiment.empty())
      throw InputError("'" + std::string(text) + "' is in a step without an experiment");
    refuse("there is no experiment '" + reading.experiment + "'", reading.experiment, known);
  }
  if (rest.ends_with(']')) {
    const std::size_t bracket = rest.rfind('[');
    reading.point = bracket == std::string_view::npos
                        ? -1
                        : point_in(rest.substr(bracket + 1, rest.size() - bracket - 2));
    if (reading.point < 1)
      throw InputError("'" + std::string(text) + "': a layer is a number from 1, as in dfa.cos_delta[1]");
    rest = rest.substr(0, bracket);
  }
  const std::size_t dot = rest.rfind('.');
  if (dot == std::string_view::npos)
    throw InputError("'" + std::string(text) +
                     "' is not a number of a run: write RACER.MEASURE, as in dfa.cos_delta[1]");
  reading.racer = racer_named(rest.substr(0, dot), plan->second);
  reading.measure = measure_named(rest.substr(dot + 1));
  const MeasureDescriptor& measure = measures()[static_cast<std::size_t>(reading.measure)];
  if (reading.point > 0 && !measure.per_point)
    throw InputError("'" + std::string(text) + "': " + measure.key + " is measured of the whole run");
  if (reading.as_angle && measure.quantity != Quantity::cosine)
    throw InputError("'" + std::string(text) + "': only a cosine can be shown as an angle");
  return reading;
}

LessonText read_lesson_text(std::string_view text, const LessonPlan& lesson, const std::string& experiment) {
  LessonText result;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    if (open != 0) result.parts.emplace_back(std::string(text.substr(0, open)));
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) throw InputError("a '{' is not closed");
    result.parts.emplace_back(read_reading(text.substr(open + 1, close - open - 1), lesson, experiment));
    text.remove_prefix(close + 1);
  }
  return result;
}

std::vector<const Series*> curves_of(const LessonReading& reading, const LessonRuns& runs) {
  const auto found = runs.find(reading.experiment);
  if (found == runs.end() || reading.racer >= found->second.size()) return {};
  const RunData& run = *found->second[reading.racer];
  const bool per_point = measures()[static_cast<std::size_t>(reading.measure)].per_point;
  std::vector<const Series*> curves;
  const int last = reading.point > 0 || !per_point ? reading.point : run.points_of(reading.measure);
  for (int point = reading.point > 0 || !per_point ? reading.point : 1; point <= last; ++point)
    if (const Series* series = run.find(reading.measure, point)) curves.push_back(series);
  return curves;
}

double value_of(const LessonReading& reading, const LessonRuns& runs) {
  const std::vector<const Series*> curves = curves_of(reading, runs);
  double sum = 0;
  for (const Series* series : curves) sum += of_series(*series, reading);
  const double mean =
      curves.empty() ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(curves.size());
  return reading.as_angle && std::isfinite(mean) ? in_degrees(mean) : mean;
}

std::string in_c_locale(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string text_of(const LessonReading& reading, double value, const NumberText& number) {
  if (!std::isfinite(value)) return "–";
  if (reading.as_angle) return written(value, 0, number) + "°";
  switch (measures()[static_cast<std::size_t>(reading.measure)].quantity) {
    case Quantity::share:
      return written(value * 100, 1, number) + " %";
    case Quantity::perplexity:
      return written(value, 1, number);
    default:
      return written(value, 2, number);
  }
}

std::string text_of(const LessonText& text, const LessonRuns& runs, const NumberText& number) {
  std::string result;
  for (const auto& part : text.parts)
    if (const auto* words = std::get_if<std::string>(&part))
      result += *words;
    else
      result += text_of(std::get<LessonReading>(part), value_of(std::get<LessonReading>(part), runs), number);
  return result;
}

std::string name_of(const LessonReading& reading, const LessonPlan& lesson) {
  const MeasureDescriptor& measure = measures()[static_cast<std::size_t>(reading.measure)];
  std::string name = racer_labels(lesson.experiments.at(reading.experiment).racers)[reading.racer];
  name += ": " + measure.name;
  if (reading.point > 0) name += ", layer " + std::to_string(reading.point);
  if (reading.point == 0 && measure.per_point) name += ", every layer";
  return name;
}

}  // namespace grapevine
