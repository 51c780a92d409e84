// The colours of runs. A rule has one for ever; what runs are stored with besides is Okabe and Ito's palette,
// legible for colour-blind people, on white and on dark. Pure; any thread may call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/experiment/registry.h"

namespace grapevine {

/// By the key of the rule that names its family (RuleLook).
std::optional<RuleHue> rule_hue(std::string_view family);
/// The key of the rule whose hue a rule has; empty for a rule that is not known here.
std::string hue_family(std::string_view rule);

/// 0xRRGGBB of the racer at `position` (from 0); repeats after colour_count().
std::uint32_t racer_colour(std::size_t position);
std::size_t colour_count();

}  // namespace grapevine
