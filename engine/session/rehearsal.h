// A training step phase by phase, as plain data: what a rule does in which order, with the numbers of one
// layer, sample and unit and the arithmetic behind them. Any thread may call.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace grapevine {

/// What a phase lights up on the stage.
enum class StagePart { forward, tangent, feedback, layer };

/// Which step of which racer, and what of it, is worked out.
struct RehearsalRequest {
  int racer = 0;
  int point = 1;            ///< feedback point from 1: the layer whose numbers are written out
  std::int64_t sample = 0;  ///< of the batch, from 0
  std::int64_t unit = 0;    ///< feature of the layer, from 0
  bool whole = false;       ///< every number of every layer, where the network is small enough
  bool operator==(const RehearsalRequest&) const = default;
};

/// A number, and how it comes about.
struct WorkedNumber {
  std::string name;        ///< "h₂[3]"
  std::string arithmetic;  ///< "0.5·0.25 + 0.1·(−1) + 0.2"; "" where it is given
  double value = 0;
};

struct RehearsedPhase {
  StagePart part = StagePart::forward;
  std::string title;    ///< "Forward"
  std::string formula;  ///< "h₂ = relu(W₂ h₁ + b₂)"
  std::string shapes;   ///< of this layer: "W₂ 3×3, h₁ 3, b₂ 3"
  std::string words;    ///< one sentence: what happens, and why
  std::vector<WorkedNumber> numbers;
};

struct Rehearsal {
  RehearsalRequest request;  ///< as it was met: within what there is
  std::string trouble;       ///< why there is nothing else; "" where there is
  std::int64_t step = 0;     ///< the step that is rehearsed: the next one
  int points = 0;
  std::int64_t samples = 0, units = 0;
  bool can_be_whole = false;  ///< small enough for every number on one page
  std::vector<RehearsedPhase> phases;
};

}  // namespace grapevine
