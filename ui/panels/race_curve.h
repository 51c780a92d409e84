// The curves of a race's racers the size of a word, in their colours: for the start page. The window's thread
// only.
#pragma once

#include <QColor>
#include <QWidget>
#include <vector>

#include "engine/runs/run_reader.h"

namespace grapevine {

class RaceCurve : public QWidget {
  Q_OBJECT

 public:
  explicit RaceCurve(std::vector<QColor> colours, QWidget* parent = nullptr);
  /// In the order of the colours.
  void show_curves(std::vector<CurveSketch> curves);
  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  std::vector<QColor> colours_;
  std::vector<CurveSketch> curves_;
};

}  // namespace grapevine
