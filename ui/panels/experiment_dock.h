// The dock around the experiment form: open, save, copy as a command, what it costs, and what keeps it from
// starting. The window's thread only; the estimate is made on another thread.
#pragma once

#include <QDockWidget>
#include <functional>
#include <optional>
#include <vector>

#include "engine/door/engine_api.h"
#include "engine/experiment/experiment.h"
#include "engine/plans/plan.h"

class QAction;
class QLabel;
class QTimer;

namespace grapevine {

class Background;
class ExperimentForm;

using Estimator = std::function<CostEstimate(const Experiment&)>;

class ExperimentDock : public QDockWidget {
  Q_OBJECT

 public:
  /// `estimate` may be empty; it is called on another thread.
  explicit ExperimentDock(Estimator estimate, QWidget* parent = nullptr);

  ExperimentForm* form() const { return form_; }
  void open();  ///< asks for a file
  void save();  ///< asks for a file
  /// Reads an experiment file; a mistake in it goes to message().
  bool open_file(const QString& file);
  /// The same with a preset, by its name (plans/presets.h).
  bool open_preset(const QString& name);
  bool save_file(const QString& file);
  void copy_as_command();
  QString estimate_text() const;
  /// How fast a run goes, in its experiment's steps: what the form says of time is corrected by it, now and
  /// later. Nothing is corrected while another experiment than the form's is in progress.
  void learn_speed(const ExperimentPlan& plan, double steps_per_second);
  double flops_per_second() const { return flops_per_second_; }
  void set_flops_per_second(double speed);  ///< as remembered; 0 = not known

 Q_SIGNALS:
  void message(const QString& sentence);  ///< an error to show
  void note(const QString& sentence);     ///< something done, for the status bar
  void file_opened(const QString& file);

 private:
  bool show_plan(const std::string& file_or_preset);
  void edited();
  void ask_for_estimate();
  void show_estimate(const std::vector<CostEstimate>& estimates);
  QString time_text(const ExperimentPlan& plan, double step_flops) const;

  Estimator estimate_;
  Background* background_;
  ExperimentForm* form_;
  QLabel* cost_;
  QLabel* problems_;
  double flops_per_second_ = 0;
  std::optional<ExperimentPlan> estimated_;  ///< what the estimate is of
  std::vector<CostEstimate> estimates_;      ///< one per racer
  double estimated_flops_ = 0;               ///< of a step, all racers
  QString told_time_;                        ///< as shown in the line
  QTimer* pause_;                            ///< an estimate follows the last keystroke, not each
};

}  // namespace grapevine
