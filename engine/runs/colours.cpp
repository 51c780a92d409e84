// The palette. Black, the eighth of the original, would vanish on dark: a grey and a darker
// yellow stand in.
#include "engine/runs/colours.h"

#include <array>

namespace grapevine {
namespace {

constexpr std::array<std::uint32_t, 8> palette = {0x0072B2, 0xE69F00, 0x009E73, 0xCC79A7,
                                                  0xD55E00, 0x56B4E9, 0x8C8C8C, 0xB8A800};

}  // namespace

std::optional<RuleHue> rule_hue(std::string_view family) {
  const RuleDescriptor* known = find_rule(family);
  return known ? known->look.hue : std::nullopt;
}

std::string hue_family(std::string_view rule) {
  const RuleDescriptor* known = find_rule(rule);
  if (!known) return {};
  return known->look.family.empty() ? known->key : known->look.family;
}

std::uint32_t racer_colour(std::size_t position) {
  return palette[position % palette.size()];
}
std::size_t colour_count() {
  return palette.size();
}

}  // namespace grapevine
