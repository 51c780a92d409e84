// Where feedback points: the stage, drawn. Built for one frame from StageData. The thread that draws.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/session/rehearsal.h"
#include "ui/plot/dial.h"
#include "ui/plot/figure.h"
#include "ui/scope/figures/stage_layout.h"

namespace grapevine {

/// A step in slow motion: whose, at which layer, and what of it is lit.
struct StageStep {
  StagePlace place;
  StagePart part = StagePart::forward;
  bool operator==(const StageStep&) const = default;
};

class StageFigure : public Figure {
 public:
  StageData data;
  StageLayout layout;
  /// Wordings of the same, then of less: of the first list that has one that fits, the largest is drawn.
  std::vector<std::vector<std::string>> headlines;
  std::string end, legend, time_text;
  std::optional<StagePlace> hovered, chosen;
  std::vector<StageNumber> hovered_numbers;
  int emphasised_racer = -1;  ///< the others fade
  std::optional<StageStep> step;
  /// The cosine over time of a racer's point, one value per cell, NaN = nothing; where boxes show strips.
  std::map<std::pair<int, int>, std::vector<double>> strips;

  void draw(Painter& painter, const Theme& theme) const override;
  void draw_overlay(Painter& painter, const Theme& theme, const Rect& bounds) const override;

  /// The place under a point; of a fold the worst layer's.
  std::optional<StagePlace> place_at(Point at) const;
  /// Where it is; nothing for a place that is not shown.
  std::optional<DialPlace> place_of(const StagePlace& place) const;
  /// The fold under a point.
  std::optional<StageRow> fold_at(Point at) const;
  const StageDial* dial_of(const StagePlace& place) const;
  const StageColumn* column_of(int racer) const;

 private:
  // stage_header.cpp: the headline and the columns' heads.
  void draw_headline(Painter& painter, const Theme& theme) const;
  std::pair<std::string, TextSize> headline_that_fits(Painter& painter, double room) const;
  void draw_header(Painter& painter, const Theme& theme, const StageColumn& column,
                   const ColumnPlace& place) const;
  /// How all columns are headed, for what they are compared by.
  struct HeaderStyle {
    TextSize name = TextSize::name;
    bool score_beside = false;  ///< the name; else, where columns are narrow, below it
  };
  std::vector<bool> names_cut_anyway(Painter& painter) const;
  HeaderStyle header_style(Painter& painter) const;
  void draw_score_below(Painter& painter, const Theme& theme, const StageColumn& column,
                        const ColumnPlace& place) const;
  /// In words the header of a column that the pointer is on, however little of it has room.
  void draw_head_box(Painter& painter, const Theme& theme, const Rect& bounds) const;
  // stage_figure.cpp: boxes.
  void draw_column(Painter& painter, const Theme& theme, std::size_t index) const;
  void draw_ends(Painter& painter, const Theme& theme, const StageColumn& column,
                 const ColumnPlace& place) const;
  /// How boxes are named: "Layer 3", "L3", or by numbers left of the first column.
  enum class BoxNames { whole, brief, beside };
  BoxNames box_names(Painter& painter) const;
  /// The ways that go past residual blocks.
  void draw_skips(Painter& painter, const Theme& theme, const ColumnPlace& place) const;
  void draw_box(Painter& painter, const Theme& theme, const StageColumn& column, const DialPlace& dial,
                BoxNames names) const;
  void draw_reading_alone(Painter& painter, const Theme& theme, const StageColumn& column,
                          const DialPlace& dial, const StageDial& shown) const;
  void draw_box_words(Painter& painter, const Theme& theme, const StageColumn& column, const DialPlace& dial,
                      BoxNames names) const;
  void draw_strip(Painter& painter, const Theme& theme, const StageColumn& column,
                  const DialPlace& dial) const;
  void draw_dial(Painter& painter, const Theme& theme, const StageColumn& column,
                 const DialPlace& dial) const;
  void draw_foot(Painter& painter, const Theme& theme, const StageColumn& column,
                 const ColumnPlace& place) const;
  struct FootWords {
    bool whole_names = true;  ///< "cos(B, J̄) centred", not "alignment"
    bool gaps = true;
  };
  FootWords foot_words(Painter& painter) const;
  static std::string gap_words(const StageColumn& column);
  void draw_key(Painter& painter, const Theme& theme) const;
  // stage_arrows.cpp: the feedback's way.
  void draw_feedback(Painter& painter, const Theme& theme, const StageColumn& column,
                     const ColumnPlace& place) const;
  void draw_direct(Painter& painter, const Theme& theme, const StageColumn& column,
                   const ColumnPlace& place) const;
  void draw_downward(Painter& painter, const Theme& theme, const StageColumn& column,
                     const ColumnPlace& place) const;
  void draw_into_input(Painter& painter, const Theme& theme, const StageColumn& column,
                       const ColumnPlace& place) const;
  void draw_upward(Painter& painter, const Theme& theme, const StageColumn& column,
                   const ColumnPlace& place) const;
  void draw_loops(Painter& painter, const Theme& theme, const StageColumn& column,
                  const ColumnPlace& place) const;
  /// Of a step in slow motion: forward and tangents on the left, and the layer whose numbers are shown.
  void draw_step(Painter& painter, const Theme& theme, const StageColumn& column,
                 const ColumnPlace& place) const;
  bool lights_elsewhere(const StageColumn& column) const {
    return step && (step->place.racer != column.racer || step->part != StagePart::feedback);
  }

  const StageDial& shown_dial(const StageColumn& column, const DialPlace& place) const;
  bool is_marked(const std::optional<StagePlace>& place, const StageColumn& column,
                 const DialPlace& dial) const;
  Colour hue_of(const StageColumn& column, const Theme& theme) const;
  Colour arrow_colour(const StageColumn& column, const StageDial& dial, const Theme& theme) const;
  double arrow_pixels(const StageDial& dial, const ColumnPlace& place) const;
};

}  // namespace grapevine
