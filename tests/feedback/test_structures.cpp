// Structured feedback matrices against the dense ones that they stand for, in float64: what each structure is
// by its definition (a kernel by LibTorch's transposed convolution), the products, the projection by brute
// force, and the rules' steps by the dense formulas.
#include <ATen/ATen.h>

#include <QtTest>
#include <cmath>
#include <map>

#include "engine/calibration/refit.h"
#include "engine/error.h"
#include "engine/feedback/cosine_step.h"
#include "engine/feedback/matrices.h"
#include "engine/probes/c_hat.h"
#include "engine/training/trainer.h"

namespace grapevine {
namespace {

using Shape = StructureSettings::Kind;
constexpr double exact = 1e-10;
const at::TensorOptions f64 = at::TensorOptions().dtype(at::kDouble);

at::Tensor noise(at::IntArrayRef shape, std::int64_t seed) {
  at::Tensor t = at::empty(shape, f64);
  fill_gaussian(t, RandomKey::of(seed, Stream::test));
  return t;
}

double error_of(const at::Tensor& a, const at::Tensor& b) {
  return (at::linalg_vector_norm(a - b) / at::linalg_vector_norm(b).clamp_min(1e-300)).item<double>();
}

struct Case {
  std::string name;
  StructureSettings settings;
  std::vector<std::int64_t> point;
  std::int64_t classes = 4;

