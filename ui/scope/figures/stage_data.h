// What the stage shows at one time, as plain data: one column per racer, one dial per feedback point, the
// needle and what is shown next to it. Computed from the runs' numbers; nothing is painted here. Any thread
// may call.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "engine/experiment/registry.h"
#include "engine/runs/run_data.h"
#include "ui/plot/geometry.h"
#include "ui/plot/time_axis.h"
#include "ui/scope/figures/run_sketch.h"

namespace grapevine {

inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// What the needle, or the number in its place, is read from: the best first.
inline constexpr std::array needle_readings{Needle::median, Needle::signal, Needle::update};
/// What it is.
enum class DialReading {
  none,         ///< not measured, or no signal to measure
  exact,        ///< the gradient itself: 0° by definition
  median,       ///< the median angle over the probe batch's samples
  mean_cosine,  ///< acos of the mean cosine: runs that measured no quantiles
  update        ///< no signals: the cosine of the segment's update, on the box's edge
};

/// A measured value at the stage's time, for boxes of numbers and tables.
struct StageNumber {
  int measure = 0;  ///< index in measures()
  std::int64_t step = 0;
  double value = 0;
  double error = kUnknown;  ///< of an estimate
};

struct StageDial {
  int point = 0;  ///< from 1, the input's first
  std::string layers;
  std::int64_t features = 0;  ///< n_l; 0 = not known
  DialReading reading = DialReading::none;
  double angle = kUnknown;   ///< degrees; NaN = the needle is undefined
  double low = kUnknown;     ///< the fan: a tenth of the samples lie below …
  double high = kUnknown;    ///< … and a tenth above
  double chance = kUnknown;  ///< half the width of the band round 90° where random signals lie
  double update = kUnknown;  ///< cos_update, where that is the reading
  int averaged = 1;          ///< probes that `update` is the mean of
  double ghost = kUnknown;   ///< the needle before the last exact step
  double ratio = kUnknown;   ///< ‖δ‖ over BP's on the same weights and batch
  double tone = kUnknown;    ///< the alignment that colours the arrow; NaN = there is none
};

struct StageScore {
  std::string words;  ///< "test accuracy"
  double value = kUnknown;
  bool held_out = false;  ///< measured on data that were not trained on
  bool perplexity = false;
  std::int64_t step = -1;  ///< at which it was measured
};

struct StageColumn {
  int racer = 0;
  std::string label;
  std::string manner;
  FeedbackRoute route = FeedbackRoute::direct;
  Colour hue = 0;
  std::int64_t inputs = 0, outputs = 0;  ///< 0 = not known
  std::vector<StageDial> dials;          ///< from the input on
  std::int64_t probe_step = -1;          ///< of the needles; −1 = none yet
  StageScore score;
  double alignment = kUnknown;  ///< mean tone over the points
  std::string tone_name;        ///< "cos(B, J̄) centred"; empty = the rule has none
  std::string gap;              ///< "91 % of the gap", or why there is no number; empty = nothing to say
  double gap_closed = kUnknown;
  std::int64_t calibration_step = -1;  ///< the last exact step until now; −1 = none
  std::string calibration_cause;
  bool calibration_is_now = false;  ///< the needles are the first after it
  std::vector<StageBlock> blocks;
  bool finished = false;      ///< the run is over, and this is its end
  bool stopped = false;       ///< before it was through
  std::int64_t end_step = 0;  ///< of its end
  bool failed = false;
};

struct StageData {
  std::vector<StageColumn> columns;
  std::int64_t step = -1;  ///< the newest needle's; −1 = nothing measured
  double epoch = 0;
  bool has_ratio = false;  ///< signal_ratio was measured: widths say something
};

/// A racer's feedback point, as pointed at or chosen; point from 1.
struct StagePlace {
  int racer = -1;
  int point = 0;
  bool operator==(const StagePlace&) const = default;
};

/// One racer as the stage needs it.
struct StageRacer {
  int index = 0;
  const RunData* run = nullptr;
  const RunSketch* sketch = nullptr;
  std::string label;
  Colour hue = 0;
  double samples_per_step = 1;  ///< for a time in samples
};

/// At a time on an axis; without one, the newest. Values are the last ones known then.
StageData stage_at(const std::vector<StageRacer>& racers, TimeAxis axis, std::optional<double> time);

/// Everything measured at one feedback point, in the order of measures().
std::vector<StageNumber> stage_numbers(const RunData& run, TimeAxis axis, std::optional<double> time,
                                       int point);

/// Half the width of the band of chance in degrees: 2/√n of the cosine, as an angle; NaN for n = 0.
double chance_band(std::int64_t features);
/// An arrow's width at scale 1: 5 where the signal is as long as BP's, 2.5 more for ten times that; 1 to 12.
/// Without a ratio 5.
double arrow_width(double ratio);
/// How much of the hue an arrow has: 0.16 where the alignment is none or negative, 1 at 1; NaN stays NaN.
double arrow_share(double alignment);

/// Steps at which any of the racers' needles were measured, in order.
std::vector<std::int64_t> measured_steps(const std::vector<StageRacer>& racers);

}  // namespace grapevine
