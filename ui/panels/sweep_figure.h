// The picture of a sweep's result. The window's thread only.
#pragma once

#include <QWidget>

#include "ui/panels/sweep_plot.h"

namespace grapevine {

class SweepFigure : public QWidget {
  Q_OBJECT

 public:
  explicit SweepFigure(QWidget* parent = nullptr);
  /// `percent`: the numbers are shares.
  void show_plot(const SweepPlot& plot, bool percent);
  /// What is in the place of a plot of nothing.
  void set_empty_text(const QString& words);
  const QString& empty_text() const { return empty_text_; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  struct Places;
  void paint_curve(QPainter& painter, const QRectF& area) const;
  void paint_axes(QPainter& painter, const Places& places) const;
  void paint_lines(QPainter& painter, const Places& places) const;
  void paint_heat_map(QPainter& painter, const QRectF& area) const;
  QString number(double value) const;
  int legend_width() const;

  SweepPlot plot_;
  QString empty_text_;
  bool percent_ = false;
};

}  // namespace grapevine
