// Tables of results, epochs and alignment.
#include "app/cli/run_tables.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "app/cli/console.h"
#include "app/cli/table.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/runs/export.h"
#include "engine/runs/stored_values.h"

namespace grapevine::cli {
namespace {

std::string heading(const char* measure_key) {
  return measures().at(measure_index(measure_key)).name;
}

/// The measures that any point has, in the registry's order; an estimate's error is shown next to it.
std::vector<int> measures_in(const nlohmann::json& alignment) {
  std::vector<int> present;
  for (std::size_t i = 0; i < measures().size(); ++i) {
    for (const auto& [point, values] : alignment.items()) {
      if (!values.contains(measures()[i].key) || measures()[i].is_error) continue;
      present.push_back(static_cast<int>(i));
      break;
    }
  }
  return present;
}

}  // namespace

double number_at(const nlohmann::json& object, const std::string& key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? found->get<double>()
                                                     : std::numeric_limits<double>::quiet_NaN();
}

std::string by_point(const RunData& run, const char* measure_key) {
  const MeasureDescriptor* known = find_measure(measure_key);
  if (!known) return {};
  const auto last = [&](const std::string& key, int point) {
    return key.empty() ? std::nan("") : run.last(key.c_str(), point);
  };
  std::string text;
  for (int point = 1; point <= run.points_of(measure_index(measure_key)); ++point) {
    text += (point > 1 ? " " : "") + fixed(last(known->key, point), 2);
    if (const double error = last(known->error, point); std::isfinite(error)) text += "±" + fixed(error, 2);
  }
  return text;
}

std::string versions_text(const RunData& run) {
  const nlohmann::json versions = parse_stored_json(run.versions);
  std::string text;
  if (!versions.is_object()) return text;
  for (const auto& [member, name] : {std::pair{"grapevine", "grapevine "}, std::pair{"library", ""}})
    if (const auto found = versions.find(member); found != versions.end() && found->is_string())
      text += (text.empty() ? "" : ", ") + (name + found->get<std::string>());
  return text;
}

double own_seconds(const nlohmann::json& result) {
  double sum = 0;
  for (const auto& epoch : result.at("epochs")) {
    const double seconds = number_at(epoch, family::seconds_of_epochs);
    if (std::isfinite(seconds)) sum += seconds;
  }
  return sum;
}

std::string epoch_text(double epoch) {
  if (std::abs(epoch - std::round(epoch)) < 1e-9) return fixed(epoch, 0);
  return fixed(epoch, epoch < 0.095 ? 4 : 2);  // a few steps of a long one are not none
}

std::string score_text(const MeasureDescriptor& score, double value, int digits) {
  return score.quantity == Quantity::share ? percent(value, digits) : fixed(value, digits);
}

const MeasureDescriptor& score_in(const nlohmann::json& object, Phase phase, const std::string& before) {
  const std::vector<const MeasureDescriptor*> all = scores(phase);
  for (const MeasureDescriptor* score : all)
    if (object.contains(before + score->key)) return *score;
  return *all.front();
}

std::string score_at(const nlohmann::json& object, Phase phase, const std::string& before, int digits) {
  const MeasureDescriptor& score = score_in(object, phase, before);
  return score_text(score, number_at(object, before + score.key), digits);
}

std::string result_table(const std::vector<RunView>& runs, const std::vector<std::string>& labels) {
  // Validation first: what runs are chosen by.
  std::vector<const MeasureDescriptor*> shown{runs.empty() ? scores(Phase::test).front()
                                                           : &score_of(*runs.front())};
  for (const RunView& run : runs)
    if (const MeasureDescriptor& judge = judged_by(*run); judge.phase == Phase::validation) {
      shown.insert(shown.begin(), &judge);
      break;
    }
  std::vector<std::string> headings{"run", "rule", "status"};
  for (const MeasureDescriptor* score : shown) headings.insert(headings.end(), {score->name, "best"});
  headings.insert(headings.end(),
                  {"test loss", "train loss", heading(measure_keys::cos_b_j), "training time"});
  std::vector<Align> sides(headings.size(), Align::right);
  sides[1] = sides[2] = sides[sides.size() - 2] = Align::left;
  Table table(headings, sides);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const RunData& run = *runs[i];
    const nlohmann::json result = run_result(run);
    std::vector<std::string> row{std::to_string(run.id), labels[i], run.status.text()};
    for (const MeasureDescriptor* score : shown)
      for (const char* before : {"final_", "best_"}) row.push_back(score_at(result, score->phase, before));
    for (const Phase phase : {Phase::test, Phase::train})
      row.push_back(fixed(run.last(key_in(phase, family::loss).c_str()), 4));
    row.insert(row.end(), {by_point(run, measure_keys::cos_b_j),
                           result.at("epochs").empty() ? "–" : duration(own_seconds(result))});
    table.add(std::move(row));
  }
  return table.text();
}

