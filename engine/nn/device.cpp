// Devices and threads: implements the free functions of training/race.h.
#include <ATen/Parallel.h>
#include <ATen/Version.h>

#include <thread>

#include "engine/error.h"
#include "engine/training/race.h"

#if __has_include(<torch/csrc/api/include/torch/version.h>)
#include <torch/csrc/api/include/torch/version.h>
#elif __has_include(<torch/version.h>)
#include <torch/version.h>
#endif

namespace grapevine {

at::Device choose_device(const std::string& asked) {
  const bool has_cuda = at::hasCUDA();
  if (asked == "cpu") return at::kCPU;
  if (asked == "auto") return has_cuda ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU);
  if (asked.rfind("cuda", 0) != 0)
    throw InputError("device=" + asked + ": expected auto, cpu, cuda or cuda:<number>");
  if (!has_cuda)
    throw InputError("device=" + asked + ": this LibTorch sees no CUDA GPU; use device=cpu or device=auto");
  const std::size_t colon = asked.find(':');
  if (colon == std::string::npos) return at::Device(at::kCUDA, 0);
  try {
    return at::Device(at::kCUDA, static_cast<at::DeviceIndex>(std::stoi(asked.substr(colon + 1))));
  } catch (const std::exception&) {
    throw InputError("device=" + asked + ": expected a GPU's number after cuda:, as in cuda:0");
  }
}

int choose_threads(std::int64_t asked) {
  const int cores = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const int threads = asked > 0 ? static_cast<int>(asked) : cores;
  at::set_num_threads(threads);
  return threads;
}

// Reading one number back waits for everything before it on the same stream, whatever LibTorch's build.
std::function<void()> device_synchroniser(at::Device device) {
  if (device.is_cpu()) return {};
  const at::Tensor token = at::zeros({1}, at::TensorOptions().device(device));
  return [token] { token.item<float>(); };
}

std::string library_version() {
#ifdef TORCH_VERSION
  return std::string("LibTorch ") + TORCH_VERSION;
#else
  return "LibTorch";
#endif
}

}  // namespace grapevine
