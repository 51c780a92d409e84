// Groups, paired differences and the gap closed, of runs whose numbers are known.
#include <QtTest>
#include <cmath>

#include "engine/runs/comparison.h"
#include "engine/runs/standings.h"
#include "tests/runs/support.h"

using namespace grapevine;

class TestComparison : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void groups_average_over_seeds();
  void differences_pair_seeds();
  void the_gap_closed_has_its_interval();
  void a_single_seed_is_held_against_the_tests_error();
  void where_bp_and_dfa_do_not_differ_no_number_is_given();
  void bp_behind_dfa_is_said();
  void other_settings_are_no_reference();
  void perplexities_count_as_losses();
  void a_group_is_a_view();
  void unfinished_runs_are_left_out_and_counted();
  void validation_comes_first();
  void what_has_no_partner_is_left_out();
  void settings_are_matched_and_the_seed_is_the_unit();
  void a_gap_is_closed_over_matched_settings();
  void why_there_are_no_differences_is_said();
  void a_seed_trained_again_counts_once();
  void a_group_of_several_settings_has_a_number_a_seed();
  void measures_of_points_are_averaged();
  void what_only_one_rule_has_makes_no_group();
  void what_changes_no_number_makes_no_group();
  void what_means_nothing_to_a_run_makes_no_group();
  void what_is_trained_twice_the_same_is_still_paired();
};

namespace {

class Library {
 public:
  std::string file() const { return folder_.database(); }

  /// A finished run with one number of a measure.
  std::int64_t add(const char* rule, std::int64_t seed, double value, const char* measure = "test_accuracy",
                   const char* set = "", const char* status = "finished") {
    char uuid[64];
    std::snprintf(uuid, sizeof uuid, "11111111-0000-4000-8000-%012d", ++count_);
    StoredRace race = single(uuid, rule);
    race.racers.front().set("seed", seed);
    race.racers.front().set("data.test_limit", std::int64_t{1000});
    for (const QString& setting : QString::fromUtf8(set).split(QLatin1Char(';'), Qt::SkipEmptyParts))
      race.racers.front().set_text(setting.section(QLatin1Char('='), 0, 0).toStdString(),
                                   setting.section(QLatin1Char('='), 1).toStdString());
    RunWriter writer(file(), race);
    Observations news;
    news.samples = {sample(0, measure, 0, 1, value)};
    post(writer, news);
    writer.finish(StatusWord::read(status), "");
    return writer.ids().front();
  }

  Comparison compare(const char* keys = "rule", const char* measures = "test_accuracy:last") const {
    RunReader reader(file());
    ComparisonRequest request;
    request.keys = parse_run_keys({keys});
    request.measures = parse_run_keys({measures});
    return compare_runs(reader, request);
  }

 private:
  Folder folder_;
  int count_ = 0;
};

const RunGroup& group_of(const Comparison& comparison, const char* rule) {
  for (const RunGroup& group : comparison.groups)
    if (group.rule == rule) return group;
  qFatal("no group of %s", rule);
}

const GroupDifference& difference_of(const Comparison& comparison, const char* first, const char* second) {
  for (const GroupDifference& one : comparison.differences)
    if (comparison.groups[one.first].rule == first && comparison.groups[one.second].rule == second)
      return one;
  qFatal("no difference of %s and %s", first, second);
}

bool near(double a, double b) {
  return std::abs(a - b) < 1e-9;
}

/// Three seeds each: BP 0.60, 0.61, 0.62; DFA 0.40, 0.42, 0.39; GrAPE 0.52, 0.55, 0.50.
void add_three(Library& library) {
  const double numbers[3][3] = {{0.60, 0.40, 0.52}, {0.61, 0.42, 0.55}, {0.62, 0.39, 0.50}};
  for (int seed = 0; seed < 3; ++seed) {
    library.add("bp", seed, numbers[seed][0]);
    library.add("dfa", seed, numbers[seed][1]);
    library.add("grape", seed, numbers[seed][2]);
  }
}

}  // namespace

