// Figures that have no room in view: they are further down and scroll, and a strip names them. Layout, and
// what mouse and keys do with it.
#include <algorithm>
#include <cmath>

#include "ui/scope/scope_controller.h"
#include "ui/scope/scope_layout_parts.h"

namespace grapevine {
namespace layout_parts {
namespace {

constexpr double kStrip = 22;
constexpr double kBar = 8;
constexpr double kLeastThumb = 24;

}  // namespace

Rect above_strip(const Rect& viewport) {
  return {viewport.x, viewport.y, viewport.width, std::max(1.0, viewport.height - kStrip)};
}

void scroll(const ScopeModel& model, const Rect& viewport, double bottom, ScopeLayout& layout) {
  layout.viewport = viewport;
  layout.furthest = std::max(0.0, std::ceil(bottom - viewport.bottom()));
  layout.scrolled = std::clamp(std::round(model.scroll()), 0.0, layout.furthest);
  if (layout.furthest <= 0) return;
  const auto move = [&](Rect& area) {
    if (area.y >= viewport.y) area.y -= layout.scrolled;
  };
  for (FigurePlace& place : layout.figures) {
    place.scrolls = place.area.y >= viewport.y;
    move(place.area);
    // The bar has room of its own.
    if (place.scrolls) place.area.width = std::min(place.area.width, viewport.right() - kBar - place.area.x);
  }
  for (Splitter& splitter : layout.splitters) {
    move(splitter.area);
    move(splitter.both);
  }
  if (layout.legend_scrolls) {
    for (LegendChip& chip : layout.chips) move(chip.area);
    move(layout.add_button);
    layout.hidden_note.y -= layout.scrolled;
  }
  layout.strip = {viewport.x, viewport.bottom(), viewport.width, kStrip};
  layout.track = {viewport.right() - kBar, viewport.y, kBar, viewport.height};
  const double content = viewport.height + layout.furthest;
  const double thumb = std::max(kLeastThumb, viewport.height * viewport.height / content);
  layout.thumb = {layout.track.x, viewport.y + (viewport.height - thumb) * layout.scrolled / layout.furthest,
                  kBar, thumb};
}

}  // namespace layout_parts

bool ScopeLayout::in_view(const FigurePlace& place) const {
  return !place.scrolls || (place.area.y < viewport.bottom() && place.area.bottom() > viewport.y);
}

bool ScopeLayout::is_at(const FigurePlace& place, Point at) const {
  return place.area.contains(at) && (!place.scrolls || viewport.contains(at));
}

std::vector<int> ScopeLayout::further(bool down) const {
  constexpr double title = 22;
  std::vector<int> found;
  for (const FigurePlace& place : figures) {
    if (!place.scrolls) continue;
    const bool is_further =
        down ? place.area.y + title > viewport.bottom() : place.area.y + title / 2 < viewport.y;
    if (is_further && std::find(found.begin(), found.end(), place.figure) == found.end())
      found.push_back(place.figure);
  }
  return found;
}

void ScopeController::scroll_by(double pixels) {
  const ScopeLayout layout = lay_out(model_, size_, measure_);
  model_.scroll_to(std::clamp(layout.scrolled + pixels, 0.0, layout.furthest));
}

void ScopeController::scroll_pages(double pages) {
  scroll_by(pages * lay_out(model_, size_, measure_).viewport.height * 0.8);
}

void ScopeController::bring_into_view(int figure) {
  const ScopeLayout layout = lay_out(model_, size_, measure_);
  const FigurePlace* place = layout.place_of(figure);
  if (!place || layout.furthest <= 0) return;
  const double above = place->area.y - layout.viewport.y;
  const double below = place->area.bottom() - layout.viewport.bottom();
  // One that is higher than the viewport shows its title.
  if (above < 0 || place->area.height > layout.viewport.height)
    scroll_by(above);
  else if (below > 0)
    scroll_by(below);
}

void ScopeController::click_strip() {
  if (lay_out(model_, size_, measure_).further(true).empty())
    model_.scroll_to(0);
  else
    scroll_pages(1);
}

void ScopeController::drag_thumb(double dy) {
  const ScopeLayout layout = lay_out(model_, size_, measure_);
  const double way = layout.track.height - layout.thumb.height;
  if (way > 0) scroll_by(dy * layout.furthest / way);
}

}  // namespace grapevine
