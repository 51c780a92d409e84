// Groups, paired differences and gaps as rows.
#include "app/cli/comparison_tables.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "app/cli/console.h"
#include "app/cli/run_tables.h"
#include "app/cli/table.h"
#include "engine/experiment/registry.h"
#include "engine/runs/group_names.h"
#include "engine/runs/spread_digits.h"

namespace grapevine::cli {
namespace {

using Json = nlohmann::json;

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json();
}

Json interval_json(const std::optional<Interval>& interval) {
  return interval ? Json{interval->low, interval->high} : Json();
}

Json cell_json(const RunCell& cell) {
  if (const auto* held = std::get_if<double>(&cell)) return *held;
  return is_empty(cell) ? Json() : Json(to_text(cell));
}

Json settings_json(const Comparison& all, const RunGroup& group) {
  Json object = Json::object();
  for (std::size_t i = 0; i < all.keys.size(); ++i) object[all.keys[i].text()] = cell_json(group.settings[i]);
  return object;
}

Json spread_json(const Spread& spread) {
  return {{"mean", number(spread.mean)}, {"std", number(spread.deviation)}, {"n", spread.count}};
}

Json group_json(const Comparison& all, const RunGroup& group) {
  Json runs = Json::array(), values = Json::object();
  std::set<std::int64_t> seeds;
  for (const ComparedRun& run : group.runs) {
    runs.push_back(run.id);
    seeds.insert(run.seed);
  }
  for (std::size_t i = 0; i < all.measures.size(); ++i)
    values[all.measures[i].text()] = spread_json(group.spreads[i]);
  return {{"settings", settings_json(all, group)},
          {"runs", runs},
          {"seeds", seeds},
          {"n", group.seeds},
          {"values", values}};
}

/// An empty list is a value like others, unlike a setting that a rule hasn't.
std::string value_text(const RunCell& cell) {
  const std::string text = to_text(cell);
  return text.empty() && !is_empty(cell) ? "(empty)" : text;
}

/// "rule.name=grape model.hidden=512"; in words where it has nothing under the keys.
std::string name_of(const Comparison& all, std::size_t group) {
  std::string text;
  for (std::size_t i = 0; i < all.keys.size(); ++i) {
    const std::string value = value_text(all.groups[group].settings[i]);
    if (!value.empty()) text += (text.empty() ? "" : " ") + all.keys[i].text() + "=" + value;
  }
  return text.empty() ? name_of_group(all, all.groups[group]) : text;
}

/// The number as people read it, in the digits of the mean that it belongs to; fractions in percent, and a
/// difference of perplexities as it is.
std::string text_of(const RunKey& key, double value, double mean) {
  const MeasureDescriptor& measure = *find_measure(key.name);
  if (measure.quantity == Quantity::share) return fixed(100 * value, 2);
  if (measure.quantity == Quantity::perplexity) return fixed(value, 2);
  const int digits = digits_behind_point(mean);
  return digits < 0 ? short_number(value) : fixed(value, digits);
}

/// "cos(B, J), layer 2, mean".
std::string in_words(const RunKey& measure) {
  return find_measure(measure.name)->name +
         (measure.point > 0 ? ", layer " + std::to_string(measure.point) : "") + ", " +
         to_text(measure.statistic);
}

std::string called(const RunKey& measure, Names names) {
  return names == Names::typed ? measure.text() : in_words(measure);
}

std::string called(const Comparison& all, std::size_t group, Names names) {
  return names == Names::typed ? name_of(all, group) : name_of_group(all, all.groups[group]);
}

std::string heading_of(const RunKey& key, Names names) {
  return called(key, names) + (find_measure(key.name)->quantity == Quantity::share ? " (%)" : "");
}

/// What is subtracted from a percentage is in points of it.
std::string heading_of_difference(const RunKey& key, Names names) {
  return called(key, names) +
         (find_measure(key.name)->quantity == Quantity::share ? " (percentage points)" : "");
}

/// How many runs are behind the seeds where settings are matched too.
std::string matched_text(int seeds, int matched) {
  return matched > seeds ? " (" + std::to_string(matched) + " runs each)" : "";
}

std::string spread_text(const RunKey& key, const Spread& spread) {
  if (spread.count == 0) return "";
  return text_of(key, spread.mean, spread.mean) + (spread.count > 1 && std::isfinite(spread.deviation)
                                                       ? " ± " + text_of(key, spread.deviation, spread.mean)
                                                       : "");
}

std::string interval_text(const RunKey& key, const std::optional<Interval>& interval, double mean) {
  return interval ? "[" + text_of(key, interval->low, mean) + ", " + text_of(key, interval->high, mean) + "]"
                  : "–";
}

std::string share_text(const GapClosed& gap) {
  if (!gap.words.empty()) return gap.words;
  std::string text = fixed(100 * gap.value, 1) + " %";
  if (gap.interval)
    return text + " [" + fixed(100 * gap.interval->low, 1) + ", " + fixed(100 * gap.interval->high, 1) + "]";
  return text + (gap.seeds == 1   ? " (no interval: one seed)"
                 : gap.seeds == 2 ? " (no interval: two seeds)"
                                  : " (no interval)");
}

}  // namespace

