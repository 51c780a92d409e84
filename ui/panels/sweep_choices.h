// What is shown of a sweep's result: which measure, against which setting, as curves, as a map or as the
// table alone. The window's thread only.
#pragma once

#include <QString>
#include <QWidget>
#include <map>
#include <optional>
#include <string>

#include "ui/panels/sweep_plot.h"

class QComboBox;
class QHBoxLayout;

namespace grapevine {

struct SweepChoice {
  std::string measure;  ///< a key's text; "": what places are given by
  SweepView view;
  bool operator==(const SweepChoice&) const = default;
};

/// Of each sweep by its runs' group; those that leave all to the program need no place.
using ChoicesBySweep = std::map<std::string, SweepChoice>;
std::string choices_text(const ChoicesBySweep& choices);
ChoicesBySweep read_choices(const std::string& text);  ///< without what can't be read

class SweepChoices : public QWidget {
  Q_OBJECT

 public:
  explicit SweepChoices(QWidget* parent = nullptr);
  /// What there is to choose from; what is chosen stays.
  void offer(const Comparison& comparison, std::optional<std::size_t> ranked_by);
  void choose(const SweepChoice& choice);
  SweepChoice chosen() const;
  QComboBox* measure() const { return measure_; }
  QComboBox* axis() const { return axis_; }
  QComboBox* form() const { return form_; }

 Q_SIGNALS:
  void changed();

 private:
  QComboBox* add(QHBoxLayout* row, const QString& name, const QString& help);

  QComboBox *measure_, *axis_, *form_;  ///< their items' data: keys' texts; of form_ a SweepView::Form
};

}  // namespace grapevine
