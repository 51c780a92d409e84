// What people write: experiments, sweeps, layer lists, values of settings, command lines. What is taken is
// written again and must be taken again as the same.
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "app/cli/command_line.h"
#include "engine/experiment/own_network.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/plans/plan.h"
#include "engine/plans/sweep.h"
#include "tests/fuzz/fuzz.h"

namespace grapevine::fuzz {

void experiment_json(std::string_view input) {
  accepts([&] {
    const nlohmann::json once = plan_to_json(make_plan(input, "input", {}));
    const nlohmann::json twice = plan_to_json(make_plan(once.dump(), "again", {}));
    require(once == twice, "a plan that was written is read as the same");
  });
}

void sweep_json(std::string_view input) {
  accepts([&] {
    for (const SweepCell& cell : make_sweep(input, "input", {}).cells) cell.label();
  });
}

void segments(std::string_view input) {
  accepts([&] {
    const std::string once = write_segments(read_segments(input));
    require(write_segments(read_segments(once)) == once, "layers that were written are read as the same");
  });
}

void setting(std::string_view input) {
  const auto try_one = [&](const Setting& setting) {
    Value value;
    if (!accepts([&] { value = parse_value(setting, input); })) return;
    check_value(setting, value);
    to_text(value);
  };
  for (const Setting& setting : experiment_settings()) try_one(setting);
  for (const RuleDescriptor& rule : rules())
    for (const Setting& setting : rule.settings) try_one(setting);
  accepts([&] { make_plan("", "input", {.sets = {std::string(input)}, .rules = {}}); });
}

void command_line(std::string_view input) {
  std::vector<std::string> words;
  std::istringstream lines{std::string(input)};
  for (std::string line; std::getline(lines, line);) words.push_back(line);
  const cli::ParsedCommandLine line = cli::parse_command_line(words);
  require(line.options.has_value() || line.status == 2 || !line.text.empty(),
          "a command line is taken, or something is said");
}

}  // namespace grapevine::fuzz
