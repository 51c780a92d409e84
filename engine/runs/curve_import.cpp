// From columns to rows.
#include "engine/runs/curve_import.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "engine/error.h"
#include "engine/experiment/content_uuid.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/registry.h"
#include "engine/experiment/settings.h"
#include "engine/files/memory.h"
#include "engine/files/whole_file.h"
#include "engine/runs/colours.h"
#include "engine/runs/curve_table.h"
#include "engine/runs/database.h"
#include "engine/runs/new_database.h"
#include "engine/runs/run_key.h"
#include "engine/runs/run_values.h"
#include "engine/session/interruption.h"

namespace grapevine {
namespace {

using SQLite::Statement;

constexpr std::size_t largest = std::size_t{256} << 20;
constexpr std::size_t lines_a_look = 4096;  // at Stop

struct Point {
  std::int64_t step = 0;
  double epoch = 0, seconds = 0;
  std::optional<double> value;  ///< none: not a number
};
/// measure and point → its points.
using Curves = std::map<std::pair<std::string, int>, std::vector<Point>>;

struct ImportedRun {
  std::string name, rule;
  std::int64_t seed = 0;
  Curves curves;
};

std::string content_of(const std::string& path) {
  std::error_code trouble;
  const std::uintmax_t size = std::filesystem::file_size(path, trouble);
  if (trouble) throw InputError("can't read " + path + ": " + trouble.message());
  if (size > largest)
    throw InputError("can't read " + path + ": it is larger than 256 MB; leave out some steps");
  std::optional<std::string> text = whole_file(path, largest);
  if (!text) throw InputError("can't read " + path + ": the disk did not give it");
  return std::move(*text);
}

std::int64_t whole_point(const CurveTable& table, std::size_t line) {
  const std::int64_t at = table.has_column("point") ? table.whole(line, "point") : 0;
  if (at > 65535) table.refuse(line, "there is no feedback point " + std::to_string(at));
  return at;
}

/// What a table's columns mean.
class Reader {
 public:
  explicit Reader(const CurveTable& table) : table_(table) {
    if (table_.has_column("step")) return;
    throw InputError(table_.path() +
                     " has no column 'step', which says the training step of each value; it has " +
                     table_.words());
  }

  std::vector<ImportedRun> runs() {
    if (!table_.has_column("value")) return wide_form();
    if (table_.has_column("measure")) return long_form();
    return {of_one_measure()};
  }

 private:
  /// A step that appeared twice in a curve would lose one of its values.
  void add(std::vector<Point>& points, std::set<std::int64_t>& steps, std::size_t line, std::size_t column,
           const std::string& curve) const {
    if (line % lines_a_look == 0) interruption_point();
    const Point point{table_.whole(line, "step"), table_.number_or_zero(line, "epoch"), seconds(line),
                      table_.value(line, column)};
    if (!steps.insert(point.step).second)
      table_.refuse(line, "step " + std::to_string(point.step) + " appears a second time in the curve '" +
                              curve + "'; a curve has one value per step");
    points.push_back(point);
  }
  /// TensorBoard writes the time of day.
  double seconds(std::size_t line) const {
    if (table_.has_column("seconds")) return table_.number_or_zero(line, "seconds");
    return table_.number_or_zero(line, "wall_time") - table_.number_or_zero(0, "wall_time");
  }

  /// A column's heading: a measure, at a feedback point maybe.
  std::pair<std::string, int> curve_of(const std::string& heading) const {
    std::string measure = heading;
    int point = 0;
    if (const std::size_t bracket = heading.find('[');
        bracket != std::string::npos && heading.ends_with(']')) {
      measure = heading.substr(0, bracket);
      point = parse_run_key(heading).point;
      if (point == 0)
        throw InputError(
            table_.path() + ": '" + heading +
            "': feedback points are numbered from 1; without brackets a column is of the whole run");
    }
    check_measure(measure);
    return {measure, point};
  }
  void check_measure(const std::string& measure) const {
    if (find_measure(measure)) return;
    std::vector<std::string> known;
    for (const MeasureDescriptor& one : measures()) known.push_back(one.key);
    const std::vector<std::string> near = nearest_words(measure, known, 1);
    throw InputError(table_.path() + ": '" + measure + "' is not a measure; it has " + table_.words() +
                     (near.empty() ? ": name columns as test_accuracy, train_loss, cos_b_j[2]"
                                   : "; did you mean " + near.front() + "?"));
  }

