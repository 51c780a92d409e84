// The one way in which figures leave the window: as a picture, as a page, as numbers. The window's thread
// only.
#pragma once

#include <QImage>
#include <QSize>
#include <QString>
#include <functional>
#include <string>

#include "ui/scope/scope_look.h"
#include "ui/scope/scope_model.h"

class QPainter;

namespace grapevine {

/// The figure alone with its legend, without pointer and controls, in the window's theme.
QImage figure_image(ScopeModel& model, ScopeLook& look, int figure, QSize size, double pixel_ratio = 1);

/// The same on a light ground, onto something that is painted, or as an SVG document: for print.
void paint_figure(ScopeModel& model, ScopeLook& look, int figure, QPainter& painter, QSize size);
/// `name` begins the names inside of it, so that several can be in one document.
std::string figure_svg(ScopeModel& model, ScopeLook& look, int figure, QSize size,
                       const std::string& name = "clip", const std::string& face = "");

/// What an exported figure is like.
struct ExportWish {
  QSize size{900, 420};       ///< of pictures
  bool only_visible = false;  ///< numbers: of the stretch of time in view
};
/// By the file's ending: png (at twice the size), pdf and svg (light, vectors), csv and json (its numbers).
/// Throws InputError or RunError.
void export_figure(ScopeModel& model, ScopeLook& look, int figure, const QString& file,
                   const ExportWish& wish);
/// What else leaves as a file in the same ways: drawn at a size, and as numbers. `for_print`: on a light
/// ground.
struct Drawing {
  QSize size;
  std::function<void(Painter&, bool for_print)> draw;
  std::function<QString()> csv, json;
};
void export_drawing(const Drawing& drawing, const QString& file);
/// A picture as png, complete or not at all. Throws RunError.
void write_picture(const QImage& picture, const QString& file);

/// What the scope shows, in one sentence.
QString scope_summary(const ScopeModel& model);

}  // namespace grapevine
