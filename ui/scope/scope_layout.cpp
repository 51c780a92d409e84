// The scope's layout: a legend, then the figures in one column or, where there is more width than height, in
// two.
#include "ui/scope/scope_layout.h"

#include <algorithm>
#include <cmath>

#include "engine/experiment/registry.h"
#include "ui/scope/figure_entry.h"

namespace grapevine {
namespace {

constexpr double kMargin = 6;
constexpr double kChipHeight = 22;
constexpr int kLegendRows = 3;
constexpr double kLeastPanel = 190;      ///< width of one of several panels
constexpr double kLeastMultiples = 150;  ///< height of the row beneath the stage
constexpr double kLeastStage = 330;
constexpr double kNote = 16;
constexpr double kAddButton = 26;
constexpr double kGrip = 6;            ///< of an edge that can be dragged
constexpr double kLectureStage = 296;  ///< three layers are boxes with their words
constexpr double kLeastLectureFigure = 108;

/// From `top` down; returns where the rest begins.
double lay_out_legend(const ScopeModel& model, double top, double width, const TextMeasure& measure,
                      ScopeLayout& layout) {
  if (model.racers().empty()) return top + kMargin;
  double x = kMargin;
  double y = top + kMargin;
  int row = 1;
  const double beside = model.dashes_in_use() ? 68 : 36;  // the signs before the label and some air
  const double right = width - kMargin - kAddButton;
  for (std::size_t i = 0; i < model.racers().size(); ++i) {
    const double wanted = std::min(measure(model.racers()[i].label), 220.0) + beside;
    // Leave room for "and 12 more" in the last row.
    const double limit = right - (row == kLegendRows && i + 1 < model.racers().size() ? 90 : 0);
    if (x + wanted > limit && x > kMargin) {
      if (row == kLegendRows) {
        layout.hidden_chips = static_cast<int>(model.racers().size() - i);
        layout.hidden_note = {x + 6, y + kChipHeight / 2};
        break;
      }
      ++row;
      x = kMargin;
      y += kChipHeight + 3;
    }
    layout.chips.push_back({static_cast<int>(i), {x, y, std::min(wanted, width - 2 * kMargin), kChipHeight}});
    x += wanted + 4;
  }
  const double after = x + (layout.hidden_chips > 0 ? 90 : 0);
  layout.add_button = {std::min(after, std::max(0.0, width - kMargin - kChipHeight)), y, kChipHeight,
                       kChipHeight};
  return y + kChipHeight + 4;
}

/// Of a figure that is a panel a racer; otherwise none.
std::vector<int> panels_of(const ScopeModel& model, int figure) {
  const FigureState& state = state_of(model, figure);
  if (!state.entry->traits().panel_a_racer || state.measures.empty()) return {};
  return model.layer_racers(state.measures.front());
}

/// Panels only where that leaves each a width to be read; else the figure is one.
void place_figure(const ScopeModel& model, const FigurePlace& place, ScopeLayout& layout) {
  const std::vector<int> racers = panels_of(model, place.figure);
  const auto count = static_cast<double>(racers.size());
  if (racers.size() < 2 || place.area.width < kLeastPanel * count) {
    layout.figures.push_back(place);
    return;
  }
  for (std::size_t i = 0; i < racers.size(); ++i) {
    FigurePlace panel = place;
    const double left = std::floor(place.area.width * static_cast<double>(i) / count);
    const double right = std::floor(place.area.width * static_cast<double>(i + 1) / count);
    panel.area = {place.area.x + left, place.area.y, right - left, place.area.height};
    panel.racer = racers[i];
    layout.figures.push_back(panel);
  }
}

/// Which of a column's figures goes where there is no room for all; the end where none does.
std::vector<int>::iterator next_to_leave(const ScopeModel& model, std::vector<int>& figures) {
  auto leaves = figures.end();
  for (auto it = figures.begin(); it != figures.end(); ++it) {
    const int rank = entry_of(model, *it).traits().leaves;
    // Of figures alike the last one.
    if (rank > 0 && (leaves == figures.end() || rank <= entry_of(model, *leaves).traits().leaves))
      leaves = it;
  }
  return leaves;
}

/// Gives a column's figures their heights; drops the least important ones when there is no room.
void lay_out_column(const ScopeModel& model, std::vector<int> figures, const Rect& column,
                    ScopeLayout& layout) {
  const double axis_extra = Figure::kAxisHeight - Figure::kBareHeight;
  const std::size_t racers = model.racers().size();
  const auto least = [&](int figure) { return entry_of(model, figure).least_height(racers); };
  const auto axes = [&] {
    return model.linked() ? axis_extra : axis_extra * static_cast<double>(figures.size());
  };
  const auto needed = [&] {
    double sum = axes();
    for (const int figure : figures) sum += least(figure);
    return sum;
  };
  while (figures.size() > 1 && needed() > column.height) {
    const auto leaves = next_to_leave(model, figures);
    if (leaves == figures.end()) break;
    figures.erase(leaves);
    ++layout.without_room;
  }
  double weights = 0;
  double fixed = axes();
  for (const int figure : figures) {
    if (entry_of(model, figure).traits().grows)
      weights += model.weight_of(figure);
    else
      fixed += least(figure);
  }
  double y = column.y, before = column.y;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const FigureTraits& its = entry_of(model, figures[i]).traits();
    const bool labels = !model.linked() || i + 1 == figures.size();
    double height =
        its.grows ? (column.height - fixed) * model.weight_of(figures[i]) / weights : least(figures[i]);
    if (weights == 0) height = column.height - axis_extra;
    if (labels) height += axis_extra;
    if (i > 0 && its.grows && entry_of(model, figures[i - 1]).traits().grows)
      layout.splitters.push_back({Splitter::Kind::heights,
                                  {column.x, y - kGrip, column.width, kGrip},
                                  figures[i - 1],
                                  figures[i],
                                  {column.x, before, column.width, y + height - before}});
    before = y;
    place_figure(model, {figures[i], {column.x, y, column.width, height}, labels, -1}, layout);
    y += height;
  }
}

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

/// Beneath the stage: the accuracies, and the layers of each racer where they have room; else what sums up.
void lay_out_multiples(const ScopeModel& model, const Rect& row, ScopeLayout& layout) {
  const RowBeneath beneath = beneath_in(model, row.width, 1);
  std::vector<int> figures;
  for (std::size_t i = 0; i < model.figures().size(); ++i) {
    const FigureState& state = model.figures()[i];
    // What the user added stays; the kinds there are to begin with stand in for each other.
    const bool wanted =
        state.added ? static_cast<int>(i) != model.stage_figure() : state.entry->beneath_stage(beneath);
    if (state.shown && wanted) figures.push_back(static_cast<int>(i));
  }
  double parts = 0;
  const auto parts_of = [&](int figure) {
    return std::max(1.0, static_cast<double>(panels_of(model, figure).size()));
  };
  for (const int figure : figures) parts += parts_of(figure);
  // Where they would be too narrow to be read, the least important ones go, the cosines last.
  while (figures.size() > 1 && row.width < kLeastPanel * parts) {
    const auto leaves = next_to_leave(model, figures);
    if (leaves == figures.end()) break;
    parts -= parts_of(*leaves);
    figures.erase(leaves);
    ++layout.without_room;
  }
  double x = row.x;
  for (const int figure : figures) {
    const double width = std::floor(row.width * parts_of(figure) / parts);
    place_figure(model, {figure, {x, row.y, width, row.height}, true, -1}, layout);
    x += width;
  }
}

bool shows_stage(const ScopeModel& model) {
  const int stage = model.stage_figure();
  if (stage < 0 || !model.figures()[static_cast<std::size_t>(stage)].shown) return false;
  const auto others = std::count_if(model.figures().begin(), model.figures().end(),
                                    [](const FigureState& state) { return state.shown; });
  return model.view == ScopeView::stage || others == 1;
}

void lay_out_with_stage(const ScopeModel& model, Size size, const TextMeasure& measure, ScopeLayout& layout) {
  const auto shown = std::count_if(model.figures().begin(), model.figures().end(),
                                   [](const FigureState& state) { return state.shown; });
  const auto others = model.stage_alone ? 1 : shown;
  const double legend = kChipHeight + kMargin + 4;
  const bool alone = others == 1 || size.height < kLeastStage + legend + kLeastMultiples;
  const double wish = std::min(size.height, entry_of(model, model.stage_figure()).wished_height(model));
  const double note = others > 1 ? kNote : 0;  // what is said where the others have no room
  const double most = size.height - legend - kLeastMultiples;
  const double height = alone ? size.height - note
                        : model.stage_share > 0
                            ? std::clamp(std::floor(size.height * model.stage_share), kLeastStage, most)
                            : std::clamp(size.height - legend - std::max(kLeastMultiples, size.height * 0.3),
                                         kLeastStage, wish);
  layout.figures.push_back({model.stage_figure(), {0, 0, size.width, height}, false, -1});
  if (others == 1) return;
  const double top = lay_out_legend(model, alone ? size.height : height, size.width, measure, layout);
  if (alone) {
    layout.chips.clear();  // no room: the columns' names have to do
    layout.add_button = {};
    layout.hidden_chips = 0;
    layout.without_room = static_cast<int>(others) - 1;
    return;
  }
  layout.splitters.push_back(
      {Splitter::Kind::stage, {0, height - 2, size.width, kGrip}, -1, -1, {0, 0, size.width, size.height}});
  lay_out_multiples(model, {0, top, size.width, std::max(0.0, size.height - top - 2)}, layout);
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

/// The larger part to what the view is of; in a small hall to the stage, whose layers would fold. Names and
/// colours stand at its columns: no legend.
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

}  // namespace

const FigurePlace* ScopeLayout::place_of(int figure) const {
  for (const FigurePlace& place : figures) {
    if (place.figure == figure) return &place;
  }
  return nullptr;
}

ScopeLayout lay_out(const ScopeModel& model, Size size, const TextMeasure& measure) {
  ScopeLayout layout;
  layout.all = {0, 0, size.width, size.height};
  // Axes without anything on them say nothing.
  if (model.racers().empty()) return layout;
  if (model.lecture) {
    lay_out_lecture(model, size, layout);
    return layout;
  }
  if (shows_stage(model)) {
    lay_out_with_stage(model, size, measure, layout);
    return layout;
  }
  const double top = lay_out_legend(model, 0, size.width, measure, layout);
  const Rect below = {0, top, size.width, std::max(0.0, size.height - top - 2)};
  std::vector<int> left;
  std::vector<int> right;
  const bool two_columns = below.width > 1.5 * below.height && below.width >= 660;
  for (std::size_t i = 0; i < model.figures().size(); ++i) {
    const FigureState& state = model.figures()[i];
    const int figure = static_cast<int>(i);
    if (!state.shown || figure == model.stage_figure()) continue;
    (two_columns && !model.in_left_column(figure) ? right : left).push_back(figure);
  }
  if (left.empty()) std::swap(left, right);
  if (right.empty()) {
    if (!left.empty()) lay_out_column(model, left, below, layout);
    return layout;
  }
  const double half = std::floor(below.width * std::clamp(model.column_share, 0.25, 0.75));
  layout.splitters.push_back(
      {Splitter::Kind::columns, {below.x + half - kGrip, below.y, kGrip, below.height}, -1, -1, below});
  lay_out_column(model, left, {below.x, below.y, half, below.height}, layout);
  lay_out_column(model, right, {below.x + half, below.y, below.width - half, below.height}, layout);
  return layout;
}

double guessed_text_width(std::string_view utf8) {
  const auto characters = std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  return 6.4 * static_cast<double>(characters);
}

}  // namespace grapevine
