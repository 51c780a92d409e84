// The columns that every run has, each with what it holds.
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "engine/experiment/registry.h"
#include "engine/runs/run_key.h"
#include "engine/runs/run_reader.h"

namespace grapevine {
namespace {

template <auto member>
RunCell number(const RunSummary& run) {
  const auto value = static_cast<double>(run.*member);
  return std::isfinite(value) ? RunCell(value) : RunCell();
}

template <auto member>
RunCell text(const RunSummary& run) {
  return run.*member;
}

RunCell status(const RunSummary& run) {
  return run.status.text();
}

RunCell all_words(const RunSummary& run) {
  std::string all = std::to_string(run.id);
  const RuleDescriptor* rule = find_rule(run.rule);
  for (const std::string& words : {run.name, run.status.text(), run.rule, rule ? rule->name : std::string(),
                                   run.model, run.data, run.tags, run.notes, run.device, run.started})
    all += "\n" + words;
  return all;
}

}  // namespace

const std::vector<RunColumn>& run_columns() {
  using Run = RunSummary;
  static const std::vector<RunColumn> columns = {
      {"id", "the run's number", number<&Run::id>, true},
      {"uuid", "the same run in whatever database it lies", text<&Run::uuid>},
      {"name", "its name", text<&Run::name>},
      {"status", "running, paused, finished, stopped, failed, interrupted", status},
      {"rule", "the learning rule", text<&Run::rule>},
      {"model", "the model", text<&Run::model>},
      {"data", "the data set", text<&Run::data>},
      {"seed", "the seed", number<&Run::seed>, true},
      {"epochs", "epochs done", number<&Run::epochs>, true},
      {"steps", "training steps done", number<&Run::steps>, true},
      {"started", "when it began, ISO 8601, UTC", text<&Run::started>},
      {"ended", "when it ended", text<&Run::ended>},
      {"device", "where it was computed", text<&Run::device>},
      {"tags", "its tags: = asks for a whole tag, ~ for a part of the text", text<&Run::tags>},
      {"notes", "its notes", text<&Run::notes>},
      {"pinned", "1: kept at the top of the library", number<&Run::pinned>, true},
      {"archived", "1: put away, lists leave it out", number<&Run::archived>, true},
      {"baseline", "1: what others are held against", number<&Run::baseline>, true},
      {"group", "race or sweep, where the run is a part of one", text<&Run::group_kind>},
      {"origin", "where an imported run comes from; fork for a fork", text<&Run::origin>},
      {"text", "all words: name, status, rule, model, data, tags, notes, device, number", all_words},
  };
  return columns;
}

const RunColumn* find_run_column(std::string_view name) {
  const auto found = std::find_if(run_columns().begin(), run_columns().end(),
                                  [&](const RunColumn& column) { return column.name == name; });
  return found == run_columns().end() ? nullptr : &*found;
}

RunCell column_of(const RunSummary& run, const std::string& name) {
  const RunColumn* column = find_run_column(name);
  if (!column) throw std::logic_error("runs have no column " + name);
  return column->of(run);
}

}  // namespace grapevine
