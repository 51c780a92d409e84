// The 2025 text's Figure 2: how well forward gradients meet the true one, by depth and batch size.
#include <ATen/core/grad_mode.h>

#include <cmath>

#include "engine/experiment/groups/model_settings.h"
#include "engine/experiment/groups/run_settings.h"
#include "engine/feedback/estimate.h"
#include "engine/models/model.h"
#include "engine/nn/judgement.h"
#include "engine/probes/cosines.h"
#include "engine/theory/studies.h"
#include "engine/training/trainer.h"

namespace grapevine {
namespace {

constexpr std::int64_t width = 64, inputs = 64, classes = 10;

NetworkSpec feed_forward(int layers) {
  NetworkSpec spec{{inputs}, {}};
  std::int64_t in = inputs;
  for (int l = 1; l < layers; ++l) {
    spec.segments.push_back({linear_layer(in, width), plain_layer(LayerKind::relu)});
    in = width;
  }
  spec.segments.push_back({linear_layer(in, classes)});
  return spec;
}

struct Bed {
  Bed(int layers, std::int64_t batch, std::int64_t seed)
      : network(feed_forward(layers), at::TensorOptions().dtype(at::kDouble)),
        gradients(network.layout(), network.options()) {
    initialise(network, WeightInit::he, seed);
    x = at::empty({batch, inputs}, network.options());
    fill_gaussian(x, RandomKey::of(seed, Stream::test));
    // A linear teacher's labels: the samples' gradients have something in common, as those of real data have.
    at::Tensor teacher = at::empty({inputs, classes}, network.options());
    fill_gaussian(teacher, RandomKey::of(seed, Stream::negatives));
    y = x.mm(teacher).argmax(1);
    judge(network.forward(x, tape, Pass::probing()), y, judgement, true);
  }
  Lesson lesson() { return {network, tape, Pass::probing(), y, judgement.e, gradients}; }
  Network network;
  NetworkTape tape;
  ParameterBuffer gradients;
  at::Tensor x, y;
  Judgement judgement;
};

// The first layer's gradient when δ_1 is the mean over K of ⟨e_n, ż_n⟩ p_n, only h_1 perturbed; its cosine
// with BP's after each K asked for.
std::vector<double> cosines_of(Bed& bed, const std::vector<int>& iterations, std::int64_t seed) {
  Lesson lesson = bed.lesson();
  Signals exact;
  backpropagate(lesson, exact, true);
  const at::Tensor truth = bed.gradients.segment(bed.network.layout(), 1).clone();
  at::Tensor delta = at::zeros_like(bed.tape.outputs[0]);
  std::vector<double> cosines;
  int done = 0;
  AdjointRequest request;
  request.gradients = &bed.gradients;
  request.input_gradient = false;
  for (int wanted : iterations) {
    for (; done < wanted; ++done) {
      at::Tensor p = at::empty_like(delta);
      fill_gaussian(p, RandomKey::of(seed, Stream::perturbation).with(static_cast<std::uint64_t>(done)));
      at::Tensor t = p;
      for (int l = 2; l <= bed.network.segments(); ++l) t = bed.network.tangent(l, t, bed.tape);
      delta.add_(p * (bed.judgement.e * t).sum(1, true));
    }
    bed.network.adjoint(1, delta / static_cast<double>(done), bed.tape, request);
    cosines.push_back(cosine(bed.gradients.segment(bed.network.layout(), 1), truth));
  }
  return cosines;
}

}  // namespace

TheoryTable forward_gradient_study(const Experiment& experiment, int draws, const TheoryProgress& progress) {
  const at::NoGradGuard no_grad;
  const std::vector<int> iterations{1, 10, 100};
  TheoryTable table;
  table.study = "forward_gradients";
  table.title = "Cosine of the first layer's forward gradient with the true one";
  table.columns = {"layers", "batch"};
  for (int k : iterations) {
    table.columns.push_back("cosine_k" + std::to_string(k));
    table.columns.push_back("deviation_k" + std::to_string(k));
  }
  const std::vector<int> depths{2, 8, 32};
  const std::vector<std::int64_t> batches{1, 4, 16, 64, 256, 512};
  const int repeats = std::max(2, std::min(draws, 20));
  int done = 0;
  for (int depth : depths)
    for (std::int64_t batch : batches) {
      std::vector<double> sum(iterations.size()), squares(iterations.size());
      for (int repeat = 0; repeat < repeats; ++repeat) {
        const std::int64_t seed = RunSettings::of(experiment).seed * 1000 + repeat;
        Bed bed(depth, batch, seed);
        const std::vector<double> cosines = cosines_of(bed, iterations, seed);
        for (std::size_t i = 0; i < cosines.size(); ++i) {
          sum[i] += cosines[i];
          squares[i] += cosines[i] * cosines[i];
        }
        tell_share(progress, done, static_cast<int>(depths.size() * batches.size()), repeat + 1, repeats);
      }
      std::vector<double> row{static_cast<double>(depth), static_cast<double>(batch)};
      for (std::size_t i = 0; i < iterations.size(); ++i) {
        const double mean = sum[i] / repeats;
        row.push_back(mean);
        row.push_back(std::sqrt(std::max(0.0, squares[i] / repeats - mean * mean) * repeats / (repeats - 1)));
      }
      table.rows.push_back(row);
      table.row_names.emplace_back();
      ++done;
    }
  table.notes = {
      "ReLU networks of width 64 at initialization (he), Gaussian inputs, labels of a random linear teacher; "
      "Gaussian perturbations "
      "of the first layer's "
      "output, independent for each sample",
      "k is the number of tangent passes averaged; mean and standard deviation over " +
          std::to_string(repeats) + " networks and batches"};
  return table;
}

}  // namespace grapevine
