// The calibration that may follow a racer's step: when one is due, how it is carried out, what is reported of
// it. Worker thread only.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "engine/batches/batches.h"
#include "engine/calibration/calibration.h"
#include "engine/session/stepper.h"
#include "engine/training/measuring.h"
#include "engine/training/racer_parts.h"

namespace grapevine {

class CalibrationStep {
 public:
  /// `gradients`: those of the training step, which are scratch between two steps. `possible`: the rule
  /// calibrates.
  CalibrationStep(const RacerParts& racer, Measuring& measuring, const ParameterBuffer& gradients,
                  const CalibrationSettings& settings, bool possible)
      : racer_(racer),
        measuring_(measuring),
        gradients_(gradients),
        settings_(settings),
        calibration_(settings, racer.network.values().flat()),
        possible_(possible) {}

  bool possible() const { return possible_; }
  /// Throws InputError where there are too few training samples for the calibration asked for.
  void check(const Batches& batches) const;
  /// Takes the live ones of changed settings.
  void change(const CalibrationSettings& settings);

  /// Does what follows step `step` use the network, be it only to look at its alignment?
  bool works_after(std::int64_t step, std::int64_t steps_per_epoch) const;
  /// Calibrates if it is due. What is cut by WorkStopped is due as before, the look that asked for it
  /// included.
  void after_step(Batches& batches, std::int64_t step, std::int64_t steps_per_epoch, double epoch,
                  Report& report);
  void calibrate(Batches& batches, std::int64_t step, double epoch, const std::string& cause, Report& report);

  /// Is what follows that step done already, whether or not it was a calibration?
  bool done_at(std::int64_t step) const { return done_at_ == step; }
  void note_done(std::int64_t step) { done_at_ = step; }

  // In a checkpoint.
  NamedTensors state() const { return calibration_.state(); }
  void save(std::map<std::string, double>& numbers) const;
  void load(const std::map<std::string, double>& numbers);

 private:
  RacerParts racer_;
  Measuring& measuring_;
  const ParameterBuffer& gradients_;
  CalibrationSettings settings_;
  Calibration calibration_;
  bool possible_;
  std::int64_t done_at_ = 0;
};

}  // namespace grapevine