  FeedbackStructure structure() const {
    return {settings, classes, point, f64, RandomKey::of(1, Stream::test).with(5)};
  }
  std::int64_t features() const { return point.size() == 3 ? point[0] * point[1] * point[2] : point[0]; }
  at::Tensor some_values(std::int64_t seed) const {
    const FeedbackStructure form = structure();
    return form.begin_from(noise({form.rows(), form.draws()}, seed));
  }
};

StructureSettings settings_of(Shape kind, std::int64_t number = 0) {
  StructureSettings settings;
  settings.kind = kind;
  if (kind == Shape::grid) settings.grid = number;
  if (kind == Shape::kernel) settings.kernel = number;
  if (kind == Shape::low_rank) settings.rank = number;
  return settings;
}

/// Maps that cells divide unevenly, that are smaller than a kernel or than a grid, and vectors.
std::vector<Case> cases() {
  return {{"dense map", {}, {2, 5, 7}},
          {"per channel", settings_of(Shape::per_channel), {3, 5, 7}},
          {"grid 3", settings_of(Shape::grid, 3), {2, 5, 7}},
          {"grid finer than the map", settings_of(Shape::grid, 6), {2, 3, 8}},
          {"kernel 3", settings_of(Shape::kernel, 3), {2, 5, 7}},
          {"kernel 5", settings_of(Shape::kernel, 5), {2, 6, 5}},
          {"kernel as large as the map", settings_of(Shape::kernel, 3), {2, 3, 3}},
          {"kernel larger than the map", settings_of(Shape::kernel, 5), {2, 3, 6}},
          {"low rank of a map", settings_of(Shape::low_rank, 2), {2, 4, 5}},
          {"low rank of a vector", settings_of(Shape::low_rank, 3), {11}},
          {"per channel of a vector", settings_of(Shape::per_channel), {9}}};
}

/// Every matrix of a structure as a combination of these: one a value, C·n long.
at::Tensor span_of(const Case& one) {
  const FeedbackStructure form = one.structure();
  const at::Tensor shape = one.some_values(1);
  at::Tensor span = at::empty({shape.numel(), one.classes * one.features()}, f64);
  for (std::int64_t i = 0; i < shape.numel(); ++i) {
    at::Tensor unit = at::zeros_like(shape);
    unit.view({-1})[i] = 1;
    span[i].copy_(form.expand(unit).reshape({-1}));
  }
  return span;
}

/// The nearest point to `a` in the rows' span: P a, P = Sᵀ(S Sᵀ)⁺S.
at::Tensor nearest(const at::Tensor& span, const at::Tensor& a) {
  const at::Tensor gram = at::linalg_pinv(span.mm(span.t()), 1e-12);
  return span.t().mm(gram.mm(span.mm(a.reshape({-1, 1})))).reshape(a.sizes());
}

LayerSpec layer(const char* type) {
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
LayerSpec conv(std::int64_t in, std::int64_t out) {
  LayerSpec spec = linear(in, out);
  spec.type = "conv2d";
  spec.kernel = 3;
  spec.padding = 1;
  return spec;
}

/// Two maps of 7×5 and a vector below four classes.
const NetworkSpec cnn{{2, 7, 5},
                      {{conv(2, 3), layer("tanh")},
                       {conv(3, 4), layer("tanh")},
                       {layer("flatten"), linear(140, 6), layer("tanh")},
                       {linear(6, 4)}}};

struct Bed {
  explicit Bed(std::int64_t samples, const NetworkSpec& spec = cnn)
      : network(spec, f64), gradients(network.layout(), f64) {
    network.values().flat().copy_(noise(network.values().flat().sizes(), 1) * 0.4);
    x = noise({samples, 2, 7, 5}, 2);
    y = at::arange(samples, at::TensorOptions().dtype(at::kLong)).remainder(4);
    judge(network.forward(x, tape, pass), y, judgement, true);
  }
  Lesson lesson() { return {network, tape, pass, y, judgement.e, gradients}; }
  Network network;
  NetworkTape tape;
  ParameterBuffer gradients;
  at::Tensor x, y;
  Pass pass = Pass::training(RandomKey::of(1, Stream::dropout));
  Judgement judgement;
};

using Words = std::map<std::string, std::string>;
const std::vector<Words> structures{{},
                                    {{"structure", "per_channel"}},
                                    {{"structure", "grid"}, {"grid", "2"}},
                                    {{"structure", "kernel"}, {"kernel", "3"}},
                                    {{"structure", "low_rank"}, {"rank", "3"}}};

std::unique_ptr<Rule> attached(const std::string& key, Bed& bed, const Words& structure,
                               const Words& more = {}) {
  Experiment experiment(key);
  for (const Words& words : {structure, more})
    for (const auto& [name, value] : words) experiment.set_text("rule." + name, value);
  std::unique_ptr<Rule> rule = make_rule(experiment);
  rule->attach(bed.network, 11);
  return rule;
}

std::string label(const std::string& key, const Words& structure) {
  return key + (structure.empty() ? " dense" : " " + structure.at("structure"));
}

std::vector<at::Tensor> expanded(Rule& rule) {
  std::vector<at::Tensor> all;
  for (std::size_t l = 0; l < rule.feedback()->size(); ++l)
    all.push_back(rule.structure(l).expand((*rule.feedback())[l]).clone());
  return all;
}

const std::vector<std::string> direct_rules{"dfa", "drtp", "dkp", "fdfa", "grape", "grape2025", "residual"};

}  // namespace

class TestStructures : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void per_channel_is_one_number_a_class_and_channel() {
    const Case one = cases()[1];
    const at::Tensor values = one.some_values(3);
    QCOMPARE(values.sizes(), at::IntArrayRef({4, 3}));
    const at::Tensor dense = one.structure().expand(values).view({4, 3, 5, 7});
    QVERIFY(at::equal(dense, values.view({4, 3, 1, 1}).expand({4, 3, 5, 7})));
  }

  // Cell i of g begins at ⌊iL/g⌋: sizes differ by at most one, and none is empty.
  void a_grid_is_constant_in_cells_of_even_size() {
    const Case one = cases()[2];
    const at::Tensor values = one.some_values(3);
    QCOMPARE(values.sizes(), at::IntArrayRef({4, 2 * 9}));
    const at::Tensor cells = values.view({4, 2, 3, 3});
    const at::Tensor dense = one.structure().expand(values).view({4, 2, 5, 7});
    const int row_cell[5] = {0, 1, 1, 2, 2}, column_cell[7] = {0, 0, 1, 1, 2, 2, 2};
    for (int y = 0; y < 5; ++y)
      for (int x = 0; x < 7; ++x)
        QVERIFY(at::equal(dense.select(2, y).select(2, x),
                          cells.select(2, row_cell[y]).select(2, column_cell[x])));
    for (std::int64_t length = 1; length < 40; ++length)
      for (std::int64_t g = 1; g < 9; ++g) {
        const auto edges = cell_edges(settings_of(Shape::grid, g), length);
        QCOMPARE(edges.front(), std::int64_t{0});
        QCOMPARE(edges.back(), length);
        QCOMPARE(static_cast<std::int64_t>(edges.size()) - 1, std::min(g, length));
        std::int64_t least = length, most = 0;
        for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
          least = std::min(least, edges[i + 1] - edges[i]);
          most = std::max(most, edges[i + 1] - edges[i]);
        }
        QVERIFY(least >= 1 && most - least <= 1);
      }
  }

