// A figure leaves the window.
#include "ui/scope/figure_export.h"

#include <QBuffer>
#include <QFileInfo>
#include <QFontMetricsF>
#include <QObject>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <cmath>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/files/careful_file.h"
#include "ui/plot/qpainter_painter.h"
#include "ui/plot/svg_painter.h"
#include "ui/scope/figures/plane_figure.h"
#include "ui/scope/figures/stage_build.h"
#include "ui/scope/scope_scene.h"

namespace grapevine {
namespace {

/// Shows one figure alone, without what belongs to the window, and puts everything back.
class Alone {
 public:
  Alone(ScopeModel& model, int figure) : model_(model), figures_(model.figures()) {
    pointer_ = model.pointer;
    cursor_ = model.cursor;
    highlighted_ = model.highlighted;
    hovered_ = model.hovered_figure;
    dark_ = model.dark;
    model.pointer.reset();
    model.cursor.reset();
    model.highlighted = -1;
    model.hovered_figure = -1;
    model.exporting = true;
    for (std::size_t i = 0; i < figures_.size(); ++i)
      model.figures()[i].shown = static_cast<int>(i) == figure;
  }
  ~Alone() {
    for (std::size_t i = 0; i < figures_.size(); ++i) model_.figures()[i].shown = figures_[i].shown;
    model_.pointer = pointer_;
    model_.cursor = cursor_;
    model_.highlighted = highlighted_;
    model_.hovered_figure = hovered_;
    model_.dark = dark_;
    model_.exporting = false;
  }
  Alone(const Alone&) = delete;
  Alone& operator=(const Alone&) = delete;

