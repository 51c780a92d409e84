// A run as JSON and CSV.
#include "engine/runs/export.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/experiment/registry.h"
#include "engine/runs/csv.h"
#include "engine/runs/stored_values.h"

namespace grapevine {
namespace {

using nlohmann::json;

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

/// What is told once an epoch: the document's key and the measure behind it. Validation is a language
/// model's, whose data always have some.
struct EpochColumn {
  std::string key, measure;
};
std::vector<EpochColumn> epoch_columns(const RunData& run) {
  const bool language_model = judged_by_perplexity(run);
  std::vector<EpochColumn> columns;
  for (const MeasureDescriptor& measure : measures()) {
    const bool an_epochs = measure.phase == Phase::train || measure.phase == Phase::test ||
                           (measure.phase == Phase::validation && language_model);
    const Quantity others = language_model ? Quantity::share : Quantity::perplexity;
    if (an_epochs && measure.quantity != others)
      columns.push_back({measure.key == "epoch_seconds" ? "seconds" : measure.key, measure.key});
  }
  return columns;
}

json epochs_of(const RunData& run) {
  const std::vector<EpochColumn> columns = epoch_columns(run);
  std::map<std::int64_t, double> ends;  // step → epoch
  for (const EpochColumn& column : columns) {
    const Series* series = run.find(column.measure.c_str());
    for (std::size_t i = 0; series && i < series->size(); ++i) ends[series->step[i]] = series->epoch[i];
  }
  json epochs = json::array();
  for (const auto& [step, epoch] : ends) {
    json line = {{"epoch", epoch_number(epoch)}};
    for (const EpochColumn& column : columns)
      line[column.key] = number(value_at(run.find(column.measure.c_str()), step));
    epochs.push_back(line);
  }
  return epochs;
}

double best(const Series* series, const MeasureDescriptor& measure) {
  double found = std::nan("");
  for (std::size_t i = 0; series && i < series->size(); ++i) {
    const double value = series->value[i];
    if (!std::isfinite(value)) continue;
    if (std::isnan(found) || measure.is_ahead(value, found)) found = value;
  }
  return found;
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

json events_of(const RunData& run) {
  json events = json::array();
  for (const Event& event : run.events) {
    events.push_back({{"step", event.step},
                      {"epoch", number(event.epoch)},
                      {"kind", event.kind},
                      {"cause", event.cause},
                      {"data", parsed(event.data)}});
  }
  return events;
}

std::int64_t calibrations_of(const RunData& run) {
  return std::count_if(run.events.begin(), run.events.end(),
                       [](const Event& event) { return event.kind == "calibration"; });
}

json column(const std::vector<double>& values) {
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

/// A line a sample, each with `before` in front.
std::string samples_of(const RunData& run, const std::string& before) {
  std::string text;
  for (const auto& [key, series] : run.series) {
    const std::string start = before + measures().at(key.first).key + "," + std::to_string(key.second) + ",";
    for (std::size_t i = 0; i < series.size(); ++i) {
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
  const json settings = parsed(run.experiment);
  return settings.is_object() && settings.contains("seed") && settings["seed"].is_number_integer()
             ? settings["seed"].dump()
             : "";
}

}  // namespace

json run_result(const RunData& run) {
  json result = {{"run", run.id},
                 {"uuid", run.uuid},
                 {"status", run.status},
                 {"experiment", parsed(run.experiment)},
                 {"seconds", number(run.seconds)},
                 {"steps", run.step},
                 {"epochs", epochs_of(run)},
                 {"alignment", alignment_of(run)},
                 {"calibrations", calibrations_of(run)},
                 {"events", events_of(run)}};
  const MeasureDescriptor& score = score_of(run);
  result["best_" + score.key] = number(best(run.find(score.key.c_str()), score));
  result["final_" + score.key] = number(run.last(score.key.c_str()));
  if (!run.failure.empty()) result["failure"] = run.failure;
  return result;
}

json list_result(const std::vector<RunSummary>& runs) {
  json list = json::array();
  for (const RunSummary& run : runs) {
    list.push_back({{"id", run.id},
                    {"uuid", run.uuid},
                    {"name", run.name},
                    {"status", run.status},
                    {"rule", run.rule},
                    {"model", run.model},
                    {"data", run.data},
                    {"started", run.started},
                    {"epochs", epoch_number(run.epochs)},
                    {"tags", run.tags}});
    list.back()["best_" + run.score->key] = number(run.best);
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
