// grapevine-bench-library [RUNS [CURVES [SAMPLES [FILE]]]]: what a large library costs. Makes a database of
// so many runs with so many curves of so many samples (in FILE, which stays and is taken as it is the next
// time), then times what window and terminal ask of it: opening, a filter, groups of 30 seeds, a run's
// figures, and how many samples per second are written. Each line is the median of five, from a warm cache;
// processor time is next to it, for a machine that others use too.
#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/experiment/experiment.h"
#include "engine/experiment/registry.h"
#include "engine/runs/aggregate.h"
#include "engine/runs/comparison.h"
#include "engine/runs/run_reader.h"
#include "engine/runs/run_writer.h"

namespace {

using namespace grapevine;

constexpr const char* rules_in_turn[] = {"bp", "dfa", "grape", "residual", "fa"};
constexpr int seeds_a_group = 30;

std::string uuid_of(int run) {
  char text[40];
  std::snprintf(text, sizeof text, "00000000-0000-4000-8000-%012d", run);
  return text;
}

/// The tables as the program makes them: one empty run is written and taken away again.
void make_tables(const std::string& file) {
  StoredRace race;
  race.racers = {Experiment("bp")};
  race.uuids = {uuid_of(99999999)};
  {
    RunWriter writer(file, race);
    writer.finish(RunStatus::finished, "");
  }
  SQLite::Database database(file, SQLite::OPEN_READWRITE);
  database.exec("DELETE FROM runs");
}

/// Groups of 30 seeds of one rule and one learning rate; accuracies that differ a little.
void fill(const std::string& file, int runs, int curves, int samples) {
  SQLite::Database database(file, SQLite::OPEN_READWRITE);
  database.exec("PRAGMA synchronous = OFF");
  SQLite::Transaction all(database);
  SQLite::Statement run(database,
                        "INSERT INTO runs (id, uuid, name, status, started, ended, seed, rule, model, data, "
                        "experiment, steps, epochs) VALUES (?, ?, '', 'finished', '2026-01-01T00:00:00Z', "
                        "'2026-01-01T00:01:00Z', ?, ?, 'mlp', 'shapes', ?, 1000, 10)");
  SQLite::Statement series(database, "INSERT INTO series (id, run, measure, point) VALUES (?, ?, ?, ?)");
  SQLite::Statement sample(
      database, "INSERT INTO samples (series, step, epoch, seconds, value) VALUES (?, ?, ?, ?, ?)");
  SQLite::Statement value(
      database,
      "INSERT INTO run_values (run, measure, point, last, best, best_step, mean, n) VALUES (?, ?, ?, ?, "
      "?, 10, ?, ?)");
  std::int64_t next = 1;
  for (int i = 0; i < runs; ++i) {
    const int group = i / seeds_a_group;
    Experiment experiment(rules_in_turn[group % 5]);
    experiment.set("seed", std::int64_t{i % seeds_a_group});
    experiment.set_text("optimizer.lr", std::to_string(1e-4 * (1 + group / 5)));
    run.tryReset();
    run.bind(1, i + 1);
    run.bind(2, uuid_of(i));
    run.bind(3, i % seeds_a_group);
    run.bind(4, experiment.rule());
    run.bind(5, experiment.to_json().dump());
    run.exec();
    for (int c = 0; c < curves; ++c) {
      const char* measure = c == 0 ? "test_accuracy" : c == 1 ? "test_loss" : c == 2 ? "loss" : "cos_b_j";
      const int point = c < 3 ? 0 : c - 2;
      const double end = 0.7 + 0.002 * (i % seeds_a_group) + 0.0001 * (group % 100);
      series.tryReset();
      series.bind(1, next);
      series.bind(2, i + 1);
      series.bind(3, measure);
      series.bind(4, point);
      series.exec();
      for (int s = 0; s < samples; ++s) {
        sample.tryReset();
        sample.bind(1, next);
        sample.bind(2, 10 * (s + 1));
        sample.bind(3, 0.1 * (s + 1));
        sample.bind(4, 0.01 * (s + 1));
        sample.bind(5, end * (s + 1) / samples);
        sample.exec();
      }
      value.tryReset();
      value.bind(1, i + 1);
      value.bind(2, measure);
      value.bind(3, point);
      value.bind(4, end);
      value.bind(5, end);
      value.bind(6, end / 2);
      value.bind(7, samples);
      value.exec();
      ++next;
    }
  }
  all.commit();
}

struct Took {
  double wall_ms = 0, processor_ms = 0;
};

double milliseconds_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

Took took(const std::function<void()>& work) {
  const double wall = milliseconds_of(CLOCK_MONOTONIC), processor = milliseconds_of(CLOCK_PROCESS_CPUTIME_ID);
  work();
  return {milliseconds_of(CLOCK_MONOTONIC) - wall, milliseconds_of(CLOCK_PROCESS_CPUTIME_ID) - processor};
}

Took median(const std::function<void()>& work) {
  std::vector<double> wall, processor;
  for (int i = 0; i < 5; ++i) {
    const Took once = took(work);
    wall.push_back(once.wall_ms);
    processor.push_back(once.processor_ms);
  }
  std::sort(wall.begin(), wall.end());
  std::sort(processor.begin(), processor.end());
  return {wall[2], processor[2]};
}

void tell(const char* what, Took took, double goal) {
  std::printf("%-52s %8.1f ms   processor %8.1f ms   goal %5.0f\n", what, took.wall_ms, took.processor_ms,
              goal);
}

void measure(const std::string& file) {
  RunReader reader(file);
  tell("library: the first 500 rows", median([&] {
         std::vector<std::int64_t> ids = reader.ids();
         RunSelection first;
         const std::size_t piece = std::min<std::size_t>(500, ids.size());
         first.only.assign(ids.end() - static_cast<std::ptrdiff_t>(piece), ids.end());
         reader.rows(first);
       }),
       500);
  tell("library: all rows", median([&] { reader.list(); }), 500);
  const auto filtered = [&](const char* text) {
    RunSelection selection;
    selection.filter = RunFilter::parse(text);
    return reader.rows(selection).size();
  };
  tell("filter: rule=grape and best_test_accuracy>0.75",
       median([&] { filtered("rule=grape and best_test_accuracy>0.75"); }), 200);
  tell("filter: optimizer.lr<0.001", median([&] { filtered("optimizer.lr<0.001"); }), 200);
  RunSelection seeds;
  for (int i = 1; i <= seeds_a_group; ++i) seeds.only.push_back(i);
  tell("group of 30 seeds: its numbers", median([&] {
         ComparisonRequest request;
         request.ids = seeds.only;
         compare_runs(reader, request);
       }),
       500);
  tell("group of 30 seeds: mean and band of all its curves", median([&] {
         std::vector<RunView> runs;
         for (const std::int64_t id : seeds.only)
           runs.push_back(std::make_shared<const RunData>(reader.load(id)));
         mean_run(runs, Band::deviation);
       }),
       500);
  tell("a run's figures", median([&] { reader.load(7); }), 300);
  tell("sparklines of 100 rows", median([&] {
         std::vector<std::int64_t> ids;
         for (int i = 1; i <= 100; ++i) ids.push_back(i);
         reader.sketches(ids);
       }),
       100);
}

constexpr int written_steps = 25000, written_curves = 20;

/// The same rows by SQLite alone, in one transaction: what the writer is held against.
Took write_plainly(const std::string& file) {
  make_tables(file);
  return took([&] {
    SQLite::Database database(file, SQLite::OPEN_READWRITE);
    SQLite::Transaction all(database);
    database.exec(
        "INSERT INTO runs (id, uuid, name, status, started, seed, rule, model, data, experiment) VALUES "
        "(1, 'plain', '', 'finished', '', 0, 'grape', 'mlp', 'shapes', '{}')");
    for (int curve = 1; curve <= written_curves; ++curve)
      database.exec("INSERT INTO series (id, run, measure, point) VALUES (" + std::to_string(curve) +
                    ", 1, 'cos_b_j', " + std::to_string(curve) + ")");
    SQLite::Statement sample(
        database, "INSERT INTO samples (series, step, epoch, seconds, value) VALUES (?, ?, ?, ?, ?)");
    for (int step = 1; step <= written_steps; ++step)
      for (int curve = 1; curve <= written_curves; ++curve) {
        sample.tryReset();
        sample.bind(1, curve);
        sample.bind(2, step);
        sample.bind(3, 0.01 * step);
        sample.bind(4, 0.001 * step);
        sample.bind(5, 1.0 / step);
        sample.exec();
      }
    all.commit();
  });
}

/// As training hands samples over, 20 curves at once, until all of them are durable.
void measure_writing(const std::string& file, const std::string& plain_file) {
  const Took plain = write_plainly(plain_file);
  StoredRace race;
  race.racers = {Experiment("grape")};
  race.uuids = {uuid_of(88888888)};
  const auto measure = static_cast<std::uint16_t>(measure_index("cos_b_j"));
  double handing = 0;
  const Took whole = took([&] {
    RunWriter writer(file, race);
    for (int step = 1; step <= written_steps; ++step) {
      std::vector<Sample> samples;
      for (int point = 1; point <= written_curves; ++point)
        samples.push_back({.measure = measure,
                           .point = static_cast<std::uint16_t>(point),
                           .step = step,
                           .epoch = 0.01 * step,
                           .seconds = 0.001 * step,
                           .value = 1.0 / step});
      handing += took([&] {
                   writer.outlet().box->post([&](Observations& box) {
                     box.samples.insert(box.samples.end(), samples.begin(), samples.end());
                   });
                 }).wall_ms;
    }
    writer.finish(RunStatus::finished, "");
  });
  const double samples = double{written_steps} * written_curves;
  std::printf(
      "samples written: %.0f a second (processor: %.0f a second), %.2f of what SQLite alone writes, handing "
      "one "
      "step's over took %.1f us   goal 100000 and 0.50\n",
      1e3 * samples / whole.wall_ms, 1e3 * samples / whole.processor_ms, plain.wall_ms / whole.wall_ms,
      1e3 * handing / written_steps);
}

int number_at(int argc, char** argv, int index, int fallback) {
  return argc > index ? std::max(1, std::atoi(argv[index])) : fallback;
}

}  // namespace

int main(int argc, char** argv) {
  const int runs = number_at(argc, argv, 1, 10000), curves = number_at(argc, argv, 2, 20),
            samples = number_at(argc, argv, 3, 100);
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("grapevine-bench-library-" + std::to_string(::getpid()));
  int status = 0;
  try {
    std::filesystem::create_directories(folder);
    const std::string file = argc > 4 ? argv[4] : (folder / "library.db").string();
    if (!std::filesystem::exists(file)) {
      make_tables(file);
      fill(file, runs, curves, samples);
    }
    std::printf("%d runs, %d curves each, %d samples each: %.0f MB\n", runs, curves, samples,
                static_cast<double>(std::filesystem::file_size(file)) / 1e6);
    measure(file);
    measure_writing((folder / "written.db").string(), (folder / "plain.db").string());
  } catch (const Error& error) {
    std::fprintf(stderr, "grapevine-bench-library: %s\n", error.what());
    status = error.exit_status();
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  return status;
}
