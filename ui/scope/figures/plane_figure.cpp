// Accuracy against alignment.
#include "ui/scope/figures/plane_figure.h"

#include <algorithm>
#include <cmath>

#include "engine/experiment/registry.h"
#include "ui/plot/line_figure.h"
#include "ui/scope/scope_scene.h"

namespace grapevine {
namespace {

/// A figure of lines whose points are its own.
class PlaneFigure : public LineFigure {
 public:
  std::vector<std::unique_ptr<Pieces>> paths;
};

const Series* scores_of(const RunData& run) {
  for (const char* key : {"test_accuracy", "validation_accuracy", "accuracy"})
    if (const Series* series = run.find(key, 0); series && series->size() > 0) return series;
  return nullptr;
}

/// The last value at or before a step, NaN before the first.
double known_at(const Series& series, std::int64_t step) {
  const auto after = std::upper_bound(series.step.begin(), series.step.end(), step) - series.step.begin();
  return after == 0 ? std::nan("") : series.value[static_cast<std::size_t>(after - 1)];
}

std::unique_ptr<Pieces> as_line(const std::vector<PlanePoint>& path) {
  auto line = std::make_unique<Pieces>();
  for (const PlanePoint& point : path) line->points.push_back({point.alignment, point.score});
  line->ends.push_back(line->points.size());
  return line;
}

}  // namespace

std::vector<PlanePoint> plane_path(const RunData& run) {
  const RuleDescriptor* rule = find_rule(run.rule);
  const Series* scores = scores_of(run);
  const int measure = measure_index("cos_b_j");
  const int points = run.points_of(measure);
  if (!rule || !rule->has_feedback || !scores || points == 0) return {};
  std::vector<PlanePoint> path;
  for (std::size_t i = 0; i < scores->size(); ++i) {
    double sum = 0;
    int known = 0;
    for (int point = 1; point <= points; ++point) {
      const Series* cosines = run.find(measure, point);
      const double value = cosines ? known_at(*cosines, scores->step[i]) : std::nan("");
      if (std::isnan(value)) continue;
      sum += value;
      ++known;
    }
    if (known > 0 && std::isfinite(scores->value[i]))
      path.push_back({scores->step[i], rule->alignment_sign * sum / known, scores->value[i]});
  }
  return path;
}

std::unique_ptr<Figure> build_plane(ScopeModel& model, const FigurePlace& place) {
  auto figure = std::make_unique<PlaneFigure>();
  shape_figure(model, place, *figure);
  figure->title = model.title_of(place.figure);
  figure->x_title = "mean cos(B, J̄) over the layers";
  double left = -0.1, low = 1, high = 0;
  for (std::size_t r = 0; r < model.racers().size(); ++r) {
    const Racer& racer = model.racers()[r];
    if (!racer.visible) continue;
    const std::vector<PlanePoint> path = plane_path(*racer.run);
    if (path.empty()) continue;
    for (const PlanePoint& point : path) {
      left = std::min(left, std::floor(point.alignment * 10) / 10);
      low = std::min(low, point.score);
      high = std::max(high, point.score);
    }
    PlotLine line;
    const auto index = static_cast<int>(r);
    line.name = line.end_name = racer.label;
    line.stroke = {model.colour_of(index), 1.8, model.dash_of(index)};
    line.end_colour = line.stroke.colour;
    line.end_value = path.back().score;
    line.dots = true;
    line.racer = index;
    line.faded = model.highlighted >= 0 && model.highlighted != index;
    figure->paths.push_back(as_line(path));
    line.main = figure->paths.back().get();
    figure->lines.push_back(line);
  }
  figure->x = {left, 1.03, Scale::linear, model.degrees ? Unit::angle : Unit::number, 1e-3};
  figure->y = fitted_axis(figure->lines.empty() ? 0 : low, figure->lines.empty() ? 1 : high, Scale::linear,
                          Unit::share);
  if (figure->lines.empty() && model.any_data())
    figure->empty_text = "No rule here has feedback matrices whose alignment was measured";
  return figure;
}

}  // namespace grapevine