std::vector<Phase> phases_in(const nlohmann::json& epochs) {
  std::vector<Phase> phases;
  for (const Phase phase : {Phase::train, Phase::validation, Phase::test})
    if (std::any_of(epochs.begin(), epochs.end(),
                    [&](const auto& epoch) { return epoch.contains(key_in(phase, family::loss)); }))
      phases.push_back(phase);
  return phases;
}

std::string phase_name(Phase phase) {
  const std::string name = key_in(phase, "");
  return name.substr(0, name.find('_'));
}

std::string epoch_table(const nlohmann::json& result, int indent) {
  const nlohmann::json& epochs = result.at("epochs");
  const std::string& score = score_in(result, Phase::test, "final_").family;
  const std::vector<Phase> phases = phases_in(epochs);
  std::vector<std::string> headings{"epoch"};
  for (const Phase phase : phases)
    headings.insert(headings.end(), {phase_name(phase) + " loss", phase_name(phase) + " " + score});
  headings.insert(headings.end(), {"training", "evaluation"});
  Table table(headings, std::vector<Align>(headings.size(), Align::right));
  for (const auto& epoch : epochs) {
    std::vector<std::string> row{epoch_text(number_at(epoch, "epoch"))};
    for (const Phase phase : phases)
      row.insert(row.end(),
                 {fixed(number_at(epoch, key_in(phase, family::loss)), 4), score_at(epoch, phase)});
    row.insert(row.end(), {duration(number_at(epoch, family::seconds_of_epochs)),
                           duration(number_at(epoch, family::evaluation_seconds))});
    table.add(std::move(row));
  }
  return table.empty() ? "" : table.text(indent);
}

std::string alignment_table(const nlohmann::json& result, int indent) {
  const nlohmann::json& alignment = result.at("alignment");
  if (alignment.empty()) return "";
  const std::vector<int> present = measures_in(alignment);
  std::vector<std::string> headings{"point"};
  for (const int measure : present) headings.push_back(measures()[static_cast<std::size_t>(measure)].name);
  Table table(headings, std::vector<Align>(headings.size(), Align::right));
  for (int point = 1, left = static_cast<int>(alignment.size()); left > 0 && point < 65536; ++point) {
    const auto values = alignment.find(std::to_string(point));
    if (values == alignment.end()) continue;
    --left;
    std::vector<std::string> row{std::to_string(point)};
    for (const int measure : present) {
      const MeasureDescriptor& known = measures()[static_cast<std::size_t>(measure)];
      const double value = number_at(*values, known.key);
      const double error = known.error.empty() ? std::nan("") : number_at(*values, known.error);
      row.push_back((!values->contains(known.key)         ? ""
                     : known.quantity == Quantity::cosine ? fixed(value, 3)
                                                          : short_number(value)) +
                    (std::isfinite(error) ? " ± " + fixed(error, 3) : ""));
    }
    table.add(std::move(row));
  }
  return table.text(indent);
}

}  // namespace grapevine::cli
