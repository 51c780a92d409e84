// All that a run needs to continue as if it had never stopped, as plain named arrays. The engine fills and
// reads it; runs/checkpoint_file.h writes it. A value type.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace grapevine {

/// A dense array, row-major, little-endian.
struct Array {
  std::string type;  ///< "f32", "f64", "i64", "u8"
  std::vector<std::int64_t> shape;
  std::vector<std::uint8_t> bytes;
};

/// One racer's state after `step` steps. Keys are paths ("weights/1.0.weight", "feedback/2", "optimizer/m").
struct Checkpoint {
  std::int64_t step = 0;
  double epoch = 0;
  double seconds = 0;  ///< training time so far
  bool best = false;   ///< of the run so far, by what it looks at (train.monitor); not part of the file
  std::map<std::string, Array> arrays;
  std::map<std::string, double> numbers;
};

/// In `numbers`: 1 for a racer that had failed and was left out while the others continued.
inline constexpr const char* failed_number = "fallen";

/// In `numbers`: 1 for a racer that had ended while the others continued.
inline constexpr const char* done_number = "done";

/// In `numbers`, of a run that was trained further: the step of the checkpoint of another run at which it
/// began. Its train.epochs and its schedule count from there.
inline constexpr const char* origin_number = "origin";

/// In `numbers`, of a fork's first state: 1 where the rule, or the optimizer, is another one and starts over.
inline constexpr const char* new_rule_number = "fork/new_rule";
inline constexpr const char* new_optimizer_number = "fork/new_optimizer";

inline std::int64_t origin_step(const Checkpoint& checkpoint) {
  const auto found = checkpoint.numbers.find(origin_number);
  return found == checkpoint.numbers.end() ? 0 : static_cast<std::int64_t>(found->second);
}

/// Makes of a run's last state another run's first.
inline void begin_new_run(Checkpoint& checkpoint) {
  checkpoint.numbers[origin_number] = static_cast<double>(checkpoint.step);
  checkpoint.numbers.erase(done_number);
  checkpoint.seconds = 0;
}

/// A race's checkpoints are of one step and are stored together or not at all.
struct CheckpointSet {
  std::vector<Checkpoint> racers;
};

}  // namespace grapevine
