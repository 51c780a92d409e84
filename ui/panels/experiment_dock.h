// The dock around the experiment form: open, save, copy as a command, what it costs, and what keeps it from
// starting. The window's thread only; the estimate is made beside it.
#pragma once

#include <QDockWidget>
#include <functional>
#include <optional>

#include "engine/door/engine_api.h"
#include "engine/experiment/experiment.h"

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
  /// `estimate` may be empty; it is called beside the window's thread.
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

 Q_SIGNALS:
  void message(const QString& sentence);  ///< an error to show
  void note(const QString& sentence);     ///< something done, for the status bar
  void file_opened(const QString& file);

 private:
  bool show_plan(const std::string& file_or_preset);
  void edited();
  void ask_for_estimate();
  void show_estimate(const std::vector<CostEstimate>& estimates);

  Estimator estimate_;
  Background* background_;
  ExperimentForm* form_;
  QLabel* cost_;
  QLabel* problems_;
  QTimer* pause_;  ///< an estimate follows the last keystroke, not each
};

}  // namespace grapevine
