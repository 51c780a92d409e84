// What the scope shows and how: runs, figures, the visible stretch of time, the pointer. Plain C++, no window
// needed. The window's thread only.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/runs/aggregate.h"
#include "engine/runs/run_data.h"
#include "ui/plot/axis.h"
#include "ui/plot/painter.h"
#include "ui/plot/series_cache.h"
#include "ui/scope/figures/stage_figure.h"
#include "ui/scope/figures/stage_layout.h"

namespace grapevine {

struct TimeRange {
  double lo = 0;
  double hi = 1;
  double span() const { return hi - lo; }
  bool operator==(const TimeRange&) const = default;
};

struct Racer {
  RunView run;
  MeanView mean;  ///< of a group: `run` is its mean, the members are drawn thinly with it
  std::string label;
  int shade = 0;  ///< how many racers before it have the same hue
  Dash dash = Dash::solid;
  bool visible = true;
  double samples_per_step = 1;    ///< of training data
  const Series* clock = nullptr;  ///< its longest series: ties steps, epochs and seconds together

  SeriesView view(const Series& series, TimeAxis axis) const { return {series, axis, samples_per_step}; }
};

class FigureEntry;  // figure_entry.h

/// The switch in a figure's header: logarithmic height, or for cosines degrees.
enum class FigureSwitch { none, log, degrees };

/// What fills the scope: the stage over a row of small multiples, or all figures of numbers over time.
enum class ScopeView { stage, figures };

struct FigureState {
  const FigureEntry* entry = nullptr;
  std::vector<int> measures;  ///< indices in measures(); the first is drawn strong
  bool chosen = false;        ///< by the user; else the model looks for one that has data
  int across = -1;            ///< of a figure with two axes of values: the measure along the horizontal one
  bool added = false;         ///< by the user: one more of its kind, with a measure of its own
  bool log = false;
  bool log_across = false;  ///< of a figure with two axes of values
  bool y_fixed = false;     ///< the user zoomed or panned it
  double y_lo = 0;
  double y_hi = 1;
  bool shown = true;
  TimeRange range;    ///< in use when the axes are not linked
  int column = -1;    ///< of two, from the left; −1 = its kind's
  double weight = 0;  ///< share of its column's height; 0 = its kind's
};

/// The figures in the model's order are the user's: added, removed, moved.
constexpr std::size_t kMostFigures = 60;

class ScopeModel {
 public:
  ScopeModel();

  /// Visibility is remembered by label. `means`: what runs that are groups are the mean of, in the places of
  /// the runs; may be shorter.
  void set_runs(const std::vector<RunView>& runs, const std::vector<std::string>& labels,
                const std::vector<MeanView>& means = {});
  /// Copies what the stage shows of its runs: a run in progress, or another thread, no longer matters.
  void keep_runs_as_they_are();
  const std::vector<Racer>& racers() const { return racers_; }
  /// Another number for other runs.
  std::int64_t runs_shown() const { return runs_shown_; }
  bool any_data() const;

  // The figures: one of each kind to begin with; scope_figures.cpp.
  std::vector<FigureState>& figures() { return figures_; }
  const std::vector<FigureState>& figures() const { return figures_; }
  /// By its key, which is in figures.def; the one there was to begin with.
  const FigureState& figure(std::string_view key) const;
  FigureState& figure(std::string_view key);
  /// One more of a kind; its place, or −1 where there are too many already.
  int add_figure(std::string_view key, std::vector<int> measures, int across = -1);
  /// One that was added is removed permanently, others are hidden.
  void remove_figure(int figure);
  /// Before or behind another one, and into its column. Returns the new place.
  int place_figure(int figure, int beside, bool before);
  /// To the other of two columns.
  void change_column(int figure);
  bool in_left_column(int figure) const;
  double weight_of(int figure) const;
  /// Gives the upper of two neighbours `share` of what both have.
  void share_height(int above, int below, double share);
  /// What each is called, each by a name of its own: "Batch loss", "Batch loss (2)".
  std::vector<std::string> figure_names() const;
  int chosen_figure = -1;     ///< by the keyboard; −1 = none
  double stage_share = 0;     ///< of the height, where the user moved its edge; 0 = as it needs
  double column_share = 0.5;  ///< of the width, for the left of two columns
  /// How far figures without room were scrolled into view, in pixels; each view has its own. Layouts take no
  /// more of it than there is.
  double scroll() const { return scrolls_[view == ScopeView::stage ? 0 : 1]; }
  void scroll_to(double pixels) { scrolls_[view == ScopeView::stage ? 0 : 1] = pixels; }
  /// Indices of measures() that a figure can show, those with data in any run first.
  std::vector<int> choices(int figure) const;
  std::vector<int> choices(const FigureEntry& kind) const;
  /// The same along the horizontal axis of a figure with two axes of values.
  void choose_across(int figure, int measure);
  void choose_measure(int figure, std::vector<int> measures);
  /// Title of a figure as drawn: the measure's name where there is one.
  std::string title_of(int figure) const;
  /// The per-layer measure of the cosine figure and the heat map; -1 = none.
  int layer_measure() const;
  std::string layer_measure_key() const;
  void set_layer_measure(int measure);
  /// By its key; one that is not known changes nothing.
  void set_layer_measure(std::string_view key);
  bool measure_has_data(int measure, bool only_visible) const;

