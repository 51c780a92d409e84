#include "engine/rules/pepita.h"

#include <cmath>

#include "engine/feedback/mirror.h"
#include "engine/rules/critical_path.h"
#include "engine/rules/plain_segments.h"
#include "engine/rules/rule.h"

namespace grapevine {
namespace {

class Pepita : public RuleWith<PepitaSettings> {
 public:
  using RuleWith::RuleWith;

  void attach(const Network& network, std::int64_t seed) override {
    linear_ = linear_layers(network, "pepita");
    const std::int64_t inputs = network.layout()[0].shape[1];
    const RandomKey key = RandomKey::of(seed, Stream::feedback);
    projection_ = at::empty({inputs, network.classes()}, network.options());
    if (settings_.mirrors) {
      begin_factors(network, key);
      return;
    }
    const double bound = 0.05 * std::sqrt(6 / static_cast<double>(inputs));
    fill_uniform(projection_, key, -bound, bound);
  }

  void learn(Lesson& lesson, Draws&) override { contrast(lesson); }
  bool rehearse(Lesson& lesson, Signals&) override {
    contrast(lesson);
    return false;
  }

  std::vector<StepPhase> phases() const override {
    return {{PhaseKind::forward, "", "", {}},
            {PhaseKind::second_pass, "", "", {}},
            {PhaseKind::contrast, "", "", {}},
            {PhaseKind::update, "", "", {}}};
  }

  // F_l += η/N · xᵀy with x noise and y what the layer makes of it; then F's spread as it was.
  void after_update(Lesson& lesson, Draws& draws) override {
    if (!settings_.mirrors) return;
    if (!product_.defined()) product_ = ParameterBuffer(lesson.network.layout(), lesson.network.options());
    const RandomKey key = draws.key(Stream::mirror);
    const double samples = static_cast<double>(lesson.e.size(0));
    for (int l = 1; l <= lesson.network.segments(); ++l) {
      const auto i = static_cast<std::size_t>(l - 1);
      const Tape& tape = lesson.tape.segments[i][linear_[i]];
      Tape scratch;
      mirror_product(layer(lesson.network, l), tape.input, key.with(static_cast<std::uint64_t>(l)), product_,
                     scratch);
      factors_[i].add_(product_[slot(lesson.network, l)].t(), settings_.mirror.rate / samples);
    }
    multiply_out();
  }

  NamedTensors state() override {
    NamedTensors all{{"projection", projection_}};
    for (std::size_t i = 0; i < factors_.size(); ++i)
      all.emplace_back("projection_factor/" + std::to_string(i + 1), factors_[i]);
    return all;
  }

  double multiply_adds(const NetworkCost& cost, double n) const override {
    return n *
           ((settings_.mirrors ? 4 : 3) * cost.forward_total() + static_cast<double>(projection_.numel()));
  }
  CriticalPath critical_path(const NetworkCost& cost) const override {
    return {2 * cost.forward_total(), slowest_segment(cost)};
  }

 private:
  const Layer& layer(const Network& network, int l) const {
    return network.segment(l).layer(linear_[static_cast<std::size_t>(l - 1)]);
  }
  static int slot(const Network& network, int l) {
    std::vector<int> slots;
    network.segment(l).weight_slots(slots);
    return slots.front();
  }

  // The second pass on x − (N·e)Fᵀ with the first pass's masks; each linear layer's gradient then is the
  // product of the change of its segment's output and its input in the second pass.
  void contrast(Lesson& lesson) {
    Network& network = lesson.network;
    const double samples = static_cast<double>(lesson.e.size(0));
    const at::Tensor flat = lesson.tape.input.flatten(1);
    const at::Tensor moved =
        at::addmm(flat, lesson.e, projection_.t(), 1, -samples).view(lesson.tape.input.sizes());
    lap(lesson.clock, Part::signal);
    network.forward(moved, second_, lesson.pass);
    lap(lesson.clock, Part::forward);
    AdjointRequest request;
    request.gradients = &lesson.gradients;
    request.input_gradient = false;
    for (int l = 1; l <= network.segments(); ++l) {
      const auto i = static_cast<std::size_t>(l - 1);
      const at::Tensor change =
          l == network.segments() ? lesson.e : (lesson.tape.outputs[i] - second_.outputs[i]).div_(samples);
      layer(network, l).adjoint(change, second_.segments[i][linear_[i]], request);
    }
    lap(lesson.clock, Part::adjoint);
  }

  // Factors N(0, 1/n_in), then scaled alike.
  void begin_factors(const Network& network, RandomKey key) {
    for (int l = 1; l <= network.segments(); ++l) {
      const std::vector<std::int64_t>& shape = network.layout()[slot(network, l)].shape;
      at::Tensor factor = at::empty({shape[1], shape[0]}, network.options());
      fill_gaussian(factor, key.with(static_cast<std::uint64_t>(l)));
      factors_.push_back(factor.div_(std::sqrt(static_cast<double>(shape[1]))));
    }
    multiply_out();
  }

  // F = F_1 … F_S, every factor scaled so that F's entries keep the deviation 0.05·√(2/n_in).
  void multiply_out() {
    at::Tensor product = factors_.front();
    for (std::size_t i = 1; i < factors_.size(); ++i) product = product.mm(factors_[i]);
    const double wanted = 0.05 * std::sqrt(2 / static_cast<double>(product.size(0)));
    const at::Tensor ratio = wanted / product.std(false);
    const at::Tensor each = ratio.pow(1.0 / static_cast<double>(factors_.size()));
    for (auto& factor : factors_) factor.mul_(each);
    at::mul_out(projection_, product, ratio);
  }

  std::vector<std::size_t> linear_;  ///< the linear layer's place in each segment
  at::Tensor projection_;            ///< F, n_in×C
  std::vector<at::Tensor> factors_;  ///< n_{l−1}×n_l at [l−1], with `mirror` only
  NetworkTape second_;
  ParameterBuffer product_;
};

}  // namespace

std::unique_ptr<Rule> make_pepita(const PepitaSettings& settings) {
  return std::make_unique<Pepita>(settings);
}

}  // namespace grapevine
