// Figures of lines over time: what accuracy, loss and the layers' figure share. The window's thread only.
#pragma once

#include "ui/plot/figure_words.h"
#include "ui/plot/line_figure.h"
#include "ui/scope/figures/figure_common.h"

namespace grapevine {

/// One line before it is drawn.
struct LineSource {
  const Series* series = nullptr;
  int racer = 0;
  std::string name;
  Stroke stroke;
  double smoothing = 0;
  int point = 0;                     ///< of a layer's line
  bool named = true;                 ///< its name and last value are at its end
  const MeanCurve* group = nullptr;  ///< the line is its mean
  bool is_member = false;            ///< one run of a group, behind the mean
  const Series* error = nullptr;     ///< of an estimate: its standard error, at those steps that have one
  double sign = 1;                   ///< rules_sign()
};

/// Makes a racer that is a group the mean of its runs: their lines, thin and paler the more there are, come
/// first, and `mean` gets their band. `measure` at `mean.point`; any other racer's line is left as it is.
void add_members(const ScopeModel& model, const ScopeLook& look, int measure, LineSource& mean,
                 std::vector<LineSource>& found);

/// The standard error that a measure comes with, where the run has it; a group's line has its band.
void add_error(const RunData& run, int measure, LineSource& line);

/// What the racers' names and a value take at the lines' ends. By letters and not by a painter's measure:
/// time axes beneath each other stay the same while values change.
double room_for_racers(const ScopeModel& model);

class LineEntry : public FigureEntry {
 public:
  using FigureEntry::FigureEntry;
  FigureSwitch switch_of(const FigureState& state) const override;
  void shape(const ScopeModel& model, const ScopeLook& look, const FigurePlace& place,
             Figure& figure) const override;
  std::unique_ptr<Figure> build(const ScopeModel& model, ScopeLook& look,
                                const FigurePlace& place) const override;
  Axis height(const ScopeModel& model, ScopeLook& look, int figure) const override;

 protected:
  /// Of one racer alone where `only` is not −1.
  virtual std::vector<LineSource> sources(const ScopeModel& model, const ScopeLook& look,
                                          const FigureState& state, int only) const = 0;
  /// At the lines' ends; 0 = too many lines for names.
  virtual double names_room(const ScopeModel& model, const FigurePlace&) const {
    return room_for_racers(model);
  }
  /// Panels of one figure have one switch, the first one's.
  virtual bool has_switch(const ScopeModel&, const FigurePlace&) const { return true; }
  virtual FigureSwitch switch_without_measure() const { return FigureSwitch::none; }
  virtual std::string empty_text() const { return figure_words("Nothing measured yet"); }

 private:
  PlotLine line_of(const ScopeModel& model, ScopeLook& look, const LineSource& source,
                   const Figure& figure) const;
};

/// Room for the names at the lines' ends (0 = none), and for a switch in the header.
void shape_lines(const ScopeLook& look, const FigurePlace& place, double names, bool has_switch,
                 Figure& figure);

/// Curves of whole runs, those of training and of held-out data in one figure: accuracy, loss.
class RunLines : public LineEntry {
 public:
  using LineEntry::LineEntry;
  std::vector<int> pick(const ScopeModel& model) const override;
  std::string title(const FigureState& state, ScopeView view) const override;
  QString newest(const FigureState& state, const Racer& racer) const override;

 protected:
  std::vector<LineSource> sources(const ScopeModel& model, const ScopeLook& look, const FigureState& state,
                                  int only) const override;
};

/// Measures of the whole run that the accuracy's figure shows: scores. Perplexity is a language model's.
bool is_score(const MeasureDescriptor& measure);

}  // namespace grapevine
