// What a ScopeWidget is made of; private to ui/scope. The window's thread only.
#pragma once

#include <QElapsedTimer>
#include <memory>
#include <optional>
#include <vector>

#include "ui/scope/canvas.h"
#include "ui/scope/frame_clock.h"
#include "ui/scope/scope_controller.h"
#include "ui/scope/scope_input.h"
#include "ui/scope/scope_widget.h"
#include "ui/scope/scrub_bar.h"

class QMenu;
class QVBoxLayout;

namespace grapevine {

/// What is drawn, and where: for screen readers.
struct ScopeFigures {
  const ScopeModel& model;
  const ScopeController& controller;
  ScopeLayout layout() const { return lay_out(model, controller.size(), guessed_text_width); }
};

struct ScopeWidget::Parts {
  explicit Parts(ScopeWidget& owner);

  void set_canvas(std::unique_ptr<Canvas> made);
  void fall_back(const QString& reason);
  /// To the canvas and to what reads the mouse on it.
  void magnify();
  double line_factor() const;
  /// Sends a signal for everything that changed since the last call.
  void tell();
  void changed();
  /// The measured steps and exact steps to the scrub bar, where they changed.
  void show_measured_steps();

  // scope_menus.cpp
  void make_menus();
  void show_context_menu(int figure, Point at);
  void add_colour_commands(QMenu& menu, int racer);
  // scope_figure_menus.cpp
  void show_measure_menu(int figure, Point at);
  void show_add_menu(Point at);
  void fill_add_menu(QMenu& menu);
  void add_axis_commands(QMenu& menu, int figure);
  void add_place_commands(QMenu& menu, int figure);
  void fill_figures_menu(QMenu& menu);
  void add_ways_to_figures(QMenu& menu, const ScopeLayout& layout);
  void fill_layers_menu(QMenu& menu);
  void show_chip_menu(int racer, Point at);
  void add_racer_commands(QMenu& menu, int racer);
  void add_stage_commands(QMenu& menu, Point at);
  // scope_interventions.cpp
  void add_layer_commands(QMenu& menu, const StagePlace& place);
  void add_column_commands(QMenu& menu, int racer);
  void save(int figure, FigureForm form, bool only_visible);
  /// At which a figure is exported.
  QSize size_of(int figure) const;

  /// The state as the signals reported it last.
  struct Told {
    bool follow = true;
    TimeAxis axis = TimeAxis::step;
    double smoothing = 0;
    int measure = -1;
    int highlighted = -1;
    int layer_racer = -1;
    std::optional<double> cursor;
    std::vector<bool> visible;
    ScopeView view = ScopeView::stage;
    std::optional<StagePlace> chosen_place;
    std::size_t measured = 0;  ///< how much the scrub bar knows of
  };

  ScopeWidget& widget;
  ScopeModel model;
  ScopeLook look;
  ScopeController controller;
  ScopeFigures figures{model, controller};
  FrameClock clock;
  ScrubBar* scrub;
  QVBoxLayout* layout;
  bool opengl = false;
  bool reduce_motion = false;
  QElapsedTimer motion;  ///< what needles move by
  double magnification = 1;
  int changeable = 0;           ///< racers, from the first, of the run in progress
  ScopeInput* input = nullptr;  ///< the canvas's
  Told told;
  /// Last, so that it is destroyed first: a canvas under the pointer reports then that the pointer left.
  std::unique_ptr<Canvas> canvas;
};

}  // namespace grapevine
