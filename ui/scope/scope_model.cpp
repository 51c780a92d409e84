// The scope's state: runs, measures, switches. Time stands in scope_time.cpp.
#include "ui/scope/scope_model.h"

#include <algorithm>
#include <cmath>

#include "engine/experiment/registry.h"
#include "ui/scope/run_colour.h"

namespace grapevine {
namespace {

/// "test_accuracy" → "accuracy": training's and test's curves of one quantity share a figure.
std::string quantity_of(const std::string& key) {
  for (const char* prefix : {"train_", "test_", "validation_"}) {
    if (key.starts_with(prefix)) return key.substr(std::string(prefix).size());
  }
  return key;
}

/// "batch loss" → "Batch loss"; "cos(B, J̄)" and other formulas stay.
std::string as_title(std::string name) {
  if (name.find('(') == std::string::npos && name[0] >= 'a' && name[0] <= 'z')
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

bool suits_lines(const MeasureDescriptor& measure, bool shares) {
  // A language model's perplexity stands in the accuracy's figure.
  const bool score = measure.quantity == Quantity::share || measure.quantity == Quantity::perplexity;
  return !measure.per_point && measure.quantity != Quantity::cosine && score == shares;
}

}  // namespace

ScopeModel::ScopeModel() {
  figures_.resize(7);
  figures_[0].title = "Accuracy";
  figures_[0].shares = true;
  figures_[1].title = "Loss";
  figures_[2].kind = FigureKind::layers;
  figures_[2].title = "Alignment of each layer";
  figures_[2].weight = 1.35;
  figures_[3].kind = FigureKind::heat_map;
  figures_[3].title = "Layer × time";
  figures_[3].weight = 0.9;
  figures_[4].kind = FigureKind::events;
  figures_[4].title = "Events";
  figures_[5].kind = FigureKind::stage;
  figures_[5].title = "Where feedback points";
  figures_[6].kind = FigureKind::plane;
  figures_[6].title = "Accuracy against alignment";
  figures_[6].shown = false;  // for who asks for it
}

void ScopeModel::set_runs(const std::vector<RunView>& runs, const std::vector<std::string>& labels,
                          const std::vector<MeanView>& means) {
  for (const Racer& racer : racers_) remembered_[racer.label] = racer.visible;
  racers_.clear();
  clock_ = nullptr;
  cache_.clear();
  highlighted = -1;
  const std::vector<HueBearer> bearers = hue_bearers(runs);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    Racer racer;
    racer.run = runs[i];
    if (i < means.size()) racer.mean = means[i];
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

Colour ScopeModel::colour_of(int racer) const {
  const Racer& its = racers_[static_cast<std::size_t>(racer)];
  return run_colour(*its.run, its.shade, theme());
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
  const FigureState& state = figures_[static_cast<std::size_t>(figure)];
  std::vector<int> found;
  const auto& all = measures();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool suits = state.kind == FigureKind::lines ? suits_lines(all[i], state.shares)
                       : state.kind == FigureKind::layers || state.kind == FigureKind::heat_map
                           ? all[i].per_point
                           : false;
    if (suits) found.push_back(static_cast<int>(i));
  }
  std::stable_partition(found.begin(), found.end(), [this](int m) { return measure_has_data(m, false); });
  return found;
}

void ScopeModel::choose_measure(int figure, std::vector<int> measures) {
  FigureState& state = figures_[static_cast<std::size_t>(figure)];
  if (state.kind == FigureKind::layers || state.kind == FigureKind::heat_map) {
    set_layer_measure(measures.empty() ? -1 : measures.front());
    return;
  }
  state.measures = std::move(measures);
  state.chosen = true;
  state.y_fixed = false;
}

int ScopeModel::layer_measure() const {
  for (const FigureState& figure : figures_) {
    if (figure.kind == FigureKind::layers) return figure.measures.empty() ? -1 : figure.measures.front();
  }
  return -1;
}

void ScopeModel::set_layer_measure(int measure) {
  for (FigureState& figure : figures_) {
    if (figure.kind != FigureKind::layers && figure.kind != FigureKind::heat_map) continue;
    figure.measures = {measure};
    figure.chosen = true;
    figure.y_fixed = false;
  }
}

std::string ScopeModel::title_of(int figure) const {
  const FigureState& state = figures_[static_cast<std::size_t>(figure)];
  if (state.measures.empty()) return state.title;
  const MeasureDescriptor& measure = measures()[static_cast<std::size_t>(state.measures.front())];
  if (state.kind == FigureKind::heat_map) return as_title(measure.name) + ", layer × time";
  if (state.kind == FigureKind::layers) return as_title(measure.name) + " of each layer";
  std::string names = as_title(measure.name);
  if (view == ScopeView::stage) return names;
  for (std::size_t i = 1; i < state.measures.size(); ++i) {
    names += " · " + measures()[static_cast<std::size_t>(state.measures[i])].name + " (thin)";
  }
  return names;
}

void ScopeModel::advance() {
  find_clocks();
  pick_measures();
  if (follow_) follow_newest();
}

void ScopeModel::pick_measures() {
  for (FigureState& figure : figures_) {
    if (figure.kind == FigureKind::lines && !figure.chosen) pick_line_measures(figure);
  }
  pick_layer_measure();
}

void ScopeModel::pick_line_measures(FigureState& figure) {
  // The curve on held-out data is the one to read; the batch's beside it is the one that moves first.
  const auto& all = measures();
  figure.measures.clear();
  for (const char* prefix : {"test_", "validation_", "train_", ""}) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const int index = static_cast<int>(i);
      if (!suits_lines(all[i], figure.shares) || !all[i].key.starts_with(prefix)) continue;
      if (!measure_has_data(index, false)) continue;
      figure.measures = {index};
      const int batch = measure_index(quantity_of(all[i].key));
      if (batch >= 0 && batch != index && measure_has_data(batch, false)) figure.measures.push_back(batch);
      return;
    }
  }
}

