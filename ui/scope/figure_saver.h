// Asks for a file and exports a figure to it: the window's menu, the figures' own menu and their tables share
// it. The window's thread only.
#pragma once

#include <QString>

#include "ui/scope/figure_export.h"
#include "ui/scope/scope_layout.h"

class QWidget;

namespace grapevine {

enum class FigureForm { picture, numbers };

/// The result of it.
struct SavedFigure {
  QString file;     ///< "" = the user thought better of it
  QString trouble;  ///< "" = it is written
};

SavedFigure ask_and_save(QWidget* parent, ScopeModel& model, ScopeLook& look, int figure, FigureForm form,
                         const ExportWish& wish);

/// The size at which a figure is exported: as in the window, but large enough to be read.
QSize export_size(const ScopeModel& model, int figure, const FigurePlace* place);

}  // namespace grapevine
