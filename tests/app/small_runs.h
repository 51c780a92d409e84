// A finished run of 20 steps in a database, without any training.
#pragma once

#include "tests/runs/support.h"

namespace grapevine {

struct SmallRun {
  const char* rule;
  std::int64_t seed = 0;
  double accuracy = 0.5;  ///< at step 10; a hundredth less at step 20
  const char* name = "";
  const char* measure = "test_accuracy";
};

/// Its number in the database; `count` makes its uuid.
inline std::int64_t store_small_run(const std::string& database, int count, const SmallRun& run) {
  char uuid[64];
  std::snprintf(uuid, sizeof uuid, "%08x-0000-4000-8000-000000000001", count);
  StoredRace race = single(uuid, run.rule);
  race.racers.front().set("seed", run.seed);
  race.racers.front().set_text("name", run.name);
  RunWriter writer(database, race);
  Observations news;
  news.samples = {sample(0, run.measure, 0, 10, run.accuracy),
                  sample(0, run.measure, 0, 20, run.accuracy - 0.01), sample(0, "cos_b_j", 1, 20, 0.5),
                  sample(0, "cos_b_j", 2, 20, 0.25)};
  news.step = 20;
  post(writer, news);
  writer.finish(RunStatus::finished, "");
  return writer.ids().front();
}

}  // namespace grapevine