  // e spread over the map and convolved, transposed, with the kernels: LibTorch's own convolution. All taps
  // one tell how many of them reach a pixel: the draw is divided by the root of their mean.
  void a_kernel_is_a_transposed_convolution_of_the_spread_error() {
    for (const Case& one : cases()) {
      if (one.settings.kind != Shape::kernel) continue;
      const std::int64_t k = one.settings.kernel, ch = one.point[0], h = one.point[1], w = one.point[2];
      const FeedbackStructure form = one.structure();
      QCOMPARE(form.draws(), ch * k * k);
      const at::Tensor drawn = noise({4, ch * k * k}, 3), kernels = drawn.view({4, ch, k, k});
      const auto convolved = [&](const at::Tensor& maps, const at::Tensor& weight) {
        return at::conv_transpose2d(maps, weight, {}, {1, 1}, {(k - 1) / 2, (k - 1) / 2});
      };
      const double reaching =
          convolved(at::ones({1, 1, h, w}, f64), at::ones({1, 1, k, k}, f64)).mean().item<double>();
      const at::Tensor e = noise({6, 4}, 4);
      const at::Tensor want =
          convolved(e.view({6, 4, 1, 1}).expand({6, 4, h, w}), kernels).flatten(1) / std::sqrt(reaching);
      at::Tensor got = at::empty_like(want);
      form.apply(e, form.begin_from(drawn), got);
      QVERIFY2(error_of(got, want) < exact, one.name.c_str());
      // And every matrix of the structure is such a convolution: both spaces have the same projection.
      at::Tensor span = at::empty({4 * ch * k * k, 4 * ch * h * w}, f64);
      for (std::int64_t i = 0; i < span.size(0); ++i) {
        at::Tensor unit = at::zeros({4, ch, k, k}, f64);
        unit.view({-1})[i] = 1;
        span[i].copy_(convolved(at::eye(4, f64).view({4, 4, 1, 1}).expand({4, 4, h, w}), unit).reshape({-1}));
      }
      const at::Tensor a = noise({4, ch * h * w}, 5);
      QVERIFY2(error_of(form.expand(form.project(a)), nearest(span, a)) < 1e-9, one.name.c_str());
    }
  }

  void low_rank_has_that_rank_and_an_orthonormal_basis() {
    const Case one = cases()[8];
    const FeedbackStructure form = one.structure();
    const at::Tensor u = form.basis();
    QVERIFY(error_of(u.t().mm(u), at::eye(2, f64)) < exact);
    const at::Tensor singular = at::linalg_svdvals(form.expand(one.some_values(3)));
    QVERIFY(singular[1].item<double>() > 1e-3 && singular[2].item<double>() < exact);
    Case high = one;
    high.settings.rank = 5;
    QVERIFY_EXCEPTION_THROWN(high.structure(), InputError);
  }

  void products_are_those_with_the_expanded_matrix() {
    for (const Case& one : cases()) {
      const FeedbackStructure form = one.structure();
      const at::Tensor values = one.some_values(3), dense = form.expand(values);
      QCOMPARE(dense.sizes(), at::IntArrayRef({one.classes, one.features()}));
      const at::Tensor e = noise({6, one.classes}, 4), p = noise({6, one.features()}, 5);
      at::Tensor signal = at::empty({6, one.features()}, f64);
      form.apply(e, values, signal);
      QVERIFY2(error_of(signal, e.mm(dense)) < exact, one.name.c_str());
      QVERIFY2(error_of(form.predict(form.features_seen(p), values), p.mm(dense.t())) < exact,
               one.name.c_str());
      at::Tensor left = e.clone();
      form.take_off_prediction(left, form.features_seen(p), values);
      QVERIFY2(error_of(left, e - p.mm(dense.t())) < exact, one.name.c_str());
      const at::Tensor other = one.some_values(6);
      const double inner = form.inner(values, other).item<double>();
      QVERIFY2(std::abs(inner - (dense * form.expand(other)).sum().item<double>()) < 1e-9, one.name.c_str());
      QVERIFY2(std::abs(form.norm(values).item<double>() / at::linalg_vector_norm(dense).item<double>() - 1) <
                   exact,
               one.name.c_str());
      QCOMPARE(form.features(values), one.features());
    }
  }

