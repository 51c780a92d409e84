// What must hold for every implementation of the rules (learning-rules §8), on random networks in float64. A
// failure prints the seed that repeats it.
#include <torch/csrc/autograd/autograd.h>

#include <QtTest>
#include <random>

#include "engine/feedback/mirror.h"
#include "engine/probes/probe.h"
#include "engine/rules/goodness.h"
#include "engine/rules/local_loss.h"
#include "engine/training/registry.h"
#include "engine/training/trainer.h"
#include "tests/nn/oracle.h"

namespace grapevine {
namespace {

constexpr double exact = 1e-10;
const at::TensorOptions f64 = at::TensorOptions().dtype(at::kDouble);

using Generator = std::mt19937_64;
std::int64_t any(Generator& g, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>(low, high)(g);
}

LayerSpec layer(const std::string& type) {
  LayerSpec spec;
  spec.type = type;
  return spec;
}
LayerSpec linear(std::int64_t in, std::int64_t out) {
  LayerSpec spec = layer("linear");
  spec.in = in;
  spec.out = out;
  return spec;
}

/// linear + activation segments of random widths, `hidden` of them below the last.
NetworkSpec random_mlp(Generator& g, int hidden, const std::string& activation) {
  NetworkSpec spec{{any(g, 3, 8)}, {}};
  std::int64_t width = spec.input[0];
  for (int l = 0; l < hidden; ++l) {
    const std::int64_t next = any(g, 4, 9);
    spec.segments.push_back({linear(width, next)});
    if (!activation.empty()) spec.segments.back().push_back(layer(activation));
    width = next;
  }
  spec.segments.push_back({linear(width, any(g, 2, 5))});
  return spec;
}

NetworkSpec random_cnn(Generator& g) {
  const std::int64_t channels = any(g, 1, 3), middle = any(g, 2, 4);
  LayerSpec conv = linear(channels, middle), inner = linear(middle, middle), norm = layer("batch_norm2d"),
            residual = layer("residual"), pool = layer("max_pool2d");
  conv.type = inner.type = "conv2d";
  conv.kernel = inner.kernel = 3;
  conv.padding = inner.padding = 1;
  norm.features = middle;
  residual.body = {inner, layer("tanh")};
  pool.kernel = pool.stride = 2;
  return {
      {channels, 6, 6},
      {{conv, norm, layer("relu")}, {residual, pool}, {layer("flatten"), linear(middle * 9, any(g, 2, 5))}}};
}

/// A network with random weights and biases that has run forward on a random batch.
struct Bed {
  Bed(const NetworkSpec& spec, Generator& g, std::int64_t samples)
      : network(spec, f64), gradients(network.layout(), f64) {
    at::Tensor values = network.values().flat();
    fill_gaussian(values, key(g));
    values.mul_(0.5);
    std::vector<std::int64_t> shape{samples};
    shape.insert(shape.end(), spec.input.begin(), spec.input.end());
    x = at::empty(shape, f64);
    fill_gaussian(x, key(g));
    std::vector<std::int64_t> labels;
    for (std::int64_t n = 0; n < samples; ++n) labels.push_back(any(g, 0, network.classes() - 1));
    y = at::tensor(labels, at::TensorOptions().dtype(at::kLong));
    run();
  }
  static RandomKey key(Generator& g) {
    return RandomKey::of(static_cast<std::int64_t>(g() >> 1), Stream::test);
  }
  void run() { judge(network.forward(x, tape, pass), y, judgement, true); }
  Lesson lesson() { return {network, tape, pass, y, judgement.e, gradients}; }
  at::Tensor bp_gradients(Signals* signals = nullptr) {
    ParameterBuffer buffer(network.layout(), f64);
    Lesson by_bp{network, tape, pass, y, judgement.e, buffer};
    Signals own;
    backpropagate(by_bp, own, true);
    if (signals)
      for (const auto& s : own) signals->push_back(s.clone());
    return buffer.flat();
  }

