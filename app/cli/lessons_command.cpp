// lessons: those that come along; show one, check a file of one's own, or go through one as a scripted
// student.
#include <nlohmann/json.hpp>

#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/lesson_student.h"
#include "app/cli/stop_requests.h"
#include "app/cli/table.h"
#include "engine/error.h"
#include "engine/lessons/conditions.h"
#include "engine/lessons/lesson_files.h"

namespace grapevine::cli {
namespace {

using Json = nlohmann::json;

constexpr int text_width = 100;

struct LessonsOptions {
  std::string action;
  std::vector<std::string> names;
};

void list_lessons(const Options& options) {
  if (options.json) {
    Json all = Json::array();
    for (const LessonPlan& lesson : lessons())
      all.push_back({{"name", lesson.name},
                     {"title", lesson.title},
                     {"summary", lesson.summary},
                     {"minutes", lesson.minutes},
                     {"steps", lesson.steps.size()}});
    return print_json({{"lessons", all}});
  }
  Table table({"lesson", "title", "min", "what it is about"}, {Align::left, Align::left, Align::right});
  for (const LessonPlan& lesson : lessons())
    table.add({lesson.name, lesson.title, std::to_string(lesson.minutes), lesson.summary});
  print(table.text());
  print("\nOpen one with grapevine --lesson NAME; a file of your own: grapevine --lesson FILE.json\n");
}

void print_paragraph(const std::string& text) {
  for (const std::string& line : wrapped(clean(text), text_width)) print(line + "\n");
}

/// The lesson to read, with the numbers of `runs` where there are any.
void show(const Course& course, const LessonRuns& runs) {
  const LessonPlan& lesson = course.lesson();
  print(clean(lesson.title) + "\n");
  print_paragraph(lesson.summary);
  for (std::size_t i = 0; i < lesson.steps.size(); ++i) {
    const LessonStep& step = lesson.steps[i];
    print("\n" + std::to_string(i + 1) + ". " + clean(step.title) + "\n");
    for (const LessonText& text : step.text) print_paragraph(text_of(text, runs));
    for (const std::string& formula : step.formulas) print("    " + clean(formula) + "\n");
    if (step.question) print_paragraph("Question: " + step.question->text);
    for (std::size_t j = 0; j < step.until.size(); ++j) {
      const std::string words = clean(words_of(step.until[j], lesson));
      const auto at = course.met_step(i, j);
      const std::string when = at ? " (step " + std::to_string(*at) + ")" : "";
      print(std::string(course.is_met(i, j) ? "  [x] " : "  [ ] ") + words + when + "\n");
    }
    for (const LessonText& text : step.seen) print_paragraph(text_of(text, runs));
  }
}

Json document_of(const StudentResult& result) {
  const Course& course = result.course;
  const LessonPlan& lesson = course.lesson();
  Json steps = Json::array();
  for (std::size_t i = 0; i < lesson.steps.size(); ++i) {
    Json conditions = Json::array(), seen = Json::array();
    for (std::size_t j = 0; j < lesson.steps[i].until.size(); ++j) {
      const auto at = course.met_step(i, j);
      conditions.push_back({{"says", words_of(lesson.steps[i].until[j], lesson)},
                            {"met", course.is_met(i, j)},
                            {"step", at ? Json(*at) : Json()}});
    }
    for (const LessonText& text : lesson.steps[i].seen) seen.push_back(text_of(text, result.runs));
    steps.push_back({{"title", lesson.steps[i].title}, {"conditions", conditions}, {"seen", seen}});
  }
  return {{"lesson", lesson.name},
          {"complete", course.is_complete()},
          {"seconds", result.seconds},
          {"steps", steps}};
}

int go_through_lesson(const Options& options, const LessonPlan& lesson, const std::string& left) {
  const StudentResult result = go_through(lesson, options, left);
  if (options.json)
    print_json(document_of(result));
  else
    show(result.course, result.runs);
  if (result.course.is_complete()) return 0;
  throw RunError(
      "the run did not show all that the lesson waits for: " + std::to_string(result.course.steps_done()) +
      " of " + std::to_string(result.course.lesson().steps.size()) + " steps");
}

int run_lesson(const Options& options, const LessonsOptions& own) {
  const LessonPlan lesson = load_lesson(own.names.front());
  const std::string left = options.database.empty()
                               ? "a lesson's runs are kept only with --db"
                               : "what was trained is stored in " + options.database_path();
  return stoppable(options, left, [&] { return go_through_lesson(options, lesson, left); });
}

int check_lessons(const Options&, const LessonsOptions& own) {
  int status = 0;
  for (const std::string& file : own.names) try {
      const LessonPlan lesson = load_lesson(file);
      print(clean(file) + ": " + std::to_string(lesson.steps.size()) + " steps, in order\n");
    } catch (const InputError& error) {
      complain(error.what());
      status = error.exit_status();
    }
  return status;
}

int show_lesson(const Options&, const LessonsOptions& own) {
  show(Course(load_lesson(own.names.front())), {});
  return 0;
}

struct Action {
  const char* name;
  const char* takes;
  const char* help;
  int (*run)(const Options&, const LessonsOptions&);
};
constexpr Action actions[] = {
    {"show", "LESSON", "print it", show_lesson},
    {"check", "FILE…", "say what is wrong in files of lessons, with the line", check_lessons},
    {"run", "LESSON",
     "train its experiments as a scripted student; status 1 where they don't show what it waits for",
     run_lesson},
};

int run(const Options& options, const LessonsOptions& own) {
  if (own.action.empty()) {
    list_lessons(options);
    return 0;
  }
  for (const Action& action : actions) {
    if (own.action != action.name) continue;
    if (own.names.empty()) throw InputError("lessons " + own.action + ": name a lesson, or a file of one");
    return action.run(options, own);
  }
  throw InputError("there is no 'lessons " + clean(own.action) + "'; there are show, check and run");
}

void describe(Usage& usage, LessonsOptions& own) {
  std::vector<Word> words;
  for (const Action& action : actions) words.push_back({action.name, action.takes, action.help});
  usage.add("ACTION", &own.action, "Without an action: which lessons there are").one_of(std::move(words));
  usage.add("LESSON", &own.names, "A lesson's name, or a file").completed_by(Completes::lesson);
}

}  // namespace

Command lessons_command() {
  return make_command<LessonsOptions>(
      {"lessons", "List the lessons that come with the program; show, check or run one",
       "A lesson is opened in the window: grapevine --lesson NAME, or FILE for one of your own "
       "(docs/lessons.md describes the format). The runs of `lessons run` are kept only with --db.",
       Shows::settings},
      describe, run);
}

}  // namespace grapevine::cli