  void the_projection_is_the_nearest_matrix() {
    for (const Case& one : cases()) {
      const FeedbackStructure form = one.structure();
      const at::Tensor a = noise({one.classes, one.features()}, 7);
      const at::Tensor values = form.project(a), projected = form.expand(values);
      QVERIFY2(error_of(projected, nearest(span_of(one), a)) < 1e-9, one.name.c_str());
      QVERIFY2(error_of(form.project(projected), values) < exact, one.name.c_str());  // once is enough
      // What it takes off is orthogonal to every matrix of the structure.
      const at::Tensor member = form.expand(one.some_values(8));
      const double along = ((a - projected) * member).sum().item<double>();
      QVERIFY2(std::abs(along) < 1e-9, one.name.c_str());
      // The estimate's product is projected before it is made.
      const at::Tensor z = noise({6, one.classes}, 9), p = noise({6, one.features()}, 10);
      const at::Tensor direct = form.classes_seen(z).t().mm(form.features_seen(p));
      QVERIFY2(error_of(direct, form.project(z.t().mm(p))) < exact, one.name.c_str());
    }
  }

  // The mean square of entries is the scheme's: deviations of a mean over 20,000 and more independent
  // numbers.
  void entries_begin_with_the_dense_variance() {
    const std::vector<StructureSettings> kinds{settings_of(Shape::per_channel), settings_of(Shape::grid, 4),
                                               settings_of(Shape::kernel, 3), settings_of(Shape::kernel, 5),
                                               settings_of(Shape::low_rank, 8)};
    for (const StructureSettings& settings : kinds) {
      const std::vector<std::int64_t> point{settings.kind == Shape::low_rank ? 40 : 2000, 8, 8};
      const double n = static_cast<double>(point[0] * 64);
      const FeedbackStructure form(settings, 10, point, f64, RandomKey::of(2, Stream::test));
      const std::map<std::string, double> variances{
          {"normal", 1}, {"uniform", 1 / (3 * n)}, {"kaiming", 0.2}, {"xavier", 2 / (10 + n)}};
      for (const auto& [scheme, variance] : variances) {
        at::Tensor drawn = at::empty({form.rows(), form.draws()}, f64);
        initialise_feedback(drawn, scheme, RandomKey::of(3, Stream::test), 10, n);
        const double got = form.expand(form.begin_from(drawn)).square().mean().item<double>();
        QVERIFY2(std::abs(got / variance - 1) < 0.05, (settings.name() + " " + scheme).c_str());
      }
    }
  }

  void a_rules_signal_is_its_carrier_times_the_expanded_matrix() {
    for (const std::string& key : direct_rules)
      for (const Words& structure : structures) {
        Bed bed(5);
        auto rule = attached(key, bed, structure,
                             key == "fdfa" || key == "residual" ? Words{{"init", "normal"}} : Words{});
        Lesson lesson = bed.lesson();
        const at::Tensor carried = rule->carrier(lesson).clone();
        Signals signals;
        rule->rehearse(lesson, signals);
        const auto dense = expanded(*rule);
        for (std::size_t l = 0; l < 3; ++l)
          QVERIFY2(error_of(signals[l].flatten(1), carried.mm(dense[l])) < exact,
                   label(key, structure).c_str());
        // Vectors stay dense under everything but low_rank.
        const bool low = !structure.empty() && structure.at("structure") == "low_rank";
        QCOMPARE((*rule->feedback())[2].sizes(), low ? at::IntArrayRef({3, 6}) : at::IntArrayRef({4, 6}));
      }
  }

