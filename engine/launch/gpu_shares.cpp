#include "engine/launch/gpu_shares.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>

namespace grapevine {
namespace {

constexpr std::string_view any_gpu = "cuda", numbered = "cuda:", any_device = "auto";

/// The number behind "cuda:"; -1 where there is none that is a GPU's.
int gpu_named_in(std::string_view device, int gpus) {
  if (!device.starts_with(numbered)) return -1;
  device.remove_prefix(numbered.size());
  int number = -1;
  const auto read = std::from_chars(device.data(), device.data() + device.size(), number);
  const bool whole = read.ec == std::errc() && read.ptr == device.data() + device.size();
  return whole && number < gpus ? number : -1;
}

bool takes_any(std::string_view device) {
  return device == any_device || device == any_gpu;
}

}  // namespace

GpuShare share_for(const std::string& device, const std::vector<int>& busy) {
  if (!takes_any(device)) return {gpu_named_in(device, static_cast<int>(busy.size())), false};
  if (busy.empty()) return {};
  return {static_cast<int>(std::min_element(busy.begin(), busy.end()) - busy.begin()), true};
}

int runs_at_once(const std::vector<std::string>& devices, int gpus, int cores, int threads) {
  std::set<int> named;
  for (const std::string& device : devices) {
    if (gpus > 0 && takes_any(device)) return gpus;
    if (const int gpu = gpu_named_in(device, gpus); gpu >= 0) named.insert(gpu);
  }
  if (!named.empty()) return static_cast<int>(named.size());
  return std::max(1, cores / std::max(1, threads));
}

}  // namespace grapevine
