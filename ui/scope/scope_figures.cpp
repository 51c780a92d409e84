// The scope's state: which figures there are, in which order and how high.
#include <algorithm>
#include <map>

#include "ui/scope/figure_entry.h"

namespace grapevine {
namespace {

std::size_t at(int figure) {
  return static_cast<std::size_t>(figure);
}

}  // namespace

int ScopeModel::add_figure(std::string_view key, std::vector<int> measures, int across) {
  if (figures_.size() >= kMostFigures) return -1;
  FigureState state;
  state.entry = figure(key).entry;
  state.added = true;
  state.chosen = !measures.empty();
  state.measures = std::move(measures);
  state.across = across;
  state.range = range_;
  figures_.push_back(state);
  return static_cast<int>(figures_.size()) - 1;
}

void ScopeModel::remove_figure(int figure) {
  if (figure < 0 || figure >= static_cast<int>(figures_.size())) return;
  hovered_figure = chosen_figure = -1;
  if (figures_[at(figure)].added)
    figures_.erase(figures_.begin() + figure);
  else if (figure == stage_figure())
    view = ScopeView::figures;
  else
    figures_[at(figure)].shown = false;
}

int ScopeModel::place_figure(int figure, int beside, bool before) {
  if (figure == beside) return figure;
  FigureState moved = figures_[at(figure)];
  moved.column = in_left_column(beside) ? 0 : 1;
  figures_.erase(figures_.begin() + figure);
  int place = beside > figure ? beside - 1 : beside;
  if (!before) ++place;
  figures_.insert(figures_.begin() + place, std::move(moved));
  hovered_figure = -1;
  if (chosen_figure == figure) chosen_figure = place;
  return place;
}

void ScopeModel::change_column(int figure) {
  figures_[at(figure)].column = in_left_column(figure) ? 1 : 0;
}

bool ScopeModel::in_left_column(int figure) const {
  const FigureState& state = figures_[at(figure)];
  return state.column < 0 ? state.entry->traits().left : state.column == 0;
}

double ScopeModel::weight_of(int figure) const {
  const FigureState& state = figures_[at(figure)];
  return state.weight > 0 ? state.weight : state.entry->traits().weight;
}

void ScopeModel::share_height(int above, int below, double share) {
  constexpr double least = 0.05;
  const double both = weight_of(above) + weight_of(below);
  share = std::clamp(share, least, 1 - least);
  figures_[at(above)].weight = both * share;
  figures_[at(below)].weight = both * (1 - share);
}

std::vector<std::string> ScopeModel::figure_names() const {
  std::map<std::string, int> seen;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < figures_.size(); ++i) {
    std::string name = title_of(static_cast<int>(i));
    if (const int times = ++seen[name]; times > 1) name += " (" + std::to_string(times) + ")";
    names.push_back(name);
  }
  return names;
}

}  // namespace grapevine
