#include "engine/runs/failed_runs.h"

#include "engine/runs/group_index.h"
#include "engine/session/interruption.h"

namespace grapevine {

void add_failed_runs(Comparison& all, RunReader& reader, const std::vector<std::int64_t>& runs) {
  if (runs.empty()) return;
  RunSelection selection;
  selection.only = runs;
  selection.columns = all.keys;
  selection.experiments = true;
  GroupIndex groups(all.groups);
  for (const RunRow& row : reader.rows(selection)) {
    interruption_point();
    std::vector<RunCell> settings = row.cells;
    blank_what_does_not_count(all.keys, row, settings);
    const auto [group, is_new] = groups.of(settings);
    if (is_new) {
      group.spreads.resize(all.measures.size());
      group.rule = row.summary.rule;
      group.model = row.summary.model;
      group.data = row.summary.data;
    }
    group.failed.push_back({row.summary.id, row.summary.seed, row.summary.failure});
  }
}

}  // namespace grapevine
