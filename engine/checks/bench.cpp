#include "engine/checks/bench.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/groups/training_settings.h"
#include "engine/experiment/registry.h"
#include "engine/models/model.h"
#include "engine/nn/device.h"
#include "engine/training/costs.h"
#include "engine/training/feedback_memory.h"
#include "engine/training/race.h"
#include "engine/training/trainer.h"

namespace grapevine {
namespace {

constexpr int warm_up = 5;

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double place = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, values.size() - 1);
  return values[low] + (place - static_cast<double>(low)) * (values[high] - values[low]);
}

struct Timed {
  std::unique_ptr<Trainer> trainer;
  PartClock clock;
  std::vector<double> steps_ms;
  std::vector<std::vector<double>> parts_ms;
  std::int64_t step = 0;
};

// The rate of a large float32 product on this device, now: the best of enough tries that others' work on the
// machine and threads that wake up don't count.
double gemm_rate(const at::TensorOptions& options, const std::function<void()>& synchronise) {
  const std::int64_t side = 1024;
  const at::Tensor a = at::ones({side, side}, options), b = at::ones({side, side}, options);
  at::Tensor c = at::empty({side, side}, options);
  at::mm_out(c, a, b);
  double best = 0;
  for (int i = 0; i < 20; ++i) {
    if (synchronise) synchronise();
    const auto begin = std::chrono::steady_clock::now();
    at::mm_out(c, a, b);
    if (synchronise) synchronise();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    best = std::max(best, 2.0 * static_cast<double>(side * side * side) / seconds / 1e9);
  }
  return best;
}

double peak_memory_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// Random data of the data set's shape: images, or texts of random words.
Batch made_batch(const Experiment& experiment, const DataShape& shape, const at::TensorOptions& options) {
  const std::int64_t n = TrainSettings::of(experiment).batch;
  std::vector<std::int64_t> x_shape{n};
  x_shape.insert(x_shape.end(), shape.sample.begin(), shape.sample.end());
  at::Tensor x = at::empty(x_shape, options);
  const RandomKey key = RandomKey::of(RunSettings::of(experiment).seed, Stream::test);
  const at::TensorOptions numbers = options.dtype(at::kLong);
  const DataDescriptor* data = find_data(DataSettings::of(experiment).name);
  if (!data || !data->text) {
    fill_gaussian(x, key);
    return {x, at::arange(n, numbers).remainder(shape.classes)};
  }
  fill_uniform(x, key, 0, static_cast<double>(shape.classes));
  const at::Tensor words = x.floor().to(at::kLong).clamp_max_(shape.classes - 1);
  return {words, words.flatten().flip(0)};
}

void time_step(Timed& timed, const Batch& batch, BenchReport& result) {
  Report report;
  timed.clock.reset();
  const auto begin = std::chrono::steady_clock::now();
  timed.trainer->step(batch, ++timed.step, 1 << 20, report);
  if (timed.clock.synchronise) timed.clock.synchronise();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  for (const Event& event : report.events)
    result.notes.push_back(timed.trainer->experiment().rule() + ": " + event.cause);
  if (timed.step <= warm_up) return;
  timed.steps_ms.push_back(seconds * 1e3);
  std::vector<double> parts;
  for (double part : timed.clock.seconds) parts.push_back(part * 1e3);
  timed.parts_ms.push_back(std::move(parts));
}

}  // namespace

BenchReport bench(const std::vector<Experiment>& racers, int steps,
                  const std::function<void(int done, int of)>& progress) {
  const Experiment& first = racers.front();
  BenchReport result;
  const RunSettings run = RunSettings::of(first);
  result.threads = choose_threads(run.threads);
  const at::Device device = choose_device(run.device);
  result.device = device.str();
  const at::TensorOptions options = at::TensorOptions().dtype(at::kFloat).device(device);
  const std::function<void()> synchronise = device_synchroniser(device);
  const DataShape shape = data_shape(first);
  check_feedback_memory(racers, shape, device.str(), device_memory(device));
  const Batch batch = made_batch(first, shape, options);

  std::vector<Timed> timed(racers.size());
  for (std::size_t i = 0; i < racers.size(); ++i) {
    timed[i].trainer =
        std::make_unique<Trainer>(static_cast<int>(i), racers[i], build_model(racers[i], shape), options);
    timed[i].clock.synchronise = synchronise;
    timed[i].trainer->set_clock(&timed[i].clock);
  }
  const int rounds = warm_up + steps;
  for (int round = 0; round < rounds; ++round) {
    for (auto& each : timed) time_step(each, batch, result);
    if (progress) progress(round + 1, rounds);
  }
  std::vector<double> probe_ms(racers.size(), 0);
  for (std::size_t i = 0; i < timed.size(); ++i)
    if (timed[i].trainer->probe_every() > 0) probe_ms[i] = timed[i].trainer->time_probe(batch) * 1e3;

  const double gemm = gemm_rate(options, synchronise);
  for (std::size_t i = 0; i < timed.size(); ++i) {
    Trainer& trainer = *timed[i].trainer;
    BenchLine line;
    line.rule = racers[i].rule();
    line.median_ms = quantile(timed[i].steps_ms, 0.5);
    line.p10_ms = quantile(timed[i].steps_ms, 0.1);
    line.p90_ms = quantile(timed[i].steps_ms, 0.9);
    for (std::size_t p = 0; p < part_names.size(); ++p) {
      std::vector<double> part;
      for (const auto& parts : timed[i].parts_ms) part.push_back(parts[p]);
      line.parts_ms.emplace_back(part_names[p], quantile(part, 0.5));
    }
    // One probe's time, spread over the steps between two.
    if (trainer.probe_every() > 0)
      line.parts_ms.back().second = probe_ms[i] / static_cast<double>(trainer.probe_every());
    line.flops = 2 * step_multiply_adds(trainer.experiment(), trainer.rule(), trainer.network().cost());
    line.gflops_per_s = line.flops / line.median_ms / 1e6;
    line.gemm_gflops_per_s = gemm;
    line.peak_memory_mb = peak_memory_mb();
    result.rules.push_back(std::move(line));
  }
  return result;
}

}  // namespace grapevine
