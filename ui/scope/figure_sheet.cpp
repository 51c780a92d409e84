// Figures side by side: a grid of panels, each drawn as large as its letters make it.
#include "ui/scope/figure_sheet.h"

#include <QBuffer>
#include <QFileInfo>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <cmath>

#include "engine/error.h"
#include "engine/files/careful_file.h"
#include "ui/plot/qpainter_painter.h"
#include "ui/plot/theme.h"
#include "ui/scope/figure_export.h"

namespace grapevine {
namespace {

constexpr int dots_per_inch = 96;
constexpr double print_scale = 300.0 / dots_per_inch;

/// Where everything is, in pixels of the page, 96 per inch.
struct Sheet {
  PageGrid grid;
  double scale = 1;   ///< of what figures think in
  double letter = 0;  ///< height of a panel's letter; 0 = there is none
  QString face;

  QSize size_of(const PagePlace& place) const {
    return {static_cast<int>(std::lround(place.width / scale)),
            static_cast<int>(std::lround((place.height - letter) / scale))};
  }
};

Sheet sheet_of(std::size_t figures, const FigurePage& wish) {
  Sheet sheet;
  const double width = (wish.width_cm > 0 ? wish.width_cm : usual_sheet_width) * pixels_a_centimetre,
               letters = (wish.font_points > 0 ? wish.font_points : usual_sheet_letters) * pixels_a_point;
  const double gap = letters;
  sheet.scale = letters / text_pixels(TextSize::small);
  sheet.letter = wish.letters ? 1.6 * letters : 0;
  sheet.face = QString::fromStdString(wish.font);
  const double panel = panel_width(width, wish.columns, gap, letters);
  const double height = wish.height_cm > 0 ? wish.height_cm * pixels_a_centimetre
                                           : std::max(0.62 * panel, 20 * letters) + sheet.letter;
  check_panel_height(height - sheet.letter, letters);
  sheet.grid = page_grid(width, wish.columns, gap, std::vector<double>(figures, height));
  return sheet;
}

QFont letter_font(const Sheet& sheet) {
  QFont font = figure_font(TextSize::title);
  font.setPixelSize(std::max(1, static_cast<int>(std::lround(sheet.letter * 0.8))));
  font.setBold(true);
  return font;
}

QString letter_of(std::size_t panel) {
  return QString::fromStdString(panel_letter(panel));
}

QColor ground() {
  return QColor::fromRgb(QRgb(light_theme().plot));
}

void paint(ScopeModel& model, ScopeLook& look, const std::vector<int>& figures, const Sheet& sheet,
           QPainter& painter) {
  // The figures' own, so that none stands out against the page.
  painter.fillRect(QRectF(0, 0, sheet.grid.width, sheet.grid.height), ground());
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const PagePlace& place = sheet.grid.places[i];
    painter.save();
    painter.translate(place.x, place.y);
    if (sheet.letter > 0) {
      painter.setFont(letter_font(sheet));
      painter.setPen(Qt::black);
      painter.drawText(QPointF(0, sheet.letter * 0.75), letter_of(i));
      painter.translate(0, sheet.letter);
    }
    painter.scale(sheet.scale, sheet.scale);
    paint_figure(model, look, figures[i], painter, sheet.size_of(place));
    painter.restore();
  }
}

QByteArray as_pdf(ScopeModel& model, ScopeLook& look, const std::vector<int>& figures, const Sheet& sheet) {
  QByteArray document;
  QBuffer buffer(&document);
  buffer.open(QIODevice::WriteOnly);
  QPdfWriter writer(&buffer);
  writer.setResolution(dots_per_inch);
  writer.setPageSize(QPageSize(QSizeF(sheet.grid.width, sheet.grid.height) * 72.0 / dots_per_inch,
                               QPageSize::Point, {}, QPageSize::ExactMatch));
  writer.setPageMargins({0, 0, 0, 0});
  writer.setCreator("Grapevine");
  QPainter painter(&writer);
  paint(model, look, figures, sheet, painter);
  painter.end();
  return document;
}

QByteArray as_png(ScopeModel& model, ScopeLook& look, const std::vector<int>& figures, const Sheet& sheet) {
  constexpr double most_pixels = 2.5e8;  // a gigabyte while it is drawn
  const QSizeF size = QSizeF(sheet.grid.width, sheet.grid.height) * print_scale;
  QImage picture;
  if (size.width() * size.height() <= most_pixels) picture = QImage(size.toSize(), QImage::Format_RGB32);
  if (picture.isNull())
    throw InputError(
        QObject::tr("%1 × %2 cm are too large for a png of 300 pixels per inch: write pdf or svg, "
                    "or take fewer or smaller figures")
            .arg(sheet.grid.width / pixels_a_centimetre, 0, 'f', 0)
            .arg(sheet.grid.height / pixels_a_centimetre, 0, 'f', 0)
            .toStdString());
  QPainter painter(&picture);
  painter.scale(print_scale, print_scale);
  paint(model, look, figures, sheet, painter);
  painter.end();
  constexpr double inches_a_metre = 1 / 0.0254;
  picture.setDotsPerMeterX(static_cast<int>(std::lround(print_scale * dots_per_inch * inches_a_metre)));
  picture.setDotsPerMeterY(picture.dotsPerMeterX());
  QByteArray bytes;
  QBuffer buffer(&bytes);
  picture.save(&buffer, "PNG");
  return bytes;
}

QByteArray as_svg(ScopeModel& model, ScopeLook& look, const std::vector<int>& figures, const Sheet& sheet) {
  const auto number = [](double value) { return QByteArray::number(value, 'f', 2); };
  const PageGrid& grid = sheet.grid;
  QByteArray svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" +
                   number(grid.width / pixels_a_centimetre) + "cm\" height=\"" +
                   number(grid.height / pixels_a_centimetre) + "cm\" viewBox=\"0 0 " + number(grid.width) +
                   " " + number(grid.height) + "\">\n";
  svg += "<rect width=\"100%\" height=\"100%\" fill=\"" + ground().name().toUtf8() + "\"/>\n";
  const QFont font = letter_font(sheet);
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const PagePlace& place = grid.places[i];
    if (sheet.letter > 0)
      svg += "<text x=\"" + number(place.x) + "\" y=\"" + number(place.y + sheet.letter * 0.75) +
             "\" font-family=\"" + font.family().toHtmlEscaped().toUtf8() +
             "\" font-weight=\"bold\" font-size=\"" + QByteArray::number(font.pixelSize()) + "\">" +
             letter_of(i).toUtf8() + "</text>\n";
    const std::string figure = figure_svg(model, look, figures[i], sheet.size_of(place),
                                          "clip" + std::to_string(i) + "_", sheet.face.toStdString());
    svg += "<g transform=\"translate(" + number(place.x) + " " + number(place.y + sheet.letter) + ") scale(" +
           QByteArray::number(sheet.scale, 'f', 4) + ")\">\n" +
           QByteArray::fromStdString(figure.substr(figure.find("<svg"))) + "</g>\n";
  }
  return svg + "</svg>\n";
}

}  // namespace

QSizeF sheet_size(std::size_t figures, const FigurePage& wish) {
  const PageGrid grid = sheet_of(figures, wish).grid;
  return QSizeF(grid.width, grid.height) / pixels_a_centimetre;
}

void export_sheet(ScopeModel& model, ScopeLook& look, const std::vector<int>& figures, const QString& file,
                  const FigurePage& wish) {
  if (figures.empty()) throw InputError(QObject::tr("no figure is chosen for the page").toStdString());
  const Sheet sheet = sheet_of(figures.size(), wish);
  const FigureFace face(sheet.face);
  const QString ending = QFileInfo(file).suffix().toLower();
  const auto way = ending == "pdf" ? as_pdf : ending == "svg" ? as_svg : ending == "png" ? as_png : nullptr;
  if (!way)
    throw InputError(
        QObject::tr("%1: a page of figures is written as pdf, svg or png; name the file with one of these "
                    "endings")
            .arg(file)
            .toStdString());
  const QByteArray content = way(model, look, figures, sheet);
  write_carefully(file.toStdString(), {content.constData(), static_cast<std::size_t>(content.size())});
}

}  // namespace grapevine
