// How fast estimates of the Jacobian concentrate, against the papers' bound (eq. 4).
#include <ATen/core/grad_mode.h>

#include <cmath>

#include "engine/experiment/entry_keys.h"
#include "engine/experiment/groups/data_settings.h"
#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/experiment/registry.h"
#include "engine/models/model.h"
#include "engine/nn/judgement.h"
#include "engine/probes/cosines.h"
#include "engine/random/random.h"
#include "engine/theory/studies.h"
#include "engine/training/trainer.h"

namespace grapevine {
namespace {

constexpr int directions[] = {1, 4, 16, 64};

struct Moments {
  double sum = 0, squares = 0;
  int count = 0;
  void add(double value) {
    sum += value;
    squares += value * value;
    ++count;
  }
  double mean() const { return sum / count; }
  double error() const {
    const double variance = std::max(0.0, squares / count - mean() * mean());
    return count > 1 ? std::sqrt(variance / (count - 1)) : 0;
  }
};

// Ĵ of one sample and K directions is J PᵀP/K with P K×n Gaussian: J is known, so no further pass is needed.
double cosine_of_estimate(const at::Tensor& jacobian, int k, RandomKey key) {
  at::Tensor p = at::empty({k, jacobian.size(1)}, jacobian.options());
  fill_gaussian(p, key);
  return cosine(jacobian.mm(p.t()).mm(p), jacobian);
}

}  // namespace

TheoryTable concentration_study(const Experiment& experiment, int draws, const TheoryProgress& progress) {
  const at::NoGradGuard no_grad;
  const std::int64_t seed = RunSettings::of(experiment).seed;
  DataShape shape_of_data = data_shape(experiment);
  const DataDescriptor* data = find_data(DataSettings::of(experiment).name);
  const bool text = data && data->text;
  if (text) shape_of_data.sample = {1};  // one token: a text of several has a Jacobian for each of them
  const NetworkSpec spec = build_model(experiment, shape_of_data);
  const at::TensorOptions f64 = at::TensorOptions().dtype(at::kDouble);
  Network network(spec, f64);
  initialise(network, ModelSettings::of(experiment).init, seed);
  std::vector<std::int64_t> shape{1};
  shape.insert(shape.end(), spec.input.begin(), spec.input.end());
  at::Tensor x = at::empty(shape, f64);
  fill_gaussian(x, RandomKey::of(seed, Stream::test));
  if (text) x = at::zeros(shape, f64.dtype(at::kLong));
  const at::Tensor y = at::zeros({1}, at::TensorOptions().dtype(at::kLong));
  NetworkTape tape;
  Judgement judgement;
  // One sample has no batch statistics: norms run on their initial running ones.
  const Pass pass = Pass::testing();
  judge(network, network.forward(x, tape, pass), y, judgement, true);
  const ParameterBuffer none;
  Lesson lesson{network, tape, pass, y, judgement.e, none};
  const std::vector<at::Tensor> jacobians = mean_jacobians(lesson);

  TheoryTable table;
  table.study = "concentration";
  table.title =
      "Cosine of the forward-mode estimate with the Jacobian: one sample, Gaussian, per-layer trace";
  table.columns = {"point", "features", "spectral_share", measure_keys::eq4_bound};
  for (int k : directions) {
    const std::string suffix = "_k" + std::to_string(k);
    for (const char* what : {"mean_cosine", "standard_error", "second_moment"})
      table.columns.push_back(what + suffix);
  }
  const RandomKey key = RandomKey::of(seed, Stream::perturbation);
  const int total = static_cast<int>(jacobians.size());
  const int parts = total * static_cast<int>(std::size(directions));
  int done = 0;
  for (int l = 0; l < total; ++l) {
    const at::Tensor& j = jacobians[static_cast<std::size_t>(l)];
    const double n = static_cast<double>(j.size(1)), bound = eq4_bound(j);
    std::vector<double> row{static_cast<double>(l + 1), n, bound / std::sqrt(2 / (M_PI * n)), bound};
    for (int k : directions) {
      Moments cosines;
      for (int draw = 0; draw < draws; ++draw) {
        cosines.add(cosine_of_estimate(j, k,
                                       key.with(static_cast<std::uint64_t>(l))
                                           .with(static_cast<std::uint64_t>(k))
                                           .with(static_cast<std::uint64_t>(draw))));
        tell_share(progress, done, parts, draw + 1, draws);
      }
      ++done;
      row.insert(row.end(), {cosines.mean(), cosines.error(), std::sqrt(k / (k + n + 1))});
    }
    table.rows.push_back(row);
    table.row_names.push_back("point " + std::to_string(l + 1));
  }
  table.notes = {
      "spectral_share is the Jacobian's spectral over its Frobenius norm, the factor in eq. 4",
      "second_moment is sqrt(K/(K+n+1)): what E|J^|^2 = |J|^2 (1 + (n+1)/K) lets one expect of K directions",
      std::to_string(draws) + " draws; the network at initialization, a Gaussian input"};
  return table;
}

}  // namespace grapevine
