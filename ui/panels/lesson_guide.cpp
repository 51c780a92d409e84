#include "ui/panels/lesson_guide.h"

#include <QFileInfo>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/lessons/lesson_files.h"
#include "ui/panels/library_store.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/window_memory.h"

namespace grapevine {
namespace {

constexpr int look_ms = 200;

/// Are these the racers of the plan, if with other settings? Experiments of one lesson differ in their names.
bool are_racers_of(const ExperimentPlan& plan, const ExperimentPlan& running) {
  if (plan.racers.size() != running.racers.size()) return false;
  for (std::size_t i = 0; i < plan.racers.size(); ++i)
    if (plan.racers[i].rule() != running.racers[i].rule() ||
        RunSettings::of(plan.racers[i]).name != RunSettings::of(running.racers[i]).name)
      return false;
  return true;
}

QString memory_key(const QString& name) {
  return QStringLiteral("lesson-") + name;
}

std::unique_ptr<Course> course_of(const LessonPlan& lesson, const QString& left) {
  auto course = std::make_unique<Course>(lesson);
  course->take_up(nlohmann::json::parse(left.toStdString(), nullptr, false));
  return course;
}

}  // namespace

LessonGuide::LessonGuide(RunController* run, LibraryStore* store, WindowMemory* memory, QObject* parent)
    : QObject(parent), run_(run), store_(store), memory_(memory) {
  pause_.setSingleShot(true);
  pause_.setInterval(look_ms);
  connect(&pause_, &QTimer::timeout, this, &LessonGuide::look);
  connect(run_, &RunController::run_changed, this, &LessonGuide::follow_run);
  connect(run_, &RunController::news, this, [this] {
    if (course_ && !pause_.isActive()) pause_.start();
  });
  connect(run_, &RunController::stored, this, &LessonGuide::look);
}

bool LessonGuide::open(const QString& name_or_file) {
  try {
    const LessonPlan lesson = load_lesson(name_or_file.toStdString());
    // A file of one's own is another lesson than one of the same name that comes along.
    const QFileInfo file(name_or_file);
    const bool is_file = file.isFile();
    key_ = memory_key(is_file ? file.absoluteFilePath() : QString::fromStdString(lesson.name));
    key_.replace(QLatin1Char('/'), QLatin1Char('|'));
    course_ = course_of(lesson, memory_->choice(key_));
  } catch (const Error& error) {
    Q_EMIT trouble(QString::fromUtf8(error.what()));
    return false;
  }
  runs_.clear();
  take_up_runs();
  follow_run();
  Q_EMIT opened();
  Q_EMIT step_entered();
  return true;
}

void LessonGuide::leave() {
  if (!course_) return;
  keep();
  course_.reset();
  runs_.clear();
  Q_EMIT opened();
}

int LessonGuide::steps_done_of(const LessonPlan& lesson) const {
  const QString left = memory_->choice(memory_key(QString::fromStdString(lesson.name)));
  if (left.isEmpty()) return 0;
  const auto course = course_of(lesson, left);
  return course->is_complete() ? -1 : static_cast<int>(course->steps_done());
}

std::optional<ExperimentPlan> LessonGuide::plan() const {
  if (!course_ || course_->experiment().empty()) return std::nullopt;
  return course_->lesson().experiments.at(course_->experiment());
}

const std::vector<RunView>& LessonGuide::step_runs() const {
  static const std::vector<RunView> none;
  if (!course_) return none;
  const auto found = runs_.find(course_->experiment());
  return found == runs_.end() ? none : found->second;
}

bool LessonGuide::runs_are_live() const {
  return !step_runs().empty() && step_runs() == run_->runs();
}

void LessonGuide::next() {
  if (!course_ || course_->at_end()) return;
  course_->next();
  keep();
  Q_EMIT step_entered();
}

void LessonGuide::back() {
  if (!course_ || course_->position() == 0) return;
  course_->back();
  keep();
  Q_EMIT step_entered();
}

void LessonGuide::answer(std::size_t choice) {
  if (!course_) return;
  course_->answer(choice);
  keep();
  Q_EMIT changed();
}

void LessonGuide::answer(double number) {
  if (!course_) return;
  course_->answer(number, runs_);
  keep();
  Q_EMIT changed();
}

/// Stored runs of an earlier visit: the texts quote their numbers.
void LessonGuide::take_up_runs() {
  for (const auto& [experiment, ids] : course_->runs)
    store_->load(ids, false,
                 [this, experiment = experiment, ids = ids, of = key_](std::vector<RunData> loaded) {
                   if (!course_ || key_ != of || runs_.contains(experiment)) return;
                   std::map<std::int64_t, RunView> by_id;
                   for (RunData& run : loaded) {
                     const std::int64_t id = run.id;
                     by_id[id] = std::make_shared<const RunData>(std::move(run));
                   }
                   std::vector<RunView> racers;
                   for (const std::int64_t id : ids)
                     if (by_id.contains(id)) racers.push_back(by_id[id]);
                   if (racers.size() != ids.size()) return;  // one was deleted
                   runs_[experiment] = std::move(racers);
                   Q_EMIT step_entered();
                 });
}

/// The run in progress is the present step's if it has the same racers: a student may change settings.
void LessonGuide::follow_run() {
  const auto asked = plan();
  if (!asked || !run_->busy() || !are_racers_of(*asked, run_->plan())) return;
  runs_[course_->experiment()] = run_->runs();
  const std::vector<std::int64_t> ids = run_->ids();
  if (!ids.empty() && ids.front() != 0) course_->runs[course_->experiment()] = ids;
  keep();
  look();
}

void LessonGuide::look() {
  if (!course_) return;
  if (course_->look(runs_)) keep();
  Q_EMIT changed();
}

void LessonGuide::keep() {
  if (course_) memory_->set_choice(key_, QString::fromStdString(course_->to_json().dump()));
}

}  // namespace grapevine
