// One frame of the scope: figures made from the model and drawn with whatever painter there is. The window's
// thread only.
#pragma once

#include <memory>
#include <vector>

#include "ui/plot/figure.h"
#include "ui/scope/scope_layout.h"
#include "ui/scope/scope_look.h"

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
  ScopeScene(ScopeModel& model, ScopeLook& look, Size size, const TextMeasure& measure);

  void draw(Painter& painter) const;
  const ScopeLayout& layout() const { return layout_; }
  /// The figure as built, the first of its panels; nullptr when it isn't in view.
  const Figure* figure(int index) const;
  HoveredEvent hovered_event() const { return hovered_; }

 private:
  void draw_legend(Painter& painter) const;
  void draw_add_button(Painter& painter) const;
  /// Where figures scroll: which are out of view, and the bar.
  void draw_strip(Painter& painter) const;
  void draw_empty_state(Painter& painter) const;
  std::string way_to_begin() const;

  ScopeModel& model_;
  const ScopeLook& look_;
  ScopeLayout layout_;
  std::vector<std::pair<int, std::unique_ptr<Figure>>> figures_;
  HoveredEvent hovered_;
};

}  // namespace grapevine
