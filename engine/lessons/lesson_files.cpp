#include "engine/lessons/lesson_files.h"

#include <algorithm>
#include <filesystem>

#include "engine/error.h"
#include "engine/experiment/json_text.h"
#include "engine/experiment/nearest.h"
#include "engine/files/memory.h"
#include "engine/lessons/lesson_reader.h"
#include "engine/plans/resource_files.h"

namespace grapevine {
namespace {

std::vector<LessonPlan> read_lessons() {
  std::vector<LessonPlan> all;
  for (const std::string& file : resources_in("lessons", ".json")) {
    const std::string name = std::filesystem::path(file).stem().string();
    const std::string source = "lessons/" + file;
    try {
      all.push_back(
          within_memory("", source, [&] { return read_lesson(read_resource(source), source, name); }));
    } catch (const InputError& error) {
      throw RunError(std::string(error.what()) + "; install Grapevine again");
    }
  }
  std::sort(all.begin(), all.end(), [](const LessonPlan& a, const LessonPlan& b) {
    return a.order != b.order ? a.order < b.order : a.name < b.name;
  });
  return all;
}

}  // namespace

const std::vector<LessonPlan>& lessons() {
  static const std::vector<LessonPlan> all = read_lessons();
  return all;
}

namespace {

LessonPlan named_lesson(const std::string& name_or_file) {
  std::error_code none;
  const bool is_path = name_or_file.find('/') != std::string::npos || name_or_file.ends_with(".json");
  if (is_path || std::filesystem::exists(name_or_file, none))
    return read_lesson(
        read_document(name_or_file, "lesson", "a lesson is a JSON object with steps (docs/lessons.md)"),
        name_or_file, std::filesystem::path(name_or_file).stem().string());
  std::vector<std::string> names;
  for (const LessonPlan& lesson : lessons()) {
    if (lesson.name == name_or_file) return lesson;
    names.push_back(lesson.name);
  }
  std::string near;
  for (const std::string& name : nearest_words(name_or_file, names, 3))
    near += (near.empty() ? "" : ", ") + name;
  throw InputError("there is no lesson '" + name_or_file + "'" +
                   (near.empty() ? "; `grapevine-cli lessons` lists them" : "; did you mean " + near + "?"));
}

}  // namespace

LessonPlan load_lesson(const std::string& name_or_file) {
  return within_memory("", name_or_file, [&] { return named_lesson(name_or_file); });
}

}  // namespace grapevine