  // Ĵ by its definition, from the traces that the step kept, projected.
  void the_estimate_is_the_projected_product_of_the_traces() {
    for (const char* key : {"fdfa", "grape", "grape2025", "residual"})
      for (const Words& structure : structures)
        for (const char* trace : {"shared", "per_layer"}) {
          Bed bed(5);
          auto rule = attached(key, bed, structure, {{"directions", "2"}, {"trace", trace}});
          rule->keep_traces(true);
          Lesson lesson = bed.lesson();
          SeededDraws draws(1, 1);
          rule->learn(lesson, draws);
          std::vector<at::Tensor> dense(3);
          for (const KeptTrace& kept : *rule->traces()) {
            at::Tensor& sum = dense[static_cast<std::size_t>(kept.point - 1)];
            const at::Tensor product = kept.z_dot.t().mm(kept.perturbation) / 10;
            sum = sum.defined() ? sum + product : product;
          }
          for (std::size_t l = 0; l < 3; ++l)
            QVERIFY2(error_of((*rule->jacobian_estimate())[l], rule->structure(l).project(dense[l])) < exact,
                     label(key, structure).c_str());
        }
  }

  // On dense matrices, with the projected estimate, the cosine step gives the expansion of what it gives on
  // values.
  void the_cosine_step_is_the_dense_one() {
    for (const Case& one : cases())
      for (const ColumnNorm norm :
           {ColumnNorm::column, ColumnNorm::frobenius, ColumnNorm::jacobian, ColumnNorm::none})
        for (const bool mean : {false, true}) {
          CosineStep step;
          step.rate = 0.2;
          step.norm = norm;
          step.mean = mean;
          const FeedbackStructure form = one.structure();
          at::Tensor b = one.some_values(3), v = one.some_values(4) * 0.3, m = at::zeros({1, b.size(1)}, f64);
          at::Tensor dense_b = form.expand(b).clone(), dense_v = form.expand(v).clone(),
                     dense_m = at::zeros({1, one.features()}, f64);
          for (std::int64_t round = 0; round < 4; ++round) {
            const at::Tensor estimate = form.project(noise({one.classes, one.features()}, 20 + round));
            cosine_step(b, v, m, estimate, step, form);
            cosine_step(dense_b, dense_v, dense_m, form.expand(estimate).contiguous(), step);
          }
          QVERIFY2(error_of(form.expand(b), dense_b) < exact, one.name.c_str());
          QVERIFY2(error_of(form.expand(v), dense_v) < exact, one.name.c_str());
        }
  }

  // V moves by rate · the projection of mean rᵀp, r from the dense expansions; m distinct columns in the
  // rate.
  void the_residual_step_is_the_projected_dense_product() {
    for (const Words& structure : structures) {
      Bed bed(5);
      auto rule = attached("residual", bed, structure, {{"init", "normal"}, {"align_rate", "0.3"}});
      rule->keep_traces(true);
      std::vector<at::Tensor> before;
      for (const auto& b : *rule->feedback()) before.push_back(b.clone());
      const auto dense = expanded(*rule);
      Lesson lesson = bed.lesson();
      SeededDraws draws(1, 1);
      rule->learn(lesson, draws);
      at::Tensor r = rule->traces()->front().z_dot.clone();
      for (const KeptTrace& kept : *rule->traces())
        r = r - kept.perturbation.mm(dense[static_cast<std::size_t>(kept.point - 1)].t());
      for (const KeptTrace& kept : *rule->traces()) {
        const auto l = static_cast<std::size_t>(kept.point - 1);
        const double m = static_cast<double>(before[l].size(1));
        const at::Tensor step =
            rule->structure(l).project(r.t().mm(kept.perturbation) / 5) * (0.3 / 3 * 2 * 5 / (5 + m + 1));
        QVERIFY2(error_of((*rule->feedback())[l], before[l] + step) < exact,
                 label("residual", structure).c_str());
      }
    }
  }

  // With plain SGD: B − lr·(gradient + decay·B), then projected, for the dense gradients of the
  // specification.
  void matrices_that_learn_by_gradients_take_the_projected_dense_step() {
    for (const char* key : {"dkp", "fdfa"})
      for (const Words& structure : structures) {
        Bed bed(5);
        auto rule = attached(key, bed, structure,
                             {{"init", "normal"},
                              {"feedback_optimizer", "sgd"},
                              {"feedback_lr", "0.1"},
                              {"feedback_decay", "0.01"}});
        const auto dense = expanded(*rule);
        rule->keep_traces(true);
        Lesson lesson = bed.lesson();
        SeededDraws draws(1, 1);
        rule->learn(lesson, draws);
        rule->after_update(lesson, draws);
        for (std::size_t l = 0; l < 3; ++l) {
          at::Tensor gradient;
          if (std::string(key) == "dkp") {
            gradient = bed.judgement.e.t().mm(bed.tape.outputs[l].flatten(1));
          } else {
            gradient = dense[l].clone();
            for (const KeptTrace& kept : *rule->traces())
              if (kept.point == static_cast<int>(l) + 1)
                gradient.sub_(kept.z_dot.t().mm(kept.perturbation) / 5);
          }
          const at::Tensor want = rule->structure(l).project(dense[l] - (gradient + dense[l] * 0.01) * 0.1);
          QVERIFY2(error_of((*rule->feedback())[l], want) < exact, label(key, structure).c_str());
        }
      }
  }

