// A run's colour.
#include "ui/scope/run_colour.h"

#include <map>

namespace grapevine {

Colour run_colour(std::string_view rule, std::uint32_t chosen_colour, bool chosen, int shade,
                  const Theme& theme) {
  const std::string family = hue_family(rule);
  // A rule of a newer version has no hue here: what it was stored with has to do.
  if (chosen || (family.empty() && chosen_colour != 0)) return legible(opaque(chosen_colour), theme);
  return rule_colour(family, shade, theme);
}

std::vector<HueBearer> hue_bearers(const std::vector<RunView>& runs) {
  std::map<std::string, HueBearer> next;
  std::vector<HueBearer> bearers;
  for (const RunView& run : runs) {
    // A colour that was chosen is one of its own, whatever the rule.
    const std::string hue = run->colour_chosen ? std::to_string(run->colour) : hue_family(run->rule);
    HueBearer& bearer = next.try_emplace(hue, HueBearer{static_cast<int>(bearers.size()), 0}).first->second;
    bearers.push_back(bearer);
    ++bearer.shade;
  }
  return bearers;
}

}  // namespace grapevine
