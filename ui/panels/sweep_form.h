// A sweep as a form: which settings are varied, over which values, as a grid (every combination) or as a list
// (the first values together, the second together …). The experiment is the window's own. The window's thread
// only.
#pragma once

#include <QDialog>
#include <optional>
#include <vector>

#include "engine/launch/queueing.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace grapevine {

class SweepForm : public QDialog {
  Q_OBJECT

 public:
  explicit SweepForm(ExperimentPlan plan, QWidget* parent = nullptr);

  /// A row more; its key and its values, with commas between them.
  void add_row(const QString& key, const QString& values);
  /// Of the rows there are, from 0.
  void set_row(std::size_t row, const QString& key, const QString& values);
  void set_list(bool list);
  /// What would be queued; nothing while something is wrong, which words() says.
  std::optional<Queued> queued() const { return queued_; }
  QString words() const;

 private:
  struct Row {
    QComboBox* key;
    QLineEdit* values;
  };
  void look();
  Queued grid() const;
  Queued list() const;

  ExperimentPlan plan_;
  std::vector<Row> rows_;
  QComboBox* kind_;
  QVBoxLayout* column_;
  QLabel* words_;
  QPushButton* queue_ = nullptr;
  std::optional<Queued> queued_;
};

}  // namespace grapevine
