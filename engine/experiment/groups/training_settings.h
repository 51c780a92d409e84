// The settings optimizer.*, schedule.*, train.*, checkpoint.*: how weights move, and for how long. Plain C++,
// values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace grapevine {

class Binder;
class Experiment;

enum class OptimizerKind { sgd, adam, adamw, rmsprop };

struct OptimizerSettings {
  OptimizerKind kind = OptimizerKind::adam;
  double lr = 1e-4;
  double momentum = 0.9;  ///< of sgd
  double weight_decay = 0;
  double beta1 = 0.9, beta2 = 0.999;  ///< of adam and adamw
  double alpha = 0.99;                ///< of rmsprop
  double clip = 0;                    ///< largest norm of the whole gradient, 0 = off

  static constexpr const char* group = "optimizer.";
  void bind(Binder& to);
  static OptimizerSettings of(const Experiment& experiment);
};

enum class ScheduleKind { constant, exponential, multistep, cosine, plateau, noam };

struct ScheduleSettings {
  ScheduleKind kind = ScheduleKind::constant;
  double decay = 0.95;
  std::vector<std::int64_t> milestones;  ///< epochs after the rise, of multistep
  std::string metric = "test_loss";      ///< what plateau looks at: a measure of an epoch's end
  std::int64_t patience = 1;             ///< of plateau, epochs
  std::int64_t warmup_steps = 4000;      ///< of noam
  std::int64_t warmup = 0;               ///< epochs

  static constexpr const char* group = "schedule.";
  void bind(Binder& to);
  static ScheduleSettings of(const Experiment& experiment);
};

struct TrainSettings {
  std::int64_t epochs = 10;
  std::int64_t batch = 128;
  std::int64_t max_steps = 0;    ///< 0 = no limit
  std::int64_t patience = 0;     ///< epochs; 0 = never stops early
  std::string monitor = "auto";  ///< a measure's key (monitor.h)

  static constexpr const char* group = "train.";
  void bind(Binder& to);
  static TrainSettings of(const Experiment& experiment);
};

enum class KeptCheckpoints { last, best, both };

struct CheckpointSettings {
  double every_seconds = 30;  ///< 0 = only at the end
  KeptCheckpoints keep = KeptCheckpoints::last;

  static constexpr const char* group = "checkpoint.";
  void bind(Binder& to);
  static CheckpointSettings of(const Experiment& experiment);
};

}  // namespace grapevine
