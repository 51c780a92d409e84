// The live instrument as one widget: figures that share a time axis, drawn by OpenGL and Dear ImGui or,
// without OpenGL, by QPainter. The window's thread only.
#pragma once

#include <QImage>
#include <QString>
#include <QStringList>
#include <QWidget>
#include <cstdint>
#include <memory>
#include <vector>

#include "engine/runs/run_data.h"
#include "ui/plot/time_axis.h"
#include "ui/scope/figure_data.h"

class QMenu;

namespace grapevine {

class ScopeModel;

class ScopeWidget : public QWidget {
  Q_OBJECT

 public:
  /// On the platforms offscreen and minimal QPainter is used whatever `use_opengl` says.
  explicit ScopeWidget(bool use_opengl = true, QWidget* parent = nullptr);
  ~ScopeWidget() override;

  /// The runs to draw, in the order of the legend. They stay the caller's and must live until the next call;
  /// a run that has no colour of its own gets one by its place. An empty list shows the empty state.
  /// `means` as in ScopeModel::set_runs.
  void show_runs(std::vector<RunView> runs, std::vector<QString> labels, std::vector<MeanView> means = {});
  /// Call after the runs' data changed: asks for one frame (calls are merged, at most 60 frames a second).
  void refresh();

  bool uses_opengl() const;
  bool dark() const;
  void set_dark(bool dark);

  /// The stage over a row of figures, or all figures.
  ScopeView view() const;
  void set_view(ScopeView view);

  TimeAxis time_axis() const;
  void set_time_axis(TimeAxis axis);
  bool follow() const;
  void set_follow(bool follow);
  /// 0 = none, below 1.
  double smoothing() const;
  void set_smoothing(double smoothing);
  bool log_loss() const;
  void set_log_loss(bool log);
  /// Whether all figures share one horizontal range.
  bool linked() const;
  void set_linked(bool linked);

  /// The per-layer measure of the cosine figure and of the heat map; a key of measures().
  QString measure() const;
  void set_measure(const QString& key);
  /// The racer whose layers are shown; -1 = all.
  int layer_racer() const;
  void set_layer_racer(int racer);

  bool racer_visible(int racer) const;
  void set_racer_visible(int racer, bool visible);
  /// The racer that is emphasised everywhere; -1 = none.
  int highlighted_racer() const;
  void set_highlighted_racer(int racer);

  /// Everything so many times larger: for a lecture hall.
  void set_magnification(double factor);

  /// Dashes tell runs apart besides their colours, also where the colours alone would do.
  bool dashes_everywhere() const;
  void set_dashes_everywhere(bool dashes);

  /// Which figures are shown, and whose layers: menus that are filled when they open.
  QMenu* make_figures_menu(QWidget* parent);
  QMenu* make_layers_menu(QWidget* parent);

  /// How the figures are laid out, as text (scope_memory.h); with the stretch of time in view.
  QString layout_text() const;
  bool set_layout(const QString& text);
  /// The same without the stretch of time: for layouts kept under a name.
  QString layout_for_any_run() const;

  // What the keys and the mouse do, as functions.
  void fit();                            ///< A: all data in view
  void pan(double share);                ///< of the visible width
  void zoom(double factor);              ///< > 1 = closer, around the middle
  void jump_to_step(std::int64_t step);  ///< brings a step into the middle and puts the cursor there

  /// Figures from top to bottom.
  int figure_count() const;
  QString figure_title(int figure) const;
  /// Writes one figure by its file's ending (png, pdf, svg); false with a message when it can't be.
  bool export_figure(int figure, const QString& file, QSize size, QString* error = nullptr) const;
  QImage figure_image(int figure, QSize size) const;
  /// The data of a figure for screen readers and CSV: one row a sample, `only_visible` = the present
  /// horizontal range.
  QString figure_table(int figure, bool only_visible) const;
  std::vector<FigureRow> figure_rows(int figure, bool only_visible) const;
  /// The same as a file, JSON or CSV by its ending; false with a message when it can't be written.
  bool save_figure_data(int figure, bool only_visible, const QString& file, QString* error = nullptr) const;

  /// One sentence for screen readers.
  QString summary() const;
  /// A picture of the figures as they stand, in either mode, shown or not.
  QImage grab_frame();

  int frame_count() const;
  double last_frame_ms() const;
  double frame_ms_p99() const;
  double frame_ms_median() const;
  void forget_frame_times();

  /// The state behind the figures; for tests.
  ScopeModel& model();
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
  /// The cursor stands at this value of the time axis, or has left.
  void cursor_moved(double time);
  void cursor_left();
  /// An event's mark was clicked.
  void event_chosen(int racer, std::int64_t step);
  /// Something the user should read, for the status bar.
  void message(const QString& text);

 private:
  std::unique_ptr<Parts> parts_;
};

}  // namespace grapevine