void TestComparison::groups_average_over_seeds() {
  Library library;
  add_three(library);
  const Comparison comparison = library.compare();
  QCOMPARE(comparison.groups.size(), std::size_t{3});
  const RunGroup& bp = group_of(comparison, "bp");
  QCOMPARE(bp.runs.size(), std::size_t{3});
  QVERIFY(near(bp.spreads[0].mean, 0.61));
  QVERIFY(near(bp.spreads[0].deviation, 0.01));
  QCOMPARE(to_text(bp.settings[0]), std::string("bp"));
}

void TestComparison::differences_pair_seeds() {
  Library library;
  add_three(library);
  library.add("bp", 9, 0.1);  // no other rule has this seed
  const Comparison comparison = library.compare();
  const GroupDifference* found = &difference_of(comparison, "grape", "dfa");
  QCOMPARE(found->spread.count, 3);
  QVERIFY(near(found->spread.mean, 0.12));  // 0.12, 0.13, 0.11
  QVERIFY(found->interval);
  // 0.01 · 4.30265 / √3
  QVERIFY(std::abs(found->interval->low - (0.12 - 0.024841)) < 1e-5);
}

void TestComparison::the_gap_closed_has_its_interval() {
  Library library;
  add_three(library);
  const Comparison comparison = library.compare();
  QCOMPARE(comparison.gaps.size(), std::size_t{1});
  const GapClosed& gap = comparison.gaps.front();
  QCOMPARE(comparison.groups[gap.group].rule, std::string("grape"));
  QVERIFY(gap.paired);
  QCOMPARE(gap.seeds, 3);
  QVERIFY(gap.words.empty());
  QVERIFY(near(gap.value, 0.36 / 0.62));  // sums of the differences to DFA
  QVERIFY(gap.interval && gap.interval->holds(gap.value));
}

void TestComparison::a_single_seed_is_held_against_the_tests_error() {
  // 2·√(p(1−p)·2/1000) at p near a half is 0.0447.
  Library differ;
  differ.add("bp", 0, 0.55);
  differ.add("dfa", 0, 0.50);
  differ.add("grape", 0, 0.54);
  const GapClosed gap = differ.compare().gaps.at(0);
  QVERIFY(gap.words.empty());
  QVERIFY(near(gap.value, 0.8));
  QVERIFY(!gap.interval);

  Library same;
  same.add("bp", 0, 0.54);
  same.add("dfa", 0, 0.50);
  same.add("grape", 0, 0.53);
  QCOMPARE(same.compare().gaps.at(0).words, std::string("BP and DFA don't differ"));
}

void TestComparison::where_bp_and_dfa_do_not_differ_no_number_is_given() {
  Library library;
  const double bp[] = {0.5, 0.7, 0.6}, dfa[] = {0.6, 0.5, 0.6};
  for (int seed = 0; seed < 3; ++seed) {
    library.add("bp", seed, bp[seed]);
    library.add("dfa", seed, dfa[seed]);
    library.add("grape", seed, 0.6);
  }
  const GapClosed gap = library.compare().gaps.at(0);
  QCOMPARE(gap.words, std::string("BP and DFA don't differ"));
  QVERIFY(std::isnan(gap.value));
}

void TestComparison::bp_behind_dfa_is_said() {
  Library library;
  for (int seed = 0; seed < 3; ++seed) {
    library.add("bp", seed, 0.3 + 0.001 * seed);
    library.add("dfa", seed, 0.5);
    library.add("grape", seed, 0.6);
  }
  QCOMPARE(library.compare().gaps.at(0).words, std::string("BP is behind DFA"));
}

void TestComparison::other_settings_are_no_reference() {
  Library library;
  library.add("bp", 0, 0.9, "test_accuracy", "train.batch=32");
  library.add("dfa", 0, 0.5);
  library.add("grape", 0, 0.6);
  QVERIFY(library.compare().gaps.empty());
  // Another learning rate and device do not matter, nor does a calibration where BP can have none.
  Library fit;
  fit.add("bp", 0, 0.9, "test_accuracy", "optimizer.lr=0.5");
  fit.add("dfa", 0, 0.5, "test_accuracy", "device=cpu");
  fit.add("grape", 0, 0.6);
  QCOMPARE(fit.compare().gaps.size(), std::size_t{1});
}

