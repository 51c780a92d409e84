// All that a run needs to go on as if it had never stopped, as plain named arrays. The engine fills and reads
// it; runs/checkpoint_file.h writes it. A value type.
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
  std::map<std::string, Array> arrays;
  std::map<std::string, double> numbers;
};

/// In `numbers`: 1 for a racer that had failed and was left behind while the others went on.
inline constexpr const char* fallen_number = "fallen";

/// A race's checkpoints are of one step and are stored together or not at all.
struct CheckpointSet {
  std::vector<Checkpoint> racers;
};

}  // namespace grapevine
