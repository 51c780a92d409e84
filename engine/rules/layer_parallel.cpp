#include "engine/rules/layer_parallel.h"

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <numeric>

#include "engine/experiment/layer_kind.h"
#include "engine/nn/device_streams.h"

namespace grapevine {
namespace {

// Above so uneven a sharing out, threads that wait cost more than products cut in pieces.
constexpr double most_uneven = 1.2;
// Multiply-adds of a segment above which its products keep all threads busy by themselves.
constexpr double large_segment = 3e8;

bool has_convolution(const std::vector<LayerSpec>& layers) {
  return std::any_of(layers.begin(), layers.end(), [](const LayerSpec& layer) {
    return layer.kind == LayerKind::conv2d || has_convolution(layer.body) || has_convolution(layer.shortcut);
  });
}

// oneDNN's convolutions were planned for all threads, and wait for each other inside: begun on one thread of
// several they would wait for ever.
bool may_run_side_by_side(const Network& network) {
  const auto& segments = network.spec().segments;
  return std::none_of(segments.begin(), segments.end(), has_convolution);
}

}  // namespace

std::vector<std::vector<int>> balanced_segments(const NetworkCost& cost, int threads) {
  std::vector<std::vector<int>> groups(static_cast<std::size_t>(threads));
  std::vector<double> load(groups.size(), 0);
  std::vector<int> order(cost.forward.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return cost.forward[static_cast<std::size_t>(a)] > cost.forward[static_cast<std::size_t>(b)];
  });
  for (int segment : order) {
    const auto least = static_cast<std::size_t>(std::min_element(load.begin(), load.end()) - load.begin());
    groups[least].push_back(segment + 1);
    load[least] += cost.forward[static_cast<std::size_t>(segment)];
  }
  return groups;
}

double imbalance(const NetworkCost& cost, const std::vector<std::vector<int>>& groups) {
  double largest = 0, total = 0;
  for (const auto& group : groups) {
    double load = 0;
    for (int l : group) load += cost.forward[static_cast<std::size_t>(l - 1)];
    largest = std::max(largest, load);
    total += load;
  }
  return total > 0 ? largest * static_cast<double>(groups.size()) / total : 1;
}

void for_each_segment(const Network& network, std::int64_t rows, const std::function<void(int)>& work) {
  const NetworkCost& cost = network.cost();
  const at::Device device = network.options().device();
  if (!device.is_cpu()) {
    const auto groups = balanced_segments(cost, std::min(network.segments(), most_streams));
    return on_streams(device, static_cast<int>(groups.size()), [&](int stream) {
      for (int l : groups[static_cast<std::size_t>(stream)]) work(l);
    });
  }
  const int threads = at::get_num_threads();
  const auto one_by_one = [&] {
    for (int l = 1; l <= network.segments(); ++l) work(l);
  };
  const double largest =
      static_cast<double>(rows) * *std::max_element(cost.forward.begin(), cost.forward.end());
  if (threads < 2 || largest > large_segment || !may_run_side_by_side(network)) return one_by_one();
  const std::vector<std::vector<int>> groups = balanced_segments(cost, threads);
  if (imbalance(cost, groups) > most_uneven) return one_by_one();
  at::parallel_for(0, threads, 1, [&](std::int64_t begin, std::int64_t end) {
    const at::NoGradGuard no_grad;  // a thread's own
    for (std::int64_t i = begin; i < end; ++i)
      for (int l : groups[static_cast<std::size_t>(i)]) work(l);
  });
}

}  // namespace grapevine
