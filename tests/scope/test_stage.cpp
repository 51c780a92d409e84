// The stage's data: what its needles, bands and arrows are, from the runs' numbers, and the gap that is
// closed.
#include <QtTest>
#include <cmath>
#include <numbers>

#include "tests/scope/staged_runs.h"
#include "ui/scope/figures/stage_gap.h"
#include "ui/scope/figures/stage_words.h"

namespace grapevine {

class TestStage : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void the_needle_is_the_median_and_the_fan_the_middle_80_percent() {
    RunData run = run_of("dfa");
    add_needle(run, 1, 10, 70, 80, 95);
    const StageData stage = Racers({run}).at();
    const StageDial& dial = stage.columns[0].dials[0];
    QCOMPARE(dial.reading, DialReading::median);
    QCOMPARE(dial.angle, 80.0);
    QCOMPARE(dial.low, 70.0);
    QCOMPARE(dial.high, 95.0);
    QCOMPARE(dial.features, std::int64_t{1024});
    QCOMPARE(reading_of(dial), std::string("80°"));
    QCOMPARE(stage.step, std::int64_t{10});
  }

  void chance_is_two_over_the_root_of_the_features() {
    // 2/√1024 = 1/16 of a radian, 2/√64 = 1/4; ten features would make more than a right angle's worth of 4.
    QVERIFY(near(chance_band(1024), 180 / std::numbers::pi / 16));
    QVERIFY(near(chance_band(64), 180 / std::numbers::pi / 4));
    QCOMPARE(chance_band(1), 90.0);
    QVERIFY(std::isnan(chance_band(0)));
    // A needle at 80° is outside chance in 1,024 dimensions, and inside in 64.
    StageColumn column = column_with({80});
    column.dials[0].chance = chance_band(1024);
    QVERIFY(QString::fromStdString(dial_sentence(column, column.dials[0])).contains("outside chance"));
    column.dials[0].chance = chance_band(64);
    QVERIFY(QString::fromStdString(dial_sentence(column, column.dials[0])).contains("within chance"));
  }

  void an_old_run_has_no_band_and_its_points_from_its_measures() {
    RunData run = run_of("dfa");
    run.events.clear();
    add_sample(run, "cos_delta", 1, 5, 0.5);
    add_sample(run, "cos_delta", 2, 5, 0);
    const StageData stage = Racers({run}).at();
    QCOMPARE(stage.columns[0].dials.size(), std::size_t{2});
    QVERIFY(std::isnan(stage.columns[0].dials[0].chance));
    // No quantiles: the angle of the mean cosine, and it says so.
    QCOMPARE(stage.columns[0].dials[0].reading, DialReading::mean_cosine);
    QVERIFY(near(stage.columns[0].dials[0].angle, 60));
    QVERIFY(near(stage.columns[0].dials[1].angle, 90));
    QVERIFY(QString::fromStdString(stage_legend(stage, {})).contains("mean cosine"));
  }

  void bp_stands_upright_by_definition() {
    RunData run = run_of("bp");
    add_needle(run, 1, 10, 0, 0.02, 0.05);  // the noise of floats
    const StageData stage = Racers({run}).at();
    for (const StageDial& dial : stage.columns[0].dials) {
      QCOMPARE(dial.reading, DialReading::exact);
      QCOMPARE(dial.angle, 0.0);
      QVERIFY(std::isnan(dial.low));
    }
    QVERIFY(QString::fromStdString(dial_sentence(stage.columns[0], stage.columns[0].dials[0]))
                .contains("by definition"));
  }

  void a_rule_without_signals_shows_its_update() {
    RunData run = run_of("pepita");
    for (int segment = 1; segment <= 4; ++segment) add_sample(run, "cos_update", segment, 10, 0.1 * segment);
    const StageData stage = Racers({run}).at();
    QCOMPARE(stage.columns[0].dials.size(), std::size_t{3});  // the last segment's is 1 for everybody
    QCOMPARE(stage.columns[0].dials[1].reading, DialReading::update);
    QVERIFY(near(stage.columns[0].dials[1].update, 0.2));
    QVERIFY(std::isnan(stage.columns[0].dials[1].angle));
    QCOMPARE(stage.columns[0].route, FeedbackRoute::input);
    // One random direction is noise: twenty are averaged, and it is told.
    RunData tangent = run_of("fg_weight");
    for (int i = 1; i <= 30; ++i) add_sample(tangent, "cos_update", 1, i, i > 10 ? i % 2 : 100);
    const StageDial dial = Racers({tangent}).at().columns[0].dials[0];
    QCOMPARE(dial.averaged, 20);
    QVERIFY(near(dial.update, 0.5));
  }

  void no_signal_is_a_dash_and_words() {
    RunData run = run_of("dfa");
    add_needle(run, 1, 10, std::nan(""), std::nan(""), std::nan(""));
    const StageData stage = Racers({run}).at();
    const StageDial& dial = stage.columns[0].dials[0];
    QVERIFY(std::isnan(dial.angle));
    QCOMPARE(reading_of(dial), std::string("–"));
    QVERIFY(QString::fromStdString(dial_sentence(stage.columns[0], dial)).contains("no signal"));
  }

