// A lesson as its file describes it: steps with text and formulas, experiments, what is shown, what the
// program notices, questions with answers. Plain values; immutable once read; any thread may call.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/plans/plan.h"
#include "engine/plans/view.h"
#include "engine/session/live_change.h"

namespace grapevine {

/// A number of a lesson's run: "dfa.cos_delta[1] angle", of another experiment "deep:dfa.test_accuracy".
struct LessonReading {
  /// Which of a curve's values: the newest, the one at the run's first measurement, the best.
  enum class Which { last, first, best };
  std::string experiment;
  std::size_t racer = 0;
  int measure = 0;  ///< index in measures()
  int point = 0;    ///< 0 = the whole run, or all points of a measure that has them
  Which which = Which::last;
  bool as_angle = false;  ///< acos of a cosine, in degrees
};

/// Text with readings in it: literal parts and readings in turn.
struct LessonText {
  std::vector<std::variant<std::string, LessonReading>> parts;
  bool empty() const { return parts.empty(); }
};

/// A measured value is above or below a bound for so many samples in a row.
struct MeasureCondition {
  LessonReading reading;
  bool above = true;
  std::variant<double, LessonReading> bound;
  int samples = 1;
};
/// An event of this kind has come so many times.
struct EventCondition {
  std::string experiment;
  EventKind kind = EventKind::other;
  int times = 1;
};
/// The student gave a command while the run was in progress.
struct CommandCondition {
  std::string experiment;
  LiveChange::Kind kind = LiveChange::Kind::set;  ///< not unfreeze
  std::string key;                                ///< of set
  /// For the scripted student: a value that does it; of lesion and freeze the command with its step, as
  /// "100:grape/lesion:1:randomise".
  std::string example;
};
/// The step's question was answered correctly.
struct AnswerCondition {};

/// What the program notices. The list of kinds is closed: a lesson holds no code.
struct LessonCondition {
  std::variant<MeasureCondition, EventCondition, CommandCondition, AnswerCondition> what;
  std::string says;  ///< one line for people: what is waited for
};

struct LessonChoice {
  std::string text;
  bool right = false;
  LessonText says;  ///< why it is right, or isn't
};
struct LessonQuestion {
  std::string text;
  std::vector<LessonChoice> choices;    ///< one of them, or …
  std::optional<LessonReading> number;  ///< … this number, as it would be printed,
  double within = 0;                    ///< give or take this much
  LessonText says;                      ///< after a right number
};

struct LessonShow {
  std::optional<View> view;  ///< none = as it is
  std::string measure;       ///< key of the per-layer measure; "" = as it is
  int spotlight = -1;        ///< a racer from 0 whose column stands out; -1 = none
};

struct LessonStep {
  std::string title;
  std::vector<LessonText> text;
  std::vector<std::string> formulas;
  std::string experiment;  ///< "" = none: the step before's stays
  LessonShow show;
  std::vector<LessonCondition> until;
  std::vector<LessonText> seen;  ///< once all conditions hold: with the numbers of this run
  std::optional<LessonQuestion> question;
  std::vector<std::string> hints;
};

/// A column of the card's picture: needles as they were in a recorded run, from the input on.
struct LessonNeedles {
  std::string rule;
  std::vector<double> angles;  ///< degrees
};

struct LessonPlan {
  std::string name;  ///< of the file, without folder and ending
  std::string title, summary;
  int order = 0;
  int minutes = 10;
  std::vector<LessonNeedles> card;
  std::map<std::string, ExperimentPlan> experiments;
  std::vector<LessonStep> steps;
};

}  // namespace grapevine
