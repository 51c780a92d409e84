// A picture of the inspector: drawn again at any size, explained by its tooltip, and leaving as an image or
// as numbers. The window's thread only.
#pragma once

#include <QImage>
#include <QString>
#include <QWidget>
#include <string>

#include "ui/plot/theme.h"

class QPainter;

namespace grapevine {

class InspectorPicture : public QWidget {
  Q_OBJECT

 public:
  /// `name`: of files, "B". `reading`: one sentence, how to read it.
  InspectorPicture(QString name, QString reading, QWidget* parent);

  const QString& name() const { return name_; }
  /// What it shows, in one sentence, for screen readers.
  virtual QString sentence() const = 0;
  /// Its numbers, a line each, with a heading.
  virtual std::string csv() const = 0;
  /// The picture as a file has it.
  QImage image(double scale) const;

  void save_image();
  void save_numbers();

 Q_SIGNALS:
  /// Written, or why not.
  void said(const QString& sentence, bool wrong);

 protected:
  virtual void draw(QPainter& painter, QSizeF size, const Theme& theme) const = 0;
  /// After its content changed.
  void tell();
  void paintEvent(QPaintEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  QString name_;
};

}  // namespace grapevine
