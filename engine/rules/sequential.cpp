#include "engine/rules/sequential.h"

#include "engine/feedback/lesioned.h"

namespace grapevine {

std::string SequentialRule::layer_of(const ParameterInfo& weight) {
  return weight.name.substr(0, weight.name.rfind('.'));
}

void SequentialRule::attach(const Network& network, std::int64_t seed) {
  slots_ = network.transported_slots();
  transport_.resize(static_cast<std::size_t>(network.layout().size()));
  for (const ParameterInfo& info : network.layout().infos()) segments_.push_back(info.segment);
  const RandomKey key = RandomKey::of(seed, Stream::transport);
  for (int slot : slots_) {
    const ParameterInfo& info = network.layout()[slot];
    layers_.push_back(layer_of(info));
    at::Tensor& transport = transport_[static_cast<std::size_t>(slot)];
    transport = at::empty(info.shape, network.options());
    begin(transport, info, key.with(static_cast<std::uint64_t>(slot)));
  }
}

void SequentialRule::learn(Lesson& lesson, Draws& draws) {
  draw(lesson.network, draws);
  refresh(lesson.network);
  lap(lesson.clock, Part::signal);
  backpropagate(lesson, step_signals_, true, &transport_);
}

bool SequentialRule::rehearse(Lesson& lesson, Signals& signals) {
  refresh(lesson.network);
  backpropagate(lesson, signals, true, &transport_);
  return true;
}

std::vector<int> SequentialRule::slots_in(int segment) const {
  std::vector<int> slots;
  for (const int slot : slots_)
    if (segments_[static_cast<std::size_t>(slot)] == segment) slots.push_back(slot);
  return slots;
}

std::vector<int> SequentialRule::feedback_layers() const {
  std::set<int> layers;
  for (const int slot : slots_) layers.insert(segments_[static_cast<std::size_t>(slot)]);
  return {layers.begin(), layers.end()};
}

void SequentialRule::lesion(const Lesion& lesion, const LesionSite& site) {
  for (const int slot : slots_in(site.layer)) {
    at::Tensor& changed = lesioned(slot);
    const RandomKey key = site.key.with(static_cast<std::uint64_t>(slot));
    switch (lesion.kind) {
      case LesionKind::randomise:
        begin(changed, site.network.layout()[slot], key);
        break;
      case LesionKind::zero:
        changed.zero_();
        break;
      case LesionKind::rotate:
        changed.copy_(rotated(changed, lesion.degrees, key));
        break;
      case LesionKind::jacobian:
        changed.copy_(from_weight(site.network.values()[slot]));
        break;
    }
  }
}

NamedTensors SequentialRule::named(const std::string& what, const std::vector<at::Tensor>& by_slot) const {
  NamedTensors all;
  for (std::size_t i = 0; i < slots_.size(); ++i)
    all.emplace_back(what + "/" + layers_[i], by_slot[static_cast<std::size_t>(slots_[i])]);
  return all;
}

NamedTensors SequentialRule::state() {
  return kept();
}

double SequentialRule::multiply_adds(const NetworkCost& cost, double n) const {
  return n * (2 * cost.forward_total() + cost.above_first());
}

}  // namespace grapevine
