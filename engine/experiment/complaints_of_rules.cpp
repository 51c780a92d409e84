// What doesn't go with a rule: its own settings among each other, the network, its calibration. The rules'
// own settings come from their entries, by the headers that rules.def lists.
#include <rule_headers.h>

#include <algorithm>

#include "engine/experiment/complaints.h"
#include "engine/experiment/groups/calibration_settings.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"

namespace grapevine {
namespace {

/// A part of a rule's settings, with its defaults for rules without it.
template <class Part>
Part part_of_rule(const Experiment& experiment) {
  Part part;
  Binder binder(rule_group);
  part.bind(binder);
  binder.read_what_is_there(experiment);
  return part;
}

void about_structure(const Experiment& experiment, Complaints& all) {
  const auto asked = part_of_rule<StructureSettings>(experiment);
  if (asked.kind == StructureSettings::Kind::kernel && asked.kernel % 2 == 0)
    all.push_back({"rule.kernel", "rule.kernel=" + std::to_string(asked.kernel) +
                                      ": a kernel has its middle on a pixel; use an odd number, as " +
                                      std::to_string(asked.kernel - 1) + " or " +
                                      std::to_string(asked.kernel + 1)});
  const std::int64_t classes = classes_of(experiment);
  if (asked.kind == StructureSettings::Kind::low_rank && classes > 0 && asked.rank > classes)
    all.push_back({"rule.rank", "rule.rank=" + std::to_string(asked.rank) + ": feedback matrices of " +
                                    std::to_string(classes) +
                                    " classes have no higher rank than that; use at most " +
                                    std::to_string(classes)});
}

void about_estimate(const Experiment& experiment, Complaints& all) {
  const auto asked = part_of_rule<EstimateSettings>(experiment);
  if (!asked.orthogonal) return;
  const std::vector<std::int64_t> widths = ModelSettings::of(experiment).hidden;
  if (means_something(experiment, "model.hidden") && !widths.empty()) {
    const std::int64_t least = *std::min_element(widths.begin(), widths.end());
    if (asked.directions > least)
      all.push_back(
          {"rule.directions", "rule.directions=" + std::to_string(asked.directions) + ": a layer of " +
                                  std::to_string(least) +
                                  " features has no more orthogonal directions than that; ask for fewer, or "
                                  "set rule.orthogonal to false"});
  }
  if (asked.space_smaller)
    all.push_back(
        {"rule.orthogonal",
         "rule.orthogonal=true: with rule.space=smaller weights are perturbed, whose tangents are not "
         "orthogonal; set rule.space to activation, or rule.orthogonal to false"});
}

void about_network(const Experiment& experiment, const RuleDescriptor& rule, Complaints& all) {
  const std::string model = ModelSettings::of(experiment).name;
  if (rule.models.empty() || std::find(rule.models.begin(), rule.models.end(), model) != rule.models.end())
    return;
  std::string fine;
  for (const auto& key : rule.models) fine += (fine.empty() ? "" : " or ") + key;
  all.push_back({"model.name", "model.name=" + model + ": rule " + rule.key + " runs on " + fine + " only"});
}

void about_calibration(const Experiment& experiment, const RuleDescriptor& rule, Complaints& all) {
  using Calibration = CalibrationSettings;
  const Calibration asked = Calibration::of(experiment);
  if (asked.when == Calibration::When::never) return;
  if (!rule.calibrates)
    all.push_back({"calibration.when", given(experiment, "calibration.when") + ": rule " + rule.key +
                                           " has no direct feedback to calibrate; set it to never"});
  const std::int64_t classes = classes_of(experiment);
  if (asked.what != Calibration::What::weights && asked.batch_size < classes)
    all.push_back({"calibration.batch_size",
                   "calibration.batch_size=" + std::to_string(asked.batch_size) +
                       ": a refit of the feedback needs at least as many samples as there are classes (" +
                       std::to_string(classes) + ")"});
  if (asked.batch == Calibration::Batch::worst_residual && rule.alignment_sign < 0)
    all.push_back({"calibration.batch", "calibration.batch=worst_residual: " + rule.key +
                                            "'s matrices predict targets, not tangents; "
                                            "use uniform, class_balanced or uncertain"});
  if (asked.when == Calibration::When::event && asked.trigger.high < asked.trigger.low)
    all.push_back({"calibration.high", given(experiment, "calibration.high") +
                                           " is below calibration.low: the trigger would never be armed "
                                           "again"});
}

}  // namespace

void complain_of_rule(const Experiment& experiment, Complaints& all) {
  about_structure(experiment, all);
  about_estimate(experiment, all);
  const RuleDescriptor* rule = find_rule(experiment.rule());
  if (!rule) return;
  about_network(experiment, *rule, all);
  about_calibration(experiment, *rule, all);
}

}  // namespace grapevine
