// One run's numbers, ready to be drawn: it does not matter whether a mailbox or the database filled it.
// Belongs to one thread (the window's or the terminal's).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/experiment/measure.h"
#include "engine/runs/run_origin.h"
#include "engine/runs/run_status.h"
#include "engine/session/observation.h"

namespace grapevine {

/// A series in columns; `step` never decreases.
struct Series {
  std::vector<std::int64_t> step;
  std::vector<double> epoch;
  std::vector<double> seconds;
  std::vector<double> value;
  std::size_t size() const { return step.size(); }
};

/// measure (index in measures()) and point (0 = whole run).
using SeriesKey = std::pair<int, int>;

struct RunData {
  std::int64_t id = 0;  ///< in the database; 0 = not stored yet
  std::string uuid;
  std::string name;
  StatusWord status;  ///< as in the runs table
  std::string rule;
  std::string experiment;      ///< JSON text
  std::uint32_t colour = 0;    ///< 0xRRGGBB, stored with the run
  bool colour_chosen = false;  ///< by a user; else the rule's own colour is shown
  std::string group_uuid;
  std::string failure;
  std::string started;      ///< ISO 8601, UTC
  std::string versions;     ///< JSON text: of the program and the libraries that began it
  std::string device;       ///< as resolved when it began
  int threads = 0;          ///< the same; 0 = not known
  std::string data_digest;  ///< SHA-256 of its data (data/data_digest.h); "" = not known, of version 0.1.0
  std::optional<RunOrigin> origin;  ///< of a run that was trained further
  std::map<SeriesKey, Series> series;
  std::vector<Event> events;
  std::int64_t step = 0;
  double epoch = 0;
  double seconds = 0;          ///< training time so far
  std::uint64_t revision = 0;  ///< grows with every change: caches compare it

  const Series* find(int measure, int point) const;
  const Series* find(const char* measure_key, int point = 0) const;
  /// Last value, NaN when there is none.
  double last(const char* measure_key, int point = 0) const;
  int points_of(int measure) const;  ///< the largest point number that the measure has
};

/// As readers hold a run: it exists as long as one of them holds it.
using RunView = std::shared_ptr<const RunData>;

/// Is the run a language model's, judged by perplexities instead of accuracies?
bool judged_by_perplexity(const RunData& run);
/// What the run is judged by: test_accuracy or test_perplexity.
const MeasureDescriptor& score_of(const RunData& run, Phase phase = Phase::test);

/// What a run is judged by and ranked by: its score on validation data where it has any, else on test data.
const MeasureDescriptor& judged_by(const RunData& run);

/// The best value of what a run is judged by, the earliest of equals.
struct BestValue {
  const MeasureDescriptor* measure = nullptr;
  double value = 0, epoch = 0;
  std::int64_t step = 0;
};
/// nullopt before the first evaluation, and where no value was a number.
std::optional<BestValue> best_of(const RunData& run, const MeasureDescriptor& measure);
std::optional<BestValue> best_of(const RunData& run);

/// Sorts a mailbox's content into the racers' data (index = racer). A second value for the same step takes
/// the place of the first, as in the database.
void absorb(std::span<RunData* const> racers, const Observations& news);
void absorb(std::vector<RunData>& racers, const Observations& news);

/// Forgets what came after `step`: for a run that continues from a checkpoint.
void forget_after(RunData& run, std::int64_t step);

/// What a row's status becomes when a session reaches `state`; `stopped`: by a command, not by its last step.
/// A racer that failed or finished stays so while the others continue.
StatusWord status_after(SessionState state, bool stopped, const StatusWord& before);

}  // namespace grapevine
