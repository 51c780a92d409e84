// The scope's state: runs, measures, switches. Time is in scope_time.cpp.
#include "ui/scope/scope_model.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/registry.h"
#include "engine/runs/stored_settings.h"
#include "ui/scope/figure_entry.h"
#include "ui/scope/run_colour.h"

namespace grapevine {
namespace {

template <class Figures>
auto& figure_with(Figures& figures, std::string_view key) {
  const auto found = std::find_if(figures.begin(), figures.end(), [&](const FigureState& state) {
    return state.entry->traits().key == key && !state.added;
  });
  if (found == figures.end()) throw std::logic_error("figures.def has no " + std::string(key));
  return *found;
}

/// One of those that share the one measure of layers.
bool of_layers(const FigureState& state) {
  return state.entry->traits().of_layers && !state.added;
}

/// Samples in a training batch, as the run's settings have it; 1 where it has none.
double batch_of(const RunData& run) {
  const std::int64_t batch = StoredSettings::of(run.experiment).given(&TrainSettings::batch).value_or(1);
  return static_cast<double>(batch);
}

}  // namespace

std::string as_title(std::string name) {
  if (name.find('(') == std::string::npos && name[0] >= 'a' && name[0] <= 'z')
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

ScopeModel::ScopeModel() {
  for (const FigureEntry* entry : figure_entries()) {
    FigureState state;
    state.entry = entry;
    state.shown = entry->traits().shown;
    figures_.push_back(state);
  }
}

FigureState& ScopeModel::figure(std::string_view key) {
  return figure_with(figures_, key);
}

const FigureState& ScopeModel::figure(std::string_view key) const {
  return figure_with(figures_, key);
}

void ScopeModel::set_runs(const std::vector<RunView>& runs, const std::vector<std::string>& labels,
                          const std::vector<MeanView>& means) {
  for (const Racer& racer : racers_) remembered_[racer.label] = racer.visible;
  racers_.clear();
  clock_ = nullptr;
  ++runs_shown_;
  highlighted = -1;
  const std::vector<HueBearer> bearers = hue_bearers(runs);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    Racer racer;
    racer.run = runs[i];
    if (i < means.size()) racer.mean = means[i];
    racer.samples_per_step = batch_of(*runs[i]);
    racer.label = i < labels.size() && !labels[i].empty() ? labels[i] : runs[i]->name;
    racer.shade = bearers[i].shade;
    racer.dash = static_cast<Dash>((bearers[i].first + bearers[i].shade) % 4);
    const auto known = remembered_.find(racer.label);
    racer.visible = known == remembered_.end() || known->second;
    racers_.push_back(racer);
  }
  if (layer_racer_ >= static_cast<int>(racers_.size())) layer_racer_ = -1;
  sketches_.assign(racers_.size(), {});
  hovered_place.reset();
  chosen_place.reset();
  open_fold.reset();
  held.reset();
}

void ScopeModel::keep_runs_as_they_are() {
  const int batch_loss =
      measure_index(key_in(Phase::batch, family::loss));  // one value per step, and nowhere on the stage
  for (Racer& racer : racers_) {
    RunData kept = *racer.run;
    kept.series.erase({batch_loss, 0});
    racer.run = std::make_shared<const RunData>(std::move(kept));
    racer.mean = nullptr;
    racer.clock = nullptr;
  }
  clock_ = nullptr;
  ++runs_shown_;
}

bool ScopeModel::any_data() const {
  return std::any_of(racers_.begin(), racers_.end(), [](const Racer& racer) {
    return std::any_of(racer.run->series.begin(), racer.run->series.end(),
                       [](const auto& entry) { return entry.second.size() > 0; });
  });
}

bool ScopeModel::measure_has_data(int measure, bool only_visible) const {
  for (const Racer& racer : racers_) {
    if (only_visible && !racer.visible) continue;
    const auto first = racer.run->series.lower_bound({measure, 0});
    for (auto it = first; it != racer.run->series.end() && it->first.first == measure; ++it) {
      if (it->second.size() > 0) return true;
    }
  }
  return false;
}

std::vector<int> ScopeModel::choices(int figure) const {
  return choices(*figures_[static_cast<std::size_t>(figure)].entry);
}

std::vector<int> ScopeModel::choices(const FigureEntry& entry) const {
  std::vector<int> found;
  const auto& all = measures();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (entry.offers(all[i])) found.push_back(static_cast<int>(i));
  std::stable_partition(found.begin(), found.end(), [this](int m) { return measure_has_data(m, false); });
  return found;
}

void ScopeModel::choose_measure(int figure, std::vector<int> measures) {
  FigureState& state = figures_[static_cast<std::size_t>(figure)];
  if (of_layers(state)) {
    set_layer_measure(measures.empty() ? -1 : measures.front());
    return;
  }
  state.measures = std::move(measures);
  state.chosen = true;
  state.y_fixed = false;
}

void ScopeModel::choose_across(int figure, int measure) {
  FigureState& state = figures_[static_cast<std::size_t>(figure)];
  state.across = measure;
  state.y_fixed = false;
}

int ScopeModel::layer_measure() const {
  const auto found = std::find_if(figures_.begin(), figures_.end(), of_layers);
  return found == figures_.end() || found->measures.empty() ? -1 : found->measures.front();
}

std::string ScopeModel::layer_measure_key() const {
  const int measure = layer_measure();
  return measure < 0 ? std::string() : measures()[static_cast<std::size_t>(measure)].key;
}

void ScopeModel::set_layer_measure(int measure) {
  for (FigureState& figure : figures_) {
    if (!of_layers(figure)) continue;
    figure.measures = {measure};
    figure.chosen = true;
    figure.y_fixed = false;
  }
}

void ScopeModel::set_layer_measure(std::string_view key) {
  if (const int measure = measure_index(std::string(key)); measure >= 0) set_layer_measure(measure);
}

std::string ScopeModel::title_of(int figure) const {
  const FigureState& state = figures_[static_cast<std::size_t>(figure)];
  return state.entry->title(state, view);
}

void ScopeModel::advance() {
  find_clocks();
  pick_measures();
  if (follow_) follow_newest();
}

void ScopeModel::pick_measures() {
  for (FigureState& figure : figures_)
    if (!figure.chosen) figure.measures = figure.entry->pick(*this);
}

FigureSwitch ScopeModel::switch_of(int figure) const {
  const FigureState& state = figures_[static_cast<std::size_t>(figure)];
  return state.entry->switch_of(state);
}

void ScopeModel::toggle_switch(int figure) {
  if (switch_of(figure) == FigureSwitch::degrees)
    degrees = !degrees;
  else
    toggle_log(figure);
}

void ScopeModel::toggle_log(int figure) {
  const auto has_log = [this](int index) { return switch_of(index) == FigureSwitch::log; };
  const bool one = figure >= 0 && figure < static_cast<int>(figures_.size()) && has_log(figure);
  for (std::size_t i = 0; i < figures_.size(); ++i) {
    if (one ? static_cast<int>(i) != figure : !has_log(static_cast<int>(i))) continue;
    figures_[i].log = !figures_[i].log;
    figures_[i].y_fixed = false;
  }
}

void ScopeModel::set_smoothing(double smoothing) {
  smoothing_ = std::clamp(smoothing, 0.0, 0.999);
}

double ScopeModel::smoothing_of(int measure) const {
  const MeasureDescriptor& its = measures()[static_cast<std::size_t>(measure)];
  return its.family == its.key ? smoothing_ : 0;
}

Dash ScopeModel::dash_of(int racer) const {
  const Racer& its = racers_[static_cast<std::size_t>(racer)];
  if (dashes_everywhere) return its.dash;
  return static_cast<Dash>(its.shade % 4);
}

int ScopeModel::first_lookalike() const {
  const auto found =
      std::find_if(racers_.begin(), racers_.end(), [](const Racer& racer) { return racer.shade >= kLooks; });
  return found == racers_.end() ? -1 : static_cast<int>(found - racers_.begin());
}

bool ScopeModel::dashes_in_use() const {
  return dashes_everywhere ||
         std::any_of(racers_.begin(), racers_.end(), [](const Racer& racer) { return racer.shade > 0; });
}

void ScopeModel::set_layer_racer(int racer) {
  layer_racer_ = racer >= 0 && racer < static_cast<int>(racers_.size()) ? racer : -1;
}

bool ScopeModel::visible(int racer) const {
  return racer >= 0 && racer < static_cast<int>(racers_.size()) &&
         racers_[static_cast<std::size_t>(racer)].visible;
}

void ScopeModel::set_visible(int racer, bool visible) {
  if (racer < 0 || racer >= static_cast<int>(racers_.size())) return;
  racers_[static_cast<std::size_t>(racer)].visible = visible;
}

void ScopeModel::solo(int racer) {
  const bool alone = visible(racer) && std::count_if(racers_.begin(), racers_.end(),
                                                     [](const Racer& r) { return r.visible; }) == 1;
  for (std::size_t i = 0; i < racers_.size(); ++i) racers_[i].visible = alone || static_cast<int>(i) == racer;
}

double ScopeModel::smoothing_between_samples(const Series& series) const {
  const std::size_t count = series.size();
  if (count < 2 || smoothing_ <= 0) return smoothing_;
  const double gap = std::round(static_cast<double>(series.step.back() - series.step.front()) /
                                static_cast<double>(count - 1));
  const double weight = std::pow(smoothing_, std::max(gap, 1.0));
  return weight < 0.05 ? 0 : weight;
}

LineRequest ScopeModel::request(const Racer& racer, const Series& series, double smoothing) const {
  return {racer.view(series, time_axis_), racer.run->revision, smoothing};
}

std::vector<int> ScopeModel::layer_racers(int measure) const {
  std::vector<int> found;
  for (std::size_t i = 0; i < racers_.size(); ++i) {
    const int index = static_cast<int>(i);
    if (layer_racer_ >= 0 ? index != layer_racer_ : !racers_[i].visible) continue;
    const auto first = racers_[i].run->series.lower_bound({measure, 1});
    if (first != racers_[i].run->series.end() && first->first.first == measure) found.push_back(index);
  }
  return found;
}

}  // namespace grapevine
