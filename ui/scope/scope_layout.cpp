// The scope's layout: a legend, then the figures in one column or, where there is more width than height, in
// two.
#include "ui/scope/scope_layout.h"

#include <algorithm>
#include <cmath>

#include "engine/experiment/registry.h"
#include "ui/plot/figure.h"

namespace grapevine {
namespace {

constexpr double kMargin = 6;
constexpr double kChipHeight = 22;
constexpr double kLaneHeight = 16;
constexpr int kLegendRows = 3;
constexpr double kLeastPanel = 190;      ///< width of one of several panels
constexpr double kLeastMultiples = 150;  ///< height of the row beneath the stage
constexpr double kLeastStage = 330;
constexpr double kNote = 16;
constexpr double kStageHead = 260;  ///< of the stage: all but its rows of boxes
constexpr double kStageRow = 112;

double least_height(const FigureState& figure, std::size_t racers) {
  if (figure.kind == FigureKind::events) {
    return Figure::kHeaderHeight + kLaneHeight * static_cast<double>(std::clamp<std::size_t>(racers, 1, 4)) +
           Figure::kBareHeight;
  }
  return Figure::kHeaderHeight + Figure::kBareHeight + (figure.kind == FigureKind::heat_map ? 54 : 80);
}

/// From `top` down; returns where the rest begins.
double lay_out_legend(const ScopeModel& model, double top, double width, const TextMeasure& measure,
                      ScopeLayout& layout) {
  if (model.racers().empty()) return top + kMargin;
  double x = kMargin;
  double y = top + kMargin;
  int row = 1;
  const double beside = model.dashes_in_use() ? 68 : 36;  // the signs before the label and some air
  for (std::size_t i = 0; i < model.racers().size(); ++i) {
    const double wanted = std::min(measure(model.racers()[i].label), 220.0) + beside;
    // Leave room for "and 12 more" in the last row.
    const double limit = width - kMargin - (row == kLegendRows && i + 1 < model.racers().size() ? 90 : 0);
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
  return y + kChipHeight + 4;
}

/// A figure of layers is a panel a racer where that leaves each a width to be read; else it is one.
void place_figure(const ScopeModel& model, const FigurePlace& place, ScopeLayout& layout) {
  const bool layers = model.figures()[static_cast<std::size_t>(place.figure)].kind == FigureKind::layers;
  const std::vector<int> racers = layers ? model.layer_racers(model.layer_measure()) : std::vector<int>();
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

/// Gives a column's figures their heights; drops the least important ones when there is no room.
void lay_out_column(const ScopeModel& model, std::vector<int> figures, const Rect& column,
                    ScopeLayout& layout) {
  const auto& states = model.figures();
  const auto state = [&](int figure) -> const FigureState& {
    return states[static_cast<std::size_t>(figure)];
  };
  const double axis_extra = Figure::kAxisHeight - Figure::kBareHeight;
  const auto needed = [&] {
    double sum = model.linked() ? axis_extra : axis_extra * static_cast<double>(figures.size());
    for (const int figure : figures) sum += least_height(state(figure), model.racers().size());
    return sum;
  };
  // Lanes go first, then heat maps; the first figure always stays.
  for (const FigureKind kind :
       {FigureKind::events, FigureKind::heat_map, FigureKind::layers, FigureKind::lines}) {
    while (figures.size() > 1 && needed() > column.height) {
      const auto last =
          std::find_if(figures.rbegin(), figures.rend(), [&](int f) { return state(f).kind == kind; });
      if (last == figures.rend()) break;
      figures.erase(std::next(last).base());
      ++layout.without_room;
    }
  }
  double weights = 0;
  double fixed = model.linked() ? axis_extra : axis_extra * static_cast<double>(figures.size());
  for (const int figure : figures) {
    if (state(figure).kind == FigureKind::events) {
      fixed += least_height(state(figure), model.racers().size());
    } else {
      weights += state(figure).weight;
    }
  }
  double y = column.y;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const FigureState& its = state(figures[i]);
    const bool labels = !model.linked() || i + 1 == figures.size();
    double height = its.kind == FigureKind::events ? least_height(its, model.racers().size())
                                                   : (column.height - fixed) * its.weight / weights;
    if (weights == 0) height = column.height - axis_extra;
    if (labels) height += axis_extra;
    place_figure(model, {figures[i], {column.x, y, column.width, height}, labels, -1}, layout);
    y += height;
  }
}

/// The stage's wish: its boxes as large as they are drawn at best.
double stage_height(const ScopeModel& model, double height) {
  std::size_t most = 1;
  for (const Racer& racer : model.racers())
    most = std::max(most, static_cast<std::size_t>(racer.run->points_of(measure_index("cos_update"))));
  return std::min(height, kStageHead + kStageRow * static_cast<double>(std::max<std::size_t>(most, 2) - 1));
}

/// Beneath the stage: the accuracies, and the layers of each racer where they have room; else what sums up.
void lay_out_multiples(const ScopeModel& model, const Rect& row, ScopeLayout& layout) {
  const std::vector<int> racers = model.layer_racers(model.layer_measure());
  int points = 0;
  for (const int racer : racers)
    points = std::max(points,
                      model.racers()[static_cast<std::size_t>(racer)].run->points_of(model.layer_measure()));
  const bool panels = !racers.empty() && points < kStripsFrom &&
                      row.width >= kLeastPanel * static_cast<double>(racers.size() + 1);
  std::vector<int> figures;
  for (std::size_t i = 0; i < model.figures().size(); ++i) {
    const FigureState& state = model.figures()[i];
    const bool wanted = state.kind == FigureKind::lines      ? state.shares || !panels
                        : state.kind == FigureKind::layers   ? panels
                        : state.kind == FigureKind::heat_map ? !panels && !racers.empty()
                                                             : false;
    if (state.shown && wanted) figures.push_back(static_cast<int>(i));
  }
  double parts = 0;
  const auto parts_of = [&](int figure) {
    const bool layers = model.figures()[static_cast<std::size_t>(figure)].kind == FigureKind::layers;
    return layers ? static_cast<double>(racers.size()) : 1.0;
  };
  for (const int figure : figures) parts += parts_of(figure);
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
  const auto others = std::count_if(model.figures().begin(), model.figures().end(),
                                    [](const FigureState& state) { return state.shown; });
  const double legend = kChipHeight + kMargin + 4;
  const bool alone = others == 1 || size.height < kLeastStage + legend + kLeastMultiples;
  const double wish = stage_height(model, size.height);
  const double note = others > 1 ? kNote : 0;  // what is said where the others have no room
  const double height = alone
                            ? size.height - note
                            : std::clamp(size.height - legend - std::max(kLeastMultiples, size.height * 0.3),
                                         kLeastStage, wish);
  layout.figures.push_back({model.stage_figure(), {0, 0, size.width, height}, false, -1});
  if (others == 1) return;
  const double top = lay_out_legend(model, alone ? size.height : height, size.width, measure, layout);
  if (alone) {
    layout.chips.clear();  // no room: the columns' names have to do
    layout.hidden_chips = 0;
    layout.without_room = static_cast<int>(others) - 1;
    return;
  }
  lay_out_multiples(model, {0, top, size.width, std::max(0.0, size.height - top - 2)}, layout);
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
    if (!state.shown || state.kind == FigureKind::stage) continue;
    (two_columns && state.kind != FigureKind::lines ? right : left).push_back(static_cast<int>(i));
  }
  if (left.empty()) std::swap(left, right);
  if (right.empty()) {
    if (!left.empty()) lay_out_column(model, left, below, layout);
    return layout;
  }
  const double half = std::floor(below.width / 2);
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
