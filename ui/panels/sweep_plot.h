// A sweep's results as a picture: a curve against one number that was varied (T, a width, a depth, a
// rate), a heat map against two. Pure functions; any thread.
#pragma once

#include <QString>
#include <QStringList>
#include <string>
#include <vector>

#include "engine/runs/comparison.h"

namespace grapevine {

struct SweepPlot {
  enum class Kind { none, curve, heat_map };
  struct Dot {
    double x = 0, mean = 0, low = 0, high = 0;  ///< low, high: a standard deviation around the mean
    int count = 0;
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
  // Of a heat map: rows from top to bottom; NaN where a cell has no result.
  QStringList columns, rows;
  std::vector<std::vector<double>> cells;
  std::vector<double> row_values;
  std::vector<std::vector<Dot>> results;  ///< of each cell; x is the column's value
};

/// By the groups' numbers that vary. A list of widths counts by its width where all are as long, else by its
/// depth.
SweepPlot sweep_plot(const Comparison& comparison, std::size_t measure);

/// What is drawn as numbers: "line,x,y,mean,low,high,n", one line per result; y is a map's rows.
QString sweep_csv(const SweepPlot& plot);
/// {"measure", "x", "y", "results": [{"line", "x", "y", "mean", "low", "high", "n"}]}
QString sweep_json(const SweepPlot& plot);

}  // namespace grapevine
