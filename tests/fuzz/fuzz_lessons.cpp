// What teachers and anybody else send: lessons, a student's kept place in one, links.
#include <nlohmann/json.hpp>

#include "engine/lessons/conditions.h"
#include "engine/lessons/course.h"
#include "engine/lessons/lesson_reader.h"
#include "engine/plans/link.h"
#include "tests/fuzz/fuzz.h"

namespace grapevine::fuzz {

void lesson(std::string_view input) {
  looks_like_lesson(input);
  LessonPlan plan;
  if (!accepts([&] { plan = read_lesson(input, "input", "input"); })) return;
  for (const auto& [name, experiment] : plan.experiments)
    require(key_that_may_not_travel(experiment).empty(), "a lesson sets no path and no machine");
  for (const LessonStep& step : plan.steps) {
    for (const LessonText& text : step.text) text_of(text, {});
    for (const LessonCondition& condition : step.until)
      require(!met_at(condition, {}), "nothing is met before anything ran");
  }
}

void lesson_place(std::string_view input) {
  static const LessonPlan plan = read_lesson(
      "{\"lesson\": 1, \"title\": \"x\", \"experiments\": {\"main\": {}}, \"steps\": [{\"title\": \"a\", "
      "\"experiment\": \"main\", \"until\": [{\"event\": \"finished\"}]}, {\"title\": \"b\", \"question\": "
      "{\"text\": \"?\", \"choices\": [{\"text\": \"y\", \"right\": true}]}, \"until\": [{\"answer\": "
      "true}]}]}",
      "lesson", "lesson");
  Course course(plan);
  course.take_up(nlohmann::json::parse(input, nullptr, false));
  require(course.position() < plan.steps.size(), "a student stands in the lesson");
  Course again(plan);
  again.take_up(course.to_json());
  require(again.to_json() == course.to_json(), "a place that was kept is taken up as the same");
}

void link(std::string_view input) {
  accepts([&] {
    const Link once = read_link(input);
    require(key_that_may_not_travel(once.plan).empty(), "a link sets no path and no machine");
    const Link twice = read_link(link_to(once.plan, once.view));
    require(twice.plan.racers == once.plan.racers && twice.view == once.view,
            "a link that was written is read as the same");
  });
}

}  // namespace grapevine::fuzz
