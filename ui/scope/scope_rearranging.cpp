// Mouse and keys on the scope: figures are moved and made larger and smaller.
#include <algorithm>

#include "ui/scope/scope_controller.h"

namespace grapevine {

void ScopeController::split(Point at) {
  const Splitter& edge = pressed_.splitter;
  switch (edge.kind) {
    case Splitter::Kind::heights:
      return model_.share_height(edge.above, edge.below, (at.y - edge.both.y) / edge.both.height);
    case Splitter::Kind::columns:
      model_.column_share = std::clamp((at.x - edge.both.x) / edge.both.width, 0.25, 0.75);
      return;
    case Splitter::Kind::stage:
      model_.stage_share = std::clamp((at.y - edge.both.y) / edge.both.height, 0.05, 0.95);
      return;
  }
}

/// Before or behind the figure that the pointer is over: of a row by its left half, of a column by its upper
/// one.
std::optional<ScopeController::Drop> ScopeController::drop_at(Point at) const {
  constexpr double thickness = 3;
  const bool row = model_.view == ScopeView::stage;
  const ScopeLayout layout = lay_out(model_, size_, measure_);
  for (const FigurePlace& place : layout.figures) {
    const Rect& area = place.area;
    if (!layout.is_at(place, at) || place.figure == pressed_.index || place.figure == model_.stage_figure())
      continue;
    const Point middle = area.centre();
    const bool before = row ? at.x < middle.x : at.y < middle.y;
    const double x = before ? area.x : area.right() - thickness;
    const double y = before ? area.y : area.bottom() - thickness;
    return Drop{place.figure, before,
                row ? Rect{x, area.y, thickness, area.height} : Rect{area.x, y, area.width, thickness}};
  }
  return std::nullopt;
}

/// What the keyboard does with the chosen figure; without one the first that is shown is chosen.
void ScopeController::handle_figure(ScopeKey key) {
  std::vector<int> shown;
  for (const FigurePlace& place : lay_out(model_, size_, measure_).figures)
    if (std::find(shown.begin(), shown.end(), place.figure) == shown.end()) shown.push_back(place.figure);
  if (shown.empty()) return;
  const auto now = std::find(shown.begin(), shown.end(), model_.chosen_figure);
  if (now == shown.end()) {
    model_.chosen_figure = key == ScopeKey::previous_figure ? shown.back() : shown.front();
    return bring_into_view(model_.chosen_figure);
  }
  const int chosen = *now;
  const int before = now == shown.begin() ? -1 : *(now - 1);
  const int after = now + 1 == shown.end() ? -1 : *(now + 1);
  const auto neighbour = [&](int figure) { return figure != model_.stage_figure() ? figure : -1; };
  switch (key) {
    case ScopeKey::previous_figure:
      model_.chosen_figure = before >= 0 ? before : shown.back();
      return bring_into_view(model_.chosen_figure);
    case ScopeKey::next_figure:
      model_.chosen_figure = after >= 0 ? after : shown.front();
      return bring_into_view(model_.chosen_figure);
    case ScopeKey::remove_figure:
      return model_.remove_figure(chosen);
    case ScopeKey::taller:
    case ScopeKey::shorter: {
      const double factor = key == ScopeKey::taller ? 1.2 : 1 / 1.2;
      if (chosen == model_.stage_figure()) {
        const double stage = lay_out(model_, size_, measure_).place_of(chosen)->area.height;
        model_.stage_share = std::clamp(stage / size_.height * (factor > 1 ? 1.05 : 0.95), 0.05, 0.95);
      } else {
        model_.figures()[static_cast<std::size_t>(chosen)].weight = model_.weight_of(chosen) * factor;
      }
      return;
    }
    default:
      break;
  }
  if (chosen == model_.stage_figure()) return;
  if (key == ScopeKey::figure_to_other_column) return model_.change_column(chosen);
  const bool back = key == ScopeKey::figure_back;
  if (const int beside = neighbour(back ? before : after); beside >= 0)
    bring_into_view(model_.chosen_figure = model_.place_figure(chosen, beside, back));
}

}  // namespace grapevine
