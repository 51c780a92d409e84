#include "engine/lessons/course.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/lessons/conditions.h"

namespace grapevine {
namespace {

using Json = nlohmann::json;

constexpr std::int64_t by_answer = -1;

/// An integer of a JSON object that may hold anything; `otherwise` where there is none.
std::int64_t integer_in(const Json& json, const char* key, std::int64_t otherwise) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number_integer() ? found->get<std::int64_t>() : otherwise;
}

}  // namespace

Course::Course(LessonPlan lesson) : lesson_(std::move(lesson)), states_(lesson_.steps.size()) {}

void Course::next() {
  if (!at_end()) ++position_;
}

void Course::back() {
  if (position_ > 0) --position_;
}

void Course::go_to(std::size_t step) {
  position_ = std::min(step, lesson_.steps.size() - 1);
}

const std::string& Course::experiment_of(std::size_t step) const {
  static const std::string none;
  for (std::size_t i = step + 1; i-- > 0;)
    if (!lesson_.steps[i].experiment.empty()) return lesson_.steps[i].experiment;
  return none;
}

bool Course::look(const LessonRuns& seen) {
  bool news = false;
  for (std::size_t i = 0; i < states_.size(); ++i) {
    const auto& until = lesson_.steps[i].until;
    for (std::size_t j = 0; j < until.size(); ++j) {
      if (states_[i].met.contains(j)) continue;
      const auto step = met_at(until[j], seen);
      if (!step) continue;
      states_[i].met[j] = *step;
      news = true;
    }
  }
  return news;
}

bool Course::is_met(std::size_t step, std::size_t condition) const {
  return states_[step].met.contains(condition);
}

std::optional<std::int64_t> Course::met_step(std::size_t step, std::size_t condition) const {
  const auto found = states_[step].met.find(condition);
  if (found == states_[step].met.end() || found->second == by_answer) return std::nullopt;
  return found->second;
}

bool Course::is_done(std::size_t step) const {
  return states_[step].met.size() == lesson_.steps[step].until.size();
}

std::size_t Course::steps_done() const {
  std::size_t done = 0;
  for (std::size_t i = 0; i < states_.size(); ++i) done += is_done(i);
  return done;
}

bool Course::note_answer(Answer answer) {
  State& state = states_[position_];
  state.answer = answer;
  if (answer.right)
    for (std::size_t j = 0; j < step().until.size(); ++j)
      if (std::holds_alternative<AnswerCondition>(step().until[j].what)) state.met[j] = by_answer;
  return answer.right;
}

bool Course::answer(std::size_t choice) {
  if (!step().question || choice >= step().question->choices.size()) return false;
  return note_answer({static_cast<int>(choice), 0, step().question->choices[choice].right});
}

bool Course::answer(double number, const LessonRuns& seen) {
  if (!step().question || !step().question->number) return false;
  const LessonReading& asked = *step().question->number;
  double is = value_of(asked, seen);
  // As it is printed: a share as a percentage.
  if (text_of(asked, is).ends_with("%")) is *= 100;
  return note_answer({-1, number, std::abs(number - is) <= step().question->within});
}

Json Course::to_json() const {
  Json steps = Json::array();
  for (const State& state : states_) {
    Json met = Json::object();
    for (const auto& [condition, step] : state.met) met[std::to_string(condition)] = step;
    Json one{{"met", met}};
    if (state.answer)
      one["answer"] = {
          {"choice", state.answer->choice}, {"number", state.answer->number}, {"right", state.answer->right}};
    steps.push_back(one);
  }
  return {{"position", position_}, {"steps", steps}, {"runs", runs}, {"of", lesson_.steps.size()}};
}

void Course::take_up(const Json& json) {
  if (!json.is_object()) return;
  const Json steps = json.value("steps", Json::array());
  if (!steps.is_array() || steps.size() != states_.size()) return;  // another lesson by now
  for (std::size_t i = 0; i < states_.size(); ++i) {
    if (!steps[i].is_object()) continue;
    const Json met = steps[i].value("met", Json::object());
    for (std::size_t j = 0; j < lesson_.steps[i].until.size() && met.is_object(); ++j)
      if (met.contains(std::to_string(j)))
        states_[i].met[j] = integer_in(met, std::to_string(j).c_str(), by_answer);
    const Json answer = steps[i].value("answer", Json());
    if (!answer.is_object() || !lesson_.steps[i].question) continue;
    Answer one;
    one.choice = static_cast<int>(
        std::clamp<std::int64_t>(integer_in(answer, "choice", -1), -1,
                                 static_cast<std::int64_t>(lesson_.steps[i].question->choices.size()) - 1));
    const Json number = answer.value("number", Json()), right = answer.value("right", Json());
    if (number.is_number()) one.number = number.get<double>();
    one.right = right.is_boolean() && right.get<bool>();
    states_[i].answer = one;
  }
  const std::int64_t last = static_cast<std::int64_t>(states_.size()) - 1;
  position_ = static_cast<std::size_t>(std::clamp<std::int64_t>(integer_in(json, "position", 0), 0, last));
  const Json ids = json.value("runs", Json::object());
  for (const auto& [name, plan] : lesson_.experiments) {
    const Json of_one = ids.is_object() ? ids.value(name, Json()) : Json();
    if (!of_one.is_array() || of_one.size() != plan.racers.size()) continue;
    std::vector<std::int64_t> numbers;
    for (const Json& id : of_one)
      if (id.is_number_integer()) numbers.push_back(id.get<std::int64_t>());
    if (numbers.size() == plan.racers.size()) runs[name] = numbers;
  }
}

}  // namespace grapevine
