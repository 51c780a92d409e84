#include "engine/training/racer_reports.h"

#include <stdexcept>

#include "engine/experiment/registry.h"

namespace grapevine {

void RacerReports::add(Report& report, const std::string& measure, int point, std::int64_t step, double epoch,
                       double value) const {
  const int index = measure_index(measure);
  if (index < 0) throw std::logic_error("there is no measure '" + measure + "'");
  Sample sample;
  sample.racer = racer_;
  sample.measure = static_cast<std::uint16_t>(index);
  sample.point = static_cast<std::uint16_t>(point);
  sample.step = step;
  sample.epoch = epoch;
  sample.value = value;
  report.samples.push_back(sample);
}

Event RacerReports::event(EventKind kind, std::int64_t step, double epoch, const std::string& cause) const {
  Event event;
  event.racer = racer_;
  event.step = step;
  event.epoch = epoch;
  event.kind = kind;
  event.cause = cause;
  return event;
}

}  // namespace grapevine
