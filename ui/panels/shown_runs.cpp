// What the figures show.
#include "ui/panels/shown_runs.h"

#include <algorithm>
#include <utility>

#include "engine/error.h"
#include "engine/runs/run_labels.h"
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

QStringList labels_that_differ(const std::vector<RunView>& runs) {
  std::vector<const RunData*> looked_at;
  for (const RunView& run : runs) looked_at.push_back(run.get());
  QStringList labels;
  for (const std::string& label : labels_that_differ(looked_at)) labels << QString::fromStdString(label);
  return labels;
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
  opened_race_ = opened_.size() > 1 && std::all_of(opened_.begin(), opened_.end(), [&](const RunView& run) {
                   return run->group_uuid == opened_.front()->group_uuid && !run->group_uuid.empty();
                 });
  opened_labels_ = opened_race_ ? labels_of_stored(opened_) : labels_that_differ(opened_);
  Q_EMIT changed();
}

void ShownRuns::back_to_live() {
  if (opened_.empty()) return;
  opened_.clear();
  Q_EMIT changed();
}

void ShownRuns::add_overlay(RunData run) {
  std::vector<RunData> one;
  one.push_back(std::move(run));
  add_overlays(std::move(one));
}

void ShownRuns::add_overlays(std::vector<RunData> runs) {
  for (RunData& run : runs) {
    const std::int64_t id = run.id;
    overlays_[id] = std::make_shared<const RunData>(std::move(run));
  }
  if (!runs.empty()) Q_EMIT changed();
}

void ShownRuns::remove_overlay(std::int64_t id) {
  remove_overlays({id});
}

void ShownRuns::remove_overlays(const std::vector<std::int64_t>& ids) {
  std::size_t gone = 0;
  for (const std::int64_t id : ids) gone += overlays_.erase(id);
  if (gone != 0) Q_EMIT changed();
}

void ShownRuns::clear_overlays() {
  overlays_.clear();
  Q_EMIT changed();
}

void ShownRuns::set_colour(std::int64_t id, const std::optional<std::uint32_t>& chosen) {
  const auto recolour = [&](RunData& run) {
    run.colour_chosen = chosen.has_value();
    if (chosen) run.colour = *chosen;
  };
  const auto recolour_copy = [&](RunView& run) {
    if (run->id != id) return;
    auto changed = std::make_shared<RunData>(*run);
    recolour(*changed);
    run = std::move(changed);
  };
  // A copy of a run in progress would not grow; LiveRuns made it to be changed, in this thread.
  for (const RunView& run : live_)
    if (run->id == id) recolour(*std::const_pointer_cast<RunData>(run));
  for (RunView& run : opened_) recolour_copy(run);
  if (const auto overlay = overlays_.find(id); overlay != overlays_.end()) recolour_copy(overlay->second);
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

void ShownRuns::set_groups(std::vector<ShownGroup> groups) {
  if (groups.empty() && groups_.empty()) return;
  groups_ = std::move(groups);
  Q_EMIT changed();
}

std::vector<RunView> ShownRuns::runs() const {
  std::vector<RunView> list = single_runs();
  for (const ShownGroup& group : groups_) list.emplace_back(group.mean, &group.mean->data);
  return list;
}

std::vector<MeanView> ShownRuns::means() const {
  std::vector<MeanView> means(single_runs().size());
  for (const ShownGroup& group : groups_) means.push_back(group.mean);
  return means;
}

std::vector<RunView> ShownRuns::single_runs() const {
  std::vector<RunView> list = in_front();
  for (const auto& [id, run] : overlays_)
    if (std::none_of(list.begin(), list.end(), [&](const RunView& shown) { return shown->id == id; }))
      list.push_back(run);
  return list;
}

std::vector<QString> ShownRuns::labels() const {
  const std::vector<RunView> list = single_runs();
  // What is laid over single runs is told apart from them as from each other.
  const bool alike = !opened_.empty() && !opened_race_;
  const QStringList base = alike ? labels_that_differ(list) : labels_in_front();
  const std::vector<RunView> over(list.begin() + std::min(base.size(), static_cast<qsizetype>(list.size())),
                                  list.end());
  const QStringList over_labels = labels_that_differ(over);
  std::vector<QString> labels;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto place = static_cast<qsizetype>(i);
    if (place < base.size()) {
      labels.push_back(base[place]);
      continue;
    }
    // A run that is laid over a live run of the same name is recognized by its number.
    QString label = over_labels[place - base.size()];
    if (base.contains(label)) label = tr("%1 (run %2)").arg(label).arg(list[i]->id);
    labels.push_back(label);
  }
  for (const ShownGroup& group : groups_) {
    const int seeds = seeds_in(*group.mean);
    const auto members = static_cast<int>(group.mean->members.size());
    labels.push_back(members > seeds ? tr("%1 (N %2, %3 runs)").arg(group.label).arg(seeds).arg(members)
                                     : tr("%1 (N %2)").arg(group.label).arg(seeds));
  }
  return labels;
}

}  // namespace grapevine
