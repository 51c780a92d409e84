// One line for a number with arrows: whole numbers go by one, rates (above zero, no natural step) by 1-2-5,
// shares between 0 and 1 by 0.05. Unlike QSpinBox it holds 64 bits, and unlike QDoubleSpinBox it keeps 1e-4
// as it was typed. The window's thread only.
#pragma once

#include <QAbstractSpinBox>

#include "engine/experiment/settings.h"

class QLabel;

namespace grapevine {

class NumberEdit : public QAbstractSpinBox {
  Q_OBJECT

 public:
  explicit NumberEdit(const Setting& setting, QWidget* parent = nullptr);

  QString number_text() const;
  void set_number_text(const QString& text);  ///< no signal

  void stepBy(int steps) override;
  QValidator::State validate(QString& text, int& position) const override;
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  void text_edited();  ///< at each keystroke and step
  void committed();    ///< a step, Enter, or the focus went elsewhere

 protected:
  StepEnabled stepEnabled() const override;
  void wheelEvent(QWheelEvent* event) override;

 private:
  void resizeEvent(QResizeEvent* event) override;
  void show_meaning();  ///< of zero: "all", "no limit", as the setting's help says it

  Setting setting_;
  QLabel* meaning_;
  QString committed_text_;
  void commit();
};

/// The next value up (or down) on the ladder 1, 2, 5, 10 … for a positive number.
double next_on_ladder(double value, bool up);

}  // namespace grapevine
