#include "engine/calibration/refit.h"

#include "engine/error.h"

namespace grapevine {

void check_refit(std::int64_t rows, std::int64_t classes) {
  if (rows >= classes) return;
  throw InputError(
      "calibration.what: a refit of the feedback needs at least as many samples as the error has " +
      std::to_string(classes) + " columns, and its batch has " + std::to_string(rows) +
      "; raise calibration.batch_size or data.train_limit, or set calibration.what to weights");
}

// C×C, once a calibration: in double, where errors of a well-trained network are tiny.
void refit_feedback(at::Tensor& b, const at::Tensor& errors, const at::Tensor& signals, double ridge) {
  const at::Tensor e = errors.to(at::kDouble);
  at::Tensor gram = e.t().mm(e);
  const double lambda = gram.trace().item<double>() * ridge / static_cast<double>(gram.size(0));
  if (!(lambda > 0)) return;  // errors that are all zero say nothing
  gram.diagonal().add_(lambda);
  const at::Tensor right = e.t().mm(signals.to(at::kDouble) - e.mm(b.to(at::kDouble)));
  b.add_(at::cholesky_solve(right, at::linalg_cholesky(gram)).to(b.scalar_type()));
}

}  // namespace grapevine