  void the_stage_shows_what_was_known_at_a_time() {
    RunData run = run_of("dfa");
    add_needle(run, 1, 10, 80, 85, 90);
    add_needle(run, 1, 20, 40, 45, 50);
    const Racers racers({run});
    QVERIFY(std::isnan(racers.at(9).columns[0].dials[0].angle));
    QCOMPARE(racers.at(10).columns[0].dials[0].angle, 85.0);
    QCOMPARE(racers.at(19.5).columns[0].dials[0].angle, 85.0);
    QCOMPARE(racers.at(20).columns[0].dials[0].angle, 45.0);
    QCOMPARE(racers.at().columns[0].dials[0].angle, 45.0);
    QCOMPARE(measured_steps(racers.list()), (std::vector<std::int64_t>{10, 20}));
  }

  void after_an_exact_step_the_needle_before_it_stays_as_a_ghost() {
    RunData run = run_of("grape");
    for (const std::int64_t step : {110, 115, 120, 125})
      add_needle(run, 1, step, 0, step < 120 ? 75.0 - static_cast<double>(step - 110) / 5 : 44, 90);
    run.events.push_back(made_event("calibration", 120, "every 120 steps", "{}"));
    const Racers racers({run});
    QVERIFY(std::isnan(racers.at(119).columns[0].dials[0].ghost));
    const StageColumn at = racers.at(120).columns[0];
    QCOMPARE(at.dials[0].ghost, 74.0);  // of step 115
    QVERIFY(at.calibration_is_now);
    const StageColumn after = racers.at(125).columns[0];
    QCOMPARE(after.dials[0].ghost, 74.0);
    QVERIFY(!after.calibration_is_now);
    QCOMPARE(calibration_words(after), std::string("exact step at 120: every 120 steps"));
  }

  void arrows_pale_with_the_alignment_and_grow_with_the_length() {
    // 0.16 + 0.84·max(0, cos); 5 + 2.5 log10(ratio) within 1 … 12.
    QVERIFY(near(arrow_share(1), 1) && near(arrow_share(0.5), 0.58));
    QVERIFY(near(arrow_share(0), 0.16) && near(arrow_share(-0.7), 0.16));
    QVERIFY(std::isnan(arrow_share(std::nan(""))));
    QVERIFY(near(arrow_width(1), 5) && near(arrow_width(10), 7.5) && near(arrow_width(0.01), 1));
    QVERIFY(near(arrow_width(0), 1) && near(arrow_width(1e9), 12) && near(arrow_width(std::nan("")), 5));
  }

  void the_arrows_tone_is_the_centred_cosine_with_the_rules_sign() {
    RunData dfa = run_of("dfa");
    add_sample(dfa, "cos_b_j", 1, 5, 0.3);
    QVERIFY(near(Racers({dfa}).at().columns[0].dials[0].tone, 0.3));
    add_sample(dfa, "cos_b_j_centred", 1, 5, 0.7);
    QVERIFY(near(Racers({dfa}).at().columns[0].dials[0].tone, 0.7));
    // An estimate counts as far as it is certain.
    add_sample(dfa, "cos_b_j_centred_error", 1, 5, 0.2);
    QVERIFY(near(Racers({dfa}).at().columns[0].dials[0].tone, 0.5));
    RunData drtp = run_of("drtp");
    add_sample(drtp, "cos_b_j_centred", 1, 5, -0.8);
    QVERIFY(near(Racers({drtp}).at().columns[0].dials[0].tone, 0.8));
    // A transport's is the angle of the segment above the point.
    RunData fa = run_of("fa");
    add_sample(fa, "angle", 2, 5, 60);
    const StageColumn column = Racers({fa}).at().columns[0];
    QVERIFY(near(column.dials[0].tone, 0.5) && std::isnan(column.dials[1].tone));
    QVERIFY(near(column.alignment, 0.5));
  }

  void the_gap_is_told_only_where_there_is_one() {
    // On 2,000 samples round 0.75: 2·√(0.75·0.25·2/2000) = 0.0274.
    QVERIFY(near(accuracy_error(0.8, 0.7, 2000), 2 * std::sqrt(0.75 * 0.25 / 1000)));
    const auto race = [](double bp, double dfa, double grape) {
      std::vector<RunData> runs = {run_of("bp"), run_of("dfa"), run_of("grape")};
      const double scores[] = {bp, dfa, grape};
      for (std::size_t i = 0; i < 3; ++i) add_sample(runs[i], "test_accuracy", 0, 100, scores[i]);
      return Racers(std::move(runs)).at().columns[2];
    };
    QVERIFY(near(race(0.8, 0.7, 0.78).gap_closed, 0.8));
    QVERIFY(near(race(0.8, 0.7, 0.6).gap_closed, -1));  // behind DFA is told as such
    QVERIFY(std::isnan(race(0.76, 0.75, 0.78).gap_closed));
    QCOMPARE(race(0.76, 0.75, 0.78).gap, std::string("BP and DFA don't differ"));
    QCOMPARE(race(0.7, 0.8, 0.75).gap, std::string("BP is behind DFA"));
    // Another data set, or another seed, is not a reference.
    std::vector<RunData> apart = {run_of("bp"), run_of("dfa"), run_of("grape")};
    for (RunData& run : apart) add_sample(run, "test_accuracy", 0, 100, run.rule == "bp" ? 0.9 : 0.7);
    apart[0].experiment.replace(apart[0].experiment.find("\"seed\": 1"), 9, "\"seed\": 2");
    QVERIFY(Racers(std::move(apart)).at().columns[2].gap.empty());
  }
};

}  // namespace grapevine

QTEST_GUILESS_MAIN(grapevine::TestStage)
#include "test_stage.moc"
