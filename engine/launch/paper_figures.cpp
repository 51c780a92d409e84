#include "engine/launch/paper_figures.h"

#include <algorithm>
#include <set>

#include "engine/experiment/groups/calibration_settings.h"
#include "engine/experiment/registry.h"
#include "engine/runs/aggregate.h"

namespace grapevine {
namespace {

constexpr const char* against_interval = "figure2";
constexpr const char* over_epochs = "figure3";

/// By its rule's name, "GrAPE"; where it is one of a preset's own with that behind, "GrAPE (literal)".
std::string name_of(const PaperCell& cell) {
  if (const RuleDescriptor* rule = find_rule(cell.racer)) return rule->name;
  const RuleDescriptor* rule = find_rule(cell.experiment.rule());
  return rule ? rule->name + " (" + cell.racer + ")" : cell.racer;
}

/// "" of a racer that is a rule.
std::string variant_of(const PaperCell& cell) {
  return find_rule(cell.racer) ? "" : cell.racer;
}

/// T; 0 = never.
double interval_of(const PaperCell& cell) {
  const CalibrationSettings settings = CalibrationSettings::of(cell.experiment);
  return settings.when == CalibrationSettings::When::epochs ? static_cast<double>(settings.every) : 0;
}

PaperLine& line_of(PaperFigure& figure, const std::string& name, const PaperCell& cell, bool published) {
  const auto found = std::find_if(figure.lines.begin(), figure.lines.end(), [&](const PaperLine& line) {
    return line.name == name && line.published == published;
  });
  if (found != figure.lines.end()) return *found;
  figure.lines.push_back(
      {name, cell.experiment.rule(), published, {}, interval_of(cell) == 0, variant_of(cell)});
  return figure.lines.back();
}

/// A cell at these places: one where it is calibrated, all where it is not.
void add_level(PaperFigure& figure, const PaperCell& cell, const std::vector<double>& places) {
  const std::string name = name_of(cell) + (interval_of(cell) > 0 ? ", calibrated" : "");
  for (const double place : places) {
    if (!cell.published.empty())
      line_of(figure, name, cell, true)
          .dots.push_back({place, cell.published.front().mean, cell.published.front().spread});
    if (cell.ours.count > 0)
      line_of(figure, name, cell, false)
          .dots.push_back({place, printed(cell, cell.ours.mean), printed(cell, cell.ours.deviation)});
  }
}

/// "Table 2: AlexNet on CIFAR-100, calibrated every epoch" → "AlexNet on CIFAR-100".
std::string subject_of(const PaperCell& cell) {
  const std::string& title = cell.preset->title;
  const std::size_t begin = title.find(": ");
  const std::string rest = begin == std::string::npos ? title : title.substr(begin + 2);
  return rest.substr(0, rest.find(','));
}

std::vector<PaperFigure> by_interval(const std::vector<PaperCell>& cells) {
  std::vector<PaperFigure> figures;
  std::set<double> intervals;
  for (const PaperCell& cell : cells)
    if (interval_of(cell) > 0) intervals.insert(interval_of(cell));
  const std::vector<double> all(intervals.begin(), intervals.end());
  for (const PaperCell& cell : cells) {
    const std::string title = subject_of(cell);
    if (figures.empty() || figures.back().title != title)
      figures.push_back({title, "epochs between two calibrations, T", "best test accuracy (%)", true, {}});
    add_level(figures.back(), cell, interval_of(cell) > 0 ? std::vector{interval_of(cell)} : all);
  }
  for (PaperFigure& figure : figures)
    for (PaperLine& line : figure.lines)
      std::stable_sort(line.dots.begin(), line.dots.end(),
                       [](const PaperDot& one, const PaperDot& other) { return one.x < other.x; });
  return figures;
}

void add_curve(PaperFigure& figure, const PaperCell& cell, const MeanRun& mean, Phase phase,
               const char* word) {
  const int measure = measure_index(key_in(phase, family::loss));
  const auto found = mean.curves.find({measure, 0});
  if (found == mean.curves.end()) return;
  PaperLine line{name_of(cell) + ", " + word, cell.experiment.rule(), false, {}, false, variant_of(cell)};
  const MeanCurve& curve = found->second;
  for (std::size_t i = 0; i < curve.mean.size(); ++i) {
    const double reach = curve.count[i] > 1 ? curve.high.value[i] - curve.mean.value[i] : std::nan("");
    if (std::isfinite(curve.mean.value[i]))
      line.dots.push_back({curve.mean.epoch[i], curve.mean.value[i], reach});
  }
  if (!line.dots.empty()) figure.lines.push_back(std::move(line));
}

std::vector<PaperFigure> dynamics(const std::vector<PaperCell>& cells, RunReader* reader) {
  PaperFigure figure{cells.empty() ? "" : subject_of(cells.front()), "epoch", "loss", false, {}};
  for (const PaperCell& cell : cells) {
    if (cell.runs.empty() || !reader) continue;
    std::vector<RunView> members;
    for (const std::int64_t run : cell.runs)
      members.push_back(std::make_shared<const RunData>(
          reader->load(run, {key_in(Phase::train, family::loss), key_in(Phase::test, family::loss)})));
    const MeanRun mean = mean_run(members, Band::deviation);
    add_curve(figure, cell, mean, Phase::train, "training");
    add_curve(figure, cell, mean, Phase::test, "test");
  }
  return {figure};
}

}  // namespace

std::vector<PaperFigure> paper_figures(const std::string& figure, const std::vector<PaperCell>& cells,
                                       RunReader* reader) {
  if (figure == against_interval) return by_interval(cells);
  if (figure == over_epochs) return dynamics(cells, reader);
  return {};
}

}  // namespace grapevine
