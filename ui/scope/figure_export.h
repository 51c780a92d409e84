// A figure leaves the window: as a picture, as a page, as data. The window's thread only.
#pragma once

#include <QImage>
#include <QSize>
#include <QString>

#include "ui/scope/scope_model.h"

namespace grapevine {

/// The figure alone with its legend, without pointer and controls, in the model's theme.
QImage figure_image(ScopeModel& model, int figure, QSize size, double pixel_ratio = 1);
/// By the file's ending: png (at twice the size), pdf (light, vectors), svg (light, vectors). Throws
/// InputError or RunError.
void export_figure(ScopeModel& model, int figure, const QString& file, QSize size);
/// What one figure shows, in one sentence for screen readers.
QString figure_summary(ScopeModel& model, int figure);
/// What the scope shows, in one sentence.
QString scope_summary(const ScopeModel& model);

}  // namespace grapevine
