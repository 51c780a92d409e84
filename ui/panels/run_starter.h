// From the form's experiment to a run: what Play and Step do. The window's thread only.
#pragma once

#include <QObject>
#include <cstdint>
#include <optional>

#include "engine/plans/plan.h"

namespace grapevine {

class ExperimentForm;
class RunController;

class RunStarter : public QObject {
  Q_OBJECT

 public:
  /// Both stay the caller's.
  RunStarter(ExperimentForm* form, RunController* run, QObject* parent = nullptr);

  /// Starts with the form's settings when nothing is in progress, else plays or pauses.
  void play_or_pause();
  void start();
  /// Of the present run, else of one that begins paused.
  void step(std::int64_t count);
  /// What Play would start; nothing, and refused(), where it can't.
  std::optional<ExperimentPlan> plan();

 Q_SIGNALS:
  /// The form's experiment can't start.
  void refused(const QString& sentence);

 private:
  ExperimentForm* form_;
  RunController* run_;
};

}  // namespace grapevine
