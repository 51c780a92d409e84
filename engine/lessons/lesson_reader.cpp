#include "engine/lessons/lesson_reader.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/error.h"
#include "engine/experiment/json_text.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/lessons/lesson_part.h"
#include "engine/lessons/line_map.h"
#include "engine/lessons/readings.h"
#include "engine/plans/link.h"
#include "engine/plans/presets.h"
#include "engine/plans/view.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;
using Part = LessonPart;

constexpr int newest_format = 1;
constexpr std::size_t longest_file = 1 << 20;

class Reader {
 public:
  explicit Reader(LessonPlan& lesson) : lesson_(lesson) {}

  void read(const Part& all) {
    all.allow({"lesson", "title", "summary", "order", "minutes", "card", "experiments", "steps"});
    if (all.need("lesson").integer(1, 1000) > newest_format)
      all.at("lesson").refuse("this lesson was written for a newer Grapevine: install the newest version");
    lesson_.title = all.need("title").text();
    if (all.has("summary")) lesson_.summary = all.at("summary").text();
    if (all.has("order")) lesson_.order = static_cast<int>(all.at("order").integer(0, 10000));
    if (all.has("minutes")) lesson_.minutes = static_cast<int>(all.at("minutes").integer(1, 600));
    if (all.has("card"))
      for (const Part& part : all.at("card").list()) lesson_.card.push_back(needles(part));
    if (all.has("experiments")) experiments(all.at("experiments"));
    std::string experiment;
    for (const Part& part : all.need("steps").list()) lesson_.steps.push_back(step(part, experiment));
  }

 private:
  static LessonNeedles needles(const Part& part) {
    part.allow({"rule", "angles"});
    LessonNeedles needles;
    needles.rule = part.need("rule").text();
    if (!find_rule(needles.rule)) part.at("rule").refuse("there is no rule '" + needles.rule + "'");
    for (const Part& angle : part.need("angles").list())
      needles.angles.push_back(std::clamp(angle.number(), 0.0, 180.0));
    return needles;
  }

  void experiments(const Part& part) {
    if (!part.json().is_object() || part.json().empty() || part.json().size() > most_lesson_entries)
      part.refuse("expected an object with an experiment, or several, by name");
    for (const auto& [name, document] : part.json().items()) {
      const Part one = part.at(name);
      if (name.empty() || name.find_first_of(":.[]{} ") != std::string::npos)
        one.refuse("the name of an experiment has no blanks, colons, dots or brackets");
      if (!document.is_object() && !document.is_string())
        one.refuse("expected an experiment (an object of settings), or a preset's name");
      const ExperimentPlan plan = one.placed([&] {
        // A preset's name only: a file that a lesson names would be a path.
        if (!one.json().is_string()) return make_plan(one.json().dump(), "", {});
        return make_plan(preset_document(one.text()), "", {});
      });
      if (const std::string key = key_that_may_not_travel(plan); !key.empty())
        one.refuse("a lesson must not set " + key + ": it says where something lies or is computed");
      lesson_.experiments.emplace(name, plan);
    }
  }

  LessonStep step(const Part& part, std::string& experiment) {
    part.allow({"title", "text", "formula", "experiment", "show", "until", "seen", "question", "hints"});
    LessonStep step;
    step.title = part.need("title").text();
    if (part.has("experiment")) {
      step.experiment = experiment = part.at("experiment").text();
      if (!lesson_.experiments.contains(experiment))
        part.at("experiment").refuse("there is no experiment '" + experiment + "' among the lesson's");
    }
    experiment_ = experiment;
    if (part.has("text")) step.text = texts(part.at("text"));
    if (part.has("formula"))
      for (const Part& line : part.at("formula").one_or_list()) step.formulas.push_back(line.text());
    if (part.has("show")) step.show = show(part.at("show"));
    if (part.has("seen")) step.seen = texts(part.at("seen"));
    if (part.has("question")) step.question = question(part.at("question"));
    if (part.has("until"))
      for (const Part& one : part.at("until").list()) step.until.push_back(condition(one, step));
    if (part.has("hints"))
      for (const Part& hint : part.at("hints").one_or_list()) step.hints.push_back(hint.text());
    return step;
  }

