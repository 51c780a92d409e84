// The studies against what the theory itself says of their numbers.
#include <QtTest>
#include <algorithm>
#include <cmath>

#include "engine/door/theory_studies.h"
#include "engine/error.h"
#include "engine/theory/studies.h"

namespace grapevine {
namespace {

Experiment small(const std::string& rule) {
  Experiment experiment(rule);
  experiment.set_text("model.hidden", "40,30");
  experiment.set_text("train.batch", "10");
  return experiment;
}

std::size_t column(const TheoryTable& table, const std::string& name) {
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (table.columns[i] == name) return i;
  return 1000;
}

}  // namespace

class TestStudies : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_estimates_cosine_is_above_equation_4_and_grows_as_directions_do() {
    const TheoryTable table = concentration_study(small("grape"), 400, {});
    QCOMPARE(table.rows.size(), std::size_t{2});
    for (const auto& row : table.rows) {
      QVERIFY(row[column(table, "mean_cosine_k1")] + 3 * row[column(table, "standard_error_k1")] >=
              row[column(table, "eq4_bound")]);
      // cos of the mean of K Gaussian directions concentrates at √(K/(K+n+1)).
      QVERIFY(std::abs(row[column(table, "mean_cosine_k64")] / row[column(table, "second_moment_k64")] - 1) <
              0.05);
      const double n = row[column(table, "features")];
      QVERIFY(n == 40 || n == 30);
      QVERIFY(std::abs(row[column(table, "second_moment_k16")] - std::sqrt(16 / (17 + n))) < 1e-12);
    }
  }

  void no_triple_breaks_lemma_b2() {
    const TheoryTable table = lemma_b2_study(small("grape"), 2000, {});
    for (const auto& row : table.rows) {
      const double a = row[0], b = row[1];
      QCOMPARE(row[column(table, "violations")], 0.0);
      QVERIFY(std::abs(row[column(table, "bound")] - (a * b - std::sqrt((1 - a * a) * (1 - b * b)))) < 1e-12);
      QVERIFY(row[column(table, "least")] - row[column(table, "bound")] <
              0.05);  // in few dimensions the bound is nearly met
      QVERIFY(std::abs(row[column(table, "mean")] - a * b) < 0.08);
    }
  }

  void equation_6_leaves_the_direction_and_the_others_reach_the_target() {
    const TheoryTable table = fixed_target_study(small("grape"), 20, {});
    const auto &first = table.rows.front(), &last = table.rows.back();
    QVERIFY(std::abs(first[column(table, "equation_6")] - last[column(table, "equation_6")]) < 1e-9);
    QVERIFY(last[column(table, "grape_cosine_step")] > 0.999);
    QVERIFY(last[column(table, "running_mean")] > 0.999);
  }

  void forward_gradients_see_more_with_more_directions_and_larger_batches() {
    const TheoryTable table = forward_gradient_study(small("grape"), 2, {});
    QCOMPARE(table.rows.size(), std::size_t{18});
    for (const auto& row : table.rows)
      QVERIFY(row[column(table, "cosine_k100")] > row[column(table, "cosine_k1")]);
    QVERIFY(table.rows[5][column(table, "cosine_k10")] > table.rows[0][column(table, "cosine_k10")]);
  }

  // 784-40-30-10, batch 10: forward 784·40 + 40·30 + 30·10 = 32860 multiply-adds a sample.
  void costs_are_the_arithmetic_of_the_layers() {
    const TheoryTable table = cost_study({small("bp"), small("dfa"), small("grape")}, {});
    const double forward = 32860, above_first = 1500, signals = 10 * (40 + 30);
    const auto gflop = [](double multiply_adds) { return 2 * 10 * multiply_adds / 1e9; };
    QVERIFY(std::abs(table.rows[0][0] - gflop(2 * forward + above_first)) < 1e-15);
    QVERIFY(std::abs(table.rows[1][0] - gflop(2 * forward + signals)) < 1e-15);
    QVERIFY(std::abs(table.rows[2][0] - gflop(2 * forward + signals + above_first + signals)) < 1e-15);
    QCOMPARE(table.rows[0][column(table, "ratio_to_bp")], 1.0);
    QCOMPARE(table.rows[0][column(table, "critical_path_speedup_over_bp")], 1.0);
    QVERIFY(std::abs(table.rows[0][2] - gflop(forward + above_first + 31360)) < 1e-15);
    QVERIFY(std::abs(table.rows[1][2] - gflop(forward + 400 + 31360)) < 1e-15);
  }

  // Of 6 ms and BP's 4 ms it is 1.5; without BP there is nothing that they could be a ratio to.
  void a_measured_ratio_needs_a_measured_bp() {
    const TheoryTable both = cost_study({small("bp"), small("dfa")}, {4, 6});
    QCOMPARE(both.rows[1][column(both, "measured_ratio_to_bp")], 1.5);
    const TheoryTable alone = cost_study({small("dfa")}, {6});
    QVERIFY(std::isnan(alone.rows[0][column(alone, "measured_ratio_to_bp")]));
    QVERIFY(alone.notes.back().find("BP is one of the rules") != std::string::npos);
  }

  // What says which row it is and what is drawn are columns of the table; the study is the one asked for.
  void every_study_is_computed_as_it_is_described() {
    for (const TheoryStudy& study : theory_studies()) {
      const std::vector<Experiment> racers =
          study.compares_rules ? std::vector{small("bp"), small("dfa")} : std::vector{small("grape")};
      int last = 0, all = 0;
      bool forward = true;
      const TheoryTable table = run_theory(study.key, racers, 2, [&](int done, int of) {
        forward = forward && done >= last && done <= of;
        last = done;
        all = of;
      });
      QVERIFY2(forward && all > 0 && last == all, study.key.c_str());
      QCOMPARE(table.study, study.key);
      QVERIFY2(!table.rows.empty() && table.row_names.size() == table.rows.size(), study.key.c_str());
      std::vector<std::string> named = study.row_columns;
      if (!study.picture.columns.empty()) named.push_back(study.picture.x);
      if (!study.picture.by.empty()) named.push_back(study.picture.by);
      for (const auto& [value, deviation] : study.picture.columns) {
        named.push_back(value);
        if (!deviation.empty()) named.push_back(deviation);
      }
      for (const std::string& key : table.columns)
        QVERIFY2(std::any_of(study.columns.begin(), study.columns.end(),
                             [&](const StudyColumn& described) { return described.key == key; }),
                 (study.key + " does not name " + key).c_str());
      for (const std::string& name : named)
        QVERIFY2(column(table, name) < table.columns.size(), (study.key + " has no " + name).c_str());
    }
  }

  void what_its_progress_throws_ends_a_study() {
    for (const char* key : {"concentration", "lemma_b2", "forward_gradients", "fixed_target"}) {
      int reports = 0;
      bool ended = false;
      try {
        run_theory(key, {small("grape")}, 3, [&](int, int) {
          ++reports;
          throw InputError("enough");
        });
      } catch (const InputError&) {
        ended = true;
      }
      QVERIFY2(ended && reports == 1, key);
    }
  }

  void an_unknown_study_is_named_with_the_known_ones() {
    std::string message;
    try {
      run_theory("nothing", {small("bp")}, 2, {});
    } catch (const InputError& error) {
      message = error.what();
    }
    QVERIFY(message.find("nothing") != std::string::npos &&
            message.find("concentration") != std::string::npos);
  }
};

}  // namespace grapevine

QTEST_APPLESS_MAIN(grapevine::TestStudies)
#include "test_studies.moc"