void TestComparison::perplexities_count_as_losses() {
  Library library;
  for (int seed = 0; seed < 3; ++seed) {
    library.add("bp", seed, std::exp(3.0 + 0.01 * seed), "test_perplexity");
    library.add("dfa", seed, std::exp(5.0), "test_perplexity");
    library.add("grape", seed, std::exp(4.0), "test_perplexity");
  }
  const GapClosed gap = library.compare("rule", "test_perplexity").gaps.at(0);
  QVERIFY(gap.words.empty());
  QVERIFY(near(gap.value, 1.0 / 1.99));  // 5 − 4 of 5 − 3.01
}

void TestComparison::a_group_is_a_view() {
  Library library;
  add_three(library);
  const char* groups = "SELECT group_concat(group_uuid || group_kind || group_position) FROM runs";
  const std::string before = ask(library.file(), groups);
  library.compare();
  QCOMPARE(ask(library.file(), groups), before);
}

void TestComparison::unfinished_runs_are_left_out_and_counted() {
  Library library;
  add_three(library);
  const std::int64_t stopped = library.add("bp", 3, 0.1, "test_accuracy", "", "stopped");
  QCOMPARE(library.compare().unfinished, 1);
  QCOMPARE(group_of(library.compare(), "bp").runs.size(), std::size_t{3});
  RunReader reader(library.file());
  ComparisonRequest named;
  named.ids = {1, stopped};
  named.keys = parse_run_keys({"rule"});
  QCOMPARE(compare_runs(reader, named).groups.at(0).runs.size(), std::size_t{2});
}

void TestComparison::validation_comes_first() {
  Library library;
  library.add("bp", 0, 0.5, "validation_accuracy");
  library.add("bp", 1, 0.5, "test_accuracy");
  RunReader reader(library.file());
  const Comparison comparison = compare_runs(reader, {});
  QStringList measures;
  for (const RunKey& key : comparison.measures) measures += QString::fromStdString(key.text());
  QCOMPARE(measures, (QStringList{"validation_accuracy:best", "validation_accuracy:last",
                                  "test_accuracy:best", "test_accuracy:last"}));
  QCOMPARE(comparison.groups.size(), std::size_t{1});  // but for the seed they are the same
}

// GrAPE has a second rate of one seed: what DFA was not trained with is left out.
void TestComparison::what_has_no_partner_is_left_out() {
  Library library;
  add_three(library);
  library.add("grape", 0, 0.9, "test_accuracy", "optimizer.lr=0.5");
  const Comparison comparison = library.compare();
  QVERIFY(!group_of(comparison, "grape").one_a_seed);
  const GroupDifference& one = difference_of(comparison, "grape", "dfa");
  QVERIFY(one.paired);
  QCOMPARE(one.spread.count, 3);
  QCOMPARE(one.matched, 3);
  QVERIFY(near(one.spread.mean, 0.12));  // 0.12, 0.13, 0.11, as without the second rate
  QVERIFY(comparison.gaps.at(0).paired);
  QVERIFY(near(comparison.gaps.at(0).value, 0.36 / 0.62));
}

// Two rules, two rates and two batches, three seeds, grouped by the rule: an interval over three seeds, and
// not over the twelve pairs of runs. The leader board says the same.
void TestComparison::settings_are_matched_and_the_seed_is_the_unit() {
  Library library;
  // GrAPE − DFA is 0.1 with the first rate and 0.2 with the other, and 0.01 more with every seed.
  for (int seed = 0; seed < 3; ++seed)
    for (const int rate : {1, 2})
      for (const int batch : {16, 64}) {
        const std::string set =
            "optimizer.lr=0." + std::to_string(rate) + ";train.batch=" + std::to_string(batch);
        const double base = 0.3 + (batch == 16 ? 0.05 : 0);
        library.add("dfa", seed, base, "test_accuracy", set.c_str());
        library.add("grape", seed, base + 0.1 * rate + 0.01 * seed, "test_accuracy", set.c_str());
      }
  const Comparison comparison = library.compare();
  const GroupDifference& one = difference_of(comparison, "grape", "dfa");
  QVERIFY(one.paired);
  QCOMPARE(one.spread.count, 3);
  QCOMPARE(one.matched, 12);
  QVERIFY(near(one.spread.mean, 0.16));  // 0.15, 0.16, 0.17
  QVERIFY(near(one.spread.deviation, 0.01));
  QVERIFY(std::abs(one.interval->low - (0.16 - 0.024841)) < 1e-5);  // 0.01 · 4.30265 / √3
  QVERIFY(comparison.no_differences.empty());
  const std::vector<Standing> board = standings(comparison, 0);
  QVERIFY(board[1].paired);
  QCOMPARE(board[1].seeds, 3);
  QCOMPARE(board[1].matched, 12);
  QVERIFY(near(board[1].behind, 0.16));
  QVERIFY(near(board[1].interval->low, one.interval->low));
}

