// What the figures show.
#include "ui/panels/shown_runs.h"

#include <algorithm>
#include <utility>

#include "engine/error.h"
#include "engine/runs/stored_experiment.h"
#include "ui/panels/words.h"

namespace grapevine {

QStringList labels_of_stored(const std::vector<RunView>& runs) {
  std::vector<Experiment> experiments;
  QStringList plain;
  for (const RunView& run : runs) {
    plain << name_of_rule(run->rule);
    try {
      experiments.push_back(stored_experiment(*run));
    } catch (const Error&) {
      // Settings of another version: the rule's name has to do.
    }
  }
  return experiments.size() == runs.size() ? names_of_racers(experiments) : plain;
}

ShownRuns::ShownRuns(QObject* parent) : QObject(parent) {}

void ShownRuns::set_live(std::vector<RunView> runs, const QStringList& labels) {
  live_ = std::move(runs);
  live_labels_ = labels;
  opened_.clear();
  Q_EMIT changed();
}

void ShownRuns::open_stored(std::vector<RunData> runs) {
  opened_.clear();
  for (RunData& run : runs) opened_.push_back(std::make_shared<const RunData>(std::move(run)));
  opened_labels_ = labels_of_stored(opened_);
  Q_EMIT changed();
}

void ShownRuns::back_to_live() {
  if (opened_.empty()) return;
  opened_.clear();
  Q_EMIT changed();
}

void ShownRuns::add_overlay(RunData run) {
  const std::int64_t id = run.id;
  overlays_[id] = std::make_shared<const RunData>(std::move(run));
  Q_EMIT changed();
}

void ShownRuns::remove_overlay(std::int64_t id) {
  if (overlays_.erase(id) != 0) Q_EMIT changed();
}

void ShownRuns::clear_overlays() {
  overlays_.clear();
  Q_EMIT changed();
}

void ShownRuns::forget(std::int64_t id) {
  remove_overlay(id);
  if (std::any_of(opened_.begin(), opened_.end(), [&](const auto& run) { return run->id == id; }))
    back_to_live();
}

std::vector<std::int64_t> ShownRuns::overlaid() const {
  std::vector<std::int64_t> ids;
  const auto& front = in_front();
  for (const auto& [id, run] : overlays_)
    if (std::none_of(front.begin(), front.end(),
                     [&, id = id](const RunView& shown) { return shown->id == id; }))
      ids.push_back(id);
  return ids;
}

std::vector<KeptRun> ShownRuns::kept() const {
  std::vector<KeptRun> kept;
  for (const RunView& run : in_front())
    if (run->id > 0) kept.push_back({run->id, run->uuid, false});
  for (const std::int64_t id : overlaid()) kept.push_back({id, overlays_.at(id)->uuid, true});
  return kept;
}

std::vector<RunView> ShownRuns::runs() const {
  std::vector<RunView> list = in_front();
  for (const auto& [id, run] : overlays_)
    if (std::none_of(list.begin(), list.end(), [&](const RunView& shown) { return shown->id == id; }))
      list.push_back(run);
  return list;
}

std::vector<QString> ShownRuns::labels() const {
  const QStringList& base = labels_in_front();
  const std::vector<RunView> list = runs();
  std::vector<QString> labels;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const bool in_front = static_cast<qsizetype>(i) < base.size();
    labels.push_back(in_front ? base[static_cast<qsizetype>(i)]
                              : tr("%1 (run %2)").arg(name_of_rule(list[i]->rule)).arg(list[i]->id));
  }
  return labels;
}

}  // namespace grapevine
