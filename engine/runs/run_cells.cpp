// Columns, settings and measures of a run as cells.
#include "engine/runs/run_cells.h"

#include <sqlite3.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string_view>

#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/runs/stored_values.h"

namespace grapevine {
namespace {

RunCell cell_of(double number) {
  return std::isfinite(number) ? RunCell(number) : RunCell();
}

double of_statistic(const CurveValues& values, Statistic statistic) {
  switch (statistic) {
    case Statistic::last:
      return values.last;
    case Statistic::best:
      return values.best;
    case Statistic::mean:
      return values.mean;
  }
  return std::nan("");
}

RunCell measured(const RunSummary& run, const RunKey& key, ValueReader& reader) {
  const MeasureDescriptor* measure = find_measure(key.name);
  if (!measure) return {};
  double sum = 0;
  int points = 0;
  for (const auto& [point, values] : reader.of(run.id, run.status, *measure)) {
    const double value = of_statistic(values, key.statistic);
    if ((key.point >= 0 && point != key.point) || !std::isfinite(value)) continue;
    sum += value;
    ++points;
  }
  return points == 0 ? RunCell() : RunCell(sum / points);
}

/// "optimizer.lr" → $."optimizer"."lr". Keys are ours: letters, digits, underlines and dots.
std::string json_path(const std::string& key) {
  std::string path = "$.\"";
  for (const char c : key) path += c == '.' ? std::string("\".\"") : std::string(1, c);
  return path + "\"";
}

/// JSON's array as `--set` takes it: a,b,c.
std::string as_list(const std::string& json) {
  const nlohmann::json array = parse_stored_json(json);
  if (!array.is_array()) return json;
  std::string text;
  for (const nlohmann::json& item : array)
    text += (text.empty() ? "" : ",") +
            (item.is_string() ? item.get<std::string>()
                              : item.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  return text;
}

RunCell stored_setting(const std::string& type, const SQLite::Column& value) {
  if (type == "true" || type == "false") return type;
  if (type == "integer" || type == "real") return cell_of(value.getDouble());
  if (type == "array") return as_list(value.getString());
  if (type == "text" || type == "object") return value.getString();
  return {};
}

/// What a setting was before it could be set: a stored experiment may be older than the setting.
RunCell default_of(const std::string& key, const std::string& rule) {
  const Setting* setting = find_setting(key, rule);
  if (!setting) return {};
  const std::string text = to_text(setting->fallback);
  double number = 0;
  return read_number(text, number) ? RunCell(number) : RunCell(text);
}

}  // namespace

RunCells::RunCells(SQLite::Database& database, std::vector<RunKey> keys) : keys_(std::move(keys)) {
  std::string sql;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i].kind != RunKey::Kind::setting) continue;
    const std::string path = "'" + json_path(keys_[i].name) + "'";
    sql += ", json_type(experiment, " + path + "), json_extract(experiment, " + path + ")";
    settings_.push_back(i);
  }
  if (!settings_.empty())
    experiment_.emplace(database, "SELECT experiment" + sql + " FROM runs WHERE id = ?");
}

std::vector<RunCell> RunCells::of(const RunSummary& run, ValueReader& values) {
  std::vector<RunCell> cells;
  for (std::size_t i = 0; i < keys_.size(); ++i) cells.push_back(at(i, run, values));
  return cells;
}

RunCell RunCells::at(std::size_t key, const RunSummary& run, ValueReader& values) {
  switch (keys_[key].kind) {
    case RunKey::Kind::column:
      return column_of(run, keys_[key].name);
    case RunKey::Kind::measure:
      return measured(run, keys_[key], values);
    case RunKey::Kind::setting:
      if (read_run_ != run.id) read_settings(run);
      return read_[key];
  }
  return {};
}

void RunCells::read_settings(const RunSummary& run) {
  read_.assign(keys_.size(), RunCell());
  read_run_ = run.id;
  experiment_->tryReset();
  experiment_->bind(1, run.id);
  try {
    if (!experiment_->executeStep()) return;
  } catch (const SQLite::Exception& error) {
    // What is not JSON has no settings. (To ask json_valid() first would read every text twice.)
    if (error.getErrorCode() == SQLITE_ERROR) return;
    throw;
  }
  const bool has_settings = std::string_view(experiment_->getColumn(0).getText()) != "{}";
  for (std::size_t i = 0; i < settings_.size(); ++i) {
    const int at = 1 + 2 * static_cast<int>(i);
    RunCell& cell = read_[settings_[i]];
    cell = stored_setting(experiment_->getColumn(at).getString(), experiment_->getColumn(at + 1));
    if (is_empty(cell) && has_settings) cell = default_of(keys_[settings_[i]].name, run.rule);
  }
  experiment_->reset();
}

}  // namespace grapevine
