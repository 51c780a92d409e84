// One racer's layer in the inspector: its matrices as images, what follows from them as figures. The
// window's thread only.
#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "engine/session/inspection.h"
#include "ui/panels/inspector/matrix_image.h"

class QGridLayout;
class QLabel;

namespace grapevine {

class BoundsChart;
class HistogramChart;
class SpectrumChart;

/// How all columns show what they show.
struct InspectorChoices {
  bool longest_first = true;  ///< features by the length of J̄'s columns, else in their own order
  bool one_scale = false;     ///< B, Ĵ and J̄ on one scale, else each to its own 98 %
  int one_class = 0;          ///< of a convolution; −1 = all classes as rows
  bool operator==(const InspectorChoices&) const = default;
};

/// Which racer.
struct InspectedRacer {
  int racer = 0;
  QString label;
  Colour hue = 0;
  bool exact = false;  ///< its signal is the gradient by definition
  int to_see = 0;      ///< 2 = a matrix that learns, 1 = one that stays, 0 = none
};

class InspectionColumn : public QWidget {
  Q_OBJECT

 public:
  explicit InspectionColumn(QWidget* parent = nullptr);

  void show_inspection(const InspectedRacer& racer, const Inspection& inspection,
                       const InspectorChoices& choices);
  const Inspection& inspection() const { return inspection_; }
  const InspectedRacer& racer() const { return racer_; }
  /// Everything in one paragraph, for screen readers.
  QString sentence() const;
  /// Name and value, as a table has them.
  std::vector<std::pair<QString, QString>> numbers() const;
  /// Everything as one picture.
  QImage picture();

 Q_SIGNALS:
  void said(const QString& sentence, bool wrong);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  QLayout* make_head();
  void add_images();
  void make_charts();
  MatrixImage* add_image(const QString& name, const QString& role, const QString& reading);
  void show_head();
  void show_images(const InspectorChoices& choices);
  void show_figures();
  void arrange(int columns);
  void read(std::optional<MatrixCell> cell);

  InspectedRacer racer_;
  Inspection inspection_;
  QLabel *head_, *about_, *angle_, *trouble_, *legend_, *reading_;
  QWidget* body_;
  MatrixImage *feedback_, *estimate_, *jacobian_, *rest_;
  HistogramChart *columns_, *samples_, *activations_;
  SpectrumChart* spectrum_;
  BoundsChart* bounds_;
  QGridLayout* grid_;
  int arranged_ = 0;
};

}  // namespace grapevine
