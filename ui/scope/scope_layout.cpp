// The scope's layout: a legend, then the figures in one column or, where there is more width than height, in
// two. The stage's view is in scope_layout_stage.cpp, what scrolls in scope_scrolling.cpp.
#include "ui/scope/scope_layout.h"

#include <algorithm>
#include <cmath>

#include "engine/experiment/registry.h"
#include "ui/scope/figure_entry.h"
#include "ui/scope/scope_layout_parts.h"

namespace grapevine {
namespace layout_parts {
namespace {

constexpr int kLegendRows = 3;
constexpr double kAddButton = 26;
constexpr double kFirstChip = 16;  ///< its swatch is where the stage's words begin

}  // namespace

double lay_out_legend(const ScopeModel& model, double top, double width, const TextMeasure& measure,
                      ScopeLayout& layout) {
  if (model.racers().empty()) return top + kMargin;
  const double left = std::min(kFirstChip, width / 20);
  double x = left;
  double y = top + kMargin;
  int row = 1;
  const double beside = model.dashes_in_use() ? 68 : 36;  // the signs before the label and some air
  const double right = width - kMargin - kAddButton;
  for (std::size_t i = 0; i < model.racers().size(); ++i) {
    const double wanted = std::min(measure(model.racers()[i].label), 220.0) + beside;
    // Leave room for "and 12 more" in the last row.
    const double limit = right - (row == kLegendRows && i + 1 < model.racers().size() ? 90 : 0);
    if (x + wanted > limit && x > left) {
      if (row == kLegendRows) {
        layout.hidden_chips = static_cast<int>(model.racers().size() - i);
        layout.hidden_note = {x + 6, y + kChipHeight / 2};
        break;
      }
      ++row;
      x = left;
      y += kChipHeight + 3;
    }
    layout.chips.push_back(
        {static_cast<int>(i), {x, y, std::min(wanted, width - left - kMargin), kChipHeight}});
    x += wanted + 4;
  }
  const double after = x + (layout.hidden_chips > 0 ? 90 : 0);
  layout.add_button = {std::min(after, std::max(0.0, width - kMargin - kChipHeight)), y, kChipHeight,
                       kChipHeight};
  return y + kChipHeight + 4;
}

std::vector<int> panels_of(const ScopeModel& model, int figure) {
  const FigureState& state = state_of(model, figure);
  if (!state.entry->traits().panel_a_racer || state.measures.empty()) return {};
  return model.layer_racers(state.measures.front());
}

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

double free_height(const ScopeModel& model, int figure, double viewport) {
  const FigureTraits& its = entry_of(model, figure).traits();
  const double least = entry_of(model, figure).least_height(model.racers().size());
  if (!its.grows) return least;
  const double usual = std::clamp(viewport * 0.5, least, std::max(least, 260.0));
  return std::max(least, usual * std::clamp(model.weight_of(figure) / its.weight, 0.2, 4.0));
}

}  // namespace layout_parts

namespace {

using namespace layout_parts;

constexpr double kAxisExtra = Figure::kAxisHeight - Figure::kBareHeight;

/// A column's figures: those that have room, and those beneath them, further down.
struct Shared {
  std::vector<int> seen, beneath;
};

double axes_of(const ScopeModel& model, std::size_t figures) {
  return model.linked() ? kAxisExtra : kAxisExtra * static_cast<double>(figures);
}

/// The least important ones go first.
Shared shared_out(const ScopeModel& model, const std::vector<int>& figures, double height) {
  Shared shared{figures, {}};
  const std::size_t racers = model.racers().size();
  const auto needed = [&] {
    double sum = axes_of(model, shared.seen.size());
    for (const int figure : shared.seen) sum += entry_of(model, figure).least_height(racers);
    return sum;
  };
  while (shared.seen.size() > 1 && needed() > height) {
    const auto leaves = next_to_leave(model, shared.seen);
    if (leaves == shared.seen.end()) break;
    shared.seen.erase(leaves);
  }
  std::copy_if(figures.begin(), figures.end(), std::back_inserter(shared.beneath), [&](int figure) {
    return std::find(shared.seen.begin(), shared.seen.end(), figure) == shared.seen.end();
  });
  return shared;
}

/// Those that fill the column.
void place_seen(const ScopeModel& model, const std::vector<int>& figures, const Rect& column,
                ScopeLayout& layout) {
  const auto least = [&](int figure) { return entry_of(model, figure).least_height(model.racers().size()); };
  double weights = 0;
  double fixed = axes_of(model, figures.size());
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
    if (weights == 0) height = column.height - kAxisExtra;
    if (labels) height += kAxisExtra;
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

/// Returns where the last one ends.
double lay_out_column(const ScopeModel& model, const Shared& figures, const Rect& column,
                      ScopeLayout& layout) {
  place_seen(model, figures.seen, column, layout);
  double y = column.bottom();
  for (std::size_t i = 0; i < figures.beneath.size(); ++i) {
    const bool labels = !model.linked() || i + 1 == figures.beneath.size();
    const double height = free_height(model, figures.beneath[i], column.height) + (labels ? kAxisExtra : 0);
    place_figure(model, {figures.beneath[i], {column.x, y, column.width, height}, labels, -1}, layout);
    y += height;
  }
  return y;
}

bool shows_stage(const ScopeModel& model) {
  const int stage = model.stage_figure();
  if (stage < 0 || !model.figures()[static_cast<std::size_t>(stage)].shown) return false;
  const auto others = std::count_if(model.figures().begin(), model.figures().end(),
                                    [](const FigureState& state) { return state.shown; });
  return model.view == ScopeView::stage || others == 1;
}

void lay_out_columns(const ScopeModel& model, Rect viewport, ScopeLayout& layout) {
  std::vector<int> left;
  std::vector<int> right;
  const bool two_columns = viewport.width > 1.5 * viewport.height && viewport.width >= 660;
  for (std::size_t i = 0; i < model.figures().size(); ++i) {
    const FigureState& state = model.figures()[i];
    const int figure = static_cast<int>(i);
    if (!state.shown || figure == model.stage_figure()) continue;
    (two_columns && !model.in_left_column(figure) ? right : left).push_back(figure);
  }
  if (left.empty()) std::swap(left, right);
  if (left.empty()) return;
  const auto all_have_room = [&] {
    return shared_out(model, left, viewport.height).beneath.empty() &&
           shared_out(model, right, viewport.height).beneath.empty();
  };
  if (!all_have_room()) viewport = above_strip(viewport);
  const Shared lefts = shared_out(model, left, viewport.height);
  double bottom = viewport.bottom();
  if (right.empty()) {
    bottom = std::max(bottom, lay_out_column(model, lefts, viewport, layout));
  } else {
    const double half = std::floor(viewport.width * std::clamp(model.column_share, 0.25, 0.75));
    Rect one = viewport, other = viewport;
    one.width = half;
    other.x += half;
    other.width -= half;
    bottom = std::max(bottom, lay_out_column(model, lefts, one, layout));
    bottom =
        std::max(bottom, lay_out_column(model, shared_out(model, right, viewport.height), other, layout));
  }
  scroll(model, viewport, bottom, layout);
  if (right.empty()) return;
  // The edge between the columns stays where it is.
  const double half = std::floor(viewport.width * std::clamp(model.column_share, 0.25, 0.75));
  layout.splitters.push_back({Splitter::Kind::columns,
                              {viewport.x + half - kGrip, viewport.y, kGrip, viewport.height},
                              -1,
                              -1,
                              viewport});
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
  layout.all = layout.viewport = {0, 0, size.width, size.height};
  // Axes without anything on them say nothing.
  if (model.racers().empty()) return layout;
  if (model.lecture) {
    lay_out_lecture(model, size, layout);
  } else if (shows_stage(model)) {
    lay_out_with_stage(model, size, measure, layout);
  } else {
    const double top = lay_out_legend(model, 0, size.width, measure, layout);
    lay_out_columns(model, {0, top, size.width, std::max(0.0, size.height - top - 2)}, layout);
  }
  return layout;
}

double guessed_text_width(std::string_view utf8) {
  const auto characters = std::count_if(
      utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
  return 6.4 * static_cast<double>(characters);
}

}  // namespace grapevine
