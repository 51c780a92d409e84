// From columns to rows.
#include "engine/runs/curve_import.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

#include "engine/error.h"
#include "engine/experiment/content_uuid.h"
#include "engine/experiment/nearest.h"
#include "engine/experiment/registry.h"
#include "engine/runs/colours.h"
#include "engine/runs/csv.h"
#include "engine/runs/database.h"
#include "engine/runs/run_key.h"
#include "engine/runs/run_values.h"

namespace grapevine {
namespace {

using SQLite::Statement;
using Line = std::vector<std::string>;

constexpr std::uintmax_t largest = std::uintmax_t{256} << 20;

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
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Reads the lines of one file; messages name the place.
class Reader {
 public:
  Reader(std::string path, const std::string& content) : path_(std::move(path)) {
    try {
      lines_ = read_csv(content);
    } catch (const InputError& error) {
      throw InputError(path_ + ", " + error.what());
    }
    if (lines_.size() < 2)
      throw InputError(path_ + " holds no curves: a line of names and lines of numbers are needed");
    if (!has("step"))
      throw InputError(path_ + " has no column 'step': curves need the training step of each value");
  }

  std::vector<ImportedRun> runs() { return has("measure") && has("value") ? long_form() : wide_form(); }

 private:
  bool has(const std::string& name) const { return place(name) < lines_.front().size(); }
  std::size_t place(const std::string& name) const {
    const Line& names = lines_.front();
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  }
  [[noreturn]] void refuse(std::size_t line, const std::string& what) const {
    throw InputError(path_ + ", line " + std::to_string(line + 1) + ": " + what);
  }
  const std::string& field(std::size_t line, std::size_t column) const {
    if (lines_[line].size() != lines_.front().size())
      refuse(line, std::to_string(lines_[line].size()) + " fields, where the first line has " +
                       std::to_string(lines_.front().size()));
    return lines_[line][column];
  }
  /// Empty, nan and inf are values that are no numbers.
  std::optional<double> value(std::size_t line, std::size_t column) const {
    std::string text = field(line, column);
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    double number = 0;
    if (read_number(text, number)) return number;
    for (const char* none :
         {"", "nan", "-nan", "inf", "-inf", "+inf", "infinity", "-infinity", "none", "null"})
      if (text == none) return std::nullopt;
    refuse(line,
           "'" + field(line, column) + "' in the column '" + lines_.front()[column] + "' is not a number");
  }
  std::int64_t whole(std::size_t line, const std::string& name) const {
    const std::optional<double> number = value(line, place(name));
    if (!number || *number < 0 || *number > 9e15 || *number != std::floor(*number))
      refuse(line, "'" + field(line, place(name)) + "' in the column '" + name +
                       "' is not a whole number from 0 on");
    return static_cast<std::int64_t>(*number);
  }
  double number_or_zero(std::size_t line, const std::string& name) const {
    return has(name) ? value(line, place(name)).value_or(0) : 0;
  }
  Point point(std::size_t line, std::size_t column) const {
    return {whole(line, "step"), number_or_zero(line, "epoch"), number_or_zero(line, "seconds"),
            value(line, column)};
  }
  std::string name_of_file() const { return std::filesystem::path(path_).stem().string(); }

  /// A column's heading: a measure, at a feedback point maybe.
  std::pair<std::string, int> curve_of(const std::string& heading) const {
    std::string measure = heading;
    int point = 0;
    if (const std::size_t bracket = heading.find('[');
        bracket != std::string::npos && heading.ends_with(']')) {
      measure = heading.substr(0, bracket);
      point = parse_run_key(heading).point;
    }
    check_measure(measure);
    return {measure, point};
  }
  void check_measure(const std::string& measure) const {
    if (find_measure(measure)) return;
    std::vector<std::string> known;
    for (const MeasureDescriptor& one : measures()) known.push_back(one.key);
    const std::vector<std::string> near = nearest_words(measure, known, 1);
    throw InputError(path_ + ": '" + measure + "' is not a measure" +
                     (near.empty() ? ": name columns as test_accuracy, train_loss, cos_b_j[2]"
                                   : "; did you mean " + near.front() + "?"));
  }

  std::vector<ImportedRun> wide_form() const {
    ImportedRun run{name_of_file(), "", 0, {}};
    const Line& names = lines_.front();
    for (std::size_t column = 0; column < names.size(); ++column) {
      if (names[column] == "step" || names[column] == "epoch" || names[column] == "seconds") continue;
      std::vector<Point>& points = run.curves[curve_of(names[column])];
      for (std::size_t line = 1; line < lines_.size(); ++line)
        // Curves of several cadences in one table leave fields empty.
        if (!field(line, column).empty()) points.push_back(point(line, column));
    }
    return {run};
  }

  std::vector<ImportedRun> long_form() const {
    std::map<std::string, ImportedRun> runs;
    for (std::size_t line = 1; line < lines_.size(); ++line) {
      ImportedRun& run = runs[has("run") ? field(line, place("run")) : ""];
      run.name = has("name") ? field(line, place("name")) : name_of_file();
      if (has("rule")) run.rule = field(line, place("rule"));
      if (has("seed")) run.seed = whole(line, "seed");
      const std::string& measure = field(line, place("measure"));
      check_measure(measure);
      const std::int64_t at = has("point") ? whole(line, "point") : 0;
      if (at > 65535) refuse(line, "there is no feedback point " + std::to_string(at));
      run.curves[{measure, static_cast<int>(at)}].push_back(point(line, place("value")));
    }
    std::vector<ImportedRun> all;
    for (auto& [label, run] : runs) all.push_back(std::move(run));
    return all;
  }

  std::string path_;
  std::vector<Line> lines_;
};

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

void insert_curves(SQLite::Database& database, std::int64_t run, const Curves& curves) {
  Statement series(database, "INSERT INTO series (run, measure, point) VALUES (?, ?, ?)");
  Statement sample(
      database,
      "INSERT OR REPLACE INTO samples (series, step, epoch, seconds, value) VALUES (?, ?, ?, ?, ?)");
  for (const auto& [curve, points] : curves) {
    series.reset();
    SQLite::bind(series, run, curve.first, curve.second);
    series.exec();
    const std::int64_t id = database.getLastInsertRowid();
    for (const Point& point : points) {
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

}  // namespace

MergeResult import_curves(const std::string& database, const std::string& file) {
  const std::string content = content_of(file);
  const std::vector<ImportedRun> runs = Reader(file, content).runs();
  const std::string origin = "CSV: " + std::filesystem::path(file).filename().string();
  MergeResult result;
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
      store_run_values(into, id);
      result.taken.push_back(id);
    }
    transaction.commit();
  } catch (const SQLite::Exception& error) {
    throw cannot_write(database, explain(error));
  }
  return result;
}

}  // namespace grapevine
