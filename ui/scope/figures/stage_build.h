// From the scope's state to a stage that can be drawn, or listed. The window's thread only.
#pragma once

#include <memory>

#include "ui/scope/figures/stage_figure.h"
#include "ui/scope/scope_layout.h"
#include "ui/scope/scope_look.h"

namespace grapevine {

std::unique_ptr<StageFigure> build_stage(const ScopeModel& model, const ScopeLook& look,
                                         const FigurePlace& place);

/// What the stage shows in one sentence: its headline, and the chosen layer's needle.
std::string stage_sentence(const ScopeModel& model);

}  // namespace grapevine
