// What can be done with a stored run that has to be read first.
#include "ui/panels/stored_runs_opener.h"

#include <QApplication>
#include <QClipboard>
#include <algorithm>
#include <utility>

#include "engine/launch/timed_commands.h"
#include "engine/runs/run_reader.h"
#include "engine/runs/stored_experiment.h"
#include "ui/panels/library_store.h"
#include "ui/panels/run_controller.h"
#include "ui/panels/shown_runs.h"

namespace grapevine {

StoredRunsOpener::StoredRunsOpener(LibraryStore* store, RunController* run, ShownRuns* shown, QObject* parent)
    : QObject(parent), store_(store), run_(run), shown_(shown) {}

void StoredRunsOpener::open(std::int64_t id) {
  for (const std::int64_t live : run_->ids())
    if (live == id) return shown_->back_to_live();
  store_->load({id}, true, [this](std::vector<RunData> runs) {
    shown_->open_stored(std::move(runs));
    Q_EMIT opened();
  });
}

void StoredRunsOpener::open_several(const std::vector<std::int64_t>& ids) {
  store_->load(ids, false, [this](std::vector<RunData> runs) {
    shown_->open_stored(std::move(runs));
    Q_EMIT opened();
  });
}

void StoredRunsOpener::overlay(std::vector<std::int64_t> ids,
                               std::function<bool(std::int64_t)> still_wanted) {
  store_->load(std::move(ids), false,
               [this, still_wanted = std::move(still_wanted)](std::vector<RunData> runs) {
                 std::erase_if(runs, [&](const RunData& run) { return !still_wanted(run.id); });
                 shown_->add_overlays(std::move(runs));
               });
}

void StoredRunsOpener::to_form(std::int64_t id) {
  settings(id, true, [this](const ExperimentPlan& plan) { Q_EMIT settings_read(plan); });
}

void StoredRunsOpener::to_clipboard(std::int64_t id) {
  settings(id, false, [this, id](const ExperimentPlan& plan) {
    // With what was done to the run while it was in progress.
    RunReader reader(store_->database().toStdString());
    const std::vector<std::int64_t> race = reader.race_of(id);
    const auto place = std::find(race.begin(), race.end(), id) - race.begin();
    QApplication::clipboard()->setText(QString::fromStdString(
        plan_to_command(plan) + at_options(reader.commands(id, -1), static_cast<int>(place))));
    Q_EMIT note(tr("The command is on the clipboard"));
  });
}

void StoredRunsOpener::settings(std::int64_t id, bool whole_race,
                                std::function<void(const ExperimentPlan&)> use) {
  store_->load({id}, whole_race, [this, use = std::move(use)](std::vector<RunData> runs) {
    try {
      ExperimentPlan plan;
      for (const RunData& run : runs) plan.racers.push_back(stored_experiment(run));
      plan.is_race = plan.racers.size() > 1;
      use(plan);
    } catch (const std::exception& error) {
      Q_EMIT trouble(tr("The run's settings can't be read: %1").arg(QString::fromUtf8(error.what())));
    }
  });
}

}  // namespace grapevine