// Each batch has BP and DFA of its own: 0.6 and 0.4 of one, 0.5 and 0.1 of the other.
void TestComparison::a_gap_is_closed_over_matched_settings() {
  Library library;
  const auto add_batch = [&](const char* set, double bp, double dfa, double grape) {
    for (int seed = 0; seed < 3; ++seed) {
      library.add("bp", seed, bp + 0.001 * seed, "test_accuracy", set);
      library.add("dfa", seed, dfa + 0.001 * seed, "test_accuracy", set);
      library.add("grape", seed, grape + 0.001 * seed, "test_accuracy", set);
    }
  };
  add_batch("train.batch=16", 0.6, 0.4, 0.5);
  add_batch("train.batch=64", 0.5, 0.1, 0.4);
  const Comparison comparison = library.compare();
  QCOMPARE(comparison.gaps.size(), std::size_t{1});
  QVERIFY(comparison.gaps[0].paired);
  QCOMPARE(comparison.gaps[0].seeds, 3);
  QCOMPARE(comparison.gaps[0].matched, 6);
  QVERIFY(near(comparison.gaps[0].value, (0.1 + 0.3) / (0.2 + 0.4)));
  QVERIFY(comparison.no_gaps.empty());
  // GrAPE alone with another batch: there is nothing to hold it against, and that is said.
  library.add("grape", 0, 0.5, "test_accuracy", "train.batch=128");
  QVERIFY(library.compare().gaps.empty());
  QVERIFY(library.compare().no_gaps.starts_with("No gap closed"));
}

void TestComparison::why_there_are_no_differences_is_said() {
  Library library;
  library.add("bp", 0, 0.9);
  library.add("dfa", 1, 0.5);
  QVERIFY(library.compare().differences.empty());
  QVERIFY(!library.compare().no_differences.empty());
  // Three seeds each, none in common: a difference of means.
  for (const int seed : {2, 3}) library.add("bp", seed, 0.9 + 0.01 * seed);
  for (const int seed : {4, 5}) library.add("dfa", seed, 0.5 + 0.01 * seed);
  const Comparison apart = library.compare();
  QCOMPARE(apart.differences.size(), std::size_t{1});
  QVERIFY(!apart.differences[0].paired && apart.differences[0].interval);
  QVERIFY(apart.no_differences.empty());
}

// The same race trained three times is one seed, and no interval.
void TestComparison::a_seed_trained_again_counts_once() {
  Library library;
  for (int i = 0; i < 3; ++i) {
    library.add("bp", 0, 0.9);
    library.add("dfa", 0, 0.5);
    library.add("grape", 0, 0.7);
  }
  const Comparison comparison = library.compare();
  for (const RunGroup& group : comparison.groups) {
    QCOMPARE(group.runs.size(), std::size_t{3});
    QCOMPARE(group.seeds, std::size_t{1});
    QCOMPARE(group.spreads.at(0).count, 1);
  }
  QCOMPARE(comparison.gaps.size(), std::size_t{1});
  QCOMPARE(comparison.gaps[0].seeds, 1);
  QVERIFY(near(comparison.gaps[0].value, 0.5));
  QVERIFY(!comparison.gaps[0].interval);
}

// Two rates of one seed: their mean is the seed's number.
void TestComparison::a_group_of_several_settings_has_a_number_a_seed() {
  Library library;
  library.add("grape", 0, 0.4);
  library.add("grape", 0, 0.6, "test_accuracy", "optimizer.lr=0.5");
  library.add("grape", 1, 0.8);
  const Comparison comparison = library.compare();
  const Spread& spread = group_of(comparison, "grape").spreads.at(0);
  QCOMPARE(spread.count, 2);
  QVERIFY(near(spread.mean, 0.65));
}

