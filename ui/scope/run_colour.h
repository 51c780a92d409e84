// A run's colour wherever it is shown: the one its user chose, else its rule's, which never changes. Pure
// functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/runs/colours.h"
#include "engine/runs/run_data.h"
#include "ui/plot/theme.h"

namespace grapevine {

/// `shade` > 0 where other runs of the same hue come before it in one view.
Colour run_colour(std::string_view rule, std::uint32_t chosen_colour, bool chosen, int shade,
                  const Theme& theme);

/// Of a RunData or a RunSummary.
template <class Run>
Colour run_colour(const Run& run, int shade, const Theme& theme) {
  return run_colour(run.rule, run.colour, run.colour_chosen, shade, theme);
}

/// A run among those shown with it.
struct HueBearer {
  int first = 0;  ///< the first one of its hue
  int shade = 0;  ///< how many before it have the same hue
};
std::vector<HueBearer> hue_bearers(const std::vector<RunView>& runs);

}  // namespace grapevine
