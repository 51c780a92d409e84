#include "engine/nn/recorder.h"

#ifdef GRAPEVINE_CUDA_GRAPHS
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include <exception>
#include <optional>
#endif

namespace grapevine {

#ifdef GRAPEVINE_CUDA_GRAPHS
namespace {

using Graph = at::cuda::CUDAGraph;
using Pool = decltype(at::cuda::graph_pool_handle());

// A recording that broke leaves the allocator waiting for its end. Releases that can't be told so (their
// allocator has no such member) continue without giving memory back.
template <class Allocator>
void end_allocation(Allocator* allocator, c10::Device device, Pool pool) {
  if constexpr (requires { allocator->endAllocateToPool(device.index(), pool); })
    allocator->endAllocateToPool(device.index(), pool);
}

class CudaRecorder : public Recorder {
 public:
  explicit CudaRecorder(c10::Device device) : device_(device) {}

  void record(const std::function<void()>& work) override {
    const c10::cuda::CUDAGuard on_device(device_);
    // What was ordered before on another stream must not become part of it.
    c10::cuda::getCurrentCUDAStream().synchronize();
    if (!stream_) stream_ = c10::cuda::getStreamFromPool();  // the default one can't record
    const c10::cuda::CUDAStreamGuard side(*stream_);
    // The memory of the recording before, or else every recording would take new memory from the device.
    if (!pool_) pool_ = at::cuda::graph_pool_handle();
    auto fresh = std::make_unique<Graph>();
    fresh->capture_begin(*pool_);
    try {
      work();
    } catch (...) {
      const std::exception_ptr first = std::current_exception();
      leave(*fresh);
      std::rethrow_exception(first);
    }
    end(*fresh);
    graph_ = std::move(fresh);  // the one before kept the pool until now
  }

  void replay() override {
    const c10::cuda::CUDAGuard on_device(device_);
    graph_->replay();
  }

 private:
  void end(Graph& graph) {
    try {
      graph.capture_end();
    } catch (const c10::Error&) {
      end_allocation(c10::cuda::CUDACachingAllocator::get(), device_, *pool_);
      throw;
    }
  }
  // The stream must leave its recording in any case; a broken one says once more that it is.
  void leave(Graph& graph) {
    try {
      end(graph);
    } catch (const std::exception&) {
    }
  }

  c10::Device device_;
  std::optional<c10::cuda::CUDAStream> stream_;
  std::optional<Pool> pool_;
  std::unique_ptr<Graph> graph_;
};

}  // namespace

std::unique_ptr<Recorder> make_recorder(c10::Device device) {
  return device.is_cuda() ? std::make_unique<CudaRecorder>(device) : nullptr;
}
#else
std::unique_ptr<Recorder> make_recorder(c10::Device) {
  return nullptr;
}
#endif

}  // namespace grapevine
