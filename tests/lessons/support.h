// Lessons and runs made for the tests.
#pragma once

#include <QString>
#include <QtGlobal>
#include <memory>
#include <string>
#include <vector>

#include "engine/experiment/registry.h"
#include "engine/lessons/lesson_reader.h"
#include "engine/lessons/readings.h"

namespace grapevine {

/// JSON with ' for ", which moc reads better.
inline std::string quoted(QString json) {
  return json.replace(QLatin1Char('\''), QLatin1Char('"')).toStdString();
}

/// A lesson of one step on a race of BP, DFA and two of GrAPE; `step` are further keys of the step.
inline std::string lesson_with(const QString& step) {
  return quoted(
      QStringLiteral(
          "{'lesson': 1, 'title': 'Test',\n'experiments': {'main': {'race': [{'rule': {'name': 'bp'}},\n"
          " {'rule': {'name': 'dfa'}}, {'name': 'slow', 'rule': {'name': 'grape'}},\n"
          " {'name': 'quick', 'rule': {'name': 'grape', 'align_rate': 0.1}}]}},\n"
          "'steps': [{'title': 'One', 'experiment': 'main'%1}]}")
          .arg(step.isEmpty() ? QString() : QStringLiteral(",\n") + step));
}
inline LessonPlan plan_with(const QString& step) {
  return read_lesson(lesson_with(step), "test.json", "test");
}

/// Values at steps 0, 10, 20 …
inline void add_curve(RunData& run, const char* measure, int point, const std::vector<double>& values) {
  Series& series = run.series[{measure_index(measure), point}];
  for (std::size_t i = 0; i < values.size(); ++i) {
    series.step.push_back(static_cast<std::int64_t>(10 * i));
    series.epoch.push_back(0.1 * static_cast<double>(i));
    series.seconds.push_back(static_cast<double>(i));
    series.value.push_back(values[i]);
  }
}
inline Event event_at(std::int64_t step, const std::string& kind, const std::string& data = "{}") {
  Event event;
  event.step = step;
  event.kind = OpenWord<EventKind>::read(kind);
  event.data = data;
  return event;
}

/// Runs of the four racers of lesson_with().
struct MadeRuns {
  std::vector<std::shared_ptr<RunData>> racers;
  MadeRuns() {
    for (int i = 0; i < 4; ++i) racers.push_back(std::make_shared<RunData>());
  }
  LessonRuns runs() const { return {{"main", {racers.begin(), racers.end()}}}; }
};

}  // namespace grapevine