  LessonText text_at(const Part& part) const {
    return part.placed([&] { return read_lesson_text(part.text(), lesson_, experiment_); });
  }
  std::vector<LessonText> texts(const Part& part) const {
    std::vector<LessonText> all;
    for (const Part& paragraph : part.one_or_list()) all.push_back(text_at(paragraph));
    return all;
  }
  LessonReading reading(const Part& part) const {
    return part.placed([&] { return read_reading(part.text(), lesson_, experiment_); });
  }

  LessonShow show(const Part& part) const {
    part.allow({"view", "measure", "spotlight"});
    LessonShow show;
    if (part.has("view"))
      show.view = part.at("view").placed(
          [&] { return read_view(part.at("view").text(), &ViewEntry::in_lesson).view; });
    if (part.has("measure")) {
      show.measure = part.at("measure").text();
      const MeasureDescriptor* measure = find_measure(show.measure);
      if (!measure || !measure->per_point)
        part.at("measure").refuse("there is no measure '" + show.measure + "' of layers");
    }
    // Any measure will do to name a racer by.
    if (part.has("spotlight"))
      show.spotlight = static_cast<int>(part.at("spotlight").placed([&] {
        return read_reading(part.at("spotlight").text() + ".loss", lesson_, experiment_).racer;
      }));
    return show;
  }

  LessonQuestion question(const Part& part) const {
    part.allow({"text", "choices", "number", "within", "says"});
    LessonQuestion question;
    question.text = part.need("text").text();
    if (part.has("choices") == part.has("number"))
      part.refuse("a question has either choices or a number that is asked for");
    if (part.has("says")) question.says = text_at(part.at("says"));
    if (part.has("number")) {
      question.number = reading(part.at("number"));
      question.within = part.need("within").number();
      if (question.within < 0) part.at("within").refuse("expected a number from 0");
      return question;
    }
    for (const Part& one : part.at("choices").list()) {
      one.allow({"text", "right", "says"});
      LessonChoice choice{
          .text = one.need("text").text(), .right = one.has("right") && one.at("right").truth(), .says = {}};
      if (one.has("says")) choice.says = text_at(one.at("says"));
      question.choices.push_back(std::move(choice));
    }
    const auto right = [](const LessonChoice& choice) { return choice.right; };
    if (std::none_of(question.choices.begin(), question.choices.end(), right))
      part.refuse("none of the choices is right: mark one with \"right\": true");
    return question;
  }

  LessonCondition condition(const Part& part, const LessonStep& step) const {
    LessonCondition condition;
    if (part.has("measure"))
      condition.what = measure_condition(part);
    else if (part.has("event"))
      condition.what = event_condition(part);
    else if (part.has("command"))
      condition.what = command_condition(part);
    else if (part.has("answer"))
      condition.what = answer_condition(part, step);
    else
      part.refuse("a condition is one of measure, event, command and answer");
    if (part.has("says")) condition.says = part.at("says").text();
    return condition;
  }

  MeasureCondition measure_condition(const Part& part) const {
    part.allow({"measure", "above", "below", "samples", "says"});
    if (part.has("above") == part.has("below")) part.refuse("a measure is compared by above or by below");
    MeasureCondition condition;
    condition.reading = reading(part.at("measure"));
    if (condition.reading.as_angle || condition.reading.which != LessonReading::Which::last)
      part.at("measure").refuse(
          "a condition looks at the values as they are measured: no angle, first or best");
    condition.above = part.has("above");
    const Part bound = part.at(condition.above ? "above" : "below");
    if (bound.is_number())
      condition.bound = bound_for(condition.reading, bound);
    else
      condition.bound = reading(bound);
    if (part.has("samples")) condition.samples = static_cast<int>(part.at("samples").integer(1, 10000));
    return condition;
  }

  /// What a measure never comes to would be waited for for ever.
  static double bound_for(const LessonReading& reading, const Part& part) {
    const double bound = part.number();
    const MeasureDescriptor& measure = measures()[static_cast<std::size_t>(reading.measure)];
    if (measure.quantity == Quantity::share && (bound < 0 || bound > 1))
      part.refuse(measure.key + " is a fraction from 0 to 1: 80 % is 0.8");
    if (measure.quantity == Quantity::cosine && std::abs(bound) > 1)
      part.refuse(measure.key + " is a cosine, from -1 to 1");
    return bound;
  }

