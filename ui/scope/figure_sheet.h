// Several figures on one page for a paper: in centimetres, with letters of a chosen face and size, a, b, c at
// the figures. The window's thread only.
#pragma once

#include <QSizeF>
#include <QString>
#include <vector>

#include "engine/runs/figure_page.h"
#include "ui/scope/scope_look.h"
#include "ui/scope/scope_model.h"

namespace grapevine {

/// Of a column and of a whole page of most journals.
inline constexpr double usual_sheet_width = 17, usual_sheet_letters = 8;

/// Of a page of so many figures, in centimetres. Throws InputError where they do not fit.
QSizeF sheet_size(std::size_t figures, const FigurePage& wish);
/// The figures in this order, by the file's ending: pdf, svg or png (300 pixels per inch), on a light ground.
/// Throws InputError where they do not fit or the ending is another, RunError where the file can't be
/// written.
void export_sheet(ScopeModel& model, ScopeLook& look, const std::vector<int>& figures, const QString& file,
                  const FigurePage& wish);

}  // namespace grapevine
