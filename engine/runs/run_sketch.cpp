// Curves of the size of a word: what runs are judged by, in few points.
#include <cmath>
#include <numeric>

#include "engine/experiment/registry.h"
#include "engine/runs/run_queries.h"
#include "engine/runs/run_reader_impl.h"

namespace grapevine {
namespace {

constexpr std::size_t most_points = 48;

std::vector<float> thinned(const std::vector<float>& values) {
  if (values.size() <= most_points) return values;
  std::vector<float> few;
  for (std::size_t i = 0; i < most_points; ++i)
    few.push_back(values[i * (values.size() - 1) / (most_points - 1)]);
  return few;
}

/// A batch's numbers jump: each point is the mean of its part of the steps.
std::vector<float> averaged(const std::vector<float>& values) {
  if (values.size() <= most_points) return values;
  std::vector<float> few;
  for (std::size_t i = 0; i < most_points; ++i) {
    const auto from = values.begin() + static_cast<std::ptrdiff_t>(i * values.size() / most_points),
               to = values.begin() + static_cast<std::ptrdiff_t>((i + 1) * values.size() / most_points);
    few.push_back(static_cast<float>(std::accumulate(from, to, 0.0) / static_cast<double>(to - from)));
  }
  return few;
}

/// The numbers of a run's whole curve of a measure; empty where it has none.
std::vector<float> numbers_of(SQLite::Statement& curves, SQLite::Statement& points, std::int64_t run,
                              const MeasureDescriptor& measure) {
  std::vector<float> numbers;
  curves.tryReset();
  curves.bind(1, run);
  curves.bind(2, measure.key);
  if (!curves.executeStep() || curves.getColumn(1).getInt() != 0) return numbers;
  points.tryReset();
  points.bind(1, curves.getColumn(0).getInt64());
  while (points.executeStep())
    if (const double value = points.getColumn(1).getDouble();
        !points.getColumn(1).isNull() && std::isfinite(value))
      numbers.push_back(static_cast<float>(value));
  return numbers;
}

}  // namespace

CurveSketch RunReader::Impl::sketch(SQLite::Statement& curves, SQLite::Statement& points, std::int64_t id) {
  CurveSketch judged;
  for (const Phase phase : {Phase::validation, Phase::test})
    for (const MeasureDescriptor* score : scores(phase))
      if (std::vector<float> numbers = numbers_of(curves, points, id, *score); !numbers.empty()) {
        if (numbers.size() > 1) return {score, thinned(numbers)};
        judged = {score, numbers};
      }
  // In its first epoch a run has no line yet but its batches'.
  for (const MeasureDescriptor* score : scores(Phase::batch))
    if (std::vector<float> numbers = numbers_of(curves, points, id, *score); numbers.size() > 1)
      return {score, averaged(numbers)};
  return judged;
}

std::vector<CurveSketch> RunReader::sketches(const std::vector<std::int64_t>& ids) {
  return impl_->asking([&] {
    const SQLite::Transaction snapshot(impl_->database);
    SQLite::Statement curves(impl_->database, queries::curves_of_measure);
    SQLite::Statement points(impl_->database, queries::points_of_curve);
    std::vector<CurveSketch> all(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i)
      impl_->as_far_as_possible("the curve of run " + std::to_string(ids[i]) + " can't be read",
                                [&] { all[i] = impl_->sketch(curves, points, ids[i]); });
    return all;
  });
}

}  // namespace grapevine
