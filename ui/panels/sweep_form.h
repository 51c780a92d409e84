// A sweep as a form: which settings are varied, over which values, as a grid (every combination), as a list
// (the first values together, the second together …) or as a search of one setting's best value, as
// `grapevine-cli sweep --tune`. The experiment is the window's own. The window's thread only.
#pragma once

#include <QDialog>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "engine/launch/queueing.h"
#include "engine/plans/tuning.h"

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
  void remove_row(std::size_t row);
  void set_row(std::size_t row, const QString& key, const QString& values);
  void set_list(bool list);
  /// What would be queued; nothing while something is wrong, which words() says, and of a search.
  std::optional<Queued> queued() const { return queued_; }
  /// The search that would begin, likewise.
  std::optional<TuningOrder> search() const { return search_; }
  QString words() const;

 private:
  struct Row {
    QWidget* line;
    QComboBox* key;
    QLineEdit* values;
  };
  enum Kind : int { as_grid, as_list, as_search };
  QWidget* make_search_row();
  void look();
  /// What is still to be typed; "" where nothing is.
  QString missing_words() const;
  QString list_words() const;  ///< how bare numbers of a list are taken; "" where there are none
  void say(const QString& words, bool is_problem);
  /// What would be queued, or begun, in words. Throws Error.
  QString look_at_runs();
  QString look_at_search();
  void offer_keys_to_search();
  nlohmann::json document(const ExperimentPlan& plan) const;
  Queued list() const;

  ExperimentPlan plan_;
  std::vector<Row> rows_;
  QComboBox* kind_;
  QVBoxLayout* column_;
  QLabel* words_;
  QPushButton* queue_ = nullptr;
  QWidget* search_row_ = nullptr;
  QComboBox* searched_ = nullptr;  ///< which setting; its items' data are keys
  std::optional<Queued> queued_;
  std::optional<TuningOrder> search_;
};

}  // namespace grapevine