  std::vector<ImportedRun> wide_form() const {
    ImportedRun run{table_.name(), "", 0, {}};
    for (std::size_t column = 0; column < table_.names().size(); ++column) {
      const std::string& name = table_.names()[column];
      if (name == "step" || name == "epoch" || name == "seconds" || name == "wall_time") continue;
      std::vector<Point>& points = run.curves[curve_of(name)];
      std::set<std::int64_t> steps;
      for (std::size_t line = 0; line < table_.lines(); ++line)
        // Curves of several cadences in one table leave fields empty.
        if (!table_.field(line, column).empty()) add(points, steps, line, column, name);
    }
    if (run.curves.empty())
      throw InputError(table_.path() + " has no column of a measure, as test_accuracy; it has " +
                       table_.words());
    return {run};
  }

  /// As TensorBoard downloads a curve, whose measure is in the file's name: run-NAME-tag-test_accuracy.csv.
  ImportedRun of_one_measure() const {
    std::string name = table_.name();
    if (const std::size_t tag = name.rfind("-tag-"); tag != std::string::npos) name.erase(0, tag + 5);
    const std::string measure = plain_name(name);
    if (!find_measure(measure))
      throw InputError(table_.path() +
                       " has a column 'value' and none that names its measure: name the file after "
                       "it, as test_accuracy.csv, or the column");
    ImportedRun run{table_.name(), "", 0, {}};
    std::set<std::int64_t> steps;
    for (std::size_t line = 0; line < table_.lines(); ++line)
      add(run.curves[{measure, 0}], steps, line, table_.place("value"), measure);
    return run;
  }

  std::vector<ImportedRun> long_form() const {
    std::map<std::string, ImportedRun> runs;
    std::map<std::pair<std::string, std::pair<std::string, int>>, std::set<std::int64_t>> steps;
    for (std::size_t line = 0; line < table_.lines(); ++line) {
      const std::string label = table_.field(line, "run");
      ImportedRun& run = runs[label];
      run.name = table_.has_column("name") ? table_.field(line, "name") : table_.name();
      run.rule = table_.field(line, "rule");
      if (table_.has_column("seed")) run.seed = table_.whole(line, "seed");
      const std::string measure = plain_name(table_.field(line, "measure"));
      check_measure(measure);
      const std::pair<std::string, int> curve{measure, static_cast<int>(whole_point(table_, line))};
      add(run.curves[curve], steps[{label, curve}], line, table_.place("value"), measure);
    }
    std::vector<ImportedRun> all;
    for (auto& [label, run] : runs) all.push_back(std::move(run));
    return all;
  }

