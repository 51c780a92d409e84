// The door between the programs and the part that computes. libgrapevine_engine.so is opened at run time, so
// that commands which only read runs start without LibTorch. Plain C++ on both sides.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/door/theory_table.h"
#include "engine/session/stepper.h"
#include "engine/weights/parameter_file.h"

namespace grapevine {

/// What an experiment costs, for the form's estimate; arithmetic only, nothing is allocated.
struct CostEstimate {
  std::int64_t parameters = 0;
  std::int64_t feedback_bytes = 0;        ///< of the feedback matrices
  std::int64_t feedback_state_bytes = 0;  ///< of them and of the state that trains them
  std::int64_t activation_bytes = 0;      ///< of one batch; racers of one architecture share them
  std::int64_t feedback_limit_bytes = 0;  ///< beyond which a start is refused; 0 = none is known
  std::string feedback_refusal;  ///< why this experiment would be refused for that; "" where it would not
  double step_flops = 0;
  double probe_flops = 0;
  std::int64_t probe_every = 0;  ///< as auto resolves it
  std::vector<std::string> segments;
};

struct VerifyLine {
  std::string file;  ///< as given
  std::string name;  ///< of the vector
  std::string rule;
  double largest_error = 0;
  std::string quantity;  ///< the one with the largest error
  double tolerance = 0;
  bool passed = false;
  std::string trouble;  ///< not empty: the file could not be read or run; what and where
};

struct BenchLine {
  std::string rule;
  double median_ms = 0, p10_ms = 0, p90_ms = 0;
  std::vector<std::pair<std::string, double>>
      parts_ms;  ///< forward, tangent, align, signal, adjoint, optimizer, probe
  double flops = 0, gflops_per_s = 0, gemm_gflops_per_s = 0, peak_memory_mb = 0;
};

struct BenchReport {
  std::string device;
  int threads = 1;
  std::vector<BenchLine> rules;
  std::vector<std::string> notes;  ///< for people
};

struct CheckLine {
  std::string name;
  bool passed = false;
  std::string detail;
};

struct EngineApi {
  int version = 5;
  std::unique_ptr<Stepper> (*make_stepper)(const std::vector<Experiment>& racers) = nullptr;
  CostEstimate (*estimate)(const Experiment& experiment) = nullptr;
  /// One vector file's text, run in float64 on `device`.
  VerifyLine (*verify)(const std::string& file, const std::string& text, const std::string& device) = nullptr;
  BenchReport (*bench)(const std::vector<Experiment>& racers, int steps,
                       const std::function<void(int done, int of)>& progress) = nullptr;
  /// The identities of the layers and rules, checked now on `device`.
  std::vector<CheckLine> (*self_test)(const std::string& device) = nullptr;
  /// A study of the papers' theory (theory_studies.h). Throws InputError.
  TheoryTable (*theory)(const std::string& study, const std::vector<Experiment>& racers, int draws,
                        const std::function<void(int done, int of)>& progress) = nullptr;
  /// A stored state's parameters under PyTorch's names, B matrices and what describes the network. Throws
  /// InputError where the state is of another experiment.
  ParameterFile (*parameters)(const Experiment& experiment, const Checkpoint& state) = nullptr;
  /// The same as the content of a file for torch.load.
  std::string (*pickle)(const ParameterFile& parameters) = nullptr;
  /// LibTorch's version, BLAS, devices: for doctor.
  std::vector<std::pair<std::string, std::string>> (*about)() = nullptr;
};

/// Opens the engine (once; later calls return the same). Throws RunError with the loader's message. Any
/// thread may call.
const EngineApi& load_engine();
/// `then` is called in the thread that opens the engine, before anybody computes with it; at once where it is
/// open. Any thread.
void when_engine_opened(void (*then)());

/// Steppers of the engine, which is opened when the first one is made.
StepperFactory engine_steppers();

/// First thing in main(): makes the engine's threads sleep when they wait for each other. By default they
/// wait in a busy loop, and on a machine with other work they keep a core busy while the other one waits for
/// a core: a tenth of the speed. OMP_WAIT_POLICY and GOMP_SPINCOUNT of the environment stay as they are.
/// Begins the program again (`words` is main's argv) when the OpenMP library has read the environment
/// already.
void prepare_engine_environment(char** words);

/// The name of the one symbol the library exports: `const EngineApi* grapevine_engine_api()`.
inline constexpr const char* engine_symbol = "grapevine_engine_api";

}  // namespace grapevine
