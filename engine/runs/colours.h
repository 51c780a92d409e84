// The colours of runs. A rule has one for ever; what runs are stored with besides is Okabe and Ito's palette,
// legible for colour-blind people, on white and on dark. Pure; any thread may call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace grapevine {

/// 0xRRGGBB on a light and on a dark ground.
struct RuleHue {
  std::uint32_t light, dark;
};
/// By the key of the rule that names its family.
std::optional<RuleHue> rule_hue(std::string_view family);
/// The key of the rule whose hue a rule has; empty for a rule that is not known here.
std::string hue_family(std::string_view rule);

/// 0xRRGGBB of the racer at `position` (from 0); repeats after colour_count().
std::uint32_t racer_colour(std::size_t position);
std::size_t colour_count();

}  // namespace grapevine
