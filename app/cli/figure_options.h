// What exported figures are like, as it is typed: measures, the page, its letters. Main thread only.
#pragma once

#include <string>
#include <vector>

#include "app/usage/usage.h"
#include "engine/runs/figure_page.h"

namespace grapevine::cli {

struct FigureOptions {
  std::vector<std::string> measures;
  std::string width, height, font, font_size;
  int columns = 1;
  bool letters = false;

  /// Throws InputError.
  FigurePage page() const;
  /// Was anything typed?
  bool any() const;
};

void describe_figures(Usage& usage, FigureOptions& own);

}  // namespace grapevine::cli
