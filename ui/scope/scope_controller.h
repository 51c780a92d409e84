// Mouse and keys on the scope, whatever window they come from. Events are handled when they come and in
// order, so that no click is lost between two frames. The window's thread only.
#pragma once

#include <functional>

#include "ui/scope/scope_scene.h"

namespace grapevine {

struct PointerEvent {
  enum class Kind { press, release, move, wheel, double_click, leave };
  enum class Button { none, left, right, middle };
  Kind kind = Kind::move;
  Point at;
  Button button = Button::none;
  bool shift = false;
  bool ctrl = false;
  bool alt = false;
  double wheel = 0;  ///< notches, up is positive
};

/// What the figures' keys do (key_table.h has the keys).
enum class ScopeKey {
  left,
  right,
  up,
  down,
  second_cursor,
  previous_event,
  next_event,
  menu,
  undo,
  inspect,
  add_figure,
  previous_figure,
  next_figure,
  figure_back,
  figure_forward,
  figure_to_other_column,
  taller,
  shorter,
  remove_figure,
  scroll_up,
  scroll_down,
  escape
};

/// What the window shows the hand as.
enum class CursorShape { arrow, pointing, cross, grabbing, resize_x, resize_y };

/// What only a window can do.
struct ScopeRequests {
  std::function<void(int figure, Point at)> measure_menu;  ///< choose what the figure shows
  std::function<void(int figure, Point at)> context_menu;
  std::function<void(int racer, Point at)> chip_menu;
  std::function<void(Point at)> add_menu;  ///< choose one more figure
  std::function<void()> undo;
  std::function<void(int racer, std::int64_t step)> event_chosen;
  std::function<void(const StagePlace& place)> inspect;  ///< look inside this layer
};

class ScopeController {
 public:
  ScopeController(ScopeModel& model, ScopeLook& look, TextMeasure measure)
      : model_(model), look_(look), measure_(std::move(measure)) {}

  void set_size(Size size) { size_ = size; }
  Size size() const { return size_; }
  void handle(const PointerEvent& event);
  void handle(ScopeKey key);
  CursorShape shape() const { return shape_; }
  /// A figure that has no room and is further down or up.
  void bring_into_view(int figure);

  ScopeRequests requests;

 private:
  enum class Drag { none, pan, zoom_x, zoom_y, select, split, carry, scroll };
  enum class Zone { nothing, chip, add, splitter, title, control, plot, x_axis, y_axis, stage, strip, bar };
  struct Target {
    Zone zone = Zone::nothing;
    int index = -1;  ///< figure, or racer for a chip
    int control = -1;
    Rect plot;
    Splitter splitter = {};
  };
  /// Where a figure that is carried would go.
  struct Drop {
    int beside = -1;
    bool before = true;
    Rect mark;
  };

  Target target_at(Point at) const;
  void press(const PointerEvent& event);
  void release(const PointerEvent& event);
  void move(const PointerEvent& event);
  void drag(const PointerEvent& event);
  void wheel(const PointerEvent& event);
  void click(const PointerEvent& event, const Target& target);
  void double_click(const PointerEvent& event);
  void leave();
  void finish_selection();
  void split(Point at);
  std::optional<Drop> drop_at(Point at) const;
  void handle_figure(ScopeKey key);
  void hover_stage(const Target& target, Point at);
  void click_stage(Point at);
  void update_hover(Point at);
  void jump_to_event(int direction);
  void show_menu_of_chosen();
  // scope_scrolling.cpp
  void scroll_by(double pixels);
  void scroll_pages(double pages);
  void click_strip();
  void drag_thumb(double dy);
  bool y_moves(int figure) const;
  /// What the height of a figure shows at present.
  Axis height_of(int figure) const;

  ScopeModel& model_;
  ScopeLook& look_;
  TextMeasure measure_;
  Size size_{800, 600};
  CursorShape shape_ = CursorShape::arrow;
  Drag drag_ = Drag::none;
  Target pressed_;
  Point press_at_;
  Point last_at_;
  PointerEvent::Button button_ = PointerEvent::Button::none;
  bool moved_ = false;
};

}  // namespace grapevine
