// One frame of the scope: figures made from the model and drawn with whatever painter there is. The window's
// thread only.
#pragma once

#include <memory>
#include <vector>

#include "ui/plot/event_lane.h"
#include "ui/plot/heat_map.h"
#include "ui/plot/line_figure.h"
#include "ui/scope/scope_layout.h"

namespace grapevine {

/// An event that the pointer is on.
struct HoveredEvent {
  int racer = -1;
  std::size_t index = 0;  ///< in the run's events
  bool operator==(const HoveredEvent&) const = default;
};

class ScopeScene {
 public:
  /// Advances the model (following, measures) and builds all figures.
  ScopeScene(ScopeModel& model, Size size, const TextMeasure& measure);

  void draw(Painter& painter) const;
  const ScopeLayout& layout() const { return layout_; }
  /// The figure as built, the first of its panels; nullptr when it isn't in the layout.
  const Figure* figure(int index) const;
  HoveredEvent hovered_event() const { return hovered_; }

 private:
  void draw_legend(Painter& painter) const;
  void draw_empty_state(Painter& painter) const;

  ScopeModel& model_;
  ScopeLayout layout_;
  std::vector<std::pair<int, std::unique_ptr<Figure>>> figures_;
  HoveredEvent hovered_;
};

/// A figure's outline at a place, without its data: what a click is looked up in.
void shape_figure(const ScopeModel& model, const FigurePlace& place, Figure& figure);
/// One figure of the model at a place; the scene, exports and the controller share it.
std::unique_ptr<Figure> build_figure(ScopeModel& model, const FigurePlace& place);

/// What the y axis of a line figure shows at present.
Axis y_axis_of(ScopeModel& model, int figure);

}  // namespace grapevine