 private:
  ScopeModel& model_;
  std::vector<FigureState> figures_;
  std::optional<Point> pointer_;
  std::optional<double> cursor_;
  int highlighted_;
  int hovered_;
  bool dark_;
};

double measured(std::string_view text) {
  static const QFontMetricsF metrics(figure_font(TextSize::small));
  return metrics.horizontalAdvance(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
}

void draw_alone(ScopeModel& model, Painter& painter, QSize size) {
  ScopeScene(model, {static_cast<double>(size.width()), static_cast<double>(size.height())}, measured)
      .draw(painter);
}

void write_all(const QString& file, const QByteArray& content) {
  write_carefully(file.toStdString(), {content.constData(), static_cast<std::size_t>(content.size())});
}

void write_pdf(ScopeModel& model, const QString& file, QSize size) {
  QByteArray document;
  QBuffer buffer(&document);
  buffer.open(QIODevice::WriteOnly);
  QPdfWriter writer(&buffer);
  constexpr int dots_per_inch = 96;
  writer.setResolution(dots_per_inch);
  writer.setPageSize(
      QPageSize(QSizeF(size) * 72.0 / dots_per_inch, QPageSize::Point, {}, QPageSize::ExactMatch));
  writer.setPageMargins({0, 0, 0, 0});
  writer.setCreator("Grapevine");
  QPainter painter(&writer);
  {
    // It gives the painter back as it was, before the painter ends.
    QPainterPainter figures(painter);
    draw_alone(model, figures, size);
  }
  painter.end();
  write_all(file, document);
}

void write_svg(ScopeModel& model, const QString& file, QSize size) {
  SvgPainter painter({static_cast<double>(size.width()), static_cast<double>(size.height())}, measured);
  draw_alone(model, painter, size);
  write_carefully(file.toStdString(), painter.document());
}

}  // namespace

QImage figure_image(ScopeModel& model, int figure, QSize size, double pixel_ratio) {
  const Alone alone(model, figure);
  QImage image(size * pixel_ratio, QImage::Format_ARGB32_Premultiplied);
  image.setDevicePixelRatio(pixel_ratio);
  image.fill(Qt::transparent);
  QPainter painter(&image);
  QPainterPainter figures(painter);
  draw_alone(model, figures, size);
  return image;
}

void export_figure(ScopeModel& model, int figure, const QString& file, QSize size) {
  const QString kind = QFileInfo(file).suffix().toLower();
  if (kind == "png") {
    QByteArray picture;
    QBuffer buffer(&picture);
    figure_image(model, figure, size, 2).save(&buffer, "PNG");
    write_all(file, picture);
    return;
  }
  const Alone alone(model, figure);
  model.dark = false;
  if (kind == "pdf") {
    write_pdf(model, file, size);
  } else if (kind == "svg") {
    write_svg(model, file, size);
  } else {
    throw InputError(
        QObject::tr("%1: figures are written as png, pdf or svg; name the file with one of these endings")
            .arg(file)
            .toStdString());
  }
}

namespace {

/// "0.77" or "76.8 %"; of a layered measure "0.32, 0.22, 0.15 from input to output". Empty: not measured.
QString last_values(const RunData& run, int measure) {
  Axis axis;
  const MeasureDescriptor& descriptor = measures()[static_cast<std::size_t>(measure)];
  if (descriptor.quantity == Quantity::share) axis.unit = Unit::share;
  QStringList values;
  for (int point = descriptor.per_point ? 1 : 0; point <= run.points_of(measure); ++point)
    if (const Series* series = run.find(measure, point); series && series->size() > 0)
      values << QString::fromStdString(axis.format(series->value.back(), 2));
  const QString text = values.join(QStringLiteral(", "));
  return values.size() > 1 ? QObject::tr("%1 from input to output").arg(text) : text;
}

}  // namespace

QString figure_summary(ScopeModel& model, int figure) {
  const FigureState& state = model.figures()[static_cast<std::size_t>(figure)];
  if (state.kind == FigureKind::stage) return QString::fromStdString(stage_sentence(model));
  QStringList parts;
  for (const Racer& racer : model.racers()) {
    if (!racer.visible) continue;
    QString said;
    if (state.kind == FigureKind::events)
      said = QObject::tr("%n events", nullptr, static_cast<int>(racer.run->events.size()));
    else if (const auto path = plane_path(*racer.run); state.kind == FigureKind::plane && !path.empty())
      said = QObject::tr("accuracy %1 % at a mean alignment of %2")
                 .arg(100 * path.back().score, 0, 'f', 1)
                 .arg(path.back().alignment, 0, 'f', 2);
    else if (!state.measures.empty())
      said = last_values(*racer.run, state.measures.front());
    if (!said.isEmpty()) parts << QString::fromStdString(racer.label) + ' ' + said;
  }
  const QString title = QString::fromStdString(model.title_of(figure));
  if (parts.isEmpty()) return QObject::tr("%1: nothing measured yet.").arg(title);
  return QStringLiteral("%1: %2.").arg(title, parts.join(QStringLiteral("; ")));
}

QString scope_summary(const ScopeModel& model) {
  if (model.racers().empty()) return QObject::tr("No runs are shown. Press Play to start an experiment.");
  QStringList parts;
  for (const Racer& racer : model.racers()) {
    if (!racer.visible) continue;
    QStringList values;
    for (const FigureState& figure : model.figures()) {
      if (figure.kind != FigureKind::lines || figure.measures.empty()) continue;
      const Series* series = racer.run->find(figure.measures.front(), 0);
      if (!series || series->size() == 0) continue;
      values << QString::fromStdString(measures()[static_cast<std::size_t>(figure.measures.front())].name) +
                    ' ' + QString::number(series->value.back(), 'g', 3);
    }
    const int measure = model.layer_measure();
    const int points = measure >= 0 ? racer.run->points_of(measure) : 0;
    QStringList layers;
    for (int point = 1; point <= points; ++point) {
      const Series* series = racer.run->find(measure, point);
      if (series && series->size() > 0) layers << QString::number(series->value.back(), 'f', 2);
    }
    if (!layers.isEmpty()) {
      values << QString::fromStdString(measures()[static_cast<std::size_t>(measure)].name) + ' ' +
                    QObject::tr("from input to output") + ' ' + layers.join(' ');
    }
    parts << QString::fromStdString(racer.label) + " (" + QObject::tr("step %1").arg(racer.run->step) +
                 "): " + (values.isEmpty() ? QObject::tr("nothing measured yet") : values.join(", "));
  }
  return parts.isEmpty() ? QObject::tr("All runs are hidden.") : parts.join("; ") + '.';
}

}  // namespace grapevine