Json comparison_document(const Comparison& all) {
  Json document{{"group", Json::array()},
                {"measures", Json::array()},
                {"groups", Json::array()},
                {"paired_differences", Json::array()},
                {"differences_of_means", Json::array()},
                {"gap_closed", Json::array()},
                {"unfinished", all.unfinished}};
  for (const RunKey& key : all.keys) document["group"].push_back(key.text());
  for (const RunKey& key : all.measures) document["measures"].push_back(key.text());
  for (const RunGroup& group : all.groups) document["groups"].push_back(group_json(all, group));
  for (const GroupDifference& one : all.differences) {
    Json line = spread_json(one.spread);
    line["first"] = settings_json(all, all.groups[one.first]);
    line["second"] = settings_json(all, all.groups[one.second]);
    line["measure"] = all.measures[one.measure].text();
    line["interval"] = interval_json(one.interval);
    if (one.paired) line["matched_runs"] = one.matched;
    document[one.paired ? "paired_differences" : "differences_of_means"].push_back(line);
  }
  document["notes"] = Json::array();
  for (const std::string& note : {all.no_differences, all.no_gaps})
    if (!note.empty()) document["notes"].push_back(note);
  for (const GapClosed& gap : all.gaps) {
    document["gap_closed"].push_back({{"settings", settings_json(all, all.groups[gap.group])},
                                      {"measure", all.measures[gap.measure].text()},
                                      {"paired", gap.paired},
                                      {"seeds", gap.seeds},
                                      {"value", number(gap.value)},
                                      {"interval", interval_json(gap.interval)},
                                      {"note", gap.words}});
  }
  return document;
}

Table groups_rows(const Comparison& all, Names names) {
  std::vector<std::string> headings;
  for (const RunKey& key : all.keys) headings.push_back(key.text());
  std::vector<Align> alignment(headings.size(), Align::left);
  headings.push_back("N");
  for (const RunKey& key : all.measures) headings.push_back(heading_of(key, names));
  alignment.resize(headings.size(), Align::right);
  Table table(headings, alignment);
  for (const RunGroup& group : all.groups) {
    std::vector<std::string> row;
    for (const RunCell& cell : group.settings) row.push_back(value_text(cell));
    std::string seeds = std::to_string(group.seeds);
    if (group.runs.size() > group.seeds) seeds += " (" + std::to_string(group.runs.size()) + " runs)";
    row.push_back(std::move(seeds));
    for (std::size_t i = 0; i < all.measures.size(); ++i) {
      std::string text = spread_text(all.measures[i], group.spreads[i]);
      const int n = group.spreads[i].count;
      if (n > 0 && n != static_cast<int>(group.seeds)) text += " (" + std::to_string(n) + ")";
      row.push_back(std::move(text));
    }
    table.add(std::move(row));
  }
  return table;
}

std::string groups_table(const Comparison& all) {
  return groups_rows(all).text(2);
}

Table differences_rows(const Comparison& all, bool also_without_interval, Names names) {
  Table table({"difference", "measure", "mean ± deviation", "95 % interval", "seeds"},
              {Align::left, Align::left, Align::right, Align::right, Align::right});
  for (const GroupDifference& one : all.differences) {
    if (!one.interval && !also_without_interval) continue;
    const RunKey& key = all.measures[one.measure];
    table.add({called(all, one.first, names) + " − " + called(all, one.second, names),
               heading_of_difference(key, names), spread_text(key, one.spread),
               interval_text(key, one.interval, one.spread.mean),
               one.paired ? std::to_string(one.spread.count) + matched_text(one.spread.count, one.matched)
                          : std::to_string(one.spread.count) + ", of means"});
  }
  return table;
}

std::string differences_table(const Comparison& all) {
  const Table table = differences_rows(all);
  return table.empty() ? "" : table.text(2);
}

Table gaps_rows(const Comparison& all, Names names) {
  Table table({"group", "measure", "gap closed [95 %]", "seeds"},
              {Align::left, Align::left, Align::left, Align::right});
  for (const GapClosed& gap : all.gaps) {
    table.add({called(all, gap.group, names), called(all.measures[gap.measure], names), share_text(gap),
               gap.paired ? std::to_string(gap.seeds) + " paired" + matched_text(gap.seeds, gap.matched)
                          : std::to_string(gap.seeds) + ", of means"});
  }
  return table;
}

std::string differences_heading(const Comparison& all) {
  const auto any = [&](const auto& of) {
    return std::any_of(all.differences.begin(), all.differences.end(), of);
  };
  std::string text = any([](const GroupDifference& one) { return !one.paired; })
                         ? "Differences, over the same seeds where there are any"
                         : "Differences over the same seeds";
  if (any([](const GroupDifference& one) { return one.matched > one.spread.count; }))
    text += ", of runs that agree in all settings but the groups'; a seed counts once, with their mean";
  return text;
}

std::string notes_of(const Comparison& all) {
  std::string text = all.no_differences;
  if (!all.no_gaps.empty()) text += (text.empty() ? "" : "\n") + all.no_gaps;
  return text;
}

std::string gaps_table(const Comparison& all) {
  const Table table = gaps_rows(all);
  return table.empty() ? "" : table.text(2);
}

}  // namespace grapevine::cli
