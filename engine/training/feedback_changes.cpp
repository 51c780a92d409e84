#include "engine/training/feedback_changes.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/session/interruption.h"
#include "engine/training/stopwatch.h"

namespace grapevine {
namespace {

/// J̄ takes one adjoint sweep per class.
constexpr std::int64_t most_sweeps = 1000;

std::string enumerated(const std::vector<int>& layers) {
  if (layers.empty()) return "no layer";
  const bool in_a_row = layers.back() - layers.front() + 1 == static_cast<int>(layers.size());
  if (layers.size() == 1) return "layer " + std::to_string(layers.front());
  if (in_a_row)
    return "the layers " + std::to_string(layers.front()) + " to " + std::to_string(layers.back());
  std::string text;
  for (const int layer : layers) text += (text.empty() ? "the layers " : ", ") + std::to_string(layer);
  return text;
}

/// {"1": value, …} of one measure.
nlohmann::json by_layer(const Measured& measured, const char* measure) {
  nlohmann::json points = nlohmann::json::object();
  for (const auto& [key, value] : measured)
    if (key.first == measure) points[std::to_string(key.second)] = value;
  return points;
}

}  // namespace

std::string FeedbackChanges::refusal(const LiveChange& change) const {
  const bool lesions = change.kind == LiveChange::Kind::lesion;
  if (const std::string why = grapevine::refusal(change, rule_); !why.empty()) return why;
  const std::vector<int> layers = racer_.rule.feedback_layers();
  if (std::find(layers.begin(), layers.end(), change.layer) == layers.end())
    return rule_.name + ": there is no feedback to layer " + std::to_string(change.layer) +
           (rule_.has_transport ? ", it goes back through " : ", it reaches ") + enumerated(layers);
  if (!lesions || change.lesion.kind != LesionKind::jacobian || rule_.has_transport) return {};
  const std::int64_t classes = racer_.network.classes();
  const std::string sweeps = std::to_string(classes) + " adjoint sweeps";
  if (racer_.network.decoder())
    return rule_.name + ": of a language model the mean Jacobian is only an estimate, even after " + sweeps;
  if (classes > most_sweeps)
    return rule_.name + ": the exact mean Jacobian takes " + sweeps + ", a class each; at most " +
           std::to_string(most_sweeps) + " are made";
  return {};
}

void FeedbackChanges::lesion(const LiveChange& change, Batches& batches, std::int64_t step) {
  Rule& rule = racer_.rule;
  const bool direct = rule.feedback() != nullptr;
  if (change.lesion.kind == LesionKind::rotate && direct &&
      !(*rule.feedback())[point_index(change.layer)].any().item<bool>())
    throw InputError("the feedback of layer " + std::to_string(change.layer) +
                     " is zero: it has no direction to rotate");
  const RandomKey key = RandomKey::of(racer_.seed, Stream::lesion)
                            .with(static_cast<std::uint64_t>(step))
                            .with(static_cast<std::uint64_t>(change.layer));
  Rule::LesionSite site{racer_.network, change.layer, key, {}};
  if (change.lesion.kind == LesionKind::jacobian && direct)
    site.jacobian = measuring_.mean_jacobian(batches, change.layer);
  rule.lesion(change.lesion, site);
  if (direct) rule.forget_average(change.layer);
}

void FeedbackChanges::carry_out(const LiveChange& change, Batches& batches, std::int64_t step, double epoch,
                                Report& report) {
  const at::NoGradGuard no_grad;
  racer_.losses.settle(report);
  const Stopwatch watch;
  nlohmann::json data{{"layer", change.layer}, {"command", to_text(change)}};
  const bool lesions = change.kind == LiveChange::Kind::lesion;
  if (lesions) {
    const Probe alignment({measure_keys::cos_b_j, measure_keys::cos_b_j_centred, measure_keys::angle});
    const Measured before = measuring_.measure(alignment, batches);
    const Interruptible whole;  // from here on the feedback changes
    lesion(change, batches, step);
    const Measured after = measuring_.measure(alignment, batches);
    for (const char* measure : {measure_keys::cos_b_j, measure_keys::cos_b_j_centred, measure_keys::angle})
      if (nlohmann::json points = by_layer(before, measure); !points.empty()) {
        data[std::string(measure) + "_before"] = std::move(points);
        data[std::string(measure) + "_after"] = by_layer(after, measure);
      }
  } else {
    racer_.rule.freeze(change.layer, change.kind == LiveChange::Kind::freeze);
  }
  data["seconds"] = watch.seconds();
  Event event =
      racer_.reports.event(lesions ? EventKind::lesion : EventKind::freeze, step, epoch, words_of(change));
  event.data = data.dump();
  report.events.push_back(event);
}

}  // namespace grapevine
