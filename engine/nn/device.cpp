#include "engine/nn/device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <dlfcn.h>

#include <algorithm>

#include "engine/error.h"
#include "engine/files/machine.h"

#if __has_include(<torch/csrc/api/include/torch/version.h>)
#include <torch/csrc/api/include/torch/version.h>
#elif __has_include(<torch/version.h>)
#include <torch/version.h>
#endif

namespace grapevine {

namespace {

// The same seed gives the same numbers, and float means float: LibTorch's own defaults let cuDNN choose its
// algorithms by their speed of the day, and round a convolution's inputs to ten bits.
at::Device gpu(int number) {
  at::globalContext().setDeterministicCuDNN(true);
  at::globalContext().setBenchmarkCuDNN(false);
  at::globalContext().setAllowTF32CuDNN(false);
  at::globalContext().setAllowTF32CuBLAS(false);
  return {at::kCUDA, static_cast<at::DeviceIndex>(number)};
}

}  // namespace

at::Device choose_device(const std::string& asked) {
  const bool has_cuda = at::hasCUDA();
  if (asked == "cpu") return at::kCPU;
  if (asked == "auto") return has_cuda ? gpu(0) : at::Device(at::kCPU);
  if (asked.rfind("cuda", 0) != 0)
    throw InputError("device=" + asked + ": expected auto, cpu, cuda or cuda:<number>");
  if (!has_cuda)
    throw InputError("device=" + asked + ": this LibTorch sees no CUDA GPU; use device=cpu or device=auto");
  const std::size_t colon = asked.find(':');
  if (colon == std::string::npos) return gpu(0);
  int number = 0;
  try {
    number = std::stoi(asked.substr(colon + 1));
  } catch (const std::exception&) {
    throw InputError("device=" + asked + ": expected a GPU's number after cuda:, as in cuda:0");
  }
  const int count = c10::impl::VirtualGuardImpl(at::kCUDA).deviceCount();
  if (number < 0 || number >= count)
    throw InputError("device=" + asked + ": there " +
                     (count == 1 ? "is 1 GPU" : "are " + std::to_string(count) + " GPUs") +
                     ", numbered from 0");
  return gpu(number);
}

int choose_threads(std::int64_t asked) {
  const int threads = asked > 0 ? static_cast<int>(asked) : default_threads();
  at::set_num_threads(threads);
  return threads;
}

namespace {

// The driver's own library: there wherever a GPU computes, whatever LibTorch was built with.
double gpu_memory(int number) {
  void* driver = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
  if (!driver) return 0;
  const auto initialise = reinterpret_cast<int (*)(unsigned)>(dlsym(driver, "cuInit"));
  const auto device_of = reinterpret_cast<int (*)(int*, int)>(dlsym(driver, "cuDeviceGet"));
  const auto total = reinterpret_cast<int (*)(std::size_t*, int)>(dlsym(driver, "cuDeviceTotalMem_v2"));
  int device = 0;
  std::size_t bytes = 0;
  const bool told = initialise && device_of && total && initialise(0) == 0 &&
                    device_of(&device, number) == 0 && total(&bytes, device) == 0;
  return told ? static_cast<double>(bytes) : 0;
}

}  // namespace

double device_memory(at::Device device) {
  if (!device.is_cpu()) return device.is_cuda() ? gpu_memory(std::max<int>(0, device.index())) : 0;
  return static_cast<double>(usable_memory());
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
