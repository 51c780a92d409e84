// Runs in a database, for the tests of the library.
#pragma once

#include <QString>
#include <string>

#include "tests/runs/support.h"

namespace grapevine {

inline std::string uuid_of(int number) {
  return QStringLiteral("11111111-0000-4000-8000-%1").arg(number, 12, 10, QLatin1Char('0')).toStdString();
}

/// A run with one accuracy per epoch, the last one given, and a learning rate of its own.
inline std::int64_t store_run(const std::string& database, int number, const char* rule, double accuracy,
                              double rate = 0.001) {
  const std::string uuid = uuid_of(number);
  StoredRace race = single(uuid.c_str(), rule);
  race.racers.front().set("optimizer.lr", rate);
  RunWriter writer(database, race);
  Observations news;
  for (int epoch = 1; epoch <= 3; ++epoch)
    news.samples.push_back(sample(0, "test_accuracy", 0, 100 * epoch, accuracy * epoch / 3));
  news.step = 300;
  news.epoch = 3;
  post(writer, news);
  writer.finish(RunStatus::finished, "");
  return writer.ids().front();
}

}  // namespace grapevine
