// The hues and the palette. Black, the eighth of the original, would vanish on dark: a grey and a darker
// yellow stand in.
#include "engine/runs/colours.h"

#include <array>

#include "engine/experiment/registry.h"

namespace grapevine {
namespace {

constexpr std::array<std::uint32_t, 8> palette = {0x0072B2, 0xE69F00, 0x009E73, 0xCC79A7,
                                                  0xD55E00, 0x56B4E9, 0x8C8C8C, 0xB8A800};

struct NamedHue {
  std::string_view family;
  RuleHue hue;
};
// At least 15 apart in CIEDE2000 under normal, protan, deutan and tritan sight (tests/plot/test_colours), and
// with a contrast of 3 on the light and 3.5 on the dark ground.
constexpr std::array<NamedHue, 8> rule_hues = {{{"bp", {0x1B1F24, 0xECEAE4}},
                                                {"fa", {0x423500, 0xFADC02}},
                                                {"dfa", {0xDD5D0B, 0xF09E7C}},
                                                {"grape", {0x006A46, 0x04991D}},
                                                {"residual", {0x1668DB, 0x5FA4F7}},
                                                {"drtp", {0x7B0663, 0xD6488A}},
                                                {"fdfa", {0x1100D3, 0x6B57F6}},
                                                {"pepita", {0x0CA49D, 0xB8E2FD}}}};

}  // namespace

std::optional<RuleHue> rule_hue(std::string_view family) {
  for (const NamedHue& known : rule_hues)
    if (known.family == family) return known.hue;
  return std::nullopt;
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
