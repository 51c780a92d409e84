// The picture of a sweep's result: what is at a place is said there, and it leaves as other figures do. The
// window's thread only.
#pragma once

#include <QWidget>

#include "ui/panels/sweep_plot.h"
#include "ui/scope/figure_export.h"

namespace grapevine {

class SweepFigure : public QWidget {
  Q_OBJECT

 public:
  explicit SweepFigure(QWidget* parent = nullptr);
  /// `percent`: the numbers are shares.
  void show_plot(const SweepPlot& plot, bool percent);
  const SweepPlot& plot() const { return plot_; }
  /// What is in the place of a plot of nothing.
  void set_empty_text(const QString& words);
  const QString& empty_text() const { return empty_text_; }

  /// As files have it.
  Drawing drawing() const;
  /// Asks for a file.
  void save();

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;

 private:
  SweepPlot plot_;
  QString empty_text_;
  bool percent_ = false;
};

}  // namespace grapevine
