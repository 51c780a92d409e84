#include "app/cli/figure_options.h"

#include "engine/error.h"
#include "engine/experiment/shown.h"

namespace grapevine::cli {

FigurePage FigureOptions::page() const {
  FigurePage page;
  if (!width.empty()) page.width_cm = read_length("--width", width, narrowest_page, widest_page, "cm");
  if (!height.empty())
    page.height_cm = read_length("--panel-height", height, lowest_panel, highest_panel, "cm");
  if (!font_size.empty())
    page.font_points = read_length("--font-size", font_size, smallest_letters, largest_letters, "pt");
  page.columns = columns;
  page.font = font;
  page.letters = letters;
  return page;
}

Band FigureOptions::around() const {
  for (const Band one : all_bands)
    if (band == to_text(one)) return one;
  throw InputError("--band takes deviation, error or range, not '" + shown(band) + "'");
}

bool FigureOptions::any_of_groups() const {
  return !group.empty() || around() != Band::deviation;
}

bool FigureOptions::any() const {
  return !measures.empty() || !page().is_plain();
}

void describe_figures(Usage& usage, FigureOptions& own) {
  usage.add("--measures", &own.measures, "svg, pdf, png: what the figures show, as test_accuracy,cos_b_j")
      .shown_as("MEASURE,…")
      .separated_by_commas();
  usage
      .add(
          "--group", &own.group,
          "svg, pdf, png, html: one line per group of runs that have the same under these keys, with the "
          "mean "
          "over its seeds, a band and N; by default runs that differ in nothing but the seed; id leaves each "
          "run a line of its own")
      .shown_as("KEY,…", Completes::setting)
      .separated_by_commas();
  usage.add("--band", &own.band, "svg, pdf, png, html: what lies around a group's mean")
      .one_of({{"deviation", "", "the standard deviation over its seeds (default)"},
               {"error", "", "the mean's standard error"},
               {"range", "", "from the least to the largest"}});
  usage.add("--width", &own.width, "svg, pdf, png: width of the page in cm, as a paper's column")
      .shown_as("CM");
  usage.add("--columns", &own.columns, "svg, pdf, png: figures side by side")
      .shown_as("N")
      .between(1, most_page_columns);
  usage.add("--panel-height", &own.height, "svg, pdf, png: height of each figure in cm").shown_as("CM");
  usage.add("--font", &own.font, "svg, pdf, png: the face of all letters, as \"Nimbus Roman\"")
      .shown_as("NAME");
  usage.add("--font-size", &own.font_size, "svg, pdf, png: size of the letters in points").shown_as("PT");
  usage.add("--letters", &own.letters, "svg, pdf, png: a, b, c … at the figures");
}

}  // namespace grapevine::cli
