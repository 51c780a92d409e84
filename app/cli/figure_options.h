// What exported figures are like, as it is typed: measures, groups, the page, its letters. Main thread only.
#pragma once

#include <string>
#include <vector>

#include "app/usage/usage.h"
#include "engine/runs/aggregate.h"
#include "engine/runs/figure_page.h"

namespace grapevine::cli {

struct FigureOptions {
  std::vector<std::string> measures;
  std::vector<std::string> group;  ///< settings that make groups
  std::string band = "deviation";
  std::string width, height, font, font_size;
  int columns = 1;
  bool letters = false;

  /// Throws InputError.
  FigurePage page() const;
  /// What lies around a group's mean. Throws InputError.
  Band around() const;
  /// Was anything typed that is for figures alone?
  bool any() const;
  /// What a report has too.
  bool any_of_groups() const;
};

void describe_figures(Usage& usage, FigureOptions& own);

}  // namespace grapevine::cli
