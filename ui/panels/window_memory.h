// What the window remembers from one start to the next: geometry, docks, colours, database, the last
// experiment, the runs shown and how the figures are laid out. Plain files in the configuration folder. The
// window's thread only.
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <optional>
#include <string>
#include <vector>

#include "engine/experiment/experiment.h"
#include "engine/plans/plan.h"
#include "ui/panels/shown_runs.h"

namespace grapevine {

class WindowMemory {
 public:
  /// "" remembers nothing and knows nothing.
  explicit WindowMemory(const std::string& config_folder);

  QByteArray geometry() const;
  QByteArray docks() const;
  void set_layout(const QByteArray& geometry, const QByteArray& docks);
  std::optional<bool> dark() const;
  void set_dark(bool dark);
  QString database() const;
  void set_database(const QString& file);
  /// The runs that were shown, and of which database.
  struct Shown {
    QString database;
    std::vector<KeptRun> runs;
  };
  Shown shown() const;
  void set_shown(const Shown& shown);
  /// Layouts of the figures that the user gave names.
  QStringList layout_names() const;
  QString layout_named(const QString& name) const;
  void set_layout_named(const QString& name, const QString& layout);  ///< "" forgets it
  /// Single choices by name: how the figures are laid out.
  QString choice(const QString& name) const;
  void set_choice(const QString& name, const QString& value);

  /// Nothing when there is none, or when it can't be read any more (another version's).
  std::optional<ExperimentPlan> experiment() const;
  void set_experiment(const ExperimentPlan& plan);

 private:
  QString ini() const;
  QString experiment_file() const;
  QString folder_;
};

}  // namespace grapevine
