// Devices and threads. Any thread may call; choose_threads() acts on the calling one.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <functional>
#include <string>

namespace grapevine {

/// cpu, cuda:0 … as `device` asks; auto takes the first GPU where there is one. Throws InputError.
at::Device choose_device(const std::string& asked);
/// Sets the calling thread's number of threads for LibTorch and the BLAS; 0 = all cores. Returns what was
/// set.
int choose_threads(std::int64_t asked);
/// Bytes of memory that the device has (a CPU: the machine's, or what its control group allows); 0 = unknown.
double device_memory(at::Device device);
/// Waits until the device has done its work; empty for a CPU.
std::function<void()> device_synchroniser(at::Device device);
/// "LibTorch 1.13.1".
std::string library_version();

}  // namespace grapevine
