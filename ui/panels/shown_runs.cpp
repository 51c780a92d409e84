// What the figures show.
#include "ui/panels/shown_runs.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/error.h"
#include "engine/experiment/experiment.h"
#include "ui/panels/words.h"

namespace grapevine {

QStringList labels_of_stored(const std::vector<const RunData*>& runs) {
  std::vector<Experiment> experiments;
  QStringList plain;
  for (const RunData* run : runs) {
    plain << name_of_rule(run->rule);
    try {
      experiments.push_back(Experiment::from_json(nlohmann::json::parse(run->experiment)));
    } catch (const std::exception&) {
      // Settings of another version: the rule's name has to do.
    }
  }
  return experiments.size() == runs.size() ? names_of_racers(experiments) : plain;
}

ShownRuns::ShownRuns(QObject* parent) : QObject(parent) {}

void ShownRuns::set_live(const std::vector<RunData>* runs, const QStringList& labels) {
  live_ = runs;
  live_labels_ = labels;
  std::move(opened_.begin(), opened_.end(), std::back_inserter(leaving_));
  opened_.clear();
  tell();
}

void ShownRuns::open_stored(std::vector<RunData> runs) {
  std::move(opened_.begin(), opened_.end(), std::back_inserter(leaving_));
  opened_.clear();
  std::vector<const RunData*> list;
  for (RunData& run : runs) {
    opened_.push_back(std::make_unique<RunData>(std::move(run)));
    list.push_back(opened_.back().get());
  }
  opened_labels_ = labels_of_stored(list);
  tell();
}

void ShownRuns::back_to_live() {
  if (opened_.empty()) return;
  std::move(opened_.begin(), opened_.end(), std::back_inserter(leaving_));
  opened_.clear();
  tell();
}

void ShownRuns::add_overlay(RunData run) {
  auto& place = overlays_[run.id];
  if (place) leaving_.push_back(std::move(place));
  place = std::make_unique<RunData>(std::move(run));
  tell();
}

void ShownRuns::remove_overlay(std::int64_t id) {
  const auto known = overlays_.find(id);
  if (known == overlays_.end()) return;
  leaving_.push_back(std::move(known->second));
  overlays_.erase(known);
  tell();
}

void ShownRuns::clear_overlays() {
  for (auto& [id, run] : overlays_) leaving_.push_back(std::move(run));
  overlays_.clear();
  tell();
}

void ShownRuns::forget(std::int64_t id) {
  remove_overlay(id);
  if (std::any_of(opened_.begin(), opened_.end(), [&](const auto& run) { return run->id == id; }))
    back_to_live();
}

std::vector<const RunData*> ShownRuns::runs() const {
  std::vector<const RunData*> list;
  if (!opened_.empty()) {
    for (const auto& run : opened_) list.push_back(run.get());
  } else if (live_) {
    for (const RunData& run : *live_) list.push_back(&run);
  }
  for (const auto& [id, run] : overlays_)
    if (std::none_of(list.begin(), list.end(), [&](const RunData* shown) { return shown->id == id; }))
      list.push_back(run.get());
  return list;
}

std::vector<QString> ShownRuns::labels() const {
  const QStringList& base = opened_.empty() ? live_labels_ : opened_labels_;
  const std::vector<const RunData*> list = runs();
  std::vector<QString> labels;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const bool in_front = static_cast<qsizetype>(i) < base.size();
    labels.push_back(in_front ? base[static_cast<qsizetype>(i)]
                              : tr("%1 (run %2)").arg(name_of_rule(list[i]->rule)).arg(list[i]->id));
  }
  return labels;
}

void ShownRuns::tell() {
  Q_EMIT changed();
  leaving_.clear();
}

}  // namespace grapevine
