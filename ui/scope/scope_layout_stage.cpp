// The scope's layout where the stage leads: the stage, the names, and a row of small multiples; of a lecture
// the stage and one figure.
#include <algorithm>
#include <cmath>

#include "ui/scope/figure_entry.h"
#include "ui/scope/scope_layout_parts.h"

namespace grapevine::layout_parts {
namespace {

constexpr double kLeastMultiples = 150;  ///< height of the row beneath the stage
constexpr double kLeastStage = 330;
constexpr double kLectureStage = 296;  ///< three layers are boxes with their words
constexpr double kLeastLectureFigure = 108;

/// Whether each racer's layers have room for a panel in a row, next to so many other figures.
RowBeneath beneath_in(const ScopeModel& model, double width, std::size_t others) {
  const std::vector<int> racers = model.layer_racers(model.layer_measure());
  int points = 0;
  for (const int racer : racers)
    points = std::max(points,
                      model.racers()[static_cast<std::size_t>(racer)].run->points_of(model.layer_measure()));
  const bool panels = !racers.empty() && points < kStripsFrom &&
                      width >= kLeastPanel * static_cast<double>(racers.size() + others);
  return {panels, !racers.empty()};
}

/// The accuracies, and the layers of each racer where they have room; else what sums up.
std::vector<int> multiples_of(const ScopeModel& model, double width) {
  const RowBeneath beneath = beneath_in(model, width, 1);
  std::vector<int> figures;
  for (std::size_t i = 0; i < model.figures().size(); ++i) {
    const FigureState& state = model.figures()[i];
    // What the user added stays; the kinds there are to begin with stand in for each other.
    const bool wanted =
        state.added ? static_cast<int>(i) != model.stage_figure() : state.entry->beneath_stage(beneath);
    if (state.shown && wanted) figures.push_back(static_cast<int>(i));
  }
  return figures;
}

/// Rows of figures that are wide enough to be read. The first keeps the cosines longest; what it has no room
/// for follows in their order.
class Rows {
 public:
  Rows(const ScopeModel& model, double width) : model_(model), width_(width) {
    std::vector<int> rest = multiples_of(model, width);
    while (!rest.empty()) {
      std::vector<int> row = rest;
      while (row.size() > 1 && width < kLeastPanel * parts_of(row)) {
        const auto leaves = next_to_leave(model, row);
        if (leaves == row.end()) break;
        row.erase(leaves);
      }
      std::erase_if(rest, [&](int figure) { return std::find(row.begin(), row.end(), figure) != row.end(); });
      rows_.push_back(std::move(row));
    }
  }

  std::size_t size() const { return rows_.size(); }

  /// Each row so high; returns where the last one ends.
  double place(Point corner, double height, ScopeLayout& layout) const {
    double y = corner.y;
    for (const std::vector<int>& row : rows_) {
      double x = corner.x;
      for (const int figure : row) {
        const double width = std::floor(width_ * parts_of({figure}) / parts_of(row));
        place_figure(model_, {figure, {x, y, width, height}, true, -1}, layout);
        x += width;
      }
      y += height;
    }
    return y;
  }

 private:
  double parts_of(const std::vector<int>& figures) const {
    double parts = 0;
    for (const int figure : figures)
      parts += std::max(1.0, static_cast<double>(panels_of(model_, figure).size()));
    return parts;
  }

  const ScopeModel& model_;
  double width_;
  std::vector<std::vector<int>> rows_;
};

/// Where a window is too low for both, the stage has all of it, and names and rows follow further down.
void lay_out_page(const ScopeModel& model, Size size, const TextMeasure& measure, ScopeLayout& layout) {
  const Rect viewport = above_strip(layout.all);
  const double stage = std::min(kLeastStage, viewport.height);
  layout.figures.push_back(
      {model.stage_figure(), {0, 0, size.width, std::max(stage, viewport.height - kLegend)}, false, -1});
  const double top = lay_out_legend(model, layout.figures.front().area.bottom(), size.width, measure, layout);
  layout.legend_scrolls = true;
  const double row = std::max(kLeastMultiples, std::min(220.0, viewport.height - kLegend));
  scroll(model, viewport, Rows(model, size.width).place({0, top}, row, layout), layout);
}

/// The one figure of a lecture: of the measure of layers that the text speaks of, else of the accuracies.
int lecture_figure(const ScopeModel& model, double width) {
  const RowBeneath beneath = beneath_in(model, width, 0);
  int chosen = -1;
  for (std::size_t i = 0; i < model.figures().size(); ++i) {
    const FigureState& state = model.figures()[i];
    const FigureTraits& its = state.entry->traits();
    if (!state.shown || !state.entry->beneath_stage(beneath)) continue;
    if (chosen < 0 || (its.of_layers && beneath.any_layers)) chosen = static_cast<int>(i);
  }
  return chosen;
}

}  // namespace

void lay_out_with_stage(const ScopeModel& model, Size size, const TextMeasure& measure, ScopeLayout& layout) {
  const auto shown = std::count_if(model.figures().begin(), model.figures().end(),
                                   [](const FigureState& state) { return state.shown; });
  if (model.stage_alone || shown == 1) {
    layout.figures.push_back({model.stage_figure(), {0, 0, size.width, size.height}, false, -1});
    return;
  }
  if (size.height < kLeastStage + kLegend + kLeastMultiples)
    return lay_out_page(model, size, measure, layout);
  const double wish = std::min(size.height, entry_of(model, model.stage_figure()).wished_height(model));
  const double most = size.height - kLegend - kLeastMultiples;
  const double height = model.stage_share > 0
                            ? std::clamp(std::floor(size.height * model.stage_share), kLeastStage, most)
                            : std::clamp(size.height - kLegend - std::max(kLeastMultiples, size.height * 0.3),
                                         kLeastStage, wish);
  layout.figures.push_back({model.stage_figure(), {0, 0, size.width, height}, false, -1});
  const double top = lay_out_legend(model, height, size.width, measure, layout);
  Rect viewport = {0, top, size.width, std::max(0.0, size.height - top - 2)};
  const Rows rows(model, size.width);
  if (rows.size() > 1) viewport = above_strip(viewport);
  scroll(model, viewport, rows.place({0, top}, viewport.height, layout), layout);
  layout.splitters.push_back(
      {Splitter::Kind::stage, {0, height - 2, size.width, kGrip}, -1, -1, {0, 0, size.width, size.height}});
}

/// The larger part to what the view is of; in a small hall to the stage, whose layers would fold. Names and
/// colours are at its columns: no legend.
void lay_out_lecture(const ScopeModel& model, Size size, ScopeLayout& layout) {
  const double share = model.view == ScopeView::stage ? 0.33 : 0.5;
  const double height =
      std::max(kLeastLectureFigure, std::min(size.height * share, size.height - kLectureStage));
  const double stage = std::floor(size.height - height);
  layout.figures.push_back({model.stage_figure(), {0, 0, size.width, stage}, false, -1});
  const int figure = lecture_figure(model, size.width);
  if (figure >= 0)
    place_figure(model, {figure, {0, stage, size.width, size.height - stage}, true, -1}, layout);
}

}  // namespace grapevine::layout_parts