  // The refitted matrix carries E to Δ as no other of its structure does: the gradient of ‖EB − Δ‖² has no
  // part in it.
  void a_refit_is_the_least_squares_fit_within_the_structure() {
    for (const Case& one : cases()) {
      const FeedbackStructure form = one.structure();
      at::Tensor values = one.some_values(3);
      const at::Tensor e = noise({30, one.classes}, 4), delta = noise({30, one.features()}, 5);
      refit_feedback(values, form.classes_seen(e), form.features_seen(delta), 1e-14);
      const at::Tensor gradient = e.t().mm(e.mm(form.expand(values)) - delta);
      const double left = at::linalg_vector_norm(form.project(gradient)).item<double>();
      QVERIFY2(left < 1e-8 * at::linalg_vector_norm(e.t().mm(delta)).item<double>(), one.name.c_str());
    }
  }

  void alignment_seen_from_tangents_is_that_of_the_expanded_matrix() {
    for (const Words& structure : structures) {
      Bed bed(7);
      auto rule = attached("dfa", bed, structure);
      Lesson lesson = bed.lesson();
      SeededDraws draws(1, 1);
      const auto structured = alignment_from_tangents(
          lesson, *rule->feedback(), draws,
          [&](std::size_t l) -> const FeedbackStructure& { return rule->structure(l); });
      const auto dense = alignment_from_tangents(lesson, expanded(*rule), draws);
      for (std::size_t l = 0; l < 3; ++l)
        QVERIFY2(std::abs(structured[l] - dense[l]) < exact, label("dfa", structure).c_str());
    }
  }

  void measures_compare_the_expanded_matrix_with_the_jacobian() {
    for (const Words& structure : structures) {
      Bed bed(7);
      auto rule = attached("grape", bed, structure);
      Lesson lesson = bed.lesson();
      SeededDraws draws(1, 1);
      rule->keep_traces(true);
      rule->learn(lesson, draws);
      const std::vector<at::Tensor> truth = mean_jacobians(lesson);
      const auto b = expanded(*rule);
      ParameterBuffer exact_gradients(bed.network.layout(), f64);
      Measured measured;
      Probe({"cos_b_j", "cos_jhat_j", "cos_b_jhat", "cos_b_jhat_frobenius", "c_hat", "norms"})
          .measure(*rule, lesson, exact_gradients, measured);
      for (std::size_t l = 0; l < 3; ++l) {
        const int point = static_cast<int>(l) + 1;
        const at::Tensor j_hat = rule->structure(l).expand((*rule->jacobian_estimate())[l]);
        const auto near = [&](const char* key, double want) {
          return std::abs(measured[{key, point}] - want) < 1e-9;
        };
        QVERIFY2(near("cos_b_j", cosine(b[l], truth[l])), label("grape", structure).c_str());
        QVERIFY2(near("cos_jhat_j", cosine(j_hat, truth[l])), label("grape", structure).c_str());
        QVERIFY2(near("cos_b_jhat", column_cosine(b[l], j_hat)), label("grape", structure).c_str());
        QVERIFY2(near("cos_b_jhat_frobenius", cosine(b[l], j_hat)), label("grape", structure).c_str());
        QVERIFY2(near("norm_feedback", at::linalg_vector_norm(b[l]).item<double>()),
                 label("grape", structure).c_str());
        for (const KeptTrace& kept : *rule->traces())
          if (kept.point == point)
            QVERIFY2(near("c_hat", cosine(kept.perturbation.mm(b[l].t()), kept.z_dot)),
                     label("grape", structure).c_str());
      }
    }
  }