void ScopeModel::pick_layer_measure() {
  int picked = -1;
  for (const FigureState& figure : figures_) {
    if (figure.kind == FigureKind::layers && figure.chosen) return;
  }
  const auto& all = measures();
  const int preferred = measure_index("cos_b_j");
  if (preferred >= 0 && measure_has_data(preferred, true)) picked = preferred;
  for (std::size_t i = 0; i < all.size() && picked < 0; ++i) {
    if (all[i].per_point && all[i].quantity == Quantity::cosine &&
        measure_has_data(static_cast<int>(i), true))
      picked = static_cast<int>(i);
  }
  if (picked < 0) picked = preferred;
  for (FigureState& figure : figures_) {
    if (figure.kind != FigureKind::layers && figure.kind != FigureKind::heat_map) continue;
    figure.measures.clear();
    if (picked >= 0) figure.measures.push_back(picked);
  }
}

ScopeModel::Control ScopeModel::control_of(int figure) const {
  const FigureState& state = figures_[static_cast<std::size_t>(figure)];
  if (state.kind != FigureKind::lines && state.kind != FigureKind::layers) return Control::none;
  if (state.measures.empty())
    return state.kind == FigureKind::lines && !state.shares ? Control::log : Control::none;
  const MeasureDescriptor& measure = measures()[static_cast<std::size_t>(state.measures.front())];
  if (measure.quantity == Quantity::cosine) return Control::degrees;
  return measure.quantity == Quantity::share ? Control::none : Control::log;
}

void ScopeModel::toggle_control(int figure) {
  if (control_of(figure) == Control::degrees)
    degrees = !degrees;
  else
    toggle_log(figure);
}

void ScopeModel::toggle_log(int figure) {
  const bool one = figure >= 0 && figure < static_cast<int>(figures_.size()) && has_log_control(figure);
  for (std::size_t i = 0; i < figures_.size(); ++i) {
    if (one ? static_cast<int>(i) != figure : !has_log_control(static_cast<int>(i))) continue;
    figures_[i].log = !figures_[i].log;
    figures_[i].y_fixed = false;
  }
}

void ScopeModel::set_smoothing(double smoothing) {
  smoothing_ = std::clamp(smoothing, 0.0, 0.999);
}

double ScopeModel::smoothing_of(int measure) const {
  const std::string& key = measures()[static_cast<std::size_t>(measure)].key;
  return quantity_of(key) == key ? smoothing_ : 0;
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
  return {SeriesView(series, time_axis_), racer.run->revision, smoothing};
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
