// Asks which figure to export, and where to. The window's thread only.
#pragma once

#include "ui/scope/figure_saver.h"

class QWidget;

namespace grapevine {

class ScopeWidget;

SavedFigure ask_and_export(ScopeWidget& scope, QWidget* parent);

}  // namespace grapevine
