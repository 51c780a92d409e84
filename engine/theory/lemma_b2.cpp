// Lemma B.2: what two cosines say about the third, against random matrices.
#include <ATen/core/grad_mode.h>

#include <cmath>

#include "engine/experiment/groups/run_settings.h"
#include "engine/probes/cosines.h"
#include "engine/random/random.h"
#include "engine/theory/studies.h"

namespace grapevine {
namespace {

// A matrix with cosine `c` to the unit matrix `u`: c u + √(1−c²) w, w random, orthogonal to u, of norm 1.
at::Tensor at_cosine(const at::Tensor& u, double c, RandomKey key) {
  at::Tensor w = at::empty_like(u);
  fill_gaussian(w, key);
  w = w - u * (u * w).sum();
  w = w / at::linalg_vector_norm(w);
  return u * c + w * std::sqrt(std::max(0.0, 1 - c * c));
}

}  // namespace

TheoryTable lemma_b2_study(const Experiment& experiment, int draws, const TheoryProgress& progress) {
  const at::NoGradGuard no_grad;
  TheoryTable table;
  table.study = "lemma_b2";
  table.title = "Lemma B.2: cos(B, J) given cos(B, J^) = a and cos(J^, J) = b";
  table.columns = {"a", "b", "bound", "least", "mean", "product", "violations"};
  const std::vector<double> cosines{0.1, 0.3, 0.5, 0.7, 0.9, 0.99};
  const RandomKey key = RandomKey::of(RunSettings::of(experiment).seed, Stream::test);
  // Few entries: there random matrices come near the bound.
  const at::TensorOptions f64 = at::TensorOptions().dtype(at::kDouble);
  int done = 0;
  for (double a : cosines)
    for (double b : cosines) {
      double least = 1, sum = 0, violations = 0;
      const double bound = lemma_b2_bound(a, b);
      for (int draw = 0; draw < draws; ++draw) {
        const RandomKey own =
            key.with(static_cast<std::uint64_t>(done)).with(static_cast<std::uint64_t>(draw));
        at::Tensor j_hat = at::empty({1, 3}, f64);
        fill_gaussian(j_hat, own.with(0));
        j_hat = j_hat / at::linalg_vector_norm(j_hat);
        const double c = cosine(at_cosine(j_hat, a, own.with(1)), at_cosine(j_hat, b, own.with(2)));
        least = std::min(least, c);
        sum += c;
        if (c < bound - 1e-12) ++violations;
        tell_share(progress, done, static_cast<int>(cosines.size() * cosines.size()), draw + 1, draws);
      }
      table.rows.push_back({a, b, bound, least, sum / draws, a * b, violations});
      table.row_names.emplace_back();
      ++done;
    }
  table.notes = {
      "random 1x3 matrices; the mean is a*b, since what is random about B and J is independent",
      "the bound is a*b - sqrt((1 - a^2)(1 - b^2)): above 0, so that it promises something, only where "
      "a^2 + b^2 > 1",
      std::to_string(draws) + " draws per row; a violation would disprove the lemma"};
  return table;
}

}  // namespace grapevine
