// The stage's numbers from the runs'.
#include "ui/scope/figures/stage_data.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "engine/experiment/entry_keys.h"
#include "engine/experiment/settings.h"
#include "ui/plot/figure_words.h"
#include "ui/plot/series_view.h"
#include "ui/scope/figures/stage_gap.h"

namespace grapevine {
namespace {

constexpr double kDegrees = 180 / std::numbers::pi;
/// Probes that the cosine of one random direction is averaged over: a single one says nothing.
constexpr int kAveraged = 20;

/// Index of the last sample that was known at a time; nothing where there is none.
std::optional<std::size_t> known_at(const Series* series, TimeAxis axis, std::optional<double> time) {
  if (!series || series->size() == 0) return std::nullopt;
  if (!time) return series->size() - 1;
  const SeriesView view(*series, axis);
  const std::size_t after = view.lower_bound(*time + std::max(std::abs(*time), 1.0) * 1e-9);
  return after == 0 ? std::nullopt : std::optional(after - 1);
}

const char* key_of(Needle needle) {
  return needle_measure(needle).key.c_str();
}

/// One run read at one time.
class Reader {
 public:
  Reader(const RunData& run, TimeAxis axis, std::optional<double> time)
      : run_(run), axis_(axis), time_(time) {}

  double value(const char* key, int point = 0) const {
    const Series* series = run_.find(key, point);
    const auto i = known_at(series, axis_, time_);
    return i ? series->value[*i] : kUnknown;
  }
  std::int64_t step(const char* key, int point) const {
    const Series* series = run_.find(key, point);
    const auto i = known_at(series, axis_, time_);
    return i ? series->step[*i] : -1;
  }
  double before_step(const char* key, int point, std::int64_t step) const {
    const Series* series = run_.find(key, point);
    if (!series) return kUnknown;
    const auto at = std::lower_bound(series->step.begin(), series->step.end(), step) - series->step.begin();
    return at == 0 ? kUnknown : series->value[static_cast<std::size_t>(at - 1)];
  }
  /// The mean of the last `count` values, and how many there were.
  std::pair<double, int> recent_mean(const char* key, int point, int count) const {
    const Series* series = run_.find(key, point);
    const auto last = known_at(series, axis_, time_);
    if (!last) return {kUnknown, 0};
    double sum = 0;
    int found = 0;
    for (std::size_t i = *last + 1; i-- > 0 && found < count;) {
      if (std::isnan(series->value[i])) continue;
      sum += series->value[i];
      ++found;
    }
    return {found > 0 ? sum / found : kUnknown, found};
  }
  bool has(const char* key, int point) const {
    return known_at(run_.find(key, point), axis_, time_).has_value();
  }
  /// Whether an event had happened.
  bool past(const Event& event) const {
    if (!time_) return true;
    if (axis_ == TimeAxis::epoch) return event.epoch <= *time_ + 1e-9;
    if (axis_ == TimeAxis::step) return static_cast<double>(event.step) <= *time_ + 1e-9;
    for (const auto& [key, series] : run_.series) {
      const auto i = known_at(&series, axis_, time_);
      if (i && series.step[*i] >= event.step) return true;
    }
    return false;
  }
  bool newest() const { return !time_; }
  const RunData& run() const { return run_; }

  std::vector<StageNumber> numbers(int point) const {
    std::vector<StageNumber> found;
    const auto& all = measures();
    for (std::size_t m = 0; m < all.size(); ++m) {
      if (!all[m].per_point || all[m].is_error) continue;
      const Series* series = run_.find(static_cast<int>(m), point);
      const auto i = known_at(series, axis_, time_);
      if (!i) continue;
      found.push_back(
          {static_cast<int>(m), series->step[*i], series->value[*i], value(all[m].error.c_str(), point)});
    }
    return found;
  }

