// The stage in words: its headline, what a needle says, the numbers of a layer. Pure functions; any thread
// may call.
#pragma once

#include <string>
#include <vector>

#include "ui/plot/figure.h"
#include "ui/scope/figures/stage_data.h"
#include "ui/scope/figures/stage_layout.h"

namespace grapevine {

/// What the needles say together: "Residual points within 20° of the gradient in every layer. …"
/// With at most so many racers by name.
std::string stage_headline(const StageData& data, std::size_t most = 3);
/// The headline for rooms of any size, each with fewer words than the one before it. Wordings of one list
/// say the same; where racers have to be left out the nearest to the gradient and the farthest stay.
std::vector<std::vector<std::string>> stage_headlines(const StageData& data);
/// How to read the picture as it stands: what needles, fans, arrows and colours are, and what is missing.
std::string stage_legend(const StageData& data, const StageLayout& layout);
/// At a run's end: who is ahead, by how much, and whether that is more than chance. Empty before.
std::string stage_end(const StageData& data, const std::vector<StageRacer>& racers);
/// "step 120, exact step: every 120 steps"
std::string calibration_words(const StageColumn& column);

/// "Layer 3", "Layers 4–9"; short "L3", "L4–9".
std::string name_of(const DialPlace& place, bool short_form = false);
/// "direct, fixed B" → "direct": what is left without its last part; empty when there is one part.
std::string without_last_part(const std::string& manner);
/// "83°", "cos 0.42", "–".
std::string reading_of(const StageDial& dial);
/// One sentence for screen readers and the status bar.
std::string dial_sentence(const StageColumn& column, const StageDial& dial);
/// The numbers of a layer for a box next to the pointer.
std::vector<ValueRow> dial_rows(const StageDial& dial, const std::vector<StageNumber>& numbers);
/// 0.768 → "76.8 %", perplexities as they stand; "–" for NaN.
std::string score_words(const StageScore& score);
/// 0.6 → "0.60"; "–" for NaN.
std::string cosine_words(double cosine);
/// What it is of, "test accuracy", and the step where it is another one than the needles': "test, step 80".
std::string score_source(const StageScore& score, std::int64_t probe_step, bool in_short);

/// "1,024"
std::string counted(std::int64_t number);

}  // namespace grapevine
