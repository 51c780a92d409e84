// What the store's tests share: a folder of their own, news as a session would post it, questions in plain
// SQL.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <QTemporaryDir>
#include <cmath>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/experiment/registry.h"
#include "engine/runs/run_data.h"
#include "engine/runs/run_reader.h"
#include "engine/runs/run_writer.h"
#include "tests/support/refusal.h"

namespace grapevine {

/// A folder that goes when the test ends, and the path of a database in it (not made).
struct Folder {
  QTemporaryDir folder;
  std::string database(const char* name = "grapevine.db") const { return path(name); }
  std::string path(const char* name) const { return folder.filePath(name).toStdString(); }
};

inline Experiment experiment_of(const char* rule, std::int64_t seed = 7) {
  Experiment experiment(rule);
  experiment.set("seed", seed);
  return experiment;
}

inline StoredRace single(const char* uuid = "11111111-0000-4000-8000-000000000001",
                         const char* rule = "dfa") {
  StoredRace race;
  race.racers = {experiment_of(rule)};
  race.uuids = {uuid};
  return race;
}

inline StoredRace race_of_two() {
  StoredRace race;
  race.racers = {experiment_of("bp"), experiment_of("dfa")};
  race.uuids = {"aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"};
  race.group_uuid = "cccccccc-0000-4000-8000-000000000003";
  race.group_kind = "race";
  return race;
}

/// The same rows again, from the checkpoint of `step`.
inline StoredRace resumed(StoredRace race, std::vector<std::int64_t> ids, std::int64_t step = -1) {
  race.resumed_ids = std::move(ids);
  race.resumed_step = step;
  return race;
}

inline Sample sample(int racer, const char* measure, int point, std::int64_t step, double value) {
  Sample made;
  made.racer = static_cast<std::uint16_t>(racer);
  made.measure = static_cast<std::uint16_t>(measure_index(measure));
  made.point = static_cast<std::uint16_t>(point);
  made.step = step;
  made.epoch = static_cast<double>(step) / 100;
  made.seconds = static_cast<double>(step) / 1000;
  made.value = value;
  return made;
}

inline Event event_of(int racer, std::int64_t step, const char* kind, const char* cause = "",
                      const char* data = "{}") {
  return {static_cast<std::uint16_t>(racer), step,  static_cast<double>(step) / 100,
          OpenWord<EventKind>::read(kind),   cause, data};
}

inline Checkpoint checkpoint_at(std::int64_t step, float first_weight = 0.5f) {
  Checkpoint made;
  made.step = step;
  made.epoch = static_cast<double>(step) / 100;
  made.seconds = static_cast<double>(step) / 1000;
  Array weights{"f32", {2, 3}, std::vector<std::uint8_t>(24)};
  std::copy_n(reinterpret_cast<const std::uint8_t*>(&first_weight), 4, weights.bytes.begin());
  made.arrays["weights/1"] = weights;
  made.numbers["optimizer/steps"] = static_cast<double>(step);
  return made;
}

inline void post(RunWriter& writer, const Observations& news) {
  writer.outlet().box->post([&](Observations& box) {
    const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    append(box.samples, news.samples);
    append(box.events, news.events);
    append(box.commands, news.commands);
    append(box.checkpoints, news.checkpoints);
    append(box.states, news.states);
    if (news.step >= 0) box.step = news.step, box.epoch = news.epoch;
    if (!news.failure.empty()) box.failure = news.failure;
  });
}

inline void post_checkpoint(RunWriter& writer, std::int64_t step, std::size_t racers = 1) {
  Observations news;
  news.checkpoints.emplace_back().racers.assign(racers, checkpoint_at(step));
  post(writer, news);
}

/// The first column of the first row, as text.
inline std::string ask(const std::string& database, const std::string& sql) {
  SQLite::Database file(database, SQLite::OPEN_READWRITE, 5000);
  SQLite::Statement query(file, sql);
  return query.executeStep() ? query.getColumn(0).getString() : "";
}

inline void tell(const std::string& database, const std::string& sql) {
  SQLite::Database file(database, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 5000);
  file.exec(sql);
}

inline bool same(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

}  // namespace grapevine