 private:
  const RunData& run_;
  TimeAxis axis_;
  std::optional<double> time_;
};

int points_of(const StageRacer& racer) {
  if (!racer.sketch->segments.empty()) return static_cast<int>(racer.sketch->segments.size()) - 1;
  const auto largest = [&](Needle needle) { return racer.run->points_of(measure_index(key_of(needle))); };
  return std::max({largest(Needle::median), largest(Needle::signal), largest(Needle::update) - 1, 0});
}

double angle_of_cosine(double cosine) {
  return std::isnan(cosine) ? kUnknown : std::acos(std::clamp(cosine, -1.0, 1.0)) * kDegrees;
}

void read_needle(const Reader& reader, FeedbackRoute route, StageDial& dial) {
  const int l = dial.point;
  if (route == FeedbackRoute::backward) {
    dial.reading = DialReading::exact;
    dial.angle = 0;
  } else if (reader.has(key_of(Needle::median), l)) {
    dial.reading = DialReading::median;
    dial.angle = reader.value(key_of(Needle::median), l);
    dial.low = reader.value(key_of(Needle::low), l);
    dial.high = reader.value(key_of(Needle::high), l);
  } else if (reader.has(key_of(Needle::signal), l)) {
    dial.reading = DialReading::mean_cosine;
    dial.angle = angle_of_cosine(reader.value(key_of(Needle::signal), l));
  } else if (reader.has(key_of(Needle::update), l)) {
    dial.reading = DialReading::update;
    // A rule that follows tangents updates along one random draw: its cosine is noise of mean ≥ 0.
    const int count = route == FeedbackRoute::forward ? kAveraged : 1;
    std::tie(dial.update, dial.averaged) = reader.recent_mean(key_of(Needle::update), l, count);
  }
}

/// What the arrow's colour is: of rules with matrices their cosine with J̄, of transports the angle above the
/// point.
void read_tone(const Reader& reader, const RuleDescriptor& rule, const char* key, StageDial& dial) {
  if (rule.look.route == FeedbackRoute::backward) {
    dial.tone = 1;
  } else if (rule.has_transport) {
    const double angle = reader.value(measure_keys::angle, dial.point + 1);
    dial.tone = std::isnan(angle) ? kUnknown : std::cos(angle / kDegrees);
  } else if (rule.has_feedback && key) {
    const double error = reader.value(find_measure(key)->error.c_str(), dial.point);
    // Of an estimate, as much as is certain.
    dial.tone = rule.alignment_sign * reader.value(key, dial.point) - (std::isnan(error) ? 0 : error);
  }
}

const char* tone_key(const RunData& run) {
  for (const char* key : {measure_keys::cos_b_j_centred, measure_keys::cos_b_j})
    if (run.points_of(measure_index(key)) > 0) return key;
  return nullptr;
}

std::string tone_name(const RuleDescriptor& rule, const char* key) {
  if (rule.look.route == FeedbackRoute::backward) return {};
  if (rule.has_transport) return "cos(W, transport)";
  if (!rule.has_feedback || !key) return {};
  const std::string name = measures()[static_cast<std::size_t>(measure_index(key))].name;
  return rule.alignment_sign < 0 ? "−" + name : name;
}

/// The newest test; a batch's at the needles' step, or the newest where there are none.
StageScore score_of(const Reader& reader, std::int64_t probe_step) {
  for (const Phase phase : {Phase::test, Phase::validation, Phase::batch})
    for (const MeasureDescriptor* score : scores(phase)) {
      const char* key = score->key.c_str();
      const bool batch = phase == Phase::batch;
      const bool with_needles = batch && probe_step >= 0;
      const double value = with_needles ? reader.before_step(key, 0, probe_step + 1) : reader.value(key);
      if (std::isnan(value)) continue;
      const std::int64_t step = with_needles ? probe_step : reader.step(key, 0);
      return {score->name, value, !batch, score->quantity == Quantity::perplexity, step};
    }
  return {figure_words("not measured yet"), kUnknown, false, false, -1};
}

void read_calibrations(const Reader& reader, StageColumn& column) {
  for (const Event& event : reader.run().events) {
    if (event.kind != EventKind::calibration || !reader.past(event)) continue;
    column.calibration_step = event.step;
    column.calibration_cause = event.cause;
  }
  if (column.calibration_step < 0) return;
  std::int64_t first_after = -1;
  for (StageDial& dial : column.dials) {
    const char* key = key_of(dial.reading == DialReading::median ? Needle::median : Needle::signal);
    const double before = reader.before_step(key, dial.point, column.calibration_step);
    dial.ghost = dial.reading == DialReading::mean_cosine ? angle_of_cosine(before)
                 : dial.reading == DialReading::median    ? before
                                                          : kUnknown;
    const Series* series = reader.run().find(key, dial.point);
    if (!series || first_after >= 0) continue;
    const auto at = std::lower_bound(series->step.begin(), series->step.end(), column.calibration_step);
    if (at != series->step.end()) first_after = *at;
  }
  // Until its effect has been measured, and while that is what is shown.
  column.calibration_is_now =
      first_after < 0 || column.probe_step < first_after || column.probe_step == first_after;
}

StageColumn column_of(const StageRacer& racer, TimeAxis axis, std::optional<double> time) {
  const Reader reader(*racer.run, axis, time);
  static const RuleDescriptor unknown;
  const RuleDescriptor* known = find_rule(racer.run->rule);
  const RuleDescriptor& rule = known ? *known : unknown;
  StageColumn column;
  column.racer = racer.index;
  column.label = racer.label;
  column.manner = rule.look.manner;
  column.route = rule.look.route;
  column.hue = racer.hue;
  column.inputs = racer.sketch->inputs;
  column.outputs = racer.sketch->features.empty() ? 0 : racer.sketch->features.back();
  column.blocks = racer.sketch->blocks;
  const char* key = tone_key(*racer.run);
  column.tone_name = tone_name(rule, key);
  const int points = points_of(racer);
  double sum = 0;
  int toned = 0;
  for (int l = 1; l <= points; ++l) {
    StageDial dial;
    dial.point = l;
    dial.features = racer.sketch->features_of(l);
    if (l <= static_cast<int>(racer.sketch->segments.size()))
      dial.layers = racer.sketch->segments[static_cast<std::size_t>(l - 1)];
    dial.chance = chance_band(dial.features);
    read_needle(reader, column.route, dial);
    read_tone(reader, rule, key, dial);
    dial.ratio = column.route == FeedbackRoute::backward ? 1 : reader.value(measure_keys::signal_ratio, l);
    for (const Needle needle : needle_readings)
      column.probe_step = std::max(column.probe_step, reader.step(key_of(needle), l));
    if (!std::isnan(dial.tone) && !column.tone_name.empty()) {
      sum += dial.tone;
      ++toned;
    }
    column.dials.push_back(std::move(dial));
  }
  if (toned > 0) column.alignment = sum / toned;
  column.score = score_of(reader, column.probe_step);
  read_calibrations(reader, column);
  bool over = false;
  for (const Event& event : racer.run->events) {
    column.failed = column.failed || (event.kind == EventKind::failed && reader.past(event));
    if (event.kind == EventKind::finished || event.kind == EventKind::stopped) {
      over = true;
      // A racer that ended by itself is through, though the race was stopped later.
      if (event.kind == EventKind::finished || column.end_step == 0 || column.stopped) {
        column.stopped = event.kind == EventKind::stopped;
        column.end_step = event.step;
      }
    }
    if (event.kind == EventKind::resumed) {
      over = column.stopped = false;
      column.end_step = 0;
    }
  }
  column.finished = over && reader.newest();
  return column;
}

}  // namespace

StageData stage_at(const std::vector<StageRacer>& racers, TimeAxis axis, std::optional<double> time) {
  StageData stage;
  for (const StageRacer& racer : racers) {
    // A run's own series know nothing of samples: its steps do.
    stage.columns.push_back(
        axis == TimeAxis::samples
            ? column_of(racer, TimeAxis::step, time ? std::optional(*time / racer.samples_per_step) : time)
            : column_of(racer, axis, time));
    const StageColumn& column = stage.columns.back();
    stage.step = std::max(stage.step, column.probe_step);
    for (const StageDial& dial : column.dials)
      stage.has_ratio =
          stage.has_ratio || (column.route != FeedbackRoute::backward && !std::isnan(dial.ratio));
  }
  tell_gaps(racers, stage.columns);
  return stage;
}

std::vector<StageNumber> stage_numbers(const RunData& run, TimeAxis axis, std::optional<double> time,
                                       int point) {
  return Reader(run, axis, time).numbers(point);
}

double chance_band(std::int64_t features) {
  if (features <= 0) return kUnknown;
  return std::min(90.0, 2 / std::sqrt(static_cast<double>(features)) * kDegrees);
}

double arrow_width(double ratio) {
  if (std::isnan(ratio)) return 5;
  return std::clamp(5 + 2.5 * std::log10(std::max(ratio, 1e-12)), 1.0, 12.0);
}

double arrow_share(double alignment) {
  return std::isnan(alignment) ? kUnknown : 0.16 + 0.84 * std::clamp(alignment, 0.0, 1.0);
}

std::vector<std::int64_t> measured_steps(const std::vector<StageRacer>& racers) {
  std::set<std::int64_t> steps;
  for (const StageRacer& racer : racers) {
    for (const Needle needle : needle_readings) {
      const Series* series = racer.run->find(key_of(needle), 1);
      if (series) steps.insert(series->step.begin(), series->step.end());
    }
  }
  return {steps.begin(), steps.end()};
}

}  // namespace grapevine
