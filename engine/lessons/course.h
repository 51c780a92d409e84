// A student's way through a lesson: the present step, what has been seen and answered, which runs belong to
// it. It can be saved and continued as JSON. Belongs to one thread.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/lessons/lesson_plan.h"
#include "engine/lessons/readings.h"

namespace grapevine {

class Course {
 public:
  explicit Course(LessonPlan lesson);

  const LessonPlan& lesson() const { return lesson_; }
  std::size_t position() const { return position_; }
  const LessonStep& step() const { return lesson_.steps[position_]; }
  bool at_end() const { return position_ + 1 == lesson_.steps.size(); }
  void next();
  void back();
  void go_to(std::size_t step);

  /// The experiment whose runs are looked at in a step: its own, or the last one before it; "" = none.
  const std::string& experiment_of(std::size_t step) const;
  const std::string& experiment() const { return experiment_of(position_); }

  /// Notices what the runs show of any step; true when something came true that was not before. What was
  /// seen once stays seen.
  bool look(const LessonRuns& runs);
  bool is_met(std::size_t step, std::size_t condition) const;
  /// The training step at which it was seen; nothing for an answer, or before.
  std::optional<std::int64_t> met_step(std::size_t step, std::size_t condition) const;
  /// All its conditions are met.
  bool is_done(std::size_t step) const;
  std::size_t steps_done() const;
  bool is_complete() const { return steps_done() == lesson_.steps.size(); }

  /// An answer to the present step's question; returns whether it is right.
  bool answer(std::size_t choice);
  bool answer(double number, const LessonRuns& runs);
  /// The last answer given in a step, for showing what was said to it; nothing before.
  struct Answer {
    int choice = -1;  ///< −1: a number
    double number = 0;
    bool right = false;
  };
  const std::optional<Answer>& answer_of(std::size_t step) const { return states_[step].answer; }

  /// The stored runs of an experiment, in its racers' order: to take the lesson up again.
  std::map<std::string, std::vector<std::int64_t>> runs;

  nlohmann::json to_json() const;
  /// What doesn't belong to this lesson (it has changed, or the file was edited) is left out.
  void take_up(const nlohmann::json& json);

 private:
  struct State {
    std::map<std::size_t, std::int64_t> met;  ///< condition → training step; −1 = by an answer
    std::optional<Answer> answer;
  };
  bool note_answer(Answer answer);

  LessonPlan lesson_;
  std::vector<State> states_;
  std::size_t position_ = 0;
};

}  // namespace grapevine
