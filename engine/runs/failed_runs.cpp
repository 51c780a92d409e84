#include "engine/runs/failed_runs.h"

#include <algorithm>

namespace grapevine {

void add_failed_runs(Comparison& all, RunReader& reader, const std::vector<std::int64_t>& runs) {
  if (runs.empty()) return;
  RunSelection selection;
  selection.only = runs;
  selection.columns = all.keys;
  selection.experiments = true;
  for (const RunRow& row : reader.rows(selection)) {
    std::vector<RunCell> settings = row.cells;
    blank_what_does_not_count(all.keys, row, settings);
    auto group = std::find_if(all.groups.begin(), all.groups.end(),
                              [&](const RunGroup& known) { return known.settings == settings; });
    if (group == all.groups.end()) {
      group = all.groups.insert(group, RunGroup());
      group->settings = settings;
      group->spreads.resize(all.measures.size());
      group->rule = row.summary.rule;
      group->model = row.summary.model;
      group->data = row.summary.data;
    }
    group->failed.push_back({row.summary.id, row.summary.seed, row.summary.failure});
  }
}

}  // namespace grapevine
