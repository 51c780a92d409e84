// Tables of results, epochs and alignment.
#include "app/cli/run_tables.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "app/cli/console.h"
#include "app/cli/table.h"
#include "engine/experiment/registry.h"
#include "engine/runs/export.h"

namespace grapevine::cli {
namespace {

std::string heading(const char* measure_key) {
  return measures().at(measure_index(measure_key)).name;
}

/// The measures that any point has, in the registry's order.
std::vector<int> measures_in(const nlohmann::json& alignment) {
  std::vector<int> present;
  for (std::size_t i = 0; i < measures().size(); ++i) {
    for (const auto& [point, values] : alignment.items()) {
      if (!values.contains(measures()[i].key)) continue;
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
  const int measure = measure_index(measure_key);
  std::string text;
  for (int point = 1; measure >= 0 && point <= run.points_of(measure); ++point) {
    const Series* series = run.find(measure, point);
    const double value = series && series->size() > 0 ? series->value.back() : std::nan("");
    text += (point > 1 ? " " : "") + fixed(value, 2);
  }
  return text;
}

double own_seconds(const nlohmann::json& result) {
  double sum = 0;
  for (const auto& epoch : result.at("epochs")) {
    const double seconds = number_at(epoch, "seconds");
    if (std::isfinite(seconds)) sum += seconds;
  }
  return sum;
}

std::string epoch_text(double epoch) {
  return std::abs(epoch - std::round(epoch)) < 1e-9 ? fixed(epoch, 0) : fixed(epoch, 2);
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
  const MeasureDescriptor& score = runs.empty() ? *scores(Phase::test).front() : score_of(*runs.front());
  Table table(
      {"run", "rule", "status", score.name, "best", "test loss", "train loss", heading("cos_b_j"), "time"},
      {Align::right, Align::left, Align::left, Align::right, Align::right, Align::right, Align::right,
       Align::left, Align::right});
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const RunData& run = *runs[i];
    const nlohmann::json result = run_result(run);
    table.add({std::to_string(run.id), labels[i], run.status, score_at(result, Phase::test, "final_"),
               score_at(result, Phase::test, "best_"), fixed(run.last("test_loss"), 4),
               fixed(run.last("train_loss"), 4), by_point(run, "cos_b_j"),
               result.at("epochs").empty() ? "–" : duration(own_seconds(result))});
  }
  return table.text();
}

std::string epoch_table(const nlohmann::json& result, int indent) {
  const std::string& score = score_in(result, Phase::test, "final_").family;
  Table table({"epoch", "train loss", "train " + score, "test loss", "test " + score, "time"},
              std::vector<Align>(6, Align::right));
  for (const auto& epoch : result.at("epochs")) {
    table.add({epoch_text(number_at(epoch, "epoch")), fixed(number_at(epoch, "train_loss"), 4),
               score_at(epoch, Phase::train), fixed(number_at(epoch, "test_loss"), 4),
               score_at(epoch, Phase::test), duration(number_at(epoch, "seconds"))});
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
      row.push_back(!values->contains(known.key)         ? ""
                    : known.quantity == Quantity::cosine ? fixed(value, 3)
                                                         : short_number(value));
    }
    table.add(std::move(row));
  }
  return table.text(indent);
}

}  // namespace grapevine::cli
