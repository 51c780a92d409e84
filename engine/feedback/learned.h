// Feedback matrices that learn by a gradient of their own (dkp, fdfa): all B_l in one flat tensor next to
// their gradients, moved by an optimizer. Worker thread only.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/feedback/learned_settings.h"
#include "engine/optim/optimizer.h"

namespace grapevine {

class LearnedFeedback {
 public:
  /// `settings.lr` is given at every step, as it may change.
  explicit LearnedFeedback(const LearnedSettings& settings);

  /// Moves the matrices into one flat tensor (each becomes a view of it).
  void adopt(std::vector<at::Tensor>& matrices);
  /// grad B_l of this step, to be filled: C×n_l at [l−1], without decay.
  std::vector<at::Tensor>& gradients() { return gradients_; }
  /// `frozen`: points (from 1) whose matrices and moments stay as they are.
  void step(double lr, const std::set<int>& frozen = {});
  /// The moments of a matrix (from 0) that was changed by something else start over.
  void forget(std::size_t l);

  /// Tensors as large as the matrices next to them: the gradients and the optimizer's moments.
  int companions() const { return settings_.sgd ? 2 : 3; }
  /// Gradients as "feedback_gradient/<l>", the optimizer's moments and its number of updates.
  std::vector<std::pair<std::string, at::Tensor>> state();

 private:
  /// The part of a tensor laid out as the matrices are that belongs to matrix l.
  at::Tensor part(const at::Tensor& flat, std::size_t l) const;

  LearnedSettings settings_;
  std::unique_ptr<Optimizer> optimizer_;
  at::Tensor values_, flat_gradients_;
  at::Tensor updates_;  ///< one number on the host: the optimizer's count, where checkpoints find it
  std::vector<at::Tensor> gradients_;
};

}  // namespace grapevine
