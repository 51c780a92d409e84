// The scope's layout: a legend, then the figures in one column or, where there is more width than height, in
// two.
#include "ui/scope/scope_layout.h"

#include <algorithm>
#include <cmath>

#include "ui/plot/figure.h"

namespace grapevine {
namespace {

constexpr double kMargin = 6;
constexpr double kChipHeight = 22;
constexpr double kLaneHeight = 16;
constexpr int kLegendRows = 3;

double least_height(const FigureState& figure, std::size_t racers) {
  if (figure.kind == FigureKind::events) {
    return Figure::kHeaderHeight + kLaneHeight * static_cast<double>(std::clamp<std::size_t>(racers, 1, 4)) +
           Figure::kBareHeight;
  }
  return Figure::kHeaderHeight + Figure::kBareHeight + (figure.kind == FigureKind::heat_map ? 54 : 80);
}

double lay_out_legend(const ScopeModel& model, double width, const TextMeasure& measure,
                      ScopeLayout& layout) {
  if (model.racers().empty()) return kMargin;
  double x = kMargin;
  double y = kMargin;
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
    layout.figures.push_back({figures[i], {column.x, y, column.width, height}, labels});
    y += height;
  }
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
  const double top = lay_out_legend(model, size.width, measure, layout);
  const Rect below = {0, top, size.width, std::max(0.0, size.height - top - 2)};
  std::vector<int> left;
  std::vector<int> right;
  const bool two_columns = below.width > 1.5 * below.height && below.width >= 660;
  for (std::size_t i = 0; i < model.figures().size(); ++i) {
    const FigureState& state = model.figures()[i];
    if (!state.shown) continue;
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
