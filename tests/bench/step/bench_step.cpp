// grapevine-bench: a training step of every rule against the same network in plain LibTorch autograd with
// torch::optim::Adam, equal threads, taken in turn within one run. Prints ratios of paired times: below 1 is
// faster.
#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "engine/experiment/registry.h"
#include "engine/models/model.h"
#include "engine/nn/device.h"
#include "engine/random/random.h"
#include "engine/training/race.h"
#include "engine/training/trainer.h"

namespace {

using namespace grapevine;
using Clock = std::chrono::steady_clock;

struct Case {
  std::string title, model, data;
  std::vector<std::int64_t> hidden;
  std::int64_t batch;
  int share_of_rounds;            ///< one round of so many that are asked for
  std::vector<std::string> only;  ///< rules; empty = all that run on the model
};

double milliseconds(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

torch::nn::Sequential plain_layers(const std::vector<LayerSpec>& layers);

/// y = body(x) + shortcut(x), the identity where there is none.
struct PlainResidualImpl : torch::nn::Module {
  explicit PlainResidualImpl(const LayerSpec& layer)
      : body(register_module("body", plain_layers(layer.body))),
        shortcut(register_module("shortcut", plain_layers(layer.shortcut))) {}
  torch::Tensor forward(const torch::Tensor& x) {
    return body->forward(x) + (shortcut->is_empty() ? x : shortcut->forward(x));
  }
  torch::nn::Sequential body, shortcut;
};
TORCH_MODULE(PlainResidual);

torch::nn::Sequential plain_layers(const std::vector<LayerSpec>& layers) {
  torch::nn::Sequential network;
  for (const auto& layer : layers) {
    if (layer.kind == LayerKind::linear) network->push_back(torch::nn::Linear(layer.in, layer.out));
    if (layer.kind == LayerKind::conv2d)
      network->push_back(torch::nn::Conv2d(torch::nn::Conv2dOptions(layer.in, layer.out, layer.kernel)
                                               .stride(layer.stride)
                                               .padding(layer.padding)
                                               .bias(layer.bias)));
    if (layer.kind == LayerKind::batch_norm2d) network->push_back(torch::nn::BatchNorm2d(layer.features));
    if (layer.kind == LayerKind::relu) network->push_back(torch::nn::ReLU());
    if (layer.kind == LayerKind::max_pool2d)
      network->push_back(
          torch::nn::MaxPool2d(torch::nn::MaxPool2dOptions(layer.kernel).stride(layer.stride)));
    if (layer.kind == LayerKind::avg_pool2d)
      network->push_back(
          torch::nn::AvgPool2d(torch::nn::AvgPool2dOptions(layer.kernel).stride(layer.stride)));
    if (layer.kind == LayerKind::flatten) network->push_back(torch::nn::Flatten());
    if (layer.kind == LayerKind::subsample_pad)
      network->push_back(torch::nn::Functional([layer](const torch::Tensor& x) {
        const std::int64_t before = (layer.out - layer.in) / 2;
        return torch::constant_pad_nd(
            x.slice(2, 0, x.size(2), layer.stride).slice(3, 0, x.size(3), layer.stride),
            {0, 0, 0, 0, before, layer.out - layer.in - before});
      }));
    if (layer.kind == LayerKind::residual) network->push_back(PlainResidual(layer));
  }
  return network;
}

/// The network that a NetworkSpec describes, as torch::nn modules.
torch::nn::Sequential plain_network(const NetworkSpec& spec) {
  std::vector<LayerSpec> all;
  for (const auto& segment : spec.segments) all.insert(all.end(), segment.begin(), segment.end());
  return plain_layers(all);
}

struct Plain {
  torch::nn::Sequential network;
  torch::optim::Adam optimizer;
  explicit Plain(const NetworkSpec& spec)
      : network(plain_network(spec)), optimizer(network->parameters(), torch::optim::AdamOptions(1e-4)) {}
  void step(const Batch& batch) {
    optimizer.zero_grad();
    torch::Tensor loss = torch::nn::functional::cross_entropy(network->forward(batch.x), batch.y);
    loss.backward();
    optimizer.step();
    (void)loss.item<float>();  // Grapevine reads its loss every step, too
  }
};

Experiment experiment_for(const Case& each, const std::string& rule) {
  Experiment experiment(rule);
  experiment.set_text("model.name", each.model);
  experiment.set_text("data.name", each.data);
  if (!each.hidden.empty()) experiment.set("model.hidden", each.hidden);
  experiment.set("train.batch", each.batch);
  return experiment;
}

void run(const Case& each, int rounds) {
  const at::TensorOptions options = at::TensorOptions().dtype(at::kFloat);
  const DataShape shape = data_shape(experiment_for(each, "bp"));
  Batch batch;
  std::vector<std::int64_t> sizes{each.batch};
  sizes.insert(sizes.end(), shape.sample.begin(), shape.sample.end());
  batch.x = at::empty(sizes, options);
  fill_gaussian(batch.x, RandomKey::of(1, Stream::test));
  batch.y = at::arange(each.batch, options.dtype(at::kLong)).remainder(shape.classes);

  Plain plain(build_model(experiment_for(each, "bp"), shape));
  std::vector<std::unique_ptr<Trainer>> trainers;
  std::vector<std::string> names;
  for (const auto& rule : rules()) {
    const Experiment experiment = experiment_for(each, rule.key);
    if (!experiment.complaints().empty()) continue;  // the rule doesn't run on this model
    if (!each.only.empty() && std::find(each.only.begin(), each.only.end(), rule.key) == each.only.end())
      continue;
    trainers.push_back(std::make_unique<Trainer>(0, experiment, build_model(experiment, shape), options));
    names.push_back(rule.name);
  }
  std::vector<double> plain_ms;
  std::vector<std::vector<double>> ours_ms(trainers.size()), ratios(trainers.size());
  constexpr int warm_up = 3;
  for (int round = 0; round < warm_up + rounds; ++round) {
    auto begin = Clock::now();
    plain.step(batch);
    const double reference = milliseconds(begin);
    if (round >= warm_up) plain_ms.push_back(reference);
    for (std::size_t i = 0; i < trainers.size(); ++i) {
      Report report;
      begin = Clock::now();
      trainers[i]->step(batch, round + 1, 1 << 20, report);
      const double own = milliseconds(begin);
      if (round < warm_up) continue;
      ours_ms[i].push_back(own);
      ratios[i].push_back(own / reference);
    }
  }
  std::printf("\n%s, %d threads, %d rounds\n\n", each.title.c_str(), at::get_num_threads(), rounds);
  std::printf(
      "| step | median ms | ratio to autograd BP + torch::optim::Adam (p10–p90) |\n|---|---:|---:|\n");
  std::printf("| LibTorch autograd BP | %.1f | 1 |\n", quantile(plain_ms, 0.5));
  for (std::size_t i = 0; i < trainers.size(); ++i)
    std::printf("| Grapevine %s | %.1f | %.2f (%.2f–%.2f) |\n", names[i].c_str(), quantile(ours_ms[i], 0.5),
                quantile(ratios[i], 0.5), quantile(ratios[i], 0.1), quantile(ratios[i], 0.9));
}

}  // namespace

// ROUNDS THREADS MODELS: 40, all cores, mlp,lenet5.
int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::max(3, std::atoi(argv[1])) : 40;
  choose_threads(argc > 2 ? std::atoi(argv[2]) : 0);
  const std::string models = std::string(",") + (argc > 3 ? argv[3] : "mlp,lenet5") + ",";
  const std::vector<std::string> direct{"bp", "dfa", "grape", "residual"};
  const std::vector<Case> cases{
      {"MLP 784-1024-1024-1024-10, batch 256, Adam", "mlp", "fashion_mnist", {1024, 1024, 1024}, 256, 1, {}},
      {"LeNet-5 on 3×32×32, batch 128, Adam", "lenet5", "cifar10", {}, 128, 4, {}},
      {"ResNet-20 on 3×32×32, 100 classes, batch 128, Adam", "resnet20", "cifar100", {}, 128, 4, direct},
      {"VGG-16 on 3×32×32, 100 classes, batch 128, Adam", "vgg16", "cifar100", {}, 128, 8, direct},
  };
  bool any = false;
  for (const Case& each : cases) {
    if (models.find("," + each.model + ",") == std::string::npos) continue;
    run(each, std::max(3, rounds / each.share_of_rounds));
    any = true;
  }
  if (!any) std::fprintf(stderr, "grapevine-bench: models are mlp, lenet5, resnet20, vgg16, as a,b\n");
  return any ? 0 : 2;
}
