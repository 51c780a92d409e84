#include "engine/rules/ff.h"

#include "engine/error.h"
#include "engine/experiment/layer_kind.h"
#include "engine/rules/critical_path.h"
#include "engine/rules/goodness.h"
#include "engine/rules/plain_segments.h"
#include "engine/rules/rule.h"

namespace grapevine {
namespace {

class ForwardForward : public RuleWith<FfSettings> {
 public:
  using RuleWith::RuleWith;

  void attach(const Network& network, std::int64_t) override {
    linear_layers(network, "ff");
    if (network.layout()[0].shape[1] < network.classes())
      throw InputError(
          "rule ff writes the label into the first inputs: it needs at least as many inputs as classes");
    for (int l = 2; l < network.segments(); ++l)
      if (network.spec().segments[static_cast<std::size_t>(l - 1)].front().kind != LayerKind::rms_norm)
        throw InputError("rule ff needs an rms_norm layer before segment " + std::to_string(l) +
                         ", or that segment would read the goodness of the one before");
  }

  void learn(Lesson& lesson, Draws& draws) override {
    key_ = draws.key(Stream::negatives);
    tell_apart(lesson);
  }
  bool rehearse(Lesson& lesson, Signals&) override {
    tell_apart(lesson);
    return false;
  }
  double multiply_adds(const NetworkCost& cost, double n) const override {
    const double hidden = cost.forward_total() - cost.forward.back();
    return n * (cost.forward_total() + cost.forward.back() + 4 * hidden);
  }
  // Layers learn while the next one runs: behind the last one there is but its own adjoint.
  CriticalPath critical_path(const NetworkCost& cost) const override {
    return {cost.forward_total(), widest_projection(cost) + slowest_segment(cost)};
  }

 private:
  void tell_apart(Lesson& lesson) {
    Network& network = lesson.network;
    at::Tensor h = with_labels(lesson.tape.input, lesson.y, network.classes(), key_);
    lap(lesson.clock, Part::signal);
    AdjointRequest request;
    request.gradients = &lesson.gradients;
    request.input_gradient = false;
    tape_.segments.resize(static_cast<std::size_t>(network.segments()));
    for (int l = 1; l < network.segments(); ++l) {
      h = network.forward_segment(l, h, tape_.segments[static_cast<std::size_t>(l - 1)], lesson.pass);
      lap(lesson.clock, Part::forward);
      network.adjoint(l, goodness_slope(h, settings_.threshold), tape_, request);
      lap(lesson.clock, Part::adjoint);
    }
    network.adjoint(network.segments(), lesson.e, lesson.tape, request);
    lap(lesson.clock, Part::adjoint);
  }

  RandomKey key_;
  NetworkTape tape_;
};

}  // namespace

std::unique_ptr<Rule> make_ff(const FfSettings& settings) {
  return std::make_unique<ForwardForward>(settings);
}

}  // namespace grapevine