  // The stage.
  ScopeView view = ScopeView::stage;
  bool stage_alone = false;    ///< without the row beneath it
  bool lecture = false;        ///< whatever the view: the stage and one figure
  bool lesson = false;         ///< one is open next to the figures, and its own button starts its runs
  std::optional<double> held;  ///< the time that the scrub bar holds; nothing = the newest
  std::optional<StagePlace> hovered_place, chosen_place;
  /// The place that the pointer is on, else the chosen one: every figure shows its layer.
  const std::optional<StagePlace>& pointed_place() const {
    return hovered_place ? hovered_place : chosen_place;
  }
  std::optional<StageRow> open_fold;    ///< slots that the user unfolded
  std::optional<StageStep> step_shown;  ///< in slow motion
  /// The time that the stage shows: the crosshair's, else the held one; nothing = the newest.
  std::optional<double> stage_time() const { return cursor ? cursor : held; }
  /// The visible racers as the stage needs them, but for their colours; valid until set_runs().
  std::vector<StageRacer> stage_racers() const;
  StageData stage_data() const { return stage_at(stage_racers(), time_axis_, stage_time()); }
  /// Walks from layer to layer (`up` towards the output) and from column to column; chooses a first place
  /// where none is chosen.
  void walk(int columns, int up);
  int stage_figure() const;  ///< its index in figures()

  /// Before each frame: moves a followed view to the newest data and looks for measures where the user chose
  /// none.
  void advance();

  // Time.
  TimeAxis time_axis() const { return time_axis_; }
  void set_time_axis(TimeAxis axis);  ///< the same stretch stays in view
  bool linked() const { return linked_; }
  void set_linked(bool linked);
  bool follow() const { return follow_; }
  /// Switched on it keeps the width of the view, or shows everything if everything was in view.
  void set_follow(bool follow);
  TimeRange range(int figure) const;
  /// The range as an axis, on which every place of a figure's width is looked up. A logarithmic one begins at
  /// the first time that it has a place for.
  Axis time(int figure) const;
  bool log_time() const { return log_time_; }
  void set_log_time(bool log) { log_time_ = log; }
  /// The user's doing: ends following.
  void set_range(int figure, TimeRange range);
  TimeRange data_range() const;
  void fit(int figure);
  void fit_all();
  void pan(int figure, double share);
  void zoom(int figure, double factor, double around);  ///< `around` 0 … 1 of the visible width
  void zoom_y(int figure, double factor, double around_unit, const Axis& now);
  void pan_y(int figure, double share, const Axis& now);
  void jump_to(double time);
  /// Brings a step into the middle and puts the cursor there.
  void jump_to_step(std::int64_t step);
  /// A step on the time axis in use.
  double time_of_step(std::int64_t step) const;
  double time_of_event(int racer, const Event& event) const;
  /// The stage's time for one racer, on an axis that its series know without help.
  struct RacersTime {
    TimeAxis axis = TimeAxis::step;
    std::optional<double> time;
  };
  RacersTime stage_time_of(int racer) const;

  double smoothing() const { return smoothing_; }
  /// What a measure's line is smoothed with: values of a whole epoch are means already and stay as they are.
  double smoothing_of(int measure) const;
  /// The layers' measures come every so many steps: smoothed over the same stretch of time as the batches'
  /// are, so that a measurement is not blurred with one of long ago. 0 when the stretch holds no other
  /// sample.
  double smoothing_between_samples(const Series& series) const;
  void set_smoothing(double smoothing);
  int layer_racer() const { return layer_racer_; }
  void set_layer_racer(int racer);
  bool visible(int racer) const;
  void set_visible(int racer, bool visible);
  /// Only this one; again: all.
  void solo(int racer);
  /// Set by hovering over the legend or from outside; -1 = none.
  int highlighted = -1;
  bool dashes_everywhere = false;
  bool degrees = false;  ///< cosines are labelled with their angles

  // The pointer, as the controller saw it last.
  std::optional<Point> pointer;
  int hovered_figure = -1;        ///< whose plot the pointer is in
  std::optional<double> cursor;   ///< on the time axis, shown in all figures
  std::optional<double> anchor;   ///< the second cursor
  std::optional<Rect> selection;  ///< a stretch of time being marked with the right button
  std::optional<Rect> drop_mark;  ///< where a figure that is being dragged would go
  FigureSwitch switch_of(int figure) const;
  void toggle_switch(int figure);
  /// Of the figure if it can, else of all that can.
  void toggle_log(int figure);

  LineRequest request(const Racer& racer, const Series& series, double smoothing) const;
  /// Solid, unless another racer before it has its hue, or the user chose dashes.
  Dash dash_of(int racer) const;
  /// The first racer whose colour and dash another one before it has already; -1 = none.
  int first_lookalike() const;
  /// Whether dashes distinguish runs anywhere at present.
  bool dashes_in_use() const;
  /// Racers whose layers are shown and that have the measure.
  std::vector<int> layer_racers(int measure) const;

 private:
  void pick_measures();
  void follow_newest();
  void apply(int figure, TimeRange range);
  double convert(double value, TimeAxis from, TimeAxis to) const;
  void find_clocks();
  double first_positive_time() const;

  std::vector<Racer> racers_;
  std::map<std::string, bool> remembered_;
  std::int64_t runs_shown_ = 0;
  mutable std::vector<RunSketch> sketches_;  ///< one per racer, read when its first event is there
  const Racer* clock_ = nullptr;             ///< whose clock is the longest
  std::vector<FigureState> figures_;
  TimeAxis time_axis_ = TimeAxis::step;
  TimeRange range_;
  bool log_time_ = false;
  bool linked_ = true;
  bool follow_ = true;
  double follow_span_ = 0;  ///< 0 = everything
  std::array<double, 2> scrolls_{};
  double smoothing_ = 0.8;  ///< batch values are noisy; the raw line stays behind
  int layer_racer_ = -1;
};

/// "batch loss" → "Batch loss"; "cos(B, J̄)" and other formulas stay.
std::string as_title(std::string name);

}  // namespace grapevine
