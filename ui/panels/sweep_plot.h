// A sweep's results as a picture: a curve against one number that was varied (T, a width, a depth, a
// rate), a heat map against two. Pure functions; any thread.
#pragma once

#include <QString>
#include <QStringList>
#include <string>
#include <vector>

#include "engine/runs/comparison.h"

namespace grapevine {

/// What is chosen of a sweep's result.
struct SweepView {
  enum class Form { automatic, curve, heat_map, table };
  std::string x;  ///< a key's text; "": the number with the most values
  Form form = Form::automatic;
  bool operator==(const SweepView&) const = default;
};

struct SweepPlot {
  enum class Kind { none, curve, heat_map };
  struct Dot {
    double x = 0, mean = 0, low = 0, high = 0;  ///< low, high: a standard deviation around the mean
    int count = 0;
    QString failed = {};  ///< why there is no number, where its runs failed
  };
  struct Line {
    QString name;
    std::string rule;  ///< "" where it is of several
    std::vector<Dot> dots;
    /// Of a line that has a meaning: what it is drawn with. −1 = by its place among those of one hue,
    /// of which every second is dashed.
    int shade = -1;
    bool dashed = false;
    bool variant = false;   ///< of a rule: by its own dashes
    bool level = false;     ///< one number: no dots, and thin
    bool in_legend = true;  ///< else another of the same colour says what it is
  };
  Kind kind = Kind::none;
  bool log_x = false;        ///< values that span a factor of 30 and more
  QString title;             ///< of a heat map: the measure
  QString x_title, y_title;  ///< of a heat map y is the rows
  std::vector<Line> lines;
  std::vector<double> x_ticks;  ///< the values that were tried
  QStringList x_names;          ///< of places 0, 1 …, where x has names; empty: numbers
  bool x_ordered = true;        ///< dots that follow each other belong together
  bool side_by_side = false;    ///< lines a little apart, so that their deviations don't hide one another
  // Of a heat map: rows from top to bottom; NaN where a cell has no result.
  QStringList columns, rows, y_names;  ///< y_names: of rows, as x_names
  std::vector<std::vector<double>> cells;
  std::vector<double> row_values;
  std::vector<std::vector<Dot>> results;  ///< of each cell; x is the column's value

  QString x_text(double x) const;
};

/// Over the number that has the most values (sweep_axes.h), the others make the lines; a map where two
/// numbers vary and nothing else. `view`: what was chosen in place of that.
SweepPlot sweep_plot(const Comparison& comparison, std::size_t measure, const SweepView& view = {});

/// What is drawn as numbers: "line,x,y,mean,low,high,n", one line per result; y is a map's rows.
QString sweep_csv(const SweepPlot& plot);
/// {"measure", "x", "y", "results": [{"line", "x", "y", "mean", "low", "high", "n"}]}
QString sweep_json(const SweepPlot& plot);

}  // namespace grapevine