  void need_experiment(const Part& part) const {
    if (experiment_.empty()) part.refuse("the step has no experiment to look at");
  }

  EventCondition event_condition(const Part& part) const {
    part.allow({"event", "times", "says"});
    need_experiment(part);
    const std::string word = part.at("event").text();
    EventCondition condition{experiment_, OpenWord<EventKind>::read(word).kind(), 1};
    if (condition.kind == EventKind::other) {
      // A word that no run reports would be waited for for ever.
      const auto known = vocabulary(EventKind{});
      const auto near = nearest_words(word, {known.begin(), known.end()}, 1);
      part.at("event").refuse("no run reports '" + word + "'" +
                              (near.empty() ? "" : "; did you mean " + near.front() + "?"));
    }
    if (part.has("times")) condition.times = static_cast<int>(part.at("times").integer(1, 10000));
    return condition;
  }

  CommandCondition command_condition(const Part& part) const {
    part.allow({"command", "key", "example", "says"});
    need_experiment(part);
    const LiveCommand* command = find_live_command(part.at("command").text());
    if (!command || command->kind == LiveChange::Kind::unfreeze)
      part.at("command").refuse("a command is set, calibrate, lesion or freeze");
    CommandCondition condition{experiment_, command->kind, "", ""};
    switch (command->kind) {
      case LiveChange::Kind::calibrate:
        break;
      case LiveChange::Kind::lesion:
      case LiveChange::Kind::freeze:
      case LiveChange::Kind::unfreeze:
        condition.example = part.need("example").text();
        if (condition.example.find(command->word + ":") == std::string::npos)
          part.at("example").refuse("expected a command with its step, as 100:grape/" + command->word + ":1" +
                                    (command->kind == LiveChange::Kind::lesion ? ":randomise" : ""));
        break;
      case LiveChange::Kind::set:
        read_setting(part, condition);
        break;
    }
    return condition;
  }

  void read_setting(const Part& part, CommandCondition& condition) const {
    condition.key = part.need("key").text();
    condition.example = part.need("example").text();
    const auto& racers = lesson_.experiments.at(experiment_).racers;
    const Setting* setting = nullptr;
    for (const Experiment& racer : racers)
      if (!setting) setting = find_setting(condition.key, racer.rule());
    if (!setting) part.at("key").refuse("no racer has the setting '" + condition.key + "'");
    if (!setting->live) part.at("key").refuse(condition.key + " can't change while a run is in progress");
    part.at("example").placed([&] { return parse_value(*setting, condition.example); });
  }

  static AnswerCondition answer_condition(const Part& part, const LessonStep& step) {
    part.allow({"answer", "says"});
    if (!part.at("answer").truth()) part.at("answer").refuse("write \"answer\": true");
    if (!step.question) part.refuse("the step has no question to answer");
    return {};
  }

  LessonPlan& lesson_;
  std::string experiment_;  ///< of the step that is being read
};

}  // namespace

bool looks_like_lesson(std::string_view document) {
  if (is_too_deep(document)) return false;  // one that is too long is still a lesson: read_lesson refuses it
  const Json json = Json::parse(document, nullptr, false, /*ignore_comments=*/true);
  return json.is_object() && json.contains("lesson");
}

LessonPlan read_lesson(std::string_view document, const std::string& source, const std::string& name) {
  if (document.size() > longest_file)
    throw InputError(source + ": a lesson has at most " + std::to_string(longest_file) + " bytes");
  LineMap lines;
  try {
    if (!is_too_deep(document)) lines = lines_of(document);
  } catch (const InputError& error) {
    throw InputError(source + ": " + error.what());
  }
  const Json json = parse_document(document, source);
  const LessonSource place{source, std::move(lines)};
  LessonPlan lesson;
  lesson.name = name;
  Reader(lesson).read(Part(json, place));
  return lesson;
}

}  // namespace grapevine
