// What can be done with a stored run that has to be read first: show it, lay it over, take its settings. The
// window's thread only.
#pragma once

#include <QObject>
#include <cstdint>
#include <functional>
#include <vector>

#include "engine/plans/plan.h"

namespace grapevine {

class LibraryStore;
class RunController;
class ShownRuns;

class StoredRunsOpener : public QObject {
  Q_OBJECT

 public:
  /// They stay the caller's.
  StoredRunsOpener(LibraryStore* store, RunController* run, ShownRuns* shown, QObject* parent = nullptr);

  /// With its whole race; the live run is gone back to.
  void open(std::int64_t id);
  /// Several next to each other, each without its race.
  void open_several(const std::vector<std::int64_t>& ids);
  /// Laid over what is shown, those that are `still_wanted` when they were read.
  void overlay(std::vector<std::int64_t> ids, std::function<bool(std::int64_t)> still_wanted);
  /// The experiment of its whole race.
  void to_form(std::int64_t id);
  /// The command that trains it alone again.
  void to_clipboard(std::int64_t id);

 Q_SIGNALS:
  void opened();
  void settings_read(const ExperimentPlan& plan);
  void trouble(const QString& sentence);
  void note(const QString& text);

 private:
  void settings(std::int64_t id, bool whole_race, std::function<void(const ExperimentPlan&)> use);

  LibraryStore* store_;
  RunController* run_;
  ShownRuns* shown_;
};

}  // namespace grapevine