  Network network;
  NetworkTape tape;
  ParameterBuffer gradients;
  at::Tensor x, y;
  Pass pass = Pass::training(RandomKey::of(1, Stream::dropout));
  Judgement judgement;
};

std::unique_ptr<Rule> attached(const std::string& key, Bed& bed,
                               const std::map<std::string, std::string>& settings = {}) {
  Experiment experiment(key);
  for (const auto& [name, value] : settings) experiment.set_text("rule." + name, value);
  std::unique_ptr<Rule> rule = make_rule(experiment);
  rule->attach(bed.network, 11);
  return rule;
}

/// Draws that a test writes out.
class WrittenDraws : public SeededDraws {
 public:
  WrittenDraws() : SeededDraws(1, 1) {}
  bool perturbation(int point, int, at::Tensor& out) override {
    if (!perturb) return false;
    perturb(point, out);
    return true;
  }
  bool parameter_direction(const std::string& name, at::Tensor& out) override {
    if (!direct) return false;
    direct(name, out);
    return true;
  }
  std::function<void(int, at::Tensor&)> perturb;
  std::function<void(const std::string&, at::Tensor&)> direct;
};

std::string seed_text(std::uint64_t seed) {
  return "seed " + std::to_string(seed);
}

}  // namespace

class TestIdentities : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void bp_is_autograd() {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      Generator g(seed);
      Bed bed(seed % 2 ? random_cnn(g) : random_mlp(g, 3, "gelu"), g, any(g, 2, 7));
      NamedParameters leaves = leaves_of(bed.network);
      oracle_loss(oracle_network(bed.network.spec(), bed.x, leaves).back(), bed.y).backward();
      bed.bp_gradients();
      auto rule = attached("bp", bed);
      SeededDraws draws(1, 1);
      Lesson lesson = bed.lesson();
      rule->learn(lesson, draws);
      for (const auto& [name, leaf] : leaves)
        QVERIFY2(relative_error(bed.gradients[bed.network.layout().slot(name)], leaf.grad()) < exact ||
                     at::linalg_vector_norm(leaf.grad()).item<double>() < 1e-14,
                 (seed_text(seed) + " " + name).c_str());
    }
  }

  void fa_with_its_transport_equal_to_w_is_bp() {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      Generator g(seed);
      Bed bed(seed % 2 ? random_cnn(g) : random_mlp(g, 3, "tanh"), g, any(g, 2, 7));
      auto rule = attached("fa", bed);
      std::size_t i = 0;
      for (int slot : bed.network.transported_slots())
        rule->state()[i++].second.copy_(bed.network.values()[slot]);
      QVERIFY(i > 0);
      SeededDraws draws(1, 1);
      Lesson lesson = bed.lesson();
      rule->learn(lesson, draws);
      QVERIFY2(relative_error(bed.gradients.flat(), bed.bp_gradients()) < exact, seed_text(seed).c_str());
    }
  }

  // With another transport a hidden layer's gradient must differ, or the test above proves nothing.
  void fa_with_a_random_transport_is_not_bp() {
    Generator g(3);
    Bed bed(random_mlp(g, 2, "tanh"), g, 6);
    auto rule = attached("fa", bed);
    SeededDraws draws(1, 1);
    Lesson lesson = bed.lesson();
    rule->learn(lesson, draws);
    QVERIFY(relative_error(bed.gradients.flat(), bed.bp_gradients()) > 0.01);
  }

  void dfa_with_one_hidden_layer_and_the_true_weights_is_bp() {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
      Generator g(seed);
      Bed bed(random_mlp(g, 1, "sigmoid"), g, any(g, 2, 7));
      for (const char* key : {"dfa", "dkp"}) {
        auto rule = attached(key, bed);
        (*rule->feedback())[0].copy_(bed.network.values()[bed.network.layout().slot("2.0.weight")]);
        SeededDraws draws(1, 1);
        Lesson lesson = bed.lesson();
        rule->learn(lesson, draws);
        QVERIFY2(relative_error(bed.gradients.flat(), bed.bp_gradients()) < exact, seed_text(seed).c_str());
      }
    }
  }

  void sign_rules_carry_the_signs_of_w() {
    for (const char* key : {"usf", "brsf", "frsf"})
      for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        Generator g(seed);
        Bed bed(seed % 2 ? random_cnn(g) : random_mlp(g, 2, "relu"), g, 4);
        bed.network.values()[bed.network.transported_slots()[0]].flatten()[0].zero_();  // sign(0) = 0
        auto rule = attached(key, bed);
        Lesson lesson = bed.lesson();
        SeededDraws first(1, 1), second(1, 2);
        rule->learn(lesson, first);
        std::vector<at::Tensor> before;
        for (int slot : bed.network.transported_slots()) {
          const at::Tensor& t = (*rule->transport())[static_cast<std::size_t>(slot)];
          QVERIFY(at::equal(t.sign(), bed.network.values()[slot].sign()));
          const ParameterInfo& info = bed.network.layout()[slot];
          const double scale = std::sqrt(2.0 / static_cast<double>(info.fan_in + info.fan_out));
          const at::Tensor size = t.abs().masked_select(t.ne(0));
          if (std::string(key) == "usf") QVERIFY((size - scale).abs().max().item<double>() < exact);
          QVERIFY(size.max().item<double>() <= std::sqrt(3.0) * scale + exact);  // Xavier's bound is √3·s
          before.push_back(t.clone());
        }
        rule->learn(lesson, second);
        std::size_t i = 0;
        for (int slot : bed.network.transported_slots())
          QCOMPARE(at::equal((*rule->transport())[static_cast<std::size_t>(slot)], before[i++]),
                   std::string(key) != "brsf");
      }
  }

  // W − R shrinks by λ at every step, whatever the optimiser did.
  void kolen_pollack_brings_w_and_its_transport_together() {
    Generator g(4);
    Bed bed(random_mlp(g, 2, "tanh"), g, 6);
    auto rule = attached("kp", bed, {{"decay", "0.9"}});
    std::map<int, at::Tensor> apart;
    for (int slot : bed.network.transported_slots())
      apart[slot] = bed.network.values()[slot] - (*rule->transport())[static_cast<std::size_t>(slot)];
    for (int step = 1; step <= 5; ++step) {
      bed.run();
      SeededDraws draws(1, step);
      Lesson lesson = bed.lesson();
      rule->learn(lesson, draws);
      bed.network.values().flat().sub_(bed.gradients.flat(), 0.3);
      rule->after_update(lesson, draws);
      for (auto& [slot, gap] : apart) {
        gap = gap * 0.9;
        const at::Tensor now =
            bed.network.values()[slot] - (*rule->transport())[static_cast<std::size_t>(slot)];
        QVERIFY(relative_error(now, gap) < exact);
      }
    }
  }

  void biases_do_not_fade_under_kolen_pollack() {
    Generator g(4);
    Bed bed(random_mlp(g, 2, "tanh"), g, 6);
    auto rule = attached("kp", bed, {{"decay", "0.5"}});
    const at::Tensor before = bed.network.values().flat().clone();
    SeededDraws draws(1, 1);
    Lesson lesson = bed.lesson();
    rule->learn(lesson, draws);
    rule->after_update(lesson, draws);  // ΔW = 0
    for (int slot = 0; slot < bed.network.layout().size(); ++slot) {
      const ParameterInfo& info = bed.network.layout()[slot];
      const at::Tensor old = before.narrow(0, info.offset, info.count).view(info.shape);
      const double left = info.role == ParameterRole::weight ? 0.5 : 1;
      QVERIFY(relative_error(bed.network.values()[slot], old * left) < exact);
    }
  }

  // The mean of the mirror's product is N·0.01·W: over many batches the sum points along W.
  void weight_mirroring_points_along_w() {
    Generator g(5);
    for (const char* type : {"linear", "conv2d"}) {
      NetworkSpec spec = random_cnn(g);
      if (std::string(type) == "linear") spec = random_mlp(g, 2, "relu");
      Bed bed(spec, g, 64);
      auto rule = attached("wm", bed, {{"mirror_rate", "1"}, {"mirror_decay", "0"}});
      for (auto& [name, tensor] : rule->state()) tensor.zero_();
      Lesson lesson = bed.lesson();
      for (int step = 1; step <= 200; ++step) {
        SeededDraws draws(1, step);
        rule->after_update(lesson, draws);
      }
      for (int slot : bed.network.transported_slots()) {
        const at::Tensor& r = (*rule->transport())[static_cast<std::size_t>(slot)];
        const at::Tensor& w = bed.network.values()[slot];
        QVERIFY2(cosine(r, w) > 0.95, type);
        if (w.dim() == 2)
          QVERIFY(std::abs((r * w).sum().item<double>() / w.square().sum().item<double>() - 2) < 0.4);
      }
    }
  }

  // Along every axis of weight space in turn, the forward gradients add up to the gradient.
  void weight_forward_gradients_along_all_axes_add_up_to_bp() {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      Generator g(seed);
      Bed bed(seed == 1 ? random_cnn(g) : random_mlp(g, 2, "tanh"), g, 4);
      auto rule = attached("fg_weight", bed);
      at::Tensor total = at::zeros_like(bed.gradients.flat());
      for (std::int64_t axis = 0; axis < total.numel(); ++axis) {
        WrittenDraws draws;
        draws.direct = [&](const std::string& name, at::Tensor& out) {
          const ParameterInfo& info = bed.network.layout()[bed.network.layout().slot(name)];
          out.zero_();
          if (axis >= info.offset && axis < info.offset + info.count) out.view({-1})[axis - info.offset] = 1;
        };
        Lesson lesson = bed.lesson();
        rule->learn(lesson, draws);
        total += bed.gradients.flat();
      }
      QVERIFY2(relative_error(total, bed.bp_gradients()) < 1e-9, seed_text(seed).c_str());
    }
  }

  void activity_forward_gradients_along_all_axes_add_up_to_bps_signals() {
    Generator g(6);
    Bed bed(random_mlp(g, 2, "tanh"), g, 5);
    auto rule = attached("fg_activity", bed);
    Signals exact_signals;
    bed.bp_gradients(&exact_signals);
    for (int point = 1; point <= bed.network.points(); ++point) {
      at::Tensor total = at::zeros_like(exact_signals[static_cast<std::size_t>(point - 1)]);
      for (std::int64_t axis = 0; axis < bed.network.features(point); ++axis) {
        WrittenDraws draws;
        draws.perturb = [&](int at_point, at::Tensor& out) {
          out.zero_();
          if (at_point == point) out.select(1, axis).fill_(1);
        };
        Lesson lesson = bed.lesson();
        rule->learn(lesson, draws);
        total += rule->signals_of_step()[static_cast<std::size_t>(point - 1)];
      }
      QVERIFY(relative_error(total, exact_signals[static_cast<std::size_t>(point - 1)]) < exact);
    }
  }

  // §8.3, the per-layer trace: n orthonormal directions give J̄ exactly; k of n give E cos² = k/n for one
  // sample.
  void orthonormal_directions_recover_the_jacobian() {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      Generator g(seed);
      NetworkSpec spec = random_mlp(g, 2, "tanh");
      const std::int64_t n = spec.segments[0][0].out;
      spec.segments[1][0].out = n;  // as many features at both points
      spec.segments[2][0].in = n;
      Bed bed(spec, g, 3);
      const std::vector<at::Tensor> truth = [&] {
        Lesson lesson = bed.lesson();
        return mean_jacobians(lesson);
      }();
      for (const char* key : {"grape", "residual", "fdfa", "grape2025"}) {
        auto rule = attached(
            key, bed, {{"trace", "per_layer"}, {"orthogonal", "true"}, {"directions", std::to_string(n)}});
        SeededDraws draws(static_cast<std::int64_t>(seed), 1);
        Lesson lesson = bed.lesson();
        rule->learn(lesson, draws);
        for (std::size_t l = 0; l < truth.size(); ++l)
          QVERIFY2(relative_error((*rule->jacobian_estimate())[l], truth[l]) < exact,
                   (seed_text(seed) + " " + key).c_str());
      }
    }
  }

  void some_orthonormal_directions_see_their_share_of_the_jacobian() {
    Generator g(7);
    NetworkSpec spec{{5}, {{linear(5, 12), layer("tanh")}, {linear(12, 4)}}};
    Bed bed(spec, g, 1);
    Lesson lesson = bed.lesson();
    const at::Tensor truth = mean_jacobians(lesson)[0];
    for (int k : {1, 3, 6}) {
      auto rule = attached(
          "grape", bed, {{"trace", "per_layer"}, {"orthogonal", "true"}, {"directions", std::to_string(k)}});
      double sum = 0;
      const int draws_made = 3000;
      for (int step = 1; step <= draws_made; ++step) {
        SeededDraws draws(1, step);
        rule->learn(lesson, draws);
        const double c = cosine((*rule->jacobian_estimate())[0], truth);
        sum += c * c;
      }
      // cos² of one draw has a deviation below 0.25: five of the mean's are 0.023.
      QVERIFY(std::abs(sum / draws_made - k / 12.0) < 0.023);
    }
  }

  void orthogonal_directions_beyond_the_features_are_refused() {
    Generator g(8);
    Bed bed({{5}, {{linear(5, 6), layer("tanh")}, {linear(6, 3)}}}, g, 2);
    bool refused = false;
    try {
      attached("grape", bed, {{"orthogonal", "true"}, {"directions", "7"}});
    } catch (const InputError& error) {
      refused = std::string(error.what()).find("rule.directions") != std::string::npos;
    }
    QVERIFY(refused);
  }

  // §8.4: on a linear network both converge to the product of the weights above.
  void residual_and_fdfa_find_the_product_of_the_weights() {
    Generator g(9);
    Bed bed(random_mlp(g, 3, ""), g, 64);
    const auto product_above = [&](int point) {
      at::Tensor p = bed.network.values()[bed.network.layout().slot(std::to_string(point + 1) + ".0.weight")];
      for (int l = point + 2; l <= bed.network.segments(); ++l)
        p = bed.network.values()[bed.network.layout().slot(std::to_string(l) + ".0.weight")].mm(p);
      return p;
    };
    for (const char* trace : {"shared", "per_layer"}) {
      auto residual = attached("residual", bed, {{"trace", trace}});
      for (int step = 1; step <= 1500; ++step) {
        SeededDraws draws(2, step);
        Lesson lesson = bed.lesson();
        residual->learn(lesson, draws);
      }
      for (int l = 1; l <= bed.network.points(); ++l)
        QVERIFY2(
            relative_error((*residual->feedback())[static_cast<std::size_t>(l - 1)], product_above(l)) < 1e-8,
            trace);
    }
    // FDFA's noise stays: a running mean over about 1/lr steps of 64 samples.
    auto fdfa = attached("fdfa", bed,
                         {{"trace", "per_layer"}, {"feedback_optimizer", "sgd"}, {"feedback_lr", "0.001"}});
    for (int step = 1; step <= 3000; ++step) {
      SeededDraws draws(2, step);
      Lesson lesson = bed.lesson();
      fdfa->learn(lesson, draws);
      fdfa->after_update(lesson, draws);
    }
    for (int l = 1; l <= bed.network.points(); ++l)
      QVERIFY(relative_error((*fdfa->feedback())[static_cast<std::size_t>(l - 1)], product_above(l)) < 0.1);
  }

  void tracking_takes_the_first_estimate_whole_and_then_averages() {
    Generator g(10);
    Bed bed(random_mlp(g, 2, "tanh"), g, 6);
    auto rule = attached("residual", bed, {{"track", "0.75"}});
    Lesson lesson = bed.lesson();
    std::vector<at::Tensor> want;
    for (int step = 1; step <= 4; ++step) {
      SeededDraws draws(1, step);
      rule->learn(lesson, draws);
      for (std::size_t l = 0; l < rule->feedback()->size(); ++l) {
        const at::Tensor& j = (*rule->jacobian_estimate())[l];
        if (step == 1)
          want.push_back(j.clone());
        else
          want[l] = 0.75 * want[l] + 0.25 * j;
        QVERIFY(relative_error((*rule->feedback())[l], want[l]) < exact);
      }
    }
  }

  void the_2025_texts_equation_turns_no_direction() {
    Generator g(11);
    Bed bed(random_mlp(g, 2, "tanh"), g, 6);
    for (const char* rate : {"0.001", "0.3"}) {
      auto rule = attached("grape2025", bed, {{"align_rate", rate}});
      const at::Tensor before = (*rule->feedback())[0].clone();
      Lesson lesson = bed.lesson();
      SeededDraws draws(1, 1);
      rule->learn(lesson, draws);
      QVERIFY(relative_error((*rule->feedback())[0], before) < exact);
    }
  }

  void a_calm_projection_teaches_hidden_layers_nothing_even_with_dropout() {
    Generator g(12);
    NetworkSpec spec = random_mlp(g, 2, "relu");
    LayerSpec drop = layer("dropout");
    drop.rate = 0.5;
    spec.segments[0].push_back(drop);
    Bed bed(spec, g, 8);
    auto rule = attached("pepita", bed);
    Lesson lesson = bed.lesson();
    SeededDraws draws(1, 1);
    rule->learn(lesson, draws);
    QVERIFY(bed.gradients.segment(bed.network.layout(), 1).abs().max().item<double>() > 0);
    // With F = 0 both passes are one, if and only if they share the dropout mask.
    rule->state()[0].second.zero_();
    rule->learn(lesson, draws);
    QCOMPARE(bed.gradients.segment(bed.network.layout(), 1).abs().max().item<double>(), 0.0);
    QCOMPARE(bed.gradients.segment(bed.network.layout(), 2).abs().max().item<double>(), 0.0);
    QVERIFY(relative_error(bed.gradients.segment(bed.network.layout(), 3), [&] {
              ParameterBuffer buffer(bed.network.layout(), f64);
              Lesson by_bp{bed.network, bed.tape, bed.pass, bed.y, bed.judgement.e, buffer};
              Signals signals;
              backpropagate(by_bp, signals, true);
              return buffer.segment(bed.network.layout(), 3).clone();
            }()) < exact);
  }

  void pepitas_mirrored_projection_turns_towards_the_weights_product() {
    Generator g(13);
    Bed bed(random_mlp(g, 2, "relu"), g, 64);
    auto rule = attached("pepita", bed, {{"mirror", "true"}, {"mirror_rate", "1"}});
    const at::Tensor projection = rule->state()[0].second;
    const double spread = projection.std(false).item<double>();
    const double wanted = 0.05 * std::sqrt(2.0 / static_cast<double>(projection.size(0)));
    QVERIFY(std::abs(spread - wanted) < exact);
    at::Tensor product = bed.network.values()[bed.network.layout().slot("1.0.weight")].t();
    for (int l = 2; l <= 3; ++l)
      product =
          product.mm(bed.network.values()[bed.network.layout().slot(std::to_string(l) + ".0.weight")].t());
    const double before = cosine(rule->state()[0].second, product);
    Lesson lesson = bed.lesson();
    for (int step = 1; step <= 600; ++step) {
      SeededDraws draws(1, step);
      rule->after_update(lesson, draws);
    }
    const at::Tensor after = rule->state()[0].second;
    QVERIFY(cosine(after, product) > 0.9);
    QVERIFY(before < 0.9);
    QVERIFY(std::abs(after.std(false).item<double>() - wanted) < exact);
  }

  // The local loss by LibTorch's own operations and autograd, on vectors and on maps.
  void local_slopes_are_autograds() {
    for (const std::vector<std::int64_t>& shape : {std::vector<std::int64_t>{6, 9}, {5, 4, 3, 3}}) {
      Generator g(14);
      at::Tensor h = at::empty(shape, f64), decoder = at::empty({3, shape[1]}, f64);
      fill_gaussian(h, Bed::key(g));
      fill_gaussian(decoder, Bed::key(g));
      const at::Tensor y = at::arange(shape[0], at::TensorOptions().dtype(at::kLong)).remainder(3);
      at::Tensor decoder_gradient = at::empty_like(decoder);
      const at::Tensor slope = LocalLoss{0.7}.slope(h, y, decoder, decoder_gradient);
      const at::Tensor leaf = h.clone().set_requires_grad(true), w = decoder.clone().set_requires_grad(true);
      const auto cosines = [](const at::Tensor& f) {
        const at::Tensor z = f - f.mean(1, true);
        const at::Tensor u = z / z.norm(2, {1}, true);
        return u.mm(u.t());
      };
      const bool maps = shape.size() == 4;
      const at::Tensor features = maps ? leaf.flatten(2).std(2, true) : leaf;
      const at::Tensor read = maps ? leaf.mean({2, 3}) : leaf;
      const at::Tensor loss =
          0.7 * (cosines(features) - cosines(at::one_hot(y, 3).to(at::kDouble))).square().mean() +
          0.3 * oracle_loss(read.mm(w.t()), y);
      const auto want = torch::autograd::grad({loss}, {leaf, w});
      QVERIFY(relative_error(slope, want[0]) < exact);
      QVERIFY(relative_error(decoder_gradient, want[1]) < exact);
    }
  }

  void forward_forward_gradients_are_autograds_of_its_loss() {
    Generator g(15);
    NetworkSpec spec = random_mlp(g, 2, "relu");
    spec.input[0] = spec.segments[0][0].in = 8;
    spec.segments[1].insert(spec.segments[1].begin(), layer("rms_norm"));
    spec.segments[2].insert(spec.segments[2].begin(), layer("rms_norm"));
    Bed bed(spec, g, 6);
    auto rule = attached("ff", bed, {{"threshold", "1.5"}});
    Lesson lesson = bed.lesson();
    SeededDraws draws(3, 5);
    rule->learn(lesson, draws);

    const at::Tensor both = with_labels(bed.x, bed.y, bed.network.classes(), draws.key(Stream::negatives));
    NamedParameters leaves = leaves_of(bed.network);
    at::Tensor h = both, loss = at::zeros({}, f64);
    for (int l = 0; l < 2; ++l) {
      // Layers learn by themselves: nothing flows to the one before.
      h = oracle_layers(spec.segments[static_cast<std::size_t>(l)], std::to_string(l + 1) + ".", h.detach(),
                        leaves);
      const at::Tensor goodness = h.square().mean(1);
      loss = loss + at::softplus(1.5 - goodness.narrow(0, 0, 6)).mean() +
             at::softplus(goodness.narrow(0, 6, 6) - 1.5).mean();
    }
    loss = loss +
           oracle_loss(oracle_layers(spec.segments[2], "3.", bed.tape.outputs[1].detach(), leaves), bed.y);
    loss.backward();
    for (const auto& [name, leaf] : leaves)
      QVERIFY2(relative_error(bed.gradients[bed.network.layout().slot(name)], leaf.grad()) < exact,
               name.c_str());
  }

  void negatives_carry_a_wrong_label_and_positives_the_right_one() {
    Generator g(16);
    at::Tensor x = at::empty({500, 12}, f64);
    fill_gaussian(x, Bed::key(g));
    const at::Tensor y = at::arange(500, at::TensorOptions().dtype(at::kLong)).remainder(4);
    const at::Tensor both = with_labels(x, y, 4, Bed::key(g));
    const at::Tensor marks = both.narrow(1, 0, 4);
    QVERIFY(at::equal(marks.narrow(0, 0, 500).argmax(1), y));
    const at::Tensor wrong = marks.narrow(0, 500, 500).argmax(1);
    QVERIFY(wrong.ne(y).all().item<bool>());
    for (int shift = 1; shift <= 3; ++shift) {  // each wrong label a third of the time; deviation 10.5
      const double count = (wrong - y).remainder(4).eq(shift).sum().item<double>();
      QVERIFY(std::abs(count - 500.0 / 3) < 55);
    }
    QVERIFY(at::equal(both.narrow(1, 4, 8), at::cat({x, x}).narrow(1, 4, 8)));
  }

  void drtp_needs_no_error_for_its_hidden_layers() {
    Generator g(17);
    Bed bed(random_mlp(g, 2, "tanh"), g, 6);
    auto rule = attached("drtp", bed);
    Lesson lesson = bed.lesson();
    SeededDraws draws(1, 1);
    rule->learn(lesson, draws);
    const at::Tensor& b = (*rule->feedback())[0];
    for (std::int64_t n = 0; n < 6; ++n)
      QVERIFY(relative_error(rule->signals_of_step()[0][n], b[bed.y[n].item<std::int64_t>()] / 6) < exact);
  }

  // What a rule measures by rehearsing must leave what it has learnt alone.
  void a_rehearsal_changes_nothing() {
    for (const auto& descriptor : rules()) {
      Generator g(18);
      NetworkSpec spec = random_mlp(g, 2, "relu");
      spec.input[0] = spec.segments[0][0].in = 8;
      if (descriptor.scales_inputs)
        for (std::size_t l = 1; l < 3; ++l)
          spec.segments[l].insert(spec.segments[l].begin(), layer("rms_norm"));
      Bed bed(spec, g, 6);
      auto rule = attached(descriptor.key, bed);
      Lesson lesson = bed.lesson();
      SeededDraws draws(1, 1);
      rule->learn(lesson, draws);
      const at::Tensor learnt = bed.gradients.flat().clone();
      std::vector<at::Tensor> before;
      for (auto& [name, tensor] : rule->state()) before.push_back(tensor.clone());
      Signals signals;
      ParameterBuffer scratch(bed.network.layout(), f64);
      Lesson rehearsal{bed.network, bed.tape, bed.pass, bed.y, bed.judgement.e, scratch};
      rule->rehearse(rehearsal, signals);
      std::size_t i = 0;
      for (auto& [name, tensor] : rule->state())
        QVERIFY2(at::equal(tensor, before[i++]), (descriptor.key + " " + name).c_str());
      // On the step's own batch a rehearsal comes to the step's own gradients.
      QVERIFY2(relative_error(scratch.flat(), learnt) < exact, descriptor.key.c_str());
    }
  }

  void rules_say_what_they_can_not_run_on() {
    Generator g(19);
    Bed bed(random_cnn(g), g, 3);
    for (const char* key : {"pepita", "ff"}) {
      std::string message;
      try {
        attached(key, bed);
      } catch (const InputError& error) {
        message = error.what();
      }
      QVERIFY2(message.find(key) != std::string::npos && message.find("segment 1") != std::string::npos,
               message.c_str());
    }
    for (const auto& descriptor : rules())
      if (descriptor.models.empty()) attached(descriptor.key, bed);  // everything else attaches to anything
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestIdentities)
#include "test_identities.moc"
