#include "ui/panels/inspector/picture.h"

#include <QContextMenuEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QPainter>
#include <QStyleOptionFocusRect>

#include "ui/panels/inspector/picture_files.h"
#include "ui/panels/window_theme.h"

namespace grapevine {
namespace {

constexpr double file_scale = 2;

}  // namespace

InspectorPicture::InspectorPicture(QString name, QString reading, QWidget* parent)
    : QWidget(parent), name_(std::move(name)) {
  setToolTip(reading);
  setAccessibleName(name_);
  setFocusPolicy(Qt::StrongFocus);
}

void InspectorPicture::tell() {
  setAccessibleDescription(sentence());
  update();
}

QImage InspectorPicture::image(double scale) const {
  const Theme& theme = theme_of(palette());
  QImage picture((QSizeF(size()) * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
  picture.fill(QColor::fromRgba(theme.plot));
  QPainter painter(&picture);
  painter.scale(scale, scale);
  draw(painter, size(), theme);
  return picture;
}

void InspectorPicture::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  draw(painter, size(), theme_of(palette()));
  if (!hasFocus()) return;
  painter.setPen(palette().color(QPalette::Highlight));
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
}

void InspectorPicture::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  update();
}

void InspectorPicture::focusOutEvent(QFocusEvent* event) {
  QWidget::focusOutEvent(event);
  update();
}

void InspectorPicture::contextMenuEvent(QContextMenuEvent* event) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  connect(menu->addAction(tr("Save picture…")), &QAction::triggered, this, &InspectorPicture::save_image);
  connect(menu->addAction(tr("Save numbers…")), &QAction::triggered, this, &InspectorPicture::save_numbers);
  menu->popup(event->reason() == QContextMenuEvent::Keyboard ? mapToGlobal(rect().center())
                                                             : event->globalPos());
}

void InspectorPicture::save_image() {
  const QString file = QFileDialog::getSaveFileName(this, tr("Save the picture"), file_stem(name_) + ".png",
                                                    tr("Pictures (*.png)"));
  if (file.isEmpty()) return;
  const QString trouble = write_png(file, image(file_scale));
  Q_EMIT said(trouble.isEmpty() ? tr("Wrote %1").arg(QFileInfo(file).fileName()) : trouble,
              !trouble.isEmpty());
}

void InspectorPicture::save_numbers() {
  const QString file = QFileDialog::getSaveFileName(this, tr("Save the numbers"), file_stem(name_) + ".csv",
                                                    tr("Numbers (*.csv);;All files (*)"));
  if (file.isEmpty()) return;
  const QString trouble = write_text(file, csv());
  Q_EMIT said(trouble.isEmpty() ? tr("Wrote %1").arg(QFileInfo(file).fileName()) : trouble,
              !trouble.isEmpty());
}

}  // namespace grapevine
