// From samples to one row per curve.
#include "engine/runs/run_values.h"

#include <cmath>
#include <vector>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/runs/database.h"
#include "engine/runs/run_queries.h"

namespace grapevine {
namespace {

using SQLite::Statement;

double number_or_nan(const SQLite::Column& column) {
  return column.isNull() ? std::numeric_limits<double>::quiet_NaN() : column.getDouble();
}

void bind_number(Statement& statement, int index, double value) {
  if (std::isfinite(value))
    statement.bind(index, value);
  else
    statement.bind(index);
}

/// Of a curve's points in the order of steps. Ties go to the earliest.
class Tally {
 public:
  explicit Tally(const MeasureDescriptor* measure) : measure_(measure) {}

  void add(std::int64_t step, double value) {
    if (!std::isfinite(value)) return;
    values_.last = value;
    values_.n += 1;
    values_.mean = std::isnan(values_.mean)
                       ? value
                       : values_.mean + (value - values_.mean) / static_cast<double>(values_.n);
    if (!measure_ || measure_->better == Better::none) return;
    if (!std::isnan(values_.best) && !measure_->is_ahead(value, values_.best)) return;
    values_.best = value;
    values_.best_step = step;
  }
  const CurveValues& values() const { return values_; }

 private:
  const MeasureDescriptor* measure_;
  CurveValues values_;
};

/// Reads one curve through; `read` counts its points.
CurveValues values_of(Statement& points, std::int64_t curve, const MeasureDescriptor* measure,
                      std::int64_t* read = nullptr) {
  Tally tally(measure);
  points.tryReset();
  points.bind(1, curve);
  while (points.executeStep()) {
    tally.add(points.getColumn(0).getInt64(), number_or_nan(points.getColumn(1)));
    if (read) ++*read;
  }
  return tally.values();
}

void insert(Statement& row, std::int64_t run, const std::string& measure, std::int64_t point,
            const CurveValues& values) {
  row.tryReset();
  row.bind(1, run);
  row.bind(2, measure);
  row.bind(3, point);
  bind_number(row, 4, values.last);
  bind_number(row, 5, values.best);
  if (values.best_step >= 0)
    row.bind(6, values.best_step);
  else
    row.bind(6);
  bind_number(row, 7, values.mean);
  row.bind(8, values.n);
  row.exec();
}

bool values_stand(SQLite::Database& database, std::int64_t run) {
  Statement query(database, queries::has_values);
  query.bind(1, run);
  return query.executeStep() && query.getColumn(0).getInt() != 0;
}

/// Unless somebody else did it, or the run continues again. Returns how many samples were read.
std::int64_t fill(SQLite::Database& database, std::int64_t run) {
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  Statement status(database, "SELECT status FROM runs WHERE id = ?");
  status.bind(1, run);
  if (!status.executeStep() || is_going_on(StatusWord::read(status.getColumn(0).getString())) ||
      values_stand(database, run))
    return 0;
  status.reset();
  const std::int64_t read = store_run_values(database, run);
  transaction.commit();
  return read;
}

}  // namespace

std::int64_t store_run_values(SQLite::Database& database, std::int64_t run) {
  forget_run_values(database, run);
  Statement curves(database, queries::curves_of_run), points(database, queries::points_of_curve);
  Statement row(database,
                "INSERT OR REPLACE INTO run_values (run, measure, point, last, best, best_step, mean, n) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  std::int64_t read = 0;
  curves.bind(1, run);
  while (curves.executeStep()) {
    const std::string key = curves.getColumn(1).getString();
    insert(row, run, key, curves.getColumn(2).getInt64(),
           values_of(points, curves.getColumn(0).getInt64(), find_measure(key), &read));
  }
  return read;
}

void store_final_values(SQLite::Database& database, std::int64_t run) {
  if (!values_stand(database, run)) store_run_values(database, run);
}

void forget_run_values(SQLite::Database& database, std::int64_t run) {
  Statement away(database, "DELETE FROM run_values WHERE run = ?");
  away.bind(1, run);
  away.exec();
}

bool fill_run_values(const std::string& database, std::int64_t most_samples) {
  if (!database_exists(database)) return true;
  try {
    GuardedDatabase connection = open_for_marking(database);
    if (!connection.tableExists("run_values")) return true;
    std::vector<std::int64_t> runs;
    {
      Statement query(connection, queries::without_values);
      while (query.executeStep()) runs.push_back(query.getColumn(0).getInt64());
    }
    std::int64_t read = 0;
    for (const std::int64_t run : runs) {
      if (read >= most_samples) return false;
      connection.renew_budget();
      read += fill(connection, run);
    }
  } catch (const std::exception&) {
    // Where nothing can be written the samples themselves are read; what is wrong with the file a reader
    // says.
  }
  return true;
}

ValueReader::ValueReader(SQLite::Database& database)
    : curves_(database, queries::curves_of_measure), points_(database, queries::points_of_curve) {
  if (!database.tableExists("run_values")) return;
  stored_.emplace(database, queries::values_of_measure);
  any_.emplace(database, queries::has_values);
}

std::map<int, CurveValues> ValueReader::of(std::int64_t run, const StatusWord& status,
                                           const MeasureDescriptor& measure) {
  if (!stored_ || is_going_on(status)) return measured(run, measure);
  std::map<int, CurveValues> found = stored(run, measure.key);
  return found.empty() && !are_stored(run) ? measured(run, measure) : found;
}

std::map<int, CurveValues> ValueReader::stored(std::int64_t run, const std::string& measure) {
  std::map<int, CurveValues> found;
  stored_->tryReset();
  stored_->bind(1, run);
  stored_->bind(2, measure);
  while (stored_->executeStep()) {
    const SQLite::Column step = stored_->getColumn(3);
    found[stored_->getColumn(0).getInt()] = {
        number_or_nan(stored_->getColumn(1)), number_or_nan(stored_->getColumn(2)),
        number_or_nan(stored_->getColumn(4)), step.isNull() ? -1 : step.getInt64(),
        stored_->getColumn(5).getInt64()};
  }
  stored_->reset();
  return found;
}

/// A run is asked for several measures in a row, of which it lacks some.
bool ValueReader::are_stored(std::int64_t run) {
  if (asked_run_ == run) return asked_are_stored_;
  any_->tryReset();
  any_->bind(1, run);
  asked_are_stored_ = any_->executeStep() && any_->getColumn(0).getInt() != 0;
  any_->reset();
  asked_run_ = run;
  return asked_are_stored_;
}

std::map<int, CurveValues> ValueReader::measured(std::int64_t run, const MeasureDescriptor& measure) {
  std::map<int, CurveValues> found;
  curves_.tryReset();
  curves_.bind(1, run);
  curves_.bind(2, measure.key);
  while (curves_.executeStep())
    found[curves_.getColumn(1).getInt()] = values_of(points_, curves_.getColumn(0).getInt64(), &measure);
  curves_.reset();
  points_.tryReset();
  return found;
}

}  // namespace grapevine