  const CurveTable& table_;
};

/// Shares lie within 0 … 1. Percentages are brought there, with a note; anything else is none.
void bring_to_shares(std::vector<ImportedRun>& runs, const std::string& path,
                     std::vector<std::string>& notes) {
  struct Range {
    double low = 0, high = 0;
  };
  std::map<std::string, Range> ranges;
  const auto each = [&](auto work) {
    for (ImportedRun& run : runs)
      for (auto& [curve, points] : run.curves) {
        const MeasureDescriptor* measure = find_measure(curve.first);
        if (!measure || measure->quantity != Quantity::share) continue;
        for (Point& point : points)
          if (point.value) work(curve.first, *point.value);
      }
  };
  each([&](const std::string& measure, double value) {
    Range& range = ranges[measure];
    range = {std::min(range.low, value), std::max(range.high, value)};
  });
  for (const auto& [measure, range] : ranges) {
    if (range.low >= 0 && range.high <= 1) continue;
    if (range.low < 0 || range.high > 100)
      throw InputError(path + ": " + measure + " goes from " + to_text(Value(range.low)) + " to " +
                       to_text(Value(range.high)) +
                       "; it is a share from 0 to 1, or in percent from 0 to 100");
    notes.push_back(path + ": " + measure + " goes up to " + to_text(Value(range.high)) +
                    " and is taken for percent: its values were divided by 100");
  }
  each([&](const std::string& measure, double& value) {
    if (ranges[measure].high > 1) value /= 100;
  });
}

std::int64_t insert_run(SQLite::Database& database, const ImportedRun& run, const std::string& uuid,
                        const std::string& origin) {
  Point last;
  for (const auto& [curve, points] : run.curves)
    for (const Point& point : points)
      last = {std::max(last.step, point.step),
              std::max(last.epoch, point.epoch),
              std::max(last.seconds, point.seconds),
              {}};
  const std::string now = utc_now();
  const auto place =
      static_cast<std::size_t>(database.execAndGet("SELECT coalesce(max(id), 0) FROM runs").getInt64());
  Statement insert(
      database,
      "INSERT INTO runs (uuid, name, status, started, ended, seed, rule, model, data, experiment, colour, "
      "steps, epochs, seconds, origin) VALUES (?, ?, 'finished', ?, ?, ?, ?, '', '', '{}', ?, ?, ?, ?, ?)");
  SQLite::bind(insert, uuid, run.name, now, now, run.seed, run.rule,
               static_cast<std::int64_t>(racer_colour(place)), last.step, last.epoch, last.seconds, origin);
  insert.exec();
  return database.getLastInsertRowid();
}

void insert_curves(GuardedDatabase& database, std::int64_t run, const Curves& curves) {
  Statement series(database, "INSERT INTO series (run, measure, point) VALUES (?, ?, ?)");
  Statement sample(
      database,
      "INSERT OR REPLACE INTO samples (series, step, epoch, seconds, value) VALUES (?, ?, ?, ?, ?)");
  for (const auto& [curve, points] : curves) {
    series.reset();
    SQLite::bind(series, run, curve.first, curve.second);
    series.exec();
    const std::int64_t id = database.getLastInsertRowid();
    std::size_t count = 0;
    for (const Point& point : points) {
      if (count++ % lines_a_look == 0) database.renew_budget();  // our own numbers, however many
      sample.reset();
      sample.bind(1, id);
      sample.bind(2, point.step);
      sample.bind(3, point.epoch);
      sample.bind(4, point.seconds);
      if (point.value)
        sample.bind(5, *point.value);
      else
        sample.bind(5);
      sample.exec();
    }
  }
}

bool is_known(SQLite::Database& database, const std::string& uuid) {
  Statement query(database, "SELECT 1 FROM runs WHERE uuid = ?");
  query.bind(1, uuid);
  return query.executeStep();
}

ImportedCurves imported(const std::string& database, const std::string& file) {
  const std::string content = content_of(file);
  const CurveTable table(file, content);
  std::vector<ImportedRun> runs = Reader(table).runs();
  ImportedCurves result;
  bring_to_shares(runs, file, result.notes);
  const std::string origin = "CSV: " + std::filesystem::path(file).filename().string();
  NewDatabase made(database);
  GuardedDatabase into = open_for_writing(database);
  try {
    SQLite::Transaction transaction(into, SQLite::TransactionBehavior::IMMEDIATE);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const std::string uuid = uuid_of_content(std::to_string(i) + "\n" + content);
      if (is_known(into, uuid)) {
        ++result.known;
        continue;
      }
      into.renew_budget();
      const std::int64_t id = insert_run(into, runs[i], uuid, origin);
      insert_curves(into, id, runs[i].curves);
      into.renew_budget();
      store_run_values(into, id);
      result.taken.push_back(id);
    }
    transaction.commit();
    made.keep();
  } catch (const SQLite::Exception& error) {
    refuse_writing(database, error);
  }
  return result;
}

}  // namespace

ImportedCurves import_curves(const std::string& database, const std::string& file) {
  return within_memory("", file, [&] { return imported(database, file); });
}

}  // namespace grapevine
