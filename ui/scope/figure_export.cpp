// A figure leaves the window.
#include "ui/scope/figure_export.h"

#include <QBuffer>
#include <QFileInfo>
#include <QFontMetricsF>
#include <QObject>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <map>

#include "engine/error.h"
#include "engine/files/careful_file.h"
#include "ui/plot/qpainter_painter.h"
#include "ui/plot/svg_painter.h"
#include "ui/scope/figure_entry.h"
#include "ui/scope/figure_rows.h"
#include "ui/scope/scope_scene.h"

namespace grapevine {
namespace {

/// Shows one figure alone, without what belongs to the window, and puts everything back.
class Alone {
 public:
  Alone(ScopeModel& model, ScopeLook& look, int figure)
      : model_(model), look_(look), figures_(model.figures()) {
    pointer_ = model.pointer;
    cursor_ = model.cursor;
    highlighted_ = model.highlighted;
    hovered_ = model.hovered_figure;
    dark_ = look.dark;
    lecture_ = model.lecture;
    model.lecture = false;
    model.pointer.reset();
    model.cursor.reset();
    model.highlighted = -1;
    model.hovered_figure = -1;
    look.for_file = true;
    for (std::size_t i = 0; i < figures_.size(); ++i)
      model.figures()[i].shown = static_cast<int>(i) == figure;
  }
  ~Alone() {
    for (std::size_t i = 0; i < figures_.size(); ++i) model_.figures()[i].shown = figures_[i].shown;
    model_.pointer = pointer_;
    model_.cursor = cursor_;
    model_.highlighted = highlighted_;
    model_.hovered_figure = hovered_;
    model_.lecture = lecture_;
    look_.dark = dark_;
    look_.for_file = false;
  }
  Alone(const Alone&) = delete;
  Alone& operator=(const Alone&) = delete;

 private:
  ScopeModel& model_;
  ScopeLook& look_;
  std::vector<FigureState> figures_;
  std::optional<Point> pointer_;
  std::optional<double> cursor_;
  int highlighted_;
  int hovered_;
  bool dark_, lecture_;
};

double measured(std::string_view text) {
  const QFontMetricsF metrics(figure_font(TextSize::small));
  return metrics.horizontalAdvance(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
}

void draw_alone(ScopeModel& model, ScopeLook& look, Painter& painter, QSize size) {
  ScopeScene(model, look, {static_cast<double>(size.width()), static_cast<double>(size.height())}, measured)
      .draw(painter);
}

void write_all(const QString& file, const QByteArray& content) {
  write_carefully(file.toStdString(), {content.constData(), static_cast<std::size_t>(content.size())});
}

QByteArray png_of(const QImage& picture) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  picture.save(&buffer, "PNG");
  return bytes;
}

QImage image_of(const Drawing& what, double pixel_ratio) {
  QImage image(what.size * pixel_ratio, QImage::Format_ARGB32_Premultiplied);
  image.setDevicePixelRatio(pixel_ratio);
  image.fill(Qt::transparent);
  QPainter painter(&image);
  QPainterPainter figures(painter);
  what.draw(figures, false);
  return image;
}

QByteArray as_png(const Drawing& what) {
  return png_of(image_of(what, 2));
}

// Pages are for print.
QByteArray as_pdf(const Drawing& what) {
  QByteArray document;
  QBuffer buffer(&document);
  buffer.open(QIODevice::WriteOnly);
  QPdfWriter writer(&buffer);
  constexpr int dots_per_inch = 96;
  writer.setResolution(dots_per_inch);
  writer.setPageSize(
      QPageSize(QSizeF(what.size) * 72.0 / dots_per_inch, QPageSize::Point, {}, QPageSize::ExactMatch));
  writer.setPageMargins({0, 0, 0, 0});
  writer.setCreator("Grapevine");
  QPainter painter(&writer);
  {
    // It gives the painter back as it was, before the painter ends.
    QPainterPainter figures(painter);
    what.draw(figures, true);
  }
  painter.end();
  return document;
}

std::string svg_of(const Drawing& what, const std::string& name, const std::string& face) {
  SvgPainter painter({static_cast<double>(what.size.width()), static_cast<double>(what.size.height())},
                     measured, name, face);
  what.draw(painter, true);
  return painter.document();
}

QByteArray as_svg(const Drawing& what) {
  return QByteArray::fromStdString(svg_of(what, "clip", ""));
}

QByteArray as_csv(const Drawing& what) {
  return what.csv().toUtf8();
}

QByteArray as_json(const Drawing& what) {
  return what.json().toUtf8();
}

/// By a file's ending.
using Way = QByteArray (*)(const Drawing&);
const std::map<QString, Way>& ways() {
  static const std::map<QString, Way> all = {
      {"png", as_png}, {"pdf", as_pdf}, {"svg", as_svg}, {"csv", as_csv}, {"json", as_json}};
  return all;
}

/// Of one figure; it and what it is of outlive the drawing.
Drawing drawing_of(ScopeModel& model, ScopeLook& look, int figure, QSize size, bool only_visible = false) {
  return {size,
          [&model, &look, figure, size](Painter& painter, bool for_print) {
            const Alone alone(model, look, figure);
            if (for_print) look.dark = false;
            draw_alone(model, look, painter, size);
          },
          [&model, figure, only_visible] { return figure_csv(model, figure, only_visible); },
          [&model, figure, only_visible] { return figure_json(model, figure, only_visible); }};
}

}  // namespace

QImage figure_image(ScopeModel& model, ScopeLook& look, int figure, QSize size, double pixel_ratio) {
  return image_of(drawing_of(model, look, figure, size), pixel_ratio);
}

void paint_figure(ScopeModel& model, ScopeLook& look, int figure, QPainter& painter, QSize size) {
  QPainterPainter figures(painter);
  drawing_of(model, look, figure, size).draw(figures, true);
}

std::string figure_svg(ScopeModel& model, ScopeLook& look, int figure, QSize size, const std::string& name,
                       const std::string& face) {
  return svg_of(drawing_of(model, look, figure, size), name, face);
}

void export_figure(ScopeModel& model, ScopeLook& look, int figure, const QString& file,
                   const ExportWish& wish) {
  export_drawing(drawing_of(model, look, figure, wish.size, wish.only_visible), file);
}

void export_drawing(const Drawing& drawing, const QString& file) {
  const auto way = ways().find(QFileInfo(file).suffix().toLower());
  if (way == ways().end())
    throw InputError(QObject::tr("%1: figures are written as png, pdf or svg, their numbers as csv or json; "
                                 "name the file with one of these endings")
                         .arg(file)
                         .toStdString());
  write_all(file, way->second(drawing));
}

void write_picture(const QImage& picture, const QString& file) {
  write_all(file, png_of(picture));
}

QString scope_summary(const ScopeModel& model) {
  if (model.racers().empty()) return QObject::tr("No runs are shown. Press Play to start an experiment.");
  QStringList parts;
  for (const Racer& racer : model.racers()) {
    if (!racer.visible) continue;
    QStringList values;
    for (const FigureState& figure : model.figures())
      if (const QString newest = figure.entry->newest(figure, racer); !newest.isEmpty()) values << newest;
    parts << QString::fromStdString(racer.label) + " (" + QObject::tr("step %1").arg(racer.run->step) +
                 "): " + (values.isEmpty() ? QObject::tr("nothing measured yet") : values.join(", "));
  }
  return parts.isEmpty() ? QObject::tr("All runs are hidden.") : parts.join("; ") + '.';
}

}  // namespace grapevine
