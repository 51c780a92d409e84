#include "ui/panels/sweep_figure.h"

#include <QContextMenuEvent>
#include <QFileDialog>
#include <QHelpEvent>
#include <QMenu>
#include <QMessageBox>
#include <QPainter>
#include <QToolTip>

#include "engine/error.h"
#include "ui/panels/sweep_drawing.h"
#include "ui/panels/window_theme.h"
#include "ui/plot/qpainter_painter.h"

namespace grapevine {
namespace {

Size size_of(const QSize& size) {
  return {static_cast<double>(size.width()), static_cast<double>(size.height())};
}

}  // namespace

SweepFigure::SweepFigure(QWidget* parent) : QWidget(parent) {
  setMinimumHeight(180);
  setAccessibleName(tr("Result of the sweep"));
}

void SweepFigure::set_empty_text(const QString& words) {
  empty_text_ = words;
  update();
}

void SweepFigure::show_plot(const SweepPlot& plot, bool percent) {
  plot_ = plot;
  percent_ = percent;
  update();
}

void SweepFigure::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const Theme& theme = theme_of(palette());
  const SweepDrawing drawing(plot_, percent_, size_of(size()));
  {
    QPainterPainter figure(painter);
    drawing.draw(figure, theme);
  }
  if (drawing.has_room()) return;
  painter.setPen(QColor::fromRgb(QRgb(theme.muted)));
  painter.drawText(rect().adjusted(16, 0, -16, 0), Qt::AlignCenter | Qt::TextWordWrap, empty_text_);
}

bool SweepFigure::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const QPointF at = help->pos();
  const QString words = SweepDrawing(plot_, percent_, size_of(size())).words_at({at.x(), at.y()});
  if (words.isEmpty())
    QToolTip::hideText();
  else
    QToolTip::showText(help->globalPos(), words, this);
  return true;
}

void SweepFigure::contextMenuEvent(QContextMenuEvent* event) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  QAction* save = menu->addAction(tr("Export figure…"), this, &SweepFigure::save);
  save->setEnabled(plot_.kind != SweepPlot::Kind::none);
  menu->popup(event->globalPos());
}

Drawing SweepFigure::drawing() const {
  constexpr QSize least(640, 360);
  const QSize size = this->size().expandedTo(least);
  return {size,
          [this, size](Painter& painter, bool for_print) {
            const Theme& theme = for_print ? light_theme() : theme_of(palette());
            SweepDrawing(plot_, percent_, size_of(size)).draw(painter, theme);
          },
          [this] { return sweep_csv(plot_); }, [this] { return sweep_json(plot_); }};
}

void SweepFigure::save() {
  if (plot_.kind == SweepPlot::Kind::none) return;
  const QString file = QFileDialog::getSaveFileName(this, tr("Export figure"), QStringLiteral("sweep.svg"),
                                                    tr("Pictures (*.svg *.pdf *.png);;Data (*.csv *.json)"));
  if (file.isEmpty()) return;
  try {
    export_drawing(drawing(), file);
  } catch (const Error& error) {
    QMessageBox::warning(this, tr("Export figure"), QString::fromUtf8(error.what()));
  }
}

}  // namespace grapevine