  // Numbers held, as the rule's own tensors have them; and per map by hand: 4 classes, maps 3×7×5 and 4×7×5,
  // 6 features.
  void memory_is_counted_in_free_parameters() {
    const std::map<std::string, double> by_hand{{"dense", 4 * (105 + 140 + 6)},
                                                {"per_channel", 4 * (3 + 4 + 6)},
                                                {"grid", 4 * (3 * 4 + 4 * 4 + 6)},
                                                {"kernel", 4 * (3 * 9 + 4 * 9 + 6)},
                                                {"low_rank", 3 * (105 + 140 + 6) + 3 * 4 * 3}};
    for (const std::string& key : direct_rules)
      for (const Words& structure : structures) {
        Bed bed(5);
        auto rule = attached(key, bed, structure);
        const Rule::FeedbackMemory memory = rule->feedback_memory(bed.network.cost());
        const std::string kind = structure.empty() ? "dense" : structure.at("structure");
        QCOMPARE(memory.matrices, by_hand.at(kind));
        double matrices = 0, all = 0;
        for (auto& [name, tensor] : rule->state()) {
          const double count = static_cast<double>(tensor.numel());
          if (name.starts_with("feedback/") || name.starts_with("feedback_basis/")) matrices += count;
          if (!name.starts_with("feedback_scale/") && !name.ends_with("/updates")) all += count;
        }
        // The residual's mean rᵀp is worked out anew at every step, and so no part of its state.
        if (key == "residual") all += matrices - (kind == "low_rank" ? 3 * 4 * 3 : 0);
        QCOMPARE(memory.matrices, matrices);
        QVERIFY2(memory.with_all == all, label(key, structure).c_str());
      }
  }

  // A step's products shrink with the numbers: twice the forward pass stays.
  void arithmetic_is_counted_in_free_parameters() {
    Bed bed(5);
    const NetworkCost& cost = bed.network.cost();
    const auto counted = [&](const char* key, const Words& structure) {
      return attached(key, bed, structure)->multiply_adds(cost, 10) -
             attached("bp", bed, {})->multiply_adds(cost, 10);
    };
    const Words per_channel = structures[1];
    QCOMPARE(counted("dfa", {}) - counted("dfa", per_channel), 10.0 * 4 * (105 + 140 - 3 - 4));
    QCOMPARE(counted("grape", {}) - counted("grape", per_channel), 2 * 10.0 * 4 * (105 + 140 - 3 - 4));
    QCOMPARE(counted("residual", {}) - counted("residual", per_channel), 4 * 10.0 * 4 * (105 + 140 - 3 - 4));
    QCOMPARE(counted("dkp", {}) - counted("dkp", per_channel), 2 * 10.0 * 4 * (105 + 140 - 3 - 4));
  }

  void a_shared_matrix_is_sliced_under_a_structure_too() {
    for (const Words& structure : structures) {
      Bed bed(5);
      auto rule = attached("dfa", bed, structure, {{"shared_matrix", "true"}});
      if (!structure.empty() && structure.at("structure") == "kernel")
        continue;  // kernels are slices, not cells
      const auto& b = *rule->feedback();
      const std::int64_t least = std::min(b[0].size(1), b[1].size(1));
      QVERIFY2(at::equal(b[0].narrow(1, 0, least), b[1].narrow(1, 0, least)),
               label("dfa", structure).c_str());
    }
  }

  void refusals_name_the_setting() {
    Experiment experiment("grape");
    for (const auto& [key, value] : Words{{"data.name", "shapes"}, {"model.name", "lenet5"}})
      experiment.set_text(key, value);
    const auto complained = [&](const Words& words) {
      Experiment changed = experiment;
      for (const auto& [key, value] : words) changed.set_text("rule." + key, value);
      const auto complaints = changed.complaints();
      return complaints.empty() ? std::string() : complaints.front().key;
    };
    QCOMPARE(complained({{"structure", "kernel"}, {"kernel", "4"}}), std::string("rule.kernel"));
    QCOMPARE(complained({{"structure", "low_rank"}, {"rank", "11"}}), std::string("rule.rank"));
    QCOMPARE(complained({{"structure", "low_rank"}, {"rank", "10"}}), std::string());
    QCOMPARE(complained({{"structure", "dense"}, {"rank", "11"}}), std::string());
    QVERIFY(!Experiment("bp").has("rule.structure"));
    QVERIFY(!Experiment("fa").has("rule.structure"));
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestStructures)
#include "test_structures.moc"