void TestComparison::measures_of_points_are_averaged() {
  Folder folder;
  RunWriter writer(folder.database(), single());
  Observations news;
  news.samples = {sample(0, "cos_b_j", 1, 1, 0.2), sample(0, "cos_b_j", 1, 2, 0.4),
                  sample(0, "cos_b_j", 2, 1, 0.9)};
  post(writer, news);
  writer.finish(RunStatus::finished, "");
  RunReader reader(folder.database());
  ComparisonRequest request;
  request.keys = parse_run_keys({"rule"});
  request.measures = parse_run_keys({"cos_b_j:mean,cos_b_j[1]:last"});
  const Comparison comparison = compare_runs(reader, request);
  QVERIFY(near(comparison.groups.at(0).spreads[0].mean, 0.6));  // 0.3 and 0.9
  QVERIFY(near(comparison.groups.at(0).spreads[1].mean, 0.4));
}

void TestComparison::what_only_one_rule_has_makes_no_group() {
  Library library;
  library.add("bp", 0, 0.9);
  library.add("grape", 0, 0.8);
  library.add("grape", 1, 0.8);
  RunReader reader(library.file());
  const Comparison rules = compare_runs(reader, {});
  QCOMPARE(rules.keys.size(), std::size_t{1});
  QCOMPARE(rules.keys.front().text(), std::string("rule.name"));
  library.add("grape", 2, 0.8, "test_accuracy", "rule.align_rate=0.5");
  const Comparison rates = compare_runs(reader, {});
  QCOMPARE(rates.keys.size(), std::size_t{2});
  QCOMPARE(rates.groups.size(), std::size_t{3});
}

void TestComparison::what_changes_no_number_makes_no_group() {
  Library library;
  library.add("bp", 0, 0.9);
  library.add("bp", 1, 0.9, "test_accuracy", "checkpoint.every_seconds=7");
  library.add("bp", 2, 0.9, "test_accuracy", "data.dir=/elsewhere");  // of a published set
  RunReader reader(library.file());
  QCOMPARE(compare_runs(reader, {}).groups.size(), std::size_t{1});
  // One's own files are what lies there.
  library.add("dfa", 0, 0.9, "test_accuracy", "data.name=npz");
  QVERIFY(compare_runs(reader, {}).groups.size() > 2);
}

// The default optimizer is Adam, which has no momentum of SGD's.
void TestComparison::what_means_nothing_to_a_run_makes_no_group() {
  Library library;
  library.add("bp", 0, 0.5, "test_accuracy", "optimizer.momentum=0.5");
  library.add("bp", 1, 0.7, "test_accuracy", "optimizer.momentum=0.25");
  const Comparison comparison = library.compare("optimizer.momentum");
  QCOMPARE(comparison.groups.size(), std::size_t{1});
  QVERIFY(is_empty(comparison.groups.front().settings.front()));
  QVERIFY(near(comparison.groups.front().spreads[0].mean, 0.6));
}

// A grid over optimizers and momentum: Adam comes to the same twice.
void TestComparison::what_is_trained_twice_the_same_is_still_paired() {
  Library library;
  for (int seed = 0; seed < 3; ++seed) {
    for (const char* momentum : {"optimizer.momentum=0.5", "optimizer.momentum=0.25"})
      library.add("bp", seed, 0.5 + 0.1 * seed, "test_accuracy", momentum);
    library.add("dfa", seed, 0.25 + 0.1 * seed);
  }
  RunReader reader(library.file());
  ComparisonRequest request;
  request.keys = parse_run_keys({"rule", "optimizer.momentum"});
  request.measures = parse_run_keys({"test_accuracy:last"});
  const Comparison comparison = compare_runs(reader, request);
  QCOMPARE(comparison.groups.size(), std::size_t{2});
  QCOMPARE(group_of(comparison, "bp").seeds, std::size_t{3});
  QCOMPARE(comparison.differences.size(), std::size_t{1});
  QCOMPARE(comparison.differences[0].spread.count, 3);
  QVERIFY(near(std::abs(comparison.differences[0].spread.mean), 0.25));
}

QTEST_APPLESS_MAIN(TestComparison)
#include "test_comparison.moc"
