#include "engine/rules/ff.h"

#include "engine/error.h"
#include "engine/rules/plain_segments.h"
#include "engine/rules/rule.h"

namespace grapevine {
namespace {

class ForwardForward : public Rule {
 public:
  explicit ForwardForward(const Experiment& experiment) : threshold_(experiment.number("rule.threshold")) {}

  void attach(const Network& network, std::int64_t) override {
    linear_layers(network, "ff");
    if (network.layout()[0].shape[1] < network.classes())
      throw InputError(
          "rule ff writes the label into the first inputs: it needs at least as many inputs as classes");
    for (int l = 2; l < network.segments(); ++l)
      if (network.spec().segments[static_cast<std::size_t>(l - 1)].front().type != "rms_norm")
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
  bool set(std::string_view key, double value) override {
    if (key != "threshold") return false;
    threshold_ = value;
    return true;
  }
  double multiply_adds(const NetworkCost& cost, double n) const override {
    const double hidden = cost.forward_total() - cost.forward.back();
    return n * (cost.forward_total() + cost.forward.back() + 4 * hidden);
  }

 private:
  // [x⁺; x⁻], 2N samples: the label's one-hot, as bright as the brightest pixel, in the first C inputs; in
  // the lower half a wrong label, each equally likely.
  at::Tensor labelled(const Lesson& lesson) {
    const std::int64_t samples = lesson.y.size(0), classes = lesson.network.classes();
    at::Tensor shift = at::empty({samples}, lesson.e.options());
    fill_uniform(shift, key_, 1, static_cast<double>(classes));
    const at::Tensor wrong =
        (lesson.y + shift.floor_().clamp_max_(classes - 1).to(at::kLong)).remainder_(classes);
    const at::Tensor flat = lesson.tape.input.flatten(1);
    at::Tensor both = at::cat({flat, flat});
    at::Tensor marks = both.narrow(1, 0, classes);
    marks.zero_();
    marks.scatter_(1, at::cat({lesson.y, wrong}).unsqueeze(1),
                   flat.max().expand({2 * samples, 1}).contiguous());
    std::vector<std::int64_t> shape = lesson.tape.input.sizes().vec();
    shape[0] = 2 * samples;
    return both.view(shape);
  }

  void tell_apart(Lesson& lesson) {
    Network& network = lesson.network;
    const std::int64_t samples = lesson.y.size(0);
    at::Tensor h = labelled(lesson);
    lap(lesson.clock, Part::signal);
    AdjointRequest request;
    request.gradients = &lesson.gradients;
    request.input_gradient = false;
    tape_.segments.resize(static_cast<std::size_t>(network.segments()));
    for (int l = 1; l < network.segments(); ++l) {
      h = network.forward_segment(l, h, tape_.segments[static_cast<std::size_t>(l - 1)], lesson.pass);
      lap(lesson.clock, Part::forward);
      network.adjoint(l, slope(h, samples), tape_, request);
      lap(lesson.clock, Part::adjoint);
    }
    network.adjoint(network.segments(), lesson.e, lesson.tape, request);
    lap(lesson.clock, Part::adjoint);
  }

  // ∂/∂h of (1/N) Σ softplus(θ − g⁺) + softplus(g⁻ − θ), g = mean h².
  at::Tensor slope(const at::Tensor& h, std::int64_t samples) const {
    const at::Tensor goodness = h.square().mean(1, true);
    at::Tensor weight = at::sigmoid(goodness - threshold_);
    weight.narrow(0, 0, samples).sub_(1);  // −σ(θ − g)
    const double scale = 2 / (static_cast<double>(h.size(1)) * static_cast<double>(samples));
    return h * weight.mul_(scale);
  }

  double threshold_;
  RandomKey key_;
  NetworkTape tape_;
};

}  // namespace

std::unique_ptr<Rule> make_ff(const Experiment& experiment) {
  return std::make_unique<ForwardForward>(experiment);
}

}  // namespace grapevine
