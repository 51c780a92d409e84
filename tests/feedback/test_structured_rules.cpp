// Rules, refits and measures within a structure, against the dense formulas in float64 projected on it.
#include <QtTest>

#include "tests/feedback/structured.h"

namespace grapevine {

class TestStructuredRules : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void a_rules_signal_is_its_carrier_times_the_expanded_matrix() {
    for (const std::string& key : direct_rules())
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

  // Where the Jacobian lies in the structure, what is left of the prediction's error vanishes, and with it
  // the noise: maps whose pixels are averaged have one derivative a channel.
  void residual_alignment_arrives_at_a_jacobian_of_its_structure() {
    LayerSpec mixed = conv(3, 5), pool = layer(LayerKind::avg_pool2d);
    mixed.kernel = 1;
    mixed.padding = 0;
    pool.kernel = pool.stride = 6;
    const NetworkSpec spec{{2, 6, 6},
                           {{conv(2, 3)}, {mixed}, {pool, layer(LayerKind::flatten), linear(5, 4)}}};
    for (const Words& structure : {structures[1], structures[2]}) {
      Bed bed(5, spec);
      auto rule = attached("residual", bed, structure, {{"align_rate", "0.5"}});
      const at::Tensor last = bed.network.values()[4], middle = bed.network.values()[2].flatten(1);
      const at::Tensor above = last / 36, below = above.mm(middle);  // ∂z/∂h of each pixel of a channel
      std::vector<double> errors;
      for (std::int64_t step = 1; step <= 1500; ++step) {
        Lesson lesson = bed.lesson();
        SeededDraws draws(3, step);
        rule->learn(lesson, draws);
        if (step % 500 != 0) continue;
        const auto dense = expanded(*rule);
        errors.push_back(error_of(dense[0].view({4, 3, 36}), below.unsqueeze(2).expand({4, 3, 36})) +
                         error_of(dense[1].view({4, 5, 36}), above.unsqueeze(2).expand({4, 5, 36})));
      }
      QVERIFY2(errors[2] < 1e-6, qPrintable(QString::number(errors[2])));
      QVERIFY(errors[1] < 0.1 * errors[0] || errors[0] < 1e-9);
    }
  }

  // Elsewhere a part of the error stays and shakes B; its mean is the nearest matrix of the structure.
  void residual_alignment_s_mean_is_the_nearest_matrix() {
    const NetworkSpec spec{{2, 7, 5}, {{conv(2, 3)}, {layer(LayerKind::flatten), linear(105, 4)}}};
    for (const Words& structure : structures) {
      Bed bed(5, spec);
      auto rule = attached("residual", bed, structure, {{"align_rate", "0.1"}});
      const at::Tensor jacobian = bed.network.values()[2];
      at::Tensor mean = at::zeros_like(jacobian);
      constexpr std::int64_t settling = 2000, counted = 6000;
      for (std::int64_t step = 1; step <= settling + counted; ++step) {
        Lesson lesson = bed.lesson();
        SeededDraws draws(4, step);
        rule->learn(lesson, draws);
        if (step > settling) mean.add_(rule->structure(0).expand((*rule->feedback())[0]), 1.0 / counted);
      }
      const at::Tensor expected = rule->structure(0).expand(rule->structure(0).project(jacobian));
      const double error = error_of(mean, expected);
      QVERIFY2(error < 0.1, qPrintable(label("residual", structure).c_str() + QString(": %1").arg(error)));
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
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestStructuredRules)
#include "test_structured_rules.moc"
