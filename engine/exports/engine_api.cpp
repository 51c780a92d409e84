// The engine's one exported symbol: the table of functions of engine_api.h.
#include "engine/door/engine_api.h"

#include <ATen/Config.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <dlfcn.h>

#include "engine/checks/bench.h"
#include "engine/checks/self_test.h"
#include "engine/checks/verify.h"
#include "engine/error.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/groups/segment_rate_settings.h"
#include "engine/exports/pickle.h"
#include "engine/models/model.h"
#include "engine/nn/device.h"
#include "engine/nn/plain_errors.h"
#include "engine/probes/probe.h"
#include "engine/theory/studies.h"
#include "engine/training/costs.h"
#include "engine/training/feedback_memory.h"
#include "engine/training/parameters.h"
#include "engine/training/race.h"
#include "engine/training/segment_rates.h"

namespace grapevine {
namespace {

std::unique_ptr<Stepper> make_race(const std::vector<Experiment>& racers) {
  return std::make_unique<Race>(racers);
}

void fill_feedback(const Experiment& experiment, const DataShape& shape, CostEstimate& result) {
  const FeedbackBytes bytes = feedback_bytes(experiment, shape);
  result.feedback_bytes = static_cast<std::int64_t>(bytes.matrices);
  result.feedback_state_bytes = static_cast<std::int64_t>(bytes.with_all);
  try {
    const RunSettings run = RunSettings::of(experiment);
    const at::Device device = choose_device(run.device);
    const double memory = device_memory(device);
    result.feedback_limit_bytes = static_cast<std::int64_t>(memory * run.feedback_memory);
    check_feedback_memory({experiment}, shape, device.str(), memory);
  } catch (const InputError& error) {
    result.feedback_refusal = error.what();
  }
}

CostEstimate estimate(const Experiment& experiment) {
  const DataShape shape = data_shape(experiment);
  const NetworkSpec spec = build_model(experiment, shape);
  check_segment_rates(spec, SegmentRateSettings::of(experiment).lr_scale);
  const NetworkCost cost = measure_cost(spec);
  const std::unique_ptr<Rule> rule = make_rule(experiment);
  CostEstimate result;
  result.parameters = count_parameters(spec);
  result.activation_bytes = static_cast<std::int64_t>(activation_bytes({experiment}, shape));
  result.step_flops = 2 * step_multiply_adds(experiment, *rule, cost);
  result.probe_every = probe_cadence(experiment, *rule, cost);
  result.probe_flops = 2 * probe_multiply_adds(experiment, *rule, cost);
  fill_feedback(experiment, shape, result);
  for (const auto& segment : spec.segments) result.segments.push_back(describe(segment));
  return result;
}

VerifyLine verify_text(const std::string& file, const std::string& text, const std::string& device) {
  return verify(file, text, device);
}

BenchReport time_racers(const std::vector<Experiment>& racers, int steps,
                        const std::function<void(int done, int of)>& progress) {
  return in_plain_words([&] { return bench(racers, steps, progress); });
}

ParameterFile parameters(const Experiment& experiment, const Checkpoint& state) {
  return in_plain_words([&] { return parameters_of(experiment, state); });
}

std::string pickled(const ParameterFile& file) {
  return to_pickle(file);
}

/// As a run without --threads has them: LibTorch itself starts with one in some builds.
std::string threads_text() {
  const int threads = choose_threads(0);
#if AT_PARALLEL_OPENMP
  const char* backend = "OpenMP";
#else
  const char* backend = "LibTorch's own pool";
#endif
  return std::to_string(threads) + " by default, all cores (" + backend +
         "); --threads N binds LibTorch to N";
}

/// OpenBLAS says itself how it was built; another BLAS says nothing.
std::string blas_text() {
  using Parallel = int (*)();
  const auto parallel = reinterpret_cast<Parallel>(dlsym(RTLD_DEFAULT, "openblas_get_parallel"));
  if (!parallel) return "";
  switch (parallel()) {
    case 0:
      return "OpenBLAS, one thread only";
    case 1:
      return "OpenBLAS with its own threads, which --threads does not bind: install its OpenMP build";
    default:
      return "OpenBLAS (OpenMP), bound by --threads too";
  }
}

std::vector<std::pair<std::string, std::string>> about() {
  std::vector<std::pair<std::string, std::string>> facts{{"library", library_version()}};
  facts.emplace_back("gpu", at::hasCUDA() ? "CUDA is there" : "none seen by this LibTorch");
  facts.emplace_back("gpus", std::to_string(at::detail::getCUDAHooks().getNumGPUs()));
  facts.emplace_back("threads", threads_text());
  if (const std::string text = blas_text(); !text.empty()) facts.emplace_back("matrix products", text);
  return facts;
}

constexpr EngineApi api{EngineApi{}.version, make_race,  estimate,   verify_text, time_racers,
                        self_test,           run_theory, parameters, pickled,     about};

}  // namespace
}  // namespace grapevine

extern "C" __attribute__((visibility("default"))) const grapevine::EngineApi* grapevine_engine_api() {
  return &grapevine::api;
}
