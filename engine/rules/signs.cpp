#include "engine/rules/signs.h"

#include <cmath>

#include "engine/feedback/matrices.h"

namespace grapevine {
namespace {

class SignConcordant : public SequentialRule {
 public:
  explicit SignConcordant(Magnitudes magnitudes) : magnitudes_(magnitudes) {}

  void attach(const Network& network, std::int64_t seed) override {
    SequentialRule::attach(network, seed);
    network_ = &network;
    magnitude_ = transport_;
    for (int slot : slots_) transport_[index(slot)] = at::empty_like(magnitude_[index(slot)]);
    refresh(network);
  }

 protected:
  void begin(at::Tensor& magnitude, const ParameterInfo& weight, RandomKey key) const override {
    if (magnitudes_ == Magnitudes::uniform)
      magnitude.fill_(std::sqrt(2 / static_cast<double>(weight.fan_in + weight.fan_out)));
    else
      fill_xavier(magnitude, weight, key);
  }

  void draw(const Network& network, Draws& draws) override {
    if (magnitudes_ != Magnitudes::redrawn) return;
    const RandomKey key = draws.key(Stream::transport);
    for (int slot : slots_) {
      if (is_frozen_slot(slot)) continue;
      const ParameterInfo& info = network.layout()[slot];
      at::Tensor& magnitude = magnitude_[index(slot)];
      if (!draws.magnitude(layer_of(info), magnitude))  // the size of Xavier's uniform numbers, drawn as such
        fill_uniform(magnitude, key.with(static_cast<std::uint64_t>(slot)), 0, xavier_bound(info));
    }
  }

  void refresh(const Network& network) override {
    for (int slot : slots_)
      if (!is_frozen_slot(slot)) refresh_slot(network, slot);
  }

  // A measurement after a resume still needs the last step's magnitudes. A frozen transport has no other
  // source than itself.
  NamedTensors kept() override {
    NamedTensors all = magnitudes_ == Magnitudes::uniform ? NamedTensors{} : named("magnitude", magnitude_);
    for (const int segment : frozen())
      for (const int slot : slots_in(segment))
        all.emplace_back("frozen_transport/" + std::to_string(slot), transport_[index(slot)]);
    return all;
  }

  at::Tensor& lesioned(int slot) override { return magnitude_[index(slot)]; }
  at::Tensor from_weight(const at::Tensor& weight) const override { return weight.abs(); }
  void lesion(const Lesion& lesion, const LesionSite& site) override {
    SequentialRule::lesion(lesion, site);
    for (const int slot : slots_in(site.layer)) refresh_slot(site.network, slot);
  }

  // It stays as it is of the weights now, whether a step or a measurement was the last to look at it.
  void freeze(int layer, bool frozen) override {
    if (frozen && !is_frozen(layer))
      for (const int slot : slots_in(layer)) refresh_slot(*network_, slot);
    SequentialRule::freeze(layer, frozen);
  }

 private:
  void refresh_slot(const Network& network, int slot) {
    at::sign_out(transport_[index(slot)], network.values()[slot]);
    transport_[index(slot)].mul_(magnitude_[index(slot)].abs_());
  }
  static std::size_t index(int slot) { return static_cast<std::size_t>(slot); }
  Magnitudes magnitudes_;
  const Network* network_ = nullptr;   ///< that it is attached to
  std::vector<at::Tensor> magnitude_;  ///< M by weight slot
};

}  // namespace

std::unique_ptr<Rule> make_sign_rule(Magnitudes magnitudes) {
  return std::make_unique<SignConcordant>(magnitudes);
}

}  // namespace grapevine
