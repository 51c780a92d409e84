#include "engine/runs/stored_beginning.h"

#include <nlohmann/json.hpp>

#include "engine/runs/stored_values.h"

namespace grapevine {
namespace {

using nlohmann::json;

/// Of the first event that has this member. A run of version 0.1.0 may have it from its first resumption on.
json first_told(const RunData& run, const char* member, bool resumptions_too) {
  for (const Event& event : run.events) {
    if (event.kind != EventKind::started && !(event.kind == EventKind::resumed && resumptions_too)) continue;
    const json data = parse_stored_json(event.data);
    if (data.is_object() && data.contains(member)) return data[member];
  }
  return {};
}

int arithmetic_of(const RunData& run) {
  const json versions = parse_stored_json(run.versions);
  if (!versions.is_object()) return 1;
  const auto found = versions.find("arithmetic");
  return found != versions.end() && found->is_number_integer() ? found->get<int>() : 1;
}

}  // namespace

ResolvedStart resolved_start(const Event& started) {
  ResolvedStart start;
  const json data = parse_stored_json(started.data);
  if (!data.is_object()) return start;
  for (const auto& [key, member] : {std::pair<const char*, std::string*>{"device", &start.device},
                                    {"library", &start.library},
                                    {"data_digest", &start.data_digest}})
    if (const auto found = data.find(key); found != data.end() && found->is_string())
      *member = found->get<std::string>();
  if (const auto found = data.find("threads"); found != data.end() && found->is_number_integer())
    start.threads = found->get<int>();
  return start;
}

void note_start(RunData& run, const Event& started) {
  const ResolvedStart start = resolved_start(started);
  run.device = start.device;
  run.threads = start.threads;
  run.data_digest = start.data_digest;
  json versions = parse_stored_json(run.versions);
  if (!versions.is_object() || start.library.empty()) return;
  versions["library"] = start.library;
  run.versions = versions.dump();
}

Beginning stored_beginning(const RunData& run) {
  Beginning beginning;
  beginning.rise_within_schedule = arithmetic_of(run) < 2;
  const json every = first_told(run, "probe_every", true);
  if (every.is_number_integer()) beginning.probe_every = every.get<std::int64_t>();
  for (const json& key : first_told(run, "measures", true))
    if (key.is_string()) beginning.measures.push_back(key.get<std::string>());
  return beginning;
}

std::map<std::string, std::string> asked_of_machine(const RunData& run) {
  std::map<std::string, std::string> asked;
  const json told = first_told(run, "asked", false);
  if (!told.is_object()) return asked;
  for (const auto& [key, value] : told.items())
    if (value.is_string()) asked[key] = value.get<std::string>();
  return asked;
}

}  // namespace grapevine
