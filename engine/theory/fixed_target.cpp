// The 2025 text's Figure 4: a small matrix that follows a fixed target under each update.
#include <ATen/core/grad_mode.h>

#include <cmath>

#include "engine/experiment/groups/run_settings.h"
#include "engine/feedback/cosine_step.h"
#include "engine/probes/cosines.h"
#include "engine/random/random.h"
#include "engine/theory/studies.h"

namespace grapevine {
namespace {

constexpr int sweeps = 1000, shown_every = 50;
constexpr double rate = 0.01;

// Eq. 6 of the 2025 text, then the matrix's old norm; with `noise`, Gaussian of so small a share of the norm
// is added first.
void by_equation_6(at::Tensor& b, const at::Tensor& target, double noise, RandomKey key) {
  const at::Tensor norm = at::linalg_vector_norm(b);
  b = b * (1 - rate * (1 - cosine(b, target)));
  if (noise > 0) {
    at::Tensor step = at::empty_like(b);
    fill_gaussian(step, key);
    b = b + step * (norm * noise / std::sqrt(static_cast<double>(b.numel())));
  }
  b = b * (norm / at::linalg_vector_norm(b));
}

}  // namespace

TheoryTable fixed_target_study(const Experiment& experiment, int draws, const TheoryProgress& progress) {
  const at::NoGradGuard no_grad;
  TheoryTable table;
  table.study = "fixed_target";
  table.title = "Cosine of an updated 4x4 matrix with a fixed target";
  table.columns = {"step", "equation_6", "equation_6_with_noise", "grape_cosine_step", "running_mean"};
  std::vector<std::vector<double>> sums(sweeps / shown_every + 1, std::vector<double>(4));
  const at::TensorOptions f64 = at::TensorOptions().dtype(at::kDouble);
  CosineStep cosine_step_settings;
  cosine_step_settings.rate = rate;
  for (int draw = 0; draw < draws; ++draw) {
    const RandomKey key =
        RandomKey::of(RunSettings::of(experiment).seed, Stream::test).with(static_cast<std::uint64_t>(draw));
    at::Tensor target = at::empty({4, 4}, f64), start = at::empty({4, 4}, f64);
    fill_gaussian(target, key.with(0));
    fill_gaussian(start, key.with(1));
    at::Tensor plain = start.clone(), noisy = start.clone(), turned = start.clone(), mean = start.clone();
    turned.div_(at::linalg_vector_norm(turned, 2, at::IntArrayRef{0}, true));
    at::Tensor momentum = at::zeros_like(turned), scale = at::zeros({1, 4}, f64);
    for (int step = 0; step <= sweeps; ++step) {
      if (step % shown_every == 0) {
        auto& sum = sums[static_cast<std::size_t>(step / shown_every)];
        sum[0] += cosine(plain, target);
        sum[1] += cosine(noisy, target);
        sum[2] += column_cosine(turned, target);
        sum[3] += cosine(mean, target);
      }
      by_equation_6(plain, target, 0, key);
      by_equation_6(noisy, target, 0.01, key.with(static_cast<std::uint64_t>(2 + step)));
      cosine_step(turned, momentum, scale, target, cosine_step_settings);
      mean = mean + (target - mean) * rate;
    }
    if (progress) progress(draw + 1, draws);
  }
  for (std::size_t i = 0; i < sums.size(); ++i) {
    std::vector<double> row{static_cast<double>(i * shown_every)};
    for (double sum : sums[i]) row.push_back(sum / draws);
    table.rows.push_back(row);
    table.row_names.emplace_back();
  }
  table.notes = {
      "every rule with rate 0.01; GrAPE's step with momentum 0.9 and unit columns is judged by the mean of "
      "its columns' cosines, "
      "which is what it descends",
      "noise: Gaussian of 1 % of the matrix's norm at each step, as the figure's caption has it (\"of small "
      "magnitude\"); it is not "
      "part of eq. 6",
      "mean over " + std::to_string(draws) + " starts and targets, all N(0,1)"};
  return table;
}

}  // namespace grapevine
