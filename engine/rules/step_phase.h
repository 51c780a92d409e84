// What a rule does in a training step, in order, for those who show a step slowly. Plain C++.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace grapevine {

enum class PhaseKind {
  forward,         ///< segment by segment to the logits, and the error there
  tangent,         ///< perturbations of the points, carried forward to the logits
  estimate,        ///< Ĵ_l of them
  cosine_step,     ///< B_l turned towards Ĵ_l, column by column
  residual_step,   ///< B_l moved by the error of its prediction
  exact_signal,    ///< δ_l by the layers' own adjoints from above
  carried_signal,  ///< the same through other weights than the layers' own
  direct_signal,   ///< δ_l = (what carries the error) · B_l
  own_signal,      ///< of a rule that doesn't say how
  second_pass,     ///< the error added to the input, and forward again
  contrast,        ///< gradients of the difference of two passes
  gradient,        ///< each segment's own gradient from its signal
  update           ///< what the optimizer makes of it
};

struct StepPhase {
  PhaseKind kind;
  /// In the signs of learning-rules.md with l for the layer; "" = the usual one of this kind.
  std::string formula;
  std::string words;  ///< one sentence; "" = the usual one
  /// Settings that the arithmetic needs, by their signs: {"η", 0.01}.
  std::vector<std::pair<std::string, double>> constants;
};

}  // namespace grapevine
