// A run as JSON and CSV.
#include "engine/runs/export.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/registry.h"
#include "engine/runs/csv.h"
#include "engine/runs/stored_settings.h"
#include "engine/runs/stored_values.h"
#include "engine/session/interruption.h"

namespace grapevine {
namespace {

using nlohmann::json;

constexpr std::size_t values_a_look = 4096;  // at Stop

json number(double value) {
  return std::isfinite(value) ? json(value) : json(nullptr);
}

/// A whole number stays one: epoch 2, not 2.0; a run that ended within an epoch has 2.31.
json epoch_number(double epoch) {
  const double whole = std::round(epoch);
  if (!(std::abs(whole) < 1e15)) return number(epoch);
  return std::abs(epoch - whole) < 1e-9 ? json(static_cast<std::int64_t>(whole)) : number(epoch);
}

json parsed(const std::string& text) {
  json value = parse_stored_json(text);
  return value.is_discarded() ? json(text) : value;
}

/// The values of a series at a step; NaN where it has none.
double value_at(const Series* series, std::int64_t step) {
  if (!series) return std::nan("");
  const auto at = std::lower_bound(series->step.begin(), series->step.end(), step);
  if (at == series->step.end() || *at != step) return std::nan("");
  return series->value[static_cast<std::size_t>(at - series->step.begin())];
}

/// What is reported once an epoch: the document's key, and the measures behind it, of which a run has one.
struct EpochColumn {
  std::string key;
  std::vector<const MeasureDescriptor*> measures;
};

/// Of training and tests always, of validation where the run has any.
std::vector<EpochColumn> epoch_columns(const RunData& run) {
  const Quantity others = judged_by_perplexity(run) ? Quantity::share : Quantity::perplexity;
  std::vector<EpochColumn> columns;
  for (const MeasureDescriptor& measure : measures()) {
    if (!measure.is_of_epochs() || measure.quantity == others) continue;
    if (measure.phase == Phase::validation && !run.find(measure.key.c_str())) continue;
    const auto known = std::find_if(columns.begin(), columns.end(), [&](const EpochColumn& column) {
      return column.key == measure.in_epochs();
    });
    if (known == columns.end())
      columns.push_back({measure.in_epochs(), {&measure}});
    else
      known->measures.push_back(&measure);
  }
  return columns;
}

double value_at(const RunData& run, const EpochColumn& column, std::int64_t step) {
  double value = std::nan("");
  for (const MeasureDescriptor* measure : column.measures)
    if (std::isnan(value)) value = value_at(run.find(measure->key.c_str()), step);
  return value;
}

json epochs_of(const RunData& run) {
  const std::vector<EpochColumn> columns = epoch_columns(run);
  std::map<std::int64_t, double> ends;  // step → epoch
  for (const EpochColumn& column : columns)
    for (const MeasureDescriptor* measure : column.measures) {
      const Series* series = run.find(measure->key.c_str());
      for (std::size_t i = 0; series && i < series->size(); ++i) ends[series->step[i]] = series->epoch[i];
    }
  json epochs = json::array();
  for (const auto& [step, epoch] : ends) {
    json line = {{"epoch", epoch_number(epoch)}};
    for (const EpochColumn& column : columns) line[column.key] = number(value_at(run, column, step));
    epochs.push_back(line);
  }
  return epochs;
}

/// What a reader of the numbers should know of them: of measures that only earlier versions had.
json notes_of(const RunData& run) {
  json notes = json::array();
  for (const MeasureDescriptor& measure : measures())
    if (measure.only_stored && run.find(measure.key.c_str())) notes.push_back(measure.caution);
  return notes;
}

json best_json(const RunData& run) {
  const std::optional<BestValue> best = best_of(run);
  if (!best) return nullptr;
  return {{"measure", best->measure->key},
          {"value", best->value},
          {"epoch", epoch_number(best->epoch)},
          {"step", best->step}};
}

json best_value(const RunData& run, const MeasureDescriptor& measure) {
  const std::optional<BestValue> best = best_of(run, measure);
  return best ? json(best->value) : json(nullptr);
}

json alignment_of(const RunData& run) {
  json alignment = json::object();
  const auto& known = measures();
  for (const auto& [key, series] : run.series) {
    const auto& [measure, point] = key;
    if (!known.at(measure).per_point || point < 1 || series.size() == 0) continue;
    alignment[std::to_string(point)][known[measure].key] = number(series.value.back());
  }
  return alignment;
}

/// The last values of what a probe tells of the whole network.
json network_of(const RunData& run) {
  json network = json::object();
  for (const auto& [key, series] : run.series) {
    const MeasureDescriptor& measure = measures().at(static_cast<std::size_t>(key.first));
    if (measure.per_point || measure.phase != Phase::probe || series.size() == 0) continue;
    network[measure.key] = number(series.value.back());
  }
  return network;
}

json events_of(const RunData& run) {
  json events = json::array();
  for (const Event& event : run.events) {
    events.push_back({{"step", event.step},
                      {"epoch", number(event.epoch)},
                      {"kind", event.kind.text()},
                      {"cause", event.cause},
                      {"data", parsed(event.data)}});
  }
  return events;
}

std::int64_t calibrations_of(const RunData& run) {
  return std::count_if(run.events.begin(), run.events.end(),
                       [](const Event& event) { return event.kind == EventKind::calibration; });
}

json column(const std::vector<double>& values) {
  interruption_point();
  json out = json::array();
  for (const double value : values) out.push_back(number(value));
  return out;
}

/// In the C locale, the shortest text that reads back the same.
void append(std::string& text, double value) {
  if (!std::isfinite(value)) return;
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  text.append(digits, end);
}

constexpr const char* curve_columns = "measure,point,step,epoch,seconds,value\n";

/// One line per sample, each with `before` in front.
std::string samples_of(const RunData& run, const std::string& before) {
  std::string text;
  for (const auto& [key, series] : run.series) {
    const std::string start = before + measures().at(key.first).key + "," + std::to_string(key.second) + ",";
    for (std::size_t i = 0; i < series.size(); ++i) {
      if (i % values_a_look == 0) interruption_point();
      text += start + std::to_string(series.step[i]) + ",";
      append(text, series.epoch[i]);
      text += ",";
      append(text, series.seconds[i]);
      text += ",";
      append(text, series.value[i]);
      text += "\n";
    }
  }
  return text;
}

/// As the stored settings have it; "" where there are none.
std::string seed_of(const RunData& run) {
  const std::optional<std::int64_t> seed = StoredSettings::of(run.experiment).given(&RunSettings::seed);
  return seed ? std::to_string(*seed) : "";
}

}  // namespace

json run_result(const RunData& run) {
  json result = {{"run", run.id},
                 {"uuid", run.uuid},
                 {"status", run.status.text()},
                 {"experiment", parsed(run.experiment)},
                 {"versions", parsed(run.versions)},
                 {"device", run.device},
                 {"threads", run.threads > 0 ? json(run.threads) : json(nullptr)},
                 {"data_digest", run.data_digest.empty() ? json(nullptr) : json(run.data_digest)},
                 {"seconds", number(run.seconds)},
                 {"steps", run.step},
                 {"epochs", epochs_of(run)},
                 {"alignment", alignment_of(run)},
                 {"network", network_of(run)},
                 {"calibrations", calibrations_of(run)},
                 {"events", events_of(run)}};
  if (run.origin) result["parent"] = {{"uuid", run.origin->uuid}, {"step", run.origin->step}};
  for (const MeasureDescriptor* score : {&score_of(run, Phase::test), &judged_by(run)}) {
    result["best_" + score->key] = best_value(run, *score);
    result["final_" + score->key] = number(run.last(score->key.c_str()));
  }
  result["best"] = best_json(run);
  if (json notes = notes_of(run); !notes.empty()) result["notes"] = std::move(notes);
  if (!run.failure.empty()) result["failure"] = run.failure;
  return result;
}

json list_result(const std::vector<RunSummary>& runs) {
  json list = json::array();
  for (const RunSummary& run : runs) {
    list.push_back({{"id", run.id},
                    {"uuid", run.uuid},
                    {"name", run.name},
                    {"status", run.status.text()},
                    {"rule", run.rule},
                    {"model", run.model},
                    {"data", run.data},
                    {"started", run.started},
                    {"epochs", epoch_number(run.epochs)},
                    {"tags", run.tags}});
    list.back()["best_" + run.score->key] = number(run.best);
    list.back()["best"] = std::isfinite(run.judged_best)
                              ? json{{"measure", run.judged_by->key}, {"value", run.judged_best}}
                              : json(nullptr);
  }
  return {{"runs", list}};
}

std::string run_to_csv(const RunData& run) {
  return curve_columns + samples_of(run, "");
}

std::string runs_to_csv(const std::vector<RunData>& runs) {
  if (runs.size() == 1) return run_to_csv(runs.front());
  std::string text = std::string("run,name,rule,seed,") + curve_columns;
  for (const RunData& run : runs)
    text += samples_of(run, std::to_string(run.id) + "," + csv_field(run.name) + "," + csv_field(run.rule) +
                                "," + seed_of(run) + ",");
  return text;
}

json runs_to_json(const std::vector<RunData>& runs) {
  if (runs.size() == 1) return run_to_json(runs.front());
  json all = json::array();
  for (const RunData& run : runs) all.push_back(run_to_json(run));
  return {{"runs", all}};
}

json run_to_json(const RunData& run) {
  json document = run_result(run);
  json all = json::array();
  for (const auto& [key, series] : run.series) {
    all.push_back({{"measure", measures().at(key.first).key},
                   {"point", key.second},
                   {"step", series.step},
                   {"epoch", column(series.epoch)},
                   {"seconds", column(series.seconds)},
                   {"value", column(series.value)}});
  }
  document["series"] = all;
  return document;
}

}  // namespace grapevine
