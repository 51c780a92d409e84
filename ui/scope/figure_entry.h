// What a figure says about itself: its title, the size it needs, how it answers to the mouse, what it may
// show, how it is built, its rows as a table, its words. An entry has no state: that is FigureState, the
// model's. Every list of figures comes from figures/figures.def. The window's thread only.
#pragma once

#include <QString>
#include <QStringList>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/experiment/registry.h"
#include "ui/plot/figure.h"
#include "ui/plot/figure_words.h"
#include "ui/scope/scope_layout.h"
#include "ui/scope/scope_look.h"

namespace grapevine {

/// One sample of a visible run.
struct FigureRow {
  std::string run, measure;  ///< the legend's label and the measure's key
  int point = 0;             ///< 0 = the whole run
  std::int64_t step = 0;
  double epoch = 0, seconds = 0, value = 0;
  // Of a group's mean: what lies around it, and how many runs it is of; 0 for a run.
  double low = 0, high = 0;
  int count = 0;
};

/// How a figure answers to the mouse.
enum class FigureHandling {
  time,    ///< its axis is time: panned, zoomed and pointed at together with the others
  places,  ///< it has places of its own to point at (the stage)
  none     ///< nothing to pan or to point at together with the others
};

/// What beneath the stage is decided by.
struct RowBeneath {
  bool panels = false;      ///< there is room for one panel per racer
  bool any_layers = false;  ///< a racer has what is measured of layers
};

struct FigureTraits {
  std::string key;    ///< for layouts that are kept: never changed
  std::string title;  ///< where no measure gives one
  bool shown = true;  ///< to begin with
  double weight = 1;  ///< share of the height
  bool grows = true;  ///< else it takes its least height and no more
  /// Which figures go first where there is no room for all: 1 before 2; 0 = it stays.
  int leaves = 0;
  bool left = false;           ///< of two columns
  bool of_layers = false;      ///< shows the one measure that all figures of layers share
  bool panel_a_racer = false;  ///< where each panel has a width to be read
  FigureHandling handling = FigureHandling::time;
  bool title_menu = false;  ///< a click on the title asks what to show
  bool two_axes = false;    ///< of values: a measure along either
  bool height_moves = false;
  Size alone = {800, 450};  ///< exported while it is not in the window
  bool as_seen = false;     ///< exported at the size in the window, however small
};

class FigureEntry {
 public:
  explicit FigureEntry(FigureTraits traits) : traits_(std::move(traits)) {}
  virtual ~FigureEntry() = default;
  const FigureTraits& traits() const { return traits_; }

  // What it shows.
  virtual bool offers(const MeasureDescriptor&) const { return false; }
  /// Its measures where the user chose none.
  virtual std::vector<int> pick(const ScopeModel&) const { return {}; }
  virtual std::string title(const FigureState&, ScopeView) const {
    return figure_words(traits_.title.c_str());
  }
  virtual FigureSwitch switch_of(const FigureState&) const { return FigureSwitch::none; }

  // The size it needs.
  virtual double least_height(std::size_t racers) const;
  virtual double wished_height(const ScopeModel&) const { return 0; }
  virtual bool beneath_stage(const RowBeneath&) const { return false; }

  // How it is drawn.
  /// Its outline at a place, without its data: what a click is looked up in.
  virtual void shape(const ScopeModel& model, const ScopeLook& look, const FigurePlace& place,
                     Figure& figure) const;
  virtual std::unique_ptr<Figure> build(const ScopeModel& model, ScopeLook& look,
                                        const FigurePlace& place) const = 0;
  /// What its height shows at present; of figures whose height moves.
  virtual Axis height(const ScopeModel&, ScopeLook&, int /*figure*/) const { return {}; }

  // Its numbers and its words.
  virtual void add_rows(const ScopeModel& model, int figure, const Racer& racer, bool only_visible,
                        std::vector<FigureRow>& rows) const;
  /// What it shows, in one sentence for screen readers.
  virtual QString summary(const ScopeModel& model, int figure) const;
  /// What the sentence about the whole scope says of a racer; empty = nothing.
  virtual QString newest(const FigureState&, const Racer&) const { return {}; }
  /// How to read it, a paragraph each; by default what its measures are.
  virtual QStringList explanation(const FigureState& state) const;

 protected:
  /// A racer's part of the summary; empty = nothing measured.
  virtual QString said_of(const FigureState& state, const Racer& racer) const;

 private:
  FigureTraits traits_;
};

/// What the papers' theorems of convergence speak of, as far as a run shows it (Zoutendijk's sum, Theorem
/// B.1's κ and C): a group of its own in menus.
bool is_of_theory(const MeasureDescriptor& measure);

/// In the order of figures.def, which is that of layouts and menus.
const std::vector<const FigureEntry*>& figure_entries();

inline const FigureState& state_of(const ScopeModel& model, int figure) {
  return model.figures()[static_cast<std::size_t>(figure)];
}
inline const FigureEntry& entry_of(const ScopeModel& model, int figure) {
  return *state_of(model, figure).entry;
}

}  // namespace grapevine
