// What is done to a racer's feedback between two steps: lesions, and freezing (learning-rules §9).
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/error.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/registry.h"
#include "engine/probes/jacobian.h"
#include "engine/session/interruption.h"
#include "engine/training/stopwatch.h"
#include "engine/training/trainer.h"

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

std::string Trainer::refusal(const LiveChange& change) const {
  const RuleDescriptor& rule = *find_rule(experiment_.rule());
  const bool lesions = change.kind == LiveChange::Kind::lesion;
  if (const std::string why = grapevine::refusal(change, rule); !why.empty()) return why;
  const std::vector<int> layers = rule_->feedback_layers();
  if (std::find(layers.begin(), layers.end(), change.layer) == layers.end())
    return rule.name + ": there is no feedback to layer " + std::to_string(change.layer) +
           (rule.has_transport ? ", it goes back through " : ", it reaches ") + enumerated(layers);
  if (!lesions || change.lesion.kind != LesionKind::jacobian || rule.has_transport) return {};
  const std::string sweeps = std::to_string(network_.classes()) + " adjoint sweeps";
  if (network_.decoder())
    return rule.name + ": of a language model the mean Jacobian is only an estimate, even after " + sweeps;
  if (network_.classes() > most_sweeps)
    return rule.name + ": the exact mean Jacobian takes " + sweeps + ", a class each; at most " +
           std::to_string(most_sweeps) + " are made";
  return {};
}

at::Tensor Trainer::mean_jacobian(Batches& batches, int point) {
  prepare_probe_batch(batches);
  const Pass pass = Pass::probing();
  judge(network_, network_.forward(probe_batch_.x, tapes_->probe, pass), probe_batch_.y, probe_judgement_,
        true);
  Lesson lesson{network_, tapes_->probe, pass, probe_batch_.y, probe_judgement_.e, probe_gradients_};
  return mean_jacobians(lesson)[point_index(point)];
}

void Trainer::lesion(const LiveChange& change, Batches& batches, std::int64_t step) {
  const bool direct = rule_->feedback() != nullptr;
  if (change.lesion.kind == LesionKind::rotate && direct &&
      !(*rule_->feedback())[point_index(change.layer)].any().item<bool>())
    throw InputError("the feedback of layer " + std::to_string(change.layer) +
                     " is zero: it has no direction to rotate");
  const RandomKey key = RandomKey::of(settings_.seed, Stream::lesion)
                            .with(static_cast<std::uint64_t>(step))
                            .with(static_cast<std::uint64_t>(change.layer));
  Rule::LesionSite site{network_, change.layer, key, {}};
  if (change.lesion.kind == LesionKind::jacobian && direct)
    site.jacobian = mean_jacobian(batches, change.layer);
  rule_->lesion(change.lesion, site);
  if (direct) rule_->forget_average(change.layer);
}

void Trainer::intervene(const LiveChange& change, Batches& batches, std::int64_t step, double epoch,
                        Report& report) {
  forget_recording();
  const at::NoGradGuard no_grad;
  settle(report);
  const Stopwatch watch;
  nlohmann::json data{{"layer", change.layer}, {"command", to_text(change)}};
  if (change.kind == LiveChange::Kind::lesion) {
    const Probe alignment({measure_keys::cos_b_j, measure_keys::cos_b_j_centred, measure_keys::angle});
    Measured before, after;
    run_probe(alignment, batches, before);
    const Interruptible whole;  // from here on the feedback changes
    lesion(change, batches, step);
    run_probe(alignment, batches, after);
    for (const char* measure : {measure_keys::cos_b_j, measure_keys::cos_b_j_centred, measure_keys::angle})
      if (nlohmann::json points = by_layer(before, measure); !points.empty()) {
        data[std::string(measure) + "_before"] = std::move(points);
        data[std::string(measure) + "_after"] = by_layer(after, measure);
      }
  } else {
    rule_->freeze(change.layer, change.kind == LiveChange::Kind::freeze);
  }
  data["seconds"] = watch.seconds();
  Event event;
  event.racer = static_cast<std::uint16_t>(racer_);
  event.step = step;
  event.epoch = epoch;
  event.kind = change.kind == LiveChange::Kind::lesion ? EventKind::lesion : EventKind::freeze;
  event.cause = words_of(change);
  event.data = data.dump();
  report.events.push_back(event);
}

}  // namespace grapevine
