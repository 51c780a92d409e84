// show: one stored run: what it was asked, what it reached, what happened, and the command that repeats it.
#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/run_tables.h"
#include "app/cli/stored_runs.h"
#include "app/cli/table.h"
#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/launch/timed_commands.h"
#include "engine/plans/plan.h"
#include "engine/runs/export.h"
#include "engine/runs/run_words.h"
#include "engine/runs/stored_experiment.h"

namespace grapevine::cli {
namespace {

void section(const std::string& title, const std::string& body) {
  if (!body.empty()) print("\n" + title + "\n" + body);
}

/// Why there is no curve: what the rule lacks, and which measures that takes away.
std::string missing_of(const RunData& run) {
  const RuleDescriptor* rule = find_rule(run.rule);
  std::map<std::string, std::string> names;  // by reason
  for (const ProbeDescriptor& probe : probes()) {
    const std::string why = rule ? why_undefined(probe, *rule) : "";
    if (!why.empty()) names[why] += (names[why].empty() ? "" : ", ") + probe.measure.name;
  }
  std::string text;
  for (const auto& [why, all] : names) text += "  " + why + ": no " + all + "\n";
  return text;
}

std::string head(const RunSummary& run, const RunData& data, const nlohmann::json& result,
                 const std::vector<std::int64_t>& race, bool can_go_on) {
  Table table({"", ""}, {});
  table.add({"status",
             run.status.text() +
                 (can_go_on ? " (continue with: grapevine-cli resume " + std::to_string(run.id) + ")" : "")});
  if (!data.failure.empty()) table.add({"failure", data.failure});
  table.add({"uuid", run.uuid});
  table.add({"rule", run.rule});
  table.add({"model", run.model});
  table.add({"data", run.data});
  table.add({"seed", std::to_string(run.seed)});
  table.add({"device", run.device + (data.threads > 0 ? ", threads: " + std::to_string(data.threads) : "")});
  table.add({"computed by", versions_text(data)});
  table.add({"data digest", data.data_digest.empty() ? "not known" : data.data_digest});
  table.add({"started", local_time(run.started)});
  table.add({"ended", local_time(run.ended)});
  table.add({"steps", with_thousands(run.steps)});
  if (data.origin)
    table.add(
        {run.origin == run_origin::fork ? "forked" : "trained further",
         "from step " + with_thousands(data.origin->step) + " of the run " + data.origin->uuid.substr(0, 8)});
  table.add({"training time", duration(own_seconds(result))});
  if (const MeasureDescriptor& judge = judged_by(data); judge.phase == Phase::validation)
    table.add({judge.name, score_at(result, Phase::validation, "final_") + ", best " +
                               score_at(result, Phase::validation, "best_")});
  table.add({score_of(data).name,
             score_at(result, Phase::test, "final_") + ", best " + score_at(result, Phase::test, "best_")});
  if (const auto best = best_of(data))
    table.add({"best epoch", epoch_text(best->epoch) + ", by " + best->measure->name});
  if (!run.tags.empty()) table.add({"tags", run.tags});
  if (!run.notes.empty()) table.add({"notes", run.notes});
  if (race.size() > 1) {
    std::string ids;
    for (const std::int64_t id : race) ids += (ids.empty() ? "" : ", ") + std::to_string(id);
    table.add({"race", "with its racers: runs " + ids});
  }
  return table.text(2);
}

/// A race continues as a whole, as long as one of its racers was stopped on the way; where all have come to
/// their end there is nothing left, also for one that failed.
bool can_go_on(RunReader& reader, const RunSummary& run, const std::vector<std::int64_t>& race) {
  const auto any = [&](std::initializer_list<RunStatus> statuses) {
    return std::any_of(race.begin(), race.end(), [&](std::int64_t id) {
      return std::find(statuses.begin(), statuses.end(), reader.summary(id).status.kind()) != statuses.end();
    });
  };
  return run.resumable && (any({RunStatus::stopped, RunStatus::interrupted}) || !any({RunStatus::finished}));
}

std::string events_of(const RunData& run) {
  Table table({"step", "epoch", "event", ""}, {Align::right, Align::right});
  // Of a step a note may have been written long after it.
  std::vector<Event> events = run.events;
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& one, const Event& other) { return one.step < other.step; });
  for (const Event& event : events) {
    table.add({with_thousands(event.step), fixed(event.epoch, 2), event.kind.text(), event.cause});
  }
  return table.empty() ? "" : table.text(2);
}

std::string settings_of(const RunData& run) {
  std::string text;
  for (const std::string& difference : stored_experiment(run).differences())
    text += "  " + clean(difference) + "\n";
  return text;
}

/// With the commands that the run was given while it was in progress. `alone`: see timed_text().
std::string command_of(RunReader& reader, const std::vector<std::int64_t>& race, int alone) {
  ExperimentPlan plan;
  for (const std::int64_t id : race) plan.racers.push_back(stored_experiment(reader.load(id)));
  plan.is_race = race.size() > 1;
  return "  " + clean(plan_to_command(plan) + at_options(reader.commands(race.front(), -1), alone)) + "\n";
}

struct ShowOptions {
  std::string id;
};

int run(const Options& options, const ShowOptions& own) {
  const auto reader = need_runs(options);
  const std::int64_t id = reader->resolve(own.id);
  const RunData data = reader->load(id);
  const nlohmann::json result = run_result(data);
  if (options.json) {
    print_json(result);
    return tell_troubles(*reader);
  }
  const std::vector<std::int64_t> race = reader->race_of(id);
  print("Run " + std::to_string(id) + (data.name.empty() ? "" : ": " + clean(data.name)) + "\n");
  const RunSummary summary = reader->summary(id);
  print(head(summary, data, result, race, can_go_on(*reader, summary, race)));
  section("Epochs", epoch_table(result, 2));
  for (const auto& note : result.value("notes", nlohmann::json::array()))
    print("  Note: " + clean(note.get<std::string>()) + "\n");
  section("Alignment at the last measurement", alignment_table(result, 2));
  section("Not measured", missing_of(data));
  section("Events", events_of(data));
  try {
    section("Settings that differ from the defaults", settings_of(data));
    const auto place = std::find(race.begin(), race.end(), id) - race.begin();
    section("Repeat with", command_of(*reader, {id}, static_cast<int>(place)));
    if (race.size() > 1) section("Repeat the whole race with", command_of(*reader, race, -1));
  } catch (const InputError& error) {
    section("Settings", "  " + clean(error.what()) + "\n");
  }
  return tell_troubles(*reader);
}

void describe(Usage& usage, ShowOptions& own) {
  add_run(usage, own.id);
}

}  // namespace

Command show_command() {
  return make_command<ShowOptions>({"show", "Show one stored run",
                                    "Results, alignment, events, settings and the command that repeats it."},
                                   describe, run);
}

}  // namespace grapevine::cli
