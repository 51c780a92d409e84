// Arithmetic and critical path of each rule's step, as Appendix D counts them.
#include <cmath>

#include "engine/error.h"
#include "engine/experiment/entry_keys.h"
#include "engine/experiment/groups/calibration_settings.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/registry.h"
#include "engine/models/model.h"
#include "engine/rules/rule.h"
#include "engine/theory/studies.h"
#include "engine/training/costs.h"
#include "engine/training/trainer.h"

namespace grapevine {
namespace {

/// Eq. 21: a step's share of the BP mini-batches that the calendar asks for, in multiply-adds. Those by hand
/// or by an event have no calendar.
double calibration_share(const Experiment& racer, const NetworkCost& cost) {
  const RuleDescriptor& rule = *find_rule(racer.rule());
  const CalibrationSettings calibration = CalibrationSettings::of(racer);
  const bool by_epochs = calibration.when == CalibrationSettings::When::epochs;
  if (!rule.calibrates || (!by_epochs && calibration.when != CalibrationSettings::When::steps)) return 0;
  double steps = static_cast<double>(calibration.every);
  if (by_epochs) {
    const double records = static_cast<double>(training_records(racer)),
                 held = DataSettings::of(racer).validation;
    if (records <= 0 || cost.decoder > 0) return 0;
    const double left = records - (held < 1 ? held * records : held);
    steps *= std::ceil(left / static_cast<double>(TrainSettings::of(racer).batch));
  }
  Experiment bp = racer;
  bp.set("rule.name", std::string(rule_keys::bp));
  const double rows = static_cast<double>(calibration.batch_size) * cost.rows;
  return (make_rule(bp)->multiply_adds(cost, rows) + 3 * rows * cost.decoder) / steps;
}

}  // namespace

TheoryTable cost_study(const std::vector<Experiment>& racers, const std::vector<double>& measured_ms) {
  TheoryTable table;
  table.study = "costs";
  table.title = "Arithmetic of a training step";
  table.columns = {"gflop", "ratio_to_bp", "critical_path_gflop", "critical_path_speedup_over_bp",
                   "calibration_gflop"};
  const bool timed = measured_ms.size() == racers.size();
  if (timed) table.columns.insert(table.columns.end(), {"measured_ms", "measured_ratio_to_bp"});
  const auto work = [](const Experiment& racer, double& whole, double& exact, double& path) {
    const NetworkCost cost = measure_cost(build_model(racer, data_shape(racer)));
    const double rows = static_cast<double>(TrainSettings::of(racer).batch) * cost.rows;
    const std::unique_ptr<Rule> rule = make_rule(racer);
    exact = 2 * calibration_share(racer, cost) / 1e9;
    whole = 2 * step_multiply_adds(racer, *rule, cost) / 1e9 + exact;
    const Rule::CriticalPath critical = rule->critical_path(cost);
    // Of a language model's decoder nobody waits for the gradient.
    path = 2 * rows * (critical.forward + critical.back + 2 * cost.decoder) / 1e9 + exact;
  };
  Experiment bp = racers.front();
  bp.set("rule.name", std::string(rule_keys::bp));
  double bp_whole = 0, bp_exact = 0, bp_path = 0, bp_ms = 0;
  work(bp, bp_whole, bp_exact, bp_path);
  for (std::size_t i = 0; timed && i < racers.size(); ++i)
    if (racers[i].rule() == rule_keys::bp) bp_ms = measured_ms[i];
  for (std::size_t i = 0; i < racers.size(); ++i) {
    double whole = 0, exact = 0, path = 0;
    work(racers[i], whole, exact, path);
    std::vector<double> row{whole, whole / bp_whole, path, bp_path / path, exact};
    if (timed) row.insert(row.end(), {measured_ms[i], bp_ms > 0 ? measured_ms[i] / bp_ms : std::nan("")});
    table.rows.push_back(row);
    table.row_names.push_back(racers[i].rule());
  }
  table.notes = {
      "two operations per multiply-add; products of matrices only, as in App. D's GEMM view; the optimizer "
      "is "
      "not counted",
      "critical path: what must follow one another when every layer works by itself (App. D.1); the tangent "
      "runs next to the forward pass, "
      "which costs it once more",
      "calibration (eq. 21): a step's share of the BP mini-batches that calibration.when = epochs or steps "
      "asks for, part of both figures; those of an event, by hand, or in epochs whose length the settings do "
      "not tell (text, shapes without a limit) are not known beforehand",
      "the text's upper bound of BP over GrAPE is 1.3 to 1.7"};
  if (timed) table.notes.emplace_back("times are of this program, which runs the layers one after the other");
  if (timed && bp_ms == 0)
    table.notes.emplace_back("there is a measured ratio to BP only where BP is one of the rules");
  return table;
}

}  // namespace grapevine
