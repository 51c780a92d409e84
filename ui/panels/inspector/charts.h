// The inspector's small figures: how values are spread, singular values, bounds next to what they bound. The
// window's thread only.
#pragma once

#include <QStringList>
#include <utility>
#include <vector>

#include "engine/session/inspection.h"
#include "ui/panels/inspector/picture.h"

namespace grapevine {

class HistogramChart : public InspectorPicture {
  Q_OBJECT

 public:
  /// `ticks`: places on the axis and what they are called.
  using Ticks = std::vector<std::pair<double, QString>>;
  HistogramChart(QString name, QString reading, QWidget* parent);

  /// `mark`: a value with a line of its own, NaN = none; `absent`: why there is nothing, else "".
  void show_histogram(Histogram histogram, Ticks ticks, double mark, const QString& mark_text, Colour colour,
                      const QString& absent);

  QString sentence() const override;
  std::string csv() const override;
  QSize sizeHint() const override { return {230, 130}; }
  QSize minimumSizeHint() const override { return {150, 120}; }

 protected:
  void draw(QPainter& painter, QSizeF size, const Theme& theme) const override;
  void mouseMoveEvent(QMouseEvent* event) override;

 private:
  Rect bars_area(QSizeF size) const;

  Histogram histogram_;
  Ticks ticks_;
  double mark_ = 0;
  QString mark_text_, absent_, reading_;
  Colour colour_ = 0;
};

/// Each matrix's singular values over its largest.
class SpectrumChart : public InspectorPicture {
  Q_OBJECT

 public:
  struct Line {
    QString name;
    std::vector<double> values;
    Colour colour = 0;  ///< 0 = the text's
    bool dashed = false;
  };
  SpectrumChart(QString name, QString reading, QWidget* parent);
  void show_lines(std::vector<Line> lines);

  QString sentence() const override;
  std::string csv() const override;
  QSize sizeHint() const override { return {230, 130}; }
  QSize minimumSizeHint() const override { return {150, 120}; }

 protected:
  void draw(QPainter& painter, QSizeF size, const Theme& theme) const override;

 private:
  std::vector<Line> lines_;
};

class BoundsChart : public InspectorPicture {
  Q_OBJECT

 public:
  BoundsChart(QString name, QString reading, QWidget* parent);
  void show_bounds(std::vector<BoundCheck> bounds, Colour colour, const QString& absent);

  QString sentence() const override;
  std::string csv() const override;
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override { return {220, sizeHint().height()}; }

 protected:
  void draw(QPainter& painter, QSizeF size, const Theme& theme) const override;

 private:
  std::vector<BoundCheck> bounds_;
  Colour colour_ = 0;
  QString absent_, reading_;
};

/// "holds for …: this run has …", or what it needs no condition for.
QString condition_text(const BoundCheck& bound);

}  // namespace grapevine
