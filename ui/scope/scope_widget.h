// The live instrument as one widget: figures that share a time axis, drawn by OpenGL and Dear ImGui or,
// without OpenGL, by QPainter. The window's thread only.
#pragma once

#include <QImage>
#include <QString>
#include <QStringList>
#include <QWidget>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/runs/run_data.h"
#include "engine/session/live_change.h"
#include "ui/scope/figure_saver.h"
#include "ui/scope/figures/stage_figure.h"
#include "ui/scope/frame_clock.h"

class QMenu;

namespace grapevine {

class StageAnimation;
struct FigurePage;
struct AnimationWish;

class ScopeWidget : public QWidget {
  Q_OBJECT

 public:
  /// On the platforms offscreen and minimal QPainter is used whatever `use_opengl` says.
  explicit ScopeWidget(bool use_opengl = true, QWidget* parent = nullptr);
  ~ScopeWidget() override;

  /// The runs to draw, in the order of the legend; a run that has no colour of its own gets one by its place.
  /// An empty list shows the empty state. `means` as in ScopeModel::set_runs.
  void show_runs(std::vector<RunView> runs, std::vector<QString> labels, std::vector<MeanView> means = {});
  /// Call after the runs' data changed: asks for one frame (calls are merged, at most 60 frames a second).
  void refresh();

  /// What is shown and how.
  const ScopeModel& model() const;
  /// The model for one change, as in scope->change()->set_follow(true): after the expression, whatever
  /// listens to the signals is notified, and a frame is asked for.
  class Change {
   public:
    explicit Change(ScopeWidget& scope) : scope_(scope) {}
    ~Change();
    Change(const Change&) = delete;
    Change& operator=(const Change&) = delete;
    ScopeModel& operator*() const;
    ScopeModel* operator->() const { return &**this; }

   private:
    ScopeWidget& scope_;
  };
  Change change() { return Change(*this); }

  bool uses_opengl() const;
  bool dark() const;
  void set_dark(bool dark);
  /// So many of the runs shown, from the first, are in progress now: the stage's menus can change them.
  void set_changeable(int racers);
  /// Needles jump to what was measured.
  void set_reduce_motion(bool reduce);
  /// Everything so many times larger: for a lecture hall.
  void set_magnification(double factor);

  // What keys of the window do: to the figure under the pointer, else to all.
  void fit();                ///< all data in view
  void pan(double share);    ///< of the visible width
  void zoom(double factor);  ///< > 1 = closer, around the middle

  /// Which figures are shown, and whose layers: menus that are filled when they open.
  QMenu* make_figures_menu(QWidget* parent);
  QMenu* make_layers_menu(QWidget* parent);

  /// Asks for a file and writes a figure, or its numbers, to it.
  SavedFigure save_figure(QWidget* parent, int figure, FigureForm form, bool only_visible = false);
  /// Asks for a stretch of the run and writes it as an animation of the stage.
  void animate(QWidget* parent);
  /// The same without questions.
  StageAnimation animation(const AnimationWish& wish) const;
  /// Writes every figure that is shown into a folder, as pictures STEM-figure.png; returns their names.
  /// Throws InputError or RunError.
  QStringList save_figures(const QString& folder, const QString& stem);
  /// Writes these figures on one page. Throws InputError or RunError.
  void save_page(const std::vector<int>& figures, const QString& file, const FigurePage& wish);
  /// Lights a step's part on the stage; nothing = no step is in slow motion.
  void show_step(const std::optional<StageStep>& step);
  /// A picture of the figures as they stand, in either mode, shown or not.
  QImage grab_frame();

  FrameClock& clock();
  const FrameClock& clock() const;

  struct Parts;  ///< private to ui/scope
  Parts& parts() { return *parts_; }

 Q_SIGNALS:
  void follow_changed(bool follow);
  void view_changed(int view);
  void time_axis_changed(int axis);
  void smoothing_changed(double smoothing);
  void measure_changed(const QString& key);
  void racer_visibility_changed(int racer, bool visible);
  void highlighted_racer_changed(int racer);
  /// The cursor is at this value of the time axis, or has left.
  void cursor_moved(double time);
  void cursor_left();
  /// The user wants to inspect a run's layer (runs in show_runs()' order, layers from 1).
  void inspectRequested(int run, int layer);
  /// A layer was chosen on the stage.
  void place_chosen(int run, int layer);
  /// An event's mark was clicked.
  void event_chosen(int racer, std::int64_t step);
  /// A lesion, freezing, a calibration was chosen for a racer.
  void change_requested(const grapevine::LiveChange& change);
  void fork_requested(int racer);
  void undo_requested();
  /// The stage as an animation is wanted.
  void animation_requested();
  /// For a run shown, as 0xRRGGBB; −1 = its rule's own again.
  void colour_chosen(int racer, int colour);
  /// Something the user should read, for the status bar.
  void message(const QString& text);

 private:
  std::unique_ptr<Parts> parts_;
};

}  // namespace grapevine
