// A figure's numbers leave the window: as rows, as CSV, as JSON. The window's thread only.
#pragma once

#include <QString>
#include <cstdint>
#include <string>
#include <vector>

#include "ui/scope/scope_model.h"

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

/// All samples of what a figure shows, or those in view.
std::vector<FigureRow> figure_rows(const ScopeModel& model, int figure, bool only_visible);
/// Comma-separated with a head: run,measure,point,step,epoch,seconds,value; no value where it is no number.
/// Where groups are shown also low,high,n, empty for single runs.
QString figure_table(const ScopeModel& model, int figure, bool only_visible);
/// An array of objects with the same names; null where a value is no number.
QString figure_json(const ScopeModel& model, int figure, bool only_visible);
/// By the file's ending: json, else CSV. Throws RunError.
void save_figure_data(const ScopeModel& model, int figure, bool only_visible, const QString& file);

}  // namespace grapevine
