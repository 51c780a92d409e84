// From the scope's state to a stage that can be drawn, or listed. The window's thread only.
#pragma once

#include <memory>

#include "ui/scope/figures/stage_figure.h"
#include "ui/scope/scope_layout.h"

namespace grapevine {

std::unique_ptr<Figure> build_stage(ScopeModel& model, const FigurePlace& place);

/// What the stage shows in one sentence: its headline, and the chosen layer's needle.
std::string stage_sentence(ScopeModel& model);

}  // namespace grapevine
